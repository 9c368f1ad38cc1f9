/* template: the parser.
 *
 * One pass over the source with a stack of open sections. White space around a tag that stands alone on its
 * line is cut off from the text before it and skipped after it, so nothing is left to decide when
 * rendering.
 */
#include <string.h>
#include "templates/template.h"

enum { SOURCE_MAX = 256 * 1024, DEPTH_MAX = 16 };

struct parser {
	struct template *t;
	const char *p, *end, *text; /* where we are; where the source ends; start of the text not yet taken */
	guint line;
	guint open[DEPTH_MAX], depth;
	GError **error;
};

struct tag {
	char type;           /* 'v' variable, 'r' raw, # ^ / ! */
	const char *start, *end; /* with the braces */
	const char *name;
	gsize name_len;
};

static bool fail(struct parser *s, const char *what)
{
	g_set_error(s->error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX, "%s:%u: %s", s->t->label, s->line, what);
	return false;
}

static void tag_trim(struct tag *tag, const char *from, const char *to)
{
	while (from < to && g_ascii_isspace(*from))
		from++;
	while (to > from && g_ascii_isspace(to[-1]))
		to--;
	tag->name = from;
	tag->name_len = to - from;
}

/* Reads the tag that begins at s->p with "{{". */
static bool tag_read(struct parser *s, struct tag *tag)
{
	bool triple = s->end - s->p > 2 && s->p[2] == '{';
	const char *close = triple ? "}}}" : "}}", *inside = s->p + strlen(close), *stop;

	stop = g_strstr_len(inside, s->end - inside, close);
	if (!stop)
		return fail(s, "a tag that does not end");
	tag->start = s->p;
	tag->end = stop + strlen(close);
	tag->type = triple ? 'r' : 'v';
	if (!triple && inside < stop && strchr("&#^/!><=$%*|", *inside)) {
		tag->type = *inside == '&' ? 'r' : *inside;
		inside++;
	}
	tag_trim(tag, inside, stop);
	return strchr("vr#^/!", tag->type) ? true : fail(s, "a tag of a kind that is not known here");
}

/* Is the tag the only thing on its line? Then *from is where the line starts and *to where the next one
 * does. */
static bool tag_alone(const struct parser *s, const struct tag *tag, const char **from, const char **to)
{
	const char *a = tag->start, *b = tag->end;

	while (a > s->t->source && (a[-1] == ' ' || a[-1] == '\t'))
		a--;
	while (b < s->end && (*b == ' ' || *b == '\t'))
		b++;
	if (a > s->t->source && a[-1] != '\n')
		return false;
	if (s->end - b >= 2 && b[0] == '\r' && b[1] == '\n')
		b += 2;
	else if (b < s->end && *b == '\n')
		b++;
	else if (b < s->end)
		return false;
	*from = a;
	*to = b;
	return true;
}

static void add_text(struct parser *s, const char *to)
{
	struct node n = { .kind = NODE_TEXT, .line = s->line, .text = s->text, .len = to - s->text };

	if (to > s->text)
		g_array_append_val(s->t->nodes, n);
}

static bool add_named(struct parser *s, const struct tag *tag, enum node_kind kind)
{
	struct node n = { .kind = kind, .line = s->line };

	n.name = context_name_new(tag->name, tag->name_len);
	if (!n.name)
		return fail(s, "a name that is none");
	g_array_append_val(s->t->nodes, n);
	return true;
}

static bool section_open(struct parser *s, const struct tag *tag)
{
	if (s->depth == DEPTH_MAX)
		return fail(s, "sections nested too deep");
	s->open[s->depth++] = s->t->nodes->len;
	return add_named(s, tag, tag->type == '#' ? NODE_SECTION : NODE_INVERTED);
}

static bool section_close(struct parser *s, const struct tag *tag)
{
	struct node *opened = s->depth ? &g_array_index(s->t->nodes, struct node, s->open[s->depth - 1]) : NULL;

	if (!opened || strlen(opened->name->text) != tag->name_len ||
	    memcmp(opened->name->text, tag->name, tag->name_len) != 0)
		return fail(s, "the end of a section that is not the innermost open one");
	opened->end = s->t->nodes->len;
	s->depth--;
	return true;
}

static bool add_tag(struct parser *s, const struct tag *tag)
{
	switch (tag->type) {
	case '#': case '^':
		return section_open(s, tag);
	case '/':
		return section_close(s, tag);
	case '!':
		return true;
	default:
		return add_named(s, tag, tag->type == 'r' ? NODE_RAW : NODE_VALUE);
	}
}

static bool take_tag(struct parser *s)
{
	const char *from = s->p, *to, *c;
	struct tag tag;

	if (!tag_read(s, &tag))
		return false;
	to = tag.end;
	if (tag.type != 'v' && tag.type != 'r')
		tag_alone(s, &tag, &from, &to);
	add_text(s, from);
	if (!add_tag(s, &tag))
		return false;
	for (c = s->p; c < to; c++)
		s->line += *c == '\n';
	s->p = s->text = to;
	return true;
}

static bool parse_all(struct parser *s)
{
	while (s->p < s->end) {
		if (s->end - s->p >= 2 && s->p[0] == '{' && s->p[1] == '{') {
			if (!take_tag(s))
				return false;
			continue;
		}
		s->line += *s->p == '\n';
		s->p++;
	}
	add_text(s, s->end);
	if (s->depth == 0)
		return true;
	s->line = g_array_index(s->t->nodes, struct node, s->open[s->depth - 1]).line;
	return fail(s, "a section that does not end");
}

static void node_clear(void *node)
{
	context_name_free(((struct node *)node)->name);
}

struct template *template_parse(const char *label, const char *source, gsize len, GError **error)
{
	struct template *t = g_new0(struct template, 1);
	struct parser s = { .t = t, .line = 1, .error = error };
	bool ok;

	t->label = g_strdup(label);
	t->nodes = g_array_new(FALSE, FALSE, sizeof(struct node));
	g_array_set_clear_func(t->nodes, node_clear);
	if (len > SOURCE_MAX || !g_utf8_validate(source, len, NULL)) {
		ok = fail(&s, "the template is too long or not UTF-8");
	} else {
		t->source = g_strndup(source, len);
		s.p = s.text = t->source;
		s.end = t->source + len;
		ok = parse_all(&s);
	}
	if (ok)
		return t;
	template_free(t);
	return NULL;
}

void template_free(struct template *t)
{
	if (!t)
		return;
	g_array_unref(t->nodes);
	g_free(t->source);
	g_free(t->label);
	g_free(t);
}
