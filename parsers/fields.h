/* fields: a block of "Name: value" lines up to its blank line (RFC 5322 2.2): the header of a mail, of an
 * embedded one, a group of a delivery status or of a feedback report.
 *
 * Values are raw: folded, without the last line end, encoded words and 8-bit bytes as they came; NUL is a
 * blank. Lines that are no field are passed over.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>

struct header_field { const char *name, *value; };
struct fields;

/* Never NULL; release with fields_free. The bytes may go away. */
struct fields *fields_parse(const char *bytes, size_t len);
void fields_free(struct fields *f);

/* How many bytes the block took, its blank line included. */
size_t fields_length(const struct fields *f);
/* Each of its lines is a field and a blank line ends it: every reader of the mail takes the same fields from it. */
bool fields_tidy(const struct fields *f);
/* The first value of that name in any case of letters; NULL: none. */
const char *fields_find(const struct fields *f, const char *name);
guint fields_count(const struct fields *f, const char *name);
/* The i-th field; NULL past the end. */
const struct header_field *fields_at(const struct fields *f, guint i);

typedef struct fields fields_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(fields_t, fields_free)
