/* container: the files inside of a file that somebody sent: an archive (container_zip.h), a winmail.dat (container_tnef.h).
 *
 * Each file that may be a form becomes one of the document's parts; others are passed over. The names of its sheets and the
 * places of its complaints say the file: "[liste.xlsx]Sayfa1", as workbooks name each other's sheets. The limits (limits.h)
 * hold for all of them together; what stands before a limit is kept.
 *
 * Complaint codes, with the name of the file inside: zip_too_large, too_much_text (twice that of one document), the two words
 * of the container, those of unzip.h and of the files themselves.
 */
#pragma once
#include "parsers/document.h"

struct container_words {
	const char *nested;   /* an archive in it, left closed; NULL: archives are read */
	const char *too_many; /* files that may be forms */
};

/* Begins as { .document = d, .words = w }. */
struct container {
	struct document *document;
	const struct container_words *words;
	size_t unpacked, weight, files;
	bool any;  /* a file that may be a form was met */
	bool full; /* a limit is met: nothing more is taken */
};

/* The last part of a path of either kind of slash, with nothing in it that could not be printed; g_free. */
char *container_name(const char *path);
/* `name` is one of container_name's. */
void container_add(struct container *c, const char *name, const char *bytes, size_t len);
/* The complaint is made, and nothing more is taken. */
void container_stop(struct container *c, const char *complaint, const char *name);
