/* facts: what a mail or a document says, as plain data.
 *
 * Every parser writes facts, everything else reads them. Nothing here is trusted: a fact is what the bytes
 * claim, and `where` says at which place they claim it.
 *
 * All strings are UTF-8, owned by the struct they stand in, NULL where nothing is known. All arrays are
 * GPtrArray with a free function, never NULL. A new fact is one member here and one row in facts.c.
 */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>
#include "parsers/facts_reply.h"
#include "parsers/facts_signed.h"
#include "parsers/facts_words.h"

/* `code` is a lower-case English word that templates/tr/words.txt has a sentence for. */
struct complaint { char *code, *where, *value; };
struct part { char *path, *type, *charset, *filename, *sha256; gint64 size; };

struct signature {
	enum signature_verdict verdict; /* the room says none or, until verdict_fill has looked at what is claimed, error */
	GPtrArray *signers; /* char *: addresses in the certificate */
	char *covers;       /* "whole" or "part" */
	bool from_matches;  /* every From address stands in the signer's certificate */
	char *signed_at, *reason;
};

/* RFC 8601, the topmost field of our own server only; `trusted`: the From domain passed. */
struct auth { char *authserv_id, *spf, *dkim, *dmarc; bool trusted; };

struct bounce_recipient { char *address, *original, *action, *status, *reason, *diagnostic; bool permanent; }; /* bounce_verdict.h */
struct bounce { char *original_message_id; GPtrArray *recipients; };
struct feedback { char *type, *recipient; };

/* What KAMU SM says. needs: authenticated or signed, how strongly the mail must be known to be its own. name_key: of the
 * person, folded like a row's. forwarded: it stands in a mail of somebody else, and `to` is whom it was for; event NULL then:
 * no rule knows it. */
struct notice {
	char *rule, *event, *needs, *application_no, *tracking_no, *date, *reason, *name_key;
	bool forwarded;
	GPtrArray *to;
};

/* One person of a form. Dates are ISO (1980-01-31). `where` is Sheet!A5 of the row's first cell. */
struct request_row {
	char *where, *tckn, *given_name, *family_name, *birth_date, *email, *phone, *unit, *title, *staff_no;
	char *kind;   /* first, renewal, lost, other */
	char *reader; /* mini, desktop, none */
	bool backup;
	gint64 years; /* 0: not given */
	char *expires, *note, *name_key; /* name_key: the whole name, folded, for comparing only */
	enum row_verdict verdict;
	GPtrArray *complaints;
};
struct request { char *unit, *ticket, *form; gint64 form_version; /* of our own blank form, 0: another */ GPtrArray *rows; };

struct facts {
	char *file;
	enum mail_kind kind;
	char *from; /* lower-cased address of the only From; NULL when there are none or several */
	GPtrArray *to; /* char *: To, Cc, Delivered-To, X-Original-To, Resent-From; lower-cased, each once */
	char *subject, *message_id, *in_reply_to, *date;
	bool auto_submitted, read_receipt; /* by a machine; one that says a letter was shown or deleted (RFC 8098) */
	GPtrArray *parts, *signed_files; /* parts: only when asked (read.h); attachments that carry a signature of their own */
	struct signature signature;
	struct auth auth;
	struct reply *reply;     /* NULL: no text */
	struct bounce *bounce;   /* NULL unless kind is bounce */
	struct feedback *feedback;
	struct notice *notice;
	struct request *request; /* NULL: no form */
	char *triage;            /* a code of triage.h: a form was meant, and cannot be read; NULL: not so */
	GPtrArray *complaints;
};

/* All members of a new struct are empty; NULL may be freed. */
struct facts *facts_new(void);
void facts_free(struct facts *f);
struct request *facts_request_new(void);
void facts_request_free(struct request *r);
struct request_row *facts_request_add(struct request *r); /* a new row at the end, owned by r */
struct notice *facts_notice_new(void);
void facts_notice_free(struct notice *n);
struct bounce *facts_bounce_add(struct facts *f);
struct bounce_recipient *facts_bounce_recipient_add(struct bounce *b);
struct feedback *facts_feedback_add(struct facts *f);
struct part *facts_part_add(struct facts *f);
GPtrArray *facts_complaints_new(void);
struct complaint *facts_complain(GPtrArray *complaints, const char *code, const char *where, const char *value);

/* One line of JSON in the shape of `nesgate read`; absent keys where nothing is known. */
char *facts_to_json(const struct facts *f);
/* The way back, for bytes that a caged reader wrote: NULL and `error` on anything that is not this shape. */
struct facts *facts_from_json(const char *json, size_t len, GError **error);
/* Pieces for other JSON; a NULL string is null. */
void facts_append_string(GString *json, const char *text);
void facts_append_request(GString *json, const struct request *r);
void facts_append_complaints(GString *json, const GPtrArray *complaints);
typedef struct facts facts_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(facts_t, facts_free)
