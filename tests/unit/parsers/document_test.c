/* document: what a file is taken for, its JSON; hostile files of the corpus when they are there. */
#include "parsers/document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "tests/unit/parsers/zip_builder.h"

#define OLE "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#define BYTES(a) a, sizeof a - 1

static const char *first_code(const document_t *d)
{
	return d->complaints->len ? ((const struct complaint *)d->complaints->pdata[0])->code : "";
}

static void kinds(void **state)
{
	static const struct { const char *name, *bytes; size_t len; const char *format, *code; } cases[] = {
		{ "a.xlsx", BYTES(""), NULL, "document_empty" },
		{ "a.pdf", BYTES("%PDF-1.7 x"), "pdf", "damaged" },
		{ "a.xlsx", BYTES("%PDF-1.7 x"), "pdf", "damaged" },
		{ "a.jpg", BYTES("\xff\xd8\xff\xe0 x"), "jpeg", "image_only" },
		{ "a.png", BYTES("\x89PNG\r\n\x1a\n x"), "png", "image_only" },
		{ "a.xls", BYTES(OLE "torn"), NULL, "ole_damaged" },
		{ "a.xls", BYTES("\x09\x08\x08\0\0\5\5\0"), "xls", "format_xls_old" },
		{ "a.xls", BYTES("<html><table><tr><td>1</td></tr></table>"), "html", "" },
		{ "a.html", BYTES("<HTML>\1"), "html", "format_unsupported" },
		{ "a.CSV", BYTES("TC;Ad\n1;b\n"), "csv", "" },
		{ "a.xls", BYTES("TC\tAd\n1\tb\n"), "csv", "" },
		{ "a.xlsx", BYTES("nothing in columns"), "csv", "format_unsupported" },
		{ "a.txt", BYTES("TC: 1"), "text", "" },
		{ "notes", BYTES("TC: 1"), "text", "" },
		{ "a.txt", BYTES("TC;Ad;Soyad\n1;b;c\n"), "csv", "" },
		{ "a.xml", BYTES("\n<?xml version='1.0'?><a/>"), NULL, "format_unsupported" },
		{ NULL, BYTES("\1\0\2"), NULL, "format_unsupported" },
		{ "a.xlsx", BYTES("PK\3\4"), "csv", "format_unsupported" },
		{ "a.xlsx", BYTES("PK\3\4 torn"), NULL, "zip_damaged" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = document_open(cases[i].name, cases[i].bytes, cases[i].len);
		assert_string_equal(first_code(d), cases[i].code);
		assert_true(!g_strcmp0(d->format, cases[i].format));
		assert_true(!g_strcmp0(d->file, cases[i].name));
	}
}

static void kinds_of_zip(void **state)
{
	static const struct { const char *part, *format, *code; } cases[] = {
		{ "word/document.xml", "docx", "xml_broken" },
		{ "xl/workbook.bin", "xlsb", "format_xlsb" },
		{ "content.xml", "ods", "xml_broken" },
		{ "photo.jpg", "zip", "zip_no_form" },
		{ "word/vbaProject.bin", "zip", "macro_file" },
		{ "[Content_Types].xml", NULL, "format_unsupported" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct zip_builder b = { 0 };
		zip_add_text(&b, cases[i].part, "x");
		g_autoptr(GBytes) bytes = zip_finish(&b);
		g_autoptr(document_t) d = document_open("a", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
		assert_string_equal(first_code(d), cases[i].code);
		assert_true(!g_strcmp0(d->format, cases[i].format));
	}
}

static void candidates(void **state)
{
	static const struct { const char *type, *name, *bytes; size_t len; bool is; } cases[] = {
		{ "application/octet-stream", "form.XLSX", BYTES("x"), true },
		{ "application/vnd.ms-excel", NULL, BYTES("x"), true },
		{ NULL, NULL, BYTES(OLE "...."), true },
		{ "text/csv", "a", BYTES("x"), true },
		{ "text/html", "form.htm", BYTES("x"), true },
		{ "application/octet-stream", "a", BYTES("PK\3\4..............xl/workbook.xml"), true },
		{ "application/zip", "a.zip", BYTES("PK\3\4..............photo.jpg"), true },
		{ "image/png", "logo.png", BYTES("\x89PNG\r\n\x1a\n"), false },
		{ "text/plain", NULL, BYTES("x"), true }, /* an attachment of that type; bodies are not asked for */
		{ NULL, "Form.TXT", BYTES("x"), true },
		{ "application/octet-stream", "a.msg", BYTES("x"), true },
		{ "application/ms-tnef", NULL, BYTES("x"), true },
		{ NULL, "WINMAIL.DAT", BYTES("x"), true },
		{ NULL, "a", BYTES("\x78\x9f\x3e\x22\1\0"), true },
		{ "application/pkcs7-signature", "smime.p7s", BYTES("0\x82"), false },
		{ NULL, NULL, BYTES(""), false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(
			document_is_form_candidate(cases[i].type, cases[i].name, cases[i].bytes, cases[i].len),
			cases[i].is);
}

static void json(void **state)
{
	struct zip_builder b = { 0 };

	zip_add_workbook(&b, ZIP_WORKBOOK("", "<sheet name='R&amp;D \"1\"' r:id='rId1'/>"),
			 "<worksheet><sheetData><row r='2'><c t='str'><v>a\"\\ş</v></c><c "
			 "r='C2'><v>5</v></c></row></sheetData></worksheet>",
			 NULL, NULL);
	g_autoptr(GBytes) bytes = zip_finish(&b);
	g_autoptr(document_t) d = document_open("dir/a.xlsx", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	g_autofree char *line = document_to_json(d, NULL);
	assert_string_equal(
		line,
		"{\"file\":\"dir/a.xlsx\",\"format\":\"xlsx\",\"sheets\":[{\"name\":\"R&D \\\"1\\\"\",\"rows\":"
		"[[],[\"a\\\"\\\\ş\",\"\",\"5\"]]}],\"fields\":{},\"text\":null,\"complaints\":[]}");
	struct request *r = facts_request_new();
	g_autoptr(document_t) bad = document_open(NULL, "", 0);
	g_autofree char *other = document_to_json(bad, r);
	assert_non_null(strstr(other, "\"file\":null"));
	assert_non_null(strstr(other, "\"request\":{"));
	assert_non_null(strstr(other, "\"code\":\"document_empty\""));
	facts_request_free(r);
}

/* ---- the corpus ---- */

static char *corpus_folder(const char *name)
{
	const char *root = g_getenv("NESGATE_CORPUS") ? g_getenv("NESGATE_CORPUS") : "../shared/corpus";

	return g_build_filename(root, "documents", name, NULL);
}

static document_t *open_file(const char *path)
{
	g_autofree char *bytes = NULL;
	gsize len;

	assert_true(g_file_get_contents(path, &bytes, &len, NULL));
	return document_open(path, bytes, len);
}

static void refuse_hostile(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) || g_str_has_prefix(name, "LICENSE"))
			continue;
		gint64 start = g_get_monotonic_time();
		g_autoptr(document_t) d = open_file(path);
		g_autofree char *line = document_to_json(d, NULL);
		assert_true(g_get_monotonic_time() - start < G_USEC_PER_SEC);
		if (!d->complaints->len && !g_str_has_prefix(name, "harmless"))
			fail_msg("%s is read without a complaint", name);
		assert_true(strlen(line) < 20 << 20);
	}
}

static void hostile_files(void **state)
{
	g_autofree char *folder = corpus_folder("hostile");
	g_autofree char *more = g_build_filename(folder, "oletools", NULL);

	if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
		printf("skipped: no corpus of hostile files\n");
	refuse_hostile(folder);
	refuse_hostile(more);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(kinds),	      cmocka_unit_test(kinds_of_zip),
					    cmocka_unit_test(candidates),     cmocka_unit_test(json),
					    cmocka_unit_test(hostile_files) };
	document_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
