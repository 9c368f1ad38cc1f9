/* bounce_text: reports of servers that write no delivery status, or write it where it cannot be found: in words, or as fields
 * inside a text.
 *
 * A letter counts as given back when a server speaks (From) and says so in subject, text or X-Failed-Recipients. Without
 * such a From two of three must say it: subject, text, an SMTP answer or the letter itself; all three, unless the
 * Return-Path is empty.
 */
#pragma once
#include "parsers/bounce_words.h"
#include "parsers/facts.h"
#include "parsers/mime.h"

struct bounce_mail {
	const struct mime *m;
	struct charset *charset;
	const struct bounce_words *words;
	const char *from;    /* raw, NULL: none */
	const char *subject; /* decoded, NULL: none */
	const char *text;    /* the mail's words as UTF-8 with LF, NULL: none */
	bool writes_notices; /* the sender's programs write of things that were not delivered; only their server is believed */
};

bool bounce_text_is_report(const struct bounce_mail *b);
/* Adds the recipients that the text names. */
void bounce_text_read(const struct bounce_mail *b, struct bounce *out);
/* Adds those the returned letter was for, when the text names nobody. */
void bounce_text_read_returned(const struct bounce_mail *b, struct bounce *out);
/* The Message-ID that stands in the text, the caller's; NULL: none. */
char *bounce_text_message_id(const char *text);
