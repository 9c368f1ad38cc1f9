/* simulate_check: what must be true of a year, whatever people do; watched as the letters go out, and asked of the database at its
 * end. What is not so is a violation: a line with the rule and whom it hit.
 */
#pragma once
#include <stdbool.h>
#include <gio/gio.h>
#include "queue/db.h"
#include "queue/outbox.h"
#include "queue/policy.h"

struct check;
struct check *simulate_check_new(const struct policy *policy);
void simulate_check_free(struct check *c);

/* A mail is about to be applied. nonsense: it must move nothing. */
struct check_mail { gint64 id; const char *from; gint64 at; bool nonsense; };
void simulate_check_mail(struct check *c, const struct check_mail *m);
/* The gateway was told that this address is dead; it stays so. */
void simulate_check_dead(struct check *c, const char *address);
/* The server took the letter. */
void simulate_check_letter(struct check *c, const struct letter *l, gint64 now);
/* At the end. false: the database could not be asked. */
bool simulate_check_end(struct check *c, struct db *db, GError **error);
/* `rule` is a word, `about` who or which letter. */
void simulate_check_violated(struct check *c, const char *rule, const char *about);

struct check_violation { const char *rule; char *about; gint64 at; };
struct check_totals {
	const GPtrArray *violations; /* struct check_violation */
	GHashTable *letters;         /* name → count (GPOINTER_TO_UINT) */
	guint sent, busiest;
	gint64 busiest_day;          /* calendar.h */
};
void simulate_check_totals(const struct check *c, struct check_totals *t);
