/* apply_inside: one mail on its way through THE transaction; what apply.c shares with its parts, one part a kind of mail. */
#pragma once
#include "queue/act.h"
#include "queue/application.h"
#include "queue/letter.h"
#include "queue/pending.h"

enum { APPLY_REF_SIZE = 32 };

struct apply {
	struct act act;           /* role and strength of the speaker; of "gateway" while he is nobody */
	const struct facts *facts;
	bool has_bound;
	struct bound bound;       /* the letter of a valid token */
	struct speaker speaker;
	gint64 size;
	bool too_large, withheld;
	const char *disposition;  /* what the ledger will say; "waits_for_person" unless a part says otherwise */
	const char *reason;
	bool forget;              /* the raw bytes are not kept: another mail has them */
};

/* Each gives false only with `error`; a mail that moves nothing is no error. */
bool apply_request_mail(struct apply *a, GError **error);
bool apply_reply_mail(struct apply *a, GError **error);
bool apply_notice_mail(struct apply *a, GError **error);
/* The mail, of whatever kind, holds a password of KAMU SM's: neither journal nor ledger keeps a word of it. */
bool apply_notice_is_secret(const struct apply *a);
bool apply_bounce_mail(struct apply *a, GError **error);
bool apply_other_mail(struct apply *a, GError **error);
/* Does an officer send a list back, or the wrong file instead? Then apply_signed_mail is asked, whatever the mail's kind. */
bool apply_signed_is(const struct apply *a);
bool apply_signed_mail(struct apply *a, GError **error);
/* An officer's words to a letter about a list. */
bool apply_signed_words(struct apply *a, const char *answer, GError **error);
/* Letter not_possible; reason: a word of words.txt. */
bool apply_reply_not_possible(struct apply *a, const char *reason, GError **error);

/* A person's question goes to the office's support; without one it waits for an operator. `event`: question, not_understood. */
bool apply_question_ask(struct apply *a, const char *event, GError **error);
/* The support has answered. */
bool apply_question_answer(struct apply *a, GError **error);
/* "A-7" or "T-3" of the letter that is answered; "" without one. */
void apply_question_ref(const struct apply *a, char ref[APPLY_REF_SIZE]);

/* The final word; always true, for the end of a function. */
bool apply_says(struct apply *a, const char *disposition, const char *reason);
/* What who collects the paper answers to the week's manifest. *reason NULL: it moved somebody; else the word why nobody. */
bool apply_paper_reply(struct apply *a, const char **reason, GError **error);
/* A member's mail that we cannot use: letter not_read. `complaint`: what the queue itself knows, before the facts' own
 * triage and complaints; NULL: nothing. */
bool apply_other_not_read(struct apply *a, const char *complaint, GError **error);
/* Whose mail it is and what it answers, for what waits on him; borrowed from `a`. */
void apply_request_mail_of(const struct apply *a, struct pending_mail *m);
/* Asks the officer about one request; *asked false: there is no officer today, the clock will ask. */
bool apply_request_ask(const struct act *a, gint64 request, bool *asked, GError **error);
