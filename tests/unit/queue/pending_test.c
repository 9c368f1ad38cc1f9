/* pending_test: refused rows and mails of which nothing could be used wait for the manager; what settles them, and what does not. */
#include "tests/unit/queue/help.h"
#include "queue/pending.h"

#define OPEN "SELECT count(*) FROM pending WHERE closed_at IS NULL"
#define RECEIPT "FROM letter JOIN letter_context ON letter = id WHERE name = 'receipt' AND request = "

/* How the refused row and the one that comes later look. */
static const struct settling {
	const char *what, *code, *first_tckn, *first_name, *first_email, *later_name, *later_email, *later_from;
	bool settled;
} settlings[] = {
	{ "the same number", "email_missing", "10000000146", "deneme bir", NULL, "baska ad", "a@b.tr", MANAGER, true },
	{ "the number was wrong, the name is the same", "tckn_check_digit", "10000000147", "deneme bir", NULL, "deneme bir", "a@b.tr", MANAGER, true },
	{ "the name was mended, and is known", "tckn_check_digit name_split", "10000000147", "deneme bir", NULL, "deneme bir", "a@b.tr", MANAGER, true },
	{ "the number was mended, and is known", "email_missing tckn_blanks", "10000000078", "deneme bir", NULL, "deneme bir", "a@b.tr", MANAGER, false },
	{ "no number, no name, the same address", "name_missing", NULL, NULL, "a@b.tr", "deneme bir", "a@b.tr", MANAGER, true },
	{ "of the same unit", "tckn_missing", NULL, "deneme bir", NULL, "deneme bir", "a@b.tr", DEPUTY, true },
	{ "of another unit", "tckn_missing", NULL, "deneme bir", NULL, "deneme bir", "a@b.tr", MANAGER2, false },
	{ "another name", "tckn_missing", NULL, "deneme bir", "a@b.tr", "deneme iki", "a@b.tr", MANAGER, false },
	{ "the same name, but both numbers are sound", "email_missing", "10000000078", "deneme bir", NULL, "deneme bir", "a@b.tr", MANAGER, false },
};

static struct facts *one_row(const char *from, const char *id, const char *name, const char *email)
{
	struct facts *f = request_of(1, 1, "renewal");
	struct request_row *r = row_of(f, 0);
	set(&f->from, from);
	set(&r->tckn, id);
	set(&r->name_key, name);
	set(&r->email, email);
	return f;
}

static void test_settling(void **state)
{
	struct world *w = *state;
	for (guint i = 0; i < G_N_ELEMENTS(settlings); i++) {
		const struct settling *s = &settlings[i];
		struct facts *f = one_row(MANAGER, s->first_tckn, s->first_name, s->first_email);
		g_auto(GStrv) codes = g_strsplit(s->code, " ", -1);
		for (guint k = 0; codes[k]; k++)
			refuse(row_of(f, 0), codes[k], NULL);
		apply(w, f);
		g_autofree char *item = ask(w, "SELECT max(id) FROM pending");
		assert_sql(w, "1", OPEN);
		gint64 mail = apply(w, one_row(s->later_from, "10000000146", s->later_name, s->later_email));
		g_autofree char *got = ask(w, "SELECT closed_by FROM pending WHERE id = %s", item);
		if (s->settled != (g_ascii_strtoll(got, NULL, 10) == mail))
			fail_msg("%s: closed by \"%s\"", s->what, got);
		g_autofree char *said = ask(w, "SELECT context->>'$.rows[0].settles' " RECEIPT "(SELECT max(id) FROM request)");
		assert_int_equal(*said == 'T', s->settled);
		assert_sql(w, s->settled ? "1" : "0", "SELECT count(*) FROM journal WHERE event = 'pending_settled' AND note = 'P-%s' "
			   "AND application IS NOT NULL AND place LIKE 'Sayfa1!%%'", item);
		struct pending_end end = { g_ascii_strtoll(item, NULL, 10) };
		assert_true(pending_close(w->db, &end, NOW, NULL) == !s->settled);
	}
}

/* Who is answered otherwise, or is nobody, is not waited for. */
static void test_nobody_waits(void **state)
{
	struct world *w = *state;
	static const char *const codes[] = { "kind_person_paid", "duplicate_in_form" };
	for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
		struct facts *f = request_of(1, 1, "renewal");
		refuse(row_of(f, 0), codes[i], NULL);
		apply(w, f);
	}
	struct facts *empty = one_row(MANAGER, NULL, NULL, NULL);
	refuse(row_of(empty, 0), "tckn_missing", NULL);
	apply(w, empty);
	assert_sql(w, "0", "SELECT count(*) FROM pending");
}

/* Two good rows, two bad ones; the same sheet again; the two alone, one of them right now. */
static struct facts *four(bool third_right)
{
	struct facts *f = request_of(1, 4, "renewal");
	if (!third_right)
		refuse(row_of(f, 2), "email_missing", NULL);
	refuse(row_of(f, 3), "birth_date_invalid", "31.02.1980");
	return f;
}

static void test_corrected_sheet(void **state)
{
	struct world *w = *state;
	apply(w, four(false));
	assert_sql(w, "email_missing|Deneme Kisi3|Sayfa1!A7|Birim A|1|1", "SELECT reason||'|'||name||'|'||place||'|'||unit||'|'||request||'|'||times FROM pending WHERE id = 1");
	assert_sql(w, "1", "SELECT due_at > opened_at FROM pending WHERE id = 1");
	apply(w, four(false));
	assert_sql(w, "2", "SELECT count(*) FROM pending WHERE times = 2");
	assert_sql(w, "2", "SELECT count(*) FROM journal WHERE event = 'pending_again'");
	apply(w, four(true));
	assert_sql(w, "2", "SELECT group_concat(id) FROM pending WHERE closed_at IS NULL");
	assert_sql(w, "3", "SELECT count(*) FROM application");
}

/* A reply to the receipt proves the thread, whoever of our managers sends it. */
static void test_thread(void **state)
{
	struct world *w = *state;
	struct facts *f = request_of(1, 1, "renewal");
	refuse(row_of(f, 0), "email_missing", NULL);
	set(&f->request->ticket, "2026-77");
	set(&f->request->unit, "Bolum A");
	apply(w, f);
	struct facts *later = request_of(1, 1, "renewal");
	set(&later->from, MANAGER2);
	later->in_reply_to = ask(w, "SELECT message_id FROM letter WHERE name = 'receipt'");
	apply(w, later);
	assert_sql(w, "0", OPEN);
	assert_sql(w, "2026-77|Bolum A", "SELECT ticket||'|'||unit FROM request WHERE id = 2");
}

static struct facts *scan_of(const char *from, const char *triage)
{
	struct facts *f = mail_of(KIND_OTHER, from);
	f->triage = g_strdup(triage);
	return f;
}

static void test_whole_mail(void **state)
{
	struct world *w = *state;
	apply(w, scan_of(MANAGER, "scan"));
	assert_sql(w, "scan|" MANAGER "|Birim A|1|1", "SELECT reason||'|'||sender||'|'||unit||'|'||whole||'|'||(letter = (SELECT id FROM letter)) FROM pending");
	apply(w, scan_of(MANAGER, "photo"));
	assert_sql(w, "photo|2|2|1", "SELECT reason||'|'||times||'|'||letter||'|'||(SELECT count(*) FROM pending) FROM pending");
	apply(w, request_of(1, 1, "renewal"));
	assert_sql(w, "0", OPEN);
	assert_sql(w, "2026-11-22", "SELECT context->>'$.settled[0].opened_on' " RECEIPT "1");
	apply(w, request_of(2, 1, "renewal"));
	assert_sql(w, "0", "SELECT json_array_length(context->>'settled') " RECEIPT "2");
	/* Not his: nobody else's form is it. */
	apply(w, scan_of(MANAGER, "scan"));
	apply(w, one_row(DEPUTY, "10000000146", "deneme bir", "a@b.tr"));
	assert_sql(w, "1", OPEN);
	/* But whoever answers the letter with a form. */
	struct facts *f = one_row(DEPUTY, "10000000146", "deneme bir", "a@b.tr");
	g_autofree char *token = token_of(w, "not_read");
	assert_true(g_str_has_prefix(token, "NG-"));
	f->reply = facts_reply_new();
	g_ptr_array_add(f->reply->tokens, g_strdup(token));
	apply(w, f);
	assert_sql(w, "0", OPEN);
}

/* Answers to the letter without a form: another scan counts, words are for a person. */
static void test_answers_without_form(void **state)
{
	struct world *w = *state;
	apply(w, scan_of(MANAGER, "scan"));
	g_autofree char *token = token_of(w, "not_read");
	struct facts *f = reply_of(MANAGER, token, ANSWER_NONE);
	f->triage = g_strdup("photo");
	assert_disposition(w, apply(w, f), "done", "answered", "photo");
	assert_sql(w, "2", "SELECT times FROM pending");
	assert_disposition(w, apply(w, reply_of(MANAGER, token, ANSWER_NONE)), "parked", "waits_for_person", "wrote_back");
	struct facts *other = scan_of(MANAGER, "scan");
	other->in_reply_to = ask(w, "SELECT message_id FROM letter WHERE name = 'not_read' LIMIT 1");
	assert_disposition(w, apply(w, other), "done", "answered", "scan");
	assert_sql(w, "3", "SELECT times FROM pending");
	/* And an answer to any other letter of ours to a manager. */
	apply(w, four(false));
	assert_sql(w, "0", OPEN " AND whole = 1");
	struct facts *thanks = reply_of(MANAGER, NULL, ANSWER_NONE);
	thanks->in_reply_to = ask(w, "SELECT message_id FROM letter WHERE name = 'receipt'");
	thanks->triage = g_strdup("nothing_attached");
	assert_disposition(w, apply(w, thanks), "done", "answered", "nothing_attached");
	assert_sql(w, "1", OPEN " AND whole = 1");
	struct facts *odd = scan_of("a\tb@ornek.edu.tr", "scan"); /* nobody we know */
	apply(w, odd);
	assert_sql(w, "1", OPEN " AND whole = 1");
}

static void test_by_hand(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	apply(w, four(false));
	struct pending_end first = { 1, "deneme", "vazgecildi" }, none = { 99 };
	assert_true(pending_close(w->db, &first, NOW, &error));
	assert_sql(w, "pending_closed|operator|deneme|P-1 vazgecildi", "SELECT event||'|'||by_role||'|'||by_name||'|'||note FROM journal ORDER BY id DESC LIMIT 1");
	assert_false(pending_close(w->db, &first, NOW, &error));
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_REFUSED));
	g_clear_error(&error);
	assert_false(pending_close(w->db, &none, NOW, &error));
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND));
	g_clear_error(&error);
	assert_sql(w, "1", OPEN);
}

/* What concerns the form as a whole is said in the receipt; mended values are shown as written and as read. */
static void test_receipt_tells(void **state)
{
	struct world *w = *state;
	struct facts *f = request_of(1, 1, "renewal");
	struct request_row *r = row_of(f, 0);
	r->verdict = ROW_REPAIRED;
	facts_complain(r->complaints, "tckn_blanks", "Sayfa1!A5", "100 000 000 78");
	facts_complain(r->complaints, "email_repaired", "Sayfa1!E5", "Kisi1@ornek.edu.tr,");
	facts_complain(f->complaints, "encrypted", "eski.xlsx", NULL);
	apply(w, f);
	g_autofree char *id = tckn(1), *masked = g_strdup_printf("%.3s******%s", id, id + 9);
	assert_sql(w, "encrypted|eski.xlsx|100 *** *** 78|kisi1@ornek.edu.tr", "SELECT (context->>'$.notes[0].complaint')||'|'||"
		   "(context->>'$.notes[0].where')||'|'||(context->>'$.rows[0].complaints[0].value')||'|'||"
		   "(context->>'$.rows[0].complaints[1].read') " RECEIPT "1");
	assert_sql(w, masked, "SELECT context->>'$.rows[0].complaints[0].read' " RECEIPT "1");
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(test_settling),   WITH_WORLD(test_nobody_waits),         WITH_WORLD(test_corrected_sheet), WITH_WORLD(test_thread),
		WITH_WORLD(test_whole_mail), WITH_WORLD(test_answers_without_form), WITH_WORLD(test_by_hand),         WITH_WORLD(test_receipt_tells),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
