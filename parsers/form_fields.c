/* form_fields: see form_fields.h.
 *
 * Programs that make forms of documents put the row behind the heading ("E-postaRow3"), or each part of a name gets its number
 * ("form1[0].Row1[2].Ad[0]"). So the row is told by all numbers of a name together, whatever they mean.
 */
#include "parsers/form_fields.h"

#include "parsers/form_pairs.h"

#include <string.h>

enum { NAME_BYTES = 300, PARTS = 32, FIELDS = 20000 };

/* What a ticked box of its own asks for, under a heading of the table. */
static const struct { const char *field, *heading; } boxes[] = { { "kind", "Başvuru Türü" }, { "reader", "Kart Okuyucu Türü" } };

struct item { char *label; const struct field *field; int row; };

struct naming {
	const struct headings *headings;
	GArray *items;      /* struct item */
	GHashTable *rows;   /* numbers of a name -> row + 1 */
	GArray *seen;       /* guint32 by row: a bit for each heading */
};

/* Without digits and the signs around them; the digits go to `numbers`. */
static char *without_numbers(const char *part, GString *numbers)
{
	GString *out = g_string_new(NULL);

	for (const char *p = part; *p; p++) {
		bool digit = g_ascii_isdigit(*p);
		if (digit)
			g_string_append_c(numbers, *p);
		else if (numbers->len && numbers->str[numbers->len - 1] != ',')
			g_string_append_c(numbers, ',');
		if (!digit && !strchr("[]#", *p))
			g_string_append_c(out, *p == '_' ? ' ' : *p);
	}
	if (numbers->len && numbers->str[numbers->len - 1] != ',')
		g_string_append_c(numbers, ',');
	return g_strstrip(g_string_free(out, FALSE));
}

static char *cut_row_word(const char *label)
{
	static const char *const words[] = { "row", "satır", "satir", "kişi", "kisi" };
	size_t len = strlen(label);

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		size_t n = strlen(words[i]);
		if (len > n && !g_ascii_strcasecmp(label + len - n, words[i]))
			return g_strstrip(g_strndup(label, len - n));
	}
	return NULL;
}

static const char *box_heading(const struct headings *h, const char *label)
{
	for (size_t i = 0; i < G_N_ELEMENTS(boxes); i++)
		if (headings_value(h, boxes[i].field, label))
			return boxes[i].heading;
	return NULL;
}

static bool is_known(const struct headings *h, const char *label)
{
	return *label && (headings_column(h, label) != HEADING_UNKNOWN || headings_value(h, "label", label) || box_heading(h, label));
}

/* The last part of a name that is more than a number. */
static char *last_part(const char *name, GString *numbers)
{
	g_auto(GStrv) parts = g_strsplit(name, ".", PARTS);
	char *last = NULL;

	for (char **p = parts; *p; p++) {
		g_autofree char *words = without_numbers(*p, numbers);
		if (!last || *words) {
			g_free(last);
			last = g_steal_pointer(&words);
		}
	}
	return last ? last : g_strdup("");
}

/* NULL: it names nothing that we know. A dot may also be one of the heading's own. */
static char *label_of(const struct headings *h, const struct field *f, GString *numbers)
{
	g_autoptr(GString) unused = g_string_new(NULL);

	if (strlen(f->name) > NAME_BYTES)
		return NULL;
	g_autofree char *last = last_part(f->name, numbers), *whole = without_numbers(f->name, unused);
	g_autofree char *shown = without_numbers(f->label && strlen(f->label) <= NAME_BYTES ? f->label : "", unused);
	char *const names[] = { whole, last, shown };
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *heading = cut_row_word(names[i]);
		if (is_known(h, names[i]))
			return g_strdup(names[i]);
		if (heading && is_known(h, heading))
			return g_steal_pointer(&heading);
	}
	return NULL;
}

/* Counted from 0 in the order in which they are met. */
static int row_of(struct naming *n, const char *numbers)
{
	guint row = GPOINTER_TO_UINT(g_hash_table_lookup(n->rows, numbers));

	if (!row) {
		row = g_hash_table_size(n->rows) + 1;
		g_hash_table_insert(n->rows, g_strdup(numbers), GUINT_TO_POINTER(row));
	}
	return (int)row - 1;
}

static void take(struct naming *n, const struct field *f)
{
	g_autoptr(GString) numbers = g_string_new(NULL);
	g_autofree char *label = label_of(n->headings, f, numbers);

	if (!label)
		return;
	struct item item = { .field = f, .row = row_of(n, numbers->str) };
	enum heading_field heading = headings_column(n->headings, label);
	if ((guint)item.row >= n->seen->len)
		g_array_set_size(n->seen, (guint)item.row + 1);
	if (heading != HEADING_UNKNOWN)
		g_array_index(n->seen, guint32, item.row) |= 1U << heading;
	item.label = g_steal_pointer(&label);
	g_array_append_val(n->items, item);
}

/* "TC 1", "Ad 2" number the fields and "page1.TC", "page2.Ad" the pages; "TC 1", "Ad 1", "TC 2" the people. */
static bool are_people_numbered(const struct naming *n)
{
	guint numbers = 0, people = 0;

	for (guint i = 0; i < n->seen->len; i++) {
		guint32 seen = g_array_index(n->seen, guint32, i), number = seen & 1U << HEADING_TCKN;
		numbers += number != 0;
		people += number && seen != number;
	}
	return numbers > 1 && people;
}

static void add(struct form_pairs *pairs, const struct headings *h, const struct item *i, bool numbered)
{
	bool column = headings_column(h, i->label) != HEADING_UNKNOWN || headings_value(h, "label", i->label);
	const char *heading = column ? i->label : box_heading(h, i->label);
	const char *value = column ? i->field->value : i->label;

	if (column || !strcmp(i->field->value, "X"))
		form_pairs_add(pairs, heading, value, i->field->name, numbered ? i->row : -1);
}

static void clear_item(void *p)
{
	g_free(((struct item *)p)->label);
}

struct document *form_fields_read(const struct headings *h, const GPtrArray *fields)
{
	g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(struct item));
	g_autoptr(GArray) seen = g_array_new(FALSE, TRUE, sizeof(guint32));
	g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(form_pairs_t) pairs = form_pairs_new(h);
	struct naming n = { h, items, rows, seen };

	g_array_set_clear_func(items, clear_item);
	for (guint i = 0; i < MIN(fields->len, FIELDS); i++)
		take(&n, fields->pdata[i]);
	bool numbered = are_people_numbered(&n);
	for (guint i = 0; i < items->len; i++)
		add(pairs, h, &g_array_index(items, struct item, i), numbered);
	return form_pairs_document(pairs, "Form");
}
