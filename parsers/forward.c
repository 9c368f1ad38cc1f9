/* forward: see the header. Programs put blank lines between the fields, wrap them, leave out brackets and the sign ">" before
 * each line; so a block is lines that look like fields, and an address is looked for without its brackets.
 */
#include "parsers/forward.h"

#include "parsers/encoded_word.h"
#include "parsers/facts.h"
#include "parsers/fold.h"
#include "parsers/kind.h"
#include "parsers/quote_line.h"
#include "parsers/text.h"

#include <string.h>

enum { MOST = 10, TO_MOST = 50, LABEL_MOST = 28 };

enum field { NONE, FROM, SUBJECT, TO };

static const struct { const char *key; enum field field; } labels[] = {
	{ "konu", SUBJECT }, { "subject", SUBJECT }, { "kime", TO }, { "to", TO }, { "alici", TO }, { "alicilar", TO },
	{ "bilgi", TO }, { "cc", TO },
};

struct search {
	struct charset *charset;
	const struct mime *mime;
	const char *const *domains;
	GPtrArray *found;
	char **lines; /* of the text that is looked through */
};

static void forward_free(void *p)
{
	struct forward *f = p;

	g_free(f->from);
	g_free(f->subject);
	g_free(f->text);
	g_ptr_array_unref(f->to);
	g_free(f);
}

static struct forward *forward_new(void)
{
	struct forward *f = g_new0(struct forward, 1);

	f->to = g_ptr_array_new_with_free_func(g_free);
	return f;
}

/* ---- addresses in words ---- */

static bool in_address(char c)
{
	return g_ascii_isalnum(c) || (c && strchr("._%+-", c));
}

/* The first at or behind *at, which moves behind its '@', whatever stands around it: brackets, "mailto:", quotes. NULL: none. */
static char *next_address(const char *words, const char **at)
{
	while ((*at = strchr(*at, '@'))) {
		const char *from = *at, *end = *at + 1;

		while (from > words && in_address(from[-1]))
			from--;
		while (in_address(*end))
			end++;
		while (end > *at && end[-1] == '.')
			end--;
		bool whole = from < *at && end > *at + 1;
		++*at;
		if (whole)
			return g_ascii_strdown(from, end - from);
	}
	return NULL;
}

static char *ca_address(const struct search *s, const char *words)
{
	const char *at = words;
	char *address;

	while ((address = next_address(words, &at)) && !kind_is_from(address, s->domains))
		g_free(address);
	return address;
}

static bool names_ca(const struct search *s, const char *words)
{
	g_autofree char *address = ca_address(s, words);

	return address != NULL;
}

static void add_to(struct forward *f, const char *words)
{
	const char *at = words;
	char *address;

	while (f->to->len < TO_MOST && (address = next_address(words, &at)))
		g_ptr_array_add(f->to, address);
}

/* ---- blocks of fields in words ---- */

static enum field field_of(const char *line)
{
	struct quote_line l = { .at = line, .len = strlen(line) };
	const char *colon = memchr(line, ':', MIN(l.len, LABEL_MOST));
	char key[2 * LABEL_MOST];

	if (!colon)
		return NONE;
	fold_key_into(key, sizeof key, line, (size_t)(colon - line));
	for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
		if (!strcmp(labels[i].key, key))
			return labels[i].field;
	return quote_line_is_sender(&l) ? FROM : NONE;
}

static bool is_field(const char *line)
{
	struct quote_line l = { .at = line, .len = strlen(line) };

	return l.len && (quote_line_kind(&l) == QUOTE_HEADER || field_of(line) != NONE);
}

/* Lines i and on belong to the block that they follow: a field, or one line with a field behind it. */
static bool goes_on(char **lines, guint i)
{
	return lines[i] && (is_field(lines[i]) || (lines[i + 1] && is_field(lines[i + 1])));
}

static void read_field(const struct search *s, struct forward *f, const char *line)
{
	const char *colon = strchr(line, ':');

	switch (field_of(line)) {
	case FROM:
		f->from = f->from ? f->from : ca_address(s, colon);
		break;
	case SUBJECT:
		f->subject = f->subject ? f->subject : g_strstrip(g_strdup(colon + 1));
		break;
	case TO:
		add_to(f, colon);
		break;
	default:
		break;
	}
}

/* The block that begins at line i; the number of the line behind it. What is not of KAMU SM is thrown away. */
static guint read_block(struct search *s, guint i)
{
	struct forward *f = forward_new();
	guint end = i;

	for (; end == i || goes_on(s->lines, end); end++)
		read_field(s, f, s->lines[end]);
	if (!f->from) {
		forward_free(f);
		return end;
	}
	f->text = g_strjoinv("\n", s->lines + end);
	g_ptr_array_add(s->found, f);
	return end;
}

/* Without what programs put before each line of a quote and around bold words. */
static char *bare(const char *line)
{
	char *text = g_strdup(line + strspn(line, " \t>*"));

	return g_strchomp(text);
}

static void find_in_words(struct search *s, const char *text)
{
	if (!text || !names_ca(s, text))
		return;
	s->lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; s->lines[i]; i++) {
		char *line = s->lines[i];

		s->lines[i] = bare(line);
		g_free(line);
	}
	for (guint i = 0; s->lines[i] && s->found->len < MOST;)
		i = is_field(s->lines[i]) ? read_block(s, i) : i + 1;
	g_strfreev(s->lines);
}

/* ---- attached mails ---- */

static void find_in_message(struct search *s, const struct mime_part *message)
{
	g_autoptr(fields_t) fields = mime_part_fields(message);
	g_autoptr(GPtrArray) ignored = facts_complaints_new();
	g_autofree char *text = text_of_message(s->charset, s->mime, message, ignored);
	const char *from = fields_find(fields, "From"), *subject = fields_find(fields, "Subject"), *to = fields_find(fields, "To");
	char *ca = from ? ca_address(s, from) : NULL;

	if (!ca) {
		find_in_words(s, text);
		return;
	}
	struct forward *f = forward_new();
	f->from = ca;
	f->subject = subject ? encoded_word_decode(s->charset, subject) : NULL;
	f->text = g_strdup(text ? text : "");
	add_to(f, to ? to : "");
	g_ptr_array_add(s->found, f);
}

GPtrArray *forward_find(struct charset *c, const struct mime *m, const char *text, const char *const *ca_domains)
{
	struct search s = { c, m, ca_domains, g_ptr_array_new_with_free_func(forward_free), NULL };
	const GPtrArray *parts = mime_parts(m);

	find_in_words(&s, text);
	for (guint i = 0; i < parts->len && s.found->len < MOST; i++)
		if (((const struct mime_part *)parts->pdata[i])->message)
			find_in_message(&s, parts->pdata[i]);
	return s.found;
}
