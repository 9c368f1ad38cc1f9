/* reminder: what may be answered is read off the workflow: the applicant's edges from the state. */
#include <string.h>
#include "parsers/facts.h"
#include "queue/calendar.h"
#include "queue/context.h"
#include "queue/letter.h"
#include "queue/paper.h"
#include "queue/reminder.h"
#include "queue/sql.h"
#include "queue/workflow.h"

static const struct member *officer(const struct act *a)
{
	return directory_first(a->policy->directory, "officer", a->now);
}

static const struct { const char *waits_on; const struct member *(*find)(const struct act *a); } members[] = {
	{ "office", officer }, { "officer", officer }, { "registry", paper_collector },
};

/* A member, or the applicant himself. */
static const char *address_of(const struct act *a, const char *waits_on, const char *email)
{
	for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
		if (strcmp(members[i].waits_on, waits_on) != 0)
			continue;
		const struct member *m = members[i].find(a);
		return m ? m->address : NULL;
	}
	return email;
}

/* Address → "[1,7": the applications, as the beginning of a JSON list. In the order of the first of each. */
static bool collect(const struct act *a, GPtrArray *addresses, GHashTable *lists, GError **error)
{
	GError *failure = NULL;
	g_autoptr(sql_t) s = sql_start(a->db, "reminder_owed", "");
	while (sql_next(s, &failure)) {
		const char *address = address_of(a, sql_text(s, 1), sql_text(s, 2));
		GString *list = address ? g_hash_table_lookup(lists, address) : NULL;
		if (address != NULL && list == NULL) {
			list = g_string_new("");
			g_ptr_array_add(addresses, g_strdup(address));
			g_hash_table_insert(lists, g_strdup(address), list);
		}
		if (list != NULL)
			g_string_append_printf(list, "%c%" G_GINT64_FORMAT, list->len ? ',' : '[', sql_int(s, 0));
	}
	if (failure != NULL)
		g_propagate_error(error, failure);
	return failure == NULL;
}

static bool possible(const char *state, const char *answer, bool wet_only)
{
	if (wet_only && (strcmp(answer, "done_e_sign") == 0 || strcmp(answer, "done_e_consent") == 0))
		return false;
	if (strcmp(answer, "done") == 0) /* the PIN is made (card.h) */
		answer = "activate";
	return strcmp(answer, "question") == 0 || workflow_edge(state, answer, "applicant") != NULL;
}

/* One application and its applicant: he can answer at once. `words` for the token, `json` for the letter. */
struct single { gint64 application, version; GString *words, *json; };

static void offer(struct single *one, const char *answer)
{
	g_string_append_printf(one->words, "%s%s", one->words->len ? "," : "", answer);
	g_string_append_printf(one->json, "%c{\"answer\":\"%s\",\"answer_means\":\"%s\"}", one->json->len ? ',' : '[', answer, answer);
}

static bool read_single(const struct act *a, const char *list, struct single *one, GError **error)
{
	GError *failure = NULL;
	g_autoptr(sql_t) s = sql_start(a->db, "reminder_single", "si", list, a->now);
	if (sql_next(s, &failure)) {
		one->application = sql_int(s, 0);
		one->version = sql_int(s, 1);
		for (guint i = 0; facts_answers[i]; i++)
			if (possible(sql_text(s, 2), facts_answers[i], sql_int(s, 3) != 0))
				offer(one, facts_answers[i]);
	}
	g_string_append(one->json, one->json->len ? "]" : "[]");
	if (failure != NULL)
		g_propagate_error(error, failure);
	return failure == NULL;
}

static bool owe(const struct act *a, const char *to, const char *list, const struct single *one, GError **error)
{
	g_auto(context_t) c = { 0 };
	if (!context_read(&c, sql_start(a->db, "context_reminder", "ss", list, one->json->str),
			  sql_start(a->db, "context_reminder_rows", "s", list), "people", error))
		return false;
	struct owed owed = { .name = "reminder", .to = to, .application = one->application, .version = one->version,
			     .answers = one->words->str, .references = one->application ? c.message_id : NULL };
	return letter_owe(a, &owed, c.json, error) && sql_run(a->db, error, "reminder_said", "s", list) >= 0;
}

static bool remind(const struct act *a, const char *to, GString *list, bool *did, GError **error)
{
	struct single one = { .words = g_string_new(""), .json = g_string_new("") };
	gint64 today = calendar_day(a->now) * CALENDAR_DAY - CALENDAR_OFFSET, reminded;
	g_string_append_c(list, ']');
	bool ok = sql_get(a->db, &reminded, error, "reminder_since", "si", to, today);
	if (ok && !reminded) {
		*did = true;
		ok = read_single(a, list->str, &one, error) && owe(a, to, list->str, &one, error);
	}
	g_string_free(one.words, TRUE);
	g_string_free(one.json, TRUE);
	return ok;
}

static void list_free(void *list)
{
	g_string_free(list, TRUE);
}

/* A letter that only the officer before could answer is nobody's. */
static bool ask_anew(const struct act *a, GError **error)
{
	const struct member *m = officer(a);
	return m == NULL || sql_run(a->db, error, "reminder_ask_anew", "s", m->address) >= 0;
}

bool reminder_owe(const struct act *a, bool *did, GError **error)
{
	g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, list_free);
	if (!collect(a, addresses, lists, error) || (addresses->len > 0 && !ask_anew(a, error)))
		return false;
	for (guint i = 0; i < addresses->len; i++)
		if (!remind(a, addresses->pdata[i], g_hash_table_lookup(lists, addresses->pdata[i]), did, error))
			return false;
	return true;
}
