/* simulate_people: see the header. What is answered follows from how far the card really is, not from what was asked. */
#include "gateway/simulate_people.h"
#include <string.h>
#include "gateway/simulate_ca.h"
#include "gateway/simulate_mail.h"
#include "gateway/simulate_staff.h"
#include "gateway/table.h"
#include "queue/calendar.h"

/* Letters that ask something, and the state they speak of; a reminder names it. */
static const struct { const char *letter, *state; } asking[] = {
	{ "submitted", "submitted" }, { "invited", "invited" }, { "deficient", "deficient" }, { "cancel_near", "invited" },
	{ "paper_due", "paper_due" }, { "shipped", "shipped" }, { "delivered", "delivered" }, { "first_day", "delivered" },
	{ "reminder", NULL },
};

/* A letter that was read. */
struct reading { struct person *person; struct asked_by asked; char *from, *state; guint round; bool reminded; };

static void reading_free(void *data)
{
	struct reading *r = data;

	simulate_mail_asked_by_clear(&r->asked);
	g_free(r->from);
	g_free(r->state);
	g_free(r);
}

static bool only_paper(const struct world *w, const struct person *p)
{
	char today[11];

	calendar_iso(calendar_day(w->now), today);
	return g_str_equal(p->kind, "first") || (*p->expires && strcmp(p->expires, today) < 0);
}

static void choose_way(struct world *w, struct person *p)
{
	if (only_paper(w, p) || simulate_world_chance(w, RATE_wet))
		p->way = ANSWER_DONE_WET;
	else
		p->way = simulate_world_chance(w, RATE_consent) ? ANSWER_DONE_E_CONSENT : ANSWER_DONE_E_SIGN;
}

/* Fills in the form: it is filed at once, or there is paper now. */
static void fill_in(struct world *w, struct person *p)
{
	choose_way(w, p);
	if (p->way != ANSWER_DONE_WET) {
		simulate_ca_form(w, p);
		return;
	}
	p->stage = STAGE_PAPER;
	if (g_strcmp0(w->policy.paper_by, "applicant") == 0)
		simulate_world_later(w, w->now + simulate_world_hours(w, 72, 240), simulate_ca_form, p);
	else
		simulate_world_later(w, simulate_world_at_work(w, 4, 240), simulate_staff_paper, p);
}

void simulate_people_alone(struct world *w, struct person *p)
{
	if (p->stage == STAGE_OPEN)
		fill_in(w, p);
}

/* Acts, and says what he did; NONE: there is nothing to say. */
static enum answer act(struct world *w, struct person *p, const char *state)
{
	if (p->stage == STAGE_OPEN && !g_str_equal(state, "shipped") && !g_str_equal(state, "delivered"))
		fill_in(w, p);
	if (p->stage == STAGE_CARD && g_str_equal(state, "delivered"))
		p->stage = STAGE_ACTIVE;
	if (g_str_equal(state, "delivered"))
		return p->stage == STAGE_ACTIVE ? ANSWER_DONE : ANSWER_NONE;
	if (g_str_equal(state, "shipped"))
		return p->stage >= STAGE_CARD && p->stage != STAGE_OFF ? ANSWER_RECEIVED : ANSWER_NONE;
	if (g_str_equal(state, "paper_due"))
		return p->stage == STAGE_PAPER && g_strcmp0(w->policy.paper_by, "applicant") == 0 ? ANSWER_POSTED : ANSWER_NONE;
	return p->stage >= STAGE_PAPER && p->stage != STAGE_OFF ? p->way : ANSWER_NONE;
}

static enum answer slip(struct world *w)
{
	static const enum answer wrong[] = { ANSWER_APPROVE, ANSWER_DONE, ANSWER_RECEIVED, ANSWER_POSTED, ANSWER_HOLD };

	return wrong[g_rand_int_range(w->dice, 0, G_N_ELEMENTS(wrong))];
}

static void say(struct world *w, const struct reading *r, enum answer answer, bool nonsense)
{
	const char *from = simulate_world_chance(w, RATE_stranger) ? "evden@posta.test" : r->from;

	r->person->said = answer;
	simulate_world_mail(w, w->now + 60, simulate_mail_reply(w, from, &r->asked, answer), nonsense);
}

static void answer_letter(struct world *w, void *data)
{
	const struct reading *r = data;
	struct person *p = r->person;
	enum answer answer;

	if (p->round != r->round)
		return;
	if (simulate_world_chance(w, RATE_withdraw) && p->stage < STAGE_FILED) {
		p->stage = STAGE_OFF;
		say(w, r, ANSWER_WITHDRAW, false);
	} else if (simulate_world_chance(w, RATE_question)) {
		say(w, r, ANSWER_QUESTION, false);
	} else if (simulate_world_chance(w, RATE_nonsense)) {
		say(w, r, ANSWER_NONE, true);
	} else if ((answer = act(w, p, r->state)) != ANSWER_NONE && (answer != p->said || r->reminded)) {
		say(w, r, simulate_world_chance(w, RATE_mistake) ? slip(w) : answer, false);
	}
}

static void first_state(const char *json, void *data)
{
	char **state = data;

	if (!*state)
		*state = table_text(json, "state");
}

/* NULL: it asks nothing of an applicant. */
static char *state_of(const struct letter *l)
{
	char *state = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(asking); i++)
		if (g_str_equal(asking[i].letter, l->name) && asking[i].state)
			return g_strdup(asking[i].state);
	if (g_str_equal(l->name, "reminder"))
		table_members(l->context, "people", first_state, &state);
	return state;
}

void simulate_people_read(struct world *w, struct person *p, const struct letter *l)
{
	gint64 at = w->now + simulate_world_hours(w, 0.5, 72);
	struct reading *r;
	char *state;

	if (!g_str_equal(l->to, p->email) || (p->dies_at && w->now >= p->dies_at)) {
		simulate_world_mail(w, w->now + simulate_world_hours(w, 0.01, 1), simulate_mail_bounce(w, l), false);
		return;
	}
	if (simulate_world_chance(w, RATE_absent)) {
		simulate_world_mail(w, w->now + 60, simulate_mail_absence(w, l->to, l->message_id), false);
		at += simulate_world_hours(w, 72, 400);
	}
	state = state_of(l);
	if (!state || simulate_world_chance(w, RATE_forget)) {
		g_free(state);
		return;
	}
	r = g_new(struct reading, 1);
	*r = (struct reading){ .person = p, .from = g_strdup(l->to), .state = state, .round = p->round,
			       .reminded = g_str_equal(l->name, "reminder") };
	simulate_mail_asked_by(&r->asked, l);
	simulate_world_at(w, at, answer_letter, r, reading_free);
}
