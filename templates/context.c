/* context: names, labels and the stack. */
#include <string.h>
#include "templates/context.h"

enum { STACK_MAX = 32 };

struct context {
	const struct words *words;
	struct value_tree *common, *own;
	struct found base[2];
	guint n;
	const struct found *stack[STACK_MAX];
};

static bool ends_with(const char *text, gsize len, const char *end)
{
	gsize n = strlen(end);

	return len > n && memcmp(text + len - n, end, n) == 0;
}

static bool name_char(char c)
{
	return g_ascii_isalnum(c) || c == '_' || c == '-';
}

static void part_set(struct name_part *p, const char *text, gsize len)
{
	p->text = text;
	p->len = len;
	p->label_of = ends_with(text, len, "_label") ? len - strlen("_label") : 0;
	p->date = ends_with(text, p->label_of, "_on") || ends_with(text, p->label_of, "_date") ||
		(p->label_of == strlen("expires") && memcmp(text, "expires", p->label_of) == 0);
}

struct name *context_name_new(const char *text, gsize len)
{
	struct name *n = g_new0(struct name, 1);
	gsize i, start;

	n->text = g_strndup(text, len);
	n->here = len > 0 && *text == '.';
	if (n->here && len == 1)
		return n;
	n->parts = g_new0(struct name_part, len + 1);
	for (i = start = n->here; i <= len; i++) {
		if (i < len && name_char(n->text[i]))
			continue;
		if (i == start || (i < len && n->text[i] != '.')) {
			context_name_free(n);
			return NULL;
		}
		part_set(&n->parts[n->n++], n->text + start, i - start);
		start = i + 1;
	}
	return n;
}

void context_name_free(struct name *n)
{
	if (!n)
		return;
	g_free(n->parts);
	g_free(n->text);
	g_free(n);
}

static void found_text(struct found *out, const char *text, gsize len)
{
	out->text = text;
	out->len = len;
}

/* Whole numbers print as they are written, others as the shortest decimal that reads back as the same:
 * 1.210 is 1.21. */
static void found_number(struct found *out, const struct value *v)
{
	static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
	char written[40];
	double number;
	gsize i;

	memcpy(written, v->text, v->len);
	written[v->len] = 0;
	number = g_ascii_strtod(written, NULL);
	out->truthy = number != 0;
	found_text(out, v->text, v->len);
	if (!strpbrk(written, ".eE"))
		return;
	for (i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_ascii_formatd(out->number, sizeof out->number, formats[i], number);
		if (g_ascii_strtod(out->number, NULL) == number)
			break;
	}
	found_text(out, out->number, strlen(out->number));
}

void context_take(const struct value *v, struct found *out)
{
	out->value = v;
	out->text = NULL;
	out->len = 0;
	out->truthy = true;
	switch (v->kind) {
	case VALUE_STRING:
		found_text(out, v->text, v->len);
		out->truthy = v->len > 0;
		break;
	case VALUE_NUMBER:
		found_number(out, v);
		break;
	case VALUE_TRUE:
		found_text(out, "true", 4);
		break;
	case VALUE_FALSE:
		found_text(out, "false", 5);
		out->truthy = false;
		break;
	case VALUE_NULL:
		found_text(out, "", 0);
		out->truthy = false;
		break;
	case VALUE_LIST:
		out->truthy = v->len > 0;
		break;
	case VALUE_OBJECT:
		break;
	}
}

/* yyyy-mm-dd, or a time of our own zone; another zone's date could be a day off. */
static bool iso_date(const char *s, gsize len)
{
	static const char shape[] = "dddd-dd-dd";
	gsize i;

	if (len < 10 || (len > 10 && !(s[10] == 'T' && ends_with(s, len, "+03:00"))))
		return false;
	for (i = 0; i < 10; i++)
		if (shape[i] == 'd' ? !g_ascii_isdigit(s[i]) : s[i] != shape[i])
			return false;
	return true;
}

static bool label_set(const struct context *c, const struct name_part *p, const struct value *v, struct found *out)
{
	const char *s = v->text, *word;

	if (v->kind != VALUE_STRING)
		return false;
	if (p->date && iso_date(s, v->len)) {
		char date[] = { s[8], s[9], '.', s[5], s[6], '.', s[0], s[1], s[2], s[3], 0 };

		memcpy(out->number, date, sizeof date);
		word = out->number;
	} else {
		word = words_find(c->words, p->text, p->label_of, s);
	}
	if (!word)
		return false;
	out->value = NULL;
	out->truthy = true;
	found_text(out, word, strlen(word));
	return true;
}

static bool member(const struct context *c, const struct value *in, const struct name_part *p, struct found *out)
{
	const struct value *v = in ? value_member(in, p->text, p->len) : NULL;

	if (v) {
		context_take(v, out);
		return true;
	}
	v = in && p->label_of ? value_member(in, p->text, p->label_of) : NULL;
	return v && label_set(c, p, v, out);
}

/* A copy must point to its own digits. */
static void found_copy(struct found *to, const struct found *from)
{
	*to = *from;
	if (from->text >= from->number && from->text < from->number + sizeof from->number)
		to->text = to->number + (from->text - from->number);
}

bool context_find(const struct context *c, const struct name *name, struct found *out)
{
	guint i = c->n, part;
	bool got = false;

	if (name->n == 0) {
		found_copy(out, c->stack[c->n - 1]);
		return true;
	}
	do
		got = member(c, c->stack[--i]->value, &name->parts[0], out);
	while (!got && i > 0 && !name->here);
	for (part = 1; got && part < name->n; part++)
		got = member(c, out->value, &name->parts[part], out);
	return got;
}

bool context_enter(struct context *c, const struct found *f)
{
	if (c->n == STACK_MAX)
		return false;
	c->stack[c->n++] = f;
	return true;
}

void context_leave(struct context *c)
{
	c->n--;
}

static struct value_tree *object_load(const char *text, const char *what, GError **error)
{
	struct value_tree *t = value_parse(text ? text : "{}", text ? strlen(text) : 2, what, error);

	if (!t || value_root(t)->kind == VALUE_OBJECT)
		return t;
	g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_CONTEXT, "%s is not a JSON object", what);
	value_tree_free(t);
	return NULL;
}

struct context *context_new(const char *common, const char *own, const struct words *words, GError **error)
{
	struct context *c = g_new0(struct context, 1);

	c->words = words;
	c->common = object_load(common, "the common context", error);
	c->own = c->common ? object_load(own, "the letter's context", error) : NULL;
	if (!c->own) {
		context_free(c);
		return NULL;
	}
	context_take(value_root(c->common), &c->base[0]);
	context_take(value_root(c->own), &c->base[1]);
	c->stack[c->n++] = &c->base[0];
	c->stack[c->n++] = &c->base[1];
	return c;
}

void context_free(struct context *c)
{
	if (!c)
		return;
	value_tree_free(c->common);
	value_tree_free(c->own);
	g_free(c);
}
