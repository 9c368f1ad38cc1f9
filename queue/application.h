/* application: one person's way to one certificate: born from a row of a form, moved by the workflow and nothing else. */
#pragma once
#include "parsers/facts.h"
#include "queue/act.h"
#include "queue/workflow.h"

struct asked { gint64 application; bool duplicate; };
struct moved {
	const char *state;       /* before */
	const struct edge *edge; /* NULL: there is no such step; nothing was moved, and the journal says so */
};

/* A person is asked for. With an application open for this person and slot, or one that led to a certificate in the same
 * cycle, that one is given and `duplicate` set. */
bool application_ask(const struct act *a, gint64 request, gint64 no, const struct request_row *row, struct asked *asked,
		     GError **error);
/* NOT_FOUND when there is no such application. The letter of the edge is the caller's matter: application_step owes it. */
bool application_move(const struct act *a, gint64 application, const char *event, struct moved *moved, GError **error);
/* application_move, and the edge's letter when it goes to the applicant. */
bool application_step(const struct act *a, gint64 application, const char *event, struct moved *moved, GError **error);
/* By wet signature only: first applications and certificates that have ended (DOMAIN, rules). */
bool application_wet_only(const struct request_row *row, gint64 now);
