/* read: a whole mail to facts. The one door of this room; it decides which parsers are asked.
 *
 * A struct reader holds what is prepared once (charset converters, KAMU SM rules, headings table), so
 * that reading itself opens nothing: it works inside a cage with no files. Not thread-safe; no
 * global state: two readers do not know of each other.
 */
#pragma once
#include "parsers/facts.h"
#include "parsers/limits.h"

struct reader_options {
	const struct limits *limits;     /* NULL: the usual ones */
	const char *rules;               /* text of kamusm.rules; NULL: the built-in one */
	const char *headings;            /* text that is added to the built-in headings.table; NULL: none */
	const char *authserv_id;         /* our own server's name in Authentication-Results; NULL: believe none */
	const char *const *mail_domains; /* domains whose addresses may apply; NULL: any */
	const char *const *ca_domains;   /* domains KAMU SM writes from; NULL: kamusm.gov.tr */
	const char *const *own_domains;  /* domain of our reply tokens' Message-IDs; NULL: any */
	bool shown;                      /* for a person's look at one mail: the list of its parts, own words of every mail
					  * and not only of those of which more is made; nobody else asks */
};

struct reader;
/* NULL with `error` set (a sentence with the line) when rules or headings are wrong. */
struct reader *reader_new(const struct reader_options *o, GError **error);
void reader_free(struct reader *r);

/* Never NULL. `now` (Unix seconds) decides only what is expired. Everything that could not be read is a
 * complaint or kind "unreadable". The raw bytes stay the caller's. */
struct facts *reader_read(struct reader *r, const char *raw, size_t len, gint64 now);

/* A rule for the mail of KAMU SM that this is or holds (notice_draft.h); NULL: there is none. */
char *reader_notice_draft(struct reader *r, const char *raw, size_t len);

/* What a document holds: one line of JSON in the shape of `nesgate extract`. `name` gives the file name. */
char *reader_extract(struct reader *r, const char *name, const char *bytes, size_t len, gint64 now);
