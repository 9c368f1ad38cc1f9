/* body_form: the form that a mail holds in its words and not in a file: labels and values, a table, the same in a mail that
 * it forwards (inline, or as message/rfc822 one level deep). Files of a forwarded mail are attachments like any other.
 *
 * Of a reply only the own words count, and only if they name a person in full: number, name, address and kind of
 * application. People put their number under an ordinary answer. Words of KAMU SM that somebody forwards are no form.
 */
#pragma once
#include "parsers/form.h"
#include "parsers/mime.h"

struct body {
	struct charset *charset;
	const struct mime *mime;
	const char *subject, *text, *own_words; /* text: all of it; NULL: none */
	bool reply;                             /* the mail answers another */
	const char *const *ca_domains;
};

/* NULL: no form. facts_request_free. */
struct request *body_form_read(const struct body *b, const struct form_rules *rules, GPtrArray *complaints);
/* What the mail says of the whole request beside its form: the ticket in the subject, unit and ticket in its words and in
 * those of a mail that it forwards. What the form says goes before; of a reply only the own words count. */
void body_form_labels(const struct body *b, const struct headings *h, struct request *r);
