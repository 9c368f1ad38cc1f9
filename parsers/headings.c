/* headings: the words of request forms (see headings.h, headings.table).
 *
 * One hash table holds all words; its keys carry the field in front ("kind:yenileme"), column headings under
 * "column:", so that one word may be a heading and a value.
 */
#include "parsers/headings.h"

#include "parsers/fold.h"

#include <string.h>

enum { KEY_SIZE = 160, MAX_CELL = 600, NOT_GIVEN_SIZE = 24 };

struct word { char *value; enum heading_field field; guint file; };
struct row { char *name; GPtrArray *words; };

struct headings {
	GHashTable *words; /* key to struct word */
	GPtrArray *rows;   /* struct row, as written: for people */
	guint file;        /* counts the files that were read */
};

static const char *const field_names[] = {
#define NAME_(N, n) #n,
	HEADING_FIELDS(NAME_)
#undef NAME_
};

/* The values that facts.h knows; a misspelt one in the file would be lost silently. */
static const struct { const char *field, *values; } vocabulary[] = {
	{ "kind", " first lost renewal other " }, { "reader", " mini desktop none " }, { "backup", " yes no " },
	{ "years", " 1 2 3 4 5 " }, { "label", " unit ticket form_version " },
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

/* Lists of words that have no value. */
static const char *const lists[] = { "not_given", "ticket", "title_before_name" };

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
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		if (!strcmp(parts[0], lists[i]))
			return lists[i];
	return field_of_name(parts[0]) != HEADING_UNKNOWN ? "column" : NULL;
}

/* ---- one line ---- */

static void word_free(void *p)
{
	struct word *word = p;

	g_free(word->value);
	g_free(word);
}

static void row_free(void *p)
{
	struct row *row = p;

	g_free(row->name);
	g_ptr_array_unref(row->words);
	g_free(row);
}

/* "#" alone folds to nothing, and is a sign of its own before ticket numbers. */
static char *key_of(const char *space, const char *word)
{
	g_autofree char *folded = fold_key(word);

	if (!*folded && strcmp(word, "#"))
		return NULL;
	return g_strconcat(space, ":", *folded ? folded : word, NULL);
}

static bool add_word(struct headings *h, const char *space, const char *value, const char *word)
{
	g_autofree char *key = key_of(space, word);
	const struct word *known = key ? g_hash_table_lookup(h->words, key) : NULL;

	if (!key || strlen(key) >= KEY_SIZE)
		return false;
	if (known && known->file == h->file)
		return !strcmp(known->value, value);
	struct word *w = g_new(struct word, 1);
	*w = (struct word){ g_strdup(value), field_of_name(value), h->file };
	g_hash_table_replace(h->words, g_steal_pointer(&key), w);
	return true;
}

static GPtrArray *words_of_row(struct headings *h, const char *space, const char *value)
{
	g_autofree char *name = strcmp(space, "column") && strcmp(space, value) ? g_strdup_printf("%s: %s", space, value)
										: g_strdup(value);

	for (guint i = 0; i < h->rows->len; i++)
		if (!strcmp(((struct row *)h->rows->pdata[i])->name, name))
			return ((struct row *)h->rows->pdata[i])->words;
	struct row *row = g_new(struct row, 1);
	*row = (struct row){ g_steal_pointer(&name), g_ptr_array_new_with_free_func(g_free) };
	g_ptr_array_add(h->rows, row);
	return row->words;
}

static bool fault(GError **error, guint number, const char *what, const char *why)
{
	g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_PARSE, "headings, line %u: \"%s\" %s", number, what, why);
	return false;
}

static bool add_row(struct headings *h, char *line, guint number, GError **error)
{
	g_autofree char *value = NULL;
	char *equals = strchr(line, '=');

	if (equals)
		*equals = '\0';
	const char *space = equals ? read_name(line, &value) : NULL;
	if (!space)
		return fault(error, number, g_strchomp(line), "is no field");
	g_auto(GStrv) words = g_strsplit(equals + 1, "|", -1);
	GPtrArray *told = words_of_row(h, space, value);
	for (char **w = words; *w; w++) {
		if (!add_word(h, space, value, g_strstrip(*w)))
			return fault(error, number, *w, "is empty, too long, or has another meaning already");
		g_ptr_array_add(told, g_strdup(*w));
	}
	return true;
}

bool headings_add(struct headings *h, const char *text, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	bool begun = false;

	h->file++;
	for (guint i = 0; lines[i]; i++) {
		char *line = g_strstrip(lines[i]);
		if (!*line || *line == '#')
			continue;
		bool replace = !begun && !strcmp(line, "replace");
		begun = true;
		if (replace) {
			g_hash_table_remove_all(h->words);
			g_ptr_array_set_size(h->rows, 0);
		} else if (!add_row(h, line, i + 1, error)) {
			return false;
		}
	}
	return true;
}

struct headings *headings_parse(const char *text, GError **error)
{
	struct headings *h = g_new0(struct headings, 1);

	h->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, word_free);
	h->rows = g_ptr_array_new_with_free_func(row_free);
	if (!headings_add(h, text, error))
		g_clear_pointer(&h, headings_free);
	return h;
}

void headings_free(struct headings *h)
{
	if (!h)
		return;
	g_hash_table_unref(h->words);
	g_ptr_array_unref(h->rows);
	g_free(h);
}

/* A word that the administrator gave another meaning no longer stands for this one. */
static GPtrArray *words_that_hold(const struct headings *h, const struct row *row)
{
	g_autofree char *value = NULL;
	const char *space = read_name(row->name, &value);
	GPtrArray *words = g_ptr_array_new();

	for (guint i = 0; i < row->words->len; i++) {
		g_autofree char *key = key_of(space, row->words->pdata[i]);
		const struct word *word = g_hash_table_lookup(h->words, key);
		if (!strcmp(word->value, value))
			g_ptr_array_add(words, row->words->pdata[i]);
	}
	return words;
}

void headings_each(const struct headings *h, headings_take take, void *data)
{
	for (guint i = 0; i < h->rows->len; i++) {
		const struct row *row = h->rows->pdata[i];
		g_autoptr(GPtrArray) words = words_that_hold(h, row);
		take(row->name, words, data);
	}
}

/* ---- looking up ---- */

static const struct word *lookup(const struct headings *h, const char *space, const char *text, size_t len)
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
	size_t len = strlen(cell), ends[] = { len, strcspn(cell, "([{"), strcspn(cell, "\r\n") };
	const struct word *word = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(ends) && !word; i++)
		word = i && ends[i] == len ? NULL : lookup(h, "column", cell, ends[i]);
	return word ? word->field : HEADING_UNKNOWN;
}

static const char *value_of(const struct headings *h, const char *field, const char *text, size_t len)
{
	const struct word *word = lookup(h, field, text, len);

	return word ? word->value : NULL;
}

/* A code and a word, "3 - Yenileme" or "Yenileme (3)". */
static const char *value_of_both(const struct headings *h, const char *field, const char *cell)
{
	size_t len = strlen(cell), end = len, split = strspn(cell, "0123456789");

	while (end && !g_ascii_isalnum(cell[end - 1]) && (guchar)cell[end - 1] < 0x80)
		end--;
	while (!split && end && g_ascii_isdigit(cell[end - 1]))
		end--;
	split = split ? split : end;
	const char *first = value_of(h, field, cell, split), *second = value_of(h, field, cell + split, len - split);
	return first && second && !strcmp(first, second) ? first : NULL;
}

const char *headings_value(const struct headings *h, const char *field, const char *cell)
{
	const char *whole = value_of(h, field, cell, strlen(cell));

	return whole || !strpbrk(cell, "0123456789") ? whole : value_of_both(h, field, cell);
}

bool headings_is_ticket(const struct headings *h, const char *word)
{
	if (!strcmp(word, "#"))
		return g_hash_table_contains(h->words, "ticket:#");
	return lookup(h, "ticket", word, strlen(word));
}

bool headings_is_title(const struct headings *h, const char *word)
{
	return lookup(h, "title_before_name", word, strlen(word));
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
