/* html_guard: whether libxml2's HTML parser can be given these bytes without being slow.
 *
 * It compares each attribute of a tag with all before it: a tag of 40 000 takes seconds, and the mail has room for
 * more. Refused is a tag of over 200 attributes, and text that makes it costly to tell.
 */
#pragma once
#include <stdbool.h>

/* `html` ends with a NUL. */
bool html_guard_passes(const char *html);
