/* bounce_words: see bounce_words.h, bounce.table. Phrases are found anywhere, not at the beginning of a word only: Japanese and
 * Chinese do not part their words. */
#include "parsers/bounce_words.h"
#include "parsers/fold.h"
#include "parsers/word_table.h"
#include <string.h>

struct bounce_words { GPtrArray *lists[BOUNCE_LISTS]; /* char *, folded */ };

static const char *const names[BOUNCE_LISTS] = {
	"speaker", "subject", "body", "points", "contact", "original", "delivered", "delayed", "writer",
	"host_unknown", "user_unknown", "mailbox_full", "expired", "refused",
};

const char *bounce_words_name(enum bounce_list reason)
{
	return names[reason];
}

static int list_of(const char *name)
{
	for (int i = 0; i < BOUNCE_LISTS; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

static const char *add(void *data, const char *name, const char *phrase)
{
	struct bounce_words *w = data;
	int list = list_of(name);
	g_autofree char *folded = fold_words(phrase);

	if (list >= 0 && *folded)
		g_ptr_array_add(w->lists[list], g_steal_pointer(&folded));
	return list >= 0 ? NULL : "an unknown list";
}

struct bounce_words *bounce_words_parse(const char *text, GError **error)
{
	struct bounce_words *w = g_new0(struct bounce_words, 1);

	for (int i = 0; i < BOUNCE_LISTS; i++)
		w->lists[i] = g_ptr_array_new_with_free_func(g_free);
	if (word_table_read(text, "bounce.table", add, w, error))
		return w;
	bounce_words_free(w);
	return NULL;
}

void bounce_words_free(struct bounce_words *w)
{
	for (int i = 0; w && i < BOUNCE_LISTS; i++)
		g_ptr_array_unref(w->lists[i]);
	g_free(w);
}

bool bounce_words_has(const struct bounce_words *w, enum bounce_list list, const char *folded)
{
	for (guint i = 0; folded && i < w->lists[list]->len; i++)
		if (strstr(folded, w->lists[list]->pdata[i]))
			return true;
	return false;
}

bool bounce_words_begins(const struct bounce_words *w, enum bounce_list list, const char *folded)
{
	for (guint i = 0; folded && i < w->lists[list]->len; i++) {
		const char *phrase = w->lists[list]->pdata[i];
		if (*folded == *phrase && g_str_has_prefix(folded, phrase))
			return true;
	}
	return false;
}
