/* summary: whom an item of a unit concerns: its sender while he is a manager, else the first manager of his unit, else the office.
 *
 * What stands in a digest is chosen in statements.sql (context_…_digest).
 */
#include <string.h>
#include "queue/calendar.h"
#include "queue/certificate.h"
#include "queue/context.h"
#include "queue/letter.h"
#include "queue/rhythm.h"
#include "queue/sql.h"
#include "queue/summary.h"

/* A manager: the senders that are his, as the beginning of a JSON list, and his units. */
struct desk { const char *address; GString *senders; GPtrArray *units; };

static void desk_free(void *p)
{
	struct desk *d = p;
	g_string_free(d->senders, TRUE);
	g_ptr_array_unref(d->units);
	g_free(d);
}

static struct desk *find(GPtrArray *desks, const char *address)
{
	for (guint i = 0; i < desks->len; i++)
		if (strcmp(((struct desk *)desks->pdata[i])->address, address) == 0)
			return desks->pdata[i];
	return NULL;
}

static GPtrArray *desks_of(const struct act *a)
{
	GPtrArray *desks = g_ptr_array_new_with_free_func(desk_free);
	g_autoptr(GPtrArray) managers = directory_all(a->policy->directory, "manager", a->now);
	for (guint i = 0; i < managers->len; i++) {
		const struct member *m = managers->pdata[i];
		struct desk *d = find(desks, m->address);
		if (d == NULL) {
			d = g_new0(struct desk, 1);
			*d = (struct desk){ m->address, g_string_new(""), g_ptr_array_new() };
			g_ptr_array_add(desks, d);
		}
		if (directory_of_unit(a->policy->directory, "manager", m->unit, a->now) == m)
			g_ptr_array_add(d->units, m->unit);
	}
	return desks;
}

static void append_sender(GString *list, const char *sender)
{
	g_string_append_c(list, list->len ? ',' : '[');
	facts_append_string(list, sender);
}

static bool share_out(const struct act *a, GPtrArray *desks, GError **error)
{
	GError *failure = NULL;
	g_autoptr(sql_t) s = sql_start(a->db, "summary_senders", "");
	while (sql_next(s, &failure)) {
		const char *sender = sql_text(s, 0);
		const struct member *m = directory_of_unit(a->policy->directory, "manager", sql_text(s, 1), a->now);
		struct desk *d = find(desks, sender);
		d = d || m == NULL ? d : find(desks, m->address);
		if (d != NULL)
			append_sender(d->senders, sender);
	}
	for (guint i = 0; i < desks->len; i++) {
		GString *list = ((struct desk *)desks->pdata[i])->senders;
		g_string_append(list, list->len ? "]" : "[]");
	}
	if (failure != NULL)
		g_propagate_error(error, failure);
	return failure == NULL;
}

/* `c->version` is how many things stand in it. */
static bool owe(const struct act *a, const char *name, const char *to, gint64 letter, const struct context *c, GError **error)
{
	struct owed owed = { .name = name, .to = to, .id = letter };
	return c->version == 0 || letter_owe(a, &owed, c->json, error);
}

static bool to_manager(const struct act *a, const struct desk *d, GError **error)
{
	g_auto(context_t) c = { 0 };
	gint64 letter, told;
	if (!letter_next(a, &letter, error))
		return false;
	for (guint i = 0; i < d->units->len; i++)
		if (!certificate_tell(a, d->units->pdata[i], letter, &told, error))
			return false;
	return context_read(&c, sql_start(a->db, "context_manager_digest", "sii", d->senders->str, letter, a->now), NULL, NULL,
			    error) &&
		owe(a, "manager_digest", d->address, letter, &c, error);
}

static bool to_managers(const struct act *a, gint64 since, GError **error)
{
	g_autoptr(GPtrArray) desks = desks_of(a);
	if (!share_out(a, desks, error))
		return false;
	for (guint i = 0; i < desks->len; i++)
		if (!to_manager(a, desks->pdata[i], error))
			return false;
	return true;
}

/* Units that have a manager, so that the others' certificates are seen. */
static char *led_units(const struct act *a)
{
	GString *list = g_string_new("");
	g_autoptr(GPtrArray) managers = directory_all(a->policy->directory, "manager", a->now);
	for (guint i = 0; i < managers->len; i++)
		append_sender(list, ((const struct member *)managers->pdata[i])->unit);
	g_string_append(list, list->len ? "]" : "[]");
	return g_string_free(list, FALSE);
}

static bool to_officer(const struct act *a, gint64 since, GError **error)
{
	g_auto(context_t) c = { 0 };
	gint64 letter;
	const struct member *officer = directory_first(a->policy->directory, "officer", a->now);
	g_autofree char *units = led_units(a);
	if (officer == NULL)
		return true;
	return letter_next(a, &letter, error) &&
		context_read(&c, sql_start(a->db, "context_officer_digest", "siii", units, a->policy->renewal_window_days, a->now, since),
			     NULL, NULL, error) &&
		owe(a, "officer_digest", officer->address, letter, &c, error);
}

static bool to_people(const struct act *a, gint64 since, GError **error)
{
	return certificate_tell_people(a, error);
}

bool summary_make(const struct act *a, bool *did, GError **error)
{
	const struct { const char *mark, *rhythm; bool (*make)(const struct act *a, gint64 since, GError **error); } all[] = {
		{ "manager_digest", a->policy->manager_digest, to_managers },
		{ "officer_digest", a->policy->officer_digest, to_officer },
		{ "expiring", "daily", to_people },
	};
	gint64 before, after = 0;
	if (!letter_next(a, &before, error))
		return false;
	for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
		gint64 since, last = rhythm_last(a->policy->calendar, all[i].rhythm, a->now);
		if (!sql_get(a->db, &since, error, "mark_get", "s", all[i].mark))
			return false;
		if (since != 0 && since >= last)
			continue;
		if (sql_run(a->db, error, "mark_set", "si", all[i].mark, MAX(last, 1)) < 0)
			return false;
		if (since == 0)
			continue;
		if (!all[i].make(a, since, error))
			return false;
	}
	bool ok = letter_next(a, &after, error);
	*did = *did || after != before;
	return ok;
}
