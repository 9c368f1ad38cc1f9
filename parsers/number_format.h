/* number_format: which spreadsheet numbers are dates, and how a number reads (ECMA-376 part 1, §18.8.30-31). */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* Of the built-in formats (id below 164). */
bool number_format_id_is_date(guint id);
/* Of a format code such as dd"."mm"."yyyy or [h]:mm; text in quotes, colours and conditions do not count. */
bool number_format_is_date(const char *code);

/* `value` is the number as the file holds it. As a plain number: whole numbers below 1e15 in full, others as
 * the format "General" shows them. Text that is no number is copied. */
void number_format_append(GString *out, const char *value);
/* As a date: 1980-01-31, with a time of day 1980-01-31 09:00:00, a time alone 09:00:00. A number that is no
 * date (negative, too large) is written plainly. */
void number_format_append_date(GString *out, const char *value, bool epoch_1904);
