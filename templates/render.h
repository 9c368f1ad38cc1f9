/* render: a template and a context become text.
 *
 * What a value may do depends on the mode. In text and html a line break or control character in a
 * {{value}} prints as a blank, so that a cell of a stranger's form cannot write paragraphs of its own into
 * our letter; html escapes & < > " ' as well; {{{raw}}} prints as it is. In header mode nothing is escaped,
 * and a result with any control character (CR and LF first of all) or line separator is refused: HEADER.
 */
#pragma once
#include "templates/template.h"

enum render_mode { RENDER_TEXT, RENDER_HTML, RENDER_HEADER };

/* A new string. UNKNOWN_NAME with the template, line and name; CONTEXT when an object or list stands
 * where a value should, or the result is over 16 MiB or four million steps. */
char *render_template(const struct template *t, struct context *c, enum render_mode mode, GError **error);
