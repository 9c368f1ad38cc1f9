/* certificate: what is chosen and when stands in statements.sql (certificate_…). */
#include <string.h>
#include "queue/calendar.h"
#include "queue/certificate.h"
#include "queue/context.h"
#include "queue/letter.h"
#include "queue/sql.h"

bool certificate_of_form(const struct act *a, gint64 application, GError **error)
{
	return sql_run(a->db, error, "certificate_of_form_moved", "i", application) >= 0 &&
		sql_run(a->db, error, "certificate_of_form", "ii", application, a->mail) >= 0;
}

bool certificate_activated(const struct act *a, gint64 application, GError **error)
{
	char today[11];
	calendar_iso(calendar_day(a->now), today);
	return sql_run(a->db, error, "certificate_of_activation", "iis", application, a->mail, today) >= 0;
}

static bool believable(const struct act *a, const char *expires)
{
	enum { FARTHEST = 400 };
	gint64 day, today = calendar_day(a->now);
	return expires != NULL && calendar_parse(expires, &day) && day > today && day <= today + FARTHEST;
}

/* *person 0: nobody, or several. */
static bool whose(const struct act *a, const struct certificate_end *e, gint64 *person, GError **error)
{
	*person = 0;
	if (e->application != 0)
		return sql_get(a->db, person, error, "certificate_of_application", "i", e->application);
	for (guint i = 0; i < e->addresses->len; i++) {
		gint64 one;
		if (!sql_get(a->db, &one, error, "certificate_owner", "s", e->addresses->pdata[i]))
			return false;
		if (one != 0 && *person != 0 && one != *person) {
			*person = 0;
			return true;
		}
		*person = one ? one : *person;
	}
	return true;
}

bool certificate_heard(const struct act *a, const struct certificate_end *e, GError **error)
{
	gint64 person;
	bool told = a->strength < STRENGTH_AUTHENTICATED;
	if (!believable(a, e->expires))
		return true;
	if (!whose(a, e, &person, error))
		return false;
	if (person == 0)
		return true;
	if (!told && sql_run(a->db, error, "certificate_corrected", "isi", person, e->expires, a->mail) < 0)
		return false;
	return sql_run(a->db, error, "certificate_heard", "isis", person, e->expires, a->mail, told ? "told" : "ca") >= 0 &&
		(e->application == 0 ||
		 sql_run(a->db, error, "application_old_end", "isi", e->application, e->expires, (gint64)0) >= 0);
}

static bool find_person(struct db *db, const struct certificate_entry *e, gint64 *person, GError **error)
{
	if (!sql_get(db, person, error, "certificate_person", "s", e->tckn))
		return false;
	if (*person != 0)
		return true;
	if (sql_run(db, error, "person_add", "ssss", e->tckn, e->given_name, e->family_name, e->birth_date) < 0)
		return false;
	*person = sql_last_id(db);
	return true;
}

static bool import(struct db *db, const struct certificate_entry *e, bool *known, GError **error)
{
	gint64 person, there;
	if (!find_person(db, e, &person, error) || !sql_get(db, &there, error, "certificate_known", "is", person, e->expires))
		return false;
	*known = there != 0;
	return sql_run(db, error, "certificate_import", "isss", person, e->expires, e->unit, e->email) >= 0;
}

bool certificate_import(struct db *db, const struct certificate_entry *e, bool *known, GError **error)
{
	return sql_enter(db, error) && sql_leave(db, import(db, e, known, error), error);
}

bool certificate_tell(const struct act *a, const char *unit, gint64 letter, gint64 *count, GError **error)
{
	const struct policy *p = a->policy;
	char today[11];
	g_autofree char *days = p->renewal_days ? g_strjoinv(",", (char **)p->renewal_days) : g_strdup("");
	g_autofree char *json = g_strdup_printf("[%s]", days);
	calendar_iso(calendar_day(a->now), today);
	*count = sql_run(a->db, error, "certificate_tell", "isisis", letter, today, p->ca_window_days, json, p->renewal_window_days,
			 unit);
	return *count >= 0;
}

static gint64 last_day(const struct policy *p)
{
	gint64 least = G_MAXINT64;
	for (const char *const *d = p->renewal_days; d && *d; d++)
		least = MIN(least, g_ascii_strtoll(*d, NULL, 10));
	return least;
}

static bool tell_person(const struct act *a, gint64 certificate, GError **error)
{
	g_auto(context_t) c = { 0 };
	gint64 letter;
	if (!context_read(&c, sql_start(a->db, "context_expiring", "i", certificate), NULL, NULL, error) ||
	    !letter_next(a, &letter, error) ||
	    !letter_owe(a, &(struct owed){ .name = "expiring", .to = c.to, .id = letter }, c.json, error))
		return false;
	/* Without a letter, because the address is none, there is no row. */
	return sql_run(a->db, error, "certificate_told_last", "ii", certificate, letter) >= 0;
}

bool certificate_tell_people(const struct act *a, GError **error)
{
	char today[11];
	gint64 days = last_day(a->policy);
	if (days == G_MAXINT64)
		return true;
	calendar_iso(calendar_day(a->now), today);
	g_autoptr(GArray) ids = sql_get_ids(a->db, error, "certificate_last", "si", today, days);
	for (guint i = 0; ids && i < ids->len; i++)
		if (!tell_person(a, g_array_index(ids, gint64, i), error))
			return false;
	return ids != NULL;
}

#define ROW(type, member) { type, offsetof(struct request_row, member) }
struct request *certificate_form(struct db *db, gint64 letter, GError **error)
{
	static const struct sql_column columns[] = {
		ROW('s', tckn), ROW('s', given_name), ROW('s', family_name), ROW('s', birth_date), ROW('s', email), ROW('s', phone),
		ROW('s', unit), ROW('s', title), ROW('s', staff_no), ROW('s', kind), ROW('s', reader), ROW('i', years),
		ROW('s', expires), { 0 },
	};
	GError *failure = NULL;
	struct request *r = facts_request_new();
	g_autoptr(sql_t) s = sql_start(db, "certificate_form", "i", letter);
	while (sql_next(s, &failure))
		sql_fill(s, columns, facts_request_add(r));
	if (failure == NULL)
		return r;
	g_propagate_error(error, failure);
	facts_request_free(r);
	return NULL;
}
