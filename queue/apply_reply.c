/* apply_reply: an answer to a letter of ours. The letter's token says what is spoken of and which answers it takes; the
 * workflow says whether the answer moves anything now. What cannot be done is answered with the reason, to people we
 * know, and never to a machine: two machines that explain themselves to each other do not stop.
 */
#include <string.h>
#include "queue/apply_inside.h"
#include "queue/journal.h"
#include "queue/sql.h"
#include "queue/submission.h"

enum { NOTE_MOST = 400 };

static bool takes(const char *answers, const char *answer)
{
	g_auto(GStrv) all = g_strsplit(answers, ",", -1);
	return g_strv_contains((const char *const *)all, answer);
}

static enum answer answer_of(const struct apply *a)
{
	return a->facts->reply ? a->facts->reply->answer : ANSWER_NONE;
}

static bool not_possible(struct apply *a, const char *reason, const char *state, GError **error)
{
	char ref[32] = "";
	if (a->has_bound && a->bound.application != 0)
		g_snprintf(ref, sizeof ref, "A-%" G_GINT64_FORMAT, a->bound.application);
	else if (a->has_bound && a->bound.request != 0)
		g_snprintf(ref, sizeof ref, "T-%" G_GINT64_FORMAT, a->bound.request);
	if (a->facts->auto_submitted)
		return apply_says(a, "waits_for_person", reason);
	struct not_possible n = { .to = a->facts->from, .ref = ref, .answer = facts_answers[answer_of(a)], .reason = reason,
				  .state = state ?: "", .subject = a->facts->subject ?: "",
				  .in_reply_to = a->facts->message_id };
	return letter_owe_not_possible(&a->act, &n, error) && apply_says(a, "answered", reason);
}

/* A question, or words to a letter that asks nothing: kept with the application, and shown to a person. */
static bool for_person(struct apply *a, const char *event, GError **error)
{
	struct about about = { .application = a->bound.application, .letter = a->bound.letter };
	return journal_add(&a->act, event, &about, error) && apply_says(a, "waits_for_person", event);
}

/* What an applicant may not say now: said already, asked too long ago, or never possible from here. */
static const char *why_not(const struct apply *a, const char *answer, const char *state, gint64 version)
{
	if (workflow_leads_to(answer, "applicant", state))
		return "already";
	return version != a->bound.version ? "stale" : "no_edge";
}

static bool not_for_wet(struct apply *a, const char *answer, bool wet_only)
{
	return wet_only && (strcmp(answer, "done_e_sign") == 0 || strcmp(answer, "done_e_consent") == 0);
}

static bool by_applicant(struct apply *a, const char *answer, GError **error)
{
	GError *failure = NULL;
	gint64 application = a->bound.application, version = 0;
	bool wet_only = false;
	const char *state = NULL;
	g_autoptr(sql_t) s = sql_start(a->act.db, "application_state", "i", application);
	if (sql_next(s, &failure)) {
		const struct state *found = workflow_state(sql_text(s, 0));
		state = found ? found->name : NULL;
		version = sql_int(s, 1);
		wet_only = sql_int(s, 2) != 0;
	}
	sql_end(g_steal_pointer(&s));
	if (failure != NULL) {
		g_propagate_error(error, failure);
		return false;
	}
	if (state == NULL)
		return for_person(a, "unknown_application", error);
	if (version != a->bound.version)
		return not_possible(a, why_not(a, answer, state, version), state, error);
	if (not_for_wet(a, answer, wet_only))
		return not_possible(a, "not_allowed", state, error);
	struct moved moved;
	if (!application_step(&a->act, application, answer, &moved, error))
		return false;
	return moved.edge ? apply_says(a, "applied", NULL)
			  : not_possible(a, why_not(a, answer, state, version), state, error);
}

/* The people of the question, as they stand now. */
static GArray *people_asked(struct apply *a, GError **error)
{
	GError *failure = NULL;
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, 2 * sizeof(gint64));
	g_autoptr(sql_t) s = sql_start(a->act.db, "request_people", "i", a->bound.letter);
	while (sql_next(s, &failure)) {
		gint64 pair[2] = { sql_int(s, 0), sql_int(s, 1) };
		g_array_append_vals(ids, pair, 1);
	}
	if (failure == NULL)
		return g_steal_pointer(&ids);
	g_propagate_error(error, failure);
	return NULL;
}

/* Each manager hears once, with all of his people in one letter: the pairs come ordered by request. */
static bool tell_managers(struct apply *a, const GArray *people, GError **error)
{
	gint64 last = 0;
	for (guint i = 0; i < people->len; i++) {
		const gint64 *pair = &g_array_index(people, gint64, 2 * i);
		if (pair[1] != last && !letter_owe_refused(&a->act, pair[1], error))
			return false;
		last = pair[1];
	}
	return true;
}

static bool make_list(const struct act *officer, GError **error)
{
	struct act gateway = *officer;
	gint64 made;
	gateway.role = "gateway";
	gateway.strength = STRENGTH_OPERATOR;
	gateway.note = NULL;
	return submission_make(&gateway, &made, error);
}

/* All were decided; or what was asked about has changed, and a later letter asks anew. */
static bool nobody_left(struct apply *a, GError **error)
{
	gint64 changed;
	return sql_get(a->act.db, &changed, error, "request_changed", "i", a->bound.letter) &&
		not_possible(a, changed ? "stale" : "already", NULL, error);
}

static bool by_officer(struct apply *a, const char *answer, GError **error)
{
	g_autoptr(GArray) people = people_asked(a, error);
	if (people == NULL)
		return false;
	if (people->len == 0)
		return nobody_left(a, error);
	for (guint i = 0; i < people->len; i++) {
		struct moved moved;
		if (!application_move(&a->act, g_array_index(people, gint64, 2 * i), answer, &moved, error))
			return false;
		if (moved.edge == NULL)
			return not_possible(a, "not_allowed", moved.state, error);
	}
	apply_says(a, "applied", NULL);
	if (strcmp(answer, "refuse") == 0)
		return tell_managers(a, people, error);
	return strcmp(answer, "approve") != 0 || make_list(&a->act, error);
}

static bool by_token(struct apply *a, const char *answer, GError **error)
{
	bool asks_nothing = *a->bound.answers == '\0' || letter_wants_form(&a->bound);
	if (strcmp(answer, "question") == 0 || asks_nothing)
		return for_person(a, asks_nothing ? "wrote_back" : "question", error);
	if (strcmp(answer, "none") == 0)
		return not_possible(a, "not_understood", NULL, error);
	if (!takes(a->bound.answers, answer))
		return not_possible(a, "not_allowed", NULL, error);
	return a->bound.application != 0 ? by_applicant(a, answer, error) : by_officer(a, answer, error);
}

static char *note_of(const struct apply *a)
{
	const char *text = a->facts->reply && a->facts->reply->text ? a->facts->reply->text : "";
	return g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), NOTE_MOST));
}

bool apply_reply_mail(struct apply *a, GError **error)
{
	const char *role = a->speaker.role;
	if (role == NULL && a->has_bound && g_strcmp0(a->speaker.reason, "token_stale") == 0)
		return not_possible(a, "expired", NULL, error);
	if (role == NULL)
		return apply_says(a, "waits_for_person", a->speaker.reason);
	if (strcmp(role, "ca") == 0)
		return apply_says(a, "waits_for_person", "ca_wrote");
	if (a->facts->triage != NULL && strcmp(role, "manager") == 0) /* he meant to send a form with his answer */
		return apply_other_not_read(a, NULL, error);
	if (!a->has_bound)
		return not_possible(a, "not_understood", NULL, error);
	g_autofree char *note = note_of(a);
	a->act.note = *note ? note : NULL;
	bool ok = by_token(a, facts_answers[answer_of(a)], error);
	a->act.note = NULL;
	return ok;
}
