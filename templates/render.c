/* render: the walk over the tree. */
#include <string.h>
#include "templates/render.h"

enum { OUTPUT_MAX = 16 * 1024 * 1024, STEPS_MAX = 4000000 };

struct render {
	const struct template *t;
	struct context *c;
	enum render_mode mode;
	GString *out;
	guint steps;
	GError **error;
};

static bool fail(struct render *r, const struct node *n, enum template_error code, const char *what)
{
	g_set_error(r->error, TEMPLATE_ERROR, code, "%s:%u: %s%s%s", r->t->label, n->line, what, n->name ? " " : "",
		    n->name ? n->name->text : "");
	return false;
}

static const char *escape_of(unsigned char c, bool html)
{
	if (c < 0x20 || c == 0x7f)
		return " ";
	if (!html)
		return NULL;
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void append_escaped(GString *out, const char *text, gsize len, bool html)
{
	gsize i, done = 0;

	for (i = 0; i < len; i++) {
		const char *escape = escape_of((unsigned char)text[i], html);

		if (!escape)
			continue;
		g_string_append_len(out, text + done, i - done);
		g_string_append(out, escape);
		done = i + 1;
	}
	g_string_append_len(out, text + done, len - done);
}

static bool render_value(struct render *r, const struct node *n)
{
	struct found f;

	if (!context_find(r->c, n->name, &f))
		return fail(r, n, TEMPLATE_ERROR_UNKNOWN_NAME, "nobody has the name");
	if (!f.text)
		return fail(r, n, TEMPLATE_ERROR_CONTEXT, "this is an object or a list, not a value:");
	if (n->kind == NODE_RAW || r->mode == RENDER_HEADER)
		g_string_append_len(r->out, f.text, f.len);
	else
		append_escaped(r->out, f.text, f.len, r->mode == RENDER_HTML);
	return true;
}

static bool render_range(struct render *r, guint from, guint to);

static bool render_inside(struct render *r, const struct node *n, guint from, const struct found *f)
{
	bool ok;

	if (!context_enter(r->c, f))
		return fail(r, n, TEMPLATE_ERROR_CONTEXT, "entered too deep:");
	ok = render_range(r, from, n->end);
	context_leave(r->c);
	return ok;
}

static bool render_section(struct render *r, const struct node *n, guint from)
{
	struct found f, item;
	const struct value *v;
	bool ok = true;

	if (!context_find(r->c, n->name, &f))
		return fail(r, n, TEMPLATE_ERROR_UNKNOWN_NAME, "nobody has the name");
	if (n->kind == NODE_INVERTED)
		return f.truthy || render_range(r, from, n->end);
	if (!f.truthy)
		return true;
	if (!f.value || f.value->kind != VALUE_LIST)
		return render_inside(r, n, from, &f);
	for (v = f.value + 1; ok && v < f.value + f.value->size; v += v->size) {
		context_take(v, &item);
		ok = render_inside(r, n, from, &item);
	}
	return ok;
}

static bool render_range(struct render *r, guint from, guint to)
{
	const struct node *nodes = (const struct node *)r->t->nodes->data;
	bool ok = true;
	guint i;

	for (i = from; ok && i < to;) {
		const struct node *n = &nodes[i];

		if (++r->steps > STEPS_MAX || r->out->len > OUTPUT_MAX)
			return fail(r, n, TEMPLATE_ERROR_CONTEXT, "the letter grows too long at");
		if (n->kind == NODE_TEXT)
			g_string_append_len(r->out, n->text, n->len);
		else if (n->kind == NODE_VALUE || n->kind == NODE_RAW)
			ok = render_value(r, n);
		else
			ok = render_section(r, n, i + 1);
		i = n->kind == NODE_SECTION || n->kind == NODE_INVERTED ? n->end : i + 1;
	}
	return ok;
}

/* C0, DEL, C1, and the two Unicode line ends: some mail programs break lines at each of them. */
static bool header_safe(const char *s)
{
	for (; *s; s = g_utf8_next_char(s)) {
		gunichar c = g_utf8_get_char(s);

		if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029)
			return false;
	}
	return true;
}

char *render_template(const struct template *t, struct context *c, enum render_mode mode, GError **error)
{
	struct render r = { .t = t, .c = c, .mode = mode, .error = error };
	bool ok;

	r.out = g_string_sized_new(mode == RENDER_HEADER ? 128 : 8192);
	ok = render_range(&r, 0, t->nodes->len);
	if (ok && mode == RENDER_HEADER && !header_safe(r.out->str)) {
		g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_HEADER,
			    "%s: a header with a line break or control character in it", t->label);
		ok = false;
	}
	return g_string_free(r.out, !ok);
}
