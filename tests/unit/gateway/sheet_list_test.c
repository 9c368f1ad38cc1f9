/* sheet_list: the workbook is read back by openpyxl, which did not write it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "gateway/sheet_list.h"
#include "tests/unit/gateway/workbook.h"

static struct catalog *catalog;

static int set_up(void **state)
{
	catalog = catalog_new(NULL);
	return catalog ? 0 : -1;
}

static int tear_down(void **state)
{
	catalog_free(catalog);
	return 0;
}

/* The second person is what a hostile form would make of a person. */
static struct list_person people[] = {
	{ .tckn = (char *)"10000000146", .given_name = (char *)"Deneme", .family_name = (char *)"Bir", .birth_date = (char *)"1980-01-31",
	  .email = (char *)"deneme.bir@ornek.edu.tr", .phone = (char *)"05000000000", .unit = (char *)"U", .title = (char *)"T",
	  .kind = (char *)"renewal", .reader = (char *)"none", .expires = (char *)"2026-12-01", .backup = true, .years = 3 },
	{ .tckn = (char *)"01234567890", .given_name = (char *)"=1+1", .family_name = (char *)"@SUM(A1)", .birth_date = (char *)"31.02.1980",
	  .email = (char *)"+a@b", .phone = (char *)"-1", .unit = (char *)"\x01<&>\"", .title = NULL, .kind = (char *)"=cmd|'x'!A1",
	  .reader = (char *)"", .expires = (char *)"2026-02-30" },
};

static GBytes *make(guint n)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	g_autoptr(GError) error = NULL;
	GBytes *bytes;
	guint i;

	for (i = 0; i < n; i++)
		g_ptr_array_add(list, &people[i]);
	bytes = sheet_list_xlsx(list, &(struct sheet_list){ catalog, "L-3" }, &error);
	if (!bytes)
		fail_msg("%s", error->message);
	return bytes;
}

static void test_read_back(void **state)
{
	static const struct { const char *script, *want; } cases[] = {
		{ "print(s.title,s.max_row,s.max_column,s.freeze_panes,s.auto_filter.ref,b.properties.title,b.properties.created.isoformat())",
		  "%S 3 13 A2 A1:M3 L-3 2020-01-01T00:00:00\n" },
		{ "print(all(c.font.b for c in s[1]),all(c.value for c in s[1]),len(set(c.value for c in s[1])))", "True True 13\n" },
		{ "print(*[c.value for c in s[2]],sep='|')",
		  "10000000146|Deneme|Bir|1980-01-31 00:00:00|deneme.bir@ornek.edu.tr|05000000000|U|T|2026-12-01 00:00:00|%K|%R|%B|3\n" },
		{ "print(*[c.data_type for c in s[2]],s['D2'].number_format,s['A2'].number_format)", "s s s d s s s s d s s s n dd\\.mm\\.yyyy @\n" },
		{ "print(*[c.data_type for c in s[3]])", "s s s s s s s n s s n s n\n" },
		{ "print(*[c.value for c in s[3] if c.value!=s['L3'].value],sep='|')",
		  "01234567890|=1+1|@SUM(A1)|31.02.1980|+a@b|-1|_x0001_<&>\"|None|2026-02-30|=cmd|'x'!A1|None|None\n" },
		{ "print(all(s.column_dimensions[c.column_letter].width>=min(len(str(c.value)),34) for r in (1,2) for c in s[r] if c.data_type=='s'))",
		  "True\n" },
	};
	g_autoptr(GBytes) book = make(2);
	guint i;

	if (!workbook_openpyxl())
		return;
	for (i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = workbook_ask(book, cases[i].script);
		g_autoptr(GString) want = g_string_new(cases[i].want);

		g_string_replace(want, "%S", catalog_word(catalog, "column", "sheet"), 0);
		g_string_replace(want, "%K", catalog_word(catalog, "kind", "renewal"), 0);
		g_string_replace(want, "%R", catalog_word(catalog, "reader", "none"), 0);
		g_string_replace(want, "%B", catalog_word(catalog, "backup", "yes"), 0);
		assert_string_equal(got, want->str);
	}
}

static void test_same_bytes(void **state)
{
	g_autoptr(GBytes) a = make(2), b = NULL, c = make(1);

	/* ZIP keeps times in steps of two seconds. */
	g_usleep(2100000);
	b = make(2);
	assert_true(g_bytes_equal(a, b));
	assert_false(g_bytes_equal(a, c));
}

/* With words and with numbers. */
static void test_csv(void **state)
{
	static const char *const endings[] = {
		"\"Yenileme\";\"\xc4\xb0stenmiyor\";\"Evet\";\"3\"\r\n", "\"3\";\"3\";\"Evet\";\"3\"\r\n",
	};
	static const char hostile[] = "\"01234567890\";\"'=1+1\";\"'@SUM(A1)\";\"31.02.1980\";\"'+a@b\";\"-1\";\"\x01<&>\"\"\";\"\";"
		"\"30.02.2026\";\"'=cmd|'x'!A1\";\"\";\"Hay\xc4\xb1r\";\"\"\r\n";
	g_autoptr(GPtrArray) list = g_ptr_array_new();

	g_ptr_array_add(list, &people[0]);
	g_ptr_array_add(list, &people[1]);
	for (guint i = 0; i < 2; i++) {
		g_autoptr(GBytes) csv = sheet_list_csv(list, &(struct sheet_list){ catalog, "L-3", i == 1 });
		g_autofree char *text = g_strndup(g_bytes_get_data(csv, NULL), g_bytes_get_size(csv));
		g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
		g_autofree char *first = g_strconcat("\"10000000146\";\"Deneme\";\"Bir\";\"31.01.1980\";\"deneme.bir@ornek.edu.tr\";"
						    "\"05000000000\";\"U\";\"T\";\"01.12.2026\";", endings[i], NULL);

		assert_int_equal(g_strv_length(lines), 4); /* the last is empty */
		assert_true(g_str_has_prefix(text, "\xef\xbb\xbf\"T.C. Kimlik No\";\"Ad\";\"Soyad\";"));
		assert_non_null(strstr(text, first));
		assert_true(g_str_has_suffix(text, hostile));
	}
}

static void test_nobody(void **state)
{
	g_autoptr(GBytes) book = make(0);

	assert_true(g_bytes_get_size(book) > 1000);
	assert_memory_equal(g_bytes_get_data(book, NULL), "PK\3\4", 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_back), cmocka_unit_test(test_same_bytes), cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_csv),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
