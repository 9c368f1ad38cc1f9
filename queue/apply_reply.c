/* apply_reply: an answer to a letter of ours. The letter's token says what is spoken of and which answers it takes; the
 * workflow says whether the answer moves anything now. What cannot be done is answered with the reason, to people we
 * know, and never to a machine: two machines that explain themselves to each other do not stop.
 */
#include <string.h>
#include "queue/apply_inside.h"
#include "queue/card.h"
#include "queue/choice.h"
#include "queue/journal.h"
#include "queue/sql.h"
#include "queue/submission.h"

enum { NOTE_MOST = 400, DAY = 86400 };

static bool takes(const char *answers, const char *answer)
{
	g_auto(GStrv) all = g_strsplit(answers, ",", -1);
	return g_strv_contains((const char *const *)all, answer);
}

static enum answer answer_of(const struct apply *a)
{
	return a->facts->reply ? a->facts->reply->answer : ANSWER_NONE;
}

/* One letter a day for the same thing. */
static bool not_possible(struct apply *a, const char *reason, const char *state, GError **error)
{
	char ref[APPLY_REF_SIZE];
	bool asked;
	apply_question_ref(a, ref);
	if (a->facts->auto_submitted)
		return apply_says(a, "waits_for_person", reason);
	struct not_possible n = { .to = a->facts->from, .ref = ref, .answer = facts_answers[answer_of(a)], .reason = reason,
				  .state = state ?: "", .subject = a->facts->subject ?: "",
				  .in_reply_to = a->facts->message_id };
	if (!letter_asked_back(&a->act, &n, a->act.now - DAY, &asked, error))
		return false;
	if (asked)
		return apply_says(a, "noted", reason);
	return letter_owe_not_possible(&a->act, &n, error) && apply_says(a, "answered", reason);
}

bool apply_reply_not_possible(struct apply *a, const char *reason, GError **error)
{
	return not_possible(a, reason, NULL, error);
}

/* Asked back once; who is not understood then either has something else to say. */
static bool not_understood(struct apply *a, GError **error)
{
	char ref[APPLY_REF_SIZE];
	bool asked;
	apply_question_ref(a, ref);
	struct not_possible n = { .to = a->facts->from, .ref = ref, .reason = "not_understood" };
	if (!letter_asked_back(&a->act, &n, a->act.now - a->act.policy->token_days * DAY, &asked, error))
		return false;
	return asked ? apply_question_ask(a, "not_understood", error) : not_possible(a, "not_understood", NULL, error);
}

/* Words to a letter that asks nothing: kept with the application, and shown to a person. */
static bool for_person(struct apply *a, const char *event, GError **error)
{
	struct about about = { .application = a->bound.application, .letter = a->bound.letter };
	return journal_add(&a->act, event, &about, error) && apply_says(a, "waits_for_person", event);
}

/* The receipt asks for the number of the support record when there is none. Whatever else the words say is for a person. */
static bool to_no_question(struct apply *a, GError **error)
{
	const char *ticket = a->facts->reply->ticket;
	if (ticket && a->bound.request != 0 &&
	    sql_run(a->act.db, error, "request_ticket", "is", a->bound.request, ticket) < 0)
		return false;
	return for_person(a, "wrote_back", error);
}

/* What the speaker may not say now: said already, asked too long ago, or never possible from here. */
static const char *why_not(const struct apply *a, const char *answer, const char *state, gint64 version)
{
	/* "Done" said of a card is the step that makes it active. */
	if (workflow_leads_to(strcmp(answer, "done") == 0 ? "activate" : answer, a->act.role, state))
		return "already";
	return version != a->bound.version ? "stale" : "no_edge";
}

static bool not_for_wet(struct apply *a, const char *answer, bool wet_only)
{
	return wet_only && (strcmp(answer, "done_e_sign") == 0 || strcmp(answer, "done_e_consent") == 0);
}

/* The number of the parcel that he sent, or that the card goes with now; and "done" said of a card is another thing than said of a form. */
static bool step(struct apply *a, const char *state, const char *answer, struct moved *moved, GError **error)
{
	gint64 application = a->bound.application;
	const char *event = answer, *cargo_no = a->facts->reply->cargo_no;
	if (strcmp(answer, "posted") == 0 && cargo_no &&
	    sql_run(a->act.db, error, "application_cargo", "is", application, cargo_no) < 0)
		return false;
	if (strcmp(answer, "resend") == 0 && sql_run(a->act.db, error, "application_parcel", "is", application, cargo_no) < 0)
		return false;
	if (strcmp(answer, "done") == 0 && strcmp(state, "delivered") == 0 &&
	    !card_event(&a->act, application, &event, error))
		return false;
	return application_step(&a->act, application, event, moved, error) &&
		(strcmp(event, "pin_made") != 0 || card_ready(&a->act, application, error));
}

/* One application is spoken of, by its applicant or, of a card that came back, by the officer. */
static bool about_one(struct apply *a, const char *answer, GError **error)
{
	GError *failure = NULL;
	gint64 application = a->bound.application, version = 0;
	bool wet_only = false;
	const char *state = NULL;
	g_autoptr(sql_t) s = sql_start(a->act.db, "application_state", "ii", application, a->act.now);
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
		return not_possible(a, "wet_only", state, error);
	struct moved moved;
	if (!step(a, state, answer, &moved, error))
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

/* Each manager hears once, with all of his people in one letter: the pairs come ordered by request. Words that decide about some are
 * about others, too, and no reason. */
static bool tell_managers(struct apply *a, const GArray *people, GError **error)
{
	struct act told = a->act;
	gint64 last = 0;
	if (a->facts->reply->answer == ANSWER_PARTIAL)
		told.note = NULL;
	for (guint i = 0; i < people->len; i++) {
		const gint64 *pair = &g_array_index(people, gint64, 2 * i);
		if (pair[1] != last && !letter_owe_refused(&told, pair[1], error))
			return false;
		last = pair[1];
	}
	return true;
}

static bool make_list(const struct act *officer, GError **error)
{
	struct act gateway = act_by_gateway(officer);
	gint64 made;
	return submission_make(&gateway, &made, error);
}

/* All were decided; or what was asked about has changed, and a later letter asks anew. */
static bool nobody_left(struct apply *a, GError **error)
{
	gint64 changed;
	return sql_get(a->act.db, &changed, error, "request_changed", "i", a->bound.letter) &&
		not_possible(a, changed ? "stale" : "already", NULL, error);
}

/* The pair of this application; NULL: it is no longer asked about. */
static const gint64 *asked(const GArray *people, gint64 application)
{
	for (guint i = 0; i < people->len; i++)
		if (g_array_index(people, gint64, 2 * i) == application)
			return &g_array_index(people, gint64, 2 * i);
	return NULL;
}

struct decided { guint people; bool approved; GArray *refused; };

/* Those who were decided otherwise since are passed over. */
static bool decide(struct apply *a, const GArray *people, const struct choice *c, struct decided *d, GError **error)
{
	struct moved moved;
	const gint64 *pair = asked(people, c->application);
	if (pair == NULL)
		return true;
	if (!application_move(&a->act, c->application, facts_answers[c->answer], &moved, error))
		return false;
	d->people += moved.edge != NULL;
	d->approved |= moved.edge != NULL && c->answer == ANSWER_APPROVE;
	if (moved.edge != NULL && c->answer == ANSWER_REFUSE)
		g_array_append_vals(d->refused, pair, 1);
	return true;
}

static bool takes_all(const struct apply *a, const GArray *choices)
{
	for (guint i = 0; i < choices->len; i++)
		if (!takes(a->bound.answers, facts_answers[g_array_index(choices, struct choice, i).answer]))
			return false;
	return true;
}

static bool by_officer(struct apply *a, GError **error)
{
	g_autoptr(GArray) people = people_asked(a, error), choices = NULL, refused = g_array_new(FALSE, FALSE, 2 * sizeof(gint64));
	struct decided d = { .refused = refused };
	if (people == NULL || !choice_read(&a->act, a->bound.letter, a->facts->reply, ANSWER_NONE, &choices, error))
		return false;
	if (choices == NULL)
		return not_understood(a, error);
	if (!takes_all(a, choices))
		return not_possible(a, "not_allowed", NULL, error);
	for (guint i = 0; i < choices->len; i++)
		if (!decide(a, people, &g_array_index(choices, struct choice, i), &d, error))
			return false;
	if (d.people == 0)
		return nobody_left(a, error);
	apply_says(a, "applied", NULL);
	return tell_managers(a, refused, error) && (!d.approved || make_list(&a->act, error));
}

static bool by_collector(struct apply *a, GError **error)
{
	const char *reason;
	if (!apply_paper_reply(a, &reason, error))
		return false;
	if (reason == NULL)
		return apply_says(a, "applied", NULL);
	return strcmp(reason, "not_understood") == 0 ? not_understood(a, error) : not_possible(a, reason, NULL, error);
}

/* An answer that says "done" or "approve" where the way is asked for. */
static bool leaves_way_open(const struct apply *a, enum answer answer)
{
	return (answer == ANSWER_DONE || answer == ANSWER_APPROVE) && takes(a->bound.answers, "done_e_sign");
}

static bool by_token(struct apply *a, enum answer answer, GError **error)
{
	bool asks_nothing = *a->bound.answers == '\0' || letter_wants_form(&a->bound), one = a->bound.application != 0;
	if (asks_nothing)
		return to_no_question(a, error);
	if (answer == ANSWER_QUESTION)
		return apply_question_ask(a, "question", error);
	if (a->bound.submission != 0)
		return apply_signed_words(a, facts_answers[answer], error);
	if (answer == ANSWER_NONE || (one && answer == ANSWER_PARTIAL))
		return not_understood(a, error);
	if (leaves_way_open(a, answer))
		return not_possible(a, "which_way", NULL, error);
	if (answer != ANSWER_PARTIAL && !takes(a->bound.answers, facts_answers[answer]))
		return not_possible(a, "not_allowed", NULL, error);
	if (letter_is_manifest(&a->bound))
		return by_collector(a, error);
	return one ? about_one(a, facts_answers[answer], error) : by_officer(a, error);
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
	bool ok = strcmp(role, "support") == 0 ? apply_question_answer(a, error) : by_token(a, answer_of(a), error);
	a->act.note = NULL;
	return ok;
}
