/* doc_writer: see doc_writer.h.
 *
 * Tables lie in tables, so the open ones are a stack; text goes to the cell of the innermost. A row is gathered before
 * it is put into its sheet: whether it was deleted is often known late.
 */
#include "parsers/doc_writer.h"

#include "parsers/cells.h"

#include <string.h>

enum { MAX_TABLES = 256, MAX_TEXT = 1 << 20 };

struct table {
	struct sheet *sheet; /* NULL: one table too many */
	GPtrArray *row;      /* NULL: between rows */
	GPtrArray *above;    /* by column: the text of a cell that is merged downwards; NULL: none */
	guint next_row, column;
	const char *last;    /* text of the cell before */
	GString *text;       /* NULL: between cells */
};

struct doc_writer {
	struct cells cells;
	GPtrArray *sheets;
	GArray *open; /* struct table */
	GString *text;
	const char *over;
};

struct doc_writer *doc_writer_new(struct document *d)
{
	struct doc_writer *w = g_new0(struct doc_writer, 1);

	w->cells.document = d;
	w->sheets = g_ptr_array_new();
	w->open = g_array_new(FALSE, TRUE, sizeof(struct table));
	w->text = g_string_new(NULL);
	return w;
}

static struct table *innermost(struct doc_writer *w)
{
	return w->open->len ? &g_array_index(w->open, struct table, w->open->len - 1) : NULL;
}

static void reach(struct doc_writer *w, const char *limit)
{
	if (!w->over)
		w->over = limit;
}

/* ---- tables and rows ---- */

void doc_writer_table(struct doc_writer *w)
{
	struct table t = { .above = g_ptr_array_new() };

	if (w->sheets->len >= MAX_TABLES) {
		reach(w, "too_many_tables");
	} else {
		t.sheet = document_add_sheet(w->cells.document, "");
		g_ptr_array_add(w->sheets, t.sheet);
	}
	g_array_append_val(w->open, t);
}

void doc_writer_table_end(struct doc_writer *w)
{
	struct table *t = innermost(w);

	if (!t)
		return;
	doc_writer_row_end(w, 1);
	g_ptr_array_unref(t->above);
	g_array_set_size(w->open, w->open->len - 1);
}

void doc_writer_row(struct doc_writer *w)
{
	struct table *t = innermost(w);

	if (!t || t->row)
		return;
	t->row = g_ptr_array_new();
	t->column = 0;
	t->last = NULL;
}

static bool put_row(struct doc_writer *w, struct table *t)
{
	w->cells.sheet = t->sheet;
	for (guint i = 0; t->sheet && i < t->row->len; i++)
		if (!cells_put(&w->cells, t->next_row, i, t->row->pdata[i])) {
			reach(w, w->cells.over);
			return false;
		}
	t->next_row++;
	return true;
}

void doc_writer_row_end(struct doc_writer *w, guint times)
{
	struct table *t = innermost(w);

	if (!t || !t->row)
		return;
	doc_writer_cell_end(w, &(struct doc_cell){ 0 });
	if (!t->row->len)
		t->next_row += MIN(times, CELLS_ROWS);
	for (guint i = 0; t->row->len && i < times && put_row(w, t);)
		i++;
	g_ptr_array_unref(g_steal_pointer(&t->row));
}

/* ---- cells ---- */

void doc_writer_cell(struct doc_writer *w)
{
	struct table *t = innermost(w);

	if (!t)
		return;
	doc_writer_row(w);
	doc_writer_cell_end(w, &(struct doc_cell){ 0 });
	t->text = g_string_new(NULL);
}

/* Trailing empty cells are not kept. */
static void gather(struct doc_writer *w, struct table *t, const char *text)
{
	if (!*text)
		return;
	if (t->column >= CELLS_COLUMNS) {
		reach(w, "too_many_columns");
		return;
	}
	while (t->row->len <= t->column)
		g_ptr_array_add(t->row, (char *)"");
	t->row->pdata[t->column] = (char *)text;
}

static void carry(struct table *t, const char *text, guint columns)
{
	if (t->above->len < t->column + columns)
		g_ptr_array_set_size(t->above, (gint)(t->column + columns));
	for (guint i = 0; i < columns; i++)
		t->above->pdata[t->column + i] = i ? NULL : (char *)text;
}

/* Beyond the limit the text is not kept either. */
static const char *take_text(struct doc_writer *w, struct table *t)
{
	g_autofree char *text = g_string_free(g_steal_pointer(&t->text), FALSE);

	g_strchomp(text);
	return w->cells.over ? "" : cells_keep(&w->cells, text, strlen(text));
}

void doc_writer_cell_end(struct doc_writer *w, const struct doc_cell *c)
{
	struct table *t = innermost(w);
	guint columns = CLAMP(c->columns, 1, CELLS_COLUMNS);

	if (!t || !t->row || !t->text)
		return;
	t->last = take_text(w, t);
	bool under = c->continues && t->column < t->above->len && t->above->pdata[t->column];
	if (under)
		t->last = t->above->pdata[t->column];
	gather(w, t, t->last);
	if (t->column < CELLS_COLUMNS)
		carry(t, c->begins || under ? t->last : NULL, columns);
	doc_writer_skip(w, c->listed ? 1 : columns);
}

void doc_writer_skip(struct doc_writer *w, guint columns)
{
	struct table *t = innermost(w);

	if (t && t->row)
		t->column = MIN(t->column + MIN(columns, CELLS_COLUMNS), CELLS_COLUMNS);
}

void doc_writer_repeat(struct doc_writer *w, guint times)
{
	struct table *t = innermost(w);

	if (!t || !t->row || !t->last)
		return;
	for (guint i = 0; *t->last && i < MIN(times, CELLS_COLUMNS); i++) {
		gather(w, t, t->last);
		doc_writer_skip(w, 1);
	}
	if (!*t->last)
		doc_writer_skip(w, times);
}

/* ---- text ---- */

void doc_writer_text(struct doc_writer *w, const char *text, size_t len)
{
	struct table *t = innermost(w);
	GString *to = t ? t->text : w->text;
	size_t most = t ? CELLS_TEXT + 4 : MAX_TEXT; /* cells_keep cuts between letters */

	if (to && to->len < most)
		g_string_append_len(to, text, (gssize)MIN(len, most - to->len));
	else if (to && !t)
		reach(w, "too_much_text");
}

void doc_writer_line_end(struct doc_writer *w)
{
	doc_writer_text(w, "\n", 1);
}

/* ---- the end ---- */

static bool is_blank(const struct sheet *s)
{
	for (guint r = 0; r < s->rows->len; r++)
		if (((const GPtrArray *)s->rows->pdata[r])->len)
			return false;
	return true;
}

/* Tables that only lay out others hold nothing. The sheets behind those of ours, if any, are not touched. */
static void name_sheets(struct doc_writer *w, bool keep)
{
	guint n = 0;

	for (guint i = 0; i < w->sheets->len; i++) {
		struct sheet *s = w->sheets->pdata[i];

		if (!keep || is_blank(s)) {
			g_ptr_array_remove(w->cells.document->sheets, s);
			continue;
		}
		g_free(s->name);
		s->name = g_strdup_printf("Tablo %u", ++n);
	}
}

/* A text or a cell may be cut in the middle of a character. */
static char *whole_text(GString *text)
{
	char *valid = g_utf8_make_valid(g_strstrip(text->str), -1);

	g_string_free(text, TRUE);
	return valid;
}

void doc_writer_end(struct doc_writer *w, bool keep)
{
	while (w->open->len)
		doc_writer_table_end(w);
	name_sheets(w, keep);
	g_autofree char *text = whole_text(w->text);
	if (keep && *text && !w->cells.document->text)
		w->cells.document->text = g_steal_pointer(&text);
	if (keep && w->over)
		facts_complain(w->cells.document->complaints, w->over, w->cells.document->file, NULL);
	g_array_unref(w->open);
	g_ptr_array_unref(w->sheets);
	g_free(w);
}
