/* headings: the words of request forms (see headings.h, headings.table).
 *
 * One hash table holds all words; its keys carry the field in front ("kind:yenileme"), column headings under
 * "column:", so that one word may be a heading and a value.
 */
#include "parsers/headings.h"

#include "parsers/fold.h"

#include <string.h>

enum { KEY_SIZE = 160, MAX_CELL = 600, NOT_GIVEN_SIZE = 24 };

struct headings { GHashTable *words; /* key to value, both owned */ };

static const char *const field_names[] = {
#define NAME_(N, n) #n,
	HEADING_FIELDS(NAME_)
#undef NAME_
};

/* The values that facts.h knows; a misspelt one in the file would be lost silently. */
static const struct { const char *field, *values; } vocabulary[] = {
	{ "kind", " first lost renewal other " }, { "reader", " mini desktop none " }, { "backup", " yes no " },
	{ "years", " 1 2 3 4 5 " }, { "label", " unit ticket " },
};

/* The field's name in the table, if it has this value. */
static const char *field_with_value(const char *field, const char *value)
{
	g_autofree char *padded = g_strdup_printf(" %s ", value);

	for (size_t i = 0; i < G_N_ELEMENTS(vocabulary); i++)
		if (!strcmp(vocabulary[i].field, field))
			return strstr(vocabulary[i].values, padded) ? vocabulary[i].field : NULL;
	return NULL;
}

static enum heading_field field_of_name(const char *name)
{
	for (int i = 0; i < HEADING_COUNT; i++)
		if (!strcmp(field_names[i], name))
			return (enum heading_field)i;
	return HEADING_UNKNOWN;
}

/* "kind: first" to the space "kind:" and value "first"; "tckn" to "column:" and "tckn". NULL: no such name. */
static const char *read_name(const char *name, char **value)
{
	g_auto(GStrv) parts = g_strsplit(name, ":", 2);

	if (!parts[0])
		return NULL;
	g_strstrip(parts[0]);
	if (parts[1]) {
		*value = g_strdup(g_strstrip(parts[1]));
		return field_with_value(parts[0], *value);
	}
	*value = g_strdup(parts[0]);
	if (!strcmp(parts[0], "not_given"))
		return "not_given";
	return field_of_name(parts[0]) != HEADING_UNKNOWN ? "column" : NULL;
}

static bool add_word(struct headings *h, const char *space, const char *value, const char *word)
{
	g_autofree char *folded = fold_key(word);
	g_autofree char *key = g_strconcat(space, ":", folded, NULL);
	const char *known = g_hash_table_lookup(h->words, key);

	if (!*folded || strlen(key) >= KEY_SIZE)
		return false;
	if (known)
		return !strcmp(known, value);
	g_hash_table_insert(h->words, g_steal_pointer(&key), g_strdup(value));
	return true;
}

static bool add_line(struct headings *h, char *line, guint number, GError **error)
{
	g_autofree char *value = NULL;
	char *equals = strchr(g_strstrip(line), '=');

	if (!*line || *line == '#')
		return true;
	if (equals)
		*equals = '\0';
	const char *space = equals ? read_name(line, &value) : NULL;
	if (!space) {
		g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_PARSE,
			    "headings, line %u: \"%s\" is no field", number, line);
		return false;
	}
	g_auto(GStrv) words = g_strsplit(equals + 1, "|", -1);
	for (char **w = words; *w; w++) {
		if (add_word(h, space, value, g_strstrip(*w)))
			continue;
		g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_PARSE,
			    "headings, line %u: \"%s\" is empty, too long, or has another meaning already",
			    number, *w);
		return false;
	}
	return true;
}

struct headings *headings_parse(const char *text, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	struct headings *h = g_new0(struct headings, 1);

	h->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (guint i = 0; lines[i]; i++)
		if (!add_line(h, lines[i], i + 1, error)) {
			headings_free(h);
			return NULL;
		}
	return h;
}

void headings_free(struct headings *h)
{
	if (!h)
		return;
	g_hash_table_unref(h->words);
	g_free(h);
}

static const char *lookup(const struct headings *h, const char *space, const char *text, size_t len)
{
	char key[KEY_SIZE];
	size_t n = strlen(space);

	if (len > MAX_CELL)
		return NULL;
	memcpy(key, space, n);
	key[n] = ':';
	fold_key_into(key + n + 1, sizeof key - n - 1, text, len);
	return key[n + 1] ? g_hash_table_lookup(h->words, key) : NULL;
}

/* First the whole cell, then without what stands in brackets or on further lines. */
enum heading_field headings_column(const struct headings *h, const char *cell)
{
	const char *name = lookup(h, "column", cell, strlen(cell));

	if (!name)
		name = lookup(h, "column", cell, strcspn(cell, "([{"));
	if (!name)
		name = lookup(h, "column", cell, strcspn(cell, "\r\n"));
	return name ? field_of_name(name) : HEADING_UNKNOWN;
}

const char *headings_value(const struct headings *h, const char *field, const char *cell)
{
	size_t len = strlen(cell), digits = strspn(cell, "0123456789");
	const char *whole = lookup(h, field, cell, len);

	if (whole || !digits || digits == len)
		return whole;
	const char *code = lookup(h, field, cell, digits);
	const char *word = lookup(h, field, cell + digits, len - digits);
	return code && word && !strcmp(code, word) ? code : NULL;
}

/* Most cells are longer than any word for nothing; they are not folded. */
bool headings_is_empty(const struct headings *h, const char *cell)
{
	char key[NOT_GIVEN_SIZE];
	size_t len = strlen(cell);

	if (!len)
		return true;
	if (len >= NOT_GIVEN_SIZE && g_ascii_isalnum(*cell))
		return false;
	fold_key_into(key, sizeof key, cell, len);
	return !*key || lookup(h, "not_given", cell, len);
}
