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

/* What the gateway does itself on the word of this act: same evidence and name, without the words. */
static inline struct act act_by_gateway(const struct act *a)
{
	struct act gateway = *a;
	gateway.role = "gateway";
	gateway.strength = STRENGTH_OPERATOR;
	gateway.note = NULL;
	return gateway;
}
