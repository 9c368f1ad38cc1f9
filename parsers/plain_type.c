/* plain_type: see the header. What is not understood here is only slower, so little is: no comments, no words of RFC 2047,
 * no numbered or encoded parameters of RFC 2231.
 */
#include "parsers/plain_type.h"
#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define BLANK " \t\r\n"
static const char token[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_+.";

/* "; name=value", any number of times. */
static bool has_plain_parameters(const char *p)
{
	while (*p == ';') {
		p += 1 + strspn(p + 1, BLANK);
		size_t name = strspn(p, token), value;

		if (!name || p[name] != '=')
			return false;
		p += name + 1;
		value = *p == '"' ? 1 + strcspn(p + 1, "\"\\=%") : strspn(p, token);
		if (!value || (*p == '"' && p[value++] != '"'))
			return false;
		p += value + strspn(p + value, BLANK);
	}
	return !*p;
}

char *plain_type(const char *value)
{
	size_t kind, name;

	if (!value)
		return g_strdup("text/plain");
	kind = strcspn(value, "/");
	name = value[kind] ? strspn(value + kind + 1, token) : 0;
	if (!name || !g_str_is_ascii(value) || !has_plain_parameters(value + kind + 1 + name))
		return NULL;
	if (g_ascii_strncasecmp(value, "text/", 5) && g_ascii_strncasecmp(value, "application/", 12))
		return NULL;
	return g_ascii_strdown(value, kind + 1 + name);
}
