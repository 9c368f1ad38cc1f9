/* gate: who is speaking, and how strongly that is known. A mail's From is a claim; only this function believes it.
 *
 * Strength: told < authenticated < signed < operator (DESIGN: "every fact names how strongly it is known").
 */
#pragma once
#include "parsers/facts.h"
#include "queue/policy.h"

enum strength { STRENGTH_NONE, STRENGTH_TOLD, STRENGTH_AUTHENTICATED, STRENGTH_SIGNED, STRENGTH_OPERATOR };

/* As bound.answers, of a letter that takes a person's question to the office: what comes is words for that person. */
#define GATE_WORDS "words"

/* What a valid reply token binds; all of the letter it stands in. */
struct bound { gint64 letter, request, application, version, submission; char *recipient; char *answers; gint64 expires; };

struct speaker {
	const char *role;           /* manager, officer, registry, ca, applicant, support; NULL: moves nothing */
	enum strength strength;
	const struct member *member; /* NULL for ca and applicant */
	const char *reason;         /* word why nothing may move: unknown_sender, not_authenticated, token_stale, token_foreign, … */
};

/* How strongly From is known without a token: NONE, AUTHENTICATED or SIGNED. */
enum strength gate_strength(const struct facts *f);
/* Pure. `bound`: the letter of the mail's valid token, NULL: none. */
struct speaker gate_decide(const struct facts *f, const struct policy *p, const struct bound *bound, gint64 now);
