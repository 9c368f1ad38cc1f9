/* simulate_phone: see the header. A table: what the gateway believes, what is true, what is entered. */
#include "gateway/simulate_phone.h"
#include <string.h>
#include "gateway/command.h"
#include "gateway/simulate_ca.h"
#include "gateway/table.h"
#include "queue/apply.h"
#include "queue/calendar.h"
#include "queue/view.h"

/* The first row that fits; state NULL: any. */
static const struct { const char *state; enum stage stage; const char *event; } words[] = {
	{ "submitted", STAGE_OPEN, "ca_opened" },
	{ "invited", STAGE_PAPER, "done_wet" },
	{ "deficient", STAGE_PAPER, "done_wet" },
	{ "submitted", STAGE_PAPER, "done_wet" },
	{ "filed", STAGE_OPEN, "ca_missing_papers" },
	{ "paper_sent", STAGE_OPEN, "ca_missing_papers" },
	{ "filed", STAGE_MADE, "ca_produced" },
	{ "shipped", STAGE_CARD, "ca_delivered" },
	{ "shipped", STAGE_ACTIVE, "ca_delivered" },
	{ "shipped", STAGE_BACK, "ca_returned" },
	{ "returned", STAGE_SHIPPED, "resend" },
	{ "returned", STAGE_CARD, "resend" },
	{ "returned", STAGE_ACTIVE, "resend" },
	{ "delivered", STAGE_CARD, "activate" },
	{ "delivered", STAGE_ACTIVE, "activate" },
	{ NULL, STAGE_FILED, "ca_received" },
	{ NULL, STAGE_MADE, "ca_produced" },
	{ NULL, STAGE_SHIPPED, "ca_shipped" },
	{ NULL, STAGE_BACK, "ca_shipped" },
	{ NULL, STAGE_CARD, "ca_shipped" },
	{ NULL, STAGE_ACTIVE, "ca_shipped" },
	{ NULL, STAGE_OFF, "cancel" },
};

struct call { struct person *person; gint64 application; char *state; };

static void call_free(void *data)
{
	struct call *c = data;

	g_free(c->state);
	g_free(c);
}

/* NULL: there is nothing to enter. */
static const char *word(const char *state, const struct person *p)
{
	static const char *const before[] = { "requested", "approved", "listed", NULL };

	if (g_strv_contains(before, state))
		return g_str_equal(state, "requested") ? "approve" : NULL;
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (words[i].stage == p->stage && (!words[i].state || g_str_equal(words[i].state, state)))
			return words[i].event;
	return NULL;
}

/* What the workflow does not let a person enter is left. */
static void enter(struct world *w, const struct call *c)
{
	GError *why = NULL;
	const char *event = word(c->state, c->person);
	const struct by_hand act = { c->application, event, "simulation", NULL };

	if (!event) { /* KAMU SM has overlooked him */
		simulate_ca_open(w, c->person);
		return;
	}
	if (!apply_operator(w->db, &w->policy, &act, w->now, &why) && !g_error_matches(why, QUEUE_ERROR, QUEUE_ERROR_NO_EDGE))
		w->error = g_steal_pointer(&why);
	g_clear_error(&why);
}

struct round { struct world *world; GPtrArray *calls; };

static void take(const char *json, void *data)
{
	struct round *r = data;
	g_autofree char *id = table_text(json, "application"), *email = table_text(json, "email");
	struct person *p = id && email ? g_hash_table_lookup(r->world->by_address, email) : NULL;
	struct call *c;

	if (!p || !simulate_world_chance(r->world, RATE_phone))
		return;
	c = g_new(struct call, 1);
	*c = (struct call){ p, command_id(id, 'A'), table_text(json, "state") };
	g_ptr_array_add(r->calls, c);
}

static void telephone(struct world *w, void *unused)
{
	g_autoptr(GPtrArray) calls = g_ptr_array_new_with_free_func(call_free);
	struct round r = { w, calls };

	simulate_world_at(w, calendar_next_open(w->policy.calendar, w->now + SIMULATE_DAY - 7 * SIMULATE_HOUR) + SIMULATE_HOUR, telephone,
			  NULL, NULL);
	if (w->error || !view_each(w->db, "list", "escalated", take, &r, &w->error))
		return;
	for (guint i = 0; i < calls->len && !w->error; i++)
		enter(w, g_ptr_array_index(calls, i));
}

void simulate_phone_begin(struct world *w)
{
	simulate_world_at(w, calendar_next_open(w->policy.calendar, w->now) + SIMULATE_HOUR, telephone, NULL, NULL);
}
