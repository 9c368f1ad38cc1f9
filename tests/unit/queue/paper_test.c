/* paper_test: the weekly post of wet-signed paper and the card's first day, at the queue's level. */
#include "tests/unit/queue/help.h"
#include "queue/paper.h"

#define REGISTRY "evrak@ornek.edu.tr"
/* The week of 2026-11-23, Monday, to Friday the 27th; Istanbul. */
#define AT(day, hour) (1795381200 + ((day) - 1) * 86400 + (hour) * 3600)
enum { MON = 1, TUE, WED, THU, FRI, SAT, SUN, NEXT_MON, NEXT_TUE, NEXT_WED, NEXT_THU, NEXT_FRI };

static int setup(void **state)
{
	world_setup(state);
	struct world *w = *state;
	w->policy.manifest_days = 1;
	w->policy.manifest_hour = 9;
	return 0;
}

static struct facts *answer(const char *token, enum answer said, const char *cargo_no)
{
	struct facts *f = reply_of(REGISTRY, token, said);
	f->reply->cargo_no = g_strdup(cargo_no);
	return f;
}

/* `people` who owe paper, on Monday. */
static void people_with_paper(struct world *w, int people)
{
	submitted_people(w, 1, people, "first");
	for (int i = 1; i <= people; i++) {
		g_autofree char *token = ask(w, "SELECT token FROM letter WHERE name='submitted' AND application=%d", i);
		g_autofree char *from = g_strdup_printf("kisi%d@ornek.edu.tr", i);
		apply_at(w, reply_of(from, token, ANSWER_DONE_WET), AT(MON, 10));
	}
	assert_sql(w, "1", "SELECT count(*)=%d FROM application WHERE state='paper_due'", people);
}

static char *manifest(struct world *w, gint64 now)
{
	tick(w, now);
	return token_of(w, "manifest");
}

static void test_when(void **state)
{
	static const struct { gint64 days, hour; int day, at; bool due; const char *closes_on; } cases[] = {
		{ 1, 9, THU, 8, false, "2026-11-27" }, { 1, 9, THU, 9, true, "2026-11-27" },   { 1, 9, FRI, 12, true, "2026-11-27" },
		{ 1, 9, FRI, 17, false, "2026-12-04" }, { 1, 9, SUN, 12, false, "2026-12-04" }, { 0, 11, FRI, 10, false, "2026-11-27" },
		{ 0, 11, FRI, 11, true, "2026-11-27" }, { 4, 9, MON, 9, true, "2026-11-27" },   { 4, 9, MON, 8, false, "2026-11-27" },
	};
	struct world *w = *state;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		char closes_on[11];
		w->policy.manifest_days = cases[i].days;
		w->policy.manifest_hour = cases[i].hour;
		struct act a = { .db = w->db, .policy = &w->policy, .now = AT(cases[i].day, cases[i].at) };
		if (paper_manifest_due(&a, closes_on) != cases[i].due)
			fail_msg("case %u", i);
		assert_string_equal(closes_on, cases[i].closes_on);
	}
	/* The week of 23 April 2026, a Thursday, and of 1 May, a Friday: the last day is Thursday then, the manifest's Wednesday. */
	struct act a = { .db = w->db, .policy = &w->policy, .now = 1777438800 }; /* 2026-04-29 08:00 */
	char closes_on[11];
	w->policy.manifest_days = 1;
	w->policy.manifest_hour = 9;
	assert_false(paper_manifest_due(&a, closes_on));
	assert_string_equal(closes_on, "2026-04-30");
	a.now += 3600;
	assert_true(paper_manifest_due(&a, closes_on));
	w->policy.paper_by = "applicant";
	assert_false(paper_manifest_due(&a, closes_on));
}

static void test_week(void **state)
{
	struct world *w = *state;
	people_with_paper(w, 3);
	assert_false(tick(w, AT(THU, 8)));
	g_autofree char *token = manifest(w, AT(THU, 9));
	assert_sql(w, REGISTRY "|2026-11-27|0|3|B-1", "SELECT recipient||'|'||(context->>'post_on')||'|'||(context->>'in_count')||'|'||"
		   "(context->>'due_count')||'|'||(context->>'ref') FROM letter JOIN letter_context ON letter=id WHERE name='manifest'");
	assert_sql(w, "[1,\"A-1\",\"Deneme Kisi1\"]", "SELECT json_array(context->>'$.people[0].no',context->>'$.people[0].application',"
		   "context->>'$.people[0].name') FROM letter JOIN letter_context ON letter=id WHERE name='manifest'");
	assert_sql(w, "0", "SELECT count(*) FROM letter JOIN letter_context ON letter=id WHERE name='manifest' AND context GLOB '*1000000*'");
	assert_false(tick(w, AT(THU, 10)));
	/* Nothing is in: the post is not believed. */
	assert_disposition(w, apply_at(w, answer(token, ANSWER_POSTED, "123456"), AT(THU, 11)), "done", "answered", "paper_none");
	assert_disposition(w, apply_at(w, answer(token, ANSWER_RECEIVED, NULL), AT(THU, 12)), "done", "applied", "");
	assert_sql(w, "3", "SELECT count(*) FROM application JOIN paper_batch b ON b.id=paper_batch WHERE state='paper_in' AND closes_on='2026-11-27'");
	assert_sql(w, "3|2026-11-27|0", "SELECT count(*)||'|'||max(context->>'post_on')||'|'||max(context->>'late') FROM letter JOIN "
		   "letter_context ON letter=id WHERE name='paper_in'");
	assert_disposition(w, apply_at(w, answer(token, ANSWER_RECEIVED, NULL), AT(THU, 13)), "done", "answered", "already");
	assert_disposition(w, apply_at(w, answer(token, ANSWER_POSTED, "123456"), AT(FRI, 15)), "done", "applied", "");
	assert_sql(w, "3|123456", "SELECT count(*)||'|'||max(cargo_no) FROM application WHERE state='paper_sent'");
	assert_sql(w, "123456", "SELECT cargo_no FROM paper_batch WHERE posted_at=%d", (int)AT(FRI, 15));
	assert_sql(w, "3|123456", "SELECT count(*)||'|'||max(context->>'cargo_no') FROM letter JOIN letter_context ON letter=id WHERE name='paper_sent'");
	assert_disposition(w, apply_at(w, answer(token, ANSWER_POSTED, "123456"), AT(FRI, 16)), "done", "answered", "already");
}

static struct facts *choose(const char *token, enum answer said, bool except, const char *numbers)
{
	struct facts *f = answer(token, ANSWER_PARTIAL, NULL);
	struct reply_choice *c = facts_reply_choose(f->reply, said);
	g_auto(GStrv) all = g_strsplit(numbers, ",", -1);
	c->except = except;
	for (guint i = 0; *numbers && all[i]; i++) {
		struct reply_item *item = facts_reply_choice_add(c);
		item->from = item->to = g_ascii_strtoll(all[i], NULL, 10);
	}
	return f;
}

/* Numbers are those of the letter, whatever has become of the people since. */
static void test_some(void **state)
{
	static const struct { enum answer said; bool except; const char *numbers, *states, *reason; } cases[] = {
		{ ANSWER_RECEIVED, false, "2", "due,in,due,due,due", NULL },
		{ ANSWER_RECEIVED, false, "2", "due,in,due,due,due", "already" },
		{ ANSWER_RECEIVED, true, "2,3,5", "in,in,due,in,due", NULL },
		{ ANSWER_RECEIVED, false, "7", "in,in,due,in,due", "not_understood" },
		{ ANSWER_REFUSE, false, "1", "in,in,due,in,due", "not_allowed" },
		{ ANSWER_POSTED, false, "1,3", "sent,in,sent,in,due", NULL },
		{ ANSWER_NONE, true, "", "sent,in,sent,in,in", NULL }, /* "hepsi" */
		{ ANSWER_POSTED, false, "1", "sent,in,sent,in,in", "already" },
	};
	struct world *w = *state;
	people_with_paper(w, 5);
	g_autofree char *token = manifest(w, AT(THU, 9));
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		gint64 mail = apply_at(w, choose(token, cases[i].said, cases[i].except, cases[i].numbers), AT(THU + (int)i * 2, 10));
		g_autofree char *states = ask(w, "SELECT group_concat(substr(state,7)) FROM (SELECT state FROM application ORDER BY id)");
		g_autofree char *reason = ask(w, "SELECT coalesce(reason,'') FROM mail WHERE id=%d", (int)mail);
		if (strcmp(states, cases[i].states) != 0 || strcmp(reason, cases[i].reason ?: "") != 0)
			fail_msg("case %u: %s %s", i, states, reason);
	}
}

/* In after the post has gone: the next week takes it, and says so. The old letter's "posted" never does. */
static void test_late(void **state)
{
	struct world *w = *state;
	people_with_paper(w, 2);
	g_autofree char *first = manifest(w, AT(THU, 9));
	assert_true(by_hand(w, 1, "received", NULL, NULL)); /* NOW is the Sunday before: the week of the 27th */
	apply_at(w, answer(first, ANSWER_POSTED, "111"), AT(FRI, 11));
	assert_sql(w, "paper_sent,paper_due", "SELECT group_concat(state) FROM (SELECT state FROM application ORDER BY id)");
	assert_disposition(w, apply_at(w, answer(first, ANSWER_RECEIVED, NULL), AT(FRI, 12)), "done", "applied", "");
	assert_sql(w, "2026-12-04|1", "SELECT (context->>'post_on')||'|'||(context->>'late') FROM letter JOIN letter_context ON letter=id "
		   "WHERE name='paper_in' AND application=2");
	assert_disposition(w, apply_at(w, answer(first, ANSWER_POSTED, "222"), AT(FRI, 13)), "done", "answered", "already");
	assert_sql(w, "paper_in", "SELECT state FROM application WHERE id=2");
	g_autofree char *second = manifest(w, AT(NEXT_THU, 9));
	assert_string_not_equal(first, second);
	assert_sql(w, "1|0", "SELECT (context->>'in_count')||'|'||(context->>'due_count') FROM letter JOIN letter_context ON letter=id "
		   "WHERE name='manifest' ORDER BY id DESC LIMIT 1");
	assert_disposition(w, apply_at(w, answer(second, ANSWER_POSTED, "333"), AT(NEXT_FRI, 11)), "done", "applied", "");
	assert_sql(w, "paper_sent|333", "SELECT state||'|'||cargo_no FROM application WHERE id=2");
}

/* The post that nobody confirmed in its week is confirmed on Monday, and does not sweep in what came on Monday. */
static void test_told_late(void **state)
{
	struct world *w = *state;
	people_with_paper(w, 2);
	g_autofree char *first = manifest(w, AT(THU, 9));
	assert_true(by_hand(w, 1, "received", NULL, NULL));
	assert_disposition(w, apply_at(w, answer(first, ANSWER_RECEIVED, NULL), AT(NEXT_MON, 10)), "done", "applied", "");
	assert_sql(w, "2026-12-04", "SELECT closes_on FROM application a JOIN paper_batch b ON b.id=a.paper_batch WHERE a.id=2");
	assert_disposition(w, apply_at(w, answer(first, ANSWER_POSTED, "111"), AT(NEXT_MON, 11)), "done", "applied", "");
	assert_sql(w, "paper_sent,paper_in", "SELECT group_concat(state) FROM (SELECT state FROM application ORDER BY id)");
	/* And a post that is never confirmed goes with the next one. */
	g_autofree char *second = manifest(w, AT(NEXT_THU, 9));
	assert_disposition(w, apply_at(w, answer(second, ANSWER_POSTED, "222"), AT(NEXT_FRI, 11)), "done", "applied", "");
	assert_sql(w, "2", "SELECT count(*) FROM application WHERE state='paper_sent'");
}

static void test_who(void **state)
{
	static const struct { const char *by, *to; } cases[] = {
		{ NULL, REGISTRY }, { "registry", REGISTRY }, { "office", OFFICER }, { "applicant", "" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		void *one;
		setup(&one);
		struct world *w = one;
		w->policy.paper_by = cases[i].by;
		people_with_paper(w, 1);
		g_autofree char *token = manifest(w, AT(THU, 9));
		assert_sql(w, cases[i].to, "SELECT recipient FROM letter WHERE name='manifest'");
		if (*cases[i].to) {
			struct facts *f = reply_of(cases[i].to, token, ANSWER_RECEIVED);
			assert_disposition(w, apply_at(w, f, AT(THU, 10)), "done", "applied", "");
			assert_disposition(w, apply_at(w, reply_of(MANAGER, token, ANSWER_POSTED), AT(THU, 11)), "parked",
					   "waits_for_person", "token_foreign");
		}
		world_teardown(&one);
	}
}

static void test_nobody(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 1, "renewal");
	assert_false(tick(w, AT(THU, 9)));
	assert_sql(w, "0", "SELECT count(*) FROM paper_batch");
	g_autofree char *token = manifest(w, AT(THU, 10));
	assert_string_equal(token, "");
}

/* Whose paper can be the only way is on the list as soon as the form is open. */
static void test_wet_only_is_awaited(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 1, "first");
	apply(w, notice_of("ca_opened", "kisi1@ornek.edu.tr"));
	g_autofree char *token = manifest(w, AT(THU, 9));
	assert_disposition(w, apply_at(w, answer(token, ANSWER_RECEIVED, NULL), AT(THU, 10)), "done", "applied", "");
	assert_sql(w, "paper_in", "SELECT state FROM application");
}

static void test_answers(void **state)
{
	struct world *w = *state;
	people_with_paper(w, 1);
	g_autofree char *token = manifest(w, AT(THU, 9));
	assert_disposition(w, apply_at(w, answer(token, ANSWER_NONE, NULL), AT(THU, 10)), "done", "answered", "not_understood");
	assert_disposition(w, apply_at(w, answer(token, ANSWER_APPROVE, NULL), AT(THU, 10)), "done", "answered", "not_allowed");
	assert_disposition(w, apply_at(w, answer(token, ANSWER_QUESTION, NULL), AT(THU, 10)), "parked", "waits_for_person", "question");
	assert_sql(w, "paper_due", "SELECT state FROM application");
}

/* Who posts the paper alone says the number himself. */
static void test_posted_alone(void **state)
{
	struct world *w = *state;
	people_with_paper(w, 1);
	g_autofree char *token = token_of(w, "paper_due");
	struct facts *f = reply_of("kisi1@ornek.edu.tr", token, ANSWER_POSTED);
	f->reply->cargo_no = g_strdup("987654");
	assert_disposition(w, apply_at(w, f, AT(TUE, 10)), "done", "applied", "");
	assert_sql(w, "paper_sent|987654|1", "SELECT state||'|'||cargo_no||'|'||(SELECT context->>'by_applicant' FROM letter JOIN letter_context "
		   "ON letter=id WHERE name='paper_sent') FROM application");
}

static void expires(struct world *w, const char *date)
{
	g_autofree char *sql = g_strdup_printf("UPDATE application SET expires='%s'", date);
	assert_int_equal(sqlite3_exec(w->peek, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* E-signature and e-consent until the end date; then the letters and the answers know paper only. */
static void test_ways_by_date(void **state)
{
	static const struct { const char *kind, *expires; bool e_possible; } cases[] = {
		{ "renewal", "2026-11-22", true }, { "renewal", "2026-11-21", false }, { "renewal", "2027-01-01", true },
		{ "renewal", "", true }, { "first", "", false }, { "first", "2027-01-01", false },
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		void *one;
		setup(&one);
		struct world *w = one;
		submitted_people(w, 1, 1, cases[i].kind);
		expires(w, cases[i].expires);
		apply(w, notice_of("ca_opened", "kisi1@ornek.edu.tr"));
		assert_sql(w, cases[i].e_possible ? "1|0" : "0|1", "SELECT (context->>'e_possible')||'|'||(context->>'wet_only') FROM letter "
			   "JOIN letter_context ON letter=id WHERE name='invited'");
		g_autofree char *token = token_of(w, "invited");
		gint64 mail = apply(w, reply_of("kisi1@ornek.edu.tr", token, ANSWER_DONE_E_CONSENT));
		if (cases[i].e_possible)
			assert_disposition(w, mail, "done", "applied", "");
		else
			assert_disposition(w, mail, "done", "answered", "wet_only");
		world_teardown(&one);
	}
}

static void card(struct world *w, const char *expires_on)
{
	submitted_people(w, 1, 1, "renewal");
	expires(w, expires_on);
	apply(w, notice_of("ca_received", "kisi1@ornek.edu.tr"));
	apply(w, notice_of("ca_produced", "kisi1@ornek.edu.tr"));
	apply(w, notice_of("ca_shipped", "kisi1@ornek.edu.tr"));
	g_autofree char *token = token_of(w, "shipped");
	assert_disposition(w, apply(w, reply_of("kisi1@ornek.edu.tr", token, ANSWER_RECEIVED)), "done", "applied", "");
	assert_sql(w, "delivered", "SELECT state FROM application");
	assert_sql(w, "produced,shipped,delivered", "SELECT group_concat(name) FROM letter WHERE application=1 AND id>(SELECT id FROM letter WHERE name='filed')");
}

static void test_card_works_at_once(void **state)
{
	struct world *w = *state;
	card(w, "2026-11-21");
	assert_sql(w, "", "SELECT context->>'old_ends_on' FROM letter JOIN letter_context ON letter=id WHERE name='delivered'");
	g_autofree char *token = token_of(w, "delivered");
	assert_disposition(w, apply(w, reply_of("kisi1@ornek.edu.tr", token, ANSWER_DONE)), "done", "applied", "");
	assert_sql(w, "active|0", "SELECT state||'|'||open FROM application");
}

/* The old certificate ends on Wednesday the 25th: Thursday morning is the first day. */
static void test_card_waits(void **state)
{
	struct world *w = *state;
	card(w, "2026-11-25");
	assert_sql(w, "2026-11-25", "SELECT context->>'old_ends_on' FROM letter JOIN letter_context ON letter=id WHERE name='delivered'");
	g_autofree char *token = token_of(w, "delivered");
	assert_disposition(w, apply(w, reply_of("kisi1@ornek.edu.tr", token, ANSWER_DONE)), "done", "applied", "");
	assert_sql(w, "delivered|activate", "SELECT state||'|'||(SELECT group_concat(event) FROM expectation WHERE ended_at IS NULL) FROM application");
	/* Who says it twice is still waited for. */
	assert_disposition(w, apply(w, reply_of("kisi1@ornek.edu.tr", token, ANSWER_DONE)), "done", "applied", "");
	assert_sql(w, "activate", "SELECT group_concat(event) FROM expectation WHERE ended_at IS NULL");
	assert_false(tick(w, AT(WED, 23)));
	assert_false(tick(w, AT(THU, 8)));
	assert_true(tick(w, AT(THU, 9)));
	assert_sql(w, "active|1", "SELECT state||'|'||(SELECT context->>'active' FROM letter JOIN letter_context ON letter=id WHERE name='first_day') FROM application");
}

static void test_card_is_not_ready(void **state)
{
	struct world *w = *state;
	card(w, "2026-11-25");
	assert_true(tick(w, AT(THU, 9)));
	assert_sql(w, "delivered|0", "SELECT state||'|'||(SELECT context->>'active' FROM letter JOIN letter_context ON letter=id WHERE name='first_day') FROM application");
	assert_sql(w, "1", "SELECT count(*) FROM letter WHERE name='first_day'");
	g_autofree char *token = token_of(w, "first_day");
	assert_disposition(w, apply_at(w, reply_of("kisi1@ornek.edu.tr", token, ANSWER_DONE), AT(THU, 11)), "done", "applied", "");
	assert_sql(w, "active", "SELECT state FROM application");
	assert_disposition(w, apply_at(w, reply_of("kisi1@ornek.edu.tr", token, ANSWER_DONE), AT(THU, 12)), "done", "answered", "already");
}

/* Letters of the steps off the usual road: to whom. */
static void test_other_letters(void **state)
{
	struct world *w = *state;
	card(w, "");
	assert_true(sqlite3_exec(w->peek, "DROP TRIGGER application_moves; UPDATE application SET state='shipped'", NULL, NULL, NULL) == SQLITE_OK);
	struct facts *back = notice_of("ca_returned", "kisi1@ornek.edu.tr");
	back->notice->reason = g_strdup("adres yetersiz");
	apply(w, back);
	assert_sql(w, "returned|kisi1@ornek.edu.tr,returned_office|" OFFICER, "SELECT group_concat(name||'|'||recipient) FROM letter WHERE name LIKE 'returned%%'");
	assert_sql(w, "adres yetersiz", "SELECT context->>'reason' FROM letter JOIN letter_context ON letter=id WHERE name='returned_office'");
	assert_true(by_hand(w, 1, "cancel", NULL, NULL));
	assert_sql(w, "cancelled|kisi1@ornek.edu.tr,ended|" MANAGER, "SELECT group_concat(name||'|'||recipient) FROM letter WHERE name IN ('cancelled','ended')");
	assert_sql(w, "1", "SELECT in_reply_to IS NULL AND refs=(SELECT message_id FROM letter WHERE name='receipt') FROM letter WHERE name='ended'");
}

/* The card came back, and the officer says what became of it; the number of the parcel that came back is no longer the card's. */
static void test_card_came_back(void **state)
{
	static const struct { const char *from; enum answer answer; const char *number, *disposition, *expected; } rows[] = {
		{ OFFICER, ANSWER_RESEND, "KP2", "applied", "shipped|KP2|shipped" }, { OFFICER, ANSWER_RESEND, NULL, "applied", "shipped||shipped" },
		{ OFFICER, ANSWER_RECEIVED, NULL, "applied", "delivered|KP1|delivered" }, { OFFICER, ANSWER_POSTED, NULL, "answered", "returned|KP1|returned" },
		{ MANAGER, ANSWER_RESEND, NULL, "waits_for_person", "returned|KP1|returned" },
		{ "kisi1@ornek.edu.tr", ANSWER_RESEND, NULL, "waits_for_person", "returned|KP1|returned" },
	};
	struct world *w = *state;
	card(w, "");
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		assert_true(sqlite3_exec(w->peek, "DROP TRIGGER IF EXISTS application_moves; UPDATE application SET state='shipped', tracking_no='KP1'", NULL, NULL, NULL) == SQLITE_OK);
		apply(w, notice_of("ca_returned", "kisi1@ornek.edu.tr"));
		g_autofree char *token = token_of(w, "returned_office");
		struct facts *f = reply_of(rows[i].from, token, rows[i].answer);
		f->reply->cargo_no = g_strdup(rows[i].number);
		gint64 mail = apply(w, f);
		assert_sql(w, rows[i].disposition, "SELECT disposition FROM mail WHERE id=%d", (int)mail);
		assert_sql(w, rows[i].expected, "SELECT state||'|'||coalesce(tracking_no,'')||'|'||(SELECT name FROM letter WHERE application=1 "
			   "AND recipient=email ORDER BY id DESC LIMIT 1) FROM application");
		if (i == 0)
			assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_RESEND)), "done", "answered", "already");
	}
	assert_true(by_hand(w, 1, "resend", NULL, NULL));
	assert_sql(w, "shipped|", "SELECT state||'|'||coalesce(tracking_no,'') FROM application");
}

static void test_withdrawal(void **state)
{
	struct world *w = *state;
	people_with_paper(w, 1);
	g_autofree char *token = token_of(w, "paper_due");
	apply(w, reply_of("kisi1@ornek.edu.tr", token, ANSWER_WITHDRAW));
	assert_sql(w, "withdrawn|1", "SELECT state||'|'||(SELECT context->>'by_applicant' FROM letter JOIN letter_context ON letter=id "
		   "WHERE name='withdrawn') FROM application");
	assert_sql(w, MANAGER "|withdrawn", "SELECT recipient||'|'||(context->>'state') FROM letter JOIN letter_context ON letter=id WHERE name='ended'");
}

static void test_six_months(void **state)
{
	struct world *w = *state;
	people_with_paper(w, 1);
	while (tick(w, NOW + 300 * CALENDAR_DAY)) {
	}
	assert_sql(w, "cancelled|1", "SELECT state||'|'||(SELECT context->>'by_clock' FROM letter JOIN letter_context ON letter=id "
		   "WHERE name='cancelled') FROM application");
	assert_sql(w, MANAGER, "SELECT recipient FROM letter WHERE name='ended'");
}

static void test_redirected(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 1, "lost"));
	assert_sql(w, "redirected|kisi1@ornek.edu.tr|1", "SELECT a.state||'|'||recipient||'|'||(context->>'lost') FROM application a, letter l "
		   "JOIN letter_context ON letter=l.id WHERE name='redirected'");
	assert_sql(w, "receipt,redirected", "SELECT group_concat(name) FROM (SELECT name FROM letter ORDER BY name)");
	/* As the reader gives it: refused for its kind alone; and one that is wrong besides, so that nobody can be told. */
	struct facts *f = request_of(2, 2, "lost");
	refuse(row_of(f, 0), "kind_person_paid", NULL);
	refuse(row_of(f, 1), "kind_person_paid", NULL);
	refuse(row_of(f, 1), "tckn_check_digit", "10000000031");
	apply(w, f);
	assert_sql(w, "kisi1@ornek.edu.tr,kisi2@ornek.edu.tr", "SELECT group_concat(recipient) FROM letter WHERE name='redirected'");
	assert_sql(w, "0|0", "SELECT (SELECT count(*) FROM application WHERE state<>'redirected')||'|'||(SELECT count(*) FROM pending)");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_when),	 TEST(test_week),	   TEST(test_some),		   TEST(test_late),	       TEST(test_told_late),
		cmocka_unit_test(test_who), TEST(test_nobody),	   TEST(test_wet_only_is_awaited), TEST(test_answers),
		TEST(test_posted_alone), cmocka_unit_test(test_ways_by_date), TEST(test_card_works_at_once), TEST(test_card_waits),
		TEST(test_card_is_not_ready), TEST(test_other_letters), TEST(test_card_came_back), TEST(test_withdrawal),	     TEST(test_redirected),  TEST(test_six_months),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
