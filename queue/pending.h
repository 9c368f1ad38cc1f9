/* pending: what waits on a manager: a row of a form that was refused waits for the corrected one, a mail of which nothing could
 * be used for a form that can be read. A later mail of the same sender, of his unit, or in answer to the letter that told him
 * settles it; or a person closes it.
 */
#pragma once
#include "parsers/facts.h"
#include "queue/act.h"

/* One mail of a manager: who it is from, the letter it answers (0: none) and that letter's request, and the form it brought. */
struct pending_mail {
	const char *sender, *sender_unit; /* sender_unit: of the directory, for a mail's own word counts for nothing here */
	gint64 letter, thread;
	gint64 request;                   /* 0: there was none */
	const char *unit, *ticket;        /* of the request; NULL where it gives none */
};

struct pending;
/* The open items that this mail may settle. `m` must stay. NULL: IO. */
struct pending *pending_open(const struct act *a, const struct pending_mail *m, GError **error);
void pending_free(struct pending *p);
typedef struct pending pending_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pending_t, pending_free)

/* A refused row: opens an item, or counts one more time for the open one about the same person. *item 0: nobody can be meant. */
bool pending_wait(struct pending *p, const struct request_row *row, const char *reason, gint64 *item, GError **error);
/* A good row: closes the item about the same person: by identity number, else name, else address. *item 0: there is none. */
bool pending_settle(struct pending *p, const struct request_row *row, gint64 application, gint64 *item, GError **error);
/* A form could be read: mails that could not are settled. What the request does not give, ticket and unit, it then has from what
 * it settled. To be called last. */
bool pending_readable(struct pending *p, GError **error);
/* Nothing could be used, and `letter` (0: it could not be owed) says so. */
bool pending_unreadable(struct pending *p, const char *reason, gint64 letter, GError **error);

/* A person's act: P-… is waited for no longer. NOT_FOUND; REFUSED: it is closed already. `by` and `note` may be NULL. */
struct pending_end { gint64 item; const char *by, *note; };
bool pending_close(struct db *db, const struct pending_end *end, gint64 now, GError **error);
