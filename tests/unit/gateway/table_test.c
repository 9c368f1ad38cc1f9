/* table: what people see of JSON lines, and what never reaches their terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "gateway/table.h"

struct shown { enum table_style style; const char *columns, *rows[3], *want; };

static const struct shown cases[] = {
	{ TABLE_COLUMNS, NULL, { NULL }, "" },
	{ TABLE_COLUMNS, NULL, { "{\"id\":\"A-7\",\"state\":\"requested\"}", "{\"id\":\"A-12\",\"state\":null}" },
	  "id    state\nA-7   requested\nA-12  \n" },
	{ TABLE_COLUMNS, "state waits_on", { "{\"id\":\"A-7\",\"waits_on\":\"office\",\"state\":\"requested\"}" },
	  "state      waits on\nrequested  office\n" },
	/* Two bytes, one column. */
	{ TABLE_COLUMNS, NULL, { "{\"name\":\"\\u0130\\u015f\\u0131k\",\"n\":1}", "{\"name\":\"Test\",\"n\":2}" },
	  "name  n\n\xc4\xb0\xc5\x9f\xc4\xb1k  1\nTest  2\n" },
	/* A stranger's name may neither move the cursor nor turn the line round. */
	{ TABLE_COLUMNS, NULL, { "{\"name\":\"a\\u001b[2Jb\\u202ec\\nd\\u0085\"}" }, "name\na?[2Jb?c d?\n" },
	{ TABLE_COLUMNS, NULL, { "{\"a\":\"0123456789012345678901234567890123456789012345678\",\"b\":true}" },
	  "a                                             b\n0123456789012345678901234567890123456789012\xe2\x80\xa6  yes\n" },
	{ TABLE_JSON, NULL, { "{\"a\":1}", "{ \"b\" : 2 }" }, "{\"a\":1}\n{ \"b\" : 2 }\n" },
	{ TABLE_RECORD, NULL, { "{\"id\":\"A-7\",\"since\":86400,\"note\":null,\"facts\":[{\"name\":\"email\",\"source\":\"mail 1\"}]}" },
	  "id     A-7\nsince  1970-01-02T03:00:00+03:00\nfacts:\n  name   source\n  email  mail 1\n" },
	{ TABLE_RECORD, NULL, { "{\"s\":{\"mail\":\"M-1\",\"no\":2,\"x\":null},\"rows\":[{\"n\":1,\"c\":[{\"code\":\"x\",\"at\":\"A5\"},{\"code\":\"y\"}]}]}" },
	  "s  mail M-1, no 2\nrows:\n  n  c\n  1  x A5, y\n" },
	{ TABLE_RECORD, NULL, { "{\"list\":[\"a\",\"b\"]}", "{\"n\":2}" }, "list  a, b\n\nn  2\n" },
};

static void test_shown(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		char *got = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&got, &size);
		struct table *t = table_new(out, cases[i].style, cases[i].columns);
		guint n = 0;

		for (; n < G_N_ELEMENTS(cases[i].rows) && cases[i].rows[n]; n++)
			table_add(cases[i].rows[n], t);
		assert_int_equal(table_end(t), n);
		fclose(out);
		assert_string_equal(got, cases[i].want);
		free(got);
	}
}

static void test_members(void **state)
{
	const char *line = "{\"a\":\"x\\ny\",\"n\":null,\"o\":{\"k\":[1,2]},\"f\":false}";
	g_autofree char *a = table_text(line, "a"), *f = table_text(line, "f"), *o = table_json(line, "o");

	assert_string_equal(a, "x y");
	assert_string_equal(f, "no");
	assert_string_equal(o, "{\"k\":[1,2]}");
	assert_null(table_text(line, "n"));
	assert_null(table_text(line, "absent"));
	assert_null(table_text("not json", "a"));
	assert_null(table_json(line, "a"));
}

static void join(const char *json, void *data)
{
	g_string_append(data, json);
}

static void test_each(void **state)
{
	g_autoptr(GString) all = g_string_new(NULL);
	g_autofree char *object = table_object("a", "x\"y", "b", NULL, NULL), *broken = table_object("a", "\xff", NULL);

	table_members("{\"l\":[{\"a\":1},2,{\"b\":null}]}", "l", join, all);
	table_members("{\"l\":1}", "l", join, all);
	table_members("no", "l", join, all);
	assert_string_equal(all->str, "{\"a\":1}{\"b\":null}");
	assert_string_equal(object, "{\"a\":\"x\\\"y\",\"b\":null}");
	assert_string_equal(broken, "{\"a\":\"\xef\xbf\xbd\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_shown), cmocka_unit_test(test_members),
					    cmocka_unit_test(test_each) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
