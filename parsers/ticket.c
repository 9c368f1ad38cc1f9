/* ticket: see ticket.h.
 *
 * Each number of the text is looked at from behind: is what stands before it one of the words? Behind a label such as
 * "Talep No" a blank is enough; "BYS 2026" may be a year, so other words want a sign between or five digits.
 */
#include "parsers/ticket.h"

#include "parsers/fold.h"

#include <string.h>

enum { BEFORE = 60, WORDS = 4, LEAST = 3, MOST = 10, BEYOND_YEARS = 5, TEXT_BYTES = 1 << 16 };

/* Its length at p, groups as in "2026/1234" together. 0: longer, shorter, or part of something else. */
static size_t number_length(const char *p, size_t *digits)
{
	size_t n = 0;

	for (*digits = 0; g_ascii_isdigit(p[n]); n++) {
		*digits += 1;
		if (p[n + 1] && strchr("/-", p[n + 1]) && g_ascii_isdigit(p[n + 2]))
			n++;
	}
	bool goes_on = p[n] && strchr(".,:", p[n]) && g_ascii_isdigit(p[n + 1]);
	bool in_word = g_unichar_isalnum(g_utf8_get_char_validated(p + n, -1));
	return goes_on || in_word || *digits < LEAST || *digits > MOST ? 0 : n;
}

/* Whether the words that end at `end` say that a ticket number follows. */
static bool is_announced(const struct headings *h, const char *start, const char *end, size_t digits)
{
	const char *from = end - start > BEFORE ? end - BEFORE : start, *word = end;
	g_autofree char *before = g_strndup(from, (gsize)(end - from));
	g_autofree char *folded = fold_words(strrchr(before, '\n') ? strrchr(before, '\n') : before);
	char *words = folded + strlen(folded);

	while (word > from && strchr(" \t-#:.", word[-1]))
		word--;
	bool sign = digits >= BEYOND_YEARS || memchr(word, '-', (size_t)(end - word)) || memchr(word, '#', (size_t)(end - word)) ||
		    memchr(word, ':', (size_t)(end - word));
	for (int n = 0; n < WORDS && words > folded; n++) {
		do
			words--;
		while (words > folded && words[-1] != ' ');
		if (!g_strcmp0(headings_value(h, "label", words), "ticket") || (sign && headings_is_ticket(h, words)))
			return true;
	}
	return end > from && end[-1] == '#' && headings_is_ticket(h, "#");
}

char *ticket_find(const struct headings *h, const char *text)
{
	size_t digits, n;

	for (const char *p = text; (p = strpbrk(p, "0123456789")) && p - text < TEXT_BYTES; p += strspn(p, "0123456789/-")) {
		bool inside = p > text && (g_ascii_isalnum(p[-1]) || (strchr(".,/", p[-1]) && p - text > 1 && g_ascii_isdigit(p[-2])));
		if (!inside && (n = number_length(p, &digits)) && is_announced(h, text, p, digits))
			return g_strndup(p, n);
	}
	return NULL;
}

char *ticket_answer(const struct headings *h, const char *own_words)
{
	char *announced = ticket_find(h, own_words);
	size_t digits, n = announced ? 0 : number_length(own_words, &digits);

	return n && (!own_words[n] || own_words[n] == '\n') ? g_strndup(own_words, n) : announced;
}
