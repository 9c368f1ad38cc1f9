/* Real mails of other projects, when they are there: none may break the reader, and what it says must come back
 * through JSON. Two Turkish ones without a charset must be read right.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/read.h"
#include "parsers/text.h"

static const char *corpus(void)
{
	const char *named = g_getenv("NESGATE_CORPUS");

	return named ? named : "../shared/corpus";
}

static bool is_missing(const char *folder)
{
	g_autofree char *path = g_build_filename(corpus(), folder, NULL);

	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return false;
	print_message("skipped: no %s\n", path);
	return true;
}

static void read_one(struct reader *r, const char *path)
{
	g_autofree char *raw = NULL, *json = NULL, *again = NULL;
	g_autoptr(facts_t) f = NULL, back = NULL;
	g_autoptr(GError) error = NULL;
	gsize len;

	assert_true(g_file_get_contents(path, &raw, &len, NULL));
	f = reader_read(r, raw, len, 1795330800);
	json = facts_to_json(f);
	back = facts_from_json(json, strlen(json), &error);
	if (!back)
		fail_msg("%s: %s", path, error->message);
	again = facts_to_json(back);
	assert_string_equal(json, again);
}

static int read_folder(struct reader *r, const char *folder)
{
	g_autofree char *path = g_build_filename(corpus(), folder, NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;
	int n = 0;

	for (; dir && (name = g_dir_read_name(dir)); n++) {
		g_autofree char *file = g_build_filename(path, name, NULL);

		if (g_file_test(file, G_FILE_TEST_IS_REGULAR))
			read_one(r, file);
	}
	return n;
}

static void test_all(void **state)
{
	static const char *const folders[] = { "mime/mime4j", "mime/libetpan/input", "bounces/bsd", "bounces/not",
		"replies/emails", "replies/before", "smime/thunderbird", "smime/pkits" };
	struct reader_options o = { .authserv_id = "mx.test" };
	struct reader *r = reader_new(&o, NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
		if (!is_missing(folders[i]))
			assert_true(read_folder(r, folders[i]) > 0);
	reader_free(r);
}

/* Blanks in one way only, as the other project lays the text out anew. */
static char *squeezed(const char *text)
{
	GString *out = g_string_new(NULL);

	for (const char *p = text; *p; p++)
		if (!g_ascii_isspace(*p))
			g_string_append_c(out, *p);
		else if (out->len && out->str[out->len - 1] != ' ')
			g_string_append_c(out, ' ');
	return g_strchomp(g_string_free(out, FALSE));
}

/* The expected file: four header lines, an empty one, the text. */
static void check_turkish(const char *name)
{
	g_autofree char *in = g_strdup_printf("%s/mime/libetpan/input/%s.eml", corpus(), name);
	g_autofree char *out = g_strdup_printf("%s/mime/libetpan/output/%s.txt", corpus(), name);
	g_autofree char *raw = NULL, *want = NULL, *text = NULL, *got_body = NULL, *want_body = NULL, *subject = NULL;
	struct reader_options o = { 0 };
	struct reader *r = reader_new(&o, NULL);
	g_autoptr(facts_t) f = NULL;
	g_autoptr(mime_t) m = NULL;
	gsize len;

	assert_true(g_file_get_contents(in, &raw, &len, NULL));
	assert_true(g_file_get_contents(out, &want, NULL, NULL));
	f = reader_read(r, raw, len, 1795330800);
	subject = squeezed(f->subject);
	if (!strstr(want, subject))
		fail_msg("%s: subject \"%s\"", name, subject);
	m = mime_open(NULL, raw, len, f->complaints);
	text = text_of_mail(NULL, m, f->complaints);
	got_body = squeezed(text);
	want_body = squeezed(strstr(want, "\n\n") + 2);
	assert_string_equal(got_body, want_body);
	reader_free(r);
}

static void test_turkish(void **state)
{
	if (is_missing("mime/libetpan/input"))
		return;
	check_turkish("2458-encoding");
	check_turkish("2518-encoding");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_turkish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
