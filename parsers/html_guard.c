/* html_guard: see html_guard.h.
 *
 * Where a tag ends depends on where quotes open, and what is a tag on comments and scripts; a guard that read these
 * in another way than libxml2 could be led past a tag. So every `<` with a letter behind it is taken for a tag of its
 * own, and inside it attributes are cut as HTMLparser.c's htmlParseStartElement cuts them (2.9.14). That may read the
 * same bytes several times, which the budget bounds; honest pages stay far below it.
 */
#include "parsers/html_guard.h"

#include <glib.h>
#include <string.h>

enum { MAX_ATTRIBUTES = 200, MAX_NAME = 100, TIMES = 8, FREE = 64 << 10 };

static bool is_name_start(char c)
{
	return g_ascii_isalpha(c) || c == '_' || c == ':' || c == '.';
}

static const char *skip_name(const char *p)
{
	const char *from = p;

	while (p - from < MAX_NAME && (is_name_start(*p) || g_ascii_isdigit(*p) || *p == '-'))
		p++;
	return p;
}

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

static bool is_tag_end(const char *p)
{
	return !*p || *p == '>' || (*p == '/' && p[1] == '>');
}

static const char *skip_value(const char *p)
{
	if (*p != '"' && *p != '\'')
		return p + strcspn(p, " \t\r\n>");
	const char *end = strchr(p + 1, *p);
	return end ? end + 1 : p + strlen(p);
}

/* An attribute, or what libxml2 throws away in its place. */
static const char *skip_attribute(const char *p)
{
	if (!is_name_start(*p)) {
		while (!is_tag_end(p) && !strchr(" \t\r\n", *p))
			p++;
		return p;
	}
	p = skip_blanks(skip_name(p));
	return *p == '=' ? skip_value(skip_blanks(p + 1)) : p;
}

/* NULL: more attributes than allowed. */
static const char *skip_tag(const char *p)
{
	int attributes = 0;

	for (p = skip_blanks(skip_name(p)); !is_tag_end(p); p = skip_blanks(skip_attribute(p)))
		if (++attributes > MAX_ATTRIBUTES)
			return NULL;
	return p;
}

bool html_guard_passes(const char *html)
{
	size_t read = 0, budget = TIMES * strlen(html) + FREE;

	for (const char *p = strchr(html, '<'); p; p = strchr(p + 1, '<')) {
		const char *end = is_name_start(p[1]) ? skip_tag(p + 1) : p;

		if (!end || (read += (size_t)(end - p)) > budget)
			return false;
	}
	return true;
}
