/* apply_test: the storyline at the queue's level: form, receipt, approval, list, notices, answers; copies, doubts, failures. */
#include "tests/unit/queue/help.h"

static void test_storyline(void **state)
{
	struct world *w = *state;
	struct facts *f = request_of(1, 2, "renewal");
	add_person(f, 3, "first");
	struct request_row *wrong = add_person(f, 4, "renewal");
	wrong->verdict = ROW_REFUSED;
	facts_complain(wrong->complaints, "tckn_check_digit", "Sayfa1!A8", "10000000041");
	gint64 mail = apply(w, f);
	assert_disposition(w, mail, "done", "applied", "");
	assert_sql(w, "3", "SELECT count(*) FROM application WHERE state='requested'");
	assert_sql(w, "4", "SELECT count(*) FROM request_row");
	assert_sql(w, "receipt,approval", "SELECT group_concat(name) FROM (SELECT name FROM letter ORDER BY id)");
	assert_sql(w, "3", "SELECT count(*) FROM journal WHERE event='request' AND mail=%d AND place LIKE 'Sayfa1!A%%'", (int)mail);
	assert_sql(w, "[\"T-1\",4,3,0,1,1,1,0]",
		   "SELECT json_array(c->>'ref',c->>'count',c->>'accepted_count',c->>'repaired_count',c->>'refused_count',"
		   "c->>'has_accepted',c->>'has_refused',c->>'has_known') FROM (SELECT context c FROM letter JOIN letter_context ON letter=id WHERE name='receipt')");
	assert_sql(w, "100******41|tckn_check_digit", "SELECT (context->>'$.rows[3].complaints[0].value')||'|'||"
		   "(context->>'$.rows[3].complaints[0].complaint') FROM letter JOIN letter_context ON letter=id WHERE name='receipt'");
	assert_sql(w, "3", "SELECT context->>'count' FROM letter JOIN letter_context ON letter=id WHERE name='approval'");
	assert_sql(w, "1", "SELECT in_reply_to = (SELECT message_id FROM request) FROM letter WHERE name='receipt'");

	g_autofree char *approval = token_of(w, "approval");
	assert_true(g_str_has_prefix(approval, "NG-2-"));
	gint64 yes = apply(w, reply_of(OFFICER, approval, ANSWER_APPROVE));
	assert_disposition(w, yes, "done", "applied", "");
	assert_sql(w, "3", "SELECT count(*) FROM application WHERE state='listed' AND submission=1");
	assert_sql(w, "liste@kamusm.gov.tr|1|1", "SELECT recipient||'|'||to_ca||'|'||submission FROM letter WHERE name='ca_list'");
	g_autoptr(GPtrArray) people = outbox_list_people(w->db, 1, NULL);
	assert_int_equal(people->len, 3);
	assert_string_equal(((struct list_person *)people->pdata[2])->kind, "first");

	assert_false(tick(w, NOW));
	assert_int_equal(deliver_all(w, NOW), 3);
	assert_true(tick(w, NOW));
	assert_false(tick(w, NOW));
	assert_sql(w, "3", "SELECT count(*) FROM application WHERE state='submitted'");
	assert_sql(w, "3", "SELECT count(*) FROM letter WHERE name='submitted' AND token IS NOT NULL");
	g_autofree char *early = ask(w, "SELECT token FROM letter WHERE name='submitted' AND application=1");
	g_autofree char *third = ask(w, "SELECT token FROM letter WHERE name='submitted' AND application=3");

	gint64 opened = apply(w, notice_of("ca_opened", "kisi1@ornek.edu.tr"));
	assert_disposition(w, opened, "done", "applied", "");
	assert_sql(w, "invited", "SELECT state FROM application WHERE id=1");
	assert_sql(w, "1", "SELECT count(*) FROM letter WHERE name='invited' AND application=1 AND refs=("
		   "SELECT message_id FROM letter WHERE name='submitted' AND application=1)");
	assert_disposition(w, apply(w, notice_of("ca_opened", "kisi1@ornek.edu.tr")), "done", "no_change", "already");
	/* The answers to both letters mean the same, so the older one still counts. */
	assert_disposition(w, apply(w, reply_of("kisi1@ornek.edu.tr", early, ANSWER_DONE_E_SIGN)), "done", "applied", "");
	assert_sql(w, "filed|e_sign", "SELECT state||'|'||way FROM application WHERE id=1");
	assert_disposition(w, apply(w, reply_of("kisi1@ornek.edu.tr", early, ANSWER_DONE_E_SIGN)), "done", "answered", "already");

	/* The first application can only be signed on paper. */
	assert_disposition(w, apply(w, reply_of("kisi3@ornek.edu.tr", third, ANSWER_DONE_E_SIGN)), "done", "answered", "wet_only");
	assert_disposition(w, apply(w, reply_of("kisi3@ornek.edu.tr", third, ANSWER_DONE_WET)), "done", "applied", "");
	assert_sql(w, "paper_due", "SELECT state FROM application WHERE id=3");
	assert_sql(w, "1", "SELECT count(*) FROM letter WHERE name='paper_due' AND application=3");

	struct facts *missing = notice_of("ca_missing_papers", "kisi1@ornek.edu.tr");
	missing->notice->reason = g_strdup("eksik belge");
	missing->notice->application_no = g_strdup("B-77");
	assert_disposition(w, apply(w, missing), "done", "applied", "");
	assert_sql(w, "eksik belge", "SELECT context->>'reason' FROM letter JOIN letter_context ON letter=id WHERE name='deficient'");
	/* An answer to a letter from before the deficiency is about something else. */
	assert_disposition(w, apply(w, reply_of("kisi1@ornek.edu.tr", early, ANSWER_DONE_E_SIGN)), "done", "answered", "stale");
	g_autofree char *late = token_of(w, "deficient");
	assert_disposition(w, apply(w, reply_of("kisi1@ornek.edu.tr", late, ANSWER_DONE_E_SIGN)), "done", "applied", "");
	struct facts *shipped = notice_of("ca_shipped", "baska@ornek.edu.tr");
	shipped->notice->application_no = g_strdup("B-77");
	shipped->notice->tracking_no = g_strdup("KARGO1");
	assert_disposition(w, apply(w, shipped), "done", "applied", "");
	assert_sql(w, "shipped|KARGO1", "SELECT state||'|'||tracking_no FROM application WHERE id=1");
	assert_sql(w, "KARGO1", "SELECT context->>'tracking_no' FROM letter JOIN letter_context ON letter=id WHERE name='shipped'");
}

/* The parcel: the applicant hears of it once, and of its number when that comes or changes. */
static void test_parcel(void **state)
{
	static const struct { const char *event, *number, *disposition, *letters; } cases[] = {
		{ "ca_produced", NULL, "applied", "produced" },
		{ "ca_shipped", NULL, "applied", "produced,shipped" },
		{ "ca_shipped", NULL, "no_change", "produced,shipped" },
		{ "ca_shipped", "KARGO1", "applied", "produced,shipped,shipped" },
		{ "ca_shipped", "KARGO1", "no_change", "produced,shipped,shipped" },
		{ "ca_shipped", NULL, "no_change", "produced,shipped,shipped" },
		{ "ca_shipped", "KARGO2", "applied", "produced,shipped,shipped,shipped" },
		{ "ca_returned", NULL, "applied", "produced,shipped,shipped,shipped,returned,returned_office" },
		{ "ca_shipped", "KARGO2", "applied", "produced,shipped,shipped,shipped,returned,returned_office,shipped" },
		{ "ca_shipped", "KARGO2", "no_change", "produced,shipped,shipped,shipped,returned,returned_office,shipped" },
	};
	struct world *w = *state;
	submitted_people(w, 1, 1, "renewal");
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct facts *f = notice_of(cases[i].event, "kisi1@ornek.edu.tr");
		f->notice->tracking_no = g_strdup(cases[i].number);
		gint64 mail = apply(w, f);
		assert_sql(w, cases[i].disposition, "SELECT disposition FROM mail WHERE id=%d", (int)mail);
		assert_sql(w, cases[i].letters, "SELECT group_concat(name) FROM letter WHERE application=1 AND name<>'submitted'");
	}
}

static void test_refusal(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 3, "renewal"));
	g_autofree char *token = token_of(w, "approval");
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_HOLD)), "done", "applied", "");
	assert_sql(w, "3", "SELECT count(*) FROM application WHERE state='requested'");
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_REFUSE)), "done", "applied", "");
	assert_sql(w, "3", "SELECT count(*) FROM application WHERE state='refused' AND open=0");
	assert_sql(w, MANAGER "|3|Deneme yanit", "SELECT recipient||'|'||(context->>'count')||'|'||(context->>'note') FROM letter JOIN letter_context ON letter=id WHERE name='refused'");
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_APPROVE)), "done", "answered", "already");
	assert_sql(w, "0", "SELECT count(*) FROM submission");
	assert_sql(w, "T-1|approve|already", "SELECT (context->>'ref')||'|'||(context->>'answer')||'|'||(context->>'reason') "
		   "FROM letter JOIN letter_context ON letter=id WHERE name='not_possible'");
}

/* What an answer without effect leads to. */
static void test_no_effect(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 1, "renewal"));
	g_autofree char *token = token_of(w, "approval");
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_NONE)), "done", "answered", "not_understood");
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_DONE_WET)), "done", "answered", "not_allowed");
	assert_disposition(w, apply(w, reply_of(OFFICER, NULL, ANSWER_APPROVE)), "done", "answered", "not_understood");
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_QUESTION)), "parked", "waits_for_person", "question");
	assert_disposition(w, apply_at(w, reply_of(OFFICER, token, ANSWER_APPROVE), NOW + 46 * 86400), "done", "answered", "expired");
	assert_sql(w, "4", "SELECT count(*) FROM letter WHERE name='not_possible'");
	struct facts *machine = reply_of(OFFICER, token, ANSWER_NONE);
	machine->auto_submitted = true;
	assert_disposition(w, apply(w, machine), "parked", "waits_for_person", "not_understood");
	assert_disposition(w, apply(w, reply_of("yabanci@example.org", token, ANSWER_APPROVE)), "parked", "waits_for_person",
			   "token_foreign");
	assert_disposition(w, apply(w, reply_of("yabanci@example.org", "NG-2-AAAAAAAAAAAAAAAA", ANSWER_APPROVE)), "parked",
			   "waits_for_person", "unknown_sender");
	assert_sql(w, "4", "SELECT count(*) FROM letter WHERE name='not_possible'");
	assert_sql(w, "requested", "SELECT state FROM application");
	/* An answer to the receipt, which asks nothing, is for a person. */
	struct facts *thanks = reply_of(MANAGER, NULL, ANSWER_NONE);
	thanks->in_reply_to = ask(w, "SELECT message_id FROM letter WHERE name='receipt'");
	assert_disposition(w, apply(w, thanks), "parked", "waits_for_person", "wrote_back");
}

static void test_copies(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	gint64 first = store(w, "same bytes"), second = store(w, "same bytes");
	struct facts *f = request_of(1, 1, "renewal");
	assert_true(apply_mail(w->db, &w->policy, first, f, NOW, &error));
	assert_true(apply_mail(w->db, &w->policy, second, f, NOW, &error));
	assert_true(apply_mail(w->db, &w->policy, first, f, NOW, &error));
	facts_free(f);
	assert_disposition(w, first, "done", "applied", "");
	assert_disposition(w, second, "done", "duplicate", "");
	assert_sql(w, "1|2", "SELECT (SELECT count(*) FROM application)||'|'||(SELECT count(*) FROM letter)");
	/* The same Message-ID with other bytes is another mail, but the same business. */
	struct facts *again = request_of(1, 1, "renewal");
	g_free(again->message_id);
	again->message_id = ask(w, "SELECT message_id FROM request");
	assert_disposition(w, apply(w, again), "done", "applied", "nothing_new");
	assert_sql(w, "1", "SELECT count(*) FROM application");
}

static gint64 uncertain_letter(struct world *w)
{
	g_autoptr(GPtrArray) letters = outbox_claim(w->db, 1, NOW, 60, NULL);
	assert_int_equal(letters->len, 1);
	struct letter *l = letters->pdata[0];
	freeze_one(w, l, NOW);
	record_one(w, l->id, OUTCOME_UNCERTAIN, NOW);
	return l->id;
}

/* Each way in which a letter whose answer was lost may prove that it arrived. */
static void test_evidence(void **state)
{
	struct world *w = *state;
	for (int way = 0; way < 4; way++) {
		apply(w, request_of(10 + way, 1, "renewal"));
		gint64 id = uncertain_letter(w);
		g_autofree char *message_id = ask(w, "SELECT message_id FROM letter WHERE id=%d", (int)id);
		struct facts *f = mail_of(KIND_OTHER, "nes@ornek.edu.tr");
		if (way == 0) {
			g_free(f->message_id);
			f->message_id = g_strdup(message_id);
		} else if (way == 1) {
			f->in_reply_to = g_strdup(message_id);
		} else if (way == 2) {
			f->kind = KIND_BOUNCE;
			facts_bounce_add(f)->original_message_id = g_strdup(message_id);
		} else {
			f->in_reply_to = g_strdup("<ng-1-aaaaaaaaaaaaaaaa@ornek.edu.tr>");
		}
		apply(w, f);
		g_autofree char *now_is = ask(w, "SELECT state FROM letter WHERE id=%d", (int)id);
		assert_string_equal(now_is, way == 3 ? "uncertain" : "sent");
		deliver_all(w, NOW);
	}
	assert_sql(w, "1", "SELECT count(*) FROM mail WHERE disposition='own_copy'");
	assert_sql(w, "3", "SELECT count(*) FROM journal WHERE event='letter_sent' AND mail IS NOT NULL");
}

static void test_doubt_ends(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 1, "renewal"));
	gint64 receipt = uncertain_letter(w);
	assert_false(tick(w, NOW + 3599));
	assert_true(tick(w, NOW + 3600));
	assert_sql(w, "deferred", "SELECT state FROM letter WHERE id=%d", (int)receipt);
	assert_sql(w, "1", "SELECT count(*) FROM letter_bytes WHERE letter=%d", (int)receipt);
	deliver_all(w, NOW + 3600);
	g_autofree char *token = token_of(w, "approval");
	apply(w, reply_of(OFFICER, token, ANSWER_APPROVE));
	gint64 list = uncertain_letter(w);
	assert_sql(w, "ca_list", "SELECT name FROM letter WHERE id=%d", (int)list);
	assert_true(tick(w, NOW + 90000)); /* the officer is asked, and nothing is sent */
	assert_false(tick(w, NOW + 90000));
	assert_sql(w, "uncertain", "SELECT state FROM letter WHERE id=%d", (int)list);
	assert_sql(w, "listed", "SELECT state FROM application");
	GError *error = NULL;
	assert_true(outbox_retry(w->db, list, "deneme", NOW + 90000, &error));
	assert_int_equal(deliver_all(w, NOW + 90000), 2); /* with the letter to the officer */
	assert_true(tick(w, NOW + 90000));
	assert_sql(w, "submitted", "SELECT state FROM application");
}

static void test_operator(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	apply(w, request_of(1, 2, "renewal"));
	assert_true(by_hand(w, 1, "approve", "telefonla", &error));
	assert_sql(w, "operator|deneme|telefonla", "SELECT strength||'|'||by_name||'|'||note FROM journal WHERE event='approve'");
	assert_true(by_hand(w, 2, "refuse", "kisi yok", &error));
	assert_sql(w, "1|kisi yok", "SELECT (context->>'count')||'|'||(context->>'note') FROM letter JOIN letter_context ON letter=id WHERE name='refused'");
	assert_false(by_hand(w, 2, "approve", NULL, &error));
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_NO_EDGE));
	g_clear_error(&error);
	assert_false(by_hand(w, 99, "approve", NULL, &error));
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND));
	g_clear_error(&error);
	assert_true(tick(w, NOW));
	assert_sql(w, "listed", "SELECT state FROM application WHERE id=1");
}

/* A failure in the middle costs this mail only, and nothing of it stays. */
static void test_all_or_nothing(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	gint64 good = store(w, "good"), bad = store(w, "bad");
	struct facts *f = request_of(1, 1, "renewal"), *g = request_of(2, 3, "renewal");
	sqlite3_exec(w->peek, "CREATE TRIGGER test BEFORE INSERT ON request_row WHEN NEW.no = 3 BEGIN SELECT RAISE(ABORT, 'test'); END",
		     NULL, NULL, NULL);
	g_ptr_array_unref(inbox_claim(w->db, 10, 1 << 20, NOW, 60, &error));
	assert_true(db_begin(w->db, &error));
	assert_true(apply_mail(w->db, &w->policy, good, f, NOW, &error));
	assert_false(apply_mail(w->db, &w->policy, bad, g, NOW, &error));
	assert_non_null(error);
	g_clear_error(&error);
	assert_true(inbox_strike(w->db, bad, "cannot be applied", 1, NOW, &error));
	assert_true(db_commit(w->db, &error));
	facts_free(f);
	facts_free(g);
	assert_sql(w, "1|1|2", "SELECT (SELECT count(*) FROM application)||'|'||(SELECT count(*) FROM request)||'|'||"
		   "(SELECT count(*) FROM letter)");
	assert_disposition(w, bad, "parked", "waits_for_person", "cannot be applied");
}

static void test_hostile_headers(void **state)
{
	struct world *w = *state;
	struct facts *f = request_of(1, 1, "renewal");
	g_free(f->message_id);
	f->message_id = g_strdup("<a b\tc@d>");
	apply(w, f);
	assert_sql(w, "1", "SELECT in_reply_to IS NULL AND refs IS NULL FROM letter WHERE name='receipt'");
	struct facts *g = request_of(2, 1, "renewal");
	struct request_row *r = g->request->rows->pdata[0];
	g_free(r->email);
	r->email = g_strdup("a@b.tr\r\nBcc: c@d");
	apply(w, g);
	g_autofree char *token = token_of(w, "approval");
	apply(w, reply_of(OFFICER, token, ANSWER_APPROVE));
	deliver_all(w, NOW);
	tick(w, NOW);
	assert_sql(w, "0", "SELECT count(*) FROM letter WHERE recipient LIKE '%%Bcc%%'");
	assert_sql(w, "1", "SELECT count(*) FROM journal WHERE event='no_address'");
}

static void test_silence(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 1, "renewal");
	apply(w, notice_of("ca_opened", "kisi1@ornek.edu.tr"));
	assert_sql(w, "cancel,cancel_near,remind", "SELECT group_concat(event) FROM (SELECT event FROM expectation WHERE ended_at IS NULL ORDER BY event)");
	assert_false(tick(w, NOW + 3 * 86400));
	assert_true(tick(w, NOW + 8 * 86400));
	assert_sql(w, "invited", "SELECT state FROM application");
	assert_sql(w, "1", "SELECT count(*) FROM journal WHERE event='remind' AND by_role='clock'");
	assert_true(tick(w, NOW + 200 * 86400));
	assert_sql(w, "cancelled|0", "SELECT state||'|'||open FROM application");
	assert_sql(w, "reminder,cancel_near,cancelled,ended", "SELECT group_concat(name) FROM (SELECT name FROM letter WHERE id > 5 ORDER BY id)");
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(test_storyline), WITH_WORLD(test_parcel), WITH_WORLD(test_refusal), WITH_WORLD(test_no_effect),
		WITH_WORLD(test_copies), WITH_WORLD(test_evidence), WITH_WORLD(test_doubt_ends),
		WITH_WORLD(test_operator), WITH_WORLD(test_all_or_nothing), WITH_WORLD(test_hostile_headers),
		WITH_WORLD(test_silence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
