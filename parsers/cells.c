/* cells: the way of a cell's text into a sheet (see cells.h).
 *
 * The bytes are counted cell by cell, not as they are kept: a thousand cells may name one long text.
 */
#include "parsers/cells.h"

#include <string.h>

void cells_begin(struct cells *c, struct sheet *s)
{
	c->sheet = s;
	c->over = NULL;
	c->row_hidden = false;
	memset(c->column_hidden, 0, sizeof c->column_hidden);
}

void cells_end(struct cells *c)
{
	if (c->over)
		facts_complain(c->document->complaints, c->over, c->sheet->name, NULL);
}

/* A cut must not leave half a letter. */
static size_t whole_letters(const char *text, size_t len)
{
	if (len <= CELLS_TEXT)
		return len;
	for (len = CELLS_TEXT; len && ((guchar)text[len] & 0xc0) == 0x80;)
		len--;
	return len;
}

const char *cells_keep(struct cells *c, const char *text, size_t len)
{
	return len ? g_string_chunk_insert_len(c->document->texts, text, (gssize)whole_letters(text, len)) : "";
}

char *cells_where(const struct cells *c, guint row, guint column)
{
	char letters[4] = "", *l = letters + 3;

	for (guint n = column + 1; n; n = (n - 1) / 26)
		*--l = (char)('A' + (n - 1) % 26);
	return g_strdup_printf("%s!%.*s%u", c->sheet->name, (int)(letters + 3 - l), l, row + 1);
}

static void note_hidden(const struct cells *c, guint row, guint column)
{
	struct sheet *s = c->sheet;

	if (c->row_hidden && !s->hidden_row)
		s->hidden_row = cells_where(c, row, column);
	if (c->column_hidden[column] && !s->hidden_column)
		s->hidden_column = cells_where(c, row, column);
}

static const char *limit_met(const struct cells *c, guint row, guint column)
{
	const struct limits *l = &c->document->limits;

	return row >= MIN(l->rows, CELLS_ROWS) ? "too_many_rows" : column >= MIN(l->columns, CELLS_COLUMNS) ? "too_many_columns"
		: c->count > l->cells ? "too_many_cells" : c->bytes > l->text ? "too_much_text" : NULL;
}

bool cells_put(struct cells *c, guint row, guint column, const char *kept)
{
	GPtrArray *rows = c->sheet->rows;
	const char *over = *kept ? limit_met(c, row, column) : NULL;

	if (over) { /* the last is told: that rows are lost rather than columns */
		c->over = over;
		return false;
	}
	if (!*kept)
		return true;
	for (; rows->len <= row; c->count++)
		g_ptr_array_add(rows, g_ptr_array_new());
	GPtrArray *cells = rows->pdata[row];
	for (; cells->len <= column; c->count++)
		g_ptr_array_add(cells, (char *)"");
	c->bytes += strlen(kept);
	cells->pdata[column] = (char *)kept;
	if (c->row_hidden || c->column_hidden[column])
		note_hidden(c, row, column);
	return true;
}

void cells_hide_columns(struct cells *c, guint from, guint count)
{
	for (guint i = from; i < CELLS_COLUMNS && count--; i++)
		c->column_hidden[i] = true;
}
