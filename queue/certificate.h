/* certificate: end dates, for the next cycle: from forms, from what became active, from KAMU SM's mails, from an imported list. The
 * one that counts is a person's last to end. Renewed are those whose end nears and for whom no application is open.
 */
#pragma once
#include "parsers/facts.h"
#include "queue/act.h"

/* The application's form gives an end date of the present certificate, or another one than before. */
bool certificate_of_form(const struct act *a, gint64 application, GError **error);
/* The new one: it begins with the old one's end, and lasts as long as the form says, else 3 years (1 for foreigners: their identity
 * numbers begin with 99). */
bool certificate_activated(const struct act *a, gint64 application, GError **error);

/* KAMU SM says when the present certificate ends. Whose: the application's (0: none is open), else the one person with one of these
 * addresses (char *). A day that has passed, or is more than a year ahead, is not believed; what an applicant forwards is only
 * taken where nothing is known. */
struct certificate_end { gint64 application; const GPtrArray *addresses; const char *expires; };
bool certificate_heard(const struct act *a, const struct certificate_end *e, GError **error);

/* One of a list. `unit` is one of the directory, NULL: none fits. Days are ISO. */
struct certificate_entry { const char *tckn, *given_name, *family_name, *birth_date, *unit, *email, *expires; };
/* *known: it was there already, and only unit and address were brought up to date. */
bool certificate_import(struct db *db, const struct certificate_entry *e, bool *known, GError **error);

/* Notes for `letter` those of `unit` for which a reminder day has come that their manager was not told of. *count: how many. */
bool certificate_tell(const struct act *a, const char *unit, gint64 letter, gint64 *count, GError **error);
/* Each person whose last reminder day has come, and who has an address, gets a letter of his own. */
bool certificate_tell_people(const struct act *a, GError **error);
/* Whom the manager is asked for in this letter, as rows of a form. facts_request_free; NULL: IO. */
struct request *certificate_form(struct db *db, gint64 letter, GError **error);
