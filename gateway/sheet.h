/* sheet: a small writer of .xlsx workbooks. The only file that writes with libxlsxwriter; what a workbook holds stands in
 * sheet_list, sheet_marked and sheet_form.
 *
 * Pages are described from the first to the last, cells in any order. Texts are strings in cells of text format, whatever they
 * begin with: no cell is ever a formula. What goes wrong on the way is kept and told by sheet_close. The same calls
 * give the same bytes. Nothing is written to a disk: the workbook grows in memory files, for it holds identity numbers.
 */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>

struct sheet;

enum sheet_kind {
	SHEET_TEXT,
	SHEET_DATE,   /* an ISO day (1980-01-31), written as a date; anything else as text */
	SHEET_NUMBER, /* digits, written as a number */
};
enum sheet_look {
	SHEET_PLAIN, SHEET_TITLE, SHEET_LABEL, SHEET_HINT, SHEET_WORDS, /* on white paper; words take several lines */
	SHEET_HEAD, SHEET_HEAD_LIST,                       /* of a table; the second is the plain one of a list */
	SHEET_CELL, SHEET_GOOD, SHEET_DOUBT, SHEET_WRONG,  /* of a table, with lines around them */
	SHEET_INPUT, SHEET_COUNT,                          /* to be filled in; its row number */
};

/* Rows and columns count from 0. An empty text makes a cell that has only its look; none at all in SHEET_PLAIN. */
struct sheet_cell {
	guint row, column, to; /* `to`: the last column, when it spans several; 0: one cell */
	enum sheet_kind kind;
	enum sheet_look look;
	const char *text;
	const char *comment;   /* NULL: none */
};

/* What may be typed into a column's cells. One of `words`, `formula` and `least` with `most` is set, or none: anything. */
struct sheet_rule {
	guint column, first, last;   /* rows */
	const char *const *words;    /* NULL-terminated, to choose from */
	const char *formula;         /* must be true, for the first row's cell; "=…" */
	const char *least, *most;    /* of a day, as formulas */
	const char *title, *hint;    /* shown in the cell; NULL: nothing */
	const char *error;           /* shown at a wrong value, which is not taken */
};

/* A table: the rows above it stay in sight, and its header is on every printed page. */
struct sheet_table { guint head, last_row, last_column; bool filter; };

/* NULL: G_IO_ERROR, no memory. */
struct sheet *sheet_open(const char *title, GError **error);
/* A property of the whole document. */
void sheet_property(struct sheet *s, const char *name, gint64 number);
/* What follows belongs to this page. At most 31 characters, none of []:*?/\ */
void sheet_page(struct sheet *s, const char *name);
/* Before the column's cells, for the height of rows whose texts take several lines. */
void sheet_width(struct sheet *s, guint column, double width);
void sheet_put(struct sheet *s, const struct sheet_cell *cell);
void sheet_rule(struct sheet *s, const struct sheet_rule *rule);
void sheet_table(struct sheet *s, const struct sheet_table *table);
/* The workbook; always frees. NULL: G_IO_ERROR. */
GBytes *sheet_close(struct sheet *s, GError **error);
