/* catalog: every letter, word for word, against golden files; and that no name of the program lacks its
 * word.
 *
 * golden/LETTER[-variant].json is a context, .txt and .html what becomes of it. NESGATE_GOLDEN=write makes
 * the files anew: read the difference before it is committed.
 */
#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include <gio/gio.h>
#include "templates/catalog.h"

#define GOLDEN "tests/unit/templates/golden/"

static struct catalog *catalog;
static char *common;

static char *slurp(const char *path)
{
	char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		fail_msg("cannot read %s", path);
	return text;
}

static int set_up(void **state)
{
	g_autoptr(GError) error = NULL;

	catalog = catalog_new(&error);
	if (!catalog)
		print_error("%s\n", error->message);
	common = slurp(GOLDEN "common.json");
	return catalog ? 0 : -1;
}

static int tear_down(void **state)
{
	catalog_free(catalog);
	g_free(common);
	return 0;
}

/* Names of the golden contexts without .json. */
static GPtrArray *samples(void)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) dir = g_dir_open(GOLDEN, 0, NULL);
	const char *file;

	assert_non_null(dir);
	while ((file = g_dir_read_name(dir)))
		if (g_str_has_suffix(file, ".json") && strcmp(file, "common.json") != 0)
			g_ptr_array_add(names, g_strndup(file, strlen(file) - strlen(".json")));
	assert_true(names->len > 0);
	return names;
}

static struct letter_text *render_sample(const char *name)
{
	g_autofree char *path = g_strconcat(GOLDEN, name, ".json", NULL), *json = slurp(path);
	g_autofree char *letter = g_strndup(name, strcspn(name, "-"));
	g_autoptr(GError) error = NULL;
	struct letter_text *t = catalog_render(catalog, letter, common, json, &error);

	if (!t)
		fail_msg("%s: %s", name, error->message);
	return t;
}

static void compare(const char *name, const char *suffix, const char *got)
{
	g_autofree char *path = g_strconcat(GOLDEN, name, suffix, NULL), *want = NULL;

	if (g_strcmp0(g_getenv("NESGATE_GOLDEN"), "write") == 0) {
		assert_true(g_file_set_contents(path, got, -1, NULL));
		return;
	}
	want = slurp(path);
	assert_string_equal(got, want);
}

static void test_golden(void **state)
{
	g_autoptr(GPtrArray) names = samples();
	guint i;

	for (i = 0; i < names->len; i++) {
		struct letter_text *t = render_sample(names->pdata[i]);
		g_autofree char *text = g_strdup_printf("Subject: %s\n\n%s", t->subject, t->text);

		compare(names->pdata[i], ".txt", text);
		compare(names->pdata[i], ".html", t->html);
		letter_text_free(t);
	}
}

static void test_every_letter_has_a_sample(void **state)
{
	const char *const *letters = catalog_letters(catalog);
	guint n;

	for (n = 0; letters[n]; n++) {
		g_autofree char *path = g_strconcat(GOLDEN, letters[n], ".json", NULL);

		if (!g_file_test(path, G_FILE_TEST_EXISTS))
			fail_msg("letter %s has no sample %s", letters[n], path);
	}
	assert_true(n >= 12);
}

/* What holds for every letter: columns, the beginning and the end of a formal letter, no tag left over. */
static void check_text(const char *name, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	guint i;

	for (i = 0; lines[i]; i++)
		if (g_utf8_strlen(lines[i], -1) > 76 || g_str_has_suffix(lines[i], " "))
			fail_msg("%s: line %u is too long or ends in a blank: %s", name, i + 1, lines[i]);
	if (!g_str_has_prefix(text, "Sayın ") || !strstr(text, "\nSaygılarımızla,\n\nBilgi İşlem Daire Başkanlığı\nÖrnek Üniversitesi\n"))
		fail_msg("%s: not the beginning and end of a letter", name);
	if (strchr(text, '!') && !strstr(text, "Sayfa1!"))
		fail_msg("%s: an exclamation mark", name);
	if (g_regex_match_simple("[[:alpha:]]'[[:alpha:]]", text, 0, 0))
		fail_msg("%s: a straight apostrophe", name);
	if (g_regex_match_simple("(?<![0-9])[1-9][0-9]{10}(?![0-9])", text, 0, 0))
		fail_msg("%s: an identity number that is not masked", name);
	if (strstr(text, "{{") || strstr(text, "\n\n\n"))
		fail_msg("%s: a tag or two empty lines left", name);
}

static void test_form_of_letters(void **state)
{
	g_autoptr(GPtrArray) names = samples();
	guint i;

	for (i = 0; i < names->len; i++) {
		struct letter_text *t = render_sample(names->pdata[i]);

		check_text(names->pdata[i], t->text);
		assert_true(g_utf8_strlen(t->subject, -1) < 78);
		letter_text_free(t);
	}
}

/* Tags that are opened are closed, in order: what mail programs guess from broken HTML differs. */
static void check_html(const char *name, const char *html)
{
	g_autoptr(GPtrArray) open = g_ptr_array_new_with_free_func(g_free);
	const char *p = html;

	while ((p = strchr(p, '<'))) {
		bool closing = p[1] == '/';
		g_autofree char *tag = NULL;

		p += closing ? 2 : 1;
		tag = g_strndup(p, strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789"));
		if (!*tag || !strcmp(tag, "br") || !strcmp(tag, "meta"))
			continue;
		if (!closing) {
			g_ptr_array_add(open, g_steal_pointer(&tag));
			continue;
		}
		if (!open->len || strcmp(open->pdata[open->len - 1], tag) != 0)
			fail_msg("%s: </%s> closes nothing", name, tag);
		g_ptr_array_set_size(open, open->len - 1);
	}
	if (open->len)
		fail_msg("%s: <%s> is not closed", name, (char *)open->pdata[open->len - 1]);
}

static void test_html_is_balanced(void **state)
{
	g_autoptr(GPtrArray) names = samples();
	guint i;

	for (i = 0; i < names->len; i++) {
		struct letter_text *t = render_sample(names->pdata[i]);

		check_html(names->pdata[i], t->html);
		letter_text_free(t);
	}
}

static void test_strangers_words(void **state)
{
	static const char json[] = "{\"wet_only\":false,\"e_possible\":true,\"ref\":\"A-8\",\"name\":\"Ali\\n\\n<script>x</script>\\r\\nBcc: a@b\",\"reason\":\"\\\"><img src=x>\"}";
	g_autoptr(GError) error = NULL;
	struct letter_text *t = catalog_render(catalog, "deficient", common, json, &error);

	assert_non_null(t);
	assert_non_null(strstr(t->text, "Sayın Ali  <script>x</script>  Bcc: a@b,\n"));
	assert_non_null(strstr(t->html, "Sayın Ali  &lt;script&gt;x&lt;/script&gt;  Bcc: a@b,"));
	assert_non_null(strstr(t->html, "&quot;&gt;&lt;img src=x&gt;"));
	assert_null(strstr(t->html, "<script") ? t->html : strstr(t->html, "<img"));
	letter_text_free(t);
}

static void test_errors(void **state)
{
	static const struct { const char *letter, *common, *context; enum template_error code; } cases[] = {
		{ "no_such_letter", "{}", "{}", TEMPLATE_ERROR_UNKNOWN_LETTER },
		{ "paper_due", NULL, "{\"ref\":\"A-1\"}", TEMPLATE_ERROR_UNKNOWN_NAME },
		{ "paper_due", "{}", "{\"ref\":\"A-1\",\"name\":\"x\"}", TEMPLATE_ERROR_UNKNOWN_NAME },
		{ "paper_due", NULL, "{\"ref\":\"A\\n1\",\"name\":\"x\",\"e_possible\":true}", TEMPLATE_ERROR_HEADER },
		{ "paper_due", NULL, "{\"ref\":\"A-1\",\"name\":[],\"e_possible\":true}", TEMPLATE_ERROR_CONTEXT },
		{ "paper_due", NULL, "[]", TEMPLATE_ERROR_CONTEXT },
		{ "paper_due", "x", "{}", TEMPLATE_ERROR_CONTEXT },
		{ "filed", NULL, "{\"ref\":\"A-1\",\"name\":\"x\",\"way\":\"by_pigeon\"}", TEMPLATE_ERROR_UNKNOWN_NAME },
	};
	guint i;

	for (i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;

		assert_null(catalog_render(catalog, cases[i].letter, cases[i].common ? cases[i].common : common, cases[i].context, &error));
		if (!g_error_matches(error, TEMPLATE_ERROR, cases[i].code))
			fail_msg("case %u: %s", i, error ? error->message : "no error");
	}
}

static void test_own_context_wins(void **state)
{
	g_autoptr(GError) error = NULL;
	struct letter_text *t = catalog_render(catalog, "paper_due", common,
		"{\"e_possible\":true,\"ref\":\"A-1\",\"name\":\"x\",\"paper_to\":\"Başka Yer\"}", &error);

	assert_non_null(t);
	assert_non_null(strstr(t->text, "Teslim yeri: Başka Yer"));
	letter_text_free(t);
}

static void test_words(void **state)
{
	assert_string_equal(catalog_word(catalog, "kind", "renewal"), "Yenileme");
	assert_string_equal(catalog_word(catalog, "kind", "no_such_kind"), "no_such_kind");
	assert_string_equal(catalog_word(catalog, "column", ""), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden), cmocka_unit_test(test_every_letter_has_a_sample), cmocka_unit_test(test_form_of_letters),
		cmocka_unit_test(test_html_is_balanced), cmocka_unit_test(test_strangers_words), cmocka_unit_test(test_errors),
		cmocka_unit_test(test_own_context_wins), cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
