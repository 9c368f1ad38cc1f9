/* workflow: the table of workflow.def, looked up. Pure but for workflow_store. */
#pragma once
#include <stdbool.h>
#include <glib.h>
#include "queue/db.h"
#include "queue/gate.h"

struct state { const char *name, *waits_on; }; /* waits_on "nobody": final */
struct edge {
	const char *from, *event, *by;
	enum strength strength; /* the least */
	const char *to, *letters; /* names of letters with a blank between; "": none is owed */
};
struct after { const char *state; gint64 months, working_days; const char *event; }; /* so many months, then so many working days */

/* NULL: none. All results stand for ever. */
const struct state *workflow_state(const char *name);
/* The edge of this event and role from this state, whatever its strength. */
const struct edge *workflow_edge(const char *from, const char *event, const char *by);
bool workflow_final(const char *state);
/* Does the event lead to this state from anywhere, by this role? Then it was only said again. */
bool workflow_leads_to(const char *event, const char *by, const char *state);
/* After this move answers to earlier letters still mean the same. */
bool workflow_keeps(const char *from, const char *event);

/* Whole tables, for the tests, `explain` and the clock. */
const struct state *workflow_states(guint *n);
const struct edge *workflow_edges(guint *n);
const struct after *workflow_afters(guint *n);

extern const char *const workflow_strengths[]; /* words of enum strength, NULL-terminated */

/* "6 months and 1 working day", the caller's. */
char *workflow_delay(const struct after *a);
/* The graph in the language of Graphviz. */
char *workflow_dot(void);
/* Tell the database which moves its trigger lets through. */
bool workflow_store(struct db *db, GError **error);
