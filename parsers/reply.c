/* reply: own words and tokens (see reply.h).
 *
 * A token is only found here; whether it is ours and still good is for the one who holds its key.
 */
#include "parsers/reply.h"

#include "parsers/quote.h"

#include <string.h>

enum { MAX_TOKENS = 32, SECRET_LENGTH = 16, MAX_DIGITS = 18 };

/* The length of a token that begins at p, 0: none begins here. */
static size_t token_length(const char *p, const char *end)
{
	const char *q = p + 3;

	if (end - p < 3 + 1 + 1 + SECRET_LENGTH || g_ascii_strncasecmp(p, "NG-", 3))
		return 0;
	while (q < end && g_ascii_isdigit(*q))
		q++;
	if (q == p + 3 || q - p - 3 > MAX_DIGITS || end - q < 1 + SECRET_LENGTH || *q != '-')
		return 0;
	for (int i = 1; i <= SECRET_LENGTH; i++)
		if (!g_ascii_isalpha(q[i]) && (q[i] < '2' || q[i] > '7'))
			return 0;
	q += 1 + SECRET_LENGTH;
	return q < end && (g_ascii_isalnum(*q) || *q == '-') ? 0 : (size_t)(q - p);
}

static void add(GPtrArray *tokens, const char *p, size_t len)
{
	g_autofree char *token = g_ascii_strup(p, (gssize)len);

	for (guint i = 0; i < tokens->len; i++)
		if (!strcmp(tokens->pdata[i], token))
			return;
	if (tokens->len < MAX_TOKENS)
		g_ptr_array_add(tokens, g_steal_pointer(&token));
}

/* Dashes are rarer than the letter N: each is asked whether NG stands before it. */
static void find_in_text(GPtrArray *tokens, const char *text)
{
	const char *end = text + strlen(text), *dash = text;

	while ((dash = memchr(dash, '-', (size_t)(end - dash)))) {
		const char *p = dash - 2;

		dash++;
		if (p < text || (p > text && (g_ascii_isalnum(p[-1]) || p[-1] == '-')))
			continue;
		size_t len = token_length(p, end);
		if (len)
			add(tokens, p, len);
	}
}

static bool is_ours(const char *domain, const char *const *own_domains)
{
	size_t len = strcspn(domain, ">");

	for (size_t i = 0; own_domains && own_domains[i]; i++)
		if (strlen(own_domains[i]) == len && !g_ascii_strncasecmp(domain, own_domains[i], len))
			return true;
	return !own_domains;
}

static void find_in_references(GPtrArray *tokens, const char *field, const char *const *own_domains)
{
	const char *end = field + strlen(field);

	for (const char *p = field; (p = strchr(p, '<')); p++) {
		size_t len = token_length(p + 1, end);

		if (len && p[1 + len] == '@' && is_ours(p + 2 + len, own_domains))
			add(tokens, p + 1, len);
	}
}

struct reply *reply_read(const char *subject, const char *references_and_in_reply_to, const char *text,
			 const char *const *own_domains)
{
	struct reply *r = facts_reply_new();

	if (subject)
		find_in_text(r->tokens, subject);
	if (references_and_in_reply_to)
		find_in_references(r->tokens, references_and_in_reply_to, own_domains);
	if (text)
		find_in_text(r->tokens, text);
	return r;
}

void reply_own_words(struct reply *r, const struct answer_words *words, const char *text)
{
	if (!r->text)
		r->text = quote_cut(text ? text : "", words, &r->cut_line);
}
