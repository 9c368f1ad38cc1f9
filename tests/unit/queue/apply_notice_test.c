/* apply_notice_test: whom a notice of KAMU SM is about, and how far it is believed: its own mail, an applicant's forward, a
 * colleague's, a stranger's. The world: kisi1 and kisi2 are submitted, kisi1 has another application beside it in case `two`.
 */
#include "tests/unit/queue/help.h"
#include "queue/certificate.h"

#define ONE "kisi1@ornek.edu.tr"
#define TWO "kisi2@ornek.edu.tr"

struct mail {
	const char *name, *from, *event, *to, *number, *key; /* event NULL: no rule knows it */
	const char *expected; /* state|disposition|reason|states of 1 and 2|strength in the last line of the journal */
	bool forged, two, needs_signed;
};

static const struct mail mails[] = {
	{ "to one", CA, "ca_opened", ONE, NULL, NULL, "done|applied||invited submitted|authenticated" },
	{ "to one of two", CA, "ca_opened", ONE, NULL, NULL, "parked|waits_for_person|several_fit|submitted submitted|", .two = true },
	{ "name and address", CA, "ca_opened", TWO, NULL, "deneme kisi2", "done|applied||submitted invited|authenticated" },
	{ "name of another", CA, "ca_opened", ONE, NULL, "deneme kisi2", "parked|waits_for_person|several_fit|submitted submitted|" },
	{ "name of nobody", CA, "ca_opened", ONE, NULL, "basvuru sahibi", "done|applied||invited submitted|authenticated" },
	{ "name alone", CA, "ca_opened", "biri@baska.org", NULL, "deneme kisi1", "done|applied||invited submitted|authenticated" },
	{ "nobody", CA, "ca_opened", "biri@baska.org", NULL, "biri", "parked|waits_for_person|nobody_fits|submitted submitted|" },
	{ "unknown number, address", CA, "ca_opened", TWO, "B-9", NULL, "done|applied||submitted invited|authenticated" },
	{ "no step", CA, "ca_returned", ONE, NULL, NULL, "parked|waits_for_person|no_edge|submitted submitted|authenticated" },
	{ "unknown", CA, NULL, ONE, NULL, NULL, "parked|waits_for_person|ca_unrecognised|submitted submitted|" },
	{ "forged", CA, "ca_opened", ONE, NULL, NULL, "parked|waits_for_person|not_authenticated|submitted submitted|", .forged = true },
	{ "not signed", CA, "ca_opened", ONE, NULL, NULL, "parked|waits_for_person|not_signed|submitted submitted|", .needs_signed = true },
	{ "good to know", CA, "ca_payment", ONE, NULL, NULL, "done|noted|for_information|submitted submitted|authenticated" },
	{ "good to know of nobody", CA, "ca_end_near", "biri@baska.org", NULL, NULL, "done|noted|for_information|submitted submitted|" },
	{ "revoked", CA, "ca_revoked", ONE, NULL, NULL, "parked|waits_for_person|no_edge|submitted submitted|authenticated" },
	/* forwards */
	{ "his own", ONE, "ca_opened", ONE, NULL, NULL, "done|applied||invited submitted|told" },
	{ "his own, to nobody known", ONE, "ca_opened", NULL, NULL, "deneme kisi1", "done|applied||invited submitted|told" },
	{ "his own courier", ONE, "ca_shipped", ONE, NULL, NULL, "done|applied||shipped submitted|told" },
	{ "his own, too weak", ONE, "ca_cancelled", ONE, NULL, NULL, "parked|waits_for_person|no_edge|submitted submitted|told" },
	{ "a colleague's", ONE, "ca_opened", TWO, NULL, NULL, "parked|waits_for_person|several_fit|submitted submitted|" },
	{ "a colleague's by name", ONE, "ca_opened", TWO, NULL, "deneme kisi2", "parked|waits_for_person|told|submitted submitted|told" },
	{ "his own, forged", ONE, "ca_opened", ONE, NULL, NULL, "parked|waits_for_person|unknown_sender|submitted submitted|", .forged = true },
	{ "the manager's", MANAGER, "ca_opened", ONE, NULL, NULL, "parked|waits_for_person|told|submitted submitted|told" },
	{ "the manager's, forged", MANAGER, "ca_opened", ONE, NULL, NULL, "parked|waits_for_person|not_authenticated|submitted submitted|", .forged = true },
	{ "the manager's of nobody", MANAGER, "ca_opened", NULL, NULL, NULL, "parked|waits_for_person|nobody_fits|submitted submitted|" },
	{ "a stranger's", "biri@baska.org", "ca_opened", ONE, NULL, NULL, "parked|waits_for_person|unknown_sender|submitted submitted|" },
	{ "a stranger's of nobody", "biri@baska.org", "ca_opened", NULL, NULL, NULL, "parked|waits_for_person|unknown_sender|submitted submitted|" },
	{ "no rule", ONE, NULL, ONE, NULL, NULL, "parked|waits_for_person|ca_unrecognised|submitted submitted|" },
	/* a secret, whoever sends it */
	{ "password", CA, "ca_password", ONE, NULL, NULL, "done|noted|ca_password|submitted submitted|" },
	{ "password, forged", CA, "ca_password", ONE, NULL, NULL, "done|noted|ca_password|submitted submitted|", .forged = true },
	{ "password, forwarded", ONE, "ca_password", ONE, NULL, NULL, "done|noted|ca_password|submitted submitted|" },
	{ "password, a stranger's", "biri@baska.org", "ca_password", ONE, NULL, NULL, "done|noted|ca_password|submitted submitted|" },
};

static struct facts *facts_of(const struct mail *m)
{
	struct facts *f = mail_of(KIND_CA_NOTICE, m->from);
	bool forwarded = strcmp(m->from, CA) != 0;
	f->auth.trusted = !m->forged;
	f->notice = facts_notice_new();
	f->notice->event = g_strdup(m->event);
	f->notice->needs = g_strdup(m->needs_signed ? "signed" : "authenticated");
	f->notice->application_no = g_strdup(m->number);
	f->notice->name_key = g_strdup(m->key);
	f->notice->forwarded = forwarded;
	if (m->to)
		g_ptr_array_add(forwarded ? f->notice->to : f->to, g_strdup(m->to));
	return f;
}

static void test_mails(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(mails); i++) {
		const struct mail *m = &mails[i];
		world_setup(state);
		struct world *w = *state;
		submitted_people(w, 1, 2, "renewal");
		if (m->two)
			submitted_people(w, 1, 1, "other");
		g_autofree char *last = ask(w, "SELECT max(id) FROM journal");
		gint64 id = apply(w, facts_of(m));
		g_autofree char *got = ask(w, "SELECT m.state||'|'||disposition||'|'||coalesce(reason,'')||'|'||(SELECT state FROM application "
					   "WHERE id=1)||' '||(SELECT state FROM application WHERE id=2)||'|'||coalesce((SELECT strength FROM "
					   "journal WHERE id>%s AND event LIKE 'ca_%%' ORDER BY id DESC LIMIT 1),'') FROM mail m WHERE id=%d",
					   last, (int)id);
		if (strcmp(got, m->expected) != 0)
			fail_msg("%s: %s, expected %s", m->name, got, m->expected);
		assert_sql(w, strcmp(m->event ?: "", "ca_password") == 0 ? "|1" : "Konu|0",
			   "SELECT coalesce(subject,'')||'|'||(SELECT forgotten FROM mail_raw WHERE mail=m.id) FROM mail m WHERE id=%d", (int)id);
		world_teardown(state);
	}
}

/* It is said twice, and by two mails: the second changes nothing. */
static void test_again(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 1, "renewal");
	const struct mail own = { "", ONE, "ca_opened", ONE }, direct = { "", CA, "ca_opened", ONE };
	assert_disposition(w, apply(w, facts_of(&own)), "done", "applied", "");
	assert_disposition(w, apply(w, facts_of(&direct)), "done", "no_change", "already");
	assert_disposition(w, apply(w, facts_of(&own)), "done", "no_change", "already");
	assert_sql(w, "1", "SELECT count(*) FROM letter WHERE name='invited'");
}

/* A secret below an answer: the answer counts, the bytes do not stay. */
static void test_secret_in_an_answer(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 1, "renewal");
	g_autofree char *token = token_of(w, "submitted");
	struct facts *f = reply_of(ONE, token, ANSWER_DONE_E_SIGN);
	g_clear_pointer(&f->reply->text, g_free);
	f->notice = facts_notice_new();
	f->notice->event = g_strdup("ca_password");
	f->notice->forwarded = true;
	gint64 id = apply(w, f);
	assert_disposition(w, id, "done", "applied", "");
	assert_sql(w, "|1", "SELECT coalesce(subject,'')||'|'||(SELECT forgotten FROM mail_raw WHERE mail=m.id) FROM mail m WHERE id=%d", (int)id);
}

static gint64 say(struct world *w, const char *from, const char *event, const char *date)
{
	const struct mail m = { "", from, event, ONE };
	struct facts *f = facts_of(&m);
	f->notice->date = g_strdup(date);
	return apply(w, f);
}

static void import(struct world *w, int n, const char *email, const char *expires)
{
	g_autofree char *number = tckn(n);
	const struct certificate_entry e = { number, "Deneme", "Kisi", NULL, "Birim A", email, expires };
	bool known;
	assert_true(certificate_import(w->db, &e, &known, NULL));
}

/* What is known, who says what, and what is known then. */
static void test_end_near(void **state)
{
	static const struct { const char *known, *from, *date, *expected; bool open, shared; } cases[] = {
		{ NULL, CA, "2027-02-01", "2027-02-01 ca Birim A " ONE, .open = true },
		{ NULL, ONE, "2027-02-01", "2027-02-01 told Birim A " ONE, .open = true },
		{ NULL, CA, "2027-02-01", "" },
		{ "2027-01-15", CA, "2027-02-01", "2027-02-01 ca Birim A " ONE }, { "2027-03-15", CA, "2027-02-01", "2027-02-01 ca Birim A " ONE },
		{ "2027-02-01", CA, "2027-02-01", "2027-02-01 import Birim A " ONE },
		{ "2027-03-15", ONE, "2027-02-01", "2027-03-15 import Birim A " ONE },
		{ "2024-02-01", CA, "2027-02-01", "2024-02-01 import Birim A " ONE ",2027-02-01 ca Birim A " ONE },
		{ "2024-02-01", ONE, "2027-02-01", "2024-02-01 import Birim A " ONE ",2027-02-01 told Birim A " ONE },
		{ "2030-02-01", CA, "2027-02-01", "2030-02-01 import Birim A " ONE },
		{ "2024-02-01", CA, "2026-11-22", "2024-02-01 import Birim A " ONE }, /* today: the mail's own date */
		{ "2024-02-01", CA, "2028-02-01", "2024-02-01 import Birim A " ONE }, { "2024-02-01", CA, NULL, "2024-02-01 import Birim A " ONE },
		{ "2024-02-01", CA, "2027-02-01", "2024-02-01 import Birim A " ONE ",2024-02-01 import Birim A " ONE, .shared = true },
		{ "2024-02-01", TWO, "2027-02-01", "2024-02-01 import Birim A " ONE },
		{ "2024-02-01", MANAGER, "2027-02-01", "2024-02-01 import Birim A " ONE },
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		world_setup(state);
		struct world *w = *state;
		if (cases[i].open)
			submitted_people(w, 1, 1, "renewal");
		if (cases[i].known)
			import(w, 1, ONE, cases[i].known);
		if (cases[i].shared)
			import(w, 2, ONE, cases[i].known);
		say(w, cases[i].from, "ca_end_near", cases[i].date);
		g_autofree char *got = ask(w, "SELECT group_concat(expires||' '||source||' '||unit||' '||email) FROM (SELECT * FROM certificate ORDER BY expires)");
		if (strcmp(got, cases[i].expected) != 0)
			fail_msg("row %u: %s", i, got);
		if (cases[i].open)
			assert_sql(w, "2027-02-01", "SELECT expires FROM application");
		world_teardown(state);
	}
}

/* The card is there; what is known of the old one, whether the PIN is made, who says from when it works → state, letters, what the clock awaits. */
static void test_first_day(void **state)
{
	static const struct { const char *old; bool pin; const char *from, *date, *expected; } cases[] = {
		{ "", false, CA, "2026-11-22", "delivered  1 remind" }, { "", false, CA, NULL, "delivered  1 remind" },
		{ "", false, ONE, "2026-11-20", "delivered  1 remind" },
		{ "", false, CA, "2026-12-10", "delivered 2026-12-10 0 first_day,remind" }, { "", false, ONE, "2026-12-10", "delivered 2026-12-10 0 first_day,remind" },
		{ "2026-12-15", false, CA, "2026-11-20", "delivered 2026-11-20 1 remind" }, { "2026-12-15", true, CA, "2026-11-20", "active 2026-11-20 1 " },
		{ "2026-12-15", false, CA, "2026-12-10", "delivered 2026-12-15 0 first_day,remind" },
		{ "2026-12-15", false, ONE, "2026-11-20", "delivered 2026-12-15 0 first_day,remind" },
		{ "2026-12-15", true, ONE, "2026-11-20", "delivered 2026-12-15 0 activate" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		world_setup(state);
		struct world *w = *state;
		submitted_people(w, 1, 1, "renewal");
		g_autofree char *old = g_strdup_printf("UPDATE application SET expires='%s'", cases[i].old);
		assert_int_equal(sqlite3_exec(w->peek, old, NULL, NULL, NULL), SQLITE_OK);
		say(w, CA, "ca_shipped", NULL);
		g_autofree char *shipped = token_of(w, "shipped");
		apply(w, reply_of(ONE, shipped, ANSWER_RECEIVED));
		g_autofree char *delivered = token_of(w, "delivered");
		if (cases[i].pin)
			apply(w, reply_of(ONE, delivered, ANSWER_DONE));
		for (int twice = 0; twice < 2; twice++) {
			assert_sql(w, "done", "SELECT state FROM mail WHERE id=%d", (int)say(w, cases[i].from, "ca_first_day", cases[i].date));
			g_autofree char *got = ask(w, "SELECT state||' '||expires||' '||(SELECT count(*) FROM letter WHERE name='first_day')||' '||coalesce((SELECT "
						   "group_concat(event) FROM (SELECT event FROM expectation WHERE ended_at IS NULL ORDER BY event)),'') FROM application");
			if (strcmp(got, cases[i].expected) != 0)
				fail_msg("row %u: %s", i, got);
		}
		world_teardown(state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_mails), cmocka_unit_test(test_end_near), cmocka_unit_test(test_first_day),
					    cmocka_unit_test_setup_teardown(test_again, world_setup, world_teardown),
					    cmocka_unit_test_setup_teardown(test_secret_in_an_answer, world_setup, world_teardown) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
