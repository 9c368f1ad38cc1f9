/* explain: whatever word the program uses has a sentence; and no sentence stands for a word that nobody uses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "gateway/config.h"
#include "gateway/error.h"
#include "gateway/explain.h"
#include "parsers/facts.h"
#include "queue/workflow.h"
#include "templates/catalog.h"

struct found { const char *kind; guint count; };

static void look(const char *kind, const char *word, const char *sentence, void *data)
{
	struct found *f = data;

	if (g_str_equal(kind, f->kind) && strlen(sentence) > 10 && !strstr(sentence, "(null)"))
		f->count++;
}

static void must_times(const char *kind, const char *word, guint times)
{
	struct found f = { kind, 0 };

	explain_each(word, look, &f);
	if (f.count != times)
		fail_msg("%s %s has %u sentences", kind, word, f.count);
}

static void must(const char *kind, const char *word)
{
	must_times(kind, word, 1);
}

/* Two rooms may have an error of one name: both are told. */
static guint rooms_with(const char *error)
{
	guint n = 0;

	for (const struct error_row *r = error_rows; r->name; r++)
		n += g_str_equal(r->name, error);
	return n;
}

static void test_workflow(void **state)
{
	guint n;
	const struct state *s = workflow_states(&n);

	for (guint i = 0; i < n; i++) {
		must("state", s[i].name);
		must("role", s[i].waits_on);
		assert_non_null(explain_sentence("state", s[i].name));
	}
	for (const struct edge *e = workflow_edges(&n), *end = e + n; e < end; e++) {
		must("event", e->event);
		must("role", e->by);
		if (!explain_sentence("event", e->event))
			fail_msg("event %s has no meaning", e->event);
		g_auto(GStrv) letters = g_strsplit(e->letters, " ", -1);
		for (guint i = 0; *e->letters && letters[i]; i++)
			must("letter", letters[i]);
	}
}

static void test_tables(void **state)
{
	for (const struct error_row *r = error_rows; r->name; r++)
		must_times("error", r->name, rooms_with(r->name));
	for (const struct setting_row *s = config_rows; s->name; s++)
		must("setting", s->name);
}

static void test_words(void **state)
{
	static const struct { const char *kind; const char *const *words; } lists[] = {
		{ "mail", facts_mail_kinds }, { "signature", facts_signature_verdicts }, { "answer", facts_answers },
		{ "row", facts_row_verdicts },
	};

	for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
		for (guint k = 0; lists[i].words[k]; k++)
			must(lists[i].kind, lists[i].words[k]);
	for (guint i = STRENGTH_TOLD; workflow_strengths[i]; i++)
		must("strength", workflow_strengths[i]);
}

/* Dispositions and reasons are plain words in the queue's sources; what stands at these places must be explained. */
static const struct { const char *pattern, *kinds; } spoken[] = {
	{ "apply_says\\(a, \"([a-z_]+)\"", "disposition" },
	{ "apply_says\\(a, \"[a-z_]+\", \"([a-z_]+)\"\\)", "reason" },
	{ "\\breturn a->speaker.reason \\?: \"([a-z_]+)\"", "reason" },
	{ "\\*reason = \"([a-z_]+)\"", "reason" },
	{ "apply_says\\(a, \"[a-z_]+\", [^;]*? \\? \"([a-z_]+)\"", "reason" },
	{ "not_possible\\(a, \"([a-z_]+)\"", "reason" },
	{ "for_person\\(a, [^;]*?\"([a-z_]+)\"[,)]", "reason" },
	{ "apply_question_ask\\(a, \"([a-z_]+)\"", "reason" },
	{ "apply_other_not_read\\(a, [^;]*?\"([a-z_]+)\"", "reason" },
	{ "\\bnobody\\(\"([a-z_]+)\"\\)", "reason" },
	{ "\\breturn (?:version [^;]*\\? )?\"([a-z_]+)\"", "reason" },
	{ "\\breturn version [^;]* : \"([a-z_]+)\"", "reason" },
	{ "disposition = '([a-z_]+)'", "disposition" },
};

static void must_any(const char *word)
{
	static const char *const kinds[] = { "reason", "disposition", "triage", "mail", "answer", "journal", "role" };

	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (explain_sentence(kinds[i], word))
			return;
	fail_msg("reason %s has no sentence", word);
}

static guint must_all(const char *text, guint row)
{
	g_autoptr(GRegex) regex = g_regex_new(spoken[row].pattern, 0, 0, NULL);
	g_autoptr(GMatchInfo) m = NULL;
	guint n = 0;

	for (g_regex_match(regex, text, 0, &m); g_match_info_matches(m); g_match_info_next(m, NULL), n++) {
		g_autofree char *word = g_match_info_fetch(m, 1);

		if (g_str_equal(spoken[row].kinds, "reason"))
			must_any(word);
		else
			must("disposition", word);
	}
	return n;
}

static void test_queue_words(void **state)
{
	static const char *const files[] = { "apply.c", "apply_request.c", "apply_other.c", "apply_notice.c", "apply_reply.c",
					     "apply_question.c", "apply_bounce.c", "gate.c", "sql/statements.sql" };
	guint found[G_N_ELEMENTS(spoken)] = { 0 };

	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_build_filename("queue", files[i], NULL), *text = NULL;

		assert_true(g_file_get_contents(path, &text, NULL, NULL));
		for (guint k = 0; k < G_N_ELEMENTS(spoken); k++)
			found[k] += must_all(text, k);
	}
	for (guint k = 0; k < G_N_ELEMENTS(spoken); k++)
		if (!found[k])
			fail_msg("nothing in the queue is written as %s", spoken[k].pattern);
}

static void test_letters(void **state)
{
	struct catalog *all = catalog_new(NULL);

	assert_non_null(all);
	for (guint i = 0; catalog_letters(all)[i]; i++)
		must("letter", catalog_letters(all)[i]);
	catalog_free(all);
}

struct rows { struct catalog *all; guint n; };

/* A row for a letter, state or event that is no longer there would explain what does not exist. */
static void check_row(const char *kind, const char *word, const char *sentence, void *data)
{
	struct rows *r = data;

	r->n++;
	if (g_str_equal(kind, "letter") && !g_strv_contains(catalog_letters(r->all), word))
		fail_msg("there is no letter %s", word);
	if (g_str_equal(kind, "complaint"))
		assert_string_not_equal(catalog_word(r->all, "complaint", word), word);
}

static void test_no_more(void **state)
{
	struct rows r = { catalog_new(NULL), 0 };
	guint told = explain_each(NULL, check_row, &r);

	assert_int_equal(told, r.n);
	assert_true(r.n > 100);
	assert_int_equal(explain_each("no_such_word", check_row, &r), 0);
	catalog_free(r.all);
}

/* "refused" is a state, a row's verdict and a letter: all senses are told, in either case. */
static void test_senses(void **state)
{
	struct found f = { "state", 0 };

	assert_true(explain_each("REFUSED", look, &f) >= 3);
	assert_int_equal(f.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_workflow), cmocka_unit_test(test_tables),
					    cmocka_unit_test(test_words), cmocka_unit_test(test_letters),
					    cmocka_unit_test(test_queue_words), cmocka_unit_test(test_no_more), cmocka_unit_test(test_senses) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
