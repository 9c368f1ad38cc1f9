/* address: see address.h. GMime's parser recurses into nested groups until the stack ends; this one is a
 * loop. */
#include "parsers/address.h"
#include <stdbool.h>
#include <string.h>

struct scan {
	GPtrArray *list;
	GString *word; /* what stands outside of angles since the last ',' */
	bool angled;   /* the mailbox had its angles: the word was its name */
};

static const char *skip_comment(const char *p)
{
	int depth = 0;

	for (; *p; p++) {
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p + 1;
	}
	return p;
}

static const char *skip_quoted(const char *p)
{
	for (p++; *p && *p != '"'; p++)
		if (*p == '\\' && p[1])
			p++;
	return *p ? p + 1 : p;
}

static void add(GPtrArray *list, const char *text, size_t len)
{
	g_autofree char *address = g_ascii_strdown(text, len);
	const char *at = strrchr(address, '@');

	g_strstrip(address);
	if (!at || *address == '@' || !at[1] || !g_utf8_validate(address, -1, NULL))
		return;
	if (*address != '"' && strpbrk(address, "<>,;"))
		return;
	for (const char *p = address; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return;
	g_ptr_array_add(list, g_steal_pointer(&address));
}

static void end_mailbox(struct scan *s)
{
	if (!s->angled)
		add(s->list, s->word->str, s->word->len);
	g_string_truncate(s->word, 0);
	s->angled = false;
}

/* "<@route,@route:local@domain>" */
static const char *take_angle(struct scan *s, const char *p)
{
	const char *from = p + 1, *end;

	for (p = from; *p && *p != '>';) {
		if (*p == '"') {
			p = skip_quoted(p);
		} else {
			if (*p == ':' && *from == '@')
				from = p + 1;
			p++;
		}
	}
	end = p;
	add(s->list, from, end - from);
	s->angled = true;
	return *p ? p + 1 : p;
}

GPtrArray *address_list(const char *raw)
{
	g_autoptr(GString) word = g_string_new(NULL);
	struct scan s = { g_ptr_array_new_with_free_func(g_free), word, false };

	for (const char *p = raw; *p;) {
		if (*p == '(') {
			p = skip_comment(p);
		} else if (*p == '"') {
			const char *end = skip_quoted(p);

			g_string_append_len(word, p, end - p);
			p = end;
		} else if (*p == '<') {
			p = take_angle(&s, p);
		} else {
			if (*p == ',' || *p == ';')
				end_mailbox(&s);
			else if (*p == ':') /* a group begins: what stood before was its name */
				g_string_truncate(word, 0);
			else if (!g_ascii_isspace(*p))
				g_string_append_c(word, *p);
			p++;
		}
	}
	end_mailbox(&s);
	return s.list;
}

const char *address_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	return at ? at + 1 : address;
}

gboolean address_below(const char *domain, const char *parent)
{
	size_t n = strlen(domain), m = strlen(parent);

	if (!m || n < m || g_ascii_strcasecmp(domain + n - m, parent))
		return FALSE;
	return n == m || domain[n - m - 1] == '.';
}

gboolean address_aligned(const char *domain, const char *other)
{
	/* A bare top-level domain is nobody's parent here. */
	if (!strchr(domain, '.') || !strchr(other, '.'))
		return FALSE;
	return address_below(domain, other) || address_below(other, domain);
}
