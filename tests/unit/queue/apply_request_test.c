/* apply_request_test: forms: what each row does, what waits for the corrected one, who hears of it, when the officer is asked. */
#include "tests/unit/queue/help.h"

static void test_same_person(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 2, "renewal"));
	struct facts *again = request_of(2, 1, "renewal");
	add_person(again, 2, "renewal");
	add_person(again, 2, "other");
	add_person(again, 3, "renewal");
	assert_disposition(w, apply(w, again), "done", "applied", "");
	assert_sql(w, "4", "SELECT count(*) FROM application");
	assert_sql(w, "same,same,asked,asked", "SELECT group_concat(effect) FROM (SELECT effect FROM request_row WHERE request=2 ORDER BY no)");
	assert_sql(w, "2|1|A-2", "SELECT (context->>'known_count')||'|'||(context->>'$.rows[0].known')||'|'||"
		   "(context->>'$.rows[0].application') FROM letter JOIN letter_context ON letter=id WHERE name='receipt' AND request=2");
	assert_sql(w, "2", "SELECT context->>'count' FROM letter JOIN letter_context ON letter=id WHERE name='approval' AND request=2");
	assert_disposition(w, apply(w, request_of(1, 2, "renewal")), "done", "applied", "nothing_new");
	assert_sql(w, "2", "SELECT count(*) FROM letter WHERE name='approval'");
	/* With all of it at its end, a new cycle may begin; the same certificate's end date means the same cycle. */
	GError *error = NULL;
	assert_true(by_hand(w, 1, "withdraw", NULL, &error));
	assert_disposition(w, apply(w, request_of(1, 1, "renewal")), "done", "applied", "");
	assert_sql(w, "2", "SELECT count(*) FROM application WHERE person=1");
}

static void test_person_paid(void **state)
{
	struct world *w = *state;
	struct facts *f = request_of(1, 1, "lost");
	add_person(f, 2, "renewal");
	add_person(f, 3, "lost");
	facts_complain(((struct request_row *)f->request->rows->pdata[2])->complaints, "kind_person_paid", "Sayfa1!G4", NULL);
	apply(w, f);
	assert_sql(w, "1||", "SELECT json_array_length(complaints)||'|'||(complaints->>'$[0].value')||'|' FROM request_row WHERE no=1");
	assert_sql(w, "1|Sayfa1!G4", "SELECT json_array_length(complaints)||'|'||(complaints->>'$[0].where') FROM request_row WHERE no=3");
	assert_sql(w, "redirected|0", "SELECT state||'|'||open FROM application WHERE id=1");
	assert_sql(w, "refused|kind_person_paid", "SELECT verdict||'|'||(complaints->>'$[0].complaint') FROM request_row WHERE no=1");
	assert_sql(w, "1", "SELECT context->>'count' FROM letter JOIN letter_context ON letter=id WHERE name='approval'");
}

static void test_digest(void **state)
{
	struct world *w = *state;
	w->policy.approval_per_request = false;
	apply(w, request_of(1, 1, "renewal"));
	apply(w, request_of(2, 2, "renewal"));
	assert_sql(w, "0", "SELECT count(*) FROM letter WHERE name='approval'");
	assert_false(tick(w, NOW + 20 * 3600));
	assert_true(tick(w, NOW + 21 * 3600));
	assert_false(tick(w, NOW + 21 * 3600));
	assert_sql(w, "1|3|T-1", "SELECT count(*)||'|'||(context->>'count')||'|'||(context->>'ref') FROM letter JOIN letter_context ON letter=id WHERE name='approval'");
	g_autofree char *token = token_of(w, "approval");
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_APPROVE)), "done", "applied", "");
	assert_sql(w, "3", "SELECT count(*) FROM application WHERE state='listed'");
}

/* Without an officer the question is kept until there is one. */
static void test_no_officer(void **state)
{
	struct world *w = *state;
	const struct directory *all = w->policy.directory;
	struct directory *few = directory_parse(MANAGER ",manager\n", NULL);
	w->policy.directory = few;
	apply(w, request_of(1, 1, "renewal"));
	assert_false(tick(w, NOW));
	w->policy.directory = all;
	directory_free(few);
	assert_true(tick(w, NOW + 1));
	assert_sql(w, "1", "SELECT count(*) FROM letter WHERE name='approval'");
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(test_same_person), WITH_WORLD(test_person_paid), WITH_WORLD(test_digest),
		WITH_WORLD(test_no_officer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
