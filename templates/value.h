/* value: JSON (RFC 8259) as a flat tree that is read once and walked many times.
 *
 * Not jansson: a letter's context is read for this one letter, and building hash tables of strings for it
 * took longer than the whole rendering. Here one copy of the text and one array hold everything; strings
 * are unescaped where they stand.
 */
#pragma once
#include <stdbool.h>
#include "templates/template_error.h"

enum value_kind { VALUE_NULL, VALUE_FALSE, VALUE_TRUE, VALUE_NUMBER, VALUE_STRING, VALUE_OBJECT, VALUE_LIST };

/* In reading order: an object is followed by its names (strings) and values in turn, a list by its items. */
struct value {
	enum value_kind kind;
	guint size;       /* how many array elements from here to the one after this value */
	const char *text; /* strings: ends in NUL; numbers: as written, does not */
	guint len;        /* of text; for lists the count of items, for objects of members */
};

struct value_tree;
/* CONTEXT when it is not JSON in UTF-8, nested over 32 deep, over 16 MiB or a million values. The error
 * names `what` and the place, never the text, because it may name people. */
struct value_tree *value_parse(const char *json, gsize len, const char *what, GError **error);
void value_tree_free(struct value_tree *t);
const struct value *value_root(const struct value_tree *t);
/* NULL: no such member, or not an object. When a name stands twice the first one counts. */
const struct value *value_member(const struct value *object, const char *name, gsize len);
/* The first item of a list that is not empty is list + 1, the one after `item` is item + item->size. */
