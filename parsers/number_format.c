/* number_format: which spreadsheet numbers are dates, and how a number reads (see number_format.h).
 *
 * Only dates are recognised. Money, percent and thousands separators are not imitated: an identity number in
 * a cell that somebody formatted as money must keep its plain digits.
 */
#include "parsers/number_format.h"

#include "parsers/date.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool number_format_id_is_date(guint id)
{
	return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/* [h], [mm], [ss] are elapsed times; [Red], [$-41F], [>1] say nothing of dates. */
static const char *skip_bracket(const char *p, bool *is_time)
{
	const char *end = strchr(p, ']');
	size_t len = end ? (size_t)(end - p - 1) : 0;

	*is_time = len > 0 && strspn(p + 1, "hHmMsS") == len;
	return end ? end : p;
}

bool number_format_is_date(const char *code)
{
	bool is_time = false;

	for (const char *p = code; *p && *p != ';' && !is_time; p++) {
		if (*p == '"')
			p = strchr(p + 1, '"') ? strchr(p + 1, '"') : p;
		else if (*p == '[')
			p = skip_bracket(p, &is_time);
		else if ((*p == '\\' || *p == '_' || *p == '*') && p[1])
			p++;
		else if (!g_ascii_strncasecmp(p, "general", 7) || !g_ascii_strncasecmp(p, "standard", 8))
			return false;
		else
			is_time = strchr("ymdhsYMDHSgaGA", *p) != NULL; /* g: gün, a: ay in Turkish files */
	}
	return is_time;
}

static void strip_zeros(char *text)
{
	char *exponent = strchr(text, 'E');
	char *end = exponent ? exponent : text + strlen(text);

	if (!memchr(text, '.', (size_t)(end - text)))
		return;
	char *last = end;
	while (last[-1] == '0')
		last--;
	if (last[-1] == '.')
		last--;
	memmove(last, end, strlen(end) + 1);
}

/* "General" shows 11 characters: about 10 digits, or five decimals and an exponent. */
static void append_general(GString *out, double v)
{
	char text[64];
	double size = fabs(v);

	if (v == trunc(v) && size < 1e15)
		snprintf(text, sizeof text, "%.0f", v);
	else if (size >= 1e-4 && size < 1e10)
		snprintf(text, sizeof text, "%.*f", size < 1 ? 9 : 9 - (int)floor(log10(size)), v);
	else
		snprintf(text, sizeof text, "%.5E", v);
	strip_zeros(text);
	g_string_append(out, strcmp(text, "-0") ? text : "0");
}

void number_format_append(GString *out, const char *value)
{
	size_t len = strlen(value);
	char *end;

	if (len < 16 && strspn(value, "0123456789") == len && (*value != '0' || len == 1)) {
		g_string_append_len(out, value, (gssize)len);
		return;
	}
	double v = g_ascii_strtod(value, &end);
	if (end == value || *end || !isfinite(v))
		g_string_append(out, value);
	else
		append_general(out, v);
}

void number_format_append_date(GString *out, const char *value, bool epoch_1904)
{
	char *end, iso[DATE_ISO_SIZE] = "";
	double v = g_ascii_strtod(value, &end);

	if (end == value || *end || !(v >= 0 && v < 2958466)) { /* 2958466 is the first day of 10000 */
		number_format_append(out, value);
		return;
	}
	gint64 day = (gint64)v, seconds = (gint64)llround((v - (double)day) * 86400);
	day += seconds / 86400;
	seconds %= 86400;
	if (day > 0 && date_from_days(date_days_of_serial(day, epoch_1904), iso))
		g_string_append(out, iso);
	if (seconds || !iso[0])
		g_string_append_printf(out, "%s%02d:%02d:%02d", iso[0] ? " " : "", (int)(seconds / 3600),
				       (int)(seconds / 60 % 60), (int)(seconds % 60));
}
