/* brake: what keeps two machines from writing to each other for ever, and one mistake from reaching everybody.
 *
 *   storm   more than policy->storm_letters of one kind within an hour: that kind is held until an operator lets it go; the
 *           officer gets one alarm (never held itself)
 *   answers a person whose mails were answered, or brought nothing new, policy->answers_per_day times within a day, or
 *           policy->answers_per_subject times under one subject: his next mail waits for a person, unanswered
 *
 * A limit of 0 is none.
 */
#pragma once
#include "queue/act.h"

/* After a letter of this kind was owed. */
bool brake_count(const struct act *a, const char *letter, GError **error);
bool brake_too_many(const struct act *a, const char *from, const char *subject, bool *too_many, GError **error);
/* NOT_FOUND when letters of that kind are not held. */
bool brake_release(struct db *db, const char *letter, const char *by, gint64 now, GError **error);
