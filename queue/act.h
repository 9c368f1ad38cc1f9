/* act: who does something, on what evidence, when. Every change of state is made by one; the journal keeps it. */
#pragma once
#include "queue/db.h"
#include "queue/gate.h"
#include "queue/policy.h"

struct act {
	struct db *db;
	const struct policy *policy;
	gint64 now;
	gint64 mail;          /* the evidence; 0: none */
	const char *role;     /* as in workflow.def: officer, ca, gateway, clock, operator, … */
	enum strength strength;
	const char *by_name;  /* address or operator's name; may be NULL */
	const char *note;     /* may be NULL */
};
