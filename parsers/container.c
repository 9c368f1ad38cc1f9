/* container: see container.h. */
#include "parsers/container.h"

#include "parsers/container_tnef.h"
#include "parsers/unzip.h"

#include <string.h>

enum { WEIGHT = 2, MAX_NAME = 100 }; /* so many documents full of text */

char *container_name(const char *path)
{
	const char *name = path;

	for (const char *p = path; *p; p++)
		if (*p == '/' || *p == '\\')
			name = p + 1;
	g_autofree char *whole = g_utf8_make_valid(name, -1);
	char *cut = g_utf8_substring(whole, 0, MIN(g_utf8_strlen(whole, -1), MAX_NAME));
	for (char *p = cut; *p; p++)
		if ((guchar)*p < ' ' || *p == 0x7f || strchr("[]!", *p))
			*p = '_';
	return cut;
}

static bool is_zip(const char *bytes, size_t len)
{
	return len > 4 && !memcmp(bytes, "PK\3\4", 4);
}

/* NULL: it may be opened. What unpacks to too much together is told by what the archives claim; each is held to that
 * when it is read. */
static const char *check_archive(struct container *c, const char *bytes, size_t len)
{
	static const char *const office[] = { "[Content_Types].xml", "content.xml", "xl/workbook.xml", "word/document.xml" };
	const struct limits *l = &c->document->limits;
	const char *complaint = NULL;
	struct unzip *z = is_zip(bytes, len) ? unzip_open(l, bytes, len, &complaint) : NULL;
	bool nested = z || container_tnef_is(bytes, len);

	for (size_t i = 0; z && i < G_N_ELEMENTS(office); i++)
		nested &= unzip_find(z, office[i]) < 0;
	if (z)
		c->unpacked += unzip_claimed(z);
	unzip_close(z);
	if (complaint)
		return complaint;
	return nested && c->words->nested ? c->words->nested : c->unpacked > l->unpacked ? "zip_too_large" : NULL;
}

static size_t weight_of(const struct document *d)
{
	size_t weight = 0;

	for (guint i = 0; i < d->sheets->len; i++) {
		const struct sheet *s = d->sheets->pdata[i];
		for (guint r = 0; r < s->rows->len; r++) {
			const GPtrArray *row = s->rows->pdata[r];
			weight += sizeof *row;
			for (guint k = 0; k < row->len; k++)
				weight += sizeof(char *) + strlen(row->pdata[k]);
		}
	}
	return weight;
}

static void prefix(char **text, const char *file)
{
	char *whole = *text ? g_strdup_printf("[%s]%s", file, *text) : NULL;

	g_free(*text);
	*text = whole;
}

/* Takes `part`, which stands in `file` or is it. */
static void adopt(struct container *c, struct document *part, const char *file)
{
	for (guint i = 0; i < part->sheets->len; i++) {
		struct sheet *s = part->sheets->pdata[i];
		prefix(&s->name, file);
		prefix(&s->hidden_row, file);
		prefix(&s->hidden_column, file);
	}
	while (part->complaints->len) {
		struct complaint *told = g_ptr_array_steal_index(part->complaints, 0);
		if (g_strcmp0(told->where, file))
			prefix(&told->where, file);
		g_ptr_array_add(c->document->complaints, told);
	}
	c->weight += weight_of(part);
	g_ptr_array_add(c->document->parts, part);
}

/* Of an archive in it the files are taken, so that all parts stand side by side. */
static void open_part(struct container *c, const char *name, const char *bytes, size_t len)
{
	struct document *part = document_open_within(&c->document->limits, name, bytes, len);

	while (part->parts->len)
		adopt(c, g_ptr_array_steal_index(part->parts, 0), name);
	adopt(c, part, name);
}

void container_stop(struct container *c, const char *complaint, const char *name)
{
	facts_complain(c->document->complaints, complaint, name, NULL);
	c->full = true;
}

void container_add(struct container *c, const char *name, const char *bytes, size_t len)
{
	if (c->full || !document_is_form_candidate(NULL, name, bytes, len))
		return;
	c->any = true;
	const char *complaint = check_archive(c, bytes, len);
	if (complaint && strcmp(complaint, "zip_too_large"))
		facts_complain(c->document->complaints, complaint, name, NULL);
	else if (complaint)
		container_stop(c, complaint, name);
	else if (c->files++ >= c->document->limits.files)
		container_stop(c, c->words->too_many, name);
	else if (c->weight > WEIGHT * c->document->limits.text)
		container_stop(c, "too_much_text", name);
	else
		open_part(c, name, bytes, len);
}
