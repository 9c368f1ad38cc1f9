/* apply: THE transaction. Facts of one mail become state moves, journal entries, owed letters and the final disposition of
 * the ledger row, all or nothing. Many mails share a commit.
 */
#pragma once
#include "parsers/facts.h"
#include "queue/db.h"
#include "queue/policy.h"

/* Between db_begin and db_commit. On error the savepoint is rolled back, nothing of this mail is changed, and the caller
 * strikes or parks it. `facts` NULL is a programmer's mistake. The disposition is set to one of:
 * applied, no_change, answered, duplicate, own_copy, noted, waits_for_person (parked), too_large; see STATES.md. */
bool apply_mail(struct db *db, const struct policy *p, gint64 mail_id, const struct facts *facts, gint64 now,
		GError **error);
/* The same without a savepoint, which costs a copy of every page the mail touches. On error the caller rolls back all. */
bool apply_mail_boldly(struct db *db, const struct policy *p, gint64 mail_id, const struct facts *facts, gint64 now,
		       GError **error);

/* Everything that time or a delivered letter causes, in one own transaction: a list accepted by the server makes its applications
 * submitted (and owes the notices), lists are made of what is approved, uncertain letters whose evidence
 * time is over are released or held, expectations come due. `did`: something changed (NULL: not asked). */
bool apply_clock(struct db *db, const struct policy *p, gint64 now, bool *did, GError **error);

/* The operator's act on one application. `by` and `note` (may be NULL) go to the journal. NO_EDGE, NOT_FOUND. */
struct by_hand { gint64 application; const char *event, *by, *note; };
bool apply_operator(struct db *db, const struct policy *p, const struct by_hand *act, gint64 now, GError **error);
/* *list 0: one is made of everything that is approved, whatever the day; 0 comes back when nothing is, or nobody is officer
 * today. Else its letter goes once more: see submission_again. */
bool apply_operator_submit(struct db *db, const struct policy *p, const char *by, gint64 now, gint64 *list, GError **error);
