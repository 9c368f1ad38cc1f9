/* card: from the courier's hand to the first signature. A renewed certificate works only after the old one's end date and hour:
 * the working day after that date is its first, and the clock says so. DOMAIN, road 9.
 */
#pragma once
#include "queue/act.h"

/* The person has the card: the first day is noted, where an older certificate is still valid. */
bool card_begin(const struct act *a, gint64 application, GError **error);
/* "The PIN is made" is which event: `activate`, or `pin_made` while the old certificate is valid. */
bool card_event(const struct act *a, gint64 application, const char **event, GError **error);
/* KAMU SM says that the new card works from `date` on (ISO; NULL: now). A day to come is noted where no end date is known. *event:
 * what it is for an application that is `delivered`; NULL: nothing new. */
bool card_first_day(const struct act *a, gint64 application, bool delivered, const char *date, const char **event, GError **error);
/* After `pin_made`: on the first day nothing is asked any more, it is in use. */
bool card_ready(const struct act *a, gint64 application, GError **error);
