/* doc_pdf: tables that are printed, not drawn: which words are of which cell and row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/parsers/pdf_form.h"

static const double lefts[] = { 40, 130, 250, 360, 480 };

static void add_line(struct pdf_builder *b, double y, const char *const *cells)
{
	for (int i = 0; i < 5; i++)
		if (cells[i] && *cells[i])
			pdf_text(b, lefts[i], y, 10, cells[i]);
}

#define LINE(y, ...) add_line(&b, y, (const char *const[5]){ __VA_ARGS__ })
#define HEADER(y) LINE(y, "T.C. Kimlik No", "Adı Soyadı", "E-posta", "Başvuru Türü", "Açıklama")

static void printed_table(void **state)
{
	struct pdf_builder b = pdf_begin(600, 400);

	pdf_text(&b, 200, 20, 14, "NES TALEP FORMU");
	pdf_text(&b, 40, 40, 10, "Birim: Fen Fakültesi");
	HEADER(70);
	LINE(90, ID1, "Deneme Bir", "a@k.test", "Yenileme", "");
	LINE(110, ID2, "Test İki", "b@k.test", "", "acele");
	LINE(130, "", "Örnek Üç", "c@k.test", "İlk", "");
	pdf_text(&b, 400, 200, 10, "Birim Amiri");
	g_autoptr(document_t) d = finish(&b);

	expect_form(d, "Sayfa 1!A2|" ID1 "|Deneme|Bir|a@k.test|renewal|; Sayfa 1!A3|" ID2 "|Test|İki|b@k.test||acele !kind_missing@Sayfa 1!D3;"
		    " Sayfa 1!A4||Örnek|Üç|c@k.test|first| !tckn_missing@Sayfa 1!A4");
	const struct sheet *s = d->sheets->pdata[0];
	assert_string_equal(s->name, "Sayfa 1");
	assert_int_equal(s->rows->len, 4);
	assert_non_null(strstr(d->text, "Birim: Fen Fakültesi\n"));
}

/* How cells of two and three lines stand in their rows: offsets of the lines, and of the number. */
static void wrapped_cells(void **state)
{
	static const struct { const char *name; double number, first, second, pitch; } cases[] = {
		{ "top", 0, 0, 12, 28 }, { "bottom", 12, 0, 12, 28 }, { "middle", 6, 0, 12, 28 }, { "top, tight", 0, 0, 12, 24 },
		{ "bottom, tight", 12, 0, 12, 24 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct pdf_builder b = pdf_begin(600, 400);
		LINE(50, "T.C. Kimlik", "Adı", "", "Başvuru", "");
		LINE(62, "No", "Soyadı", "E-posta", "Türü", "Açıklama");
		for (int row = 0; row < 3; row++) {
			double y = 90 + row * cases[i].pitch;
			LINE(y + cases[i].number, ID1, "Deneme Bir", "a@k.test", "3", "");
			LINE(y + cases[i].first, "", "", "", "", "çok");
			LINE(y + cases[i].second, "", "", "", "", "acele");
		}
		g_autoptr(document_t) d = finish(&b);
		g_autofree char *form = form_of(d);
		const char *row = "|" ID1 "|Deneme|Bir|a@k.test|renewal|çok acele";
		g_autofree char *expected = g_strdup_printf("Sayfa 1!A2%s; Sayfa 1!A3%s; Sayfa 1!A4%s", row, row, row);
		if (strcmp(form, expected))
			fail_msg("%s: %s", cases[i].name, form);
	}
}

/* Without, with the same and with another header. */
static void several_pages(void **state)
{
	struct pdf_builder b = pdf_begin(600, 400);

	HEADER(50);
	LINE(70, ID1, "Deneme Bir", "a@k.test", "3", "");
	pdf_end_page(&b);
	LINE(70, ID2, "Test İki", "b@k.test", "3", "");
	pdf_end_page(&b);
	HEADER(50);
	LINE(70, ID1, "Örnek Üç", "c@k.test", "3", "");
	pdf_end_page(&b);
	LINE(50, "TC", "E-posta", "Ad", "Soyad", "");
	LINE(70, ID2, "d@k.test", "Deneme", "Dört", "");
	g_autoptr(document_t) d = finish(&b);

	expect_form(d, "Sayfa 1!A2|" ID1 "|Deneme|Bir|a@k.test|renewal|; Sayfa 2!A1|" ID2 "|Test|İki|b@k.test|renewal|;"
		    " Sayfa 3!A2|" ID1 "|Örnek|Üç|c@k.test|renewal|; Sayfa 4!A2|" ID2 "|Deneme|Dört|d@k.test||");
	assert_int_equal(d->sheets->len, 2);
}

/* Rows without room between them, whose cells stand with their middles in a row: five lines, one, three. */
static void tight_rows(void **state)
{
	struct pdf_builder b = pdf_begin(600, 400);

	HEADER(50);
	for (int i = 0; i < 5; i++) {
		static const char *const words[] = { "bir", "iki", "üç", "dört", "beş" };
		LINE(80 + 9 * i, i == 2 ? ID1 : "", i == 2 ? "Deneme Bir" : "", i == 2 ? "a@k.test" : "", i == 2 ? "3" : "", words[i]);
	}
	LINE(125, ID2, "Test İki", "b@k.test", "3", "altı");
	LINE(134, "", "", "", "", "yedi");
	LINE(143, ID1, "Örnek Üç", "c@k.test", "3", "sekiz");
	LINE(152, "", "", "", "", "dokuz");
	g_autoptr(document_t) d = finish(&b);

	expect_form(d, "Sayfa 1!A2|" ID1 "|Deneme|Bir|a@k.test|renewal|bir iki üç dört beş; Sayfa 1!A3|" ID2 "|Test|İki|b@k.test|renewal|altı;"
		    " Sayfa 1!A4|" ID1 "|Örnek|Üç|c@k.test|renewal|yedi sekiz dokuz");
}

/* A word that may be of the row above as well as of the one below. */
static void unsure_rows(void **state)
{
	struct pdf_builder b = pdf_begin(600, 400);

	HEADER(50);
	LINE(80, ID1, "Deneme Bir", "a@k.test", "3", "bir");
	LINE(92, "", "", "", "", "iki");
	LINE(104, ID2, "Test İki", "b@k.test", "3", "üç");
	LINE(116, ID1, "Örnek Üç", "c@k.test", "3", "");
	g_autoptr(document_t) d = finish(&b);
	g_autofree char *form = form_of(d);

	assert_non_null(strstr(form, "!row_unsure@Sayfa 1!A2"));
	assert_non_null(strstr(form, "!row_unsure@Sayfa 1!A3"));
	assert_null(strstr(form, "!row_unsure@Sayfa 1!A4"));
}

/* Columns that had no room stand on a page of their own. */
static void columns_on_next_page(void **state)
{
	struct pdf_builder b = pdf_begin(600, 400);

	LINE(50, "T.C. Kimlik No", "Adı Soyadı", "E-posta", "", "");
	LINE(70, ID1, "Deneme Bir", "a@k.test", "", "");
	LINE(90, ID2, "Test İki", "b@k.test", "", "");
	pdf_end_page(&b);
	pdf_text(&b, 40, 50, 10, "Başvuru Türü");
	pdf_text(&b, 150, 50, 10, "Açıklama");
	pdf_text(&b, 40, 70, 10, "Yenileme");
	pdf_text(&b, 40, 90, 10, "İlk");
	pdf_text(&b, 150, 90, 10, "acele");
	g_autoptr(document_t) d = finish(&b);

	expect_form(d, "Sayfa 1!A2|" ID1 "|Deneme|Bir|a@k.test|renewal|; Sayfa 1!A3|" ID2 "|Test|İki|b@k.test|first|acele");
}

/* A text that runs over the next cell's, and an address that is broken over two lines. */
static void unsure_cells(void **state)
{
	struct pdf_builder b = pdf_begin(600, 400);

	HEADER(50);
	LINE(80, ID1, "Deneme Bir", "a@k.test", "3", "");
	LINE(110, ID2, "Test İki Üç Dört Beş Altı Yedi", "b@k.test", "3", "");
	LINE(140, ID1, "Örnek Üç", "c@kur", "3", "");
	LINE(150, "", "", "um.test", "", "");
	g_autoptr(document_t) d = finish(&b);
	g_autofree char *form = form_of(d);

	assert_true(g_str_has_prefix(form, "Sayfa 1!A2|" ID1 "|Deneme|Bir|a@k.test|renewal|; "));
	assert_non_null(strstr(form, "!row_unsure@Sayfa 1!A3; Sayfa 1!A4|" ID1 "|Örnek|Üç|c@kurum.test|renewal|"));
	assert_null(strstr(form, "!row_unsure@Sayfa 1!A4"));
}

/* The number of the first person is none. */
static void first_without_number(void **state)
{
	struct pdf_builder b = pdf_begin(600, 400);

	HEADER(50);
	LINE(70, "8,14E+10", "Deneme Bir", "a@k.test", "3", "");
	LINE(90, ID2, "Test İki", "b@k.test", "3", "");
	g_autoptr(document_t) d = finish(&b);

	expect_form(d, "Sayfa 1!A2||Deneme|Bir|a@k.test|renewal| !tckn_digits_lost@Sayfa 1!A2; Sayfa 1!A3|" ID2 "|Test|İki|b@k.test|renewal|");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printed_table), cmocka_unit_test(wrapped_cells),
		cmocka_unit_test(several_pages), cmocka_unit_test(tight_rows), cmocka_unit_test(unsure_rows),
		cmocka_unit_test(columns_on_next_page), cmocka_unit_test(unsure_cells),
		cmocka_unit_test(first_without_number),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
