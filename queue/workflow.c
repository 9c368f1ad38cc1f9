/* workflow: the rows of workflow.def as arrays. Some dozens of states and some hundred edges: a walk over pointers
 * of one state's edges is quicker than a hash would be.
 */
#include <string.h>
#include "queue/sql.h"
#include "queue/workflow.h"

#define STATE(name, waits_on) { #name, #waits_on },
#define EDGE(from, event, by, strength, to, letter)
#define AFTER(state, months, working_days, event)
#define KEEPS(from, event)
static const struct state states[] = {
#include "queue/workflow.def"
};

enum { told = STRENGTH_TOLD, authenticated = STRENGTH_AUTHENTICATED, operator = STRENGTH_OPERATOR };

#define STATE(name, waits_on)
#define EDGE(from, event, by, least, to, letter) { #from, #event, #by, (enum strength)least, #to, letter },
#define AFTER(state, months, working_days, event)
#define KEEPS(from, event)
static const struct edge edges[] = {
#include "queue/workflow.def"
};

#define STATE(name, waits_on)
#define EDGE(from, event, by, strength, to, letter)
#define AFTER(state, months, working_days, event) { #state, months, working_days, #event },
#define KEEPS(from, event)
static const struct after afters[] = {
#include "queue/workflow.def"
};

#define STATE(name, waits_on)
#define EDGE(from, event, by, strength, to, letter)
#define AFTER(state, months, working_days, event)
#define KEEPS(from, event) { #from, #event },
static const struct { const char *from, *event; } keeps[] = {
#include "queue/workflow.def"
};

const char *const workflow_strengths[] = { "none", "told", "authenticated", "signed", "operator", NULL };

const struct state *workflow_states(guint *n)
{
	*n = G_N_ELEMENTS(states);
	return states;
}

const struct edge *workflow_edges(guint *n)
{
	*n = G_N_ELEMENTS(edges);
	return edges;
}

const struct after *workflow_afters(guint *n)
{
	*n = G_N_ELEMENTS(afters);
	return afters;
}

const struct state *workflow_state(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(states); i++)
		if (strcmp(states[i].name, name) == 0)
			return &states[i];
	return NULL;
}

bool workflow_final(const char *state)
{
	const struct state *s = workflow_state(state);
	return s != NULL && strcmp(s->waits_on, "nobody") == 0;
}

const struct edge *workflow_edge(const char *from, const char *event, const char *by)
{
	for (guint i = 0; i < G_N_ELEMENTS(edges); i++) {
		const struct edge *e = &edges[i];
		if (strcmp(e->from, from) == 0 && strcmp(e->event, event) == 0 && strcmp(e->by, by) == 0)
			return e;
	}
	return NULL;
}

bool workflow_leads_to(const char *event, const char *by, const char *state)
{
	for (guint i = 0; i < G_N_ELEMENTS(edges); i++) {
		const struct edge *e = &edges[i];
		if (strcmp(e->to, state) == 0 && strcmp(e->event, event) == 0 && strcmp(e->by, by) == 0)
			return true;
	}
	return false;
}

bool workflow_keeps(const char *from, const char *event)
{
	for (guint i = 0; i < G_N_ELEMENTS(keeps); i++)
		if (strcmp(keeps[i].from, from) == 0 && strcmp(keeps[i].event, event) == 0)
			return true;
	return false;
}

char *workflow_delay(const struct after *a)
{
	g_autofree char *days = g_strdup_printf("%" G_GINT64_FORMAT " working day%s", a->working_days, a->working_days == 1 ? "" : "s");
	return a->months ? g_strdup_printf("%" G_GINT64_FORMAT " months and %s", a->months, days) : g_steal_pointer(&days);
}

/* By-hand doubles are dotted, so that the usual road stands out. */
char *workflow_dot(void)
{
	GString *dot = g_string_new("digraph workflow {\n\trankdir=LR;\n\tnode [shape=box];\n");
	for (guint i = 0; i < G_N_ELEMENTS(states); i++)
		g_string_append_printf(dot, "\t%s [label=\"%s\\n%s\"%s];\n", states[i].name, states[i].name, states[i].waits_on,
				       workflow_final(states[i].name) ? ", peripheries=2" : "");
	for (guint i = 0; i < G_N_ELEMENTS(edges); i++)
		g_string_append_printf(dot, "\t%s -> %s [label=\"%s (%s)\"%s];\n", edges[i].from, edges[i].to, edges[i].event,
				       edges[i].by, strcmp(edges[i].by, "operator") == 0 ? ", style=dotted" : "");
	for (guint i = 0; i < G_N_ELEMENTS(afters); i++) {
		g_autofree char *delay = workflow_delay(&afters[i]);
		g_string_append_printf(dot, "\t// %s: %s after %s\n", afters[i].state, afters[i].event, delay);
	}
	g_string_append(dot, "}\n");
	return g_string_free(dot, FALSE);
}

static bool stored_already(struct db *db, bool *same, GError **error)
{
	GError *failure = NULL;
	g_autoptr(GHashTable) moves = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(edges); i++)
		g_hash_table_add(moves, g_strconcat(edges[i].from, ">", edges[i].to, NULL));
	for (guint i = 0; i < G_N_ELEMENTS(states); i++)
		g_hash_table_add(moves, g_strconcat(states[i].name, ":", states[i].waits_on, NULL));
	guint wanted = g_hash_table_size(moves), found = 0;
	g_autoptr(sql_t) s = sql_start(db, "workflow_stored", "");
	*same = true;
	while (sql_next(s, &failure)) {
		found++;
		*same = *same && g_hash_table_contains(moves, sql_text(s, 0));
	}
	*same = *same && found == wanted;
	if (failure != NULL)
		g_propagate_error(error, failure);
	return failure == NULL;
}

/* Written only when it differs: opening must not need the write lock each time. */
bool workflow_store(struct db *db, GError **error)
{
	bool same;
	if (!stored_already(db, &same, error))
		return false;
	if (same)
		return true;
	if (!sql_enter(db, error))
		return false;
	bool ok = sql_run(db, error, "workflow_clear", "") >= 0 && sql_run(db, error, "workflow_clear_states", "") >= 0;
	for (guint i = 0; ok && i < G_N_ELEMENTS(states); i++)
		ok = sql_run(db, error, "workflow_add_state", "ss", states[i].name, states[i].waits_on) >= 0;
	for (guint i = 0; ok && i < G_N_ELEMENTS(edges); i++)
		ok = sql_run(db, error, "workflow_add", "ss", edges[i].from, edges[i].to) >= 0;
	return sql_leave(db, ok, error);
}
