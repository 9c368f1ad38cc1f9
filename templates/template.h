/* template: one text with Mustache tags, cut once into a tree that render.h walks many times.
 *
 * The subset (mustache 5 and github.com/mustache/spec): {{name}}, {{{name}}} and {{&name}}, sections
 * {{#name}}…{{/name}}, inverted sections {{^name}}…{{/name}}, comments {{!…}}, dotted names, {{.}},
 * {{.name}}, and the rule that a section tag or comment alone on its line takes the line with it. Claimed
 * are the spec's modules comments, interpolation, inverted and sections, with one difference: a name that
 * nobody has is an error, where the spec prints nothing. Not there on purpose, and refused as SYNTAX:
 * partials, lambdas, inheritance, change of delimiters.
 */
#pragma once
#include <stdbool.h>
#include "templates/context.h"

enum node_kind { NODE_TEXT, NODE_VALUE, NODE_RAW, NODE_SECTION, NODE_INVERTED };

/* The tree lies flat in reading order: what is inside of a section stands behind it, up to `end`. */
struct node {
	enum node_kind kind;
	guint end;         /* sections: the first node after the inside */
	guint line;        /* 1-based */
	const char *text;  /* NODE_TEXT: in the template's own copy */
	gsize len;
	struct name *name; /* all others */
};

struct template {
	char *label, *source;
	GArray *nodes; /* struct node */
};

/* `label` names the template in errors. SYNTAX with the line: unclosed or unknown tag, a name that is
 * none, sections that cross, nested over 16 deep, text over 256 KiB or not UTF-8. */
struct template *template_parse(const char *label, const char *source, gsize len, GError **error);
void template_free(struct template *t);
