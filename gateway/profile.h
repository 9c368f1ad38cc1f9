/* profile: CPU time by stage of the road, over all processes, for `make bench`. Only with $NESGATE_PROFILE; without it a call
 * costs one comparison. */
#pragma once
#include <glib.h>

#define PROFILE_STAGES(X) X(FETCH, fetch) X(STORE, store) X(TELL, tell) X(CLAIM, claim) X(READ, read) X(APPLY, apply) \
	X(CLOCK, clock) X(COMPOSE, compose) X(SIGN, sign) X(FREEZE, freeze) X(SEND, send) X(RECORD, record)
#define PROFILE_(N, n) PROFILE_##N,
enum profile_stage { PROFILE_STAGES(PROFILE_) };
#undef PROFILE_

void profile_init(void); /* before the first fork */
/* What profile_end wants back. */
gint64 profile_begin(void);
/* `times`: how many mails or letters the stage served. */
void profile_end(enum profile_stage stage, gint64 begun, guint times);
/* One line a stage: profile stage=… us=… times=… */
void profile_log(void);
