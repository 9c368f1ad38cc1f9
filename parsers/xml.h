/* xml: a stream of elements and text out of XML bytes from strangers.
 *
 * Of the XML of libxml2 no other file knows. Nothing is loaded from anywhere, no entity is declared or expanded
 * beyond the five of XML itself, the reading ends at the first DOCTYPE (office documents never have one).
 * Elements and attributes are named without their prefix.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct xml_element; /* lives during the call only */

/* Any may be NULL. `text` may come in several pieces. `open` returns false to end the reading early. */
struct xml_handlers {
	bool (*open)(void *context, const char *name, const struct xml_element *e);
	void (*close)(void *context, const char *name);
	void (*text)(void *context, const char *text, size_t len);
};

/* NULL, or the complaint: xml_doctype, xml_broken (not well-formed, deeper than 256, a text over 10 MB). */
const char *xml_walk(const char *bytes, size_t len, const struct xml_handlers *handlers, void *context);

/* The attribute's value (not NUL-terminated) in *value and *len; false: no such attribute. For numbers and codes:
 * an & would stand as &#38;. */
bool xml_attribute(const struct xml_element *e, const char *name, const char **value, size_t *len);
/* The value as a new string; NULL: no such attribute. */
char *xml_attribute_dup(const struct xml_element *e, const char *name);

/* Makes libxml2's process-wide tables now. To be called before threads start or a cage closes. */
void xml_warm_up(void);
