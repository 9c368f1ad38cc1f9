/* again: facts are compared with those the application has now, which stand in the row it was last given.
 *
 * A change goes through the workflow like everything else: the event `change` has edges while nothing has left the house, and
 * leads back to `requested`, because what the officer approved are facts. From later states there is none: the journal then
 * has what the form said, and the sender's receipt that it came too late. A new address instead of a dead one never comes too late.
 */
#include <string.h>
#include "queue/again.h"
#include "queue/calendar.h"
#include "queue/certificate.h"
#include "queue/letter.h"
#include "queue/sql.h"
#include "queue/undelivered.h"

#define TEXT(fact) { #fact, 's', offsetof(struct request_row, fact) }
/* In the order of the columns of statement application_facts. */
static const struct fact { const char *name; char type; size_t offset; } facts[] = {
	{ "name", 's', offsetof(struct request_row, name_key) }, TEXT(birth_date), TEXT(email), TEXT(phone), TEXT(unit), TEXT(title),
	TEXT(staff_no), TEXT(kind), TEXT(reader), TEXT(expires), TEXT(note),
	{ "years", 'i', offsetof(struct request_row, years) }, { "backup", 'f', offsetof(struct request_row, backup) },
};
enum { ROW = G_N_ELEMENTS(facts), SENDER, SENDER_UNIT };

static bool text_differs(const char *said, const char *known)
{
	return said != NULL && *said != '\0' && g_strcmp0(said, known) != 0;
}

static bool differs(const struct fact *f, const struct asking *asking, struct sql *s)
{
	const struct request_row *row = asking->row;
	int column = (int)(f - facts);
	if (f->type == 'f')
		return G_STRUCT_MEMBER(bool, row, f->offset) != (sql_int(s, column) != 0);
	if (f->type == 'i')
		return G_STRUCT_MEMBER(gint64, row, f->offset) != 0 && G_STRUCT_MEMBER(gint64, row, f->offset) != sql_int(s, column);
	const char *said = G_STRUCT_MEMBER(char *, row, f->offset);
	if (said == NULL && f->offset == offsetof(struct request_row, unit))
		said = asking->form->unit;
	return text_differs(said, sql_text(s, column));
}

/* The names of the facts that differ; NULL-terminated, the names are the table's. */
static const char **compare(const struct asking *asking, struct sql *s)
{
	const char **names = g_new0(const char *, G_N_ELEMENTS(facts) + 1);
	guint n = 0;
	for (guint i = 0; i < G_N_ELEMENTS(facts); i++)
		if (differs(&facts[i], asking, s))
			names[n++] = facts[i].name;
	return names;
}

static bool same_house(const struct form *form, const char *sender, const char *unit)
{
	return form->by_office || g_strcmp0(form->sender, sender) == 0 ||
		(form->sender_unit && *form->sender_unit && g_strcmp0(form->sender_unit, unit) == 0);
}

/* [{"fact":"phone","more":true},{"fact":"reader","more":false}]: `more` is where letters put a comma. */
static char *as_json(const char **names)
{
	GString *json = g_string_new("[");
	for (; *names; names++)
		g_string_append_printf(json, "{\"fact\":\"%s\",\"more\":%s}%s", names[0], names[1] ? "true" : "false",
				       names[1] ? "," : "");
	return g_string_free(g_string_append_c(json, ']'), FALSE);
}

static bool take(const struct act *a, const struct asking *asking, gint64 application, GError **error)
{
	const struct request_row *row = asking->row;
	char today[11];
	calendar_iso(calendar_day(a->now), today);
	return sql_run(a->db, error, "application_take", "iiissss", application, asking->form->id, asking->no, row->kind, row->email,
		       row->expires, today) >= 0 &&
		certificate_of_form(a, application, error) &&
		sql_run(a->db, error, "person_correct", "isss", application, row->given_name, row->family_name,
			row->birth_date) >= 0;
}

static bool change(const struct act *a, const struct asking *asking, const char **names, struct asked *asked, GError **error)
{
	struct act told = *a;
	struct moved moved;
	g_autofree char *list = g_strjoinv(", ", (char **)names);
	told.note = list;
	if (!application_move(&told, asked->application, "change", &moved, error))
		return false;
	bool readdressed;
	if (!undelivered_readdress(a, asked->application, asking->row->email, &readdressed, error))
		return false;
	asked->effect = moved.edge ? "updated" : readdressed ? "readdressed" : "late";
	return moved.edge == NULL || take(a, asking, asked->application, error);
}

static bool from_elsewhere(const struct act *a, const struct form *form, struct asked *asked, GError **error)
{
	gint64 before;
	bool ok = sql_get(a->db, &before, error, "application_also", "iss", asked->application, form->sender, form->sender_unit);
	asked->effect = before ? "again" : "also";
	return ok;
}

bool again_weigh(const struct act *a, const struct asking *asking, struct asked *asked, GError **error)
{
	GError *failure = NULL;
	bool ours = false;
	g_autofree const char **names = NULL;
	g_autoptr(sql_t) s = sql_start(a->db, "application_facts", "i", asked->application);
	if (sql_next(s, &failure)) {
		names = compare(asking, s);
		asked->before = sql_int(s, ROW);
		ours = same_house(asking->form, sql_text(s, SENDER), sql_text(s, SENDER_UNIT));
	}
	sql_end(g_steal_pointer(&s));
	if (failure != NULL || names == NULL) {
		g_propagate_error(error, failure);
		return failure == NULL;
	}
	asked->effect = "same";
	asked->changes = *names ? as_json(names) : NULL;
	if (!ours)
		return from_elsewhere(a, asking->form, asked, error);
	/* Who has lost the card leaves our road altogether: nothing is changed on the way out. */
	return *names == NULL || g_strcmp0(asking->row->kind, "lost") == 0 || change(a, asking, names, asked, error);
}

bool again_keep(const struct act *a, gint64 row, gint64 before, GError **error)
{
	return sql_run(a->db, error, "request_row_keep", "ii", row, before) >= 0;
}

bool again_tell(const struct act *a, const struct form *form, GError **error)
{
	GError *failure = NULL;
	g_autoptr(GArray) told = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(sql_t) s = sql_start(a->db, "request_also", "i", form->id);
	while (sql_next(s, &failure)) {
		gint64 request = sql_int(s, 0);
		bool seen = false;
		for (guint i = 0; i < told->len && !seen; i++)
			seen = g_array_index(told, gint64, i) == request;
		if (!seen)
			g_array_append_val(told, request);
	}
	sql_end(g_steal_pointer(&s));
	if (failure != NULL) {
		g_propagate_error(error, failure);
		return false;
	}
	for (guint i = 0; i < told->len; i++)
		if (!letter_owe_also(a, g_array_index(told, gint64, i), form->id, error))
			return false;
	return true;
}
