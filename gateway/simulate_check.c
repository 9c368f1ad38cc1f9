/* simulate_check: see the header. It keeps its own books: what the queue wrote down of itself proves nothing. */
#include "gateway/simulate_check.h"
#include <string.h>
#include "gateway/table.h"
#include "queue/calendar.h"
#include "queue/view.h"

struct check {
	const struct policy *policy;
	gint64 now;
	GPtrArray *violations;
	GHashTable *letters, *days;  /* name → count; day → count */
	GHashTable *reminded, *digested; /* address → day or week of the last one */
	GHashTable *wrote;           /* address → when its last mail was applied */
	GHashTable *dead, *nonsense; /* addresses; "M-7" */
	guint sent;
};

struct check *simulate_check_new(const struct policy *policy)
{
	struct check *c = g_new0(struct check, 1);
	GHashTable **owners[] = { &c->reminded, &c->digested, &c->wrote, &c->letters };

	c->policy = policy;
	for (guint i = 0; i < G_N_ELEMENTS(owners); i++)
		*owners[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	c->dead = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	c->nonsense = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	c->days = g_hash_table_new(NULL, NULL);
	c->violations = g_ptr_array_new();
	return c;
}

void simulate_check_free(struct check *c)
{
	GHashTable *all[] = { c->reminded, c->digested, c->wrote, c->letters, c->dead, c->nonsense, c->days };

	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		g_hash_table_unref(all[i]);
	for (guint i = 0; i < c->violations->len; i++) {
		struct check_violation *v = g_ptr_array_index(c->violations, i);

		g_free(v->about);
		g_free(v);
	}
	g_ptr_array_unref(c->violations);
	g_free(c);
}

void simulate_check_violated(struct check *c, const char *rule, const char *about)
{
	struct check_violation *v = g_new(struct check_violation, 1);

	*v = (struct check_violation){ rule, g_strdup(about), c->now };
	g_ptr_array_add(c->violations, v);
}

/* ---- while it goes ---- */

void simulate_check_mail(struct check *c, const struct check_mail *m)
{
	g_hash_table_insert(c->wrote, g_strdup(m->from ? m->from : ""), GSIZE_TO_POINTER((gsize)m->at));
	if (m->nonsense)
		g_hash_table_add(c->nonsense, g_strdup_printf("M-%" G_GINT64_FORMAT, m->id));
}

void simulate_check_dead(struct check *c, const char *address)
{
	g_hash_table_add(c->dead, g_strdup(address));
}

/* *last is when this person got the last one; true: in the same span. */
static bool same_span(GHashTable *last, const char *to, gint64 span)
{
	gpointer before;
	bool known = g_hash_table_lookup_extended(last, to, NULL, &before);

	g_hash_table_insert(last, g_strdup(to), GSIZE_TO_POINTER((gsize)span));
	return known && (gint64)GPOINTER_TO_SIZE(before) == span;
}

/* The day it was meant for: what was put off or failed comes later than that, and with the next one. */
static gint64 day_of(const struct check *c, const struct letter *l, gint64 now)
{
	return calendar_day(l->attempts > 1 ? calendar_next_open(c->policy->calendar, l->owed_at) : now);
}

/* Monday to Sunday; 1970-01-01 was a Thursday. A daily digest is one a day. */
static gint64 span_of_digest(const struct check *c, gint64 day)
{
	return g_strcmp0(c->policy->manager_digest, "daily") == 0 ? day : (day + 3) / 7;
}

/* What the mail server put off goes when it can; alarms go at any hour; who has just written is awake. */
static bool may_disturb(const struct check *c, const struct letter *l)
{
	static const char *const alarms[] = { "alarm", "list_failed", "list_uncertain", NULL };
	gpointer wrote = g_hash_table_lookup(c->wrote, l->to);

	return l->attempts > 1 || g_strv_contains(alarms, l->name) || (wrote && (gint64)GPOINTER_TO_SIZE(wrote) == l->owed_at);
}

static void count(GHashTable *all, char *key)
{
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(all, key));

	g_hash_table_insert(all, key, GUINT_TO_POINTER(n + 1));
}

void simulate_check_letter(struct check *c, const struct letter *l, gint64 now)
{
	gint64 day = day_of(c, l, now);
	gpointer key = GSIZE_TO_POINTER((gsize)calendar_day(now));
	g_autofree char *about = g_strdup_printf("%s to %s (letter %" G_GINT64_FORMAT ")", l->name, l->to, l->id);

	c->now = now;
	c->sent++;
	count(c->letters, g_strdup(l->name));
	g_hash_table_insert(c->days, key, GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(c->days, key)) + 1));
	if (g_str_equal(l->name, "reminder") && same_span(c->reminded, l->to, day))
		simulate_check_violated(c, "two_reminders_a_day", about);
	if (g_str_equal(l->name, "manager_digest") && same_span(c->digested, l->to, span_of_digest(c, day)))
		simulate_check_violated(c, "two_digests_a_week", about);
	if (!calendar_open(c->policy->calendar, now) && !may_disturb(c, l))
		simulate_check_violated(c, "outside_working_hours", about);
	if (g_hash_table_contains(c->dead, l->to))
		simulate_check_violated(c, "dead_address", about);
}

/* ---- at the end ---- */

static void on_silent(const char *json, void *data)
{
	g_autofree char *application = table_text(json, "application"), *state = table_text(json, "state");
	g_autofree char *about = g_strconcat(application, " ", state, NULL);

	simulate_check_violated(data, "nothing_expected", about);
}

static void on_twice(const char *json, void *data)
{
	g_autofree char *letter = table_text(json, "letter"), *name = table_text(json, "name"), *to = table_text(json, "to");
	g_autofree char *about = g_strdup_printf("%s to %s (letter %s)", name, to, letter);

	simulate_check_violated(data, "owed_twice", about);
}

static void on_entry(const char *json, void *data)
{
	struct check *c = data;
	g_autofree char *mail = table_text(json, "mail"), *to = NULL, *from = NULL, *about = NULL;

	if (!mail || !g_hash_table_contains(c->nonsense, mail))
		return;
	from = table_text(json, "from");
	to = table_text(json, "to");
	if (!to || g_strcmp0(from, to) == 0)
		return;
	about = g_strconcat(mail, " ", from, " > ", to, NULL);
	simulate_check_violated(c, "moved_by_nonsense", about);
}

bool simulate_check_end(struct check *c, struct db *db, GError **error)
{
	return view_each(db, "silent", NULL, on_silent, c, error) && view_each(db, "twice", NULL, on_twice, c, error) &&
		view_each(db, "journal", NULL, on_entry, c, error);
}

void simulate_check_totals(const struct check *c, struct check_totals *t)
{
	GHashTableIter all;
	gpointer day, letters;

	*t = (struct check_totals){ .violations = c->violations, .letters = c->letters, .sent = c->sent };
	g_hash_table_iter_init(&all, c->days);
	while (g_hash_table_iter_next(&all, &day, &letters)) {
		guint n = GPOINTER_TO_UINT(letters);
		gint64 d = (gint64)GPOINTER_TO_SIZE(day);

		if (n > t->busiest || (n == t->busiest && d < t->busiest_day)) {
			t->busiest = n;
			t->busiest_day = d;
		}
	}
}
