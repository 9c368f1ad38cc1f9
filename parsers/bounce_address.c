/* bounce_address: see bounce_address.h. Types before addresses are left out or wrong in many reports: what looks like an address is
 * taken.
 */
#include "parsers/bounce_address.h"
#include "parsers/address.h"
#include "parsers/encoded_word.h"
#include <string.h>

enum { LOCAL_MAX = 64, ADDRESS_MAX = 254 }; /* RFC 5321 4.5.3.1 */

char *bounce_address(const char *value)
{
	const char *semicolon = strchr(value, ';');
	g_autoptr(GPtrArray) list = address_list(semicolon ? semicolon + 1 : value);

	return list->len ? g_strdup(list->pdata[0]) : NULL;
}

bool bounce_address_goes_on(char c)
{
	return g_ascii_isalnum(c) || (c && strchr(".!#$%&'*+-/=?^_`{|}~@", c)) || (guchar)c >= 0x80;
}

/* Runs of letters, digits and what may stand between them; a dot or hyphen at the end belongs to the sentence. */
static size_t domain_at(const char *p, size_t len)
{
	size_t n = 0;

	while (n < len && n < ADDRESS_MAX && (g_ascii_isalnum(p[n]) || p[n] == '.' || p[n] == '-' || p[n] == '_'))
		n++;
	while (n && !g_ascii_isalnum(p[n - 1]))
		n--;
	return n && g_ascii_isalnum(*p) && memchr(p, '.', n) ? n : 0;
}

char *bounce_address_at(const char *text, size_t len, size_t *used)
{
	size_t n = 0, domain;

	*used = 0;
	while (n < len && n <= LOCAL_MAX && text[n] != '@' && bounce_address_goes_on(text[n]))
		n++;
	if (!n || n > LOCAL_MAX || n >= len || text[n] != '@')
		return NULL;
	domain = domain_at(text + n + 1, len - n - 1);
	if (!domain)
		return NULL;
	*used = n + 1 + domain;
	return g_ascii_strdown(text, (gssize)*used);
}

bool bounce_address_is_own(const struct mime_part *p)
{
	for (const struct mime_part *up = p->parent; up; up = up->parent)
		if (up->message)
			return false;
	return true;
}

char *bounce_address_original(const struct mime *m, const char *field)
{
	const GPtrArray *parts = mime_parts(m);

	for (guint i = 0; i < parts->len; i++) {
		const struct mime_part *p = parts->pdata[i];
		g_autoptr(fields_t) header = NULL;
		const char *value;

		if (!bounce_address_is_own(p) || (!p->message && strcmp(p->type, "text/rfc822-headers")))
			continue;
		header = mime_part_fields(p);
		value = fields_find(header, field);
		if (value)
			return encoded_word_decode(NULL, value);
	}
	return NULL;
}
