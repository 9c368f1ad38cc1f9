/* form_header: see form_header.h.
 *
 * One whole row is looked for before any two, so that a title above is not taken for half of a heading. Then what is still
 * unknown is tried together with the rows below and above.
 */
#include "parsers/form_header.h"

#include "parsers/fold.h"
#include "parsers/form_text.h"

#include <string.h>

enum { SEARCH_ROWS = 30, MOST_ROWS = 3, NEARLY = 3, MERGED_MOST = 12, WIDTH_MOST = 512 };

/* Rows from..from+n-1 as headings; `fields` has one for each column. */
struct reading {
	const struct headings *headings;
	const struct sheet *sheet;
	guint from, n;
	GArray *fields; /* enum heading_field */
};

static const char *cell_at(const struct sheet *s, guint row, guint column)
{
	const GPtrArray *cells = row < s->rows->len ? s->rows->pdata[row] : NULL;

	return cells && column < cells->len ? cells->pdata[column] : "";
}

/* The cell, or the one to its left that it is merged with. */
static const char *spread(const struct sheet *s, guint row, guint column)
{
	const char *text = cell_at(s, row, column);

	for (guint i = 1; i <= MIN(column, MERGED_MOST) && !*text; i++)
		text = cell_at(s, row, column - i);
	return text;
}

/* The column's cells from top to bottom as one heading, each without what stands in brackets behind it; `merged`: of the
 * upper rows also what is spread over it. On one line, so that no line of it counts alone. */
static enum heading_field joined(const struct reading *r, guint column, bool merged)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < r->n; i++) {
		bool upper = i + 1 < r->n;
		const char *cell = merged && upper ? spread(r->sheet, r->from + i, column) : cell_at(r->sheet, r->from + i, column);
		g_string_append_len(text, cell, (gssize)strcspn(cell, "([{"));
		g_string_append_c(text, ' ');
	}
	return headings_column(r->headings, g_strdelimit(text->str, "\r\n", ' '));
}

static enum heading_field field_of(const struct reading *r, guint column)
{
	const char *lowest = cell_at(r->sheet, r->from + r->n - 1, column);
	enum heading_field field = HEADING_UNKNOWN;

	if (*lowest)
		field = headings_column(r->headings, lowest);
	if (r->n == 1)
		return field;
	if (joined(r, column, false) != HEADING_UNKNOWN)
		return joined(r, column, false);
	return field == HEADING_UNKNOWN && *lowest ? joined(r, column, true) : field;
}

static enum heading_field *field_at(const struct reading *r, guint column)
{
	return &g_array_index(r->fields, enum heading_field, column);
}

static guint width_of(const struct reading *r)
{
	guint width = 0;

	for (guint i = 0; i < r->n && r->from + i < r->sheet->rows->len; i++)
		width = MAX(width, ((const GPtrArray *)r->sheet->rows->pdata[r->from + i])->len);
	return MIN(width, WIDTH_MOST);
}

static void read_rows(struct reading *r)
{
	g_array_set_size(r->fields, width_of(r));
	for (guint i = 0; i < r->fields->len; i++)
		*field_at(r, i) = field_of(r, i);
}

/* ---- columns ---- */

static char *key_at(const struct reading *r, guint column)
{
	g_autofree char *heading = fold_key(cell_at(r->sheet, r->from + r->n - 1, column));

	return g_strdup_printf("%d %s", *field_at(r, column), heading);
}

static bool can_be_of_reader(enum heading_field field)
{
	return field == HEADING_NOTE || field == HEADING_BACKUP;
}

/* How often each heading of a note or a spare stands there. NULL: nothing is said of a card reader. */
static GHashTable *count_headings(const struct reading *r)
{
	GHashTable *counts = NULL;

	for (guint i = 0; i < r->fields->len && !counts; i++)
		if (*field_at(r, i) == HEADING_READER)
			counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < r->fields->len && counts; i++) {
		char *key = can_be_of_reader(*field_at(r, i)) ? key_at(r, i) : NULL;
		guint n = key ? GPOINTER_TO_UINT(g_hash_table_lookup(counts, key)) : 0;
		if (key)
			g_hash_table_replace(counts, key, GUINT_TO_POINTER(n + 1));
	}
	return counts;
}

/* Whether the column's heading comes twice; it stands behind that of the card reader. */
static bool is_of_reader(const struct reading *r, GHashTable *counts, guint column)
{
	g_autofree char *key = key_at(r, column);

	return GPOINTER_TO_UINT(g_hash_table_lookup(counts, key)) > 1;
}

static void take_note(struct form_columns *c, int column, bool of_reader)
{
	if (c->n_notes == FORM_MAX_NOTES)
		return;
	c->on_reader[c->n_notes] = of_reader;
	c->notes[c->n_notes++] = column;
}

/* Where both stand behind the reader the first can only be the certificate's. */
static void take_reader_backup(struct form_columns *c, int column)
{
	if (c->reader_backup >= 0 && c->at[HEADING_BACKUP] < 0)
		c->at[HEADING_BACKUP] = c->reader_backup;
	c->reader_backup = column;
}

static void take_columns(const struct reading *r, struct form_columns *c)
{
	g_autoptr(GHashTable) counts = count_headings(r);
	enum heading_field group = HEADING_UNKNOWN; /* the one before that is neither note nor spare */

	memset(c, 0, sizeof *c);
	memset(c->at, -1, sizeof c->at);
	c->first = c->reader_backup = -1;
	for (guint i = 0; i < r->fields->len; i++) {
		enum heading_field field = *field_at(r, i);
		if (field == HEADING_UNKNOWN)
			continue;
		if (!can_be_of_reader(field))
			group = field;
		bool of_reader = can_be_of_reader(field) && group == HEADING_READER && is_of_reader(r, counts, i);
		if (field == HEADING_NOTE)
			take_note(c, (int)i, of_reader);
		if (field == HEADING_BACKUP && of_reader)
			take_reader_backup(c, (int)i);
		else if (c->at[field] < 0)
			c->at[field] = (int)i;
		if (c->first < 0)
			c->first = (int)i;
	}
	c->only_full_name = c->at[HEADING_FAMILY_NAME] < 0 && c->at[HEADING_FULL_NAME] < 0;
}

static bool has(const struct form_columns *c, enum heading_field field)
{
	return c->at[field] >= 0;
}

static bool is_header(const struct form_columns *c)
{
	return has(c, HEADING_TCKN) && (has(c, HEADING_GIVEN_NAME) || has(c, HEADING_FULL_NAME) || has(c, HEADING_EMAIL));
}

static bool has_number(const GPtrArray *cells)
{
	for (guint i = 0; i < cells->len; i++)
		if (form_text_is_possible(cells->pdata[i]))
			return true;
	return false;
}

/* Labels with their values beside them: a row of a form without header. */
static bool holds_values(const struct reading *r, const struct form_columns *c)
{
	if (r->n == 1)
		return form_text_is_possible(cell_at(r->sheet, r->from, (guint)c->at[HEADING_TCKN] + 1));
	for (guint i = 0; i < r->n && r->from + i < r->sheet->rows->len; i++)
		if (has_number(r->sheet->rows->pdata[r->from + i]))
			return true;
	return false;
}

/* ---- several rows ---- */

/* The cell with those above it is no heading. "(11 hane)" goes on with one. */
static bool is_value(const struct reading *r, int column, guint row)
{
	const char *cell = column >= 0 ? cell_at(r->sheet, row, (guint)column) : "";
	struct reading more = { r->headings, r->sheet, r->from, row - r->from + 1, r->fields };

	return !headings_is_empty(r->headings, cell) && joined(&more, (guint)column, false) == HEADING_UNKNOWN;
}

/* Below a header and no part of it: a person, or what is said of one. */
static bool is_person(const struct reading *r, const struct form_columns *c, guint row)
{
	static const enum heading_field who[] = { HEADING_TCKN, HEADING_GIVEN_NAME, HEADING_FAMILY_NAME, HEADING_FULL_NAME };

	for (size_t i = 0; i < G_N_ELEMENTS(who); i++)
		if (is_value(r, c->at[who[i]], row))
			return true;
	return has_number(r->sheet->rows->pdata[row]) ||
		(c->at[HEADING_EMAIL] >= 0 && strchr(cell_at(r->sheet, row, (guint)c->at[HEADING_EMAIL]), '@'));
}

/* Tries columns with the rows `from`..`from + n - 1`; only cells of `row` can be made whole. Returns how many were, or go on
 * with a heading that was whole without them. */
static guint complete(struct reading *r, guint from, guint n, guint row)
{
	struct reading more = { r->headings, r->sheet, from, n, r->fields };
	enum heading_field unknown = HEADING_UNKNOWN;
	guint found = 0;

	while (r->fields->len < width_of(&more))
		g_array_append_val(r->fields, unknown);
	for (guint i = 0; i < r->fields->len; i++) {
		if (headings_is_empty(r->headings, cell_at(r->sheet, row, i)))
			continue;
		bool known = *field_at(r, i) != HEADING_UNKNOWN;
		enum heading_field field = known ? joined(&more, i, false) : field_of(&more, i);
		found += field != HEADING_UNKNOWN && (!known || field == *field_at(r, i));
		if (!known)
			*field_at(r, i) = field;
	}
	return found;
}

static void extend(struct reading *r, const struct form_columns *c)
{
	while (r->n < MOST_ROWS && r->from + r->n < r->sheet->rows->len) {
		guint row = r->from + r->n;
		if (is_person(r, c, row) || !complete(r, r->from, r->n + 1, row))
			break;
		r->n++;
	}
	if (r->from)
		complete(r, r->from - 1, r->n + 1, r->from);
}

static bool find(struct reading *r, guint n, struct form_header *header)
{
	for (r->n = n, r->from = 0; r->from + n <= MIN(r->sheet->rows->len, SEARCH_ROWS); r->from++) {
		read_rows(r);
		guint fields = 0;
		take_columns(r, &header->columns);
		for (int i = 0; i < HEADING_COUNT; i++)
			fields += has(&header->columns, (enum heading_field)i);
		if (is_header(&header->columns) && !holds_values(r, &header->columns))
			return true;
		header->nearly |= n == 1 && fields >= NEARLY;
	}
	return false;
}

void form_header_find(const struct headings *h, const struct sheet *s, struct form_header *header)
{
	g_autoptr(GArray) fields = g_array_new(FALSE, FALSE, sizeof(enum heading_field));
	struct reading r = { h, s, 0, 1, fields };

	*header = (struct form_header){ .row = -1 };
	for (guint n = 1; n <= MOST_ROWS && header->row < 0; n++)
		if (find(&r, n, header))
			header->row = (int)r.from;
	if (header->row < 0)
		return;
	extend(&r, &header->columns);
	take_columns(&r, &header->columns);
	header->below = (int)(r.from + r.n);
	header->nearly = false;
}

bool form_header_read(const struct headings *h, const struct sheet *s, guint row, struct form_columns *columns)
{
	g_autoptr(GArray) fields = g_array_new(FALSE, FALSE, sizeof(enum heading_field));
	struct reading r = { h, s, row, 1, fields };

	read_rows(&r);
	take_columns(&r, columns);
	return is_header(columns) && !holds_values(&r, columns);
}
