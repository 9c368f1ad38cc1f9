/* words: contract between the rooms. A complaint, state, answer or kind that a program part can write has a
 * word, and every letter that the workflow owes exists. The rooms cannot include each other, so their
 * sources are read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include <gio/gio.h>
#include "parsers/bounce_words.h"
#include "templates/catalog.h"

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

/* `value` itself comes back when there is no word; all words differ from their names. */
static bool has_word(const char *key, const char *value)
{
	return strcmp(catalog_word(catalog, key, value), value) != 0;
}

static bool in(const char *const *list, const char *value)
{
	return g_strv_contains(list, value);
}

/* Not inlined: gcc 12 then takes the text for the variable that pointed to it. */
static G_GNUC_NO_INLINE char *slurp(const char *path)
{
	char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		fail_msg("cannot read %s", path);
	return text;
}

/* Calls `take` with the first group of each match of `pattern` in `path`; how many there were. */
static guint each_match(const char *path, const char *pattern, void (*take)(const char *path, const char *word))
{
	g_autofree char *text = slurp(path), *code = NULL;
	g_autoptr(GRegex) comment = g_regex_new("/\\*.*?\\*/|#include[^\n]*", G_REGEX_DOTALL, 0, NULL);
	g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_MULTILINE, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	guint n = 0;

	assert_non_null(regex);
	code = g_regex_replace_literal(comment, text, -1, 0, "", 0, NULL);
	for (g_regex_match(regex, code, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL), n++) {
		g_autofree char *word = g_match_info_fetch(match, 1);

		take(path, word);
	}
	return n;
}

static guint each_source(const char *folder, const char *pattern, void (*take)(const char *path, const char *word))
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *file;
	guint n = 0;

	if (!dir)
		fail_msg("cannot read %s", folder);
	while ((file = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, file, NULL);

		if (g_str_has_suffix(file, ".c"))
			n += each_match(path, pattern, take);
	}
	return n;
}

/* Names with an underscore that parsers write and that are no complaints. */
static const char *const other_names[] = {
	"application_no", "tracking_no", "ca_password", "auto_reply", "end_near", "first_day", "missing_papers", "not_given",
	"title_before_name", "form_version", "host_unknown", "user_unknown", "mailbox_full", NULL,
};
/* The table that facts_json reads, and the words of facts_words.h, are names of members and of kinds. */
static const char *const fact_files[] = { "parsers/facts.c", "parsers/facts_words.c", NULL };

static void take_complaint(const char *path, const char *word)
{
	if (in(fact_files, path) || in(other_names, word) || has_word("complaint", word))
		return;
	fail_msg("%s: \"%s\" has no row complaint.%s in templates/tr/words.txt (or is no complaint: then name it in this test)", path, word, word);
}

static void take_surely(const char *path, const char *word)
{
	if (!has_word("complaint", word))
		fail_msg("%s: complaint \"%s\" has no word", path, word);
}

static void test_complaints(void **state)
{
	/* Every literal of the form a_b; and those without an underscore where they are surely complaints. */
	guint n = each_source("parsers", "\"([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\"", take_complaint);

	assert_true(n > 20);
	n = each_source("parsers", "\\bfacts_complain\\([^;\"]*\"([a-z0-9_]+)\"", take_surely);
	n += each_source("gateway", "\\bfacts_complain\\([^;\"]*\"([a-z0-9_]+)\"", take_surely);
	assert_true(n > 0);
	each_source("queue", "\\bcomplaint = [^;\"]*\"([a-z0-9_]+)\"", take_surely);
	each_source("queue", "\\bcomplaint \\?: \"([a-z0-9_]+)\"", take_surely);
}

static void take_state(const char *path, const char *word)
{
	if (!has_word("state", word))
		fail_msg("%s: state %s has no word", path, word);
}

static void take_letters(const char *path, const char *words)
{
	g_auto(GStrv) all = g_strsplit(words, " ", -1);

	for (guint i = 0; all[i]; i++)
		if (!in(catalog_letters(catalog), all[i]))
			fail_msg("%s: there is no letter %s", path, all[i]);
}

static void test_workflow(void **state)
{
	assert_true(each_match("queue/workflow.def", "^STATE\\((\\w+),", take_state) >= 15);
	assert_true(each_match("queue/workflow.def", "^(?!#).*\\b(?:EDGE|BOTH|HEARD|PAPER)\\(.*\"(\\w[\\w ]*)\"\\)", take_letters) >= 30);
}

static void take_answer(const char *path, const char *word)
{
	if (!has_word("answer", word))
		fail_msg("%s: answer %s has no word", path, word);
}

static void take_verdict(const char *path, const char *word)
{
	if (!has_word("verdict", word))
		fail_msg("%s: verdict %s has no word", path, word);
}

static void test_answers_and_verdicts(void **state)
{
	g_autofree char *text = slurp("parsers/facts_words.h");
	static const struct { const char *start; void (*take)(const char *, const char *); guint least; } tables[] = {
		{ "#define ANSWERS(X)", take_answer, 11 }, { "#define ROW_VERDICTS(X)", take_verdict, 3 },
	};
	g_autoptr(GRegex) row = g_regex_new("X\\([A-Z_]+, ([a-z_]+)\\)", 0, 0, NULL);
	guint i, n;

	for (i = 0; i < G_N_ELEMENTS(tables); i++) {
		const char *from = strstr(text, tables[i].start), *to = from ? strstr(from, "\n#") : NULL;
		g_autofree char *part = from ? g_strndup(from, to ? (gsize)(to - from) : strlen(from)) : NULL;
		g_autoptr(GMatchInfo) match = NULL;

		assert_non_null(part);
		n = 0;
		for (g_regex_match(row, part, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL), n++) {
			g_autofree char *word = g_match_info_fetch(match, 1);

			tables[i].take("parsers/facts_words.h", word);
		}
		assert_true(n >= tables[i].least);
	}
}

/* What DESIGN and the contexts of the letters name, and no table of the program holds. */
static void test_fixed_lists(void **state)
{
	static const struct { const char *key, *values; } lists[] = {
		{ "kind", "first renewal lost other" },
		{ "reader", "mini desktop none" },
		{ "way", "e_sign e_consent wet" },
		{ "reason", "no_edge stale expired not_understood not_allowed already wet_only paper_none" },
		{ "backup", "yes no" },
		{ "column", "tckn given_name family_name birth_date email phone unit title expires kind reader backup years sheet" },
	};
	guint i, j;

	for (i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_auto(GStrv) values = g_strsplit(lists[i].values, " ", -1);

		for (j = 0; values[j]; j++)
			if (!has_word(lists[i].key, values[j]))
				fail_msg("%s.%s has no word", lists[i].key, values[j]);
	}
	assert_false(has_word("kind", "nonsense"));
}

static void test_bounces(void **state)
{
	for (int i = BOUNCE_HOST_UNKNOWN; i < BOUNCE_LISTS; i++)
		if (!has_word("bounce", bounce_words_name(i)))
			fail_msg("bounce.%s has no word", bounce_words_name(i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_complaints), cmocka_unit_test(test_bounces), cmocka_unit_test(test_workflow), cmocka_unit_test(test_answers_and_verdicts),
		cmocka_unit_test(test_fixed_lists),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
