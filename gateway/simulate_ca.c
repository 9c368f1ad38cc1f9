/* simulate_ca: see the header. Its days are the ones institutions tell of; six months are the rule (DOMAIN.md). */
#include "gateway/simulate_ca.h"
#include "gateway/simulate_mail.h"
#include "gateway/simulate_people.h"

enum { SIX_MONTHS = 182 * SIMULATE_DAY };

/* To the applicant; whether and how often the gateway sees it. */
static void tell(struct world *w, struct person *p, const char *event)
{
	gint64 at = w->now + simulate_world_hours(w, 0.1, 5);
	const char *said = simulate_world_chance(w, RATE_unknown) ? NULL : event;
	guint times = simulate_world_chance(w, RATE_double) ? 2 : 1;

	if (simulate_world_chance(w, RATE_heard)) {
		for (; times > 0; times--)
			simulate_world_mail(w, at + times * 600, simulate_mail_notice(w, p, said), false);
	} else if (simulate_world_chance(w, RATE_forward)) {
		simulate_world_mail(w, at + simulate_world_hours(w, 1, 48), simulate_mail_forward(w, p, said), false);
	}
}

static void give_up(struct world *w, struct person *p)
{
	if (p->stage != STAGE_OPEN && p->stage != STAGE_PAPER)
		return;
	p->stage = STAGE_OFF;
	tell(w, p, "ca_cancelled");
}

void simulate_ca_open(struct world *w, struct person *p)
{
	if (p->stage != STAGE_NONE)
		return;
	p->stage = STAGE_OPEN;
	p->number = 100000 + (gint64)w->events;
	tell(w, p, "ca_opened");
	simulate_world_later(w, w->now + SIX_MONTHS, give_up, p);
	if (simulate_world_chance(w, RATE_alone))
		simulate_world_later(w, w->now + simulate_world_hours(w, 24, 240), simulate_people_alone, p);
}

void simulate_ca_list(struct world *w, gint64 submission)
{
	g_autoptr(GPtrArray) people = w->error ? NULL : outbox_list_people(w->db, submission, &w->error);
	g_autofree char *name = g_strdup_printf("L-%" G_GINT64_FORMAT, submission);

	if (!g_hash_table_add(w->lists, GSIZE_TO_POINTER((gsize)submission)))
		simulate_check_violated(w->check, "list_sent_twice", name);
	for (guint i = 0; people && i < people->len; i++) {
		const struct list_person *l = g_ptr_array_index(people, i);
		struct person *p = g_hash_table_lookup(w->by_tckn, l->tckn);

		p->round++;
		p->said = ANSWER_NONE;
		p->stage = STAGE_NONE;
		if (!simulate_world_chance(w, RATE_ca_silent))
			simulate_world_later(w, simulate_world_at_work(w, 20, 120), simulate_ca_open, p);
	}
}

static void deliver(struct world *w, struct person *p)
{
	if (p->stage != STAGE_SHIPPED)
		return;
	if (!simulate_world_chance(w, RATE_returned)) {
		p->stage = STAGE_CARD;
		tell(w, p, "ca_delivered");
		return;
	}
	p->stage = STAGE_BACK;
	tell(w, p, "ca_returned");
	simulate_world_later(w, w->now + simulate_world_hours(w, 240, 900), simulate_ca_send, p);
}

void simulate_ca_send(struct world *w, struct person *p)
{
	if (p->stage != STAGE_MADE && p->stage != STAGE_BACK)
		return;
	p->stage = STAGE_SHIPPED;
	tell(w, p, "ca_shipped");
	simulate_world_later(w, simulate_world_at_work(w, 24, 120), deliver, p);
}

static void produce(struct world *w, struct person *p)
{
	if (p->stage != STAGE_FILED)
		return;
	p->stage = STAGE_MADE;
	tell(w, p, "ca_produced");
	simulate_world_later(w, simulate_world_at_work(w, 20, 72), simulate_ca_send, p);
}

static void look_at_form(struct world *w, struct person *p)
{
	if (p->stage != STAGE_FILED)
		return;
	if (!simulate_world_chance(w, RATE_missing)) {
		simulate_world_later(w, simulate_world_at_work(w, 72, 360), produce, p);
		return;
	}
	p->stage = STAGE_OPEN;
	tell(w, p, "ca_missing_papers");
	if (simulate_world_chance(w, RATE_alone))
		simulate_world_later(w, w->now + simulate_world_hours(w, 24, 240), simulate_people_alone, p);
}

void simulate_ca_form(struct world *w, struct person *p)
{
	if (p->stage != STAGE_OPEN && p->stage != STAGE_PAPER)
		return;
	p->stage = STAGE_FILED;
	tell(w, p, "ca_received");
	simulate_world_later(w, simulate_world_at_work(w, 24, 120), look_at_form, p);
}
