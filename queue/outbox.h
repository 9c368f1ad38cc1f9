/* outbox: letters owed, frozen, sent. A letter's bytes are committed before the first attempt and never change after.
 *
 *   owed ──freeze──▶ frozen ──▶ sending ──▶ sent
 *                      ▲           ├──▶ deferred (4xx, no connection; back-off from a minute to a day, for 5 days) ──▶ sending
 *                      │           ├──▶ failed (5xx, or out of time; held and frozen again if the address is dead)
 *                      └───────────┴──▶ uncertain (the answer to the final dot was lost, or we died while sending)
 * A row found in `sending` with an old lease is uncertain. uncertain to KAMU SM waits for evidence or a person.
 */
#pragma once
#include <gio/gio.h>
#include "queue/db.h"

struct letter {
	gint64 id;
	char *name;        /* letter file in templates/tr: receipt, approval, … */
	char *to;          /* one recipient address */
	bool to_ca;
	char *context;     /* JSON for the template */
	char *message_id;  /* with <> */
	char *token;       /* NG-… for the subject; NULL: no answer is awaited */
	char *in_reply_to, *references; /* with <>; NULL: none */
	gint64 request;    /* the form that it answers; 0: none */
	bool marked;       /* a receipt for a form in which something is to be mended or confirmed: its sheet goes with it */
	gint64 submission; /* the list to attach; 0: none */
	gint64 owed_at, attempts;
	GBytes *frozen;    /* the exact bytes; NULL: still to be composed */
};

/* Letters that may go now: owed or frozen or deferred-and-due, oldest first, leased until now+lease. With `to_ca` first,
 * and never more than one letter to KAMU SM in a claim. Elements struct letter. */
GPtrArray *outbox_claim(struct db *db, guint max, gint64 now, gint64 lease, GError **error);
/* Bytes of the letters in `frozen` members are stored and all are marked sending, in one transaction: after it, SMTP. */
bool outbox_freeze(struct db *db, const GPtrArray *letters, gint64 now, GError **error);

enum outcome { OUTCOME_SENT, OUTCOME_DEFERRED, OUTCOME_FAILED, OUTCOME_UNCERTAIN, OUTCOME_UNTRIED };
/* answer: server's line or our reason. address_fault: user_unknown or host_unknown, when a letter
 * failed because nobody has its address: apply_clock makes it a dead one (undelivered.h). NULL: not so. */
struct delivery { gint64 letter; enum outcome outcome; int code; char *answer; const char *address_fault; };
/* One transaction for all; elements struct delivery. */
bool outbox_record(struct db *db, const GPtrArray *deliveries, gint64 now, GError **error);
/* A letter that cannot be composed or signed: failed for good, journalled, waits for a person. */
bool outbox_spoil(struct db *db, gint64 letter, const char *reason, gint64 now, GError **error);
/* What a dead holder (db_holder; -1: all of them) left behind, without waiting for its leases: letters it was sending are
 * uncertain, the others may be claimed again. */
bool outbox_recover(struct db *db, gint64 holder, gint64 now, GError **error);
/* When a postman is needed next: 0 now, -1 never, else a time. */
gint64 outbox_next(struct db *db, gint64 now, GError **error);
/* A person's act: failed, held or uncertain goes out again with the same bytes. */
bool outbox_retry(struct db *db, gint64 letter, const char *by, gint64 now, GError **error);

/* People of a list, for its sheet; elements struct request_row of parsers/facts.h are not used here on purpose:
 * a list says what was approved, not what was read. */
struct list_person { char *tckn, *given_name, *family_name, *birth_date, *email, *phone, *unit, *title, *kind, *reader, *expires;
	bool backup; gint64 years; };
GPtrArray *outbox_list_people(struct db *db, gint64 submission, GError **error);
