/* outbox_test: every way of a letter: order, freezing, fences, back-off, doubt, what a crash leaves. */
#include "tests/unit/queue/help.h"

/* A request and its approval: 1 receipt, 2 approval, 3 the list to KAMU SM. */
static void three_letters(struct world *w)
{
	apply(w, request_of(1, 1, "renewal"));
	g_autofree char *token = token_of(w, "approval");
	apply(w, reply_of(OFFICER, token, ANSWER_APPROVE));
}

static GPtrArray *claim_at(struct world *w, guint max, gint64 now)
{
	GError *error = NULL;
	GPtrArray *all = outbox_claim(w->db, max, now, 100, &error);
	assert_null(error);
	return all;
}

static struct letter *letter_at(GPtrArray *all, guint i)
{
	assert_true(i < all->len);
	return all->pdata[i];
}

static void test_order(void **state)
{
	struct world *w = *state;
	three_letters(w);
	submitted_people(w, 2, 1, "renewal");
	g_autofree char *more = ask(w, "SELECT count(*) FROM letter WHERE state='owed'");
	assert_string_not_equal(more, "0");
	sqlite3_exec(w->peek, "UPDATE letter SET state='owed', due_at=owed_at, attempts=0, holder=0; DELETE FROM letter_bytes", NULL, NULL, NULL);
	g_autoptr(GPtrArray) all = claim_at(w, 4, NOW);
	assert_int_equal(all->len, 4);
	for (guint i = 0; i < all->len; i++)
		assert_int_equal(letter_at(all, i)->to_ca, i == 0);
	const struct letter *list = letter_at(all, 0), *receipt = letter_at(all, 1);
	assert_string_equal(list->name, "ca_list");
	assert_int_equal(list->submission, 1);
	assert_null(list->token);
	assert_string_equal(receipt->to, MANAGER);
	assert_true(g_str_has_prefix(receipt->message_id, "<ng-1-") && g_str_has_suffix(receipt->message_id, "@ornek.edu.tr>"));
	assert_non_null(receipt->in_reply_to);
	assert_true(receipt->context[0] == '{' && receipt->owed_at == NOW && receipt->attempts == 1 && receipt->frozen == NULL);
	g_autoptr(GPtrArray) only = claim_at(w, 1, NOW);
	assert_int_equal(only->len, 1);
	assert_true(letter_at(only, 0)->to_ca);
	g_autoptr(GPtrArray) nothing_for_ca = claim_at(w, 50, NOW);
	for (guint i = 0; i < nothing_for_ca->len; i++)
		assert_false(letter_at(nothing_for_ca, i)->to_ca);
	assert_int_equal(outbox_next(w->db, NOW, NULL), NOW + 100);
}

/* Only letter 1 is left to send. */
static void leave_first(struct world *w)
{
	sqlite3_exec(w->peek, "UPDATE letter SET state='sent' WHERE id<>1", NULL, NULL, NULL);
}

/* The same bytes at every try, whatever a later postman composes. */
static void test_bytes_stay(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 1, "renewal"));
	leave_first(w);
	g_autoptr(GPtrArray) first = claim_at(w, 1, NOW);
	freeze_one(w, letter_at(first, 0), NOW);
	record_one(w, 1, OUTCOME_DEFERRED, NOW);
	g_autoptr(GPtrArray) second = claim_at(w, 1, NOW + 60);
	assert_true(g_bytes_equal(letter_at(second, 0)->frozen, letter_at(first, 0)->frozen));
	assert_int_not_equal(sqlite3_exec(w->peek, "UPDATE letter_bytes SET bytes=x'00'", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_exec(w->peek, "ROLLBACK", NULL, NULL, NULL);
}

/* A postman overslept; another took the letter. The first finds that it is no longer his. */
static void test_fence(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	apply(w, request_of(1, 1, "renewal"));
	leave_first(w);
	g_autoptr(GPtrArray) slow = claim_at(w, 1, NOW), quick = claim_at(w, 1, NOW + 100);
	letter_at(slow, 0)->frozen = g_bytes_new("slow", 4);
	assert_false(outbox_freeze(w->db, slow, NOW + 101, &error));
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_REFUSED));
	g_clear_error(&error);
	freeze_one(w, letter_at(quick, 0), NOW + 101);
	assert_sql(w, "sending|66726F7A656E", "SELECT state||'|'||hex(bytes) FROM letter JOIN letter_bytes ON letter=id WHERE id=1");
}

static void test_back_off(void **state)
{
	struct world *w = *state;
	static const gint64 waits[] = { 60, 300, 900, 3600, 14400, 86400, 86400, 86400, 86400, 86400, 86400 };
	gint64 now = NOW;
	apply(w, request_of(1, 1, "renewal"));
	leave_first(w);
	for (guint i = 0; i < G_N_ELEMENTS(waits); i++) {
		g_autoptr(GPtrArray) all = claim_at(w, 1, now);
		freeze_one(w, letter_at(all, 0), now);
		record_one(w, 1, OUTCOME_DEFERRED, now);
		g_autofree char *is = ask(w, "SELECT state FROM letter WHERE id=1");
		if (strcmp(is, "failed") == 0) {
			assert_true(now - NOW >= 5 * 86400);
			assert_sql(w, "1", "SELECT count(*) FROM journal WHERE event='letter_out_of_time'");
			return;
		}
		assert_int_equal(outbox_next(w->db, now, NULL), now + waits[i]);
		g_autoptr(GPtrArray) early = claim_at(w, 1, now + waits[i] - 1);
		assert_int_equal(early->len, 0);
		now += waits[i];
	}
	fail_msg("tried for ever");
}

static const struct { enum outcome outcome; const char *state; const char *event; } outcomes[] = {
	{ OUTCOME_SENT, "sent", "" },          { OUTCOME_DEFERRED, "deferred", "" },
	{ OUTCOME_FAILED, "failed", "letter_failed" }, { OUTCOME_UNCERTAIN, "uncertain", "letter_uncertain" },
	{ OUTCOME_UNTRIED, "frozen", "" },
};

static void test_outcomes(void **state)
{
	struct world *w = *state;
	for (guint i = 0; i < G_N_ELEMENTS(outcomes); i++) {
		apply(w, request_of(10 + (int)i, 1, "renewal"));
		g_autoptr(GPtrArray) all = claim_at(w, 1, NOW);
		struct letter *l = letter_at(all, 0);
		freeze_one(w, l, NOW);
		assert_sql(w, "sending", "SELECT state FROM letter WHERE id=%d", (int)l->id);
		record_one(w, l->id, outcomes[i].outcome, NOW);
		assert_sql(w, outcomes[i].state, "SELECT state FROM letter WHERE id=%d", (int)l->id);
		assert_sql(w, outcomes[i].event, "SELECT event FROM journal WHERE letter=%d", (int)l->id);
		assert_sql(w, "250|2.0.0 ok", "SELECT code||'|'||answer FROM letter WHERE id=%d", (int)l->id);
		sqlite3_exec(w->peek, "UPDATE letter SET state='sent'", NULL, NULL, NULL);
		/* What is sent stays sent, whatever is said later. */
		record_one(w, l->id, OUTCOME_DEFERRED, NOW);
		assert_sql(w, "sent", "SELECT state FROM letter WHERE id=%d", (int)l->id);
	}
	assert_int_equal(outbox_next(w->db, NOW, NULL), -1);
}

static void test_untried_unfrozen(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 1, "renewal"));
	g_autoptr(GPtrArray) all = claim_at(w, 9, NOW);
	assert_int_equal(all->len, 2);
	record_one(w, 1, OUTCOME_UNTRIED, NOW + 1);
	assert_sql(w, "owed", "SELECT state FROM letter WHERE id=1");
	assert_int_equal(outbox_next(w->db, NOW + 1, NULL), 0);
}

static void test_dead_postman(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	three_letters(w);
	g_autoptr(GPtrArray) all = claim_at(w, 3, NOW);
	freeze_one(w, letter_at(all, 0), NOW);
	assert_int_equal(outbox_next(w->db, NOW, NULL), NOW + 100);
	g_autoptr(GPtrArray) again = claim_at(w, 5, NOW + 100);
	assert_int_equal(again->len, 2);
	assert_sql(w, "uncertain", "SELECT state FROM letter WHERE name='ca_list'");
	assert_sql(w, "1", "SELECT count(*) FROM journal WHERE event='letter_uncertain'");
	/* With its seat known one need not wait for the lease. */
	db_holder(w->db, 3);
	assert_true(outbox_retry(w->db, 3, "deneme", NOW + 101, &error));
	g_autoptr(GPtrArray) list = claim_at(w, 1, NOW + 101);
	freeze_one(w, letter_at(list, 0), NOW + 101);
	assert_true(outbox_recover(w->db, 4, NOW + 102, &error));
	assert_sql(w, "sending", "SELECT state FROM letter WHERE name='ca_list'");
	assert_true(outbox_recover(w->db, 3, NOW + 102, &error));
	assert_sql(w, "uncertain", "SELECT state FROM letter WHERE name='ca_list'");
	assert_true(outbox_recover(w->db, -1, NOW + 103, &error));
}

static void test_spoil_and_retry(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	apply(w, request_of(1, 1, "renewal"));
	assert_true(outbox_spoil(w->db, 1, "a name is unknown", NOW, &error));
	assert_sql(w, "failed|a name is unknown", "SELECT state||'|'||answer FROM letter WHERE id=1");
	assert_true(outbox_retry(w->db, 1, "deneme", NOW, &error));
	assert_sql(w, "owed", "SELECT state FROM letter WHERE id=1");
	assert_false(outbox_retry(w->db, 1, "deneme", NOW, &error));
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_REFUSED));
	g_clear_error(&error);
	assert_false(outbox_retry(w->db, 99, "deneme", NOW, &error));
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND));
	g_clear_error(&error);
	assert_sql(w, "1", "SELECT count(*) FROM journal WHERE event='letter_retry' AND by_name='deneme' AND letter=1");
}

/* Time over, the postman alive: his late word still counts while nobody else took the letter. */
static void test_late_word(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 1, "renewal"));
	g_autoptr(GPtrArray) all = claim_at(w, 1, NOW);
	freeze_one(w, letter_at(all, 0), NOW);
	g_autoptr(GPtrArray) other = claim_at(w, 0, NOW + 100);
	assert_sql(w, "uncertain", "SELECT state FROM letter WHERE id=1");
	record_one(w, 1, OUTCOME_SENT, NOW + 101);
	assert_sql(w, "sent", "SELECT state FROM letter WHERE id=1");
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(test_order),    WITH_WORLD(test_bytes_stay),       WITH_WORLD(test_fence),       WITH_WORLD(test_back_off),
		WITH_WORLD(test_outcomes), WITH_WORLD(test_untried_unfrozen), WITH_WORLD(test_dead_postman),
		WITH_WORLD(test_spoil_and_retry), WITH_WORLD(test_late_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
