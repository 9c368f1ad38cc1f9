/* letter_test: whom a letter about a unit's people goes to when the one who asked for them is no longer there. */
#include "tests/unit/queue/help.h"

/* Who is there when the letters are owed, and to whom they go. */
static const struct { const char *directory, *to; } cases[] = {
	{ MANAGER ",manager,Birim A\n" DEPUTY ",manager,Birim A\n" OFFICER ",officer,\n", MANAGER },
	{ MANAGER ",manager,Birim A,,,2026-11-21\n" DEPUTY ",manager,Birim A\n" OFFICER ",officer,\n", DEPUTY },
	{ MANAGER ",registry,,,,\n" DEPUTY ",manager,Birim A\n" OFFICER ",officer,\n", MANAGER }, /* another office, the same person */
	{ MANAGER2 ",manager,Birim B\n" OFFICER ",officer,\n", OFFICER },
	{ MANAGER2 ",manager,Birim B\n", MANAGER }, /* nobody else */
};

static void exchange(struct world *w, const char *directory)
{
	directory_free((struct directory *)w->policy.directory);
	w->policy.directory = directory_parse(directory, NULL);
	assert_non_null(w->policy.directory);
}

static struct facts *bounce_of(struct world *w, const char *to)
{
	struct facts *f = mail_of(KIND_BOUNCE, "mailer-daemon@example.org");
	struct bounce_recipient *r = facts_bounce_recipient_add(facts_bounce_add(f));
	f->bounce->original_message_id = ask(w, "SELECT message_id FROM letter WHERE name='submitted' AND recipient='%s'", to);
	*r = (struct bounce_recipient){ .address = g_strdup(to), .action = g_strdup("failed"), .status = g_strdup("5.1.1"),
					.reason = g_strdup("user_unknown"), .permanent = true };
	return f;
}

#define assert_to(w, name, to) assert_sql(w, to, "SELECT group_concat(recipient) FROM letter WHERE name='" name "'")

static void test_addressee(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		void *one;
		world_setup(&one);
		struct world *w = one;
		submitted_people(w, 1, 2, "renewal");
		apply(w, request_of(3, 1, "renewal"));
		exchange(w, cases[i].directory);
		g_autofree char *token = ask(w, "SELECT token FROM letter WHERE name='submitted' AND recipient='kisi1@ornek.edu.tr'");
		assert_disposition(w, apply(w, reply_of("kisi1@ornek.edu.tr", token, ANSWER_WITHDRAW)), "done", "applied", "");
		assert_to(w, "ended", cases[i].to);
		assert_disposition(w, apply(w, bounce_of(w, "kisi2@ornek.edu.tr")), "done", "applied", "address_dead");
		assert_to(w, "address_dead", cases[i].to);
		if (directory_find(w->policy.directory, MANAGER2, NULL, NOW) != NULL) {
			struct facts *other = request_of(3, 1, "renewal");
			set(&other->from, MANAGER2);
			apply(w, other);
			assert_to(w, "also_requested", cases[i].to);
		}
		if (directory_find(w->policy.directory, OFFICER, NULL, NOW) != NULL) {
			g_autofree char *question = token_of(w, "approval");
			apply(w, reply_of(OFFICER, question, ANSWER_REFUSE));
			assert_sql(w, cases[i].to, "SELECT group_concat(recipient) FROM letter WHERE name='refused' AND request=2");
		}
		world_teardown(&one);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_addressee) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
