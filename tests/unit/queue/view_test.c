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

static void keep_line(const char *json, void *data)
{
	g_string_append(data, json);
}

/* What there must be none of is seen when there is some. */
static void test_broken_promises(void **state)
{
	static const struct { const char *view, *breaks, *shown; } cases[] = {
		{ "silent", "", "" },
		{ "silent", "UPDATE expectation SET ended_at=1 WHERE application=1", "{\"application\":\"A-1\",\"state\":\"submitted\","
		  "\"email\":\"kisi1@ornek.edu.tr\"}" },
		{ "twice", "", "" },
		{ "twice", "INSERT INTO letter (name,recipient,to_ca,due_at,message_id,answers,version,expires,application,owed_at,changed_at) "
		  "SELECT name,recipient,0,due_at,message_id,answers,version,expires,application,owed_at+86400,changed_at FROM letter "
		  "WHERE name='submitted' AND application=2; INSERT INTO letter_context SELECT (SELECT max(id) FROM letter), context "
		  "FROM letter_context JOIN letter ON letter=id WHERE name='submitted' AND application=2",
		  "{\"letter\":6,\"name\":\"submitted\",\"to\":\"kisi2@ornek.edu.tr\",\"times\":2}" },
		{ "twice", "UPDATE letter SET version=version+1 WHERE id=6", "" },
	};
	struct world *w = *state;
	submitted_people(w, 1, 2, "renewal");
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) shown = g_string_new("");
		assert_int_equal(sqlite3_exec(w->peek, cases[i].breaks, NULL, NULL, NULL), SQLITE_OK);
		assert_true(view_each(w->db, cases[i].view, NULL, keep_line, shown, NULL));
		assert_string_equal(shown->str, cases[i].shown);
	}
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(test_views), WITH_WORLD(test_broken_promises),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
