/* date: calendar dates as forms and spreadsheets write them. No time zone is meant or needed.
 *
 * Read are: gg.aa.yyyy, gg/aa/yyyy, gg-aa-yyyy, ISO yyyy-mm-dd (also with . or /), "31 Ocak 1980",
 * each with a weekday or a time of day beside it or not, and spreadsheet serial numbers. The day stands before the
 * month: "01/31/1980" is wrong, not American. Two-digit years are wrong: the century is not guessed.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>

enum date_result {
	DATE_OK,
	DATE_NONE,    /* empty, or a sign or day that forms use for "not given": -, Yok, 01.01.1900, 00.00.0000 */
	DATE_INVALID, /* something else, or a day that no calendar has */
};

enum { DATE_ISO_SIZE = 11 }; /* "1980-01-31" */

/* `iso` is set only for DATE_OK, else empty. `epoch_1904`: serial numbers count from 1 January 1904. */
enum date_result date_read(const char *cell, bool epoch_1904, char iso[DATE_ISO_SIZE]);

/* Day number since 1970-01-01 from a spreadsheet serial (its whole part). */
gint64 date_days_of_serial(gint64 serial, bool epoch_1904);
/* Years 0001 to 9999; false and empty outside. */
bool date_from_days(gint64 days, char iso[DATE_ISO_SIZE]);
/* The day in Turkey (UTC+3 all year) at `now` Unix seconds. */
bool date_of_unix(gint64 now, char iso[DATE_ISO_SIZE]);
