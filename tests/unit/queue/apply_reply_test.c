/* apply_reply_test: answers for some of the people of a list, what is asked back and how often, and the road of a question. */
#include "tests/unit/queue/help.h"

#define CLERK "memur@ornek.edu.tr"
#define SUPPORT "destek@ornek.edu.tr"

static struct reply_choice *choose(struct facts *f, enum answer answer, bool except, gint64 from, gint64 to)
{
	struct reply_choice *c = facts_reply_choose(f->reply, answer);
	f->reply->answer = ANSWER_PARTIAL;
	c->except = except;
	if (from != 0) {
		struct reply_item *item = facts_reply_choice_add(c);
		item->from = from;
		item->to = to;
	}
	return c;
}

static void name(struct reply_choice *c, const char *name)
{
	facts_reply_choice_add(c)->name = g_strdup(name);
}

static void number(struct reply_choice *c, gint64 application)
{
	struct reply_item *item = facts_reply_choice_add(c);
	item->from = item->to = application;
	item->application = true;
}

/* Two requests of three and two people in one question: five numbers, applications 1 to 5. */
static char *asked(struct world *w)
{
	w->policy.approval_per_request = false;
	apply(w, request_of(1, 3, "renewal"));
	struct facts *second = mail_of(KIND_REQUEST, MANAGER2);
	add_person(second, 4, "renewal");
	add_person(second, 5, "renewal");
	apply(w, second);
	GError *error = NULL;
	assert_true(apply_clock(w->db, &w->policy, NOW + 86400, NULL, &error));
	assert_sql(w, "1", "SELECT count(*) FROM letter WHERE name='approval'");
	return token_of(w, "approval");
}

static void assert_states(struct world *w, const char *expected)
{
	assert_sql(w, expected, "SELECT group_concat(substr(state, 1, 3), ' ') FROM (SELECT state FROM application ORDER BY id)");
}

static const struct partial { const char *states, *disposition; enum answer first; bool except; gint64 from, to; const char *name; gint64 application;
	enum answer second; gint64 second_from, second_to; } partials[] = {
	{ "lis lis lis lis ref", "applied", ANSWER_APPROVE, false, 1, 4, NULL, 0, ANSWER_REFUSE, 5, 5 },
	{ "lis lis req lis lis", "applied", ANSWER_APPROVE, true, 3, 3, NULL, 0, 0, 0, 0 },
	{ "req lis req req req", "applied", ANSWER_APPROVE, false, 0, 0, "deneme kisi2", 0, 0, 0, 0 },
	{ "lis req lis lis lis", "applied", ANSWER_APPROVE, true, 0, 0, "deneme kisi2", 0, 0, 0, 0 },
	{ "req req req lis req", "applied", ANSWER_APPROVE, false, 0, 0, NULL, 4, 0, 0, 0 },
	{ "req req req req req", "answered", ANSWER_APPROVE, false, 6, 6, NULL, 0, 0, 0, 0 },   /* no such number */
	{ "req req req req req", "answered", ANSWER_APPROVE, false, 4, 6, NULL, 0, 0, 0, 0 },   /* not all of the range */
	{ "req req req req req", "answered", ANSWER_APPROVE, false, 0, 0, "deneme", 0, 0, 0, 0 }, /* not a whole name */
	{ "req req req req req", "answered", ANSWER_APPROVE, false, 0, 0, NULL, 9, 0, 0, 0 },   /* not of this letter */
	{ "req req req req req", "answered", ANSWER_APPROVE, false, 1, 4, NULL, 0, ANSWER_REFUSE, 4, 5 }, /* 4 twice */
	{ "req req req req req", "answered", ANSWER_NONE, true, 0, 0, NULL, 0, 0, 0, 0 },       /* all of them: what? */
	{ "req req req req req", "answered", ANSWER_DONE_WET, false, 1, 1, NULL, 0, 0, 0, 0 },  /* not an officer's answer */
};

static void test_partial(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(partials); i++) {
		const struct partial *p = &partials[i];
		void *own = NULL;
		world_setup(&own);
		struct world *w = own;
		g_autofree char *token = asked(w);
		struct facts *f = reply_of(OFFICER, token, ANSWER_NONE);
		struct reply_choice *c = choose(f, p->first, p->except, p->from, p->to);
		if (p->name)
			name(c, p->name);
		if (p->application)
			number(c, p->application);
		if (p->second)
			choose(f, p->second, false, p->second_from, p->second_to);
		gint64 id = apply(w, f);
		assert_sql(w, p->disposition, "SELECT disposition FROM mail WHERE id=%" G_GINT64_FORMAT, id);
		assert_states(w, p->states);
		world_teardown(&own);
	}
}

/* The rest can be decided later by an answer to the same letter; a manager hears only of his own people. */
static void test_the_rest(void **state)
{
	struct world *w = *state;
	g_autofree char *token = asked(w);
	struct facts *some = reply_of(OFFICER, token, ANSWER_NONE), *rest = reply_of(OFFICER, token, ANSWER_APPROVE);
	choose(some, ANSWER_REFUSE, false, 5, 5);
	assert_disposition(w, apply(w, some), "done", "applied", "");
	assert_states(w, "req req req req ref");
	assert_sql(w, MANAGER2 "|1", "SELECT recipient||'|'||count(*) FROM letter WHERE name='refused'");
	assert_disposition(w, apply(w, rest), "done", "applied", "");
	assert_states(w, "lis lis lis lis ref");
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_REFUSE)), "done", "answered", "already");
	assert_states(w, "lis lis lis lis ref");
}

/* "Deneme Kisi2'yi onaylıyorum": an answer for all whose words name somebody. */
static void test_named_beside_all(void **state)
{
	static const struct { const char *words, *others, *states, *disposition; } rows[] = {
		{ "deneme kisi2", "", "req lis req req req", "applied" },
		{ "kisi2", "", "req req req req req", "answered" },
		{ "deneme kisi2 haricinde kalan", "", "req req req req req", "answered" },
		{ "rektorlugun yazisi geregi", "", "lis lis lis lis lis", "applied" },
		{ "", "deneme yetkili", "lis lis lis lis lis", "applied" },
		{ "", "bildiginiz gibi deneme kisi2 tasindi", "req req req req req", "answered" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		void *own = NULL;
		world_setup(&own);
		struct world *w = own;
		g_autofree char *token = asked(w);
		struct facts *f = reply_of(OFFICER, token, ANSWER_APPROVE);
		set(&f->reply->words, rows[i].words);
		set(&f->reply->others, rows[i].others);
		gint64 id = apply(w, f);
		assert_sql(w, rows[i].disposition, "SELECT disposition FROM mail WHERE id=%" G_GINT64_FORMAT, id);
		assert_states(w, rows[i].states);
		world_teardown(&own);
	}
}

/* Once a person is asked back; the second time the words go to the support. Other reasons are told once a day. */
static void test_asked_back_once(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 1, "renewal"));
	g_autofree char *token = token_of(w, "approval");
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_NONE)), "done", "answered", "not_understood");
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_NONE)), "parked", "waits_for_person", "not_understood");
	w->policy.support_address = "nes@ornek.edu.tr"; /* our own mailbox: as good as none */
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_NONE)), "parked", "waits_for_person", "not_understood");
	w->policy.support_address = SUPPORT;
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_NONE)), "done", "noted", "asked_support");
	assert_sql(w, "1", "SELECT context->>'unclear' FROM letter JOIN letter_context ON letter=id WHERE name='question'");
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_DONE_WET)), "done", "answered", "not_allowed");
	assert_disposition(w, apply(w, reply_of(OFFICER, token, ANSWER_DONE_WET)), "done", "noted", "not_allowed");
	assert_disposition(w, apply_at(w, reply_of(OFFICER, token, ANSWER_DONE_WET), NOW + 86401), "done", "answered", "not_allowed");
	assert_sql(w, "3", "SELECT count(*) FROM letter WHERE name='not_possible'");
	assert_sql(w, "requested", "SELECT state FROM application");
}

static void submitted(struct world *w)
{
	apply(w, request_of(1, 1, "renewal"));
	g_autofree char *token = token_of(w, "approval");
	apply(w, reply_of(OFFICER, token, ANSWER_APPROVE));
	GError *error = NULL;
	for (int i = 0; i < 3; i++)
		assert_true(apply_clock(w->db, &w->policy, NOW, NULL, &error));
	struct by_hand act = { .application = 1, .event = "submit", .by = "Deneme" };
	assert_true(apply_operator(w->db, &w->policy, &act, NOW, &error));
	assert_sql(w, "submitted", "SELECT state FROM application");
}

static void test_question(void **state)
{
	struct world *w = *state;
	w->policy.support_address = SUPPORT;
	submitted(w);
	g_autofree char *token = token_of(w, "submitted");
	struct facts *soru = reply_of("kisi1@ornek.edu.tr", token, ANSWER_QUESTION);
	set(&soru->reply->text, "SORU\n\nHangi sayfa?");
	assert_disposition(w, apply(w, soru), "done", "answered", "asked_support");
	assert_sql(w, "kisi1@ornek.edu.tr|A-1||1", "SELECT recipient||'|'||(context->>'ref')||'|'||answers||'|'||(refs=(SELECT message_id FROM letter "
		   "WHERE name='submitted') AND in_reply_to LIKE '<m%%') FROM letter JOIN letter_context ON letter=id WHERE name='question_received'");
	assert_sql(w, SUPPORT "|A-1|kisi1@ornek.edu.tr|submitted|Hangi sayfa?|2", "SELECT recipient||'|'||(context->>'ref')||'|'||"
		   "(context->>'asker')||'|'||(context->>'state')||'|'||(context->>'$.lines[1].line')||'|'||json_array_length(context, '$.lines') "
		   "FROM letter JOIN letter_context ON letter=id WHERE name='question'");
	assert_sql(w, "requested", "SELECT context->>'$.history[0].state' FROM letter JOIN letter_context ON letter=id WHERE name='question'");

	g_autofree char *back = token_of(w, "question");
	struct facts *stranger = reply_of("biri@ornek.edu.tr", back, ANSWER_NONE), *away = reply_of(SUPPORT, back, ANSWER_NONE);
	assert_disposition(w, apply(w, stranger), "parked", "waits_for_person", "token_foreign");
	away->auto_submitted = true;
	assert_disposition(w, apply(w, away), "parked", "waits_for_person", "not_understood");
	assert_sql(w, "0", "SELECT count(*) FROM letter WHERE name='answered'");
	/* What the support writes is words, whatever they are. */
	struct facts *answer = reply_of(SUPPORT, back, ANSWER_APPROVE);
	set(&answer->reply->text, "ONAY\nSayfa 3");
	assert_disposition(w, apply(w, answer), "done", "applied", "answered");
	assert_sql(w, "kisi1@ornek.edu.tr|ONAY|Hangi sayfa?|", "SELECT recipient||'|'||(context->>'$.lines[0].line')||'|'||"
		   "(context->>'$.question[1].line')||'|'||answers FROM letter JOIN letter_context ON letter=id WHERE name='answered'");
	assert_sql(w, "1", "SELECT refs = (SELECT message_id FROM letter WHERE name='submitted') FROM letter WHERE name='answered'");
	assert_sql(w, "SORU\n\nHangi sayfa?|ONAY\nSayfa 3", "SELECT group_concat(note, '|') FROM (SELECT note FROM journal "
		   "WHERE application=1 AND event IN ('question', 'answered') ORDER BY id)");
	assert_sql(w, "submitted", "SELECT state FROM application");
	/* The letter that was asked about still takes its answer. */
	assert_disposition(w, apply(w, reply_of("kisi1@ornek.edu.tr", token, ANSWER_DONE_WET)), "done", "applied", "");
}

/* A second question of the day goes to the support like the first, and is not acknowledged again; a machine's goes to nobody. */
static void test_questions_of_a_day(void **state)
{
	struct world *w = *state;
	w->policy.support_address = SUPPORT;
	submitted(w);
	g_autofree char *token = token_of(w, "submitted");
	struct facts *machine = reply_of("kisi1@ornek.edu.tr", token, ANSWER_QUESTION);
	machine->auto_submitted = true;
	assert_disposition(w, apply(w, machine), "parked", "waits_for_person", "question");
	assert_disposition(w, apply(w, reply_of("kisi1@ornek.edu.tr", token, ANSWER_QUESTION)), "done", "answered", "asked_support");
	assert_disposition(w, apply(w, reply_of("kisi1@ornek.edu.tr", token, ANSWER_QUESTION)), "done", "noted", "asked_support");
	assert_disposition(w, apply_at(w, reply_of("kisi1@ornek.edu.tr", token, ANSWER_QUESTION), NOW + 86401), "done", "answered", "asked_support");
	assert_sql(w, "3 2", "SELECT sum(name='question')||' '||sum(name='question_received') FROM letter");
}

/* The support's mailbox is answered from by its clerks, who are known to the directory. */
static void test_clerks(void **state)
{
	static const char people[] = "address,role,unit,name,from,to\n" OFFICER ",officer\n" MANAGER ",manager\n" CLERK ",support\n"
		"eski@ornek.edu.tr,support,,,,2020-12-31\n";
	static const struct { const char *from; bool forged; const char *expected; } rows[] = {
		{ CLERK, false, "applied answered" }, { CLERK, true, "waits_for_person token_foreign" },
		{ "eski@ornek.edu.tr", false, "waits_for_person token_foreign" }, { OFFICER, false, "waits_for_person token_foreign" },
		{ SUPPORT, true, "applied answered" }, /* the token is only there */
	};
	struct world *w = *state;
	w->policy.support_address = SUPPORT;
	directory_free((struct directory *)w->policy.directory);
	w->policy.directory = directory_parse(people, NULL);
	assert_non_null(w->policy.directory);
	submitted(w);
	g_autofree char *token = token_of(w, "submitted");
	apply(w, reply_of("kisi1@ornek.edu.tr", token, ANSWER_QUESTION));
	g_autofree char *back = token_of(w, "question");
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct facts *f = reply_of(rows[i].from, back, ANSWER_NONE);
		f->auth.trusted = !rows[i].forged;
		g_autofree char *got = ask(w, "SELECT disposition||' '||reason FROM mail WHERE id=%d", (int)apply(w, f));
		if (strcmp(got, rows[i].expected) != 0)
			fail_msg("row %u: %s", i, got);
	}
	assert_sql(w, CLERK, "SELECT by_name FROM journal WHERE event='answered' ORDER BY id LIMIT 1");
	/* Without the letter's token a clerk is a member who may move nothing. */
	assert_disposition(w, apply(w, reply_of(CLERK, token, ANSWER_WITHDRAW)), "parked", "waits_for_person", "token_foreign");
	assert_sql(w, "submitted", "SELECT state FROM application");
}

static void test_two_refusals_in_a_second(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 2, "renewal"));
	g_autofree char *token = token_of(w, "approval");
	for (int i = 1; i <= 2; i++) {
		struct facts *f = reply_of(OFFICER, token, ANSWER_NONE);
		choose(f, ANSWER_REFUSE, false, i, i);
		apply(w, f);
	}
	assert_sql(w, "A-1 A-2", "SELECT group_concat(value->>'application', ' ') FROM letter JOIN letter_context c ON c.letter=letter.id, "
		   "json_each(c.context, '$.people') WHERE name='refused'");
}

static void test_which_way(void **state)
{
	struct world *w = *state;
	submitted(w);
	g_autofree char *token = token_of(w, "submitted");
	assert_disposition(w, apply(w, reply_of("kisi1@ornek.edu.tr", token, ANSWER_DONE)), "done", "answered", "which_way");
	struct facts *f = reply_of("kisi1@ornek.edu.tr", token, ANSWER_NONE);
	choose(f, ANSWER_DONE_WET, true, 1, 1);
	assert_disposition(w, apply(w, f), "done", "answered", "not_understood");
	assert_sql(w, "submitted", "SELECT state FROM application");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_partial),
		cmocka_unit_test_setup_teardown(test_the_rest, world_setup, world_teardown),
		cmocka_unit_test(test_named_beside_all),
		cmocka_unit_test_setup_teardown(test_asked_back_once, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(test_question, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(test_questions_of_a_day, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(test_clerks, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(test_two_refusals_in_a_second, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(test_which_way, world_setup, world_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
