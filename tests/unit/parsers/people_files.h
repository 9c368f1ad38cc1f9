/* people_files: the same list of people (people_gen.h) as every kind of file that is read. Header only; behind cmocka.h.
 *
 * A new kind is one function and its row in the table at the end.
 */
#pragma once
#include "parsers/form.h"
#include "parsers/sheet_html.h"
#include "tests/unit/parsers/pdf_builder.h"
#include "tests/unit/parsers/people_gen.h"
#include "tests/unit/parsers/xls_builder.h"
#include "tests/unit/parsers/zip_builder.h"
#include <unistd.h>
#include <xlsxwriter.h>

static inline bool spans(const GArray *row, guint i)
{
	return i + 1 < row->len && CELL_AT(row, i + 1)->covered;
}

static inline document_t *as_xlsx(const struct list *l)
{
	g_autofree char *name = NULL, *bytes = NULL;
	gsize len;
	int fd = g_file_open_tmp("nesgate-XXXXXX.xlsx", &name, NULL);
	lxw_workbook *book = workbook_new(name);
	lxw_worksheet *sheet = workbook_add_worksheet(book, "Sayfa1");
	lxw_format *date = workbook_add_format(book);

	format_set_num_format(date, "dd.mm.yyyy");
	EACH(l, r, row) {
		lxw_row_col_options hidden = { .hidden = row->len && CELL_AT(row, 0)->row_hidden };
		if (hidden.hidden)
			worksheet_set_row_opt(sheet, r, LXW_DEF_ROW_HEIGHT, NULL, &hidden);
		for (guint i = 0; i < row->len; i++) {
			const struct cell *c = CELL_AT(row, i);
			lxw_datetime when = { (int)c->year, (int)c->month, (int)c->day, 0, 0, 0 };
			if (spans(row, i))
				worksheet_merge_range(sheet, r, (lxw_col_t)i, r, (lxw_col_t)i + 1, "", NULL);
			if (c->type == DATE)
				worksheet_write_datetime(sheet, r, (lxw_col_t)i, &when, date);
			else if (c->type == NUMBER)
				worksheet_write_number(sheet, r, (lxw_col_t)i, g_ascii_strtod(c->text, NULL), NULL);
			else if (*c->text)
				worksheet_write_string(sheet, r, (lxw_col_t)i, c->text, NULL);
		}
	}
	assert_int_equal(workbook_close(book), LXW_NO_ERROR);
	assert_true(g_file_get_contents(name, &bytes, &len, NULL));
	close(fd);
	remove(name);
	return document_open("a.xlsx", bytes, len);
}

/* Day 0 of a date is 30 December 1899. */
static inline void put_xls(struct xls_builder *b, GByteArray *sheet, const guint place[2], const struct cell *c)
{
	g_autoptr(GDate) day = c->type == DATE ? g_date_new_dmy(c->day, c->month, c->year) : NULL;

	if (day)
		xls_number(sheet, XLS_AT(place[0], place[1], XLS_STYLE_DATE), g_date_get_julian(day) - 693594.0);
	else if (c->type == NUMBER)
		xls_number(sheet, XLS_AT(place[0], place[1], XLS_STYLE_PLAIN), g_ascii_strtod(c->text, NULL));
	else if (*c->text)
		xls_shared(b, sheet, XLS_AT(place[0], place[1], XLS_STYLE_PLAIN), c->text);
}

static inline document_t *as_xls(const struct list *l)
{
	struct xls_builder b;

	xls_begin(&b);
	b.most = 100;
	b.turn = TRUE;
	GByteArray *sheet = xls_add_sheet(&b, "Sayfa1", 0, 0);
	EACH(l, r, row) {
		xls_row(sheet, r, row->len && CELL_AT(row, 0)->row_hidden ? XLS_ROW_HIDDEN : 0);
		for (guint i = 0; i < row->len; i++)
			put_xls(&b, sheet, (const guint[2]){ r, i }, CELL_AT(row, i));
	}
	g_autoptr(GBytes) bytes = xls_finish(&b);
	return document_open("a.xls", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static inline void append_ods_cell(GString *out, const struct cell *c, const char *span)
{
	g_autofree char *text = g_markup_escape_text(c->text, -1);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autofree char *paragraphs = g_strjoinv("</p><p>", lines);

	if (c->covered)
		g_string_append(out, "<covered-table-cell/>");
	if (c->covered)
		return;
	if (c->type == DATE)
		g_string_append_printf(out, "<table-cell%s value-type='date' date-value='%04u-%02u-%02u'>", span, c->year, c->month, c->day);
	else if (c->type == NUMBER)
		g_string_append_printf(out, "<table-cell%s value-type='float' value='%s'>", span, c->text);
	else
		g_string_append_printf(out, "<table-cell%s value-type='string'>", span);
	g_string_append_printf(out, "<p>%s</p></table-cell>", paragraphs);
}

static inline document_t *as_ods(const struct list *l)
{
	g_autoptr(GString) out = g_string_new("<d><spreadsheet><table name='Sayfa1'>");
	struct zip_builder b = { 0 };

	EACH(l, r, row) {
		g_string_append(out, row->len && CELL_AT(row, 0)->row_hidden ? "<table-row visibility='collapse'>" : "<table-row>");
		for (guint i = 0; i < row->len; i++)
			append_ods_cell(out, CELL_AT(row, i), spans(row, i) ? " number-columns-spanned='2'" : "");
		g_string_append(out, "<table-cell number-columns-repeated='1000'/></table-row>");
	}
	g_string_append(out, "<table-row number-rows-repeated='1048000'/></table></spreadsheet></d>");
	zip_add_text(&b, "mimetype", "application/vnd.oasis.opendocument.spreadsheet");
	zip_add(&b, "content.xml", out->str, out->len, (struct zip_options){ .deflate = TRUE });
	g_autoptr(GBytes) bytes = zip_finish(&b);
	return document_open("a.ods", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static inline GString *csv_of(const struct list *l, char delimiter, const char *line_end)
{
	GString *out = g_string_new(NULL);
	char special[] = { delimiter, '"', '\n', '\0' };

	EACH(l, r, row) {
		for (guint i = 0; i < row->len; i++) {
			g_autoptr(GString) text = g_string_new(CELL_AT(row, i)->text);
			bool quoted = strpbrk(text->str, special);
			g_string_replace(text, "\"", "\"\"", 0);
			g_string_append_printf(out, "%.*s%s%s%s", i > 0, &delimiter, quoted ? "\"" : "", text->str, quoted ? "\"" : "");
		}
		g_string_append(out, line_end);
	}
	return out;
}

static inline document_t *as_csv(const struct list *l, char delimiter, const char *charset)
{
	g_autoptr(GString) text = csv_of(l, delimiter, delimiter == ';' ? "\r\n" : "\n");
	gsize len;

	bool unicode = strcmp(charset, "windows-1254");
	g_autofree char *bytes = unicode ? NULL : g_convert(text->str, (gssize)text->len, charset, "utf-8", NULL, &len, NULL);
	if (!bytes) { /* what has no letter in the charset is saved as Unicode */
		g_string_prepend(text, "\xef\xbb\xbf");
		bytes = g_convert(text->str, (gssize)text->len, unicode ? charset : "utf-8", "utf-8", NULL, &len, NULL);
	}
	return document_open("Sayfa1.csv", bytes, len);
}

static inline document_t *as_csv_turkish(const struct list *l)
{
	return as_csv(l, ';', "windows-1254");
}

static inline document_t *as_csv_utf8(const struct list *l)
{
	return as_csv(l, ',', "utf-8");
}

static inline document_t *as_csv_unicode(const struct list *l)
{
	return as_csv(l, '\t', "utf-16le");
}

static inline char *html_of(const struct list *l)
{
	GString *out = g_string_new("<html><body><p>Merhaba</p><div style='display:none'><table><tr><td>TC<td>Ad<tr><td>1<td>x</table></div>"
				    "<table><tr style='display : none'><td>gizli</td></tr>");

	EACH(l, r, row) {
		g_string_append(out, "<tr>");
		for (guint i = 0; i < row->len; i++) {
			g_autofree char *escaped = g_markup_escape_text(CELL_AT(row, i)->text, -1);
			g_auto(GStrv) lines = g_strsplit(escaped, "\n", -1);
			g_autofree char *text = g_strjoinv("<br>", lines);
			const char *span = spans(row, i) ? " colspan=2" : "";
			if (!CELL_AT(row, i)->covered)
				g_string_append_printf(out, r % 2 ? "<td%s><p>%s</p></td>" : "<th%s>\n %s&nbsp;", span, text);
		}
		g_string_append(out, "</tr>\n");
	}
	return g_string_free(g_string_append(out, "</table></body></html>"), FALSE);
}

/* Letters that the charset does not have are written by number. */
static inline document_t *as_html(const struct list *l)
{
	g_autofree char *html = html_of(l);
	g_autoptr(GString) numbered = g_string_new(NULL);
	gsize len;

	for (const char *p = html; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (c < 0x2000)
			g_string_append_unichar(numbered, c);
		else
			g_string_append_printf(numbered, "&#%u;", c);
	}
	g_autofree char *bytes = g_convert(numbered->str, -1, "windows-1254", "utf-8", NULL, &len, NULL);

	return document_open("Sayfa1.xls", bytes, len);
}

static inline document_t *as_body(const struct list *l)
{
	g_autofree char *html = html_of(l);

	return sheet_html_open(NULL, html, strlen(html));
}

static inline document_t *as_docx(const struct list *l)
{
	g_autoptr(GString) out = g_string_new("<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>Merhaba</w:t></w:r></w:p><w:tbl>");
	struct zip_builder b = { 0 };

	EACH(l, r, row) {
		g_string_append(out, "<w:tr>");
		for (guint i = 0; i < row->len; i++) {
			g_autofree char *escaped = g_markup_escape_text(CELL_AT(row, i)->text, -1);
			g_auto(GStrv) lines = g_strsplit(escaped, "\n", -1);
			g_autofree char *text = g_strjoinv("</w:t><w:br/><w:t>", lines);
			const char *span = spans(row, i) ? "<w:tcPr><w:gridSpan w:val='2'/></w:tcPr>" : "";
			if (!CELL_AT(row, i)->covered)
				g_string_append_printf(out, "<w:tc>%s<w:p><w:del><w:r><w:t>x</w:t></w:r></w:del><w:r><w:t>%s</w:t></w:r></w:p></w:tc>", span, text);
		}
		g_string_append(out, "</w:tr>");
	}
	g_string_append(out, "</w:tbl></w:body></w:document>");
	zip_add(&b, "word/document.xml", out->str, out->len, (struct zip_options){ .deflate = TRUE });
	g_autoptr(GBytes) bytes = zip_finish(&b);
	return document_open("a.docx", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static inline document_t *as_odt(const struct list *l)
{
	g_autoptr(GString) out = g_string_new("<d><text><p>Merhaba</p><tracked-changes><p>x</p></tracked-changes><table>");
	struct zip_builder b = { 0 };

	EACH(l, r, row) {
		g_string_append(out, "<table-row>");
		for (guint i = 0; i < row->len; i++) {
			g_autofree char *escaped = g_markup_escape_text(CELL_AT(row, i)->text, -1);
			g_autoptr(GString) text = g_string_new(escaped);
			g_string_replace(text, "\t", "<tab/>", 0);
			g_string_replace(text, "\n", "<line-break/>", 0);
			const char *span = spans(row, i) ? " number-columns-spanned='2'" : "";
			if (CELL_AT(row, i)->covered)
				g_string_append(out, "<covered-table-cell/>");
			else
				g_string_append_printf(out, "<table-cell%s><p>%s</p></table-cell>", span, text->str);
		}
		g_string_append(out, "</table-row>");
	}
	g_string_append(out, "</table></text></d>");
	zip_add_text(&b, "mimetype", "application/vnd.oasis.opendocument.text");
	zip_add(&b, "content.xml", out->str, out->len, (struct zip_options){ .deflate = TRUE });
	g_autoptr(GBytes) bytes = zip_finish(&b);
	return document_open("a.odt", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* Beside a picture and what another system left there. */
static inline document_t *as_zip(const struct list *l)
{
	g_autoptr(GString) csv = csv_of(l, ';', "\r\n");
	struct zip_builder b = { 0 };

	g_string_prepend(csv, "\xef\xbb\xbf");
	zip_add(&b, "photo.jpg", "\xff\xd8\xff\xe0 x", 6, (struct zip_options){ 0 });
	zip_add(&b, "list/Sayfa1.csv", csv->str, csv->len, (struct zip_options){ .deflate = TRUE });
	zip_add_text(&b, "__MACOSX/._Sayfa1.csv", "x");
	g_autoptr(GBytes) bytes = zip_finish(&b);
	return document_open("a.zip", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* Printed headings over a field for each cell, which has the cell's name as in the others. */
static inline document_t *as_pdf(const struct list *l)
{
	enum { WIDTH = 260, HEIGHT = 72 };
	struct pdf_builder b = pdf_begin((int)l->n_columns * WIDTH + 40, (int)l->rows->len * HEIGHT + 40);

	EACH(l, r, row)
		for (guint i = 0; i < (r > l->header ? l->n_columns : row->len); i++) {
			const char *text = i < row->len ? CELL_AT(row, i)->text : "";
			double x = 20 + i * WIDTH, y = 20 + r * HEIGHT;
			g_autofree char *name = g_strdup_printf("Sayfa1!%c%u", 'A' + i, r + 1);
			g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
			if (r > l->header)
				pdf_field(&b, name, text, x, y);
			for (guint k = 0; r <= l->header && lines[k]; k++)
				pdf_text(&b, x, y + 12 * k, 10, lines[k]);
		}
	pdf_end_page(&b);
	g_autoptr(GBytes) bytes = pdf_finish(&b);
	return document_open("a.pdf", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* `hides`: a row can be hidden in it, and is read. */
static const struct { const char *name; document_t *(*write)(const struct list *); bool hides; } containers[] = {
	{ "xlsx", as_xlsx, true }, { "xls", as_xls, true }, { "ods", as_ods, true }, { "csv ;", as_csv_turkish },
	{ "csv ,", as_csv_utf8 }, { "csv tab", as_csv_unicode },
	{ "html", as_html }, { "body", as_body }, { "docx", as_docx }, { "odt", as_odt }, { "zip", as_zip },
	{ "fillable pdf", as_pdf },
};
