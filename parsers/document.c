/* document: a file that somebody sent (see document.h).
 *
 * The kind is found in three steps, each a table: the first bytes; for zip and OLE containers the names
 * inside; for text the file name. A format whose reader is not written has a complaint that names it, so
 * that the sender can be told what to send instead.
 */
#include "parsers/document.h"

#include "parsers/container_tnef.h"
#include "parsers/container_zip.h"
#include "parsers/doc_docx.h"
#include "parsers/doc_odt.h"
#include "parsers/doc_pdf.h"
#include "parsers/doc_text.h"
#include "parsers/ole.h"
#include "parsers/sheet_csv.h"
#include "parsers/sheet_html.h"
#include "parsers/sheet_ods.h"
#include "parsers/sheet_xls.h"
#include "parsers/sheet_xlsx.h"
#include "parsers/unzip.h"
#include "parsers/xml.h"

#include <string.h>

#define OLE_MAGIC "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#define WIDE(a) a, sizeof a - 1

/* By the first bytes: what is read by them alone, what cannot be a form at all, and what is not read. */
static const struct magic {
	const char *bytes;
	size_t len;
	const char *format, *complaint;
	void (*read)(struct document *, const char *bytes, size_t len);
} magics[] = {
	{ WIDE("\x78\x9f\x3e\x22"), "tnef", NULL, container_tnef_read },
	{ WIDE("%PDF-"), "pdf", NULL, doc_pdf_read },
	{ WIDE("\xff\xd8\xff"), "jpeg", "image_only" },
	{ WIDE("\x89PNG\r\n"), "png", "image_only" }, { WIDE("GIF8"), "gif", "image_only" },
	{ WIDE("II*\0"), "tiff", "image_only" },    { WIDE("MM\0*"), "tiff", "image_only" },
	{ WIDE("RIFF"), "webp", "image_only" },     { WIDE("\0\0\0\x18" "ftyphei"), "heic", "image_only" },
	{ WIDE("{\\rtf"), "rtf", "format_unsupported" },
	{ WIDE("\x09\0\4\0"), "xls", "format_xls_old" }, /* Excel without a container */
	{ WIDE("\x09\2\6\0"), "xls", "format_xls_old" }, { WIDE("\x09\4\6\0"), "xls", "format_xls_old" },
	{ WIDE("\x09\x08\x08\0"), "xls", "format_xls_old" }, { WIDE("\x09\x08\x10\0"), "xls", "format_xls_old" },
};

/* By a part of the zip. A kind without reader has a complaint. */
static const struct package {
	const char *part, *format;
	void (*read)(struct document *, struct unzip *);
	const char *complaint;
	const char *type; /* what the part "mimetype" of OpenDocument says; NULL: anything */
} packages[] = {
	{ "xl/workbook.xml", "xlsx", sheet_xlsx_read, NULL },
	{ "xl/workbook.bin", "xlsb", NULL, "format_xlsb" },
	{ "word/document.xml", "docx", doc_docx_read, NULL },
	{ "word/document2.xml", "docx", doc_docx_read, NULL }, /* as some servers of Office name it */
	{ "content.xml", "odt", doc_odt_read, NULL, "application/vnd.oasis.opendocument.text" },
	{ "content.xml", "ods", sheet_ods_read, NULL },
	{ "[Content_Types].xml", NULL, NULL, "format_unsupported" },
	{ "", "zip", container_zip_read, NULL },
};

/* Of a Word 97 document only whether it wants a password is known ([MS-DOC] 2.5.2, fEncrypted). */
static void refuse_doc(struct document *d, const struct ole *o)
{
	enum { FLAGS = 11, ENCRYPTED = 1 };
	g_autoptr(GBytes) stream = ole_read(o, "WordDocument");
	gsize len = 0;
	const char *bytes = stream ? g_bytes_get_data(stream, &len) : NULL;

	facts_complain(d->complaints, len > FLAGS && bytes[FLAGS] & ENCRYPTED ? "encrypted" : "format_doc", d->file, NULL);
}

/* By what stands in an OLE container: Office 97 files, and the envelope of encrypted new ones. */
static const struct stream {
	const char *name, *format;
	void (*read)(struct document *, const struct ole *);
	const char *complaint;
} streams[] = {
	{ "__properties_version1.0", "msg", NULL, "format_msg" },
	{ "EncryptedPackage", NULL, NULL, "encrypted" },
	{ "WordDocument", "doc", refuse_doc, NULL },
	{ "Workbook", "xls", sheet_xls_read, NULL },
	{ "Book", "xls", NULL, "format_xls_old" },
};

/* Of a text by the end of its name. Programs of the web give the name of a workbook to what is none. */
static const struct text_kind {
	const char *suffix, *format;
	void (*read)(struct document *, const char *bytes, size_t len);
} text_kinds[] = {
	{ ".csv", "csv", sheet_csv_read },
	{ ".tsv", "csv", sheet_csv_read },
	{ ".tab", "csv", sheet_csv_read },
	{ ".xls", "csv", sheet_csv_read },
	{ ".xlsx", "csv", sheet_csv_read },
	{ ".pdf", "pdf", doc_pdf_read }, /* something may stand before its mark */
	{ "", NULL, doc_text_read },
};

static void sheet_free(void *p)
{
	struct sheet *s = p;

	g_free(s->name);
	g_free(s->hidden_row);
	g_free(s->hidden_column);
	g_ptr_array_unref(s->rows);
	g_clear_pointer(&s->places, g_ptr_array_unref);
	g_clear_pointer(&s->unsure, g_array_unref);
	g_free(s);
}

static void field_free(void *p)
{
	struct field *f = p;

	g_free(f->name);
	g_free(f->value);
	g_free(f->label);
	g_free(f);
}

void document_free(struct document *d)
{
	if (!d)
		return;
	g_free(d->file);
	g_free(d->text);
	g_ptr_array_unref(d->sheets);
	g_ptr_array_unref(d->fields);
	g_ptr_array_unref(d->parts);
	g_ptr_array_unref(d->complaints);
	g_string_chunk_free(d->texts);
	g_free(d);
}

struct document *document_new(const char *filename)
{
	struct document *d = g_new0(struct document, 1);

	d->file = g_strdup(filename);
	d->sheets = g_ptr_array_new_with_free_func(sheet_free);
	d->fields = g_ptr_array_new_with_free_func(field_free);
	d->parts = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
	d->complaints = facts_complaints_new();
	d->texts = g_string_chunk_new(4096);
	d->limits = LIMITS_USUAL;
	return d;
}

struct sheet *document_add_sheet(struct document *d, const char *name)
{
	struct sheet *s = g_new0(struct sheet, 1);

	s->name = g_strdup(name);
	s->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	g_ptr_array_add(d->sheets, s);
	return s;
}

static bool has_suffix(const char *filename, const char *suffix)
{
	size_t n = filename ? strlen(filename) : 0, m = strlen(suffix);

	return filename && n >= m && !g_ascii_strcasecmp(filename + n - m, suffix);
}

static void refuse(struct document *d, const char *format, const char *complaint)
{
	if (format)
		d->format = format;
	facts_complain(d->complaints, complaint, d->file, NULL);
}

static bool has_macros(const struct unzip *z)
{
	for (size_t i = 0; i < unzip_count(z); i++)
		if (g_str_has_suffix(unzip_name(z, i), "vbaProject.bin") || strstr(unzip_name(z, i), "/macrosheets/"))
			return true;
	return false;
}

/* A part "mimetype" that is missing, as some programs have it, is told by the name. */
static bool is_package(const struct document *d, struct unzip *z, const struct package *p)
{
	const char *complaint;
	size_t len;

	if (unzip_find(z, p->part) < 0)
		return false;
	g_autofree char *type = p->type ? unzip_read_named(z, "mimetype", &len, &complaint) : NULL;
	return !p->type || (type ? g_str_has_prefix(type, p->type) : has_suffix(d->file, p->format));
}

static void open_zip(struct document *d, const char *bytes, size_t len)
{
	const char *complaint = NULL;
	struct unzip *z = unzip_open(&d->limits, bytes, len, &complaint);
	const struct package *p = packages;

	if (!z) {
		refuse(d, NULL, complaint);
		return;
	}
	while (*p->part && !is_package(d, z, p))
		p++;
	d->format = p->format;
	if (has_macros(z))
		refuse(d, NULL, "macro_file");
	else if (p->read)
		p->read(d, z);
	else
		refuse(d, NULL, p->complaint);
	unzip_close(z);
}

static void open_ole(struct document *d, const char *bytes, size_t len)
{
	struct ole *o = ole_open(bytes, len);
	size_t i = 0;

	while (o && i < G_N_ELEMENTS(streams) && !ole_has(o, streams[i].name))
		i++;
	if (!o)
		refuse(d, NULL, "ole_damaged");
	else if (i == G_N_ELEMENTS(streams))
		refuse(d, NULL, "format_unsupported");
	else if (!streams[i].read)
		refuse(d, streams[i].format, streams[i].complaint);
	else {
		d->format = streams[i].format;
		streams[i].read(d, o);
	}
	ole_close(o);
}

static bool starts_like_html(const char *bytes, size_t len)
{
	g_autofree char *start = g_strndup(bytes, MIN(len, 512));
	g_autofree char *lower = g_ascii_strdown(start, -1);

	return strstr(lower, "<html") || strstr(lower, "<table") || strstr(lower, "<!doctype html");
}

static void open_text(struct document *d, const char *bytes, size_t len)
{
	const struct text_kind *k = text_kinds;

	if (starts_like_html(bytes, len)) {
		d->format = "html";
		sheet_html_read(d, bytes, len);
		return;
	}
	if (doc_docx_is_flat(bytes, len)) {
		d->format = "docx";
		doc_docx_read_flat(d, bytes, len);
		return;
	}
	while (!has_suffix(d->file, k->suffix) && *k->suffix)
		k++;
	d->format = k->format;
	k->read(d, bytes, len);
}

struct document *document_open_within(const struct limits *l, const char *filename, const char *bytes, size_t len)
{
	struct document *d = document_new(filename);

	d->limits = *l;
	for (size_t i = 0; i < G_N_ELEMENTS(magics); i++)
		if (len > magics[i].len && !memcmp(bytes, magics[i].bytes, magics[i].len)) {
			d->format = magics[i].format;
			if (magics[i].read)
				magics[i].read(d, bytes, len);
			else
				refuse(d, NULL, magics[i].complaint);
			return d;
		}
	if (!len)
		refuse(d, NULL, "document_empty");
	else if (len > 4 && !memcmp(bytes, "PK\3\4", 4))
		open_zip(d, bytes, len);
	else if (len > 8 && !memcmp(bytes, OLE_MAGIC, 8))
		open_ole(d, bytes, len);
	else
		open_text(d, bytes, len);
	return d;
}

struct document *document_open(const char *filename, const char *bytes, size_t len)
{
	return document_open_within(&LIMITS_USUAL, filename, bytes, len);
}

/* ---- is it worth opening ---- */

static const char *const form_suffixes[] = { ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".docx", ".docm", ".doc", ".odt", ".csv",
	".tsv", ".tab", ".htm", ".html", ".xml", ".pdf", ".txt", ".msg", "winmail.dat" };
static const char *const form_types[] = { "application/vnd.openxmlformats-officedocument", "application/vnd.ms-excel",
	"application/msword", "application/vnd.oasis.opendocument", "text/csv", "text/plain", "application/pdf",
	"application/ms-tnef", "application/vnd.ms-tnef" };

bool document_is_form_candidate(const char *mime_type, const char *filename, const char *bytes, size_t len)
{
	if (len > 8 && !memcmp(bytes, OLE_MAGIC, 8))
		return true;
	if (len > 4 && (!memcmp(bytes, "PK\3\4", 4) || container_tnef_is(bytes, len)))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(form_suffixes); i++)
		if (has_suffix(filename, form_suffixes[i]))
			return true;
	for (size_t i = 0; i < G_N_ELEMENTS(form_types); i++)
		if (mime_type && !g_ascii_strncasecmp(mime_type, form_types[i], strlen(form_types[i])))
			return true;
	return false;
}

/* ---- JSON ---- */

static void append_rows(GString *json, const struct sheet *s)
{
	for (guint r = 0; r < s->rows->len; r++) {
		const GPtrArray *row = s->rows->pdata[r];

		g_string_append(json, r ? ",[" : "[");
		for (guint c = 0; c < row->len; c++) {
			if (c)
				g_string_append_c(json, ',');
			facts_append_string(json, row->pdata[c]);
		}
		g_string_append_c(json, ']');
	}
}

static void append_sheets(GString *json, const struct document *d)
{
	for (guint i = 0; i < d->sheets->len; i++) {
		const struct sheet *s = d->sheets->pdata[i];

		g_string_append(json, json->str[json->len - 1] == '}' ? ",{\"name\":" : "{\"name\":");
		facts_append_string(json, s->name);
		g_string_append(json, ",\"rows\":[");
		append_rows(json, s);
		g_string_append(json, "]}");
	}
	for (guint i = 0; i < d->parts->len; i++)
		append_sheets(json, d->parts->pdata[i]);
}

static void append_fields(GString *json, const struct document *d)
{
	for (guint i = 0; i < d->fields->len; i++) {
		const struct field *f = d->fields->pdata[i];

		if (i)
			g_string_append_c(json, ',');
		facts_append_string(json, f->name);
		g_string_append_c(json, ':');
		facts_append_string(json, f->value);
	}
}

char *document_to_json(const struct document *d, const struct request *request)
{
	GString *json = g_string_new("{\"file\":");

	facts_append_string(json, d->file);
	g_string_append(json, ",\"format\":");
	facts_append_string(json, d->format);
	g_string_append(json, ",\"sheets\":[");
	append_sheets(json, d);
	g_string_append(json, "],\"fields\":{");
	append_fields(json, d);
	g_string_append(json, "},\"text\":");
	facts_append_string(json, d->text);
	if (request) {
		g_string_append(json, ",\"request\":");
		facts_append_request(json, request);
	}
	g_string_append(json, ",\"complaints\":");
	facts_append_complaints(json, d->complaints);
	g_string_append_c(json, '}');
	return g_string_free(json, FALSE);
}

void document_warm_up(void)
{
	xml_warm_up();
}
