/* form_reach: see form_reach.h. A blank between two letters is not left out: "a bir@" may be "a.bir@". */
#include "parsers/form_reach.h"

#include <string.h>

static bool is_address(const char *a)
{
	const char *at = strchr(a, '@'), *dot = at ? strrchr(at, '.') : NULL;

	if (!at || at == a || strchr(at + 1, '@') || !dot || dot == at + 1 || strlen(dot) < 3 || strlen(a) > 254)
		return false;
	for (const char *p = a; *p; p++)
		if (!g_ascii_isalnum(*p) && !strchr(p < at ? "._%+-'&=!#$*/?^`{|}~@" : ".-@", *p))
			return false;
	return a[0] != '.' && at[-1] != '.' && at[1] != '-' && !strstr(a, "..");
}

/* What stands in pointed brackets, else all. */
static char *undressed(const char *cell, bool *mended)
{
	const char *from = strchr(cell, '<'), *to = from ? strchr(from, '>') : NULL;
	bool dressed = to && !strchr(to, '@') && !memchr(cell, '@', (size_t)(from - cell));
	char *text = g_strstrip(dressed ? g_strndup(from + 1, (gsize)(to - from - 1)) : g_strdup(cell));

	*mended = dressed;
	if (!g_ascii_strncasecmp(text, "mailto:", 7)) {
		memmove(text, text + 7, strlen(text + 7) + 1);
		*mended = true;
	}
	return text;
}

static bool is_dropped(const char *text, const char *p)
{
	static const char signs[] = "@.-";

	if (*p == ' ')
		return p == text || !p[1] || strchr(signs, p[1]) || strchr(signs, p[-1]);
	return !p[1] && strchr(",;.", *p);
}

char *form_reach_address(const char *cell, bool *mended)
{
	g_autofree char *text = undressed(cell, mended);
	g_autoptr(GString) out = g_string_new(NULL);

	for (const char *p = text; *p; p++) {
		bool drop = is_dropped(text, p);
		*mended |= drop;
		if (!drop)
			g_string_append_c(out, g_ascii_tolower(*p));
	}
	return is_address(out->str) ? g_strdup(out->str) : NULL;
}

bool form_reach_is_of(const char *address, const char *const *domains)
{
	const char *domain = strchr(address, '@') + 1;

	for (size_t i = 0; domains && domains[i]; i++) {
		size_t len = strlen(domains[i]), ours = strlen(domain);
		bool below = *domains[i] == '.';
		if ((below ? ours > len : ours == len) && !g_ascii_strcasecmp(domain + ours - len, domains[i]))
			return true;
	}
	return !domains;
}

/* A number that a spreadsheet took for a quantity: "5001112233.0". */
static size_t length_without_fraction(const char *cell)
{
	size_t digits = strspn(cell, "0123456789"), noughts = digits && cell[digits] ? strspn(cell + digits + 1, "0") : 0;

	return noughts && strchr(".,", cell[digits]) && !cell[digits + 1 + noughts] ? digits : strlen(cell);
}

char *form_reach_mobile(const char *cell)
{
	static const char *const leads[] = { "0090", "90", "0", "" };
	g_autoptr(GString) digits = g_string_new(NULL);
	size_t len = length_without_fraction(cell);

	for (size_t i = 0; i < len; i++) {
		if (g_ascii_isdigit(cell[i]))
			g_string_append_c(digits, cell[i]);
		else if (!strchr(" +()-./'", cell[i]))
			return NULL;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(leads); i++) {
		const char *d = digits->str + strlen(leads[i]);
		if (g_str_has_prefix(digits->str, leads[i]) && strlen(d) == 10 && *d == '5')
			return g_strdup_printf("+90 %.3s %.3s %.2s %.2s", d, d + 3, d + 6, d + 8);
	}
	return NULL;
}
