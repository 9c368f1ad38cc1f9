/* bounce_words: the phrases of bounce.table, and whether a text has them. */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>

/* In the order of the table; from BOUNCE_HOST_UNKNOWN on they are reasons. */
enum bounce_list {
	BOUNCE_SPEAKER, BOUNCE_SUBJECT, BOUNCE_BODY, BOUNCE_POINTS, BOUNCE_CONTACT, BOUNCE_ORIGINAL, BOUNCE_DELIVERED,
	BOUNCE_DELAYED, BOUNCE_WRITER, BOUNCE_HOST_UNKNOWN, BOUNCE_USER_UNKNOWN, BOUNCE_MAILBOX_FULL, BOUNCE_EXPIRED, BOUNCE_REFUSED,
	BOUNCE_LISTS
};

struct bounce_words;

/* NULL with `error` (a sentence with the line) when the table is written wrong. */
struct bounce_words *bounce_words_parse(const char *text, GError **error);
void bounce_words_free(struct bounce_words *w); /* NULL is fine */

/* `folded` by fold_words; NULL has nothing. */
bool bounce_words_has(const struct bounce_words *w, enum bounce_list list, const char *folded);
bool bounce_words_begins(const struct bounce_words *w, enum bounce_list list, const char *folded);
/* The word of a reason, as facts carry it. */
const char *bounce_words_name(enum bounce_list reason);
