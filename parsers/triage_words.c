/* triage_words: see triage_words.h, triage.table. */
#include "parsers/triage_words.h"
#include "parsers/address.h"
#include "parsers/fold.h"
#include "parsers/word_table.h"
#include <string.h>

enum { HOST_MAX = 253, LOOK_BACK = 3, SPEECH_MAX = 4096 };
enum list { ATTACHED, FORM, OTHER, CLOUD, LISTS };

struct triage_words { GPtrArray *lists[LISTS]; /* char *: " word" folded, or a host */ };

static const char *const names[LISTS] = { "attached", "form", "other", "cloud" };

static int list_of(const char *name)
{
	for (int i = 0; i < LISTS; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

static const char *add(void *data, const char *name, const char *word)
{
	struct triage_words *w = data;
	int list = list_of(name);
	g_autofree char *folded = list == CLOUD ? g_ascii_strdown(word, -1) : fold_words(word);

	if (list >= 0 && *folded)
		g_ptr_array_add(w->lists[list], list == CLOUD ? g_steal_pointer(&folded) : g_strconcat(" ", folded, NULL));
	return list >= 0 ? NULL : "an unknown list";
}

struct triage_words *triage_words_parse(const char *text, GError **error)
{
	struct triage_words *w = g_new0(struct triage_words, 1);

	for (int i = 0; i < LISTS; i++)
		w->lists[i] = g_ptr_array_new_with_free_func(g_free);
	if (word_table_read(text, "triage.table", add, w, error))
		return w;
	triage_words_free(w);
	return NULL;
}

void triage_words_free(struct triage_words *w)
{
	for (int i = 0; w && i < LISTS; i++)
		g_ptr_array_unref(w->lists[i]);
	g_free(w);
}

/* Every word of the text against every word of the list: the first letter decides nearly always. */
static bool has(const struct triage_words *w, enum list list, const char *folded)
{
	for (const char *blank = folded; blank; blank = strchr(blank + 1, ' '))
		for (guint i = 0; i < w->lists[list]->len; i++) {
			const char *word = w->lists[list]->pdata[i];
			if (blank[1] == word[1] && g_str_has_prefix(blank, word))
				return true;
		}
	return false;
}

/* Addresses are nobody's words: eimza@k.test, https://k.test/form?id=1. */
static char *without_addresses(const char *text)
{
	if (!strchr(text, '@') && !strstr(text, "://") && !strstr(text, "www."))
		return g_strdup(text);
	GString *out = g_string_sized_new(strlen(text) + 1);
	while (*text) {
		size_t n = strcspn(text, " \t\r\n");
		bool address = memchr(text, '@', n) || memmem(text, n, "://", 3) || !strncmp(text, "www.", 4);

		if (!address)
			g_string_append_len(out, text, (gssize)n);
		g_string_append_c(out, ' ');
		text += n;
		text += strspn(text, " \t\r\n");
	}
	return g_string_free(out, FALSE);
}

enum triage_speech triage_words_speech(const struct triage_words *w, const char *subject, const char *text)
{
	g_autofree char *start = g_strndup(text ? text : "", SPEECH_MAX);
	g_autofree char *whole = g_strconcat(subject ? subject : "", "\n", start, NULL);
	g_autofree char *both = without_addresses(whole), *folded = fold_words(both), *padded = g_strconcat(" ", folded, NULL);

	if (has(w, ATTACHED, padded))
		return TRIAGE_ATTACHED;
	return !strchr(both, '?') && !has(w, OTHER, padded) && has(w, FORM, padded) ? TRIAGE_FORM : TRIAGE_SILENT;
}

/* ---- links ---- */

static bool shares_files(const struct triage_words *w, const char *host)
{
	for (guint i = 0; i < w->lists[CLOUD]->len; i++)
		if (address_below(host, w->lists[CLOUD]->pdata[i]))
			return true;
	return false;
}

/* What stands between host and the word before: "href='https:" and no more than that. */
static bool stands_behind(const char *text, const char *slashes, const char *attribute)
{
	const char *p = slashes;
	size_t n = strlen(attribute);

	while (p > text && (g_ascii_isalpha(p[-1]) || p[-1] == ':'))
		p--;
	for (int i = 0; i < LOOK_BACK && p > text && strchr("\"' =\t", p[-1]); i++)
		p--;
	return (size_t)(p - text) >= n && !g_ascii_strncasecmp(p - n, attribute, n);
}

static const char *find(const char *p, const char *end, char sign)
{
	const char *at = memchr(p, sign, (size_t)(end - p));

	return at ? at : end;
}

/* The bytes of "//" at p, or of the same inside another link; 0: none. */
static size_t slashes_at(const char *p, const char *end)
{
	if (end - p >= 2 && p[0] == '/' && p[1] == '/')
		return 2;
	return end - p >= 6 && *p == '%' && !g_ascii_strncasecmp(p, "%2f%2f", 6) ? 6 : 0;
}

char *triage_words_cloud(const struct triage_words *w, const char *text, size_t len, const char *attribute)
{
	const char *end = text + len, *p, *slash = find(text, end, '/'), *percent = find(text, end, '%');

	while ((p = MIN(slash, percent)) < end) {
		size_t slashes = slashes_at(p, end), n = 0;

		if (p == slash)
			slash = find(p + 1, end, '/');
		else
			percent = find(p + 1, end, '%');
		if (!slashes)
			continue;
		for (const char *h = p + slashes; h + n < end && n < HOST_MAX && (g_ascii_isalnum(h[n]) || strchr(".-", h[n]));)
			n++;
		g_autofree char *host = g_ascii_strdown(p + slashes, (gssize)n);
		bool inside = slashes != 2 || !attribute || stands_behind(text, p, attribute);
		if (n && inside && shares_files(w, host))
			return g_steal_pointer(&host);
	}
	return NULL;
}
