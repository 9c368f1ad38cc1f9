/* apply_other_test: mails that are neither form nor answer: strangers, machines, notices that fit nobody, secrets, bounces. */
#include "tests/unit/queue/help.h"

static const struct other { enum mail_kind kind; const char *from; bool machine, trusted; const char *expected, *triage; } others[] = {
	{ KIND_OTHER, MANAGER, false, true, "done|answered|scan|1", "scan" },
	{ KIND_OTHER, MANAGER, false, true, "parked|waits_for_person|other|0" },
	{ KIND_UNREADABLE, MANAGER, false, true, "done|answered|unreadable|1" },
	{ KIND_UNREADABLE, MANAGER, false, true, "done|answered|too_large|1", "too_large" },
	{ KIND_OTHER, OFFICER, false, true, "parked|waits_for_person|other|0", "scan" },
	{ KIND_OTHER, MANAGER, true, true, "parked|waits_for_person|other|0" },
	{ KIND_OTHER, MANAGER, false, false, "parked|waits_for_person|not_authenticated|0" },
	{ KIND_OTHER, OFFICER, false, true, "parked|waits_for_person|other|0" },
	{ KIND_OTHER, "biri@example.org", false, true, "parked|waits_for_person|unknown_sender|0" },
	{ KIND_OTHER, "biri@example.org", true, true, "done|noted|auto_submitted|0" },
	{ KIND_AUTO_REPLY, "biri@example.org", true, true, "done|noted|auto_submitted|0" },
	{ KIND_AUTO_REPLY, OFFICER, true, true, "parked|waits_for_person|auto_reply|0" },
	{ KIND_OTHER, CA, true, true, "parked|waits_for_person|ca_wrote|0" },
	{ KIND_OTHER, CA, true, false, "parked|waits_for_person|not_authenticated|0" },
	{ KIND_CA_NOTICE, CA, true, true, "parked|waits_for_person|ca_unrecognised|0" },
	{ KIND_CA_NOTICE, CA, true, false, "parked|waits_for_person|not_authenticated|0" },
	{ KIND_CA_NOTICE, MANAGER, false, true, "parked|waits_for_person|not_allowed|0" },
	{ KIND_BOUNCE, "biri@example.org", true, true, "parked|waits_for_person|bounce_of_nothing|0" },
	{ KIND_FEEDBACK_REPORT, "biri@example.org", true, true, "parked|waits_for_person|feedback_report|0" },
	{ KIND_SIGNED_LIST, OFFICER, false, true, "parked|waits_for_person|signed_list|0" },
	{ KIND_REQUEST, MANAGER, false, true, "done|answered|empty_form|1" },
	{ KIND_REQUEST, "biri@example.org", false, true, "parked|waits_for_person|unknown_sender|0" },
	{ KIND_REQUEST, "evrak@ornek.edu.tr", false, true, "parked|waits_for_person|not_allowed|0" },
	{ KIND_REPLY, "biri@example.org", false, true, "parked|waits_for_person|unknown_sender|0" },
	{ KIND_REPLY, CA, false, true, "parked|waits_for_person|ca_wrote|0" },
	{ KIND_OTHER, NULL, false, true, "parked|waits_for_person|no_sender|0" },
};

static void test_others(void **state)
{
	struct world *w = *state;
	for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
		const struct other *o = &others[i];
		struct facts *f = mail_of(o->kind, o->from);
		f->auto_submitted = o->machine;
		f->auth.trusted = o->trusted;
		f->triage = g_strdup(o->triage);
		g_autofree char *before = ask(w, "SELECT count(*) FROM letter");
		gint64 id = apply(w, f);
		g_autofree char *got = ask(w, "SELECT state||'|'||disposition||'|'||coalesce(reason,'')||'|'||"
					   "((SELECT count(*) FROM letter)-%s) FROM mail WHERE id=%d", before, (int)id);
		if (strcmp(got, o->expected) != 0)
			fail_msg("row %u: %s, expected %s", i, got, o->expected);
	}
}

static void test_too_large(void **state)
{
	struct world *w = *state;
	static const struct { const char *from, *expected; } cases[] = {
		{ MANAGER, "done|too_large|too_large" }, { "biri@example.org", "parked|waits_for_person|too_large" } };
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		static const struct mailbox m = { "test", "INBOX", 7 };
		g_autofree char *header = g_strdup_printf("header %u", i);
		g_autoptr(GBytes) raw = g_bytes_new(header, strlen(header));
		struct incoming in = { ++w->uid, raw, 99999999, true };
		g_autoptr(GPtrArray) all = pointers(&in);
		assert_true(inbox_store(w->db, &m, all, NOW, NULL));
		struct facts *f = mail_of(KIND_OTHER, cases[i].from);
		assert_true(apply_mail(w->db, &w->policy, w->uid, f, NOW, NULL));
		facts_free(f);
		assert_sql(w, cases[i].expected, "SELECT state||'|'||disposition||'|'||reason FROM mail WHERE uid=%u", w->uid);
	}
	assert_sql(w, "too_large|too_large", "SELECT context->>'$.complaints[0].complaint'||'|'||(context->>'$.triage_why') FROM letter "
					     "JOIN letter_context ON letter=id WHERE name='not_read'");
}

static void test_secret(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 1, "renewal");
	struct facts *f = notice_of("ca_password", "kisi1@ornek.edu.tr");
	f->notice->reason = g_strdup("GIZLI");
	g_free(f->subject);
	f->subject = g_strdup("GIZLI");
	gint64 id = apply(w, f);
	assert_disposition(w, id, "done", "noted", "ca_password");
	assert_sql(w, "0", "SELECT count(*) FROM mail_raw WHERE forgotten=0 AND mail=%d", (int)id);
	assert_sql(w, "0", "SELECT (SELECT count(*) FROM mail WHERE subject LIKE '%%GIZLI%%') + "
		   "(SELECT count(*) FROM journal WHERE note LIKE '%%GIZLI%%')");
}

/* Not the first one only: the pages of every such mail are overwritten. Closing brings all pages into the file. */
static void test_secret_overwritten(void **state)
{
	struct world *w = *state;
	g_autoptr(GString) text = g_string_new(NULL);
	while (text->len < 60000)
		g_string_append(text, "GIZLI-SIFRE ");
	for (int i = 0; i < 3; i++) {
		struct facts *f = notice_of("ca_password", "kisi1@ornek.edu.tr");
		gint64 id = store(w, text->str);
		g_string_append_c(text, 'x');
		assert_true(apply_mail(w->db, &w->policy, id, f, NOW, NULL));
		facts_free(f);
		assert_disposition(w, id, "done", "noted", "ca_password");
	}
	world_close(w);
	g_autofree char *path = g_build_filename(w->folder, "nesgate.db", NULL), *bytes = NULL;
	gsize n;
	assert_true(g_file_get_contents(path, &bytes, &n, NULL));
	assert_null(memmem(bytes, n, "GIZLI-SIFRE", 11));
	world_open(w);
}

static void test_ambiguous_notice(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 1, "renewal");
	submitted_people(w, 1, 1, "other");
	assert_disposition(w, apply(w, notice_of("ca_opened", "kisi1@ornek.edu.tr")), "parked", "waits_for_person", "several_fit");
	assert_disposition(w, apply(w, notice_of("ca_opened", "yok@ornek.edu.tr")), "parked", "waits_for_person", "nobody_fits");
	assert_disposition(w, apply(w, notice_of("ca_returned", "kisi1@ornek.edu.tr")), "parked", "waits_for_person", "no_edge");
	assert_disposition(w, apply(w, notice_of("ca_unheard_of", "kisi1@ornek.edu.tr")), "parked", "waits_for_person", "no_edge");
	struct facts *one = notice_of("ca_opened", "kisi1@ornek.edu.tr");
	one->notice->application_no = g_strdup("B-1");
	assert_disposition(w, apply(w, one), "parked", "waits_for_person", "several_fit");
	assert_sql(w, "2", "SELECT count(*) FROM application WHERE state='submitted'");
}

static void test_bounce(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 1, "renewal"));
	deliver_all(w, NOW);
	struct facts *f = mail_of(KIND_BOUNCE, "mailer-daemon@ornek.edu.tr");
	struct bounce *b = facts_bounce_add(f);
	b->original_message_id = ask(w, "SELECT message_id FROM letter WHERE name='receipt'");
	struct bounce_recipient *r = facts_bounce_recipient_add(b);
	r->address = g_strdup(MANAGER);
	r->action = g_strdup("failed");
	r->permanent = true;
	r->diagnostic = g_strdup("550 5.1.1 no such user");
	assert_disposition(w, apply(w, f), "parked", "waits_for_person", "bounced");
	assert_sql(w, "1", "SELECT bounced_at IS NOT NULL FROM letter WHERE name='receipt'");
	assert_sql(w, "550 5.1.1 no such user", "SELECT note FROM journal WHERE event='bounced'");
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(test_others), WITH_WORLD(test_too_large), WITH_WORLD(test_secret),
		WITH_WORLD(test_secret_overwritten), WITH_WORLD(test_ambiguous_notice), WITH_WORLD(test_bounce),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
