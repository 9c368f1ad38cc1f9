/* bounce_words: see bounce_words.h, bounce.table. Phrases are found anywhere, not at the beginning of a word only: Japanese and
 * Chinese do not part their words. */
#include "parsers/bounce_words.h"
#include "parsers/fold.h"
#include <string.h>

struct bounce_words { GPtrArray *lists[BOUNCE_LISTS]; /* char *, folded */ };

static const char *const names[BOUNCE_LISTS] = {
	"speaker", "subject", "body", "points", "contact", "original", "delivered", "delayed",
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

static bool read_line(struct bounce_words *w, char *line)
{
	char *equals = strchr(line, '=');

	g_strstrip(line);
	if (!*line || *line == '#')
		return true;
	if (!equals)
		return false;
	*equals = '\0';
	int list = list_of(g_strstrip(line));
	g_auto(GStrv) phrases = g_strsplit(equals + 1, "|", -1);
	for (char **phrase = phrases; *phrase && list >= 0; phrase++) {
		g_autofree char *folded = fold_words(*phrase);
		if (*folded)
			g_ptr_array_add(w->lists[list], g_steal_pointer(&folded));
	}
	return list >= 0;
}

struct bounce_words *bounce_words_parse(const char *text, GError **error)
{
	struct bounce_words *w = g_new0(struct bounce_words, 1);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (int i = 0; i < BOUNCE_LISTS; i++)
		w->lists[i] = g_ptr_array_new_with_free_func(g_free);
	for (guint n = 0; lines[n]; n++) {
		if (read_line(w, lines[n]))
			continue;
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "bounce.table:%u: not `%s = phrase | phrase`", n + 1, names[0]);
		bounce_words_free(w);
		return NULL;
	}
	return w;
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
	for (guint i = 0; folded && i < w->lists[list]->len; i++)
		if (g_str_has_prefix(folded, w->lists[list]->pdata[i]))
			return true;
	return false;
}
