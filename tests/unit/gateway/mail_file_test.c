/* mail_file: where one mail ends and the next begins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include "gateway/mail_file.h"

static bool collect(const char *name, GBytes *raw, void *data, GError **error)
{
	gsize len;
	const char *bytes = g_bytes_get_data(raw, &len);

	g_string_append_printf(data, "[%.*s]", (int)len, bytes ? bytes : "");
	return true;
}

static const struct { const char *file, *want; } cases[] = {
	{ "Subject: a\n\nb\n", "[Subject: a\n\nb\n]" },
	{ "Subject: a\r\n\r\nFrom here\r\n", "[Subject: a\r\n\r\nFrom here\r\n]" }, /* no mbox: nothing is split or unquoted */
	{ "From x\nSubject: a\n\nb\n\nFrom y\nSubject: c\n\nd\n\n", "[Subject: a\n\nb\n][Subject: c\n\nd\n]" },
	{ "From x\nA: b\n\n>From q\n>>From r\n>no\nFrom the middle\n", "[A: b\n\nFrom q\n>From r\n>no\nFrom the middle\n]" },
	{ "From x\r\nA: b\r\n\r\nc\r\n\r\nFrom y\r\nD: e\r\n\r\n", "[A: b\r\n\r\nc\r\n][D: e\r\n]" },
	{ "From x\nno end", "[no end]" },
};

static char *write_file(const char *folder, const char *name, const char *text)
{
	char *path = g_build_filename(folder, name, NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

static void test_files(void **state)
{
	g_autofree char *folder = g_dir_make_tmp("mail_file_XXXXXX", NULL);

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = write_file(folder, "x", cases[i].file);
		g_autoptr(GString) got = g_string_new(NULL);

		assert_true(mail_file_each(path, collect, got, NULL));
		assert_string_equal(got->str, cases[i].want);
		g_unlink(path);
	}
	g_rmdir(folder);
}

static void test_folders(void **state)
{
	g_autofree char *top = g_dir_make_tmp("mail_file_XXXXXX", NULL);
	g_autofree char *cur = g_build_filename(top, "cur", NULL), *new = g_build_filename(top, "new", NULL);
	g_autofree char *one = NULL, *two = NULL, *hidden = NULL, *eml = NULL;
	g_autoptr(GString) plain = g_string_new(NULL), got = g_string_new(NULL);

	eml = write_file(top, "b.eml", "B");
	one = write_file(top, "a.txt", "no mail");
	assert_true(mail_file_each(top, collect, plain, NULL));
	assert_string_equal(plain->str, "[B]");
	g_unlink(one);
	g_free(one);
	g_mkdir(cur, 0700);
	g_mkdir(new, 0700);
	one = write_file(cur, "1:2,S", "From is no mbox here\n");
	two = write_file(new, "2", "N");
	hidden = write_file(new, ".3", "H");
	assert_true(mail_file_each(top, collect, got, NULL));
	assert_string_equal(got->str, "[From is no mbox here\n][N]");
	g_unlink(one); g_unlink(two); g_unlink(hidden); g_unlink(eml);
	g_rmdir(cur); g_rmdir(new); g_rmdir(top);
}

static void test_missing(void **state)
{
	g_autoptr(GError) error = NULL;

	assert_false(mail_file_each("/nonexistent/x.eml", collect, NULL, &error));
	assert_non_null(strstr(error->message, "/nonexistent/x.eml"));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_files), cmocka_unit_test(test_folders),
					    cmocka_unit_test(test_missing) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
