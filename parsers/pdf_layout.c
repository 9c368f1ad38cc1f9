/* pdf_layout: see pdf_layout.h.
 *
 * A PDF knows no tables, only words at places. What is known of ours is that each person has an identity number: the lines
 * with one are the table's bones, and what stands right above the first is its header. The columns are found last, from all
 * pages, because a cell of any page may be the widest.
 */
#include "parsers/pdf_layout.h"

#include "parsers/cells.h"
#include "parsers/pdf_lines.h"

#include <string.h>

enum { MAX_TEXT = 1 << 20, HEADER_LINES = 4, WRAPPED_LINES = 3, PIECES = 3, ROW_LINES = 40 };

struct page {
	guint number;
	GPtrArray *lines;           /* struct pdf_line */
	guint header, body, end;    /* lines of the table; header == body: none on this page */
	bool has_table;
	char *heading;              /* the header's words */
};

struct pdf_layout {
	struct document *document;
	GPtrArray *pages; /* struct page */
	GString *text;
	bool over;
};

static void page_free(void *p)
{
	struct page *page = p;

	g_ptr_array_unref(page->lines);
	g_free(page->heading);
	g_free(page);
}

struct pdf_layout *pdf_layout_new(struct document *d)
{
	struct pdf_layout *l = g_new0(struct pdf_layout, 1);

	l->document = d;
	l->pages = g_ptr_array_new_with_free_func(page_free);
	l->text = g_string_new(NULL);
	return l;
}

static const struct pdf_line *line_at(const struct page *p, guint i)
{
	return p->lines->pdata[i];
}

static double gap_above(const struct page *p, guint i)
{
	return line_at(p, i)->y - line_at(p, i - 1)->y;
}

/* ---- where the table stands ---- */

/* "Birim: Fen Fakültesi" stands above tables; in a header there is nothing behind a colon. */
static bool is_banner(const struct pdf_line *l)
{
	for (guint i = 0; i < l->pieces->len; i++) {
		g_autofree char *text = pdf_lines_piece(l, &g_array_index(l->pieces, struct pdf_piece, i));
		const char *colon = strchr(text, ':');
		if (colon && colon[1])
			return true;
	}
	return false;
}

static bool is_heading(const struct pdf_line *l)
{
	return l->said >= 2 && !l->number && !is_banner(l);
}

/* Lines of one piece that stand close above line i: of a tall cell. */
static guint tall_above(const struct page *p, guint i, double height)
{
	guint n = 0;

	while (n < WRAPPED_LINES && i > n && line_at(p, i - n - 1)->said == 1 && !line_at(p, i - n - 1)->number &&
	       (n == 0 || gap_above(p, i - n) < 1.6 * height))
		n++;
	return n;
}

/* Between header and first number may stand lines that tall cells of either have. */
static void find_header(struct page *p, guint first)
{
	double height = line_at(p, first)->height;
	guint rest = tall_above(p, first, height), top = first - rest;

	p->header = p->body = first;
	if (!top || !is_heading(line_at(p, top - 1)))
		return;
	while (p->body > top && gap_above(p, p->body) <= gap_above(p, top) && gap_above(p, p->body) < 1.5 * height)
		p->body--;
	for (p->header = top - 1; p->header && p->body - p->header < HEADER_LINES + WRAPPED_LINES &&
	     is_heading(line_at(p, p->header - 1)) && gap_above(p, p->header) < 1.6 * height;)
		p->header--;
}

/* Behind the last number only what looks like one more row, or the rest of a tall cell. */
static void find_end(struct page *p, guint first, guint last)
{
	double widest = first > p->header ? gap_above(p, first) : 0;

	for (guint i = first + 1; i <= last; i++)
		widest = MAX(widest, gap_above(p, i));
	for (p->end = last + 1; p->end < p->lines->len; p->end++) {
		const struct pdf_line *l = line_at(p, p->end);
		double gap = gap_above(p, p->end);
		bool row = l->said >= PIECES && gap < 1.3 * widest, rest = l->said < PIECES && gap < 1.45 * l->height;
		if ((!row && !rest) || is_banner(l))
			break;
	}
}

static char *heading_of(const struct page *p)
{
	GString *out = g_string_new(NULL);

	for (guint i = p->header; i < p->body; i++) {
		pdf_lines_append(line_at(p, i), out);
		g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}

static void find_table(struct page *p)
{
	guint first = 0, last;

	while (first < p->lines->len && !(line_at(p, first)->number && line_at(p, first)->said >= PIECES))
		first++;
	if (first == p->lines->len)
		return;
	last = first;
	for (guint i = first; i < p->lines->len; i++)
		if (line_at(p, i)->number && line_at(p, i)->said >= 2)
			last = i;
	p->has_table = true;
	find_header(p, first);
	find_end(p, first, last);
	p->heading = heading_of(p);
}

/* ---- text ---- */

/* A table's header is no text: "Birim" there is no label of what stands behind it. */
static void add_text(struct pdf_layout *l, const struct page *p)
{
	for (guint i = 0; i < p->lines->len && !l->over; i++) {
		if (p->has_table && i >= p->header && i < p->body)
			continue;
		pdf_lines_append(line_at(p, i), l->text);
		g_string_append_c(l->text, '\n');
		l->over = l->text->len > MAX_TEXT;
	}
}

void pdf_layout_page(struct pdf_layout *l, GArray *words)
{
	struct page *p = g_new0(struct page, 1);

	p->number = l->pages->len + 1;
	p->lines = pdf_lines_of(words);
	g_ptr_array_add(l->pages, p);
	find_table(p);
	add_text(l, p);
}

/* ---- columns ---- */

struct edge { double x; int step; };

static void add_edges(GArray *edges, const struct pdf_line *l, int weight)
{
	for (guint i = 0; i < l->pieces->len; i++) {
		const struct pdf_piece *p = &g_array_index(l->pieces, struct pdf_piece, i);
		double inset = MIN(2, (p->x2 - p->x1) / 4); /* fields may touch each other */
		struct edge from = { p->x1 + inset, weight }, to = { p->x2 - inset, -weight };
		g_array_append_val(edges, from);
		g_array_append_val(edges, to);
	}
}

static int by_place(const void *a, const void *b)
{
	const struct edge *e = a, *f = b;

	return e->x < f->x ? -1 : e->x > f->x ? 1 : f->step - e->step;
}

/* The middles of the stripes that at most `crossing` rows cross. */
static GArray *stripes_of(GArray *edges, int crossing)
{
	GArray *stripes = g_array_new(FALSE, FALSE, sizeof(double));
	double end = 0, middle;
	int depth = 0;
	bool begun = false;

	for (guint i = 0; i < edges->len; i++) {
		const struct edge *e = &g_array_index(edges, struct edge, i);
		bool was_inside = depth > crossing, inside = (depth += e->step) > crossing;

		if (was_inside && !inside)
			end = e->x;
		if (inside && !was_inside && begun) {
			middle = (end + e->x) / 2;
			g_array_append_val(stripes, middle);
		}
		begun |= inside;
	}
	return stripes;
}

struct table {
	struct page **pages;
	guint n_pages, rows; /* rows: with a number */
	GArray *stripes;     /* double, ascending: between the columns */
	struct cells *cells;
	struct sheet *sheet;
	guint row, row_of_page;
};

static GArray *edges_of(struct table *t, int heading_weight)
{
	GArray *edges = g_array_new(FALSE, FALSE, sizeof(struct edge));

	t->rows = 0;
	for (guint n = 0; n < t->n_pages; n++)
		for (guint i = t->pages[n]->header; i < t->pages[n]->end; i++) {
			const struct pdf_line *l = line_at(t->pages[n], i);
			bool heading = i < t->pages[n]->body;
			if (!heading && !l->number)
				continue;
			t->rows += !heading;
			add_edges(edges, l, heading ? heading_weight : 1);
		}
	g_array_sort(edges, by_place);
	return edges;
}

/* Cells that touch their neighbours hide a stripe. One row in ten may be so, but never a heading. */
static void find_columns(struct table *t)
{
	guint most = 0;
	g_autoptr(GArray) edges = edges_of(t, 1);

	for (guint i = t->pages[0]->header; i < t->pages[0]->body; i++)
		most = MAX(most, line_at(t->pages[0], i)->said);
	t->stripes = stripes_of(edges, 0);
	int crossing = (int)t->rows / 10;
	if (t->stripes->len + 1 >= most || !crossing)
		return;
	g_autoptr(GArray) again = edges_of(t, crossing + 1);
	g_array_unref(t->stripes);
	t->stripes = stripes_of(again, crossing);
}

static guint column_of(const struct table *t, const struct pdf_word *w)
{
	double x = (w->x1 + w->x2) / 2;
	guint i = 0;

	while (i < t->stripes->len && g_array_index(t->stripes, double, i) < x)
		i++;
	return i;
}

/* ---- rows ---- */

static guint columns_said(const struct table *t, const struct pdf_line *l)
{
	guint n = 0, last = G_MAXUINT;

	for (guint i = 0; i < l->words->len; i++) {
		const struct pdf_word *w = &g_array_index(l->words, struct pdf_word, i);
		guint column = column_of(t, w);
		n += *w->text && column != last;
		last = *w->text ? column : last;
	}
	return n;
}

static bool begins_row(const struct table *t, const struct page *p, guint i)
{
	const struct pdf_line *l = line_at(p, i);

	return l->number || columns_said(t, l) >= MAX(2, (t->stripes->len + 2) / 2);
}

/* Which row each line of the body is of: the number of the line that begins it. */
struct belonging { const struct table *table; const struct page *page; guint *of; bool above, below; };

static guint begin_before(const struct belonging *b, guint i)
{
	for (int n = 0; n < ROW_LINES && i-- > b->page->body; n++)
		if (b->of[i - b->page->body] == i)
			return i;
	return G_MAXUINT;
}

static guint begin_behind(const struct belonging *b, guint i)
{
	for (int n = 0; n < ROW_LINES && ++i < b->page->end; n++)
		if (begins_row(b->table, b->page, i))
			return i;
	return G_MAXUINT;
}

/* Rows are drawn a little further apart than the lines in a cell. Where they are not, cells that have lines above the first
 * number and none below the last stand at the bottom of their rows; with both, in the middle. */
static guint row_of(const struct belonging *b, guint i)
{
	const struct page *p = b->page;
	guint before = begin_before(b, i), behind = begin_behind(b, i);
	double height = line_at(p, i)->height, up = i > p->body ? gap_above(p, i) : 1e6, down = i + 1 < p->end ? gap_above(p, i + 1) : 1e6;

	if (MIN(up, down) > 1.6 * height)
		return i;
	if (before == G_MAXUINT || behind == G_MAXUINT)
		return before == G_MAXUINT ? behind : before;
	if (ABS(up - down) > 0.1 * height)
		return down < up ? behind : before;
	double to_before = line_at(p, i)->y - line_at(p, before)->y, to_behind = line_at(p, behind)->y - line_at(p, i)->y;
	bool middle = b->above && b->below;
	return middle ? (to_behind < to_before ? behind : before) : b->above ? behind : before;
}

static void find_rows(struct belonging *b)
{
	const struct page *p = b->page;

	b->above = p->body < p->end && !begins_row(b->table, p, p->body);
	b->below = p->body < p->end && !begins_row(b->table, p, p->end - 1);
	for (guint i = p->body; i < p->end; i++) {
		guint row = begins_row(b->table, p, i) ? i : row_of(b, i);
		b->of[i - p->body] = row == G_MAXUINT ? i : row;
	}
}

struct cell { GString *text; const char *field; };

static void add_words(const struct table *t, const struct pdf_line *l, struct cell *row)
{
	for (guint i = 0; i < l->words->len; i++) {
		const struct pdf_word *w = &g_array_index(l->words, struct pdf_word, i);
		struct cell *c = &row[column_of(t, w)];

		c->field = w->field && !c->field ? w->field : c->field;
		if (*w->text)
			g_string_append_printf(c->text, "%s%s", c->text->len ? " " : "", w->text);
	}
}

static const char *place_of(const struct table *t, const struct page *p, const struct cell *c, guint column)
{
	g_autofree char *where = cells_where(t->cells, t->row_of_page, column);
	g_autofree char *place = g_strdup_printf("Sayfa %u%s", p->number, strchr(where, '!'));

	return c->field ? c->field : cells_keep(t->cells, place, strlen(place));
}

static void put_row(struct table *t, const struct page *p, struct cell *row)
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

/* The lines that are of row `row`; `of` NULL: all, the header. */
static void put_lines(struct table *t, const struct page *p, guint row_line, const guint *of)
{
	guint from = !of ? p->header : row_line > p->body + ROW_LINES ? row_line - ROW_LINES : p->body;
	guint to = !of ? p->body : MIN(p->end, row_line + ROW_LINES);
	struct cell *row = g_new0(struct cell, t->stripes->len + 1);

	for (guint i = 0; i <= t->stripes->len; i++)
		row[i].text = g_string_new(NULL);
	for (guint i = from; i < to; i++)
		if (!of || of[i - p->body] == row_line)
			add_words(t, line_at(p, i), row);
	put_row(t, p, row);
	for (guint i = 0; i <= t->stripes->len; i++)
		g_string_free(row[i].text, TRUE);
	g_free(row);
}

static void put_page(struct table *t, const struct page *p, bool with_header)
{
	guint n = p->end - p->body;
	g_autofree guint *of = g_new(guint, n + 1);
	struct belonging b = { t, p, of };

	t->row_of_page = 0;
	if (with_header)
		put_lines(t, p, p->header, NULL);
	else
		t->row_of_page += p->header < p->body;
	find_rows(&b);
	for (guint i = p->body; i < p->end && !t->cells->over; i++)
		if (of[i - p->body] == i)
			put_lines(t, p, i, of);
}

static void put_table(struct cells *cells, struct page **pages, guint n)
{
	struct table t = { .pages = pages, .n_pages = n, .cells = cells };
	g_autofree char *name = g_strdup_printf("Sayfa %u", pages[0]->number);

	t.sheet = document_add_sheet(cells->document, name);
	t.sheet->places = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	cells_begin(cells, t.sheet);
	find_columns(&t);
	for (guint i = 0; i < n; i++)
		put_page(&t, pages[i], i == 0);
	cells_end(cells);
	g_array_unref(t.stripes);
}

/* A page goes on with the table before when it has no header of its own, or the same. */
static bool goes_on(const struct page *first, const struct page *p)
{
	return !*p->heading || !strcmp(p->heading, first->heading);
}

static void put_tables(struct pdf_layout *l)
{
	struct cells cells = { .document = l->document };
	g_autoptr(GPtrArray) open = g_ptr_array_new();

	for (guint i = 0; i < l->pages->len; i++) {
		struct page *p = l->pages->pdata[i];

		if (!p->has_table || (!open->len && !*p->heading))
			continue;
		if (open->len && !goes_on(open->pdata[0], p)) {
			put_table(&cells, (struct page **)open->pdata, open->len);
			g_ptr_array_set_size(open, 0);
		}
		g_ptr_array_add(open, p);
	}
	if (open->len)
		put_table(&cells, (struct page **)open->pdata, open->len);
}

void pdf_layout_end(struct pdf_layout *l)
{
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
