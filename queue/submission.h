/* submission: a list of approved people to KAMU SM. How it gets there is the policy's: mailed at once, signed as a file by an
 * officer first (his letter list_to_sign, then apply_signed.c), or typed in by an officer (list_for_portal).
 */
#pragma once
#include "queue/act.h"

/* What is approved and whose list day has come goes on one new list, and its letter is owed. *made 0: nothing was, or nobody
 * is officer today who could be asked. */
bool submission_make(const struct act *gateway, gint64 *made, GError **error);
/* The same for all that is approved, whatever the day. */
bool submission_make_now(const struct act *gateway, gint64 *made, GError **error);
/* The list's letter once more, as a new one: to KAMU SM where the last one failed, to today's officer where it waits for him.
 * REFUSED where neither is so, NOT_FOUND. */
bool submission_again(const struct act *gateway, gint64 submission, GError **error);
/* What submission_make takes: approved at or before this time. */
gint64 submission_closes(const struct policy *p, gint64 now);

/* The list is with KAMU SM by this act's word (an officer's, for the portal): its people are submitted, and told. *moved: how
 * many. */
bool submission_done(const struct act *a, gint64 submission, guint *moved, GError **error);
/* The officer's file, `digests` of facts->signed_files: it is kept, and the letter to KAMU SM is owed. */
struct signature_kept { const char *ending, *bytes, *digests; bool detached; };
bool submission_sign(const struct act *a, gint64 submission, const struct signature_kept *file, GError **error);
/* Waits for its officer: not signed, not sent, not typed in. */
bool submission_waits(const struct act *a, gint64 submission, bool *waits, GError **error);

/* The letter of a list of which nobody knows whether it arrived; 0: there is no doubt. */
bool submission_doubt(const struct act *a, gint64 submission, gint64 *letter, GError **error);
/* Lists whose letter the server took: their people are submitted, and told. */
bool submission_account(const struct act *gateway, bool *did, GError **error);
/* The list did not reach KAMU SM: its officer is told. why: refused (by our server), bounced; `answer`: the server's words, may be
 * NULL. Nothing else waits for it. */
bool submission_alarm(const struct act *gateway, gint64 submission, const char *why, const char *answer, GError **error);
/* The same for all lists whose letter failed since the last alarm; and of one whose letter is uncertain, and evidence was awaited long
 * enough, the officer is asked what became of it. */
bool submission_alarms(const struct act *gateway, bool *did, GError **error);
