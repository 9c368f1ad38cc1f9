/* simulate: see the header. Time jumps to what comes next: an event of the world, a letter's time, or the next full hour, for the
 * queue's own deadlines are all full hours.
 */
#include "gateway/simulate.h"
#include "gateway/simulate_ca.h"
#include "gateway/simulate_people.h"
#include "gateway/simulate_staff.h"
#include "gateway/simulate_units.h"
#include "queue/apply.h"
#include "queue/outbox.h"

enum { BATCH = 50, LEASE = 600 };

/* Who reads it. */
static void give(struct world *w, const struct letter *l)
{
	struct person *p = g_hash_table_lookup(w->by_address, l->to);

	if (l->to_ca)
		simulate_ca_list(w, l->submission);
	else if (p)
		simulate_people_read(w, p, l);
	else if (!simulate_staff_read(w, l) && !simulate_units_read(w, l) && !g_str_equal(l->name, "not_possible"))
		simulate_check_violated(w->check, "letter_to_nobody", l->to);
}

static const char *const answers[] = {
	[OUTCOME_SENT] = "250 2.0.0 ok", [OUTCOME_DEFERRED] = "451 4.3.0 later", [OUTCOME_FAILED] = "554 5.0.0 no",
	[OUTCOME_UNCERTAIN] = "connection lost",
};

static enum outcome outcome_of(struct world *w)
{
	return simulate_world_chance(w, RATE_deferred) ? OUTCOME_DEFERRED
	     : simulate_world_chance(w, RATE_failed) ? OUTCOME_FAILED
	     : simulate_world_chance(w, RATE_uncertain) ? OUTCOME_UNCERTAIN : OUTCOME_SENT;
}

static void render(const struct simulation *s, const struct letter *l)
{
	g_autoptr(GError) why = NULL;
	struct letter_text *text = catalog_render(s->catalog, l->name, s->common, l->context, &why);

	if (text)
		letter_text_free(text);
	else
		simulate_check_violated(s->world->check, "not_rendered", why->message);
}

static void freeze(const struct simulation *s, const GPtrArray *letters)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static("simulated", 9);

	for (guint i = 0; i < letters->len; i++) {
		struct letter *l = g_ptr_array_index(letters, i);

		if (l->frozen)
			continue;
		render(s, l);
		l->frozen = g_bytes_ref(bytes);
	}
}

/* Half of the lists whose answer was lost have arrived; the officer is asked. Of the other letters none has. */
static void settle(struct world *w, const struct letter *l, enum outcome outcome)
{
	if (outcome == OUTCOME_FAILED)
		simulate_staff_retry(w, l->id);
	if (outcome == OUTCOME_UNCERTAIN && l->to_ca && g_rand_boolean(w->dice))
		simulate_ca_list(w, l->submission);
	if (outcome != OUTCOME_SENT)
		return;
	simulate_check_letter(w->check, l, w->now);
	give(w, l);
}

/* One batch of what may go. false: nothing may. */
static bool deliver(const struct simulation *s)
{
	struct world *w = s->world;
	g_autoptr(GPtrArray) letters = outbox_claim(w->db, BATCH, w->now, LEASE, &w->error);
	g_autofree struct delivery *all = NULL;
	g_autoptr(GPtrArray) deliveries = g_ptr_array_new();

	if (!letters || letters->len == 0)
		return false;
	freeze(s, letters);
	if (!outbox_freeze(w->db, letters, w->now, &w->error))
		return false;
	all = g_new(struct delivery, letters->len);
	for (guint i = 0; i < letters->len; i++) {
		const struct letter *l = g_ptr_array_index(letters, i);
		enum outcome outcome = outcome_of(w);

		all[i] = (struct delivery){ l->id, outcome, 0, (char *)answers[outcome] };
		g_ptr_array_add(deliveries, &all[i]);
	}
	if (!outbox_record(w->db, deliveries, w->now, &w->error))
		return false;
	for (guint i = 0; i < letters->len; i++)
		settle(w, g_ptr_array_index(letters, i), all[i].outcome);
	return true;
}

static void step(const struct simulation *s)
{
	struct world *w = s->world;
	bool did = true, sent = true;

	simulate_world_run_due(w);
	while (!w->error && (did || sent)) {
		did = sent = false;
		if (apply_clock(w->db, &w->policy, w->now, &did, &w->error))
			while (!w->error && deliver(s))
				sent = true;
	}
}

static gint64 next(const struct world *w)
{
	gint64 hour = (w->now / SIMULATE_HOUR + 1) * SIMULATE_HOUR, letter = outbox_next(w->db, w->now, NULL);
	gint64 at = MIN(hour, simulate_world_next(w));

	return letter > w->now ? MIN(at, letter) : at;
}

bool simulate_run(const struct simulation *s, GError **error)
{
	struct world *w = s->world;

	simulate_units_begin(w);
	simulate_staff_begin(w);
	for (; !w->error && !*s->stop && w->now < w->end; w->now = next(w))
		step(s);
	if (!w->error && simulate_check_end(w->check, w->db, &w->error))
		return true;
	g_propagate_error(error, g_steal_pointer(&w->error));
	return false;
}
