/* crew: the caged readers and the mails they have in hand. A reader that dies, overruns its time or answers nonsense costs
 * the one mail it was at; what waited behind that mail goes to another reader, and a new one is forked.
 */
#pragma once
#include <poll.h>
#include "gateway/nursery.h"

struct crew;
/* What becomes of a mail: facts (the callee's), or NULL and the reason. Called from crew_turn only. */
typedef void (*crew_done)(gint64 id, struct facts *facts, const char *reason, void *data);

struct crew_options {
	struct nursery *nursery; /* stays the caller's */
	guint readers;           /* 1..16 */
	gint64 seconds;          /* for one mail */
	crew_done done;
	void *data;
};
struct crew *crew_new(const struct crew_options *o);
void crew_free(struct crew *c);

/* Hands one mail over; the bytes are kept until it is done. */
void crew_give(struct crew *c, gint64 id, GBytes *raw, gint64 now);
/* Mails and bytes that are not done yet. */
guint crew_mails(const struct crew *c);
gsize crew_bytes(const struct crew *c);

enum { CREW_POLLS = 17 };
/* Fills what to wait for, at most CREW_POLLS; gives how many, and lowers *timeout (ms; -1: none) to the next look at the clock. */
guint crew_polls(struct crew *c, struct pollfd *polls, int *timeout);
/* After poll. false: no reader can be had any more (the nursery is dead, or every new reader dies at once). */
bool crew_turn(struct crew *c, const struct pollfd *polls, guint n);
