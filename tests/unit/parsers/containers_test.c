/* The same people, written as workbook, OpenDocument, CSV in three ways, HTML file and HTML body, are the same facts.
 *
 * Lists are made by a generator with a fixed seed: headings among the words of headings.table, their order and case, lines
 * above the table, numbers as text or number, shapes of dates, codes as number or word, right and wrong values.
 */
#include "parsers/form.h"
#include "parsers/sheet_html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include <cmocka.h>
#include "tests/unit/parsers/zip_builder.h"

enum { SETS = 500, PEOPLE = 40, FIELDS = 8, COLUMNS = 10 };

enum type { TEXT, NUMBER, DATE };
struct cell { char *text; enum type type; guint day, month, year; };
struct list { GPtrArray *rows; /* GArray of struct cell */ };

static struct headings *headings;

static guint pick(GRand *r, guint n)
{
	return (guint)g_rand_int_range(r, 0, (gint32)n);
}

/* ---- making a list ---- */

static const char *const words[FIELDS][4] = {
	{ "T.C. Kimlik No", "TC KİMLİK NUMARASI *", "TCKN", "tc no" },
	{ "Ad", "ADI", "İsim", "Adı:" },
	{ "Soyad", "SOYADI", "Soyisim", "soyadı" },
	{ "Doğum Tarihi", "Doğum Tarihi\n(GG/AA/YYYY)", "DOĞUM TARİHİ", "Doğum tarihi (gün, ay, yıl)" },
	{ "Kurumsal E-posta", "E-POSTA", "Email", "Mail Adresi" },
	{ "Başvuru Türü", "BAŞVURU NEDENİ", "Başvuru Tipi", "başvuru şekli" },
	{ "Kart Okuyucu Türü", "Akıllı Kart Okuyucu Türü", "KART OKUYUCU TİPİ", "Okuyucu Türü" },
	{ "Açıklama", "Not (Ek Bilgi)", "NOT", "Açıklamalar" },
};

static void clear_cell(void *p)
{
	g_free(((struct cell *)p)->text);
}

static GArray *add_row(struct list *l)
{
	GArray *row = g_array_new(FALSE, TRUE, sizeof(struct cell));

	g_array_set_clear_func(row, clear_cell);
	g_ptr_array_add(l->rows, row);
	return row;
}

static void add_text(GArray *row, const char *text)
{
	struct cell c = { .text = g_strdup(text) };

	g_array_append_val(row, c);
}

/* Made by the rule of check digits; one in ten is wrong. */
static void add_tckn(GRand *r, GArray *row)
{
	int d[11] = { (int)pick(r, 9) + 1 }, odd = d[0], even = 0, sum = 0;
	char text[12] = "";

	for (int i = 1; i < 9; i++) {
		d[i] = (int)pick(r, 10);
		*(i % 2 ? &even : &odd) += d[i];
	}
	d[9] = ((odd * 7 - even) % 10 + 10) % 10;
	for (int i = 0; i < 10; i++)
		sum += d[i];
	d[10] = (sum + !pick(r, 10)) % 10;
	for (int i = 0; i < 11; i++)
		text[i] = (char)('0' + d[i]);
	struct cell c = { .text = g_strdup(text), .type = pick(r, 2) ? NUMBER : TEXT };
	g_array_append_val(row, c);
}

static void add_date(GRand *r, GArray *row)
{
	struct cell c = { .type = pick(r, 3) ? DATE : TEXT, .day = pick(r, 28) + 1, .month = pick(r, 12) + 1, .year = 1950 + pick(r, 50) };
	static const char *const others[] = { "", "-", "01.01.1900", "Belirtilmemiş", "31.02.1980" };

	if (!pick(r, 8))
		c = (struct cell){ .text = g_strdup(others[pick(r, G_N_ELEMENTS(others))]) };
	else if (pick(r, 2))
		c.text = g_strdup_printf("%02u.%02u.%04u", c.day, c.month, c.year);
	else
		c.text = g_strdup_printf(pick(r, 2) ? "%u/%u/%u" : "%02u-%02u-%04u", c.day, c.month, c.year);
	g_array_append_val(row, c);
}

static void add_code(GRand *r, GArray *row, const char *const *codes, guint n)
{
	struct cell c = { .text = g_strdup(codes[pick(r, n)]) };

	c.type = g_ascii_isdigit(*c.text) && !c.text[1] ? NUMBER : TEXT;
	g_array_append_val(row, c);
}

static void add_field(GRand *r, GArray *row, int field)
{
	static const char *const given[] = { "Deneme", "Test", "Örnek", "ŞABLON", "Deneme Ğ.", "" };
	static const char *const family[] = { "Bir", "İki", "Üç", "Dört", "BEŞ", "Altı" };
	static const char *const emails[] = { "deneme.bir@kurum.test", "Test.Iki@kurum.test", "<ornek@kurum.test>", "yok", "" };
	static const char *const kinds[] = { "1", "2", "3", "4", "İlk Başvuru", "YENİLEME", "3 - Yenileme", "bilmem", "" };
	static const char *const readers[] = { "1", "2", "3", "Mini", "Masaüstü", "istenmiyor", "" };
	static const char *const notes[] = { "", "acele", "a;b, \"c\"\td", "iki\nsatır", "=1+1", "<b>&amp;</b>", "'x", "sep=;" };

	switch (field) {
	case 0: add_tckn(r, row); break;
	case 1: add_text(row, given[pick(r, 6)]); break;
	case 2: add_text(row, family[pick(r, 6)]); break;
	case 3: add_date(r, row); break;
	case 4: add_text(row, emails[pick(r, 5)]); break;
	case 5: add_code(r, row, kinds, 9); break;
	case 6: add_code(r, row, readers, 7); break;
	default: add_text(row, notes[pick(r, 8)]); break;
	}
}

static struct list make_list(GRand *r)
{
	struct list l = { g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref) };
	static const char *const banners[] = { "", "Birim: Fen, Edebiyat Fakültesi", "Talep No: 12345", "NİTELİKLİ SERTİFİKA TALEP FORMU" };
	int order[COLUMNS]; /* -1: a column without heading */

	for (int i = 0; i < COLUMNS; i++)
		order[i] = i < FIELDS ? i : -1;
	for (guint i = COLUMNS - 1; i > 0; i--) {
		guint k = pick(r, i + 1);
		int kept = order[i];
		order[i] = order[k];
		order[k] = kept;
	}
	for (guint n = pick(r, 4); n--;)
		add_text(add_row(&l), banners[pick(r, 4)]);
	GArray *row = add_row(&l);
	for (int i = 0; i < COLUMNS; i++)
		add_text(row, order[i] < 0 ? "" : words[order[i]][pick(r, 4)]);
	for (int p = 0; p < PEOPLE; p++) {
		row = add_row(&l);
		for (int i = 0; i < COLUMNS && pick(r, 20); i++)
			order[i] < 0 ? add_text(row, "") : add_field(r, row, order[i]);
	}
	return l;
}

#define EACH(list, r, row) for (guint r = 0; r < (list)->rows->len; r++) for (GArray *row = (list)->rows->pdata[r]; row; row = NULL)
#define CELL_AT(row, i) (&g_array_index(row, struct cell, i))

/* ---- writing it ---- */

static document_t *as_xlsx(const struct list *l)
{
	g_autofree char *name = NULL, *bytes = NULL;
	gsize len;
	int fd = g_file_open_tmp("nesgate-XXXXXX.xlsx", &name, NULL);
	lxw_workbook *book = workbook_new(name);
	lxw_worksheet *sheet = workbook_add_worksheet(book, "Sayfa1");
	lxw_format *date = workbook_add_format(book);

	format_set_num_format(date, "dd.mm.yyyy");
	EACH(l, r, row)
		for (guint i = 0; i < row->len; i++) {
			const struct cell *c = CELL_AT(row, i);
			lxw_datetime when = { (int)c->year, (int)c->month, (int)c->day, 0, 0, 0 };
			if (c->type == DATE)
				worksheet_write_datetime(sheet, r, (lxw_col_t)i, &when, date);
			else if (c->type == NUMBER)
				worksheet_write_number(sheet, r, (lxw_col_t)i, g_ascii_strtod(c->text, NULL), NULL);
			else if (*c->text)
				worksheet_write_string(sheet, r, (lxw_col_t)i, c->text, NULL);
		}
	assert_int_equal(workbook_close(book), LXW_NO_ERROR);
	assert_true(g_file_get_contents(name, &bytes, &len, NULL));
	close(fd);
	remove(name);
	return document_open("a.xlsx", bytes, len);
}

static void append_ods_cell(GString *out, const struct cell *c)
{
	g_autofree char *text = g_markup_escape_text(c->text, -1);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autofree char *paragraphs = g_strjoinv("</p><p>", lines);

	if (c->type == DATE)
		g_string_append_printf(out, "<table-cell value-type='date' date-value='%04u-%02u-%02u'>", c->year, c->month, c->day);
	else if (c->type == NUMBER)
		g_string_append_printf(out, "<table-cell value-type='float' value='%s'>", c->text);
	else
		g_string_append(out, "<table-cell value-type='string'>");
	g_string_append_printf(out, "<p>%s</p></table-cell>", paragraphs);
}

static document_t *as_ods(const struct list *l)
{
	g_autoptr(GString) out = g_string_new("<d><spreadsheet><table name='Sayfa1'>");
	struct zip_builder b = { 0 };

	EACH(l, r, row) {
		g_string_append(out, "<table-row>");
		for (guint i = 0; i < row->len; i++)
			append_ods_cell(out, CELL_AT(row, i));
		g_string_append(out, "<table-cell number-columns-repeated='1000'/></table-row>");
	}
	g_string_append(out, "<table-row number-rows-repeated='1048000'/></table></spreadsheet></d>");
	zip_add_text(&b, "mimetype", "application/vnd.oasis.opendocument.spreadsheet");
	zip_add(&b, "content.xml", out->str, out->len, (struct zip_options){ .deflate = TRUE });
	g_autoptr(GBytes) bytes = zip_finish(&b);
	return document_open("a.ods", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static GString *csv_of(const struct list *l, char delimiter, const char *line_end)
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

static document_t *as_csv(const struct list *l, char delimiter, const char *charset)
{
	g_autoptr(GString) text = csv_of(l, delimiter, delimiter == ';' ? "\r\n" : "\n");
	gsize len;

	g_string_prepend(text, strcmp(charset, "windows-1254") ? "\xef\xbb\xbf" : "");
	g_autofree char *bytes = g_convert(text->str, (gssize)text->len, charset, "utf-8", NULL, &len, NULL);
	assert_non_null(bytes);
	return document_open("Sayfa1.csv", bytes, len);
}

static document_t *as_csv_turkish(const struct list *l)
{
	return as_csv(l, ';', "windows-1254");
}

static document_t *as_csv_utf8(const struct list *l)
{
	return as_csv(l, ',', "utf-8");
}

static document_t *as_csv_unicode(const struct list *l)
{
	return as_csv(l, '\t', "utf-16le");
}

static char *html_of(const struct list *l)
{
	GString *out = g_string_new("<html><body><p>Merhaba</p><div style='display:none'><table><tr><td>TC<td>Ad<tr><td>1<td>x</table></div>"
				    "<table><tr style='display : none'><td>gizli</td></tr>");

	EACH(l, r, row) {
		g_string_append(out, "<tr>");
		for (guint i = 0; i < row->len; i++) {
			g_autofree char *escaped = g_markup_escape_text(CELL_AT(row, i)->text, -1);
			g_auto(GStrv) lines = g_strsplit(escaped, "\n", -1);
			g_autofree char *text = g_strjoinv("<br>", lines);
			g_string_append_printf(out, r % 2 ? "<td><p>%s</p></td>" : "<th>\n %s&nbsp;", text);
		}
		g_string_append(out, "</tr>\n");
	}
	return g_string_free(g_string_append(out, "</table></body></html>"), FALSE);
}

static document_t *as_html(const struct list *l)
{
	g_autofree char *html = html_of(l);
	gsize len;
	g_autofree char *bytes = g_convert(html, -1, "windows-1254", "utf-8", NULL, &len, NULL);

	return document_open("Sayfa1.xls", bytes, len);
}

static document_t *as_body(const struct list *l)
{
	g_autofree char *html = html_of(l);

	return sheet_html_open(NULL, html, strlen(html));
}

static document_t *as_docx(const struct list *l)
{
	g_autoptr(GString) out = g_string_new("<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>Merhaba</w:t></w:r></w:p><w:tbl>");
	struct zip_builder b = { 0 };

	EACH(l, r, row) {
		g_string_append(out, "<w:tr>");
		for (guint i = 0; i < row->len; i++) {
			g_autofree char *escaped = g_markup_escape_text(CELL_AT(row, i)->text, -1);
			g_auto(GStrv) lines = g_strsplit(escaped, "\n", -1);
			g_autofree char *text = g_strjoinv("</w:t><w:br/><w:t>", lines);
			g_string_append_printf(out, "<w:tc><w:p><w:del><w:r><w:t>x</w:t></w:r></w:del><w:r><w:t>%s</w:t></w:r></w:p></w:tc>", text);
		}
		g_string_append(out, "</w:tr>");
	}
	g_string_append(out, "</w:tbl></w:body></w:document>");
	zip_add(&b, "word/document.xml", out->str, out->len, (struct zip_options){ .deflate = TRUE });
	g_autoptr(GBytes) bytes = zip_finish(&b);
	return document_open("a.docx", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static document_t *as_odt(const struct list *l)
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
			g_string_append_printf(out, "<table-cell><p>%s</p></table-cell>", text->str);
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
static document_t *as_zip(const struct list *l)
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

/* ---- comparing ---- */

static const struct { const char *name; document_t *(*write)(const struct list *); } containers[] = {
	{ "xlsx", as_xlsx }, { "ods", as_ods }, { "csv ;", as_csv_turkish }, { "csv ,", as_csv_utf8 }, { "csv tab", as_csv_unicode },
	{ "html", as_html }, { "body", as_body }, { "docx", as_docx }, { "odt", as_odt }, { "zip", as_zip },
};

/* Everything that is known of the people, with places and complaints. */
static char *facts_of(document_t *d, guint *rows)
{
	struct form_rules rules = { headings, NULL, 1795337400 }; /* 22 November 2026 */
	struct request *r = form_from_document(d, &rules, d->complaints);
	GString *json = g_string_new(NULL);

	assert_non_null(r);
	*rows = r->rows->len;
	facts_append_request(json, r);
	facts_append_complaints(json, d->complaints);
	g_string_replace(json, "Tablo 1", "Sayfa1", 0);
	g_string_replace(json, "[Sayfa1.csv]", "", 0);
	facts_request_free(r);
	return g_string_free(json, FALSE);
}

static void compare(const struct list *l, int set, guint *people)
{
	g_autofree char *first = NULL;
	guint rows;

	for (size_t i = 0; i < G_N_ELEMENTS(containers); i++) {
		g_autoptr(document_t) d = containers[i].write(l);
		g_autofree char *facts = facts_of(d, &rows);
		size_t same = 0;

		if (!first)
			first = g_strdup(facts);
		while (facts[same] && facts[same] == first[same])
			same++;
		size_t from = same > 60 ? same - 60 : 0;
		if (strcmp(facts, first))
			fail_msg("set %d, %s: …%.120s… instead of …%.120s…", set, containers[i].name, facts + from, first + from);
	}
	*people += rows;
}

static void same_facts(void **state)
{
	g_autoptr(GRand) r = g_rand_new_with_seed(20261122);
	guint people = 0;

	for (int set = 0; set < SETS; set++) {
		struct list l = make_list(r);
		compare(&l, set, &people);
		g_ptr_array_unref(l.rows);
	}
	assert_true(people > SETS * PEOPLE / 2);
	printf("%d lists of %u people, each as %zu kinds of file\n", SETS, people, G_N_ELEMENTS(containers));
}

static int set_up(void **state)
{
	g_autofree char *text = NULL;

	document_warm_up();
	if (!g_file_get_contents("parsers/headings.table", &text, NULL, NULL))
		return -1;
	headings = headings_parse(text, NULL);
	return headings ? 0 : -1;
}

static int tear_down(void **state)
{
	headings_free(headings);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(same_facts) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
