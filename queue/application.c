/* application: birth and moves. The database itself refuses a second open application and a move without an edge; what is
 * asked here before is asked to give an answer, not to be safe.
 */
#include <string.h>
#include "queue/again.h"
#include "queue/application.h"
#include "queue/calendar.h"
#include "queue/card.h"
#include "queue/certificate.h"
#include "queue/expectation.h"
#include "queue/journal.h"
#include "queue/letter.h"
#include "queue/paper.h"
#include "queue/sql.h"

/* A certificate beside the present one is a business of its own; all other kinds are about the same one. */
static const char *slot_of(const struct request_row *row)
{
	return g_strcmp0(row->kind, "other") == 0 ? "other" : "main";
}

/* First applications and certificates that have ended (DOMAIN, rules). */
static bool wet_only(const struct request_row *row, gint64 now)
{
	char today[11];
	calendar_iso(calendar_day(now), today);
	return g_strcmp0(row->kind, "first") == 0 || (row->expires && *row->expires && strcmp(row->expires, today) < 0);
}

/* `same`: the application that is the same business; 0: none. `known`: asked for before. */
struct found { gint64 person, same; bool known; };

static bool find_person(const struct act *a, const struct request_row *row, struct found *found, GError **error)
{
	GError *failure = NULL;
	bool names_fit = false;
	*found = (struct found){ 0 };
	g_autoptr(sql_t) s = sql_start(a->db, "person_find", "ssssss", row->tckn, row->given_name, row->family_name,
				       row->birth_date, slot_of(row), row->expires);
	if (sql_next(s, &failure)) {
		*found = (struct found){ sql_int(s, 0), sql_int(s, 2), true };
		names_fit = sql_int(s, 1) != 0;
	}
	if (failure != NULL) {
		g_propagate_error(error, failure);
		return false;
	}
	if (found->known)
		return found->same != 0 || names_fit || sql_run(a->db, error, "person_update", "isss", found->person, row->given_name,
								row->family_name, row->birth_date) >= 0;
	if (sql_run(a->db, error, "person_add", "ssss", row->tckn, row->given_name, row->family_name, row->birth_date) < 0)
		return false;
	found->person = sql_last_id(a->db);
	return true;
}

/* One that was refused, withdrawn or cancelled is asked for again: the journal of the new one names it. */
static bool note_before(const struct act *a, gint64 application, GError **error)
{
	GError *failure = NULL;
	struct act told = *a;
	g_autoptr(sql_t) s = sql_start(a->db, "application_before", "i", application);
	g_autofree char *before = sql_next(s, &failure) ? g_strdup(sql_text(s, 0)) : NULL;
	if (failure != NULL) {
		g_propagate_error(error, failure);
		return false;
	}
	told.note = before;
	return before == NULL || journal_add(&told, "reopened", &(struct about){ .application = application }, error);
}

bool application_ask(const struct act *a, const struct asking *asking, struct asked *asked, GError **error)
{
	const struct request_row *row = asking->row;
	struct found found;
	if (!find_person(a, row, &found, error))
		return false;
	asked->application = found.same;
	if (found.same != 0)
		return again_weigh(a, asking, asked, error);
	g_autofree char *email = row->email ? g_ascii_strdown(row->email, -1) : NULL;
	if (sql_run(a->db, error, "application_add", "issiisisi", found.person, slot_of(row), row->kind, asking->form->id, asking->no,
		    email, (gint64)wet_only(row, a->now), row->expires, a->now) < 0)
		return false;
	asked->application = sql_last_id(a->db);
	asked->effect = "asked";
	struct about about = { .application = asked->application, .to_state = "requested", .place = row->where };
	bool dated = row->expires && *row->expires;
	return journal_add(a, "request", &about, error) && (!found.known || note_before(a, asked->application, error)) &&
		(!dated || certificate_of_form(a, asked->application, error)) &&
		expectation_begin(a, asked->application, NULL, "requested", error);
}

static bool read_state(const struct act *a, gint64 application, const char **state, GError **error)
{
	GError *failure = NULL;
	g_autoptr(sql_t) s = sql_start(a->db, "application_state", "ii", application, a->now);
	if (sql_next(s, &failure)) {
		const struct state *found = workflow_state(sql_text(s, 0));
		*state = found ? found->name : NULL;
		if (*state == NULL)
			g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_CORRUPT, "application A-%" G_GINT64_FORMAT
				    " is in a state that this program does not know", application);
		return found != NULL;
	}
	if (failure == NULL)
		g_set_error(&failure, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND, "there is no application A-%" G_GINT64_FORMAT,
			    application);
	g_propagate_error(error, failure);
	return false;
}

static const struct { const char *event, *way; } ways[] = {
	{ "done_e_sign", "e_sign" }, { "done_e_consent", "e_consent" }, { "done_wet", "wet" },
};

static const char *way_of(const char *event)
{
	for (guint i = 0; i < G_N_ELEMENTS(ways); i++)
		if (strcmp(ways[i].event, event) == 0)
			return ways[i].way;
	return NULL;
}

/* What comes with a state, before its letters are written. */
static const struct { const char *state; bool (*begin)(const struct act *a, gint64 application, GError **error); } entered[] = {
	{ "paper_in", paper_catch }, { "delivered", card_begin }, { "active", certificate_activated },
};

static bool enter(const struct act *a, gint64 application, const char *state, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(entered); i++)
		if (strcmp(entered[i].state, state) == 0)
			return entered[i].begin(a, application, error);
	return true;
}

static bool change_state(const struct act *a, gint64 application, const struct edge *e, GError **error)
{
	gint64 still = !workflow_final(e->to), question = !workflow_keeps(e->from, e->event);
	if (sql_run(a->db, error, "application_move", "isiiis", application, e->to, still, question, a->now, way_of(e->event)) < 0)
		return false;
	return expectation_begin(a, application, e->from, e->to, error) && enter(a, application, e->to, error);
}

/* A step from a state to itself is only journalled, the questions stay; but somebody has spoken, so it is no silence. */
static bool write_move(const struct act *a, gint64 application, const struct edge *e, GError **error)
{
	bool stays = strcmp(e->from, e->to) == 0, clock = strcmp(a->role, "clock") == 0;
	if (!stays && !change_state(a, application, e, error))
		return false;
	if (stays && !clock && !expectation_begin(a, application, e->from, e->to, error))
		return false;
	struct about about = { .application = application, .from_state = e->from, .to_state = e->to };
	return journal_add(a, e->event, &about, error);
}

bool application_move(const struct act *a, gint64 application, const char *event, struct moved *moved, GError **error)
{
	*moved = (struct moved){ 0 };
	if (!read_state(a, application, &moved->state, error))
		return false;
	const struct edge *e = workflow_edge(moved->state, event, a->role);
	if (e != NULL && a->strength >= e->strength) {
		moved->edge = e;
		return write_move(a, application, e, error);
	}
	struct act refused = *a;
	g_autofree char *note = g_strdup_printf("no such step: %s%s%s", event, a->note ? "; " : "", a->note ?: "");
	refused.note = note;
	struct about about = { .application = application, .from_state = moved->state };
	return journal_add(&refused, "no_edge", &about, error);
}

bool application_step(const struct act *a, gint64 application, const char *event, struct moved *moved, GError **error)
{
	if (!application_move(a, application, event, moved, error))
		return false;
	return moved->edge == NULL || letter_owe_edge(a, moved->edge->letters, application, error);
}
