/* application: one person's way to one certificate: born from a row of a form, moved by the workflow and nothing else. */
#pragma once
#include "parsers/facts.h"
#include "queue/act.h"
#include "queue/workflow.h"

/* Who asks. sender_unit: of the directory; unit: what the form gives for all its rows; by_office: an officer asks. */
struct form { gint64 id; const char *sender, *sender_unit, *unit; bool by_office; };
struct asking { const struct form *form; gint64 no; const struct request_row *row; }; /* its row `no`, from 1 */
/* effect: asked (the application is new) · same · updated (it has the row's facts now) · late (it has gone on and nothing is
 * changed) · readdressed (late, but for a new address in place of a dead one) · also, again (another unit's application; again:
 * it knows that we ask, too). */
struct asked {
	gint64 application;
	const char *effect; /* NULL: the row has no application */
	char *changes;      /* JSON list of the facts that differ, NULL: none; the caller's */
	gint64 before;      /* the row that had the facts, when there was one */
};
struct moved {
	const char *state;       /* before */
	const struct edge *edge; /* NULL: there is no such step; nothing was moved, and the journal says so */
};

/* A person is asked for by a row of a form. With an application open for this person and slot, or one that led to a
 * certificate in the same cycle, it is that one's: see again.h. */
bool application_ask(const struct act *a, const struct asking *asking, struct asked *asked, GError **error);
/* NOT_FOUND when there is no such application. The letters of the edge are the caller's matter: application_step owes them. */
bool application_move(const struct act *a, gint64 application, const char *event, struct moved *moved, GError **error);
/* application_move, and the edge's letters. */
bool application_step(const struct act *a, gint64 application, const char *event, struct moved *moved, GError **error);
