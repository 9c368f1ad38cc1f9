/* xml_plain: XML as office programs write it, walked without a library; several times faster than libxml2.
 *
 * Plain is a document in UTF-8 of elements, attributes, text and references alone, whose names are ASCII: no DOCTYPE, comment,
 * processing instruction or CDATA, no reference in an attribute. What is plain is well-formed; of what is not nothing is said.
 */
#pragma once
#include "parsers/xml.h"

/* As libxml2 gives them: name, prefix, namespace, value and value's end of each; here prefix and namespace are not set. */
struct xml_element { const unsigned char **attributes; int count; };

/* False: the document is not plain, and nobody was called. */
bool xml_plain_walk(const char *bytes, size_t len, const struct xml_handlers *handlers, void *context);
