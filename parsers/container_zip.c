/* container_zip: see container_zip.h.
 *
 * Nothing is written anywhere, so a name such as "../../x" is only something to print: it is cut to its last part.
 */
#include "parsers/container_zip.h"

#include <string.h>

enum { WEIGHT = 2, MAX_NAME = 100 }; /* so many documents full of text */

struct reading {
	struct document *document;
	size_t unpacked, weight, files;
	bool any, full;
};

/* The last part of a path of either kind of slash, with nothing in it that could not be printed. */
static char *plain_name(const char *path)
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

static bool is_passed_over(const char *path, const char *name)
{
	return !*name || *name == '.' || g_str_has_prefix(name, "~$") || g_str_has_prefix(path, "__MACOSX/");
}

/* Empty: it may be opened. What unpacks to too much together is told by what the archives claim; each is held to that
 * when it is read. */
static const char *check_archive(struct reading *r, const char *bytes, size_t len)
{
	static const char *const office[] = { "[Content_Types].xml", "content.xml", "xl/workbook.xml", "word/document.xml" };
	const char *complaint = NULL;
	struct unzip *z = len > 4 && !memcmp(bytes, "PK\3\4", 4) ? unzip_open(&r->document->limits, bytes, len, &complaint) : NULL;
	bool known = !z;

	for (size_t i = 0; z && i < G_N_ELEMENTS(office); i++)
		known |= unzip_find(z, office[i]) >= 0;
	if (z)
		r->unpacked += unzip_claimed(z);
	unzip_close(z);
	if (complaint)
		return complaint;
	return !known ? "zip_nested" : r->unpacked > r->document->limits.unpacked ? "zip_too_large" : NULL;
}

static size_t weight_of(const struct document *d)
{
	size_t weight = 0;

	for (guint i = 0; i < d->sheets->len; i++) {
		const struct sheet *s = d->sheets->pdata[i];
		for (guint r = 0; r < s->rows->len; r++) {
			const GPtrArray *row = s->rows->pdata[r];
			weight += sizeof *row;
			for (guint c = 0; c < row->len; c++)
				weight += sizeof(char *) + strlen(row->pdata[c]);
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

static void take_part(struct reading *r, struct document *part)
{
	for (guint i = 0; i < part->sheets->len; i++) {
		struct sheet *s = part->sheets->pdata[i];
		prefix(&s->name, part->file);
		prefix(&s->hidden_row, part->file);
		prefix(&s->hidden_column, part->file);
	}
	while (part->complaints->len) {
		struct complaint *c = g_ptr_array_steal_index(part->complaints, 0);
		if (g_strcmp0(c->where, part->file))
			prefix(&c->where, part->file);
		g_ptr_array_add(r->document->complaints, c);
	}
	r->weight += weight_of(part);
	g_ptr_array_add(r->document->parts, part);
}

static void stop(struct reading *r, const char *complaint, const char *file)
{
	facts_complain(r->document->complaints, complaint, file, NULL);
	r->full = true;
}

static void read_file(struct reading *r, const char *name, const char *bytes, size_t len)
{
	if (!document_is_form_candidate(NULL, name, bytes, len))
		return;
	r->any = true;
	const char *complaint = check_archive(r, bytes, len);
	if (complaint && strcmp(complaint, "zip_too_large"))
		facts_complain(r->document->complaints, complaint, name, NULL);
	else if (complaint)
		stop(r, complaint, name);
	else if (r->files++ >= r->document->limits.files)
		stop(r, "zip_too_many_files", name);
	else if (r->weight > WEIGHT * r->document->limits.text)
		stop(r, "too_much_text", name);
	else
		take_part(r, document_open_within(&r->document->limits, name, bytes, len));
}

static void read_entry(struct reading *r, struct unzip *z, size_t i)
{
	g_autofree char *name = plain_name(unzip_name(z, i));
	const char *complaint = NULL;
	size_t len;

	if (is_passed_over(unzip_name(z, i), name))
		return;
	g_autofree char *bytes = unzip_read(z, i, &len, &complaint);
	if (complaint)
		stop(r, complaint, name);
	else
		read_file(r, name, bytes, len);
}

void container_zip_read(struct document *d, struct unzip *z)
{
	struct reading r = { .document = d };

	for (size_t i = 0; i < unzip_count(z) && !r.full; i++)
		read_entry(&r, z, i);
	if (!r.any && !r.full)
		facts_complain(d->complaints, "zip_no_form", d->file, NULL);
}
