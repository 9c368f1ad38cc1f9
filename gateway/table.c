/* table: see the header. jansson, because only a real parser may decide what a line of JSON says. */
#include "gateway/table.h"
#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include "gateway/clock.h"

enum { WIDEST = 44 };

struct table {
	FILE *out;
	enum table_style style;
	char **columns;
	GPtrArray *rows; /* json_t *, for TABLE_COLUMNS */
	guint count;
};

/* Bidirectional overrides and isolates can make a refused row look accepted. */
static bool turns_direction(gunichar c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x061c;
}

char *table_clean(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *clean = g_string_new(NULL);

	for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (c == '\n' || c == '\t' || c == '\r' || c == 0x2028 || c == 0x2029)
			g_string_append_c(clean, ' ');
		else if (c < 0x20 || (c >= 0x7f && c < 0xa0) || turns_direction(c))
			g_string_append_c(clean, '?');
		else
			g_string_append_unichar(clean, c);
	}
	return g_string_free(clean, FALSE);
}

static guint char_width(gunichar c)
{
	return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

static guint width(const char *text)
{
	guint n = 0;

	for (const char *p = text; *p; p = g_utf8_next_char(p))
		n += char_width(g_utf8_get_char(p));
	return n;
}

static bool is_time(const char *key)
{
	return g_str_has_suffix(key, "_at") || g_str_equal(key, "since") || g_str_equal(key, "due");
}

static char *text_of(const char *key, const json_t *v);

/* "mail M-1, where Sayfa1!A5"; inside of a list the values alone. */
static char *object_text(const json_t *object, bool values_only)
{
	GString *s = g_string_new(NULL);
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)object, key, v) {
		g_autofree char *text = text_of(key, v);

		if (!*text)
			continue;
		g_string_append(s, !s->len ? "" : values_only ? " " : ", ");
		g_string_append_printf(s, "%s%s%s", values_only ? "" : key, values_only ? "" : " ", text);
	}
	return g_string_free(s, FALSE);
}

static char *list_text(const char *key, const json_t *list)
{
	GString *s = g_string_new(NULL);
	json_t *v;
	size_t i;

	json_array_foreach((json_t *)list, i, v) {
		g_autofree char *text = json_is_object(v) ? object_text(v, true) : text_of(key, v);

		g_string_append_printf(s, "%s%s", i ? ", " : "", text);
	}
	return g_string_free(s, FALSE);
}

/* A cell; "" for null and absent. */
static char *text_of(const char *key, const json_t *v)
{
	switch (v ? json_typeof(v) : JSON_NULL) {
	case JSON_STRING: return table_clean(json_string_value(v));
	case JSON_INTEGER:
		return is_time(key) && json_integer_value(v) > 0 ? clock_iso(json_integer_value(v))
								 : g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(v));
	case JSON_REAL: return g_strdup_printf("%g", json_real_value(v));
	case JSON_TRUE: return g_strdup("yes");
	case JSON_FALSE: return g_strdup("no");
	case JSON_ARRAY: return list_text(key, v);
	case JSON_OBJECT: return object_text(v, false);
	default: return g_strdup("");
	}
}

static void pad(FILE *out, const char *text, guint to)
{
	fputs(text, out);
	for (guint n = width(text); n < to; n++)
		fputc(' ', out);
}

/* Cut to WIDEST columns, the last of them an ellipsis. */
static char *cut(char *cell)
{
	guint n = 0;

	if (width(cell) <= WIDEST)
		return cell;
	for (char *p = cell; *p; p = g_utf8_next_char(p)) {
		n += char_width(g_utf8_get_char(p));
		if (n >= WIDEST) {
			char *shorter = g_strdup_printf("%.*s\xe2\x80\xa6", (int)(p - cell), cell);

			g_free(cell);
			return shorter;
		}
	}
	return cell;
}

/* Lists are left out of wide tables, but not of those inside a record. */
static char **keys_of(const json_t *row, bool lists)
{
	GPtrArray *keys = g_ptr_array_new();
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)row, key, v)
		if (lists || (!json_is_array(v) && !json_is_object(v)))
			g_ptr_array_add(keys, g_strdup(key));
	g_ptr_array_add(keys, NULL);
	return (char **)g_ptr_array_free(keys, FALSE);
}

struct grid { char **columns; guint n; GPtrArray *cells; guint *widths; };

static void grid_row(struct grid *g, const json_t *row, bool may_cut)
{
	for (guint i = 0; i < g->n; i++) {
		char *cell = text_of(g->columns[i], json_object_get(row, g->columns[i]));

		cell = may_cut && i + 1 < g->n ? cut(cell) : cell;
		g_ptr_array_add(g->cells, cell);
		g->widths[i] = MAX(g->widths[i], width(cell));
	}
}

static void print_grid(FILE *out, char **columns, const GPtrArray *rows, const char *indent, bool may_cut)
{
	guint n = g_strv_length(columns);
	struct grid g = { columns, n, g_ptr_array_new_with_free_func(g_free), g_new0(guint, n + 1) };

	for (guint i = 0; i < n; i++) {
		char *name = g_strdelimit(g_strdup(columns[i]), "_", ' ');

		g.widths[i] = width(name);
		g_ptr_array_add(g.cells, name);
	}
	for (guint r = 0; r < rows->len; r++)
		grid_row(&g, g_ptr_array_index(rows, r), may_cut);
	for (guint i = 0; n && i < g.cells->len; i++) {
		bool last = i % n == n - 1;

		fputs(i % n ? "  " : indent, out);
		pad(out, g_ptr_array_index(g.cells, i), last ? 0 : g.widths[i % n]);
		if (last)
			fputc('\n', out);
	}
	g_ptr_array_unref(g.cells);
	g_free(g.widths);
}

static bool is_table(const json_t *v)
{
	return json_is_array(v) && json_is_object(json_array_get(v, 0));
}

static void print_list(FILE *out, const char *key, const json_t *list)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new();
	g_auto(GStrv) columns = keys_of(json_array_get(list, 0), true);
	json_t *v;
	size_t i;

	json_array_foreach((json_t *)list, i, v)
		g_ptr_array_add(rows, v);
	fprintf(out, "%s:\n", key);
	print_grid(out, columns, rows, "  ", false);
}

static void print_record(FILE *out, const json_t *row)
{
	guint widest = 0;
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)row, key, v)
		if (!is_table(v))
			widest = MAX(widest, width(key));
	json_object_foreach((json_t *)row, key, v) {
		g_autofree char *text = is_table(v) ? NULL : text_of(key, v);

		if (!text || !*text)
			continue;
		pad(out, key, widest);
		fprintf(out, "  %s\n", text);
	}
	json_object_foreach((json_t *)row, key, v)
		if (is_table(v))
			print_list(out, key, v);
}

static void free_json(gpointer v)
{
	json_decref(v);
}

struct table *table_new(FILE *out, enum table_style style, const char *columns)
{
	struct table *t = g_new0(struct table, 1);

	t->out = out;
	t->style = style;
	t->columns = columns ? g_strsplit(columns, " ", -1) : NULL;
	t->rows = g_ptr_array_new_with_free_func(free_json);
	return t;
}

void table_add(const char *json, void *table)
{
	struct table *t = table;
	json_t *row = t->style == TABLE_JSON ? NULL : json_loads(json, 0, NULL);

	t->count++;
	if (!row) {
		fprintf(t->out, "%s\n", json);
		return;
	}
	if (t->style == TABLE_COLUMNS) {
		g_ptr_array_add(t->rows, row);
		return;
	}
	if (t->count > 1)
		fputc('\n', t->out);
	print_record(t->out, row);
	json_decref(row);
}

guint table_end(struct table *t)
{
	guint count = t->count;

	if (t->rows->len && !t->columns)
		t->columns = keys_of(g_ptr_array_index(t->rows, 0), false);
	if (t->rows->len)
		print_grid(t->out, t->columns, t->rows, "", true);
	g_ptr_array_unref(t->rows);
	g_strfreev(t->columns);
	g_free(t);
	return count;
}

char *table_text(const char *json, const char *key)
{
	json_t *row = json_loads(json, 0, NULL);
	json_t *v = json_object_get(row, key);
	char *text = !v || json_is_null(v) ? NULL : text_of(key, v);

	json_decref(row);
	return text;
}

char *table_json(const char *json, const char *key)
{
	json_t *row = json_loads(json, 0, NULL);
	json_t *v = json_object_get(row, key);
	char *raw = json_is_array(v) || json_is_object(v) ? json_dumps(v, JSON_COMPACT) : NULL;
	char *text = g_strdup(raw);

	free(raw);
	json_decref(row);
	return text;
}

void table_members(const char *json, const char *key, void (*line)(const char *json, void *data), void *data)
{
	json_t *row = json_loads(json, 0, NULL), *v;
	size_t i;

	json_array_foreach(json_object_get(row, key), i, v) {
		g_autofree char *member = json_is_object(v) ? json_dumps(v, JSON_COMPACT) : NULL;

		if (member)
			line(member, data);
	}
	json_decref(row);
}

char *table_object(const char *key, ...)
{
	json_t *object = json_object();
	char *raw, *line;
	va_list pairs;

	va_start(pairs, key);
	for (; key; key = va_arg(pairs, const char *)) {
		const char *value = va_arg(pairs, const char *);
		g_autofree char *valid = value ? g_utf8_make_valid(value, -1) : NULL;

		json_object_set_new(object, key, valid ? json_string(valid) : json_null());
	}
	va_end(pairs);
	raw = json_dumps(object, JSON_COMPACT);
	line = g_strdup(raw);
	free(raw);
	json_decref(object);
	return line;
}
