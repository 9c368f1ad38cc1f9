/* shape: structs by table: making, freeing, JSON out. Written straight into the string, without a tree: it
 * is done for each mail.
 */
#include "parsers/shape.h"

static void shape_init(const struct shape *s, void *p)
{
	for (const struct shape_field *f = s->fields; f->name; f++) {
		if (f->type == LIST || f->type == SOME)
			SHAPE_AT(GPtrArray *, p, f) = g_ptr_array_new_with_free_func(f->shape->free);
		else if (f->type == LINES || f->type == SOME_LINES)
			SHAPE_AT(GPtrArray *, p, f) = g_ptr_array_new_with_free_func(g_free);
		else if (f->type == INSIDE)
			shape_init(f->shape, &SHAPE_AT(char, p, f));
	}
}

void *shape_new(const struct shape *s)
{
	void *p = g_malloc0(s->size);

	shape_init(s, p);
	return p;
}

static void shape_clear(const struct shape *s, void *p)
{
	for (const struct shape_field *f = s->fields; f->name; f++) {
		if (f->type == LINE || f->type == TEXT)
			g_free(SHAPE_AT(char *, p, f));
		else if (f->type >= LINES)
			g_clear_pointer(&SHAPE_AT(GPtrArray *, p, f), g_ptr_array_unref);
		else if (f->type == INSIDE)
			shape_clear(f->shape, &SHAPE_AT(char, p, f));
		else if (f->type == MAYBE)
			f->shape->free(SHAPE_AT(void *, p, f));
	}
}

void shape_free(const struct shape *s, void *p)
{
	if (!p)
		return;
	shape_clear(s, p);
	g_free(p);
}

void *shape_list_add(GPtrArray *list, const struct shape *s)
{
	void *p = shape_new(s);

	g_ptr_array_add(list, p);
	return p;
}

/* What a byte becomes inside a JSON string: 1 \u00xx, else the letter after the backslash. */
static const char escapes[256] = {
	[0x01 ... 0x07] = 1, ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', [0x0b] = 1, ['\f'] = 'f', ['\r'] = 'r',
	[0x0e ... 0x1f] = 1, ['"'] = '"', ['\\'] = '\\',
};

static void append_escape(GString *out, unsigned char c, bool one_line)
{
	if (one_line && c < 0x20) {
		g_string_append_c(out, ' ');
	} else if (escapes[c] == 1) {
		g_string_append_printf(out, "\\u%04x", c);
	} else {
		g_string_append_c(out, '\\');
		g_string_append_c(out, escapes[c]);
	}
}

static void append_escaped(GString *out, const char *text, bool one_line)
{
	const char *end = text + strlen(text);

	while (text < end) {
		size_t n = shape_plain_run(text, end);

		g_string_append_len(out, text, n);
		text += n;
		if (text < end)
			append_escape(out, *text++, one_line);
	}
}

void shape_append_string(GString *out, const char *text, bool one_line)
{
	g_autofree char *valid = NULL;

	/* Parsers hand out UTF-8; one slip of theirs must not cost the whole mail its facts. */
	if (!g_utf8_validate(text, -1, NULL))
		text = valid = g_utf8_make_valid(text, -1);
	g_string_append_c(out, '"');
	append_escaped(out, text, one_line);
	g_string_append_c(out, '"');
}

void shape_append_list(GString *out, const struct shape *s, const GPtrArray *list)
{
	g_string_append_c(out, '[');
	for (guint i = 0; i < list->len; i++) {
		if (i)
			g_string_append_c(out, ',');
		if (s)
			shape_append(out, s, list->pdata[i]);
		else
			shape_append_string(out, list->pdata[i], true);
	}
	g_string_append_c(out, ']');
}

/* Counts only, never below 0. printf is felt here: each part has a number. */
static void append_number(GString *out, gint64 n)
{
	char digits[24], *p = digits + sizeof digits;

	do
		*--p = (char)('0' + n % 10);
	while (n /= 10);
	g_string_append_len(out, p, digits + sizeof digits - p);
}

static bool is_absent(const struct shape_field *f, const void *p)
{
	switch (f->type) {
	case LINE:
	case TEXT:
	case MAYBE:
		return !SHAPE_READ(void *, p, f);
	case AMOUNT:
		return !SHAPE_READ(gint64, p, f);
	case SOME:
	case SOME_LINES:
		return !SHAPE_READ(GPtrArray *, p, f)->len;
	default:
		return false;
	}
}

static void append_field(GString *out, const struct shape_field *f, const void *p)
{
	switch (f->type) {
	case LINE:
	case TEXT:
		shape_append_string(out, SHAPE_READ(char *, p, f), f->type == LINE);
		break;
	case NUMBER:
	case AMOUNT:
		append_number(out, SHAPE_READ(gint64, p, f));
		break;
	case FLAG:
		g_string_append(out, SHAPE_READ(bool, p, f) ? "true" : "false");
		break;
	case WORD:
		shape_append_string(out, f->words[SHAPE_READ(unsigned, p, f)], true);
		break;
	case INSIDE:
		shape_append(out, f->shape, &SHAPE_READ(char, p, f));
		break;
	case MAYBE:
		shape_append(out, f->shape, SHAPE_READ(void *, p, f));
		break;
	default:
		shape_append_list(out, f->shape, SHAPE_READ(GPtrArray *, p, f));
	}
}

void shape_append(GString *out, const struct shape *s, const void *p)
{
	char before = '{';

	for (const struct shape_field *f = s->fields; f->name; f++) {
		if (is_absent(f, p))
			continue;
		g_string_append_c(out, before);
		g_string_append_c(out, '"');
		g_string_append(out, f->name);
		g_string_append_len(out, "\":", 2);
		append_field(out, f, p);
		before = ',';
	}
	g_string_append(out, before == '{' ? "{}" : "}");
}
