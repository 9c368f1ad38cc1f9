/* sheet_xls: the sheets of an Excel 97-2003 workbook (see sheet_xls.h).
 *
 * The stream begins with what concerns the whole workbook, up to its EOF: shared strings, styles, and where each sheet
 * begins. An encrypted workbook says so there, before anything that is hidden. That holds too for the password
 * that Excel sets and tries by itself: what a person cannot be asked about is not opened.
 */
#include "parsers/sheet_xls.h"

#include "parsers/number_format.h"
#include "parsers/xls_sheet.h"

#include <string.h>

enum { MAX_SHEETS = 1024, MAX_STYLES = 65536 };
enum { WORKSHEET = 0, MACRO_SHEET = 1, MODULE = 6 }; /* types of sheet; a chart is another */
enum { HIDDEN = 3 };                                 /* hidden, or hidden so that only a program can show it */

struct sheet_entry { char *name; guint32 at; bool hidden; guint type; };

struct opener {
	struct document *document;
	struct xls_book book;
	GArray *entries; /* struct sheet_entry */
	GString *text;
	const char *failed; /* code; the first */
};

static void fail(struct opener *o, const char *code, const char *where)
{
	if (o->failed)
		return;
	o->failed = code;
	facts_complain(o->document->complaints, code, where, NULL);
}

/* ---- records of the workbook ---- */

static const char *on_password(struct opener *o, const struct xls_record *r)
{
	return "encrypted";
}

static const char *on_epoch(struct opener *o, const struct xls_record *r)
{
	o->document->epoch_1904 = xls_u16(r->data) == 1;
	return NULL;
}

/* A text of a record; NULL when it is not whole. */
static const char *text_at(struct opener *o, const struct xls_record *r, size_t from, int size)
{
	struct xls_text t = xls_record_text(&o->book.stream, r, from);

	g_string_truncate(o->text, 0);
	xls_record_string(&t, size, o->text);
	return t.failed ? NULL : o->text->str;
}

static const char *on_format(struct opener *o, const struct xls_record *r)
{
	const char *code = text_at(o, r, 2, 2);

	if (code)
		g_hash_table_insert(o->book.own, GUINT_TO_POINTER(xls_u16(r->data)),
				    GINT_TO_POINTER(number_format_is_date(code)));
	return code ? NULL : "xls_damaged";
}

static const char *on_style(struct opener *o, const struct xls_record *r)
{
	guint16 format = (guint16)xls_u16(r->data + 2);

	if (o->book.formats->len < MAX_STYLES)
		g_array_append_val(o->book.formats, format);
	return NULL;
}

static const char *on_sheet(struct opener *o, const struct xls_record *r)
{
	const char *name = text_at(o, r, 6, 1);

	if (!name || o->entries->len >= MAX_SHEETS)
		return "xls_damaged";
	struct sheet_entry entry = { g_strdup(name), xls_u32(r->data), r->data[4] & HIDDEN, r->data[5] };
	g_array_append_val(o->entries, entry);
	return entry.type == MACRO_SHEET || entry.type == MODULE ? "macro_file" : NULL;
}

/* The count is the writer's claim: a cell that asks for a string that is not there tells what is missing. */
static const char *on_strings(struct opener *o, const struct xls_record *r)
{
	struct xls_text t = xls_record_text(&o->book.stream, r, 8);

	for (guint32 n = xls_u32(r->data + 4); n && !xls_record_ended(&t); n--) {
		g_string_truncate(o->text, 0);
		xls_record_string(&t, 2, o->text);
		g_ptr_array_add(o->book.strings, (char *)cells_keep(&o->book.cells, o->text->str, o->text->len));
	}
	return t.failed ? "xls_damaged" : NULL;
}

/* Cells that another program would fill in when the file is opened: "program, 3, topic" (VirtualPath, 2.5.277). Paths of
 * files have the 3 too, but behind a 1. A length above 255 is no length: such a record names this workbook. */
static const char *on_link(struct opener *o, const struct xls_record *r)
{
	bool named = xls_u16(r->data + 2) <= 255;
	const char *path = named ? text_at(o, r, 2, 2) : "";

	if (!path)
		return "xls_damaged";
	return (guint8)*path > 2 && strchr(path, 3) ? "dde_link" : NULL;
}

static const struct book_record {
	guint type;
	size_t least;
	const char *(*read)(struct opener *, const struct xls_record *);
} book_records[] = {
	{ 0x02f, 0, on_password }, { 0x022, 2, on_epoch }, { 0x41e, 5, on_format },   { 0x0e0, 4, on_style },
	{ 0x085, 8, on_sheet },    { 0x1ae, 4, on_link },  { 0x0fc, 8, on_strings },
};

static void read_record(struct opener *o, const struct xls_record *r)
{
	for (size_t i = 0; i < G_N_ELEMENTS(book_records); i++)
		if (book_records[i].type == r->type) {
			const char *code = r->len < book_records[i].least ? "xls_damaged" : book_records[i].read(o, r);
			if (code)
				fail(o, code, o->document->file);
			return;
		}
}

/* Older versions have the BOF of another number, or this one with another version. */
static bool is_old(const struct xls_record *r)
{
	return r->type == 0x009 || r->type == 0x209 || r->type == 0x409 ||
	       (r->type == XLS_BOF && r->len >= 4 && xls_u16(r->data) < XLS_VERSION);
}

static void read_globals(struct opener *o)
{
	struct xls_record r;
	bool whole = xls_record_next(&o->book.stream, &r);

	if (whole && is_old(&r))
		fail(o, "format_xls_old", o->document->file);
	else if (!whole || r.type != XLS_BOF || r.len < 4 || xls_u16(r.data) != XLS_VERSION)
		fail(o, "xls_damaged", o->document->file);
	while (!o->failed && (whole = xls_record_next(&o->book.stream, &r)) && r.type != XLS_EOF)
		read_record(o, &r);
	if (!whole || !o->entries->len) /* no program writes a workbook without sheets */
		fail(o, "xls_damaged", o->document->file);
}

static void read_sheet(struct opener *o, const struct sheet_entry *entry)
{
	struct sheet *sheet = document_add_sheet(o->document, entry->name);

	sheet->hidden = entry->hidden;
	if (entry->type != WORKSHEET) /* a chart */
		return;
	o->book.stream.at = MIN(entry->at, o->book.stream.len);
	const char *complaint = xls_sheet_read(&o->book, sheet);
	if (complaint)
		fail(o, complaint, entry->name);
}

static void read_book(struct opener *o, GBytes *bytes)
{
	size_t len;
	const guint8 *data = g_bytes_get_data(bytes, &len);

	o->book.stream = (struct xls_stream){ data, len, 0 };
	o->book.left = len;
	read_globals(o);
	for (guint i = 0; i < o->entries->len && !o->failed; i++)
		read_sheet(o, &g_array_index(o->entries, struct sheet_entry, i));
}

static void clear_entry(void *p)
{
	g_free(((struct sheet_entry *)p)->name);
}

void sheet_xls_read(struct document *d, const struct ole *ole)
{
	g_autoptr(GBytes) bytes = ole_read(ole, "Workbook");
	g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(struct sheet_entry));
	g_autoptr(GPtrArray) strings = g_ptr_array_new();
	g_autoptr(GArray) formats = g_array_new(FALSE, FALSE, sizeof(guint16));
	g_autoptr(GHashTable) own = g_hash_table_new(NULL, NULL);
	g_autoptr(GString) text = g_string_sized_new(256);
	struct opener o = { .document = d, .entries = entries, .text = text,
			    .book = { .cells = { .document = d }, .strings = strings, .formats = formats, .own = own } };

	g_array_set_clear_func(entries, clear_entry);
	if (!bytes)
		fail(&o, "ole_damaged", d->file);
	else
		read_book(&o, bytes);
	if (!o.failed && ole_has(ole, "_VBA_PROJECT_CUR"))
		fail(&o, "macro_file", d->file);
	if (o.failed)
		g_ptr_array_set_size(d->sheets, 0);
}
