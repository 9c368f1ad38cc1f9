/* form_choice: which box of a cell is ticked, and what it means in a form. */
#include "parsers/form.h"
#include "parsers/form_choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void choices(void **state)
{
	static const struct { const char *cell, *expected; } cases[] = {
		{ "", NULL }, { "Yenileme", NULL }, { "3 (yenileme)", NULL }, { "â ê", NULL },
		{ "☒", "X" }, { " ☑ ", "X" }, { "☐", "" }, { "☒ İlk başvuru ☐ Yenileme", "İlk başvuru" },
		{ "☐ İlk başvuru\n☒ Yenileme\n", "Yenileme" }, { "Evet ☑  Hayır ☐", "Evet" }, { "Evet ☐  Hayır ☒", "Hayır" },
		{ "☐ a ☐ b", "" }, { "☒ a ☒ b", NULL }, { "[ ] Mini [x] Masaüstü", "Masaüstü" }, { "(X) Evet ( ) Hayır", "Evet" },
		{ "( X ) Evet (  ) Hayır", "Evet" }, { "[]a[X]", "X" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = form_choice_read(cases[i].cell);
		if (cases[i].expected)
			assert_string_equal(text, cases[i].expected);
		else
			assert_null(text);
	}
}

static void in_a_form(void **state)
{
	g_autofree char *table = NULL;
	g_autoptr(document_t) d = document_new("a");

	assert_true(g_file_get_contents("parsers/headings.table", &table, NULL, NULL));
	struct headings *h = headings_parse(table, NULL);
	struct form_rules rules = { h, NULL, 1795337400 };
	d->text = g_strdup("TC: 10000000146\nAd Soyad: Deneme Bir\nE-posta: a@k.test\nBaşvuru Türü: ☐ İlk başvuru ☒ Yenileme\n"
			   "Kart Okuyucu Türü: ☐ Mini ☐ Masaüstü\nYedek: ☒\n");
	struct request *r = form_from_document(d, &rules, d->complaints);
	const struct request_row *row = r->rows->pdata[0];
	assert_string_equal(row->kind, "renewal");
	assert_null(row->reader);
	assert_true(row->backup);
	assert_int_equal(row->complaints->len, 0);
	facts_request_free(r);
	headings_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(choices), cmocka_unit_test(in_a_form) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
