/* words: one hash table from `key.value` to Turkish. */
#include <stdbool.h>
#include <string.h>
#include "templates/words.h"

struct words { GHashTable *table; };

/* Longer names are no words; it lets a look-up join its key without asking for memory. */
enum { WORD_MAX = 128 };

static bool word_name_ok(const char *name)
{
	return *name && strlen(name) < WORD_MAX && strchr(name, '.') &&
		strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.") == strlen(name);
}

static bool words_add(struct words *w, const char *line, guint number, GError **error)
{
	const char *equals = strchr(line, '='), *wrong = NULL;
	g_autofree char *name = equals ? g_strstrip(g_strndup(line, equals - line)) : NULL;
	g_autofree char *word = equals ? g_strstrip(g_strdup(equals + 1)) : NULL;

	if (!equals || !word_name_ok(name) || !*word)
		wrong = "not `key.value = word`";
	else if (!g_hash_table_insert(w->table, g_steal_pointer(&name), g_steal_pointer(&word)))
		wrong = "a word that stands there already";
	if (wrong)
		g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX, "words.txt:%u: %s", number, wrong);
	return !wrong;
}

struct words *words_new(const char *text, gsize len, GError **error)
{
	struct words *w = g_new0(struct words, 1);
	g_autofree char *copy = g_strndup(text, len);
	g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
	guint i;

	w->table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (i = 0; lines[i]; i++) {
		const char *line = g_strstrip(lines[i]);

		if (!*line || *line == '#')
			continue;
		if (!words_add(w, line, i + 1, error)) {
			words_free(w);
			return NULL;
		}
	}
	return w;
}

void words_free(struct words *w)
{
	if (!w)
		return;
	g_hash_table_unref(w->table);
	g_free(w);
}

const char *words_find(const struct words *w, const char *key, gsize key_len, const char *value)
{
	char name[WORD_MAX];
	gsize len = strlen(value);

	if (!len || key_len + 1 + len >= sizeof name)
		return NULL;
	memcpy(name, key, key_len);
	name[key_len] = '.';
	memcpy(name + key_len + 1, value, len + 1);
	return g_hash_table_lookup(w->table, name);
}
