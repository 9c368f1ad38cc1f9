/* xls_sheet: the cells of one worksheet of an Excel 97-2003 workbook (see xls_sheet.h).
 *
 * Each record says where its cell stands. What rows are hidden is told before their cells, in blocks of 32 rows, so it is
 * kept for the whole sheet. A chart that stands in a sheet is a stream of its own between BOF and EOF; its numbers
 * look like cells and are not.
 */
#include "parsers/xls_sheet.h"

#include "parsers/number_format.h"

#include <math.h>
#include <string.h>

enum { ROWS = 65536, ROW_HIDDEN = 0x20, COLUMN_HIDDEN = 1 };
enum { CELL_HEAD = 6, RK_STEP = 6 }; /* row, column, style; style, number */

struct sheet_walk {
	struct xls_book *book;
	GString *text;
	guint8 *hidden;      /* ROWS: whether the row is */
	bool waits;          /* a formula said that its text comes in a STRING record */
	guint row, column;   /* of that formula */
	bool damaged;
};

static void put(struct sheet_walk *w, guint row, guint column, const char *kept)
{
	w->book->cells.row_hidden = w->hidden[row];
	cells_put(&w->book->cells, row, column, kept);
}

/* ---- values ---- */

static bool is_date(const struct xls_book *book, guint style)
{
	guint id = style < book->formats->len ? g_array_index(book->formats, guint16, style) : 0;
	gpointer own;

	return g_hash_table_lookup_extended(book->own, GUINT_TO_POINTER(id), NULL, &own)
		? GPOINTER_TO_INT(own) : number_format_id_is_date(id);
}

static const char *number_text(struct sheet_walk *w, double v, guint style)
{
	char value[G_ASCII_DTOSTR_BUF_SIZE];

	if (!isfinite(v))
		return "#NUM!";
	g_string_truncate(w->text, 0);
	g_ascii_dtostr(value, sizeof value, v);
	if (is_date(w->book, style))
		number_format_append_date(w->text, value, w->book->cells.document->epoch_1904);
	else
		number_format_append(w->text, value);
	return cells_keep(&w->book->cells, w->text->str, w->text->len);
}

static double double_of(guint64 bits)
{
	double v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

static double read_double(const guint8 *p)
{
	return double_of((guint64)xls_u32(p + 4) << 32 | xls_u32(p));
}

/* RkNumber (2.5.217): 30 bits of a whole number or the upper 30 bits of a double, perhaps times 100. */
static double read_rk(const guint8 *p)
{
	guint32 rk = xls_u32(p);
	double v = rk & 2 ? (gint32)rk >> 2 : double_of((guint64)(rk & ~3u) << 32);

	return rk & 1 ? v / 100 : v;
}

/* As Excel shows them (2.5.10). */
static const char *error_text(guint code)
{
	static const struct { guint8 code; const char *text; } errors[] = {
		{ 0x00, "#NULL!" }, { 0x07, "#DIV/0!" }, { 0x0f, "#VALUE!" }, { 0x17, "#REF!" },
		{ 0x1d, "#NAME?" }, { 0x24, "#NUM!" },   { 0x2a, "#N/A" },    { 0x2b, "#GETTING_DATA" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(errors); i++)
		if (errors[i].code == code)
			return errors[i].text;
	return "#N/A";
}

static const char *truth_text(guint value)
{
	return value ? "TRUE" : "FALSE";
}

/* ---- records: d is the record's data, of at least the length that the table below asks for ---- */

static void on_row(struct sheet_walk *w, const struct xls_record *r)
{
	w->hidden[xls_u16(r->data)] = xls_u16(r->data + 12) & ROW_HIDDEN;
}

static void on_columns(struct sheet_walk *w, const struct xls_record *r)
{
	guint first = xls_u16(r->data), last = xls_u16(r->data + 2);

	if (xls_u16(r->data + 8) & COLUMN_HIDDEN && last >= first)
		cells_hide_columns(&w->book->cells, first, last - first + 1);
}

static void put_at(struct sheet_walk *w, const struct xls_record *r, const char *kept)
{
	put(w, xls_u16(r->data), xls_u16(r->data + 2), kept);
}

static void on_shared(struct sheet_walk *w, const struct xls_record *r)
{
	guint32 index = xls_u32(r->data + CELL_HEAD);

	if (index < w->book->strings->len)
		put_at(w, r, w->book->strings->pdata[index]);
	else
		w->damaged = true;
}

static const char *string_text(struct sheet_walk *w, const struct xls_record *r, size_t from)
{
	struct xls_text t = xls_record_text(&w->book->stream, r, from);

	g_string_truncate(w->text, 0);
	xls_record_string(&t, 2, w->text);
	w->damaged = t.failed;
	return cells_keep(&w->book->cells, w->text->str, w->text->len);
}

static void on_label(struct sheet_walk *w, const struct xls_record *r)
{
	put_at(w, r, string_text(w, r, CELL_HEAD));
}

static void on_number(struct sheet_walk *w, const struct xls_record *r)
{
	put_at(w, r, number_text(w, read_double(r->data + CELL_HEAD), xls_u16(r->data + 4)));
}

static void on_rk(struct sheet_walk *w, const struct xls_record *r)
{
	put_at(w, r, number_text(w, read_rk(r->data + CELL_HEAD), xls_u16(r->data + 4)));
}

/* Row, first column, a style and number for each column, last column: which the length says too. */
static void on_rks(struct sheet_walk *w, const struct xls_record *r)
{
	guint row = xls_u16(r->data), column = xls_u16(r->data + 2);
	const guint8 *end = r->data + r->len - 2;

	for (const guint8 *p = r->data + 4; end - p >= RK_STEP; p += RK_STEP)
		put(w, row, column++, number_text(w, read_rk(p + 2), xls_u16(p)));
}

static void on_truth(struct sheet_walk *w, const struct xls_record *r)
{
	guint value = r->data[CELL_HEAD];

	put_at(w, r, r->data[CELL_HEAD + 1] ? error_text(value) : truth_text(value));
}

/* FormulaValue (2.5.133): a number, or two bytes 0xff at its end and a kind at its beginning. */
static void on_formula(struct sheet_walk *w, const struct xls_record *r)
{
	const guint8 *value = r->data + CELL_HEAD;
	guint kind = xls_u16(value + 6) == 0xffff ? value[0] : 4;

	w->row = xls_u16(r->data);
	w->column = xls_u16(r->data + 2);
	w->waits = kind == 0;
	if (kind == 1)
		put_at(w, r, truth_text(value[2]));
	else if (kind == 2)
		put_at(w, r, error_text(value[2]));
	else if (kind == 4)
		on_number(w, r);
}

static void on_string(struct sheet_walk *w, const struct xls_record *r)
{
	if (w->waits)
		put(w, w->row, w->column, string_text(w, r, 0));
	w->waits = false;
}

static const struct cell_record {
	guint type;
	size_t least;
	void (*read)(struct sheet_walk *, const struct xls_record *);
} cell_records[] = {
	{ 0x0fd, 10, on_shared },  { 0x27e, 10, on_rk },      { 0x0bd, 12, on_rks },  { 0x203, 14, on_number },
	{ 0x208, 14, on_row },     { 0x006, 14, on_formula }, { 0x207, 3, on_string }, { 0x205, 8, on_truth },
	{ 0x204, 9, on_label },    { 0x0d6, 9, on_label },    { 0x07d, 10, on_columns },
};

static void read_record(struct sheet_walk *w, const struct xls_record *r)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cell_records); i++)
		if (cell_records[i].type == r->type) {
			w->damaged = r->len < cell_records[i].least;
			if (!w->damaged)
				cell_records[i].read(w, r);
			return;
		}
}

/* Honest worksheets lie one behind the other: all together they take no more bytes than the stream has. */
static bool take(struct xls_book *book, struct xls_record *r)
{
	size_t from = book->stream.at;

	if (!xls_record_next(&book->stream, r) || book->stream.at - from > book->left)
		return false;
	book->left -= book->stream.at - from;
	return true;
}

static bool walk(struct sheet_walk *w)
{
	struct xls_record r;
	guint depth = 1;

	if (!take(w->book, &r) || r.type != XLS_BOF || r.len < 4 || xls_u16(r.data) != XLS_VERSION)
		return false;
	while (depth) {
		if (w->damaged || !take(w->book, &r))
			return false;
		if (r.type == XLS_BOF)
			depth++;
		else if (r.type == XLS_EOF)
			depth--;
		else if (depth == 1)
			read_record(w, &r);
	}
	return true;
}

const char *xls_sheet_read(struct xls_book *book, struct sheet *sheet)
{
	g_autofree guint8 *hidden = g_malloc0(ROWS);
	g_autoptr(GString) text = g_string_sized_new(256);
	struct sheet_walk w = { .book = book, .text = text, .hidden = hidden };

	cells_begin(&book->cells, sheet);
	if (!walk(&w))
		return "xls_damaged";
	cells_end(&book->cells);
	return NULL;
}
