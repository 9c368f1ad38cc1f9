/* answer_words: see answer_words.h, answers.table.
 *
 * A phrase is kept as it is compared: "=" in front when it must stand alone, folded words with one blank between, "*" behind
 * a word of any ending. Phrases are found by the first letter, in the order of the table.
 */
#include "parsers/answer_words.h"

#include "parsers/fold.h"
#include "parsers/word_table.h"

#include <string.h>

enum { LETTERS = 128, NONE = -1, SHORTEST = 5 };

struct phrase { char *words; int meaning; gint next; };
struct answer_words { GArray *phrases; gint first[LETTERS]; GPtrArray *lists[ANSWER_LIST_COUNT]; };

#define NAME_(N, n) #n,
#define MEANS_(N, n) { #n, MARK_##N },
static const struct { const char *name; int meaning; } marks[] = { ANSWER_MARKS(MEANS_) };
static const char *const lists[] = { ANSWER_LISTS(NAME_) };
/* facts.c has them too, but a parser of words needs no facts. */
static const char *const answers[] = { ANSWERS(NAME_) };

/* ---- the table ---- */

/* "=E-onay ver*" as it is compared: "=e onay ver*"; NULL: no words. */
static char *fold_phrase(const char *written)
{
	GString *out = g_string_new(*written == '=' ? "=" : "");
	g_auto(GStrv) words = g_strsplit(written + (*written == '='), " ", -1);

	for (char **w = words; *w; w++) {
		g_autofree char *folded = fold_words(*w);

		if (!*folded)
			continue;
		if (out->len && out->str[out->len - 1] != '=')
			g_string_append_c(out, ' ');
		g_string_append(out, folded);
		if (g_str_has_suffix(*w, "*"))
			g_string_append_c(out, '*');
	}
	return g_string_free(out, !out->len || !strcmp(out->str, "="));
}

static int meaning_of(const char *name)
{
	for (guint i = 1; i < G_N_ELEMENTS(answers); i++)
		if (!strcmp(answers[i], name) && i != ANSWER_PARTIAL)
			return (int)i;
	for (guint i = 0; i < G_N_ELEMENTS(marks); i++)
		if (!strcmp(marks[i].name, name))
			return marks[i].meaning;
	return NONE;
}

static GPtrArray *list_of(struct answer_words *w, const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
		if (!strcmp(lists[i], name))
			return w->lists[i];
	return NULL;
}

/* What a phrase means already; NONE: nothing. */
static int known(const struct answer_words *w, const char *phrase)
{
	for (guint i = 0; i < w->phrases->len; i++)
		if (!strcmp(g_array_index(w->phrases, struct phrase, i).words, phrase))
			return g_array_index(w->phrases, struct phrase, i).meaning;
	return NONE;
}

static const char *add(void *data, const char *name, const char *written)
{
	struct answer_words *w = data;
	int meaning = meaning_of(name);
	GPtrArray *list = list_of(w, name);
	g_autofree char *phrase = fold_phrase(written);

	if (meaning == NONE && !list)
		return "an unknown meaning";
	if (!phrase)
		return "an empty phrase";
	if (list) {
		g_ptr_array_add(list, g_steal_pointer(&phrase));
		return NULL;
	}
	int before = known(w, phrase);
	if (before != NONE) /* mi and mı are one */
		return before == meaning ? NULL : "a phrase that has another meaning already";
	struct phrase row = { g_steal_pointer(&phrase), meaning, NONE };
	g_array_append_val(w->phrases, row);
	return NULL;
}

static void clear_phrase(void *p)
{
	g_free(((struct phrase *)p)->words);
}

static void index_phrases(struct answer_words *w)
{
	for (int i = 0; i < LETTERS; i++)
		w->first[i] = NONE;
	for (guint i = w->phrases->len; i-- > 0;) {
		struct phrase *p = &g_array_index(w->phrases, struct phrase, i);
		guchar letter = (guchar)p->words[*p->words == '='] & (LETTERS - 1);

		p->next = w->first[letter];
		w->first[letter] = (gint)i;
	}
}

struct answer_words *answer_words_parse(const char *text, GError **error)
{
	struct answer_words *w = g_new0(struct answer_words, 1);

	w->phrases = g_array_new(FALSE, FALSE, sizeof(struct phrase));
	g_array_set_clear_func(w->phrases, clear_phrase);
	for (int i = 0; i < ANSWER_LIST_COUNT; i++)
		w->lists[i] = g_ptr_array_new_with_free_func(g_free);
	bool well = word_table_read(text, "answers.table", add, w, error);
	index_phrases(w);
	if (!well)
		g_clear_pointer(&w, answer_words_free);
	return w;
}

void answer_words_free(struct answer_words *w)
{
	if (!w)
		return;
	g_array_unref(w->phrases);
	for (int i = 0; i < ANSWER_LIST_COUNT; i++)
		g_ptr_array_unref(w->lists[i]);
	g_free(w);
}

/* ---- asking ---- */

bool answer_words_sign(const char *word)
{
	return strchr(".,:-?\n", *word) && *word;
}

/* A number too: "onay 1-4 red 5". */
static bool is_end(const char *word)
{
	return !word || answer_words_sign(word) || g_ascii_isdigit(*word);
}

/* How many words the phrase takes at words[0]; 0: it is not there. */
static guint phrase_fits(const char *phrase, char *const *words, bool open)
{
	bool alone = *phrase == '=';
	guint n = 0;

	if (alone && !open)
		return 0;
	phrase += alone;
	while (*phrase) {
		const char *w = words[n];

		if (!w)
			return 0;
		for (; *w && *w == *phrase; w++)
			phrase++;
		if (*phrase == '*')
			phrase++;
		else if (*w || (*phrase && *phrase != ' '))
			return 0;
		n++;
		phrase += *phrase == ' ';
	}
	return alone && !is_end(words[n]) ? 0 : n;
}

guint answer_words_phrase(const struct answer_words *w, char *const *words, bool open, int *meaning)
{
	guint best = 0;

	for (gint i = w->first[(guchar)*words[0] & (LETTERS - 1)]; i != NONE;) {
		const struct phrase *p = &g_array_index(w->phrases, struct phrase, i);
		guint n = phrase_fits(p->words, words, open);

		if (n > best) {
			best = n;
			*meaning = p->meaning;
		}
		i = p->next;
	}
	return best;
}

guint answer_words_listed(const struct answer_words *w, enum answer_list list, char *const *words)
{
	guint best = 0;

	for (guint i = 0; i < w->lists[list]->len && words[0]; i++)
		best = MAX(best, phrase_fits(w->lists[list]->pdata[i], words, true));
	return best;
}

static bool begins(const GPtrArray *list, const char *word)
{
	for (guint i = 0; i < list->len; i++)
		if (g_str_has_prefix(word, list->pdata[i]))
			return true;
	return false;
}

static bool ends(const GPtrArray *list, const char *word)
{
	for (guint i = 0; i < list->len; i++)
		if (g_str_has_suffix(word, list->pdata[i]))
			return true;
	return false;
}

bool answer_words_act(const struct answer_words *w, const char *word)
{
	return ends(w->lists[LIST_ACT], word);
}

bool answer_words_denies(const struct answer_words *w, const char *word)
{
	size_t len = strlen(word);

	if (len < SHORTEST) /* the shortest denial, and the shortest verb with an ending */
		return false;
	for (guint i = 0; i < w->lists[LIST_DENIAL]->len; i++)
		if (strstr(word, w->lists[LIST_DENIAL]->pdata[i]))
			return true;
	if (ends(w->lists[LIST_CONDITION], word))
		return true;
	for (guint i = 0; i < w->lists[LIST_VERB]->len; i++) {
		const char *verb = w->lists[LIST_VERB]->pdata[i];

		if (*word == *verb && g_str_has_prefix(word, verb) && begins(w->lists[LIST_NEGATIVE], word + strlen(verb)))
			return true;
	}
	return false;
}
