/* view_test: what people look at: one line of JSON a row, identity numbers masked. */
#include "tests/unit/queue/help.h"

static void count_line(const char *json, void *data)
{
	assert_true(json[0] == '{' && strchr(json, '\n') == NULL);
	assert_null(strstr(json, "10000000"));
	++*(int *)data;
}

static void test_views(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 2, "renewal");
	apply(w, mail_of(KIND_OTHER, "biri@example.org"));
	static const struct { const char *view, *key; int lines; } cases[] = {
		{ "status", NULL, 3 }, { "list", NULL, 2 },   { "list", "submitted", 2 }, { "list", "active", 0 },
		{ "show", "A-1", 1 },  { "show", "2", 1 },    { "outbox", NULL, 5 },      { "outbox", "owed", 2 },
		{ "inbox", NULL, 3 },  { "inbox", "parked", 1 }, { "inbox", "M-1", 1 },   { "lists", NULL, 1 },
		{ "letter", "1", 1 },  { "journal", "A-1", 4 },
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		int lines = 0;
		GError *error = NULL;
		assert_true(view_each(w->db, cases[i].view, cases[i].key, count_line, &lines, &error));
		if (lines != cases[i].lines)
			fail_msg("%s %s: %d lines, expected %d", cases[i].view, cases[i].key, lines, cases[i].lines);
	}
	static const struct { const char *view, *key; } missing[] = { { "show", "A-9" }, { "letter", "99" }, { "nothing", NULL } };
	for (guint i = 0; i < G_N_ELEMENTS(missing); i++) {
		int lines = 0;
		GError *error = NULL;
		assert_false(view_each(w->db, missing[i].view, missing[i].key, count_line, &lines, &error));
		assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND));
		g_clear_error(&error);
	}
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(test_views),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
