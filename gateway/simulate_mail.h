/* simulate_mail: mails of the made-up institution, as the readers would understand them. The facts are the caller's. */
#pragma once
#include "gateway/simulate_world.h"

/* What an answer needs of the letter it answers. */
struct asked_by { char *token, *message_id; };
void simulate_mail_asked_by(struct asked_by *a, const struct letter *l);
void simulate_mail_asked_by_clear(struct asked_by *a);

struct facts *simulate_mail_reply(struct world *w, const char *from, const struct asked_by *a, enum answer answer);
/* One choice of a reply that says PARTIAL: the answer is for these applications ("A-7"). */
void simulate_mail_choose(struct facts *f, enum answer answer, const GPtrArray *applications);

struct facts *simulate_mail_form(struct world *w, const struct unit *from);
void simulate_mail_row(struct facts *f, const struct person *p, bool wrong);
/* An officer's: his signature on these digests (digest.h), by the certificate of the policy. */
struct facts *simulate_mail_signed(struct world *w, const struct asked_by *a, const char *digest);
/* Of a form that cannot be read. */
struct facts *simulate_mail_unreadable(struct world *w, const struct unit *from);

/* event NULL: no rule knows it. */
struct facts *simulate_mail_notice(struct world *w, const struct person *p, const char *event);
/* The same by way of the applicant. */
struct facts *simulate_mail_forward(struct world *w, const struct person *p, const char *event);

/* Nobody has that address. */
struct facts *simulate_mail_bounce(struct world *w, const struct letter *l);
struct facts *simulate_mail_absence(struct world *w, const char *from, const char *message_id);
