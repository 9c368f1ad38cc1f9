/* complaint_test: what may be an identity number is masked, whatever stands between its digits; other numbers are shown. */
#include "tests/unit/queue/help.h"
#include "queue/complaint.h"

static const struct { const char *code, *value, *shown; } cases[] = {
	{ "tckn_check_digit", "10000000147", "100******47" },
	{ "tckn_blanks", "100 000 001 46", "100 *** *** 46" },
	{ "tckn_blanks", "100-000-001-46", "100-***-***-46" },
	{ "tckn_length", "100 000 001 4", "100 *** **1 4" },
	{ "tckn_length", "1000000014678", "100********78" },
	{ "tckn_digits_lost", "1,23E+10", "1,23E+10" },
	{ "name_invalid", "Deneme 10000000146", "Deneme 100******46" },
	{ "name_invalid", "100 000 001 46 Deneme", "100 *** *** 46 Deneme" },
	{ "phone_invalid", "0500 111 22 3", "0500 111 22 3" },
	{ "phone_invalid", "0500 111 22 33", "0500 111 22 33" },
	{ "birth_date_invalid", "31.02.1980", "31.02.1980" },
	{ "kind_unknown", "", "" },
	{ "kind_unknown", "12", "12" },
};

static void test_masking(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) all = facts_complaints_new();
		facts_complain(all, cases[i].code, "Sayfa1!A5", cases[i].value);
		g_autofree char *json = complaint_list(all, NULL, NULL);
		g_autofree char *expected = g_strdup_printf("[{\"complaint\":\"%s\",\"where\":\"Sayfa1!A5\",\"value\":\"%s\",\"read\":\"\"}]",
							    cases[i].code, cases[i].shown);
		assert_string_equal(json, expected);
	}
}

/* What was mended stands beside what was written; it is no fault of the fact. */
static void test_repairs(void **state)
{
	static const struct { const char *code, *read; } repairs[] = {
		{ "tckn_blanks", "100******46" }, { "email_repaired", "a@b.tr" }, { "name_split", "Deneme / Bir" },
		{ "name_title", "Deneme / Bir" }, { "years_foreigner", "1" },     { "phone_invalid", "" },
	};
	struct request_row row = { .tckn = (char *)"10000000146", .email = (char *)"a@b.tr", .given_name = (char *)"Deneme",
				   .family_name = (char *)"Bir", .years = 1 };
	for (guint i = 0; i < G_N_ELEMENTS(repairs); i++) {
		g_autoptr(GPtrArray) all = facts_complaints_new();
		row.complaints = all;
		facts_complain(all, repairs[i].code, NULL, "x");
		g_autofree char *json = complaint_list(all, &row, NULL), *expected = g_strdup_printf("\"read\":\"%s\"}", repairs[i].read);
		assert_non_null(strstr(json, expected));
		assert_true(complaint_about(&row, "") == (*repairs[i].read == '\0'));
	}
}

static void test_own_code(void **state)
{
	g_autofree char *json = complaint_list(NULL, NULL, "too_large");
	assert_string_equal(json, "[{\"complaint\":\"too_large\",\"where\":\"\",\"value\":\"\",\"read\":\"\"}]");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_masking), cmocka_unit_test(test_repairs), cmocka_unit_test(test_own_code) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
