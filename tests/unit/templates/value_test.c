/* value: what is JSON and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "templates/value.h"

/* Canonical text of a tree, to compare with. */
static const struct value *dump(const struct value *v, GString *out)
{
	static const char marks[] = "nft";
	const struct value *end = v + v->size, *item;

	switch (v->kind) {
	case VALUE_NUMBER:
		g_string_append_len(out, v->text, v->len);
		break;
	case VALUE_STRING:
		assert_int_equal(strlen(v->text), v->len);
		g_string_append_printf(out, "'%s'", v->text);
		break;
	case VALUE_OBJECT:
	case VALUE_LIST:
		g_string_append_printf(out, "%c%u", v->kind == VALUE_OBJECT ? '{' : '[', v->len);
		for (item = v + 1; item < end;)
			item = dump(item, g_string_append_c(out, ' '));
		assert_ptr_equal(item, end);
		g_string_append_c(out, ')');
		break;
	default:
		g_string_append_c(out, marks[v->kind]);
	}
	return end;
}

static void test_good(void **state)
{
	static const struct { const char *json, *want; } cases[] = {
		{ "null", "n" }, { " true ", "t" }, { "\tfalse\r\n", "f" }, { "0", "0" }, { "-0", "-0" }, { "12.50e+3", "12.50e+3" }, { "1E9", "1E9" },
		{ "\"\"", "''" }, { "\"a\"", "'a'" }, { "\"ş\"", "'ş'" }, { "\"\\u015f\\u0131\"", "'şı'" }, { "\"\\ud83d\\ude00\"", "'😀'" },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "'\"\\/\b\f\n\r\t'" }, { "\"a\\u0041b\"", "'aAb'" }, { "\"\x7f\"", "'\x7f'" },
		{ "[]", "[0)" }, { "{}", "{0)" }, { "[1,[2,3],{}]", "[3 1 [2 2 3) {0))" },
		{ " { \"a\" : 1 , \"b\" : [ ] } ", "{2 'a' 1 'b' [0))" }, { "{\"a\":{\"b\":\"c\"}}", "{1 'a' {1 'b' 'c'))" },
	};
	guint i;

	for (i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) got = g_string_new(NULL);
		struct value_tree *t = value_parse(cases[i].json, strlen(cases[i].json), "x", NULL);

		assert_non_null(t);
		dump(value_root(t), got);
		assert_string_equal(got->str, cases[i].want);
		value_tree_free(t);
	}
}

static void expect_bad(const char *json, gsize len)
{
	g_autoptr(GError) error = NULL;

	if (value_parse(json, len, "x", &error))
		fail_msg("taken: %s", json);
	assert_true(g_error_matches(error, TEMPLATE_ERROR, TEMPLATE_ERROR_CONTEXT));
}

static void test_bad(void **state)
{
	static const char *const cases[] = {
		"", " ", "nul", "True", "01", "-", "1.", ".5", "1e", "+1", "1 2", "\"", "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u00zz\"",
		"\"\\u0000\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"", "\"\x01\"", "\"\xff\"", "[", "[1", "[1,", "[1,]",
		"[,1]", "[1 2]", "]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\" 1}", "{,}", "[1}", "{\"a\":1]",
		"'a'", "// a", "123456789012345678901234567890123", "NaN", "\"\\",
	};
	guint i;

	for (i = 0; i < G_N_ELEMENTS(cases); i++)
		expect_bad(cases[i], strlen(cases[i]));
	expect_bad("\"a\0b\"", 5);
	expect_bad("1\0", 2);
}

static void test_depth(void **state)
{
	g_autofree char *deep = g_strnfill(100000, '[');
	struct value_tree *t = value_parse("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", 64, "x", NULL);

	assert_non_null(t);
	value_tree_free(t);
	expect_bad(deep, 100000);
	expect_bad("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", 66);
}

static void test_many(void **state)
{
	g_autoptr(GString) s = g_string_new("[0");
	struct value_tree *t;
	guint i;

	for (i = 1; i < 999999; i++)
		g_string_append(s, ",0");
	g_string_append_c(s, ']');
	t = value_parse(s->str, s->len, "x", NULL);
	assert_non_null(t);
	assert_int_equal(value_root(t)->len, 999999);
	value_tree_free(t);
	g_string_insert(s, 1, "0,");
	expect_bad(s->str, s->len);
}

static void test_member(void **state)
{
	static const char json[] = "{\"a\":[1,{\"b\":2}],\"ab\":3,\"a\":4,\"b\":5}";
	struct value_tree *t = value_parse(json, strlen(json), "x", NULL);
	const struct value *root = value_root(t);

	assert_int_equal(value_member(root, "a", 1)->kind, VALUE_LIST);
	assert_int_equal(*value_member(root, "ab", 2)->text, '3');
	assert_int_equal(*value_member(root, "b", 1)->text, '5');
	assert_null(value_member(root, "c", 1));
	assert_null(value_member(root, "", 0));
	assert_null(value_member(value_member(root, "a", 1), "b", 1));
	value_tree_free(t);
}

static void test_error_keeps_secrets(void **state)
{
	g_autoptr(GError) error = NULL;

	assert_null(value_parse("{\"tckn\":\"10000000146\"", 21, "the context", &error));
	assert_null(strstr(error->message, "10000000146"));
	assert_non_null(strstr(error->message, "the context"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good), cmocka_unit_test(test_bad), cmocka_unit_test(test_depth), cmocka_unit_test(test_many),
		cmocka_unit_test(test_member), cmocka_unit_test(test_error_keeps_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
