/* silence_test: nobody answers: reminders, the office's digest, the six months; and that nothing can fall silent. */
#include "tests/unit/queue/help.h"
#include "queue/calendar.h"
#include "queue/workflow.h"

#define DAY 86400
#define MONDAY (NOW + 21 * 3600) /* 2026-11-23 09:00 */
static const char applicant[] = "kisi1@ornek.edu.tr";

/* By hand from `requested` to the state. */
static const struct { const char *state, *events; } roads[] = {
	{ "requested", "" }, { "approved", "approve" }, { "submitted", "approve list submit" },
	{ "invited", "approve list submit ca_opened" }, { "paper_due", "approve list submit done_wet" },
	{ "paper_in", "approve list submit done_wet received" }, { "paper_sent", "approve list submit done_wet received posted" },
	{ "filed", "approve list submit done_e_sign" }, { "deficient", "approve list submit ca_missing_papers" },
	{ "shipped", "approve list submit ca_shipped" }, { "returned", "approve list submit ca_shipped ca_returned" },
	{ "delivered", "approve list submit ca_shipped ca_delivered" }, { "listed", "approve list" },
};

static void lead(struct world *w, const char *events)
{
	GError *error = NULL;
	g_auto(GStrv) all = g_strsplit(events, " ", -1);
	for (guint i = 0; all[i] && *all[i]; i++) {
		if (strcmp(all[i], "list") == 0)
			assert_true(tick(w, NOW));
		else if (!by_hand(w, 1, all[i], NULL, &error))
			fail_msg("%s: %s", all[i], error->message);
	}
	deliver_all(w, NOW);
	tick(w, NOW);
}

/* Whom the ladder of each state speaks to; NULL: nobody but the office's digest. days: until the first rung. */
static const struct { const char *state, *to; int rungs; const char *answers; } ladders[] = {
	{ "requested", OFFICER, 3, "" }, { "invited", applicant, 3, "done_e_sign,done_e_consent,done_wet,withdraw,question" },
	{ "submitted", applicant, 3, "done_e_sign,done_e_consent,done_wet,withdraw,question" },
	{ "paper_due", applicant, 3, NULL }, { "paper_in", "evrak@ornek.edu.tr", 3, "" }, { "paper_sent", NULL, 0, NULL },
	{ "filed", NULL, 0, NULL }, { "deficient", applicant, 3, NULL }, { "shipped", applicant, 3, NULL }, { "returned", OFFICER, 3, "" },
	{ "delivered", applicant, 3, NULL },
};

static const char *events_to(const char *state)
{
	for (guint i = 0; i < G_N_ELEMENTS(roads); i++)
		if (strcmp(roads[i].state, state) == 0)
			return roads[i].events;
	fail_msg("no road to %s", state);
	return NULL;
}

static void test_ladders(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(ladders); i++) {
		void *fresh;
		world_setup(&fresh);
		struct world *w = fresh;
		apply(w, request_of(1, 1, "renewal"));
		lead(w, events_to(ladders[i].state));
		assert_sql(w, ladders[i].state, "SELECT state FROM application");
		for (gint64 day = 0; day < 60; day++)
			tick(w, MONDAY + day * DAY);
		g_autofree char *expected = g_strdup_printf("%d|%d", ladders[i].rungs, ladders[i].rungs);
		assert_sql(w, expected, "SELECT count(*)||'|'||count(DISTINCT date(owed_at, 'unixepoch')) FROM letter WHERE name='reminder'");
		if (ladders[i].to)
			assert_sql(w, ladders[i].to, "SELECT group_concat(DISTINCT recipient) FROM letter WHERE name='reminder'");
		if (ladders[i].answers)
			assert_sql(w, ladders[i].answers, "SELECT coalesce((SELECT answers FROM letter WHERE name='reminder'), '')");
		assert_sql(w, "1", "SELECT count(*) FROM expectation WHERE escalated_at > 0 AND ended_at IS NULL");
		assert_sql(w, "escalate", "SELECT event FROM expectation WHERE ended_at IS NULL AND event <> 'cancel' AND event <> 'cancel_near'");
		world_teardown(&fresh);
	}
}

/* Nobody gets two in a day, and what waits on one person stands in one letter. */
static void test_one_letter(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 120, "renewal"));
	assert_false(tick(w, MONDAY + DAY));
	assert_true(tick(w, MONDAY + 3 * DAY));
	assert_sql(w, "1|" OFFICER, "SELECT count(*)||'|'||recipient FROM letter WHERE name='reminder'");
	assert_sql(w, "120|1", "SELECT json_array_length(context->>'people')||'|'||(SELECT count(*) FROM json_each(context->'people') "
		   "WHERE value->>'first') FROM letter JOIN letter_context ON letter=id WHERE name='reminder'");
	assert_false(tick(w, MONDAY + 3 * DAY + 3600));
	g_autofree char *token = token_of(w, "approval");
	apply_at(w, reply_of(OFFICER, token, ANSWER_HOLD), MONDAY + 3 * DAY + 7200);
	assert_false(tick(w, MONDAY + 4 * DAY));
	assert_sql(w, "120", "SELECT count(*) FROM expectation WHERE ended_at IS NULL AND times = 0");
}

/* An applicant answers the reminder; an older letter's answer still counts. */
static void test_answered(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 1, "renewal");
	apply(w, notice_of("ca_opened", applicant));
	assert_true(tick(w, MONDAY + 7 * DAY));
	g_autofree char *token = token_of(w, "reminder");
	assert_sql(w, "1", "SELECT application FROM letter WHERE name='reminder' AND refs=(SELECT message_id FROM letter WHERE name='submitted')");
	gint64 mail = apply_at(w, reply_of(applicant, token, ANSWER_DONE_E_SIGN), MONDAY + 7 * DAY);
	assert_disposition(w, mail, "done", "applied", "");
	assert_sql(w, "filed", "SELECT state FROM application");
	assert_sql(w, "0", "SELECT count(*) FROM expectation WHERE ended_at IS NULL AND remind");
}

static void test_wet_only(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 1, "first");
	apply(w, notice_of("ca_opened", applicant));
	assert_true(tick(w, MONDAY + 7 * DAY));
	assert_sql(w, "done_wet,withdraw,question", "SELECT answers FROM letter WHERE name='reminder'");
	/* A certificate that has ended meanwhile cannot sign either. */
	struct facts *f = request_of(2, 1, "renewal");
	set(&row_of(f, 0)->expires, "2026-11-25");
	apply(w, f);
	g_autofree char *token = token_of(w, "approval");
	apply(w, reply_of(OFFICER, token, ANSWER_APPROVE));
	deliver_all(w, NOW);
	for (int day = 0; day < 30; day++)
		tick(w, MONDAY + day * DAY);
	assert_sql(w, "done_wet,withdraw,question", "SELECT answers FROM letter WHERE name='reminder' AND recipient='kisi2@ornek.edu.tr' LIMIT 1");
}

/* The six months run on when the applicant chooses paper, and end with letters before and after. */
static void test_six_months(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 1, "renewal");
	apply(w, notice_of("ca_opened", applicant));
	g_autofree char *due = ask(w, "SELECT due_at FROM expectation WHERE event='cancel'");
	g_autofree char *token = token_of(w, "invited");
	apply_at(w, reply_of(applicant, token, ANSWER_DONE_WET), MONDAY + 30 * DAY);
	assert_sql(w, due, "SELECT due_at FROM expectation WHERE event='cancel' AND ended_at IS NULL AND state='paper_due'");
	assert_sql(w, "1", "SELECT count(*) FROM expectation WHERE event='cancel_near' AND ended_at IS NULL");
	gint64 end = g_ascii_strtoll(due, NULL, 10);
	tick(w, end - 25 * DAY);
	assert_sql(w, "0", "SELECT count(*) FROM letter WHERE name='cancel_near'");
	tick(w, end - 11 * DAY);
	assert_sql(w, "1", "SELECT count(*) FROM letter JOIN letter_context ON letter=id WHERE name='cancel_near' AND "
		   "context->>'cancel_on' = (SELECT date(due_at + 10800, 'unixepoch') FROM expectation WHERE event='cancel')");
	tick(w, end - 1);
	assert_sql(w, "paper_due", "SELECT state FROM application");
	tick(w, end);
	assert_sql(w, "cancelled|1|1", "SELECT state||'|'||(SELECT count(*) FROM letter WHERE name='cancelled')||'|'||"
		   "(SELECT count(*) FROM letter WHERE name='cancel_near') FROM application");
	assert_sql(w, "0", "SELECT count(*) FROM expectation WHERE ended_at IS NULL");
	assert_sql(w, "0", "SELECT count(*) FROM journal WHERE event='no_edge'");
	/* Asked for again, it is a new one that names the old one. */
	struct facts *again = request_of(1, 1, "renewal");
	apply_at(w, again, end + DAY);
	assert_sql(w, "requested", "SELECT state FROM application WHERE id=2");
	assert_sql(w, "A-1 cancelled", "SELECT note FROM journal WHERE event='reopened' AND application=2");
}

/* Who was asked is no officer any more: his successor is asked, and reminded. */
static void test_new_officer(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 1, "renewal"));
	directory_free((struct directory *)w->policy.directory);
	w->policy.directory = directory_parse("yeni@ornek.edu.tr,officer\n" MANAGER ",manager,Birim A\n", NULL);
	assert_true(tick(w, MONDAY + 3 * DAY));
	assert_true(tick(w, MONDAY + 3 * DAY));
	assert_sql(w, "yeni@ornek.edu.tr", "SELECT recipient FROM letter WHERE name='approval' ORDER BY id DESC LIMIT 1");
	assert_sql(w, "yeni@ornek.edu.tr", "SELECT recipient FROM letter WHERE name='reminder'");
	g_autofree char *token = token_of(w, "approval");
	assert_disposition(w, apply_at(w, reply_of("yeni@ornek.edu.tr", token, ANSWER_APPROVE), MONDAY + 3 * DAY), "done", "applied", "");
}

/* Letters wait for the morning, but for the answer to whoever has just written. */
static void test_quiet_hours(void **state)
{
	struct world *w = *state;
	w->policy.quiet_hours = true;
	apply(w, request_of(1, 1, "renewal")); /* on a Sunday */
	g_autofree char *monday = g_strdup_printf("receipt %d,approval %d", NOW, MONDAY);
	assert_sql(w, monday, "SELECT group_concat(name||' '||due_at) FROM letter");
	assert_int_equal(deliver_all(w, NOW), 1);
	assert_int_equal(deliver_all(w, MONDAY - 1), 0);
	assert_int_equal(deliver_all(w, MONDAY), 1);
	g_autofree char *token = token_of(w, "approval");
	apply_at(w, reply_of(OFFICER, token, ANSWER_APPROVE), MONDAY + 8 * 3600 + 60);
	assert_int_equal(deliver_all(w, MONDAY + 8 * 3600 + 60), 0);
	assert_int_equal(deliver_all(w, MONDAY + DAY), 1);
}

/* Random people do random things at random times: who is not at an end is waited for, always. */
static void test_nothing_falls_silent(void **state)
{
	struct world *w = *state;
	guint n, moved = 0, finals = 0;
	const struct edge *edges = workflow_edges(&n);
	g_autoptr(GRand) random = g_rand_new_with_seed(20261122);
	gint64 now = MONDAY;
	apply(w, request_of(1, 60, "renewal"));
	for (int step = 0; step < 3000; step++) {
		g_autoptr(GError) ignored = NULL;
		gint64 id = g_rand_int_range(random, 1, 61);
		g_autofree char *from = ask(w, "SELECT state FROM application WHERE id=%d", (int)id);
		const struct edge *e = &edges[g_rand_int_range(random, 0, (gint32)n)];
		for (guint i = 0; i < n && (strcmp(e->from, from) != 0 || strcmp(e->by, "operator") != 0); i++)
			e = &edges[(guint)(e - edges + 1) % n];
		const struct by_hand act = { id, e->event, "deneme", NULL };
		if (!workflow_final(e->to) || g_rand_int_range(random, 0, 15) == 0)
			moved += apply_operator(w->db, &w->policy, &act, now, &ignored);
		now += g_rand_int_range(random, 0, 8 * 3600);
		if (step % 10 == 0) {
			tick(w, now);
			deliver_all(w, now);
		}
		assert_sql(w, "0", "SELECT count(*) FROM application a WHERE open = 1 AND NOT EXISTS (SELECT 1 FROM expectation e "
			   "WHERE e.application = a.id AND e.ended_at IS NULL AND e.state = a.state)");
		assert_sql(w, "0", "SELECT count(*) FROM expectation e JOIN application a ON a.id = e.application "
			   "WHERE e.ended_at IS NULL AND (a.open = 0 OR e.state <> a.state)");
	}
	g_autofree char *ended = ask(w, "SELECT count(*) FROM application WHERE open = 0");
	finals = (guint)g_ascii_strtoull(ended, NULL, 10);
	assert_in_range(moved, 200, 3000);
	assert_in_range(finals, 5, 59);
	assert_sql(w, "0", "SELECT count(*) FROM (SELECT count(*) AS n FROM letter WHERE name='reminder' "
		   "GROUP BY recipient, date(owed_at + 10800, 'unixepoch') HAVING n > 1)");
	g_autofree char *reminders = ask(w, "SELECT count(*) FROM letter WHERE name='reminder'");
	assert_true(g_ascii_strtoull(reminders, NULL, 10) > 20);
}

static void see(const char *json, void *data)
{
	g_string_append(data, json);
}

/* `show` says on whom, since when, what next and when. */
static void test_show(void **state)
{
	struct world *w = *state;
	g_autoptr(GString) shown = g_string_new("");
	submitted_people(w, 1, 1, "renewal");
	apply(w, notice_of("ca_opened", applicant));
	for (gint64 day = 0; day < 40; day++)
		tick(w, MONDAY + day * DAY);
	assert_true(view_each(w->db, "show", "A-1", see, shown, NULL));
	assert_non_null(strstr(shown->str, "\"state\":\"invited\",\"waits_on\":\"applicant\""));
	assert_non_null(strstr(shown->str, "\"since\":\"2026-11-22T12:00:00+03:00\""));
	assert_non_null(strstr(shown->str, "\"expects\":[{\"event\":\"escalate\",\"due\":\"20"));
	assert_non_null(strstr(shown->str, "\"reminded\":3,\"escalated\":\"2026-12-"));
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ladders), WITH_WORLD(test_one_letter), WITH_WORLD(test_answered), WITH_WORLD(test_wet_only),
		WITH_WORLD(test_six_months), WITH_WORLD(test_new_officer), WITH_WORLD(test_quiet_hours),
		WITH_WORLD(test_nothing_falls_silent), WITH_WORLD(test_show),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
