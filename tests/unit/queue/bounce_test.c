/* bounce: what reports about our letters do: dead addresses and their way back, lists that do not arrive, machines that answer,
 * and the brakes against storms.
 */
#include "queue/brake.h"
#include "queue/undelivered.h"
#include "tests/unit/queue/help.h"

#define KISI "kisi1@ornek.edu.tr"

static char *id_of(struct world *w, const char *letter)
{
	return ask(w, "SELECT message_id FROM letter WHERE name='%s' ORDER BY id DESC LIMIT 1", letter);
}

struct report { const char *address, *action, *status, *reason, *original; };

static struct facts *report_of(const char *message_id, const struct report *r)
{
	struct facts *f = mail_of(KIND_BOUNCE, "mailer-daemon@example.org");
	f->auto_submitted = true;
	facts_bounce_add(f)->original_message_id = g_strdup(message_id);
	struct bounce_recipient *to = facts_bounce_recipient_add(f->bounce);
	set(&to->address, r->address);
	set(&to->original, r->original);
	set(&to->action, r->action);
	set(&to->status, r->status);
	set(&to->reason, r->reason);
	to->permanent = strcmp(r->action, "failed") == 0 && *r->status == '5';
	return f;
}

static gint64 bounce(struct world *w, const char *letter, const struct report *r)
{
	g_autofree char *id = id_of(w, letter);
	return apply(w, report_of(id, r));
}

/* Each about the letter "submitted" to kisi1; held: is a later letter to him held? */
static const struct { struct report report; const char *expected, *bounced, *dead; } reports[] = {
	{ { KISI, "failed", "5.1.1", "user_unknown" }, "done|applied|address_dead", "1", "1" },
	{ { "KISI1@Ornek.edu.tr", "failed", "5.1.2", "host_unknown" }, "done|applied|address_dead", "1", "1" },
	{ { KISI, "failed", "4.1.1", "user_unknown" }, "parked|waits_for_person|bounced", "1", "0" },
	{ { KISI, "failed", "5.2.2", "mailbox_full" }, "parked|waits_for_person|bounced", "1", "0" },
	{ { KISI, "failed", "5.7.1", "refused" }, "parked|waits_for_person|bounced", "1", "0" },
	{ { KISI, "failed", "5.0.0", NULL }, "parked|waits_for_person|bounced", "1", "0" },
	{ { KISI, "delayed", "4.4.7", "expired" }, "parked|waits_for_person|letter_expired", "1", "0" },
	{ { KISI, "delayed", "4.4.1", NULL }, "done|noted|delayed", "0", "0" },
	{ { KISI, "delivered", "2.0.0", NULL }, "done|noted|delivery_report", "0", "0" },
	{ { KISI, "relayed", "2.0.0", NULL }, "done|noted|delivery_report", "0", "0" },
	{ { "baska@ornek.edu.tr", "failed", "5.1.1", "user_unknown" }, "parked|waits_for_person|bounce_of_other", "0", "0" },
	{ { "baska@ornek.edu.tr", "failed", "5.1.1", "user_unknown", KISI }, "done|applied|address_dead", "1", "1" },
	{ { "baska@ornek.edu.tr", "failed", "5.1.1", "user_unknown", "uc@ornek.edu.tr" }, "parked|waits_for_person|bounce_of_other", "0", "0" },
};

static void test_reports(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(reports); i++) {
		assert_int_equal(world_setup(state), 0);
		struct world *w = *state;
		submitted_people(w, 1, 1, "renewal");
		gint64 id = bounce(w, "submitted", &reports[i].report);
		g_autofree char *got = ask(w, "SELECT state||'|'||disposition||'|'||reason FROM mail WHERE id=%d", (int)id);
		if (strcmp(got, reports[i].expected) != 0)
			fail_msg("row %u: %s", i, got);
		assert_sql(w, reports[i].bounced, "SELECT count(*) FROM letter WHERE bounced_at IS NOT NULL");
		assert_sql(w, reports[i].dead, "SELECT count(*) FROM dead_address WHERE address='" KISI "'");
		assert_sql(w, reports[i].dead, "SELECT count(*) FROM letter WHERE name='address_dead' AND recipient='" MANAGER "'");
		assert_sql(w, "submitted", "SELECT state FROM application");
		world_teardown(state);
	}
}

static void test_forged(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 1, "renewal");
	g_autofree char *id = id_of(w, "submitted");
	char *digit = strchr(id, '@') - 3;
	*digit = *digit == 'a' ? 'b' : 'a';
	const struct report r = { KISI, "failed", "5.1.1", "user_unknown" };
	gint64 mail = apply(w, report_of(id, &r));
	assert_disposition(w, mail, "parked", "waits_for_person", "bounce_of_nothing");
	mail = apply(w, report_of(NULL, &r));
	assert_disposition(w, mail, "parked", "waits_for_person", "bounce_of_nothing");
	assert_sql(w, "0", "SELECT count(*) FROM dead_address");
}

static void opened(struct world *w)
{
	apply(w, notice_of("ca_opened", KISI));
}

static void kill_address(struct world *w)
{
	const struct report r = { KISI, "failed", "5.1.1", "user_unknown" };
	submitted_people(w, 1, 2, "renewal");
	deliver_all(w, NOW);
	g_autofree char *id = ask(w, "SELECT message_id FROM letter WHERE name='submitted' AND recipient='" KISI "'");
	apply(w, report_of(id, &r));
	apply(w, report_of(id, &r));
	opened(w);
}

/* Said twice it is told once; what is owed after that waits, other people's letters do not. */
static void test_dead_address_holds(void **state)
{
	struct world *w = *state;
	kill_address(w);
	apply(w, notice_of("ca_opened", "kisi2@ornek.edu.tr"));
	assert_sql(w, "1", "SELECT count(*) FROM letter WHERE name='address_dead'");
	assert_sql(w, "address_dead", "SELECT held FROM letter WHERE name='invited' AND recipient='" KISI "'");
	assert_int_equal(deliver_all(w, NOW), 2); /* the manager's, and kisi2's */
	assert_sql(w, "owed", "SELECT state FROM letter WHERE name='invited' AND recipient='" KISI "'");
	assert_int_equal(outbox_next(w->db, NOW, NULL), -1);
	assert_sql(w, "A-1|user_unknown", "SELECT context->>'$.application'||'|'||(context->>'$.bounce') FROM letter_context "
					  "JOIN letter ON id=letter WHERE name='address_dead'");
}

static void test_corrected_sheet(void **state)
{
	struct world *w = *state;
	kill_address(w);
	deliver_all(w, NOW);
	struct facts *f = request_of(1, 1, "renewal");
	set(&row_of(f, 0)->email, "Yeni1@ornek.edu.tr");
	apply(w, f);
	assert_sql(w, "yeni1@ornek.edu.tr", "SELECT email FROM application WHERE id=1");
	assert_sql(w, "readdressed", "SELECT effect FROM request_row WHERE application=1 ORDER BY id DESC LIMIT 1");
	assert_sql(w, "invited", "SELECT group_concat(name) FROM letter WHERE recipient='yeni1@ornek.edu.tr'");
	assert_sql(w, "readdressed", "SELECT held FROM letter WHERE name='invited' AND recipient='" KISI "'");
	assert_sql(w, "invited", "SELECT state FROM application WHERE id=1");
	deliver_all(w, NOW);
	assert_sql(w, "sent", "SELECT state FROM letter WHERE recipient='yeni1@ornek.edu.tr'");
	assert_sql(w, "owed", "SELECT state FROM letter WHERE name='invited' AND recipient='" KISI "'");
}

/* Another unit's sheet, the same address again, or a new one where the old is alive: nothing. */
static void test_no_correction(void **state)
{
	struct world *w = *state;
	kill_address(w);
	struct facts *f = request_of(1, 1, "renewal");
	set(&f->from, MANAGER2);
	set(&row_of(f, 0)->email, "yeni1@ornek.edu.tr");
	apply(w, f);
	apply(w, request_of(1, 1, "renewal"));
	f = request_of(2, 1, "renewal");
	set(&row_of(f, 0)->email, "yeni2@ornek.edu.tr");
	apply(w, f);
	assert_sql(w, KISI ",kisi2@ornek.edu.tr", "SELECT group_concat(email) FROM application");
	assert_sql(w, "0", "SELECT count(*) FROM letter WHERE recipient LIKE 'yeni%%'");
}

static void test_operator(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	struct undelivered_word word = { 1, "yeni1@ornek.edu.tr", "deneme", NULL };
	kill_address(w);
	assert_true(undelivered_correct(w->db, &w->policy, &word, NOW, &error));
	assert_sql(w, "invited", "SELECT name FROM letter WHERE recipient='yeni1@ornek.edu.tr'");
	word.application = 99;
	assert_false(undelivered_correct(w->db, &w->policy, &word, NOW, &error));
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND));
	g_clear_error(&error);
	assert_false(undelivered_revive(w->db, &word, NOW, &error));
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND));
	g_clear_error(&error);
}

static void test_alive_again(void **state)
{
	struct world *w = *state;
	const struct undelivered_word word = { .address = "Kisi1@ornek.edu.tr", .by = "deneme" };
	kill_address(w);
	deliver_all(w, NOW);
	assert_true(undelivered_revive(w->db, &word, NOW, NULL));
	assert_int_equal(deliver_all(w, NOW), 1);
	assert_sql(w, "sent", "SELECT state FROM letter WHERE name='invited' AND recipient='" KISI "'");
	assert_sql(w, "0", "SELECT count(*) FROM dead_address");
}

/* ---- refused at once ---- */

/* Our own server refuses what goes to this address, with that reason; the rest it takes. */
static void refuse_at_once(struct world *w, const char *address, const char *reason)
{
	for (;;) {
		g_autoptr(GPtrArray) letters = outbox_claim(w->db, 20, NOW, 300, NULL);
		if (letters->len == 0)
			return;
		for (guint i = 0; i < letters->len; i++) {
			struct letter *l = letters->pdata[i];
			struct delivery d = { l->id, OUTCOME_SENT, 250, (char *)"2.0.0 ok", NULL };
			if (g_str_equal(l->to, address))
				d = (struct delivery){ l->id, OUTCOME_FAILED, 550, (char *)"550 5.1.1 User unknown", reason };
			g_autoptr(GPtrArray) all = pointers(&d);
			freeze_one(w, l, NOW);
			assert_true(outbox_record(w->db, all, NOW, NULL));
		}
	}
}

static void test_refused_at_once(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 2, "renewal");
	refuse_at_once(w, KISI, "user_unknown");
	assert_sql(w, "failed", "SELECT state FROM letter WHERE name='submitted' AND recipient='" KISI "'");
	assert_true(tick(w, NOW));
	assert_false(tick(w, NOW));
	assert_sql(w, "frozen|address_dead", "SELECT state||'|'||held FROM letter WHERE name='submitted' AND recipient='" KISI "'");
	assert_sql(w, "A-1|user_unknown", "SELECT context->>'$.application'||'|'||(context->>'$.bounce') FROM letter_context "
					  "JOIN letter ON id=letter WHERE name='address_dead' AND recipient='" MANAGER "'");
	assert_sql(w, "submitted,submitted", "SELECT group_concat(state) FROM application");
	opened(w); /* later letters wait too */
	assert_sql(w, "address_dead", "SELECT held FROM letter WHERE name='invited' AND recipient='" KISI "'");
	refuse_at_once(w, KISI, "user_unknown"); /* the manager's goes, and nothing else */
	assert_false(tick(w, NOW));
	assert_sql(w, "1", "SELECT count(*) FROM letter WHERE name='address_dead'");
	const struct undelivered_word word = { 1, "yeni1@ornek.edu.tr", "deneme", NULL };
	assert_true(undelivered_correct(w->db, &w->policy, &word, NOW, NULL));
	assert_sql(w, "invited", "SELECT group_concat(name) FROM letter WHERE recipient='yeni1@ornek.edu.tr'");
}

/* The address works after all: what was refused goes again, with the same bytes. */
static void test_refused_and_revived(void **state)
{
	struct world *w = *state;
	const struct undelivered_word word = { .address = KISI, .by = "deneme" };
	submitted_people(w, 1, 1, "renewal");
	refuse_at_once(w, KISI, "host_unknown");
	tick(w, NOW);
	assert_true(undelivered_revive(w->db, &word, NOW, NULL));
	deliver_all(w, NOW);
	assert_sql(w, "sent", "SELECT state FROM letter WHERE name='submitted'");
}

/* A refusal that says nothing of the address, a letter that a person has let go again meanwhile, and KAMU SM's address. */
static void test_refused_otherwise(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 1, "renewal");
	refuse_at_once(w, KISI, NULL);
	assert_false(tick(w, NOW));
	assert_sql(w, "failed", "SELECT state FROM letter WHERE name='submitted'");
	g_autofree char *id = ask(w, "SELECT id FROM letter WHERE name='submitted'");
	gint64 letter = g_ascii_strtoll(id, NULL, 10);
	assert_true(outbox_retry(w->db, letter, "deneme", NOW, NULL));
	refuse_at_once(w, KISI, "user_unknown");
	assert_true(outbox_retry(w->db, letter, "deneme", NOW, NULL));
	assert_false(tick(w, NOW));
	deliver_all(w, NOW);
	assert_sql(w, "sent", "SELECT state FROM letter WHERE name='submitted'");
	apply(w, request_of(2, 1, "renewal"));
	g_autofree char *token = token_of(w, "approval");
	apply(w, reply_of(OFFICER, token, ANSWER_APPROVE));
	refuse_at_once(w, "liste@kamusm.gov.tr", "user_unknown");
	tick(w, NOW);
	assert_sql(w, "1", "SELECT count(*) FROM letter WHERE name='list_failed'");
	assert_sql(w, "0", "SELECT count(*) FROM dead_address");
}

/* ---- lists ---- */

static void test_list_bounced(void **state)
{
	struct world *w = *state;
	const struct report r = { "liste@kamusm.gov.tr", "failed", "5.1.1", "user_unknown" };
	submitted_people(w, 1, 1, "renewal");
	gint64 id = bounce(w, "ca_list", &r);
	assert_disposition(w, id, "parked", "waits_for_person", "bounced");
	assert_sql(w, "1", "SELECT count(*) FROM letter WHERE name='list_failed' AND recipient='" OFFICER "'");
	assert_sql(w, "0", "SELECT count(*) FROM dead_address");
	submitted_people(w, 2, 1, "renewal"); /* the next list goes */
	assert_sql(w, "2", "SELECT count(*) FROM submission WHERE state='sent'");
}

/* ---- machines ---- */

static const char *const machines[] = { [false] = "absence", [true] = "read_receipt" };

static void test_machines(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 1, "renewal");
	for (guint i = 0; i < G_N_ELEMENTS(machines); i++) {
		struct facts *f = mail_of(KIND_AUTO_REPLY, KISI);
		g_autofree char *before = ask(w, "SELECT count(*) FROM letter");
		f->auto_submitted = true;
		f->in_reply_to = id_of(w, "submitted");
		f->read_receipt = i;
		f->reply = facts_reply_new();
		f->reply->answer = ANSWER_DONE_E_SIGN;
		gint64 id = apply(w, f);
		assert_sql(w, "done|noted", "SELECT state||'|'||disposition FROM mail WHERE id=%d", (int)id);
		assert_sql(w, machines[i], "SELECT event FROM journal WHERE mail=%d AND application=1", (int)id);
		assert_sql(w, before, "SELECT count(*) FROM letter");
		assert_sql(w, "submitted", "SELECT state FROM application");
	}
}

/* ---- brakes ---- */

static void test_storm(void **state)
{
	struct world *w = *state;
	w->policy.storm_letters = 3;
	for (int i = 1; i <= 3; i++)
		apply(w, request_of(i, 1, "renewal"));
	assert_sql(w, "0", "SELECT count(*) FROM letter WHERE held IS NOT NULL");
	deliver_all(w, NOW);
	apply(w, request_of(4, 1, "renewal"));
	apply(w, request_of(5, 1, "renewal"));
	assert_sql(w, "2|2", "SELECT sum(name='receipt')||'|'||sum(name='approval') FROM letter WHERE held='storm'");
	assert_int_equal(deliver_all(w, NOW), 0);
	assert_true(tick(w, NOW));
	assert_true(tick(w, NOW)); /* two kinds, an alarm each */
	assert_false(tick(w, NOW));
	assert_int_equal(deliver_all(w, NOW), 2);
	assert_true(brake_release(w->db, "receipt", "deneme", NOW, NULL));
	assert_int_equal(deliver_all(w, NOW), 2);
	apply_at(w, request_of(6, 1, "renewal"), NOW + 1); /* what went before the release does not count again */
	assert_sql(w, "", "SELECT held FROM letter WHERE name='receipt' ORDER BY id DESC LIMIT 1");
	g_autoptr(GError) error = NULL;
	assert_false(brake_release(w->db, "receipt", "deneme", NOW, &error));
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND));
}

static void test_slow_is_no_storm(void **state)
{
	struct world *w = *state;
	w->policy.storm_letters = 3;
	for (int i = 1; i <= 9; i++)
		apply_at(w, request_of(i, 1, "renewal"), NOW + i * 1300);
	assert_sql(w, "0", "SELECT count(*) FROM letter WHERE held IS NOT NULL");
}

static gint64 nonsense(struct world *w, const char *subject, gint64 now)
{
	struct facts *f = mail_of(KIND_UNREADABLE, MANAGER);
	set(&f->subject, subject);
	return apply_at(w, f, now);
}

static void test_answers_a_day(void **state)
{
	struct world *w = *state;
	w->policy.answers_per_day = 2;
	assert_disposition(w, nonsense(w, "a", NOW), "done", "answered", "unreadable");
	assert_disposition(w, nonsense(w, "b", NOW), "done", "answered", "unreadable");
	assert_disposition(w, nonsense(w, "c", NOW), "parked", "waits_for_person", "too_many");
	assert_disposition(w, nonsense(w, "d", NOW + 86400), "done", "answered", "unreadable");
	assert_sql(w, "3", "SELECT count(*) FROM letter WHERE name='not_read'");
}

static void test_answers_a_subject(void **state)
{
	struct world *w = *state;
	w->policy.answers_per_subject = 2;
	assert_disposition(w, nonsense(w, "Ynt: a", NOW), "done", "answered", "unreadable");
	assert_disposition(w, nonsense(w, "Ynt: a", NOW), "done", "answered", "unreadable");
	assert_disposition(w, nonsense(w, "Ynt: a", NOW), "parked", "waits_for_person", "too_many");
	assert_disposition(w, nonsense(w, "b", NOW), "done", "answered", "unreadable");
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reports), IN_WORLD(test_forged), IN_WORLD(test_dead_address_holds), IN_WORLD(test_corrected_sheet),
		IN_WORLD(test_no_correction), IN_WORLD(test_operator), IN_WORLD(test_alive_again), IN_WORLD(test_list_bounced),
		IN_WORLD(test_refused_at_once), IN_WORLD(test_refused_and_revived), IN_WORLD(test_refused_otherwise),
		IN_WORLD(test_machines), IN_WORLD(test_storm), IN_WORLD(test_slow_is_no_storm),
		IN_WORLD(test_answers_a_day), IN_WORLD(test_answers_a_subject),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
