/* pdf_layout: see pdf_layout.h.
 *
 * A PDF knows no tables, only words at places. What is known of ours is that each person has an identity number: the lines
 * with one are the table's bones, and what stands right above the first is its header. The columns are found last, from all
 * pages, because a cell of any page may be the widest.
 */
#include "parsers/pdf_layout.h"

#include "parsers/cells.h"
#include "parsers/pdf_columns.h"
#include "parsers/pdf_rows.h"

#include <string.h>

enum { MAX_TEXT = 1 << 20 };

struct pdf_layout {
	struct document *document;
	GPtrArray *pages; /* struct pdf_page */
	GString *text;
	guint read; /* pages */
	bool over;
};

struct pdf_layout *pdf_layout_new(struct document *d)
{
	struct pdf_layout *l = g_new0(struct pdf_layout, 1);

	l->document = d;
	l->pages = g_ptr_array_new_with_free_func(pdf_page_free);
	l->text = g_string_new(NULL);
	return l;
}

/* ---- text ---- */

/* Cells of rows stand below each other: nobody can tell there which are empty, so they may not be read as a table.
 * A table's header is no text: "Birim" there is no label of what stands behind it. */
static void add_text(struct pdf_layout *l, const struct pdf_page *p)
{
	for (guint i = 0; i < p->lines->len && !l->over; i++) {
		if (p->has_table && i >= p->lead && i < p->body)
			continue;
		const struct pdf_line *line = pdf_page_line(p, i);
		bool row = p->has_table && i >= p->lead && i < p->end && line->said > 2;
		pdf_lines_append(line, row ? '\n' : '\t', l->text);
		g_string_append_c(l->text, '\n');
		l->over = l->text->len > MAX_TEXT;
	}
}

/* Whether most lines of page p stand where lines of the table of `left` do, the first beside its header. */
static bool is_right_of(const struct pdf_page *left, const struct pdf_page *p)
{
	guint met = 0, i = left->header;
	double header = 0;

	for (guint k = 0; k < p->lines->len && left->header < left->body; k++) {
		double y = pdf_page_line(p, k)->y;
		while (i < left->end && pdf_page_line(left, i)->y < y - 1.5)
			i++;
		bool beside = i < left->end && pdf_page_line(left, i)->y < y + 1.5;
		met += beside;
		header = k == 0 ? y - pdf_page_line(left, left->header)->y : header;
	}
	return met >= 2 && 2 * met > p->lines->len && ABS(header) < 3 * pdf_page_line(left, left->header)->height;
}

/* The words of a page that has the columns that had no room on an earlier one go to its right. */
static bool join_right(struct pdf_layout *l, const struct pdf_page *p)
{
	enum { FAR = 20000, MOST = 8 };
	g_autoptr(GArray) words = g_array_new(FALSE, FALSE, sizeof(struct pdf_word));
	guint at = G_MAXUINT;

	for (guint i = 0; i < l->pages->len && !p->has_table; i++) {
		const struct pdf_page *left = l->pages->pdata[i];
		bool fewer = at == G_MAXUINT || left->joined < ((struct pdf_page *)l->pages->pdata[at])->joined;
		if (left->has_table && left->joined < MOST && fewer && is_right_of(left, p))
			at = i;
	}
	if (at == G_MAXUINT)
		return false;
	struct pdf_page *left = l->pages->pdata[at];
	for (guint i = 0; i < left->lines->len; i++)
		g_array_append_vals(words, pdf_page_line(left, i)->words->data, pdf_page_line(left, i)->words->len);
	for (guint i = 0, from = words->len; i < p->lines->len; i++, from = words->len) {
		g_array_append_vals(words, pdf_page_line(p, i)->words->data, pdf_page_line(p, i)->words->len);
		for (guint k = from; k < words->len; k++) {
			g_array_index(words, struct pdf_word, k).x1 += FAR * (left->joined + 1);
			g_array_index(words, struct pdf_word, k).x2 += FAR * (left->joined + 1);
		}
	}
	l->pages->pdata[at] = pdf_page_new(left->number, words);
	((struct pdf_page *)l->pages->pdata[at])->joined = left->joined + 1;
	pdf_page_free(left);
	return true;
}

void pdf_layout_page(struct pdf_layout *l, GArray *words)
{
	struct pdf_page *p = pdf_page_new(++l->read, words);

	if (join_right(l, p))
		pdf_page_free(p);
	else
		g_ptr_array_add(l->pages, p);
}

/* ---- rows ---- */

struct table {
	GArray *stripes; /* double, ascending: between the columns */
	struct cells *cells;
	struct sheet *sheet;
	guint row, row_of_page;
	bool all_unsure, unsure; /* every row; the row that is being put */
};

struct cell { GString *text; const char *field; double end; };

/* A long word breaks at any letter; of an address it is known where it goes on. */
static bool is_broken_address(const char *text, const char *more)
{
	const char *at = strchr(text, '@');

	return at && !strpbrk(text, " ") && (!strchr(at, '.') || g_str_has_suffix(at, ".")) && strchr(more, '.') && !strchr(more, '@');
}

/* Words that lie on each other, far apart, or in two columns are of no one cell. */
static bool is_odd(const struct table *t, const struct cell *c, const struct pdf_word *w)
{
	double height = w->y2 - w->y1;
	bool torn = c->end > 0 && (w->x1 < c->end - 0.3 * height || w->x1 > c->end + 1.5 * height);

	return !w->field && (torn || pdf_columns_is_crossed(t->stripes, w));
}

static void add_words(struct table *t, const struct pdf_line *l, struct cell *row)
{
	for (guint i = 0; i <= t->stripes->len; i++)
		row[i].end = 0;
	for (guint i = 0; i < l->words->len; i++) {
		const struct pdf_word *w = &g_array_index(l->words, struct pdf_word, i);
		struct cell *c = &row[pdf_columns_of(t->stripes, w)];

		c->field = w->field && !c->field ? w->field : c->field;
		if (!*w->text)
			continue;
		t->unsure |= is_odd(t, c, w);
		bool broken = c->end == 0 && is_broken_address(c->text->str, w->text);
		g_string_append_printf(c->text, "%s%s", c->text->len && !broken ? " " : "", w->text);
		c->end = w->x2;
	}
}

static const char *place_of(const struct table *t, const struct pdf_page *p, const struct cell *c, guint column)
{
	g_autofree char *where = cells_where(t->cells, t->row_of_page, column);
	g_autofree char *place = g_strdup_printf("Sayfa %u%s", p->number, strchr(where, '!'));

	return c->field ? c->field : cells_keep(t->cells, place, strlen(place));
}

static void put_row(struct table *t, const struct pdf_page *p, struct cell *row)
{
	GPtrArray *places = g_ptr_array_new();
	guint columns = MIN(t->stripes->len + 1, CELLS_COLUMNS);

	for (guint i = 0; i < columns; i++) {
		const char *text = cells_keep(t->cells, row[i].text->str, row[i].text->len);
		g_ptr_array_add(places, (char *)place_of(t, p, &row[i], i));
		if (!t->cells->over)
			cells_put(t->cells, t->row, i, text);
	}
	while (t->sheet->rows->len <= t->row && !t->cells->over)
		g_ptr_array_add(t->sheet->rows, g_ptr_array_new());
	g_ptr_array_add(t->sheet->places, places);
	t->row++;
	t->row_of_page++;
}

/* The lines from..to - 1 as one row. */
static void put_lines(struct table *t, const struct pdf_page *p, guint from, guint to)
{
	struct cell *row = g_new0(struct cell, t->stripes->len + 1);

	for (guint i = 0; i <= t->stripes->len; i++)
		row[i].text = g_string_new(NULL);
	for (guint i = from; i < to; i++)
		add_words(t, pdf_page_line(p, i), row);
	if (t->unsure)
		g_array_append_val(t->sheet->unsure, t->row);
	put_row(t, p, row);
	for (guint i = 0; i <= t->stripes->len; i++)
		g_string_free(row[i].text, TRUE);
	g_free(row);
}

/* The first row of a page that stands oddly may be the rest of the one before. */
static void put_page(struct table *t, const struct pdf_page *p, bool with_header)
{
	g_autoptr(GArray) rows = pdf_rows_find(p, t->stripes);
	guint body = rows->len ? g_array_index(rows, struct pdf_row, 0).from : p->body, last = t->row - 1;

	t->row_of_page = 0;
	t->unsure = false;
	for (guint i = p->lead; i < p->header; i++)
		put_lines(t, p, i, i + 1);
	if (with_header)
		put_lines(t, p, p->header, body);
	else
		t->row_of_page += p->header < p->body;
	for (guint i = 0; i < rows->len && !t->cells->over; i++) {
		const struct pdf_row *r = &g_array_index(rows, struct pdf_row, i);
		if (i == 0 && r->unsure && !with_header)
			g_array_append_val(t->sheet->unsure, last);
		t->unsure = r->unsure || t->all_unsure;
		put_lines(t, p, r->from, r->to);
	}
}

static void put_table(struct cells *cells, struct pdf_page **pages, guint n)
{
	bool unsure = false;
	struct table t = { .stripes = pdf_columns_find(pages, n, &unsure), .cells = cells, .all_unsure = unsure };
	g_autofree char *name = g_strdup_printf("Sayfa %u", pages[0]->number);

	t.sheet = document_add_sheet(cells->document, name);
	t.sheet->places = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	t.sheet->unsure = g_array_new(FALSE, FALSE, sizeof(guint));
	cells_begin(cells, t.sheet);
	for (guint i = 0; i < n; i++)
		put_page(&t, pages[i], i == 0);
	cells_end(cells);
	g_array_unref(t.stripes);
}

/* A page goes on with the table before when it has no header of its own, or the same. */
static bool goes_on(const struct pdf_page *first, const struct pdf_page *p)
{
	return !*p->heading || !strcmp(p->heading, first->heading);
}

static void put_tables(struct pdf_layout *l)
{
	struct cells cells = { .document = l->document };
	g_autoptr(GPtrArray) open = g_ptr_array_new();

	for (guint i = 0; i < l->pages->len; i++) {
		struct pdf_page *p = l->pages->pdata[i];

		if (!p->has_table || (!open->len && !*p->heading))
			continue;
		if (open->len && !goes_on(open->pdata[0], p)) {
			put_table(&cells, (struct pdf_page **)open->pdata, open->len);
			g_ptr_array_set_size(open, 0);
		}
		g_ptr_array_add(open, p);
	}
	if (open->len)
		put_table(&cells, (struct pdf_page **)open->pdata, open->len);
}

void pdf_layout_end(struct pdf_layout *l)
{
	for (guint i = 0; i < l->pages->len; i++)
		add_text(l, l->pages->pdata[i]);
	g_autofree char *text = g_utf8_make_valid(g_strchomp(l->text->str), -1);
	put_tables(l);
	if (*text)
		l->document->text = g_steal_pointer(&text);
	if (l->over)
		facts_complain(l->document->complaints, "too_much_text", l->document->file, NULL);
	g_string_free(l->text, TRUE);
	g_ptr_array_unref(l->pages);
	g_free(l);
}
