/* tckn: the 11-digit national identity number (see tckn.h).
 *
 * A spreadsheet that took the number for a quantity shows it as 12345678901.0 (nothing lost) or as
 * 1.23456789E+10 (rounded: what is shown cannot be the number, even if padding it with zeros
 * happened to satisfy the check digits).
 */
#include "parsers/tckn.h"

#include <glib.h>
#include <string.h>

bool tckn_valid(const char *digits)
{
	int odd = 0, even = 0;

	if (strlen(digits) != 11 || strspn(digits, "0123456789") != 11 || digits[0] == '0')
		return false;
	for (int i = 0; i < 9; i++)
		*(i % 2 ? &even : &odd) += digits[i] - '0';
	int tenth = (odd * 7 - even) % 10;
	if (tenth < 0)
		tenth += 10;
	return digits[9] - '0' == tenth && digits[10] - '0' == (odd + even + tenth) % 10;
}

bool tckn_is_foreign(const char *digits)
{
	return !strncmp(digits, "99", 2);
}

/* Skips a blank of any kind that office programs put around or into numbers; 0: none here. */
static size_t blank_length(const char *p)
{
	static const char *const wide[] = { "\xc2\xa0", "\xc2\xad", "\xe2\x80\xaf", "\xe2\x80\x89",
		"\xe2\x80\x8b", "\xe2\x80\x8e", "\xe2\x80\xac", "\xe2\x80\xaa", "\xe2\x80\xad", "\xef\xbb\xbf" };

	if ((guchar)*p < 0x80)
		return *p && strchr(" \t\r\n", *p) ? 1 : 0;
	for (size_t i = 0; i < G_N_ELEMENTS(wide); i++)
		if (g_str_has_prefix(p, wide[i]))
			return strlen(wide[i]);
	return 0;
}

static char *trimmed(const char *cell)
{
	size_t skip, end = strlen(cell);

	while ((skip = blank_length(cell)))
		cell += skip, end -= skip;
	for (size_t i = 0; i < end;) { /* blanks have several bytes: find the last one that is none */
		size_t gap = 0;
		while (i + gap < end && (skip = blank_length(cell + i + gap)))
			gap += skip;
		if (gap && i + gap >= end)
			return g_strndup(cell, i);
		i += gap ? gap : 1;
	}
	return g_strndup(cell, end);
}

/* "1.2345678901E+10" is exact only when the mantissa shows every digit that the exponent promises. */
static enum tckn_result read_exponent(const char *text, char *digits)
{
	size_t n = 0;
	const char *p = text;

	for (; *p && *p != 'E' && *p != 'e'; p++) {
		if (g_ascii_isdigit(*p) && n < 16)
			digits[n++] = *p;
		else if ((*p != '.' && *p != ',') || p != text + 1)
			return TCKN_NOT_NUMBER;
	}
	digits[n] = '\0';
	if (*p++ != 'E' && p[-1] != 'e')
		return TCKN_NOT_NUMBER;
	char *end;
	gint64 exponent = g_ascii_strtoll(p, &end, 10);
	if (*end || end == p || !n)
		return TCKN_NOT_NUMBER;
	if (exponent != 10)
		return TCKN_LENGTH;
	return n == 11 ? TCKN_OK : TCKN_DIGITS_LOST;
}

/* Digits with blanks, dots or dashes between them. */
static enum tckn_result read_spaced(const char *text, char *digits)
{
	enum tckn_result result = TCKN_OK;
	size_t n = 0;

	for (const char *p = text; *p;) {
		size_t skip = blank_length(p);
		if (!skip && strchr(".-/", *p))
			skip = 1;
		if (!skip && !g_ascii_isdigit(*p))
			return TCKN_NOT_NUMBER;
		if (!skip && n == 11)
			return TCKN_LENGTH;
		if (!skip)
			digits[n++] = *p++;
		else
			result = TCKN_REPAIRED, p += skip;
	}
	digits[n] = '\0';
	return n == 11 ? result : TCKN_LENGTH;
}

static enum tckn_result read_digits(char *text, char *digits)
{
	char *fraction = strpbrk(text, ".,");

	if (!*text)
		return TCKN_EMPTY;
	if (strpbrk(text, "eE") && g_ascii_isdigit(*text))
		return read_exponent(text, digits);
	if (fraction && fraction - text == 11 && strspn(fraction + 1, "0") == strlen(fraction + 1))
		*fraction = '\0';
	return read_spaced(text, digits);
}

enum tckn_result tckn_read(const char *cell, char digits[12])
{
	char work[17] = "";
	g_autofree char *text = trimmed(cell ? cell : "");
	char *start = *text == '\'' ? text + 1 : text; /* the mark by which spreadsheets say "this is text" */
	enum tckn_result result = read_digits(start, work);

	digits[0] = '\0';
	if (result > TCKN_REPAIRED)
		return result;
	if (!tckn_valid(work))
		return TCKN_CHECK_DIGIT;
	memcpy(digits, work, 12);
	return result;
}
