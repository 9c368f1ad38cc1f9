/* date: calendar dates as forms and spreadsheets write them (see date.h).
 *
 * Own arithmetic: the C library's calendar asks the time zone files, which a caged reader cannot open.
 */
#include "parsers/date.h"

#include "parsers/fold.h"

#include <stdio.h>
#include <string.h>

struct ymd { int year, month, day; };

static const char *const months[12][2] = { /* folded: full name, Turkish short name is its first 3 letters */
	{ "ocak", "january" }, { "subat", "february" }, { "mart", "march" }, { "nisan", "april" },
	{ "mayis", "may" }, { "haziran", "june" }, { "temmuz", "july" }, { "agustos", "august" },
	{ "eylul", "september" }, { "ekim", "october" }, { "kasim", "november" }, { "aralik", "december" },
};

static const char *const weekdays[] = { "pazartesi", "sali", "carsamba", "persembe", "cumartesi", "cuma", "pazar" };

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_calendar_day(struct ymd d)
{
	static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (d.year < 1900 || d.year > 2199 || d.month < 1 || d.month > 12 || d.day < 1)
		return false;
	return d.day <= length[d.month - 1] + (d.month == 2 && is_leap(d.year));
}

/* Civil date from days, by eras of 400 years that begin on 1 March (Howard Hinnant's algorithm). */
bool date_from_days(gint64 days, char iso[DATE_ISO_SIZE])
{
	iso[0] = '\0';
	if (days < -719162 || days > 2932896)
		return false;
	days += 719468;
	gint64 era = days / 146097, day_of_era = days % 146097;
	gint64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	gint64 shifted = (5 * day_of_year + 2) / 153;
	unsigned day = (unsigned)(day_of_year - (153 * shifted + 2) / 5 + 1);
	unsigned month = (unsigned)(shifted < 10 ? shifted + 3 : shifted - 9);
	unsigned year = (unsigned)(year_of_era + era * 400 + (month <= 2));

	snprintf(iso, DATE_ISO_SIZE, "%04u-%02u-%02u", year % 10000, month % 100, day % 100);
	return true;
}

gint64 date_days_of_serial(gint64 serial, bool epoch_1904)
{
	if (epoch_1904)
		return serial - 24107;
	/* Lotus 1-2-3 thought that 1900 was a leap year, and Excel kept the day (serial 60) for its sake. */
	return serial - 25569 + (serial < 60);
}

bool date_of_unix(gint64 now, char iso[DATE_ISO_SIZE])
{
	gint64 local = CLAMP(now, -62135596800, 253402300799) + 3 * 3600;

	return date_from_days(local / 86400 - (local % 86400 < 0), iso);
}

static int month_of_word(const char *word)
{
	size_t len = strlen(word);

	for (int m = 0; m < 12 && len >= 3; m++)
		for (int i = 0; i < 2; i++)
			if (g_str_has_prefix(months[m][i], word))
				return m + 1;
	return 0;
}

/* Excel's long dates have one: "31 Ocak 1980 Perşembe". */
static const char *skip_weekday(const char *p)
{
	const char *word = p + strspn(p, " ,");

	for (size_t i = 0; i < G_N_ELEMENTS(weekdays); i++) {
		const char *behind = word + strlen(weekdays[i]);
		if (g_str_has_prefix(word, weekdays[i]) && !g_ascii_isalnum(*behind))
			return behind + strspn(behind, " ,");
	}
	return p;
}

/* A time of day may follow; spreadsheets add 00:00:00 to every date. */
static bool is_time_or_nothing(const char *p)
{
	p = skip_weekday(p);
	while (*p == ' ' || *p == 'T' || *p == 't' || *p == ',')
		p++;
	return strspn(p, "0123456789:.zZ+ ") == strlen(p);
}

/* Up to `max` digits at *p; -1 when there is none or more follow. */
static int take_number(const char **p, int max, int *digits)
{
	int value = 0;

	for (*digits = 0; g_ascii_isdigit(**p); ++*p, ++*digits) {
		if (*digits == max)
			return -1;
		value = value * 10 + (**p - '0');
	}
	return *digits ? value : -1;
}

static bool take_separator(const char **p, char *which)
{
	size_t blanks = strspn(*p, " ");
	const char *q = *p + blanks;

	*which = ' ';
	if (*q && strchr("./-,", *q))
		*which = *q++;
	else if (!blanks)
		return false;
	*p = q + strspn(q, " ");
	return true;
}

static int take_month(const char **p, int *digits)
{
	size_t len = 0;

	if (g_ascii_isdigit(**p))
		return take_number(p, 2, digits);
	while (g_ascii_isalpha((*p)[len]))
		len++;
	g_autofree char *word = g_strndup(*p, len);
	*p += len;
	return *digits = 0, month_of_word(word);
}

/* `text` is folded. "31.01.1980", "31 ocak 1980", "1980-01-31", and what may follow them. */
static bool read_written(const char *text, struct ymd *d)
{
	char first, second;
	int digits, month_digits, last_digits;
	int a = take_number(&text, 4, &digits);
	bool year_first = digits == 4;

	if (a < 0 || digits == 3 || !take_separator(&text, &first))
		return false;
	d->month = take_month(&text, &month_digits);
	if (!take_separator(&text, &second) || (month_digits && first != second))
		return false;
	int c = take_number(&text, 4, &last_digits);
	if (c < 0 || (year_first ? last_digits > 2 : last_digits != 4))
		return false;
	d->year = year_first ? a : c;
	d->day = year_first ? c : a;
	return is_time_or_nothing(text);
}

/* Other words that say nothing are data (headings.table) and do not come here; this one is a value in other columns. */
static bool is_not_given(const char *folded)
{
	g_autofree char *key = fold_key(folded);

	return !*key || !strcmp(key, "yok");
}

/* What an empty cell becomes in many programs: day 0, 1 or 2 of their calendars, or noughts. */
static bool is_empty_day(struct ymd d)
{
	return (!d.year && !d.month && !d.day) || (d.year == 1900 && d.month == 1 && d.day <= 2) ||
		(d.year == 1899 && d.month == 12 && d.day >= 30);
}

/* A bare number in a date column is a serial; other numbers (a year, a phone) are far from this range. */
static bool read_serial(const char *text, bool epoch_1904, char iso[DATE_ISO_SIZE])
{
	char *end;
	gint64 serial = g_ascii_strtoll(text, &end, 10);

	if (end == text || (*end && *end != '.') || (*end == '.' && strspn(end + 1, "0123456789") != strlen(end + 1)))
		return false;
	return serial >= 3000 && serial < 80000 && date_from_days(date_days_of_serial(serial, epoch_1904), iso);
}

enum date_result date_read(const char *cell, bool epoch_1904, char iso[DATE_ISO_SIZE])
{
	g_autofree char *folded = fold_ascii(cell ? cell : "");
	struct ymd d = { 0 };

	iso[0] = '\0';
	g_strstrip(folded);
	if (is_not_given(folded) || !strcmp(folded, "0") || !strcmp(folded, "1"))
		return DATE_NONE;
	if (read_serial(folded, epoch_1904, iso))
		return DATE_OK;
	bool written = read_written(skip_weekday(folded), &d);
	if (written && is_empty_day(d))
		return DATE_NONE;
	if (!written || !is_calendar_day(d))
		return DATE_INVALID;
	snprintf(iso, DATE_ISO_SIZE, "%04u-%02u-%02u", (unsigned)d.year % 10000, (unsigned)d.month % 100, (unsigned)d.day % 100);
	return DATE_OK;
}
