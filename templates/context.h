/* context: what a letter is about, as a stack of JSON values in which templates look up names.
 *
 * At the bottom stands `common`, above it the letter's own object, above that whatever sections the
 * template is inside of. A name's first part is looked for from the top down, each further part (`a.b`)
 * only in what the part before gave; `.` is the top itself, `.a` looks into the top only.
 *
 * Labels are not stored, they are found: where an object holds "kind": "renewal" and words.h has
 * kind.renewal, that object also answers to `kind_label`. A member `…_on`, `…_date` or `expires` with an
 * ISO date (a time of day only with +03:00) answers to its label as gg.aa.yyyy.
 */
#pragma once
#include <stdbool.h>
#include "templates/value.h"
#include "templates/words.h"

struct context;

/* A name as templates write it, cut once. */
struct name_part { const char *text; gsize len, label_of; /* length without _label; 0: no label */ bool date; };
struct name { char *text; bool here; guint n; struct name_part *parts; /* n is 0 for `.` */ };
/* NULL when it is none: letters, digits, _ and - in parts joined by dots. */
struct name *context_name_new(const char *text, gsize len);
void context_name_free(struct name *n);

/* What a name stands for. `text` is how it prints, NULL for objects and lists; it lives as long as the
 * context and this struct. False, null, 0, "" and the empty list are not `truthy`. */
struct found {
	const struct value *value; /* NULL: a label */
	const char *text;
	gsize len;
	bool truthy;
	char number[40];
};

/* Both must be JSON objects, NULL is an empty one; CONTEXT otherwise. `words` must outlive the context. */
struct context *context_new(const char *common, const char *own, const struct words *words, GError **error);
void context_free(struct context *c);
/* False: nobody has this name. */
bool context_find(const struct context *c, const struct name *name, struct found *out);
/* The same for a value one has, an item of a list for instance. */
void context_take(const struct value *v, struct found *out);
/* `f` must stay where it is until it is left. False: too deep. */
bool context_enter(struct context *c, const struct found *f);
void context_leave(struct context *c);
