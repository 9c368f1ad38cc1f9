/* mime: a raw mail as fields and a tree of parts (RFC 2045, 2046). The only file that reads by GMime.
 *
 * GMime gives the structure alone. Limits are checked before it sees a byte (mime_guard.h); contents are
 * stretches of the raw mail, decoded by transfer.h; header values are raw, for encoded_word.h.
 */
#pragma once
#include "parsers/charset.h"
#include "parsers/fields.h"
#include "parsers/transfer.h"
#include <stdbool.h>

struct mime_part {
	char *path;     /* as IMAP numbers it: "1", "2.1" */
	char *type;     /* lower-case "text/plain" */
	char *charset;  /* lower-case label; NULL: none */
	char *filename; /* as the sender wrote it, "../" and all; NULL: none */
	char *boundary; /* of a multipart */
	char *id;       /* Content-ID without its brackets; NULL: none */
	bool attachment;
	bool message;   /* message/rfc822 or a file .eml: its parts follow, `content` is its raw text */
	const struct mime_part *parent; /* multipart or message; NULL: the mail itself */
	enum transfer transfer;
	const char *content; /* still encoded, inside the raw mail; for multiparts nothing */
	size_t content_len;
	GByteArray *decoded; /* for mime_part_data alone */
};

struct mime;

/* Before the first mail, as often as one likes: GMime's own tables. They stay until the process ends, as
 * GMime 3.2.13 does not stand being started again after its end. */
void mime_setup(void);

/* NULL and a complaint when the mail goes over a limit. `raw` must outlive the result. */
struct mime *mime_open(struct charset *c, const char *raw, size_t len, GPtrArray *complaints);
void mime_close(struct mime *m);

const struct fields *mime_fields(const struct mime *m);
/* The beginning of what follows the header, as it came but for the line ends, valid UTF-8, the caller's: for mails whose structure
 * is broken. */
char *mime_body(const struct mime *m);
/* struct mime_part *, in the order of the mail, multiparts too (they have no content). */
const GPtrArray *mime_parts(const struct mime *m);
/* What the part holds, decoded when it is first asked for: half of all mails have a part that nobody reads. Never NULL; of the
 * mail's life. */
const char *mime_part_data(const struct mime_part *p, size_t *len);
/* The same, read as a block of fields: a message's header, a report's. fields_free it. */
struct fields *mime_part_fields(const struct mime_part *p);
/* Words of the mail itself, whatever they look like, and no file. */
bool mime_part_is_words(const struct mime_part *p);

typedef struct mime mime_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(mime_t, mime_close)
