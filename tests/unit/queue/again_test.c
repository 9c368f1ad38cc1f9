/* again_test: a person who has an application already: nothing new, corrected, too late, asked for by another unit too. */
#include <stddef.h>
#include "tests/unit/queue/help.h"

#define RECEIPT "FROM letter JOIN letter_context ON letter = id WHERE name = 'receipt' AND request = "
#define LAST_ROW "FROM request_row ORDER BY id DESC LIMIT 1"

static struct facts *form_of(const char *from, int n)
{
	struct facts *f = request_of(n, 1, "renewal");
	set(&f->from, from);
	return f;
}

/* Every fact that a form gives, alone. */
static const struct fact { const char *fact; size_t member; const char *value, *now; } texts[] = {
	{ "name", offsetof(struct request_row, name_key), "test kisi1", "deneme kisi1" },
	{ "birth_date", offsetof(struct request_row, birth_date), "1981-02-03", "1980-01-31" },
	{ "email", offsetof(struct request_row, email), "baska@ornek.edu.tr", "kisi1@ornek.edu.tr" },
	{ "phone", offsetof(struct request_row, phone), "+90 500 111 22 33", "" },
	{ "unit", offsetof(struct request_row, unit), "Baska Birim", "" },
	{ "title", offsetof(struct request_row, title), "Uzman", "" },
	{ "staff_no", offsetof(struct request_row, staff_no), "1234", "" },
	{ "kind", offsetof(struct request_row, kind), "first", "renewal" },
	{ "reader", offsetof(struct request_row, reader), "mini", "none" },
	{ "expires", offsetof(struct request_row, expires), "2027-01-01", "" },
	{ "note", offsetof(struct request_row, note), "acele", "" },
};

/* What stands in the row that the application names. */
static char *fact_now(struct world *w, const struct fact *f)
{
	const char *column = strcmp(f->fact, "name") == 0 ? "name_key" : f->fact;
	return ask(w, "SELECT r.%s FROM application a JOIN request_row r ON r.request = a.request AND r.no = a.row_no WHERE a.id = 1", column);
}

static void test_each_fact(void **state)
{
	struct world *w = *state;
	apply(w, form_of(MANAGER, 1));
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *before = fact_now(w, &texts[i]);
		assert_string_equal(before, texts[i].now);
		struct facts *f = form_of(MANAGER, 1);
		/* All other facts as they were last given. */
		for (guint j = 0; j < i; j++)
			set(&G_STRUCT_MEMBER(char *, row_of(f, 0), texts[j].member), j % 2 ? texts[j].value : NULL);
		if (i > 0) /* the name key is compared, and given with the name */
			set(&row_of(f, 0)->name_key, texts[0].value);
		set(&G_STRUCT_MEMBER(char *, row_of(f, 0), texts[i].member), texts[i].value);
		assert_disposition(w, apply(w, f), "done", "applied", "");
		g_autofree char *expected = g_strdup_printf("updated|[{\"fact\":\"%s\",\"more\":false}]", texts[i].fact);
		assert_sql(w, expected, "SELECT effect||'|'||changes " LAST_ROW);
		g_autofree char *after = fact_now(w, &texts[i]);
		assert_string_equal(after, texts[i].value);
	}
	assert_sql(w, "baska@ornek.edu.tr|first|1|2027-01-01", "SELECT email||'|'||kind||'|'||wet_only||'|'||expires FROM application");
	assert_sql(w, "1", "SELECT count(*) FROM application");
	struct facts *f = form_of(MANAGER, 1);
	for (guint j = 0; j < G_N_ELEMENTS(texts); j++)
		set(&G_STRUCT_MEMBER(char *, row_of(f, 0), texts[j].member), texts[j].value);
	row_of(f, 0)->years = 1;
	row_of(f, 0)->backup = true;
	apply(w, f);
	assert_sql(w, "years, backup", "SELECT note FROM journal WHERE event = 'change' ORDER BY id DESC LIMIT 1");
}

static void test_nothing_new(void **state)
{
	struct world *w = *state;
	apply(w, form_of(MANAGER, 1));
	assert_disposition(w, apply(w, form_of(MANAGER, 1)), "done", "applied", "nothing_new");
	assert_sql(w, "same|", "SELECT effect||'|'||coalesce(changes, '') " LAST_ROW);
	struct facts *less = form_of(MANAGER, 1); /* what is not given is no change */
	set(&row_of(less, 0)->birth_date, NULL);
	set(&row_of(less, 0)->kind, NULL);
	row_of(less, 0)->years = 0;
	assert_disposition(w, apply(w, less), "done", "applied", "nothing_new");
	assert_sql(w, "1|0", "SELECT (SELECT request FROM application)||'|'||(SELECT count(*) FROM journal WHERE event = 'change')");
	assert_sql(w, "1", "SELECT count(*) FROM letter WHERE name = 'approval'");
	assert_sql(w, "1,0,0", "SELECT group_concat(asks) FROM request");
}

/* The officer agreed to facts: an answer to the letter with the old ones says nothing of the new ones. */
static void test_officer_is_asked_anew(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 2, "renewal"));
	g_autofree char *old = token_of(w, "approval");
	struct facts *f = form_of(MANAGER, 1);
	set(&row_of(f, 0)->phone, "+90 500 111 22 33");
	apply(w, f);
	g_autofree char *anew = token_of(w, "approval");
	assert_string_not_equal(old, anew);
	assert_sql(w, "A-1|phone", "SELECT (context->>'$.people[0].application')||'|'||(context->>'$.people[0].changes[0].fact') "
		   "FROM letter JOIN letter_context ON letter = id WHERE token = '%s'", anew);
	assert_disposition(w, apply(w, reply_of(OFFICER, old, ANSWER_APPROVE)), "done", "applied", "");
	assert_sql(w, "requested,listed", "SELECT group_concat(state) FROM (SELECT state FROM application ORDER BY id)");
	assert_disposition(w, apply(w, reply_of(OFFICER, old, ANSWER_APPROVE)), "done", "answered", "stale");
	assert_disposition(w, apply(w, reply_of(OFFICER, anew, ANSWER_APPROVE)), "done", "applied", "");
	assert_disposition(w, apply(w, reply_of(OFFICER, anew, ANSWER_APPROVE)), "done", "answered", "already");
	g_autoptr(GPtrArray) people = outbox_list_people(w->db, 2, NULL);
	assert_int_equal(people->len, 1);
	assert_string_equal(((struct list_person *)people->pdata[0])->phone, "+90 500 111 22 33");
}

/* Approved by hand and not yet on a list: it goes back to the officer. */
static void test_after_approval(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	apply(w, form_of(MANAGER, 1));
	assert_true(by_hand(w, 1, "approve", NULL, &error));
	struct facts *f = form_of(MANAGER, 1);
	set(&row_of(f, 0)->reader, "mini");
	apply(w, f);
	assert_sql(w, "requested", "SELECT state FROM application");
	assert_sql(w, "approved>requested|reader|manager", "SELECT from_state||'>'||to_state||'|'||note||'|'||by_role FROM journal WHERE event = 'change'");
	assert_sql(w, "2", "SELECT count(*) FROM letter WHERE name = 'approval'");
}

/* In a digest a person stands once, with the facts of the last form. */
static void test_digest(void **state)
{
	struct world *w = *state;
	w->policy.approval_per_request = false;
	apply(w, form_of(MANAGER, 1));
	struct facts *f = form_of(DEPUTY, 1); /* the same unit */
	set(&row_of(f, 0)->title, "Uzman");
	apply(w, f);
	apply(w, form_of(MANAGER2, 1));
	assert_true(tick(w, NOW + 21 * 3600));
	assert_sql(w, "1|1|Uzman|Birim B", "SELECT count(*)||'|'||(context->>'count')||'|'||(context->>'$.people[0].title')||'|'||"
		   "(context->>'$.people[0].also_units') FROM letter JOIN letter_context ON letter = id WHERE name = 'approval'");
}

static void test_too_late(void **state)
{
	struct world *w = *state;
	submitted_people(w, 1, 1, "renewal");
	struct facts *f = form_of(MANAGER, 1);
	set(&row_of(f, 0)->phone, "+90 500 111 22 33");
	set(&row_of(f, 0)->reader, "mini");
	assert_disposition(w, apply(w, f), "done", "applied", "nothing_new");
	assert_sql(w, "late|phone|reader", "SELECT (context->>'$.rows[0].effect')||'|'||(context->>'$.rows[0].changes[0].fact')||'|'||"
		   "(context->>'$.rows[0].changes[1].fact') " RECEIPT "2");
	assert_sql(w, "no such step: change; phone, reader", "SELECT note FROM journal WHERE event = 'no_edge'");
	assert_sql(w, "1|", "SELECT a.request||'|'||coalesce(r.phone, '') FROM application a JOIN request_row r ON r.request = a.request");
}

/* Another unit says that the card is lost: the application is not that unit's, but the first one hears of it. */
static void test_lost_elsewhere(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 1, "renewal"));
	struct facts *f = request_of(1, 1, "lost");
	set(&f->from, MANAGER2);
	apply(w, f);
	assert_sql(w, "also", "SELECT effect " LAST_ROW);
	assert_sql(w, "requested|" MANAGER, "SELECT (SELECT state FROM application)||'|'||recipient FROM letter WHERE name = 'also_requested'");
}

/* One application; the second unit reads of the first in its receipt, the first gets one letter, once. */
static void test_two_units(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 3, "renewal"));
	struct facts *f = request_of(2, 2, "renewal");
	set(&f->from, MANAGER2);
	set(&row_of(f, 0)->phone, "+90 500 111 22 33");
	assert_disposition(w, apply(w, f), "done", "applied", "nothing_new");
	assert_sql(w, "3|0", "SELECT count(*)||'|'||(SELECT count(*) FROM journal WHERE event = 'change') FROM application");
	assert_sql(w, "also|Birim A|A-2", "SELECT (context->>'$.rows[0].effect')||'|'||(context->>'$.rows[0].first_unit')||'|'||"
		   "(context->>'$.rows[0].application') " RECEIPT "2");
	assert_sql(w, MANAGER "|T-1|2|Birim B|" MANAGER2 "|A-2|phone|A-3", "SELECT recipient||'|'||(context->>'ref')||'|'||(context->>'count')||'|'||"
		   "(context->>'unit')||'|'||(context->>'manager')||'|'||(context->>'$.people[0].application')||'|'||"
		   "(context->>'$.people[0].changes[0].fact')||'|'||(context->>'$.people[1].application') "
		   "FROM letter JOIN letter_context ON letter = id WHERE name = 'also_requested'");
	assert_sql(w, "1", "SELECT in_reply_to = (SELECT message_id FROM letter WHERE name = 'receipt' AND request = 1) "
		   "FROM letter WHERE name = 'also_requested'");
	struct facts *once_more = form_of(MANAGER2, 2);
	apply(w, once_more);
	assert_sql(w, "again", "SELECT effect " LAST_ROW);
	assert_sql(w, "1", "SELECT count(*) FROM letter WHERE name = 'also_requested'");
	/* The first unit may still correct what is its own. */
	struct facts *ours = form_of(DEPUTY, 2);
	set(&row_of(ours, 0)->title, "Uzman");
	apply(w, ours);
	assert_sql(w, "updated", "SELECT effect " LAST_ROW);
	assert_sql(w, "Birim B", "SELECT context->>'$.people[0].also_units' FROM letter JOIN letter_context ON letter = id "
		   "WHERE name = 'approval' ORDER BY id DESC LIMIT 1");
}

static struct facts *also_of(int first, int count)
{
	struct facts *f = request_of(first, count, "renewal");
	set(&f->from, MANAGER2);
	return f;
}

/* Who asked for a person hears how it ends, and of his people alone. */
static void test_each_hears_the_end(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 3, "renewal"));
	g_autofree char *token = token_of(w, "approval");
	apply(w, also_of(2, 2));
	apply(w, also_of(3, 1)); /* again: nobody is told twice */
	struct facts *no = reply_of(OFFICER, token, ANSWER_REFUSE);
	set(&no->reply->text, "Kadro uygun değil");
	apply(w, no);
	assert_sql(w, MANAGER "|T-1|3|A-1," MANAGER2 "|T-2|2|A-2", "SELECT group_concat(recipient||'|'||(context->>'ref')||'|'||(context->>'count')||'|'||"
		   "(context->>'$.people[0].application')) FROM (SELECT * FROM letter JOIN letter_context ON letter = id WHERE name = 'refused' ORDER BY id)");
	apply(w, request_of(5, 2, "renewal"));
	apply(w, also_of(5, 1));
	assert_true(by_hand(w, 4, "cancel", NULL, NULL));
	assert_true(by_hand(w, 5, "cancel", NULL, NULL));
	assert_sql(w, MANAGER "|A-4," MANAGER2 "|A-4," MANAGER "|A-5", "SELECT group_concat(recipient||'|'||(context->>'ref')) FROM "
		   "(SELECT * FROM letter JOIN letter_context ON letter = id WHERE name = 'ended' ORDER BY id)");
	assert_sql(w, "1", "SELECT refs = (SELECT message_id FROM letter WHERE name = 'receipt' AND request = 5) FROM letter "
		   "WHERE name = 'ended' AND recipient = '" MANAGER2 "'");
}

/* By hand it is the same. */
static void test_refused_by_hand(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 1, "renewal"));
	apply(w, also_of(1, 1));
	assert_true(by_hand(w, 1, "refuse", "deneme", NULL));
	assert_sql(w, MANAGER "," MANAGER2, "SELECT group_concat(recipient) FROM (SELECT recipient FROM letter WHERE name = 'refused' ORDER BY id)");
}

/* Facts that the last form did not give have their source where they were given. */
static void find_source(const char *json, void *data)
{
	*(char **)data = g_strdup(json);
}

static void test_sources(void **state)
{
	struct world *w = *state;
	apply(w, form_of(MANAGER, 1));
	struct facts *f = form_of(MANAGER, 1);
	set(&row_of(f, 0)->phone, "+90 500 111 22 33");
	set(&row_of(f, 0)->birth_date, NULL);
	apply(w, f);
	g_autofree char *json = NULL;
	assert_true(view_each(w->db, "show", "A-1", find_source, &json, NULL));
	assert_non_null(strstr(json, "{\"fact\":\"phone\",\"value\":\"+90 500 111 22 33\",\"source\":\"M-2 "));
	assert_non_null(strstr(json, "{\"fact\":\"birth_date\",\"value\":\"1980-01-31\",\"source\":\"M-1 "));
	assert_sql(w, "1", "SELECT request FROM application WHERE id = 1 AND request = 2 UNION SELECT count(*) FROM application");
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(test_each_fact),     WITH_WORLD(test_nothing_new), WITH_WORLD(test_officer_is_asked_anew),
		WITH_WORLD(test_after_approval), WITH_WORLD(test_digest),     WITH_WORLD(test_too_late),
		WITH_WORLD(test_two_units),     WITH_WORLD(test_lost_elsewhere), WITH_WORLD(test_sources),
		WITH_WORLD(test_each_hears_the_end), WITH_WORLD(test_refused_by_hand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
