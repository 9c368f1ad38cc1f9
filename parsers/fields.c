/* fields: see fields.h. One copy of the block, cut in place: a mail has dozens of fields and we want ten of
 * them. */
#include "parsers/fields.h"
#include <string.h>

struct fields {
	char *block;
	size_t length;
	bool tidy;
	GArray *list; /* struct header_field */
};

/* Past the line's end at p. */
static const char *line_end(const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', end - p);

	return nl ? nl + 1 : end;
}

static bool is_blank_line(const char *p, const char *end)
{
	return p < end && (*p == '\n' || (*p == '\r' && end - p > 1 && p[1] == '\n'));
}

static size_t block_length(const char *bytes, size_t len)
{
	const char *p = bytes, *end = bytes + len;

	while (p < end && !is_blank_line(p, end))
		p = line_end(p, end);
	return p - bytes;
}

/* Adds the field whose lines are p to next, ending them with NUL. false: it is none. */
static bool add_field(struct fields *f, char *p, char *next)
{
	char *colon = memchr(p, ':', next - p), *name_end = colon;
	struct header_field field = { p };

	if (!colon)
		return false;
	while (name_end > p && (name_end[-1] == ' ' || name_end[-1] == '\t'))
		name_end--;
	for (const char *q = p; q < name_end; q++)
		if (*q <= ' ' || *q == 0x7f)
			return false;
	if (name_end == p)
		return false;
	*name_end = '\0';
	while (next > colon + 1 && strchr("\r\n", next[-1]))
		next--;
	*next = '\0';
	field.value = colon + 1 + strspn(colon + 1, " \t");
	g_array_append_val(f->list, field);
	return name_end == colon;
}

struct fields *fields_parse(const char *bytes, size_t len)
{
	struct fields *f = g_new0(struct fields, 1);
	size_t n = block_length(bytes, len);
	char *p, *end, *nul;

	f->length = n + (line_end(bytes + n, bytes + len) - (bytes + n));
	f->block = g_malloc(n + 1);
	memcpy(f->block, bytes, n);
	end = f->block + n;
	*end = '\0';
	f->tidy = f->length > n && !memchr(f->block, 0, n);
	for (p = f->block; (nul = memchr(p, 0, end - p)); p = nul + 1)
		*nul = ' ';
	f->list = g_array_sized_new(FALSE, FALSE, sizeof(struct header_field), 32);
	for (p = f->block; p < end;) {
		char *next = (char *)line_end(p, end);

		while (next < end && (*next == ' ' || *next == '\t'))
			next = (char *)line_end(next, end);
		f->tidy &= add_field(f, p, next);
		p = next;
	}
	return f;
}

void fields_free(struct fields *f)
{
	if (!f)
		return;
	g_array_unref(f->list);
	g_free(f->block);
	g_free(f);
}

size_t fields_length(const struct fields *f)
{
	return f->length;
}

bool fields_tidy(const struct fields *f)
{
	return f->tidy;
}

const struct header_field *fields_at(const struct fields *f, guint i)
{
	return i < f->list->len ? &g_array_index(f->list, struct header_field, i) : NULL;
}

/* Nearly all are told by their first letter. */
static bool is_named(const struct header_field *field, const char *name)
{
	return (*field->name | 0x20) == (*name | 0x20) && !g_ascii_strcasecmp(field->name, name);
}

const char *fields_find(const struct fields *f, const char *name)
{
	const struct header_field *field;

	for (guint i = 0; (field = fields_at(f, i)); i++)
		if (is_named(field, name))
			return field->value;
	return NULL;
}

guint fields_count(const struct fields *f, const char *name)
{
	const struct header_field *field;
	guint n = 0;

	for (guint i = 0; (field = fields_at(f, i)); i++)
		n += is_named(field, name);
	return n;
}
