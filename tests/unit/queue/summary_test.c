/* summary_test: digests at their time to whom they concern, and certificates on their way to their end. */
#include "tests/unit/queue/help.h"
#include "queue/certificate.h"

#define DAY 86400
#define MONDAY (NOW + 21 * 3600) /* 2026-11-23 09:00 */
static const char *const days[] = { "90", "60", "30", "10", NULL };

static int setup(void **state)
{
	world_setup(state);
	struct world *w = *state;
	w->policy.manager_digest = "weekly:mon";
	w->policy.officer_digest = "daily";
	w->policy.ca_window_days = 90;
	w->policy.renewal_window_days = 60;
	w->policy.renewal_days = days;
	tick(w, NOW); /* what was before the first start is not made up for */
	return 0;
}

static void import(struct world *w, int n, const char *unit, const char *expires)
{
	g_autofree char *number = tckn(n), *email = g_strdup_printf("kisi%d@ornek.edu.tr", n);
	const struct certificate_entry e = { number, "Deneme", "Kisi", NULL, unit, email, expires };
	bool known;
	assert_true(certificate_import(w->db, &e, &known, NULL));
}

static char *letters(struct world *w)
{
	return ask(w, "SELECT group_concat(name||' '||recipient) FROM (SELECT * FROM letter WHERE name IN ('manager_digest',"
		   "'officer_digest','expiring') ORDER BY name, recipient, id)");
}

#define assert_letters(w, expected) do { g_autofree char *all_ = letters(w); assert_string_equal(all_, (expected)); } while (0)

static void test_nothing(void **state)
{
	struct world *w = *state;
	for (int day = 0; day < 10; day++)
		assert_false(tick(w, MONDAY + day * DAY));
	assert_letters(w, "");
}

/* His own people and pending rows for each; a unit's deputy hears only of what he sent himself. */
static void test_managers(void **state)
{
	struct world *w = *state;
	struct facts *f = request_of(1, 2, "renewal"), *g = request_of(3, 1, "renewal");
	refuse(add_person(f, 9, "renewal"), "tckn_check_digit", "1");
	set(&g->from, MANAGER2);
	apply(w, f);
	apply(w, g);
	assert_false(tick(w, MONDAY - 1));
	assert_true(tick(w, MONDAY));
	assert_false(tick(w, MONDAY + 3600));
	assert_sql(w, MANAGER " 2 1," MANAGER2 " 1 0", "SELECT group_concat(recipient||' '||json_array_length(context->'people')||' '||"
		   "json_array_length(context->'rows')) FROM letter JOIN letter_context ON letter=id WHERE name='manager_digest'");
	for (int day = 1; day < 7; day++)
		tick(w, MONDAY + day * DAY);
	assert_sql(w, "2", "SELECT count(*) FROM letter WHERE name='manager_digest'");
	tick(w, MONDAY + 7 * DAY);
	assert_sql(w, "4", "SELECT count(*) FROM letter WHERE name='manager_digest'");
}

/* Monday to Friday while something waits on the office; who asked left, his unit's manager has it. */
static void test_officer(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 2, "renewal"));
	apply(w, mail_of(KIND_OTHER, "biri@ornek.edu.tr"));
	for (int day = 0; day < 7; day++)
		tick(w, MONDAY + day * DAY);
	assert_sql(w, "5|" OFFICER, "SELECT count(*)||'|'||max(recipient) FROM letter WHERE name='officer_digest'");
	assert_sql(w, "2|other|1", "SELECT (context->>'$.waits[0].count')||'|'||(context->>'$.parked[0].parked')||'|'||(context->>'$.parked[0].count')"
		   " FROM letter JOIN letter_context ON letter=id WHERE name='officer_digest'");
	for (int day = 7; day < 40; day++)
		tick(w, MONDAY + day * DAY);
	assert_sql(w, "2", "SELECT json_array_length(context->'late') FROM letter JOIN letter_context ON letter=id "
		   "WHERE name='officer_digest' ORDER BY id DESC LIMIT 1");
}

/* Once the officer was asked, another unit that asks for the same person stands in his next digest, and in no other. */
static void test_second_unit(void **state)
{
	struct world *w = *state;
	for (int n = 1; n <= 2; n++) {
		struct facts *f = request_of(1, n, "renewal");
		if (n == 2)
			set(&f->from, MANAGER2);
		apply(w, f);
	}
	tick(w, MONDAY);
	assert_sql(w, "A-1|Birim B|" MANAGER2, "SELECT group_concat((value->>'application')||'|'||(value->>'unit')||'|'||(value->>'manager')) FROM letter "
		   "JOIN letter_context ON letter_context.letter=letter.id, json_each(context->'also') WHERE name='officer_digest'");
	tick(w, MONDAY + DAY);
	assert_sql(w, "2|1", "SELECT count(*)||'|'||sum(json_array_length(context->'also')) FROM letter JOIN letter_context ON letter=id "
			     "WHERE name='officer_digest'");
}

/* The question itself names the other unit: the digest need not. */
static void test_second_unit_in_question(void **state)
{
	struct world *w = *state;
	w->policy.approval_per_request = false;
	apply(w, request_of(1, 1, "renewal"));
	struct facts *f = request_of(1, 1, "renewal");
	set(&f->from, MANAGER2);
	apply(w, f);
	tick(w, MONDAY);
	assert_sql(w, "Birim B|0", "SELECT (context->>'$.people[0].also_units')||'|'||(SELECT json_array_length(d.context->'also') FROM letter e JOIN "
		   "letter_context d ON d.letter=e.id WHERE e.name='officer_digest') FROM letter JOIN letter_context ON letter=id WHERE name='approval'");
}

/* Days before the end → what the manager reads on the Monday: listed, in the form, or nothing new. */
static void test_windows(void **state)
{
	struct world *w = *state;
	import(w, 1, "Birim A", "2026-12-20"); /* in 27 days */
	import(w, 2, "Birim A", "2027-02-10"); /* in 79 */
	import(w, 3, "Birim A", "2027-03-30"); /* in 127 */
	import(w, 4, "Birim B", "2026-11-20"); /* has ended */
	import(w, 5, NULL, "2026-12-20");      /* nobody's */
	assert_true(tick(w, MONDAY));
	assert_letters(w, "manager_digest " MANAGER ",officer_digest " OFFICER);
	assert_sql(w, "2026-12-20 1,2027-02-10 0", "SELECT group_concat((value->>'expires_on')||' '||(value->>'asked')) FROM letter JOIN "
		   "letter_context ON letter_context.letter=letter.id, json_each(context->'renewals') WHERE name='manager_digest'");
	assert_sql(w, "1", "SELECT context->>'unled_count' FROM letter JOIN letter_context ON letter=id WHERE name='officer_digest'");
	g_autofree char *id = ask(w, "SELECT id FROM letter WHERE name='manager_digest'");
	struct request *r = certificate_form(w->db, g_ascii_strtoll(id, NULL, 10), NULL);
	assert_int_equal(r->rows->len, 1);
	assert_string_equal(((struct request_row *)r->rows->pdata[0])->expires, "2026-12-20");
	assert_string_equal(((struct request_row *)r->rows->pdata[0])->kind, "renewal");
	facts_request_free(r);
	/* A week later there is nothing new. Then the first has ten days left: the manager again, and the person once. */
	for (int day = 1; day < 14; day++)
		tick(w, MONDAY + day * DAY);
	assert_sql(w, "1", "SELECT count(*) FROM letter WHERE name='manager_digest'");
	for (int day = 14; day < 28; day++)
		tick(w, MONDAY + day * DAY);
	assert_sql(w, "kisi1@ornek.edu.tr,kisi5@ornek.edu.tr", "SELECT group_concat(recipient) FROM (SELECT recipient FROM letter "
		   "WHERE name='expiring' ORDER BY recipient)");
	assert_sql(w, "10", "SELECT min(days) FROM certificate_told WHERE certificate=1 AND days > 0");
}

/* Who has asked is not asked again, and a new card is the one that counts. */
static void test_cycle(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	struct facts *f = request_of(1, 1, "renewal");
	set(&row_of(f, 0)->expires, "2026-12-20");
	apply(w, f);
	assert_sql(w, "2026-12-20 form Birim A kisi1@ornek.edu.tr", "SELECT expires||' '||source||' '||unit||' '||email FROM certificate");
	struct facts *corrected = request_of(1, 1, "renewal");
	set(&row_of(corrected, 0)->expires, "2026-12-24");
	apply(w, corrected);
	assert_sql(w, "2026-12-24", "SELECT group_concat(expires) FROM certificate");
	tick(w, MONDAY);
	assert_sql(w, "0", "SELECT count(*) FROM certificate_told");
	static const char *const road[] = { "approve", NULL, "submit", "ca_shipped", "ca_delivered", "activate" };
	for (guint i = 0; i < G_N_ELEMENTS(road); i++)
		if (road[i] == NULL)
			tick(w, MONDAY);
		else if (!by_hand(w, 1, road[i], NULL, &error))
			fail_msg("%s: %s", road[i], error->message);
	assert_sql(w, "2026-12-24 form,2029-12-24 active", "SELECT group_concat(expires||' '||source) FROM certificate");
	for (int day = 1; day < 30; day++)
		tick(w, MONDAY + day * DAY);
	assert_sql(w, "0", "SELECT count(*) FROM certificate_told");
}

/* First cards begin on the day, foreigners have a year. */
static void test_life(void **state)
{
	static const struct { const char *tckn; gint64 years; const char *expires; } cases[] = {
		{ "10000000146", 0, "2029-11-22" }, { "10000000146", 2, "2028-11-22" }, { "99000000026", 0, "2027-11-22" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		void *fresh;
		GError *error = NULL;
		setup(&fresh);
		struct world *w = fresh;
		struct facts *f = request_of(1, 1, "first");
		set(&row_of(f, 0)->tckn, cases[i].tckn);
		row_of(f, 0)->years = cases[i].years;
		apply(w, f);
		assert_true(by_hand(w, 1, "approve", NULL, &error));
		tick(w, NOW);
		assert_true(by_hand(w, 1, "submit", NULL, &error) && by_hand(w, 1, "ca_shipped", NULL, &error));
		assert_true(by_hand(w, 1, "ca_delivered", NULL, &error) && by_hand(w, 1, "activate", NULL, &error));
		assert_sql(w, cases[i].expires, "SELECT group_concat(expires) FROM certificate");
		world_teardown(&fresh);
	}
}

static void see(const char *json, void *data)
{
	g_string_append(data, json);
}

static void test_forecast(void **state)
{
	struct world *w = *state;
	g_autoptr(GString) shown = g_string_new("");
	import(w, 1, "Birim A", "2026-12-20");
	import(w, 1, "Birim A", "2027-12-20");
	import(w, 2, "Birim A", "2027-12-21");
	import(w, 3, NULL, "2028-01-21");
	apply(w, request_of(2, 1, "renewal"));
	assert_true(view_each(w->db, "forecast", NULL, see, shown, NULL));
	assert_string_equal(shown->str, "{\"month\":\"2027-12\",\"certificates\":2,\"applied\":1,\"without_unit\":0}"
					"{\"month\":\"2028-01\",\"certificates\":1,\"applied\":0,\"without_unit\":1}");
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(test_nothing), WITH_WORLD(test_managers), WITH_WORLD(test_officer), WITH_WORLD(test_windows),
		WITH_WORLD(test_second_unit), WITH_WORLD(test_second_unit_in_question),
		WITH_WORLD(test_cycle), cmocka_unit_test(test_life), WITH_WORLD(test_forecast),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
