/* ods_value: the values that OpenDocument writes beside a cell's text, as the text of a cell (see document.h). */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* `type` is office:value-type, `value` what stands in office:value, date-value, time-value or boolean-value. False, and
 * nothing appended: another type, or a value that is none. */
bool ods_value_append(GString *out, const char *type, const char *value);
