/* simulate_report: see the header. Everyone stands in one state: that of his last application, else what his row or form waits for,
 * else that nobody asked for him. Who was asked for and is in none of these is lost, which is a violation.
 */
#include "gateway/simulate_report.h"
#include <stdio.h>
#include <string.h>
#include "gateway/clock.h"
#include "gateway/table.h"
#include "queue/calendar.h"
#include "queue/view.h"
#include "queue/workflow.h"

enum { SHOWN = 20, WORD_MOST = 32 };

struct standing { const char *state, *waits_on; char *since; };

struct report {
	struct world *world;
	struct standing *people;                    /* by their number */
	GHashTable *states, *roles, *mails;         /* word → count */
	const char *oldest_state;
	char *oldest;                               /* since when */
	char oldest_id[WORD_MOST];
	guint ended, waiting, untouched;
};

static void add(GHashTable *all, const char *word, guint n)
{
	g_hash_table_insert(all, g_strdup(word), GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(all, word)) + n));
}

static void stand(struct report *r, const struct person *p, const struct standing *now)
{
	struct standing *s = &r->people[p->no];

	g_free(s->since);
	*s = *now;
	s->since = g_strdup(now->since);
}

static void note_oldest(struct report *r, const char *id, const struct standing *s)
{
	if (r->oldest && strcmp(r->oldest, s->since) <= 0)
		return;
	g_free(r->oldest);
	r->oldest = g_strdup(s->since);
	r->oldest_state = s->state;
	g_strlcpy(r->oldest_id, id, sizeof r->oldest_id);
}

/* An application, of this or of an earlier round, or a row that waits; in the order of their ids, so that the last one counts. */
static void on_item(const char *json, void *data)
{
	struct report *r = data;
	g_autofree char *id = table_text(json, "id"), *state = table_text(json, "state"), *since = table_text(json, "since");
	g_autofree char *email = table_text(json, "email"), *name = table_text(json, "name");
	g_autofree char *key = name ? g_ascii_strdown(name, -1) : NULL;
	struct person *p = email ? g_hash_table_lookup(r->world->by_address, email) : NULL;
	const struct state *known = workflow_state(state);
	struct standing now = { known ? known->name : "row_awaited", known ? known->waits_on : "manager", since };

	if (!p && key)
		p = g_hash_table_lookup(r->world->by_name, key);
	if (!known || strcmp(known->waits_on, "nobody") != 0)
		note_oldest(r, id, &now);
	if (p && (known || !r->people[p->no].state))
		stand(r, p, &now);
}

static void on_disposition(const char *json, void *data)
{
	struct report *r = data;
	g_autofree char *word = table_text(json, "disposition"), *n = table_text(json, "mails");

	add(r->mails, word, (guint)g_ascii_strtoull(n, NULL, 10));
}

static void unread(struct report *r)
{
	const struct standing awaited = { "form_awaited", "manager", (char *)"" };

	for (guint i = 0; i < r->world->units->len; i++) {
		const struct unit *u = g_ptr_array_index(r->world->units, i);

		for (guint k = 0; k < u->unread->len; k++) {
			const struct person *p = g_ptr_array_index(u->unread, k);

			if (!r->people[p->no].state)
				stand(r, p, &awaited);
		}
	}
}

static void count_people(struct report *r)
{
	for (guint i = 0; i < r->world->people->len; i++) {
		const struct person *p = g_ptr_array_index(r->world->people, i);
		const struct standing *s = &r->people[i];
		bool nobody = s->state && strcmp(s->waits_on, "nobody") == 0;

		if (!s->state && p->asked)
			simulate_check_violated(r->world->check, "lost", p->email);
		add(r->states, s->state ? s->state : p->asked ? "lost" : "not_asked", 1);
		add(r->roles, s->state ? s->waits_on : p->asked ? "lost" : "not_asked", 1);
		r->ended += nobody;
		r->waiting += s->state && !nobody;
		r->untouched += !s->state;
	}
}

/* ---- printing ---- */

static int by_word(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

static void print_counts(const char *title, GHashTable *all, bool json)
{
	GList *words = g_list_sort(g_hash_table_get_keys(all), by_word);

	printf(json ? "\"%s\":{" : "%s\n", title);
	for (GList *w = words; w; w = w->next)
		printf(json ? "%s\"%s\":%u" : "%s  %-18s %6u\n", json && w != words ? "," : "", (char *)w->data,
		       GPOINTER_TO_UINT(g_hash_table_lookup(all, w->data)));
	fputs(json ? "}," : "\n", stdout);
	g_list_free(words);
}

static guint letters_of(const struct check_totals *t, const char *name)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(t->letters, name));
}

static void print_violations(const GPtrArray *all, bool json)
{
	if (json)
		fputs("\"violations\":[", stdout);
	for (guint i = 0; i < all->len && (json || i < SHOWN); i++) {
		const struct check_violation *v = g_ptr_array_index(all, i);
		g_autofree char *at = clock_iso(v->at), *line = table_object("rule", v->rule, "about", v->about, "at", at, NULL);

		if (json)
			printf("%s%s", i ? "," : "", line);
		else
			printf("violation: %s: %s, %s\n", v->rule, v->about, at);
	}
	if (json)
		fputs("]}\n", stdout);
	else
		printf("%u violation%s\n", all->len, all->len == 1 ? "" : "s");
}

static void print_numbers(const struct report *r, const struct check_totals *t, bool json)
{
	char busiest[11];
	const struct { const char *word; guint n; } numbers[] = {
		{ "people", r->world->people->len }, { "ended", r->ended }, { "waiting", r->waiting }, { "not_asked", r->untouched },
		{ "letters", t->sent }, { "reminders", letters_of(t, "reminder") },
		{ "manager_digests", letters_of(t, "manager_digest") }, { "officer_digests", letters_of(t, "officer_digest") },
		{ "alarms", letters_of(t, "alarm") + letters_of(t, "list_failed") }, { "busiest_letters", t->busiest },
	};

	calendar_iso(t->busiest_day, busiest);
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
		printf(json ? "\"%s\":%u," : "%-20s %6u\n", numbers[i].word, numbers[i].n);
	printf(json ? "\"busiest_day\":\"%s\"," : "%-20s %s\n", json ? busiest : "busiest_day", busiest);
	if (r->oldest && json)
		printf("\"oldest\":{\"id\":\"%s\",\"state\":\"%s\",\"since\":\"%s\"},", r->oldest_id, r->oldest_state, r->oldest);
	else if (r->oldest)
		printf("%-20s %s %s since %s\n", "oldest_wait", r->oldest_id, r->oldest_state, r->oldest);
	fputs(json ? "" : "\n", stdout);
}

static void print(const struct report *r, const struct check_totals *t, bool json)
{
	fputs(json ? "{" : "", stdout);
	print_numbers(r, t, json);
	print_counts(json ? "states" : "people by state", r->states, json);
	print_counts(json ? "waits_on" : "people by whom they wait on", r->roles, json);
	print_counts(json ? "letters_by_kind" : "letters", t->letters, json);
	print_counts(json ? "mails" : "mails, by what became of them", r->mails, json);
	print_violations(t->violations, json);
}

static GHashTable *counts(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

bool simulate_report_print(struct world *w, bool json, guint *violations, GError **error)
{
	struct report r = { .world = w, .people = g_new0(struct standing, w->people->len), .states = counts(), .roles = counts(),
			    .mails = counts() };
	struct check_totals t;
	bool ok = view_each(w->db, "list", NULL, on_item, &r, error) &&
		view_each(w->db, "dispositions", NULL, on_disposition, &r, error);

	if (ok) {
		unread(&r);
		count_people(&r);
		simulate_check_totals(w->check, &t);
		*violations = t.violations->len;
		print(&r, &t, json);
	}
	for (guint i = 0; i < w->people->len; i++)
		g_free(r.people[i].since);
	g_free(r.people);
	g_free(r.oldest);
	g_hash_table_unref(r.states);
	g_hash_table_unref(r.roles);
	g_hash_table_unref(r.mails);
	return ok;
}
