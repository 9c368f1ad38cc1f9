/* submission_test: how lists are made, signed, typed in, and what an officer is told when they are not. */
#include "queue/calendar.h"
#include "queue/list_file.h"
#include "queue/submission.h"
#include "tests/unit/queue/help.h"

#define CARD "aa01"
#define OLD_CARD "aa02"

static struct pinned card = { (char *)CARD, (char *)"CN=Deneme", NOW - 86400, NOW + 86400 };
static struct pinned old_card = { (char *)OLD_CARD, (char *)"CN=Deneme", NOW - 86400, NOW - 3600 };

static int setup(void **state)
{
	world_setup(state);
	struct world *w = *state;
	GPtrArray *pinned = pointers(&card);
	g_ptr_array_add(pinned, &old_card);
	w->policy.pinned = pinned;
	return 0;
}

static int teardown(void **state)
{
	g_ptr_array_unref((GPtrArray *)((struct world *)*state)->policy.pinned);
	return world_teardown(state);
}

static void approved(struct world *w, int first, int count)
{
	apply(w, request_of(first, count, "renewal"));
	g_autofree char *token = token_of(w, "approval");
	apply(w, reply_of(OFFICER, token, ANSWER_APPROVE));
}

/* What the postman does at the first letter of a list. Gives the file's digest as signatures name it. */
static char *file_made(struct world *w, gint64 submission, const char *bytes)
{
	GError *error = NULL;
	g_auto(list_file_t) kept = { 0 };
	g_autoptr(GBytes) all = g_bytes_new(bytes, strlen(bytes));
	assert_true(list_file_keep(w->db, submission, all, &kept, &error));
	assert_null(error);
	g_autofree char *hex = g_compute_checksum_for_bytes(G_CHECKSUM_SHA512, kept.bytes);
	return g_strconcat("sha512:", hex, NULL);
}

static struct signed_file *add_signed(struct facts *f, const char *signer, const char *digest)
{
	struct signed_file *s = facts_signed_add(f);
	f->kind = KIND_SIGNED_LIST;
	s->where = g_strdup("2");
	s->ending = g_strdup("p7s");
	s->bytes = g_strdup("c2lnbmVk"); /* "signed" */
	s->container = g_strdup("detached");
	s->verdict = SIGNATURE_VALID;
	g_ptr_array_add(s->signers, g_strdup(signer));
	g_ptr_array_add(s->digests, g_strdup(digest));
	return s;
}

/* ---- what is taken ---- */

static void test_signed(void **state)
{
	struct world *w = *state;
	w->policy.submission = SUBMISSION_OFFICER_SIGNED;
	approved(w, 1, 2);
	assert_sql(w, "list_to_sign|" OFFICER "|0|1", "SELECT name||'|'||recipient||'|'||to_ca||'|'||submission FROM letter ORDER BY id DESC LIMIT 1");
	g_autofree char *digest = file_made(w, 1, "the list");
	g_autofree char *same = file_made(w, 1, "another list"); /* too late: the first one stays */
	assert_string_equal(digest, same);
	deliver_all(w, NOW);
	tick(w, NOW);
	assert_sql(w, "2", "SELECT count(*) FROM application WHERE state='listed'");
	struct facts *f = mail_of(KIND_OTHER, OFFICER);
	add_signed(f, CARD, digest);
	gint64 mail = apply(w, f);
	assert_disposition(w, mail, "done", "applied", "");
	assert_sql(w, "ca_list|liste@kamusm.gov.tr|1", "SELECT name||'|'||recipient||'|'||to_ca FROM letter ORDER BY id DESC LIMIT 1");
	assert_sql(w, "detached", "SELECT context ->> 'file' FROM letter_context ORDER BY letter DESC LIMIT 1");
	assert_sql(w, "L-1.xlsx.p7s|signed|1", "SELECT name||'|'||CAST(bytes AS TEXT)||'|'||detached FROM submission_file WHERE signed=1");
	assert_sql(w, "officer|L-1", "SELECT by_role||'|'||note FROM journal WHERE event='list_signed'");
	deliver_all(w, NOW);
	tick(w, NOW);
	assert_sql(w, "2", "SELECT count(*) FROM application WHERE state='submitted'");
	assert_sql(w, "sent", "SELECT state FROM submission");
	f = mail_of(KIND_OTHER, OFFICER);
	add_signed(f, CARD, digest);
	assert_disposition(w, apply(w, f), "done", "answered", "already_sent");
	assert_sql(w, "1", "SELECT count(*) FROM letter WHERE name='ca_list'");
}

/* ---- what is not ---- */

static const struct bad {
	const char *signer, *digest, *from; /* digest NULL: the list's; from NULL: the officer */
	enum signature_verdict verdict;
	bool trusted, machine, huge;
	const char *expected;
} bads[] = {
	{ CARD, "sha256:00", NULL, SIGNATURE_VALID, true, false, false, "done|answered|list_altered" },
	{ "bb01", NULL, NULL, SIGNATURE_VALID, true, false, false, "done|answered|other_signer" },
	{ OLD_CARD, NULL, NULL, SIGNATURE_VALID, true, false, false, "done|answered|certificate_expired" },
	{ CARD, NULL, NULL, SIGNATURE_UNTRUSTED, true, false, false, "done|answered|certificate_untrusted" },
	{ CARD, NULL, NULL, SIGNATURE_INVALID, true, false, false, "done|answered|signature_broken" },
	{ CARD, NULL, NULL, SIGNATURE_PARTIAL, true, false, false, "done|answered|signature_broken" },
	{ CARD, NULL, NULL, SIGNATURE_NONE, true, false, false, "done|answered|signature_broken" },
	{ CARD, NULL, NULL, SIGNATURE_ERROR, true, false, false, "done|answered|signature_unreadable" },
	{ CARD, NULL, NULL, SIGNATURE_VALID, true, false, true, "done|answered|signature_unreadable" },
	{ CARD, "sha256:00", NULL, SIGNATURE_VALID, true, true, false, "parked|waits_for_person|list_altered" },
	{ CARD, NULL, NULL, SIGNATURE_VALID, false, false, false, "parked|waits_for_person|not_authenticated" },
	{ CARD, NULL, "yabanci@example.org", SIGNATURE_VALID, true, false, false, "parked|waits_for_person|unknown_sender" },
	{ CARD, NULL, "eski@ornek.edu.tr", SIGNATURE_VALID, true, false, false, "parked|waits_for_person|unknown_sender" },
	{ CARD, NULL, MANAGER, SIGNATURE_VALID, true, false, false, "parked|waits_for_person|signed_list" },
};

static void test_not_taken(void **state)
{
	struct world *w = *state;
	w->policy.submission = SUBMISSION_OFFICER_SIGNED;
	approved(w, 1, 1);
	g_autofree char *digest = file_made(w, 1, "the list");
	for (guint i = 0; i < G_N_ELEMENTS(bads); i++) {
		const struct bad *b = &bads[i];
		struct facts *f = mail_of(KIND_OTHER, b->from ? b->from : OFFICER);
		struct signed_file *s = add_signed(f, b->signer, b->digest ? b->digest : digest);
		f->auth.trusted = b->trusted;
		f->auto_submitted = b->machine;
		s->verdict = b->verdict;
		if (b->huge)
			g_clear_pointer(&s->bytes, g_free);
		gint64 mail = apply(w, f);
		g_autofree char *got = ask(w, "SELECT state||'|'||disposition||'|'||reason FROM mail WHERE id=%" G_GINT64_FORMAT, mail);
		if (strcmp(got, b->expected) != 0)
			fail_msg("row %u: %s, not %s", i, got, b->expected);
		bool told = g_str_has_prefix(b->expected, "done");
		assert_sql(w, told ? "list_not_accepted" : "0", told ? "SELECT name FROM letter WHERE mail=%" G_GINT64_FORMAT
			   : "SELECT count(*) FROM letter WHERE mail=%" G_GINT64_FORMAT, mail);
	}
	assert_sql(w, "0", "SELECT count(*) FROM letter WHERE name='ca_list'");
	assert_sql(w, "listed", "SELECT state FROM application");
}

/* The plain list comes back, which looks like a form; or only words. */
static void test_not_signed(void **state)
{
	struct world *w = *state;
	w->policy.submission = SUBMISSION_OFFICER_SIGNED;
	approved(w, 1, 1);
	g_autofree char *token = token_of(w, "list_to_sign");
	struct facts *f = reply_of(OFFICER, token, ANSWER_NONE);
	assert_disposition(w, apply(w, f), "done", "answered", "not_signed");
	f = reply_of(OFFICER, token, ANSWER_DONE);
	add_person(f, 1, "renewal");
	f->kind = KIND_REQUEST;
	assert_disposition(w, apply(w, f), "done", "answered", "not_signed");
	assert_sql(w, "1", "SELECT count(*) FROM request");
	/* A form that the officer himself has signed is a form. */
	f = mail_of(KIND_REQUEST, OFFICER);
	add_person(f, 2, "renewal");
	add_signed(f, CARD, "sha256:00");
	apply(w, f);
	assert_sql(w, "2", "SELECT count(*) FROM application");
}

/* ---- the portal ---- */

static void test_portal(void **state)
{
	struct world *w = *state;
	w->policy.submission = SUBMISSION_PORTAL;
	w->policy.list_format = "csv";
	approved(w, 1, 2);
	g_autofree char *token = token_of(w, "list_for_portal");
	deliver_all(w, NOW);
	assert_false(tick(w, NOW));
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_NONE)), "done", "answered", "not_understood");
	assert_disposition(w, apply(w, reply_of(MANAGER, token, ANSWER_DONE)), "parked", "waits_for_person", "token_foreign");
	assert_sql(w, "2", "SELECT count(*) FROM application WHERE state='listed'");
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_DONE)), "done", "applied", "");
	assert_sql(w, "2", "SELECT count(*) FROM application WHERE state='submitted'");
	assert_sql(w, "2", "SELECT count(*) FROM letter WHERE name='submitted'");
	assert_sql(w, "sent|csv", "SELECT state||'|'||format FROM submission");
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_POSTED)), "done", "answered", "already");
}

static void test_by_hand(void **state)
{
	struct world *w = *state;
	w->policy.submission = SUBMISSION_PORTAL;
	approved(w, 1, 2);
	assert_true(by_hand(w, 1, "submit", NULL, NULL));
	assert_sql(w, "listed", "SELECT state FROM submission");
	assert_true(by_hand(w, 2, "submit", NULL, NULL));
	assert_sql(w, "sent", "SELECT state FROM submission");
}

/* ---- days ---- */

/* The 22nd is a Sunday; 29 October 2026 is a Thursday and free, with the afternoon before. */
static const struct when { guint days; const char *now, *closes; } whens[] = {
	{ 0, "2026-11-22 12", "2026-11-22 12" },      { 1, "2026-11-22 12", "2026-11-16 10" },
	{ 1, "2026-11-23 09", "2026-11-16 10" },      { 1, "2026-11-23 10", "2026-11-23 10" },
	{ 1, "2026-11-23 23", "2026-11-23 10" },      { 1 | 8, "2026-11-27 12", "2026-11-26 10" },
	{ 8, "2026-10-29 12", "2026-10-22 10" },      { 8, "2026-10-30 12", "2026-10-30 10" },
	{ 64, "2026-11-23 11", "2026-11-23 10" },     { 64, "2026-11-22 11", "2026-11-16 10" },
};

static gint64 time_at(const char *text)
{
	g_autofree char *iso = g_strndup(text, 10);
	gint64 day;
	assert_true(calendar_parse(iso, &day));
	return day * CALENDAR_DAY - CALENDAR_OFFSET + g_ascii_strtoll(text + 11, NULL, 10) * 3600;
}

static void test_days(void **state)
{
	struct world *w = *state;
	w->policy.list_hour = 10;
	for (guint i = 0; i < G_N_ELEMENTS(whens); i++) {
		w->policy.list_days = whens[i].days;
		if (submission_closes(&w->policy, time_at(whens[i].now)) != time_at(whens[i].closes))
			fail_msg("row %u", i);
	}
}

static void test_made_on_its_day(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	gint64 list = 0;
	w->policy.list_days = 1;
	w->policy.list_hour = 10;
	approved(w, 1, 1);
	tick(w, time_at("2026-11-23 09"));
	assert_sql(w, "approved", "SELECT state FROM application");
	assert_true(tick(w, time_at("2026-11-23 10")));
	assert_sql(w, "listed", "SELECT state FROM application");
	approved(w, 2, 1);
	assert_true(apply_operator_submit(w->db, &w->policy, "deneme", NOW, &list, &error));
	assert_int_equal(list, 2);
	assert_sql(w, "2", "SELECT count(*) FROM letter WHERE name='ca_list'");
	list = 0;
	assert_true(apply_operator_submit(w->db, &w->policy, "deneme", NOW, &list, &error));
	assert_int_equal(list, 0);
}

/* ---- a list that does not go ---- */

static void fail_list(struct world *w, gint64 now)
{
	g_autoptr(GPtrArray) letters = outbox_claim(w->db, 20, now, 300, NULL);
	for (guint i = 0; i < letters->len; i++) {
		struct letter *l = letters->pdata[i];
		freeze_one(w, l, now);
		record_one(w, l->id, l->to_ca ? OUTCOME_FAILED : OUTCOME_SENT, now);
	}
}

static void test_alarm(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	gint64 list = 1;
	approved(w, 1, 1);
	fail_list(w, NOW);
	assert_true(tick(w, NOW));
	assert_sql(w, OFFICER "|refused|2.0.0 ok", "SELECT recipient||'|'||(context ->> 'list_failed')||'|'||(context ->> 'answer') FROM letter "
		   "JOIN letter_context ON letter=id WHERE name='list_failed'");
	deliver_all(w, NOW);
	assert_false(tick(w, NOW + 1));
	assert_sql(w, "listed", "SELECT state FROM application");
	/* Others go on. */
	approved(w, 2, 1);
	deliver_all(w, NOW);
	tick(w, NOW);
	assert_sql(w, "submitted", "SELECT state FROM application WHERE id=2");
	/* Failing once more is told once more. */
	assert_true(apply_operator_submit(w->db, &w->policy, "deneme", NOW, &list, &error));
	fail_list(w, NOW + 60);
	tick(w, NOW + 60);
	assert_sql(w, "2", "SELECT count(*) FROM letter WHERE name='list_failed'");
	assert_true(apply_operator_submit(w->db, &w->policy, "deneme", NOW, &list, &error));
	deliver_all(w, NOW + 61);
	tick(w, NOW + 61);
	assert_sql(w, "submitted", "SELECT state FROM application WHERE id=1");
	assert_false(apply_operator_submit(w->db, &w->policy, "deneme", NOW, &list, &error));
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_REFUSED));
	g_clear_error(&error);
	list = 9;
	assert_false(apply_operator_submit(w->db, &w->policy, "deneme", NOW, &list, &error));
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND));
	g_clear_error(&error);
}

/* ---- a list of which nobody knows ---- */

static void lose_answer(struct world *w)
{
	approved(w, 1, 1);
	g_autoptr(GPtrArray) letters = outbox_claim(w->db, 20, NOW, 300, NULL);
	for (guint i = 0; i < letters->len; i++) {
		struct letter *l = letters->pdata[i];
		freeze_one(w, l, NOW);
		record_one(w, l->id, l->to_ca ? OUTCOME_UNCERTAIN : OUTCOME_SENT, NOW);
	}
}

enum { LATER = NOW + 3600 };

/* What the officer answers, or an operator does; and what is true then. Answered twice it is done once. */
static const struct doubt { const char *from; enum answer answer; const char *disposition, *submission, *application; } doubts[] = {
	{ OFFICER, ANSWER_RECEIVED, "applied", "sent|sent", "submitted" },
	{ OFFICER, ANSWER_SEND_AGAIN, "applied", "listed|deferred", "listed" },
	{ OFFICER, ANSWER_APPROVE, "answered", "listed|uncertain", "listed" },
	{ MANAGER, ANSWER_RECEIVED, "waits_for_person", "listed|uncertain", "listed" },
};

static void test_uncertain(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(doubts); i++) {
		const struct doubt *d = &doubts[i];
		setup(state);
		struct world *w = *state;
		lose_answer(w);
		assert_false(tick(w, LATER - 1));
		assert_true(tick(w, LATER));
		assert_false(tick(w, LATER + 1));
		assert_sql(w, OFFICER "|1", "SELECT recipient||'|'||submission FROM letter WHERE name='list_uncertain'");
		g_autofree char *token = token_of(w, "list_uncertain");
		gint64 mail = apply_at(w, reply_of(d->from, token, d->answer), LATER);
		assert_sql(w, d->disposition, "SELECT disposition FROM mail WHERE id=%d", (int)mail);
		assert_sql(w, d->submission, "SELECT s.state||'|'||l.state FROM submission s JOIN letter l ON l.id=s.letter");
		assert_sql(w, d->application, "SELECT state FROM application");
		if (strcmp(d->disposition, "applied") == 0)
			assert_disposition(w, apply_at(w, reply_of(d->from, token, d->answer), LATER), "done", "answered", "already");
		teardown(state);
	}
}

/* Sent again it is the same letter; evidence that comes in time asks nobody; and an operator's word ends the doubt too. */
static void test_doubt_ends(void **state)
{
	struct world *w = *state;
	lose_answer(w);
	tick(w, LATER);
	g_autofree char *token = token_of(w, "list_uncertain");
	apply_at(w, reply_of(OFFICER, token, ANSWER_SEND_AGAIN), LATER);
	deliver_all(w, LATER);
	tick(w, LATER);
	assert_sql(w, "submitted|1", "SELECT state||'|'||(SELECT count(*) FROM letter WHERE name='ca_list') FROM application");
	teardown(state);
	setup(state);
	w = *state;
	lose_answer(w);
	assert_true(by_hand(w, 1, "submit", NULL, NULL));
	assert_sql(w, "sent|sent", "SELECT s.state||'|'||l.state FROM submission s JOIN letter l ON l.id=s.letter");
	tick(w, LATER);
	assert_sql(w, "0", "SELECT count(*) FROM letter WHERE name='list_uncertain'");
}

/* Nobody is officer today: people stay approved, and a list is made when somebody is. */
static void test_nobody(void **state)
{
	struct world *w = *state;
	const struct directory *full = w->policy.directory;
	approved(w, 1, 1); /* on list 1 */
	w->policy.submission = SUBMISSION_OFFICER_SIGNED;
	w->policy.list_days = 1;
	approved(w, 2, 1);
	struct directory *empty = directory_parse("address,role,unit,name,from,to\n" MANAGER ",manager,Birim A,Deneme Amir,,\n", NULL);
	w->policy.directory = empty;
	tick(w, time_at("2026-11-23 12"));
	assert_sql(w, "approved", "SELECT state FROM application WHERE id=2");
	w->policy.directory = full;
	tick(w, time_at("2026-11-23 12"));
	assert_sql(w, "listed", "SELECT state FROM application WHERE id=2");
	directory_free(empty);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_signed), TEST(test_not_taken), TEST(test_not_signed), TEST(test_portal), TEST(test_by_hand),
		TEST(test_days), TEST(test_made_on_its_day), TEST(test_alarm), TEST(test_nobody),
		cmocka_unit_test(test_uncertain), TEST(test_doubt_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
