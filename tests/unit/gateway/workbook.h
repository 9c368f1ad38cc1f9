/* workbook: what the tests of sheets have in common: openpyxl, which did not write them, looks at them. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

static G_GNUC_UNUSED bool workbook_openpyxl(void)
{
	static const char *const argv[] = { "/usr/bin/python3", "-c", "import openpyxl", NULL };
	int status = 1;

	if (g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, NULL) && status == 0)
		return true;
	print_message("skipped: no openpyxl for /usr/bin/python3\n");
	return false;
}

static char *workbook_run(const char *file, const char *script)
{
	g_autofree char *whole = g_strconcat("import sys,openpyxl\nb=openpyxl.load_workbook(sys.argv[1])\ns=b.worksheets[0]\n", script, NULL);
	char *argv[] = { (char *)"/usr/bin/python3", (char *)"-X", (char *)"utf8", (char *)"-c", whole, (char *)file, NULL };
	char *out = NULL;
	int status = 1;

	assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status, NULL));
	if (status)
		fail_msg("the script failed: %s", script);
	return out;
}

static char *workbook_save(GBytes *book)
{
	char *file = NULL;
	int fd = g_file_open_tmp("workbook.XXXXXX.xlsx", &file, NULL);

	assert_true(fd >= 0 && g_file_set_contents(file, g_bytes_get_data(book, NULL), (gssize)g_bytes_get_size(book), NULL));
	g_close(fd, NULL);
	return file;
}

/* What `script` prints of the workbook: `b` is the book, `s` its first sheet. */
static G_GNUC_UNUSED char *workbook_ask(GBytes *book, const char *script)
{
	g_autofree char *file = workbook_save(book);
	char *out = workbook_run(file, script);

	g_unlink(file);
	return out;
}

/* The workbook that `script` has saved to sys.argv[1]. */
static G_GNUC_UNUSED GBytes *workbook_change(GBytes *book, const char *script)
{
	g_autofree char *file = workbook_save(book), *out = workbook_run(file, script), *bytes = NULL;
	gsize len;

	assert_true(g_file_get_contents(file, &bytes, &len, NULL));
	g_unlink(file);
	return g_bytes_new_take(g_steal_pointer(&bytes), len);
}
