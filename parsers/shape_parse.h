/* shape_parse: JSON that a caged process wrote, straight into a struct by its table (RFC 8259, less of it).
 *
 * Nothing passes but the table's keys, each at most once in an object, with values of their type: strings
 * in UTF-8 without NUL (of one line and without control characters unless the row says TEXT), counts from 0
 * to 2^53, true and false, words of the row's list. null, fractions and anything behind the object are
 * refused. Depth is the table's, so is the recursion.
 */
#pragma once
#include "parsers/shape.h"

/* Fills `p`, which shape_new made. false and `error`: it may be half filled, free it. */
bool shape_parse(const struct shape *s, void *p, const char *json, size_t len, GError **error);
