/* xlsx_sheet: the cells of one worksheet, and the shared strings (see xlsx_sheet.h).
 *
 * A cell says where it stands (r="C5"), or it does not and stands right of the one before. Both are kept: a
 * form is read by columns, so a cell that slid to the left would be another person's fact.
 */
#include "parsers/xlsx_sheet.h"

#include "parsers/number_format.h"
#include "parsers/xml.h"

#include <string.h>

struct cells_walk {
	struct xlsx_book *book;
	guint row, column;  /* of the present cell, from 0 */
	guint next_row, next_column;
	char type[12];
	guint style;
	bool in_cell, take, in_phonetic;
	GString *text;
};

/* ---- text common to cells and shared strings ---- */

/* "_x000D_" is how the format writes what XML cannot hold (§22.9.2.19). */
static void decode_escapes(GString *text)
{
	char *from = strstr(text->str, "_x");

	while (from) {
		guint code = 0;
		int digits = 0;

		for (; digits < 4 && g_ascii_isxdigit(from[2 + digits]); digits++)
			code = code * 16 + (guint)g_ascii_xdigit_value(from[2 + digits]);
		if (digits == 4 && from[6] == '_' && code && code < 0x80) {
			from[0] = (char)code;
			g_string_erase(text, from + 1 - text->str, 6);
		}
		from = strstr(from + 1, "_x");
	}
}

static const char *keep_text(struct xlsx_book *book, GString *text)
{
	if (strstr(text->str, "_x"))
		decode_escapes(text);
	return cells_keep(&book->cells, text->str, text->len);
}

static void on_text(void *context, const char *text, size_t len)
{
	struct cells_walk *w = context;

	if (w->take && w->text->len <= CELLS_TEXT)
		g_string_append_len(w->text, text, (gssize)len);
}

/* ---- shared strings: <si><t>…</t></si> or runs <si><r><t>…</t></r>…<rPh>reading aid</rPh></si> ---- */

static bool string_open(void *context, const char *name, const struct xml_element *e)
{
	struct cells_walk *w = context;

	if (!strcmp(name, "t"))
		w->take = !w->in_phonetic;
	else if (!strcmp(name, "si"))
		g_string_truncate(w->text, 0);
	else if (!strcmp(name, "rPh"))
		w->in_phonetic = true;
	return true;
}

static void string_close(void *context, const char *name)
{
	struct cells_walk *w = context;

	if (!strcmp(name, "t"))
		w->take = false;
	else if (!strcmp(name, "rPh"))
		w->in_phonetic = false;
	else if (!strcmp(name, "si"))
		g_ptr_array_add(w->book->strings, (char *)keep_text(w->book, w->text));
}

const char *xlsx_sheet_read_strings(struct xlsx_book *book, const char *xml, size_t len)
{
	static const struct xml_handlers handlers = { string_open, string_close, on_text };
	struct cells_walk w = { .book = book, .text = g_string_sized_new(256) };

	const char *complaint = xml_walk(xml, len, &handlers, &w);
	g_string_free(w.text, TRUE);
	return complaint;
}

/* ---- cells ---- */

static bool read_number(const char *p, size_t len, guint *number)
{
	*number = 0;
	for (size_t i = 0; i < len; i++) {
		if (!g_ascii_isdigit(p[i]) || i >= 9)
			return false;
		*number = *number * 10 + (guint)(p[i] - '0');
	}
	return len > 0;
}

/* "C5" to row 4, column 2. */
static bool read_reference(const char *p, size_t len, guint *row, guint *column)
{
	size_t i = 0;
	guint letters = 0;

	for (; i < len && i < 4 && g_ascii_isupper(p[i]); i++)
		letters = letters * 26 + (guint)(p[i] - 'A') + 1;
	if (!letters || !read_number(p + i, len - i, row) || !*row)
		return false;
	*column = letters - 1;
	--*row;
	return true;
}

/* Excel writes "1", others "true". */
static bool is_hidden(const struct xml_element *e)
{
	const char *value;
	size_t len;

	return xml_attribute(e, "hidden", &value, &len) && len && (*value == '1' || *value == 't');
}

/* <col min="3" max="5" hidden="1"/> */
static void take_columns(struct cells_walk *w, const struct xml_element *e)
{
	const char *value;
	size_t len;
	guint first, last;

	if (is_hidden(e) && xml_attribute(e, "min", &value, &len) && read_number(value, len, &first) && first &&
	    xml_attribute(e, "max", &value, &len) && read_number(value, len, &last) && last >= first)
		cells_hide_columns(&w->book->cells, first - 1, last - first + 1);
}

static void open_row(struct cells_walk *w, const struct xml_element *e)
{
	const char *value;
	size_t len;
	guint number;

	if (xml_attribute(e, "r", &value, &len) && read_number(value, len, &number) && number)
		w->next_row = number - 1;
	w->row = w->next_row++;
	w->next_column = 0;
	w->book->cells.row_hidden = is_hidden(e);
}

static void open_cell(struct cells_walk *w, const struct xml_element *e)
{
	const char *value;
	size_t len;

	w->column = w->next_column;
	w->style = 0;
	w->type[0] = '\0';
	if (xml_attribute(e, "r", &value, &len) && read_reference(value, len, &w->row, &w->column))
		w->next_row = w->row + 1;
	w->next_column = w->column + 1;
	if (xml_attribute(e, "t", &value, &len) && len < sizeof w->type)
		*(char *)mempcpy(w->type, value, len) = '\0';
	if (xml_attribute(e, "s", &value, &len) && !read_number(value, len, &w->style))
		w->style = 0;
	g_string_truncate(w->text, 0);
	w->in_cell = true;
}

/* In <v> stands the value, in <is><t> an inline string; <f>, the formula, is not taken. */
static bool cell_open(void *context, const char *name, const struct xml_element *e)
{
	struct cells_walk *w = context;

	if (!strcmp(name, "c"))
		open_cell(w, e);
	else if (!strcmp(name, "v") || !strcmp(name, "t"))
		w->take = w->in_cell && !w->in_phonetic;
	else if (!strcmp(name, "row"))
		open_row(w, e);
	else if (!strcmp(name, "rPh"))
		w->in_phonetic = true;
	else if (!strcmp(name, "col"))
		take_columns(w, e);
	return true;
}

static const char *shared_string(struct cells_walk *w)
{
	guint index;
	const GPtrArray *strings = w->book->strings;

	if (!strings || !read_number(w->text->str, w->text->len, &index) || index >= strings->len)
		return "";
	return strings->pdata[index];
}

static const char *number_text(struct cells_walk *w)
{
	char value[64];

	if (w->text->len >= sizeof value)
		return keep_text(w->book, w->text);
	memcpy(value, w->text->str, w->text->len + 1);
	g_strstrip(value);
	g_string_truncate(w->text, 0);
	if (w->style && w->book->is_date(w->book->context, w->style))
		number_format_append_date(w->text, value, w->book->cells.document->epoch_1904);
	else
		number_format_append(w->text, value);
	return keep_text(w->book, w->text);
}

static const char *cell_text(struct cells_walk *w)
{
	if (!w->text->len)
		return "";
	if (!strcmp(w->type, "s"))
		return shared_string(w);
	if (!w->type[0] || !strcmp(w->type, "n"))
		return number_text(w);
	if (!strcmp(w->type, "b"))
		return w->text->str[0] == '0' ? "FALSE" : "TRUE";
	return keep_text(w->book, w->text); /* inlineStr, str, e, d */
}

static void cell_close(void *context, const char *name)
{
	struct cells_walk *w = context;

	if (!strcmp(name, "c")) {
		cells_put(&w->book->cells, w->row, w->column, cell_text(w));
		w->in_cell = false;
	} else if (!strcmp(name, "v") || !strcmp(name, "t")) {
		w->take = false;
	} else if (!strcmp(name, "rPh")) {
		w->in_phonetic = false;
	}
}

const char *xlsx_sheet_read(struct xlsx_book *book, struct sheet *sheet, const char *xml, size_t len)
{
	static const struct xml_handlers handlers = { cell_open, cell_close, on_text };
	struct cells_walk w = { .book = book, .text = g_string_sized_new(256) };

	cells_begin(&book->cells, sheet);
	const char *complaint = xml_walk(xml, len, &handlers, &w);
	if (!complaint)
		cells_end(&book->cells);
	g_string_free(w.text, TRUE);
	return complaint;
}
