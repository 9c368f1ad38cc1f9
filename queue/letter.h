/* letter: owing one. The context is written down at once, so a letter says what was true when it was owed.
 * Which answers a letter takes stands in the table of letter.c.
 */
#pragma once
#include "queue/act.h"

/* `answers` of list_to_sign: no answer of facts_answers, a signed file is awaited. */
#define LETTER_SIGNATURE "signature"

struct owed {
	const char *name, *to;
	gint64 id;                            /* from letter_next; 0: taken by letter_owe */
	gint64 request, application, version, submission;
	const char *answers;                  /* NULL: those of the letter's row in letter.c */
	const char *in_reply_to, *references; /* foreign values: dropped unless they are plain message ids */
};

/* The id that the next letter gets, inside the present transaction. */
bool letter_next(const struct act *a, gint64 *id, GError **error);
/* `context`: JSON; NULL: the caller adds it. A recipient that is no plain address: nothing is owed, the journal says so. */
bool letter_owe(const struct act *a, const struct owed *owed, const char *context, GError **error);

/* The letters that an edge names, to the applicant, the managers who asked for him, or the officer. "refused" is the caller's: it is about
 * many. Here and below a manager is who asked for the person while he is in the directory, then who leads his unit, or else the officer. */
bool letter_owe_edge(const struct act *a, const char *letters, gint64 application, GError **error);
/* To whoever collects the week's paper: who is on it (paper.h). */
bool letter_owe_manifest(const struct act *a, const char *to, gint64 batch, GError **error);
/* The officer is asked about request `first`, or with `before` not 0 about all unasked ones received before that time, of
 * which `first` is the first. */
bool letter_owe_approval(const struct act *a, const char *officer, gint64 first, gint64 before, GError **error);
bool letter_owe_receipt(const struct act *a, gint64 request, const char *to, const char *message_id, GError **error);
/* To the manager: those of the request that were refused at a->now; and to those of other units who asked for some of them. */
bool letter_owe_refused(const struct act *a, gint64 request, GError **error);

struct not_possible { const char *to, *ref, *answer, *reason, *state, *subject, *in_reply_to; };
bool letter_owe_not_possible(const struct act *a, const struct not_possible *n, GError **error);
/* *asked: this person was told the same about the same since then. */
bool letter_asked_back(const struct act *a, const struct not_possible *n, gint64 since, bool *asked, GError **error);
/* A person's own words to the office's support, with what is known; `from`: the letter they answer. unclear: not asked, only
 * not understood. */
struct question { const char *asker, *ref, *subject, *text, *in_reply_to; bool unclear; };
bool letter_owe_question(const struct act *a, const struct bound *from, const struct question *q, GError **error);
/* To the asker: the question has gone to the support. *owed false: he was told so within a day. */
bool letter_owe_question_received(const struct act *a, const struct bound *from, const struct question *q, bool *owed, GError **error);
/* The support's words to the asker of letter `question`. */
bool letter_owe_answered(const struct act *a, const struct bound *question, const char *text, GError **error);
/* complaints: JSON list; triage: why it was not read, a word of facts->triage */
struct not_read { const char *to, *subject, *complaints, *in_reply_to, *triage; };
bool letter_owe_not_read(const struct act *a, const struct not_read *n, GError **error);
/* To the manager of request `first`: those of his people whom request `other` asks for as well. */
bool letter_owe_also(const struct act *a, gint64 first, gint64 other, GError **error);
/* To the manager: what we write to this applicant does not arrive. reason: as facts->bounce gives it. */
bool letter_owe_address_dead(const struct act *a, gint64 application, const char *reason, GError **error);
/* To the officer, once: letters of this kind are held. */
bool letter_owe_alarm(const struct act *a, const char *officer, const char *kind, GError **error);

/* An answer to it brings a form, and no words. */
bool letter_wants_form(const struct bound *bound);
/* An answer to it says what became of the week's paper. */
bool letter_is_manifest(const struct bound *bound);
/* The letter that `text` (a token or a Message-ID of ours) truly names; *found false: none. Free with bound_clear. */
bool letter_bound(const struct act *a, const char *text, struct bound *bound, bool *found, GError **error);
void letter_bound_clear(struct bound *bound);
/* It is known that the letter arrived: one whose answer was lost is sent after all. */
bool letter_evidence(const struct act *a, gint64 letter, const char *what, GError **error);
