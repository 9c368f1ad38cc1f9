/* notice_draft: a rule for a mail that no rule knows, to be pasted into a file of rules (kamusm.rules).
 *
 * Made from its subject and its first line. Its event is left open as "?", for a person to choose, unless the mail speaks
 * of a password: then no word of its text is in the draft. Numbers fit any number, and are made ones in the example.
 */
#pragma once
#include <glib.h>

/* Both may be NULL. g_free. */
char *notice_draft(const char *subject, const char *text);
