/* workflow_test: every state and edge of the table, as such and as SQLite lets them through. */
#include "tests/unit/queue/help.h"
#include "queue/workflow.h"

static bool word_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

/* DESIGN 5, as it stands there. */
static const struct { const char *state, *waits_on; } wanted[] = {
	{ "requested", "office" }, { "approved", "office" }, { "listed", "officer" }, { "submitted", "ca" },
	{ "invited", "applicant" }, { "paper_due", "applicant" }, { "paper_in", "registry" }, { "paper_sent", "ca" },
	{ "filed", "ca" }, { "deficient", "applicant" }, { "shipped", "applicant" }, { "returned", "office" },
	{ "delivered", "applicant" }, { "active", "nobody" }, { "refused", "nobody" }, { "withdrawn", "nobody" },
	{ "cancelled", "nobody" }, { "redirected", "nobody" }, { "superseded", "nobody" },
};

static const struct { const char *from, *event, *by, *to; } roads[] = {
	{ "requested", "approve", "officer", "approved" }, { "requested", "refuse", "officer", "refused" },
	{ "requested", "redirect", "officer", "redirected" }, { "approved", "list", "gateway", "listed" },
	{ "listed", "submit", "gateway", "submitted" }, { "submitted", "ca_opened", "ca", "invited" },
	{ "invited", "done_e_sign", "applicant", "filed" }, { "invited", "done_e_consent", "applicant", "filed" },
	{ "invited", "done_wet", "applicant", "paper_due" }, { "paper_due", "received", "registry", "paper_in" },
	{ "paper_in", "posted", "registry", "paper_sent" }, { "paper_sent", "ca_received", "ca", "filed" },
	{ "filed", "ca_produced", "ca", "shipped" }, { "filed", "ca_shipped", "ca", "shipped" },
	{ "filed", "ca_missing_papers", "ca", "deficient" }, { "deficient", "done_e_sign", "applicant", "filed" },
	{ "deficient", "done_wet", "applicant", "paper_due" }, { "shipped", "ca_delivered", "ca", "delivered" },
	{ "shipped", "ca_returned", "ca", "returned" }, { "returned", "resend", "operator", "shipped" },
	{ "returned", "resend", "officer", "shipped" }, { "returned", "received", "officer", "delivered" }, { "returned", "ca_delivered", "ca", "delivered" },
	{ "delivered", "activate", "applicant", "active" }, { "invited", "cancel", "clock", "cancelled" },
	{ "requested", "approve", "operator", "approved" }, { "requested", "supersede", "operator", "superseded" },
};

static void test_design(void **state)
{
	guint n;
	workflow_states(&n);
	assert_int_equal(n, G_N_ELEMENTS(wanted));
	for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
		assert_string_equal(workflow_state(wanted[i].state)->waits_on, wanted[i].waits_on);
	for (guint i = 0; i < G_N_ELEMENTS(roads); i++) {
		const struct edge *e = workflow_edge(roads[i].from, roads[i].event, roads[i].by);
		if (e == NULL || strcmp(e->to, roads[i].to) != 0)
			fail_msg("%s %s by %s", roads[i].from, roads[i].event, roads[i].by);
	}
}

static void test_table_is_sound(void **state)
{
	static const char *const roles[] = { "manager", "officer", "registry", "ca", "applicant", "gateway", "clock", "operator", NULL };
	guint edges_n, states_n, afters_n;
	const struct edge *edges = workflow_edges(&edges_n);
	const struct state *states = workflow_states(&states_n);
	const struct after *afters = workflow_afters(&afters_n);
	for (guint i = 0; i < edges_n; i++) {
		const struct edge *e = &edges[i];
		assert_true(workflow_state(e->from) && workflow_state(e->to) && word_of(e->by, roles));
		assert_false(workflow_final(e->from));
		assert_in_range(e->strength, STRENGTH_TOLD, STRENGTH_OPERATOR);
		/* A second row for the same step would never be met. */
		assert_ptr_equal(workflow_edge(e->from, e->event, e->by), e);
	}
	for (guint i = 0; i < states_n; i++) {
		guint in = i == 0, out = 0, waits = 0;
		for (guint j = 0; j < edges_n; j++) {
			in += strcmp(edges[j].to, states[i].name) == 0;
			out += strcmp(edges[j].from, states[i].name) == 0;
		}
		for (guint j = 0; j < afters_n; j++)
			waits += strcmp(afters[j].state, states[i].name) == 0;
		assert_true(in > 0);
		assert_int_equal(out > 0, !workflow_final(states[i].name));
		assert_int_equal(waits > 0, !workflow_final(states[i].name));
	}
	for (guint i = 0; i < afters_n; i++)
		assert_non_null(workflow_edge(afters[i].state, afters[i].event, "clock"));
}

/* The operator walks every edge that is his; the database lets exactly the edges through. */
static void test_database_holds_it(void **state)
{
	struct world *w = *state;
	guint n;
	const struct state *all = workflow_states(&n);
	apply(w, request_of(1, 1, "renewal"));
	for (guint i = 0; i < n; i++) {
		for (guint j = 0; j < n; j++) {
			guint edges_n;
			const struct edge *edges = workflow_edges(&edges_n);
			bool edge = i == j;
			for (guint k = 0; k < edges_n; k++)
				edge |= strcmp(edges[k].from, all[i].name) == 0 && strcmp(edges[k].to, all[j].name) == 0;
			g_autofree char *set = g_strdup_printf("BEGIN; DROP TRIGGER application_moves; UPDATE application SET state='%s';",
							       all[i].name);
			g_autofree char *trigger = ask(w, "SELECT sql FROM sqlite_schema WHERE name='application_moves'");
			g_autofree char *move = g_strdup_printf("UPDATE application SET state='%s'", all[j].name);
			assert_int_equal(sqlite3_exec(w->peek, set, NULL, NULL, NULL), SQLITE_OK);
			assert_int_equal(sqlite3_exec(w->peek, trigger, NULL, NULL, NULL), SQLITE_OK);
			int result = sqlite3_exec(w->peek, move, NULL, NULL, NULL);
			if ((result == SQLITE_OK) != edge)
				fail_msg("%s to %s: %s", all[i].name, all[j].name, result == SQLITE_OK ? "went" : "refused");
			sqlite3_exec(w->peek, "ROLLBACK", NULL, NULL, NULL);
		}
	}
}

static void test_every_edge(void **state)
{
	struct world *w = *state;
	guint n;
	const struct edge *edges = workflow_edges(&n);
	apply(w, request_of(1, 1, "renewal"));
	g_autofree char *trigger = ask(w, "SELECT sql FROM sqlite_schema WHERE name='application_moves'");
	for (guint i = 0; i < n; i++) {
		const struct edge *e = &edges[i];
		GError *error = NULL;
		if (strcmp(e->by, "operator") != 0)
			continue;
		g_autofree char *set = g_strdup_printf("DROP TRIGGER application_moves; UPDATE application SET state='%s', open=1",
						       e->from);
		assert_int_equal(sqlite3_exec(w->peek, set, NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_exec(w->peek, trigger, NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_exec(w->peek, "UPDATE letter SET name=name||'_before'", NULL, NULL, NULL), SQLITE_OK);
		if (!by_hand(w, 1, e->event, NULL, &error))
			fail_msg("%s %s: %s", e->from, e->event, error->message);
		g_autofree char *expected = g_strdup_printf("%s|%d|%s|%s", e->to, !workflow_final(e->to), e->event, e->from);
		assert_sql(w, expected, "SELECT state||'|'||open||'|'||(SELECT event||'|'||from_state FROM journal ORDER BY id DESC "
			   "LIMIT 1) FROM application");
		assert_sql(w, e->letters, "SELECT coalesce(group_concat(name,' '),'') FROM (SELECT name FROM letter WHERE name NOT LIKE '%%_before' ORDER BY id)");
		assert_int_equal(sqlite3_exec(w->peek, "UPDATE letter SET name=replace(name,'_before','')", NULL, NULL, NULL), SQLITE_OK);
		g_autofree char *expects = ask(w, "SELECT count(*) FROM expectation WHERE ended_at IS NULL");
		if (strcmp(e->from, e->to) != 0)
			assert_int_equal(strcmp(expects, "0") == 0, workflow_final(e->to));
	}
}

static void test_strength(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 1, "renewal");
	struct facts *f = notice_of("ca_opened", "kisi1@ornek.edu.tr");
	f->auth.trusted = false;
	assert_disposition(w, apply(w, f), "parked", "waits_for_person", "not_authenticated");
	assert_sql(w, "submitted", "SELECT state FROM application");
	struct facts *g = notice_of("ca_opened", "kisi1@ornek.edu.tr");
	g->auth.trusted = false;
	g->signature.verdict = SIGNATURE_VALID;
	g->signature.from_matches = true;
	assert_disposition(w, apply(w, g), "done", "applied", "");
	assert_sql(w, "signed", "SELECT strength FROM journal WHERE event='ca_opened'");
}

static void test_dot(void **state)
{
	g_autofree char *dot = workflow_dot();
	assert_true(g_str_has_prefix(dot, "digraph workflow {") && g_str_has_suffix(dot, "}\n"));
	assert_non_null(strstr(dot, "submitted -> invited [label=\"ca_opened (ca)\"]"));
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_design),     cmocka_unit_test(test_table_is_sound), WITH_WORLD(test_database_holds_it),
		WITH_WORLD(test_every_edge),       WITH_WORLD(test_strength),             cmocka_unit_test(test_dot),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
