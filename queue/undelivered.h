/* undelivered: addresses that nobody has, and what is owed to them.
 *
 * A dead address holds every letter to it (outbox `held` address_dead), those owed later too. It lives again by a new address of
 * the applicant or by an operator's word.
 */
#pragma once
#include "queue/act.h"

/* The letter bounced because of its address: marked, held, journalled; for an applicant's letter the unit manager is told. */
bool undelivered_mark(const struct act *a, const struct bound *letter, const char *reason, GError **error);
/* The same for letters that our own server refused for their address, which are held like the others. `did`: there was one. */
bool undelivered_refused(const struct act *gateway, bool *did, GError **error);
/* The application's address is dead and another one is given: it is the application's now, held letters to the old one never
 * go, and what the applicant did not get is owed anew, the last letter only. *did false: nothing of that. */
bool undelivered_readdress(const struct act *a, gint64 application, const char *address, bool *did, GError **error);
/* A person's acts. NOT_FOUND when the application, or the dead address, is not there. */
struct undelivered_word { gint64 application; const char *address, *by, *note; };
bool undelivered_correct(struct db *db, const struct policy *p, const struct undelivered_word *w, gint64 now, GError **error);
bool undelivered_revive(struct db *db, const struct undelivered_word *w, gint64 now, GError **error);
