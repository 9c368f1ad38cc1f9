/* pdf_columns: see pdf_columns.h. All pages of a table are looked at, because a cell of any may be the widest. */
#include "parsers/pdf_columns.h"

#include <math.h>

struct edge { double x; int step; };
struct gap { double from, to; };

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

/* The stripes that at most `crossing` rows cross. */
static GArray *gaps_of(GArray *edges, int crossing)
{
	GArray *gaps = g_array_new(FALSE, FALSE, sizeof(struct gap));
	double end = 0;
	int depth = 0;
	bool begun = false;

	g_array_sort(edges, by_place);
	for (guint i = 0; i < edges->len; i++) {
		const struct edge *e = &g_array_index(edges, struct edge, i);
		bool was_inside = depth > crossing, inside = (depth += e->step) > crossing;

		if (was_inside && !inside)
			end = e->x;
		struct gap gap = { end, e->x };
		if (inside && !was_inside && begun)
			g_array_append_val(gaps, gap);
		begun |= inside;
	}
	return gaps;
}

static GArray *middles_of(GArray *gaps)
{
	GArray *middles = g_array_new(FALSE, FALSE, sizeof(double));

	for (guint i = 0; i < gaps->len; i++) {
		const struct gap *g = &g_array_index(gaps, struct gap, i);
		double middle = (g->from + g->to) / 2;
		g_array_append_val(middles, middle);
	}
	g_array_unref(gaps);
	return middles;
}

enum { EVERY_LINE, PEOPLE };

struct table { struct pdf_page *const *pages; guint n_pages, rows; GArray *stripes; };

/* Lines of the header count `heading_weight` times. */
static GArray *edges_of(struct table *t, int which, int heading_weight)
{
	GArray *edges = g_array_new(FALSE, FALSE, sizeof(struct edge));

	t->rows = 0;
	for (guint n = 0; n < t->n_pages; n++)
		for (guint i = t->pages[n]->header; i < t->pages[n]->end; i++) {
			const struct pdf_line *l = pdf_page_line(t->pages[n], i);
			bool heading = i < t->pages[n]->body;
			if (!heading && which == PEOPLE && !l->number && !pdf_lines_is_person(l))
				continue;
			t->rows += !heading;
			add_edges(edges, l, heading ? heading_weight : 1);
		}
	return edges;
}

guint pdf_columns_of(const GArray *stripes, const struct pdf_word *w)
{
	double x = (w->x1 + w->x2) / 2;
	guint i = 0;

	while (i < stripes->len && g_array_index(stripes, double, i) < x)
		i++;
	return i;
}

bool pdf_columns_is_crossed(const GArray *stripes, const struct pdf_word *w)
{
	double most = 0.3 * (w->y2 - w->y1);

	for (guint i = 0; i < stripes->len; i++) {
		double at = g_array_index(stripes, double, i);
		if (w->x1 < at - most && w->x2 > at + most)
			return true;
	}
	return false;
}

/* How wide the headings leave the stripe, in heights of a line. */
static double gap_of(const struct table *t, double stripe)
{
	double from = 0, to = 1e6, height = 1;

	for (guint i = t->pages[0]->header; i < t->pages[0]->body; i++) {
		const struct pdf_line *l = pdf_page_line(t->pages[0], i);
		height = l->height;
		for (guint k = 0; k < l->pieces->len; k++) {
			const struct pdf_piece *p = &g_array_index(l->pieces, struct pdf_piece, k);
			if (p->x1 > stripe)
				to = MIN(to, p->x1);
			else
				from = MAX(from, p->x2);
		}
	}
	return (to - from) / MAX(height, 1);
}

enum { HEADED = 1, USED = 2 };

/* What stands in each column: a heading, something below it; every cell of a table of fields has one. */
static GArray *uses_of(const struct table *t, bool *of_fields)
{
	GArray *uses = g_array_new(FALSE, TRUE, sizeof(int));

	g_array_set_size(uses, t->stripes->len + 1);
	for (guint n = 0; n < t->n_pages; n++)
		for (guint i = t->pages[n]->header; i < t->pages[n]->end; i++) {
			const struct pdf_line *l = pdf_page_line(t->pages[n], i);
			*of_fields |= pdf_lines_is_of_fields(l);
			for (guint k = 0; k < l->words->len; k++) {
				const struct pdf_word *w = &g_array_index(l->words, struct pdf_word, k);
				g_array_index(uses, int, pdf_columns_of(t->stripes, w)) |= i < t->pages[n]->body ? HEADED : USED;
			}
		}
	return uses;
}

/* Two blanks in a heading make no column. */
static void drop_gaps(struct table *t)
{
	bool of_fields = false;
	g_autoptr(GArray) uses = uses_of(t, &of_fields);

	for (guint i = t->stripes->len; i-- > 0;)
		if (!(g_array_index(uses, int, i + 1) & USED) && (of_fields || gap_of(t, g_array_index(t->stripes, double, i)) < 0.75))
			g_array_remove_index(t->stripes, i);
}

/* A heading may stand beside what is below it, as a centred one does over a narrow cell. A heading without a column and a column
 * without a heading next to it are one, if there is no other choice. */
static bool join_halves(struct table *t)
{
	bool of_fields = false, sure = true;
	g_autoptr(GArray) uses = uses_of(t, &of_fields);
	g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(double));

	for (guint i = 0, n; i < uses->len; i += n) {
		int use = g_array_index(uses, int, i);
		for (n = 1; use && use < (HEADED | USED) && i + n < uses->len && g_array_index(uses, int, i + n) ==
		     (n % 2 ? (HEADED | USED) - use : use);)
			n++;
		sure &= n == 1 || n % 2 == 0;
		for (guint k = 0; k < n && i + k < t->stripes->len; k++)
			if (n % 2 || k % 2)
				g_array_append_val(kept, g_array_index(t->stripes, double, i + k));
	}
	g_array_set_size(t->stripes, 0);
	g_array_append_vals(t->stripes, kept->data, kept->len);
	return sure;
}

/* Takes the columns of fewer lines when there are fewer than headings. */
static void try(struct table *t, guint most, int which, int crossing)
{
	if (t->stripes && t->stripes->len + 1 >= most)
		return;
	g_autoptr(GArray) edges = edges_of(t, which, crossing + 1);
	GArray *stripes = middles_of(gaps_of(edges, crossing));
	if (!t->stripes || stripes->len > t->stripes->len) {
		GArray *before = t->stripes;
		t->stripes = stripes;
		stripes = before;
	}
	if (stripes)
		g_array_unref(stripes);
}

static GArray *words_and_headings(const struct table *t, GArray *headings)
{
	GArray *words = g_array_new(FALSE, FALSE, sizeof(struct edge));

	for (guint n = 0; n < t->n_pages; n++)
		for (guint i = t->pages[n]->header; i < t->pages[n]->end; i++) {
			const struct pdf_line *l = pdf_page_line(t->pages[n], i);
			if (n == 0 && i < t->pages[n]->body)
				add_edges(headings, l, 1);
			for (guint k = 0; k < l->words->len; k++) {
				const struct pdf_word *w = &g_array_index(l->words, struct pdf_word, k);
				struct edge from = { w->x1, 1 }, to = { w->x2, -1 };
				g_array_append_val(words, from);
				g_array_append_val(words, to);
			}
		}
	return words;
}

static struct gap widest_of(const GArray *gaps, double from, double to)
{
	struct gap widest = { 0, 0 };

	for (guint i = 0; i < gaps->len; i++) {
		const struct gap *g = &g_array_index(gaps, struct gap, i);
		if (g->from > from && g->to < to && g->to - g->from > widest.to - widest.from)
			widest = *g;
	}
	return widest;
}

/* Words alone, with the blanks between them: of all gaps that no line fills the widest between two headings each. */
static void try_words(struct table *t)
{
	g_autoptr(GArray) headings = g_array_new(FALSE, FALSE, sizeof(struct edge)), words = words_and_headings(t, headings);
	g_autoptr(GArray) all = gaps_of(words, 0), between = gaps_of(headings, 0);
	GArray *kept = g_array_new(FALSE, FALSE, sizeof(struct gap));

	for (guint i = 0; i < between->len && t->stripes->len < between->len; i++) {
		double from = i ? g_array_index(between, struct gap, i - 1).to : -INFINITY;
		double to = i + 1 < between->len ? g_array_index(between, struct gap, i + 1).from : INFINITY;
		struct gap widest = widest_of(all, from, to);
		if (widest.to > widest.from)
			g_array_append_val(kept, widest);
	}
	GArray *stripes = middles_of(kept);
	if (stripes->len > t->stripes->len) {
		GArray *before = t->stripes;
		t->stripes = stripes;
		stripes = before;
	}
	g_array_unref(stripes);
}

/* A line below the table or a cell that touches its neighbour hides a stripe. One row in ten may be so, but never a
 * heading. */
GArray *pdf_columns_find(struct pdf_page *const *pages, guint n, bool *unsure)
{
	struct table t = { pages, n, 0, NULL };
	guint most = 0;

	for (guint i = pages[0]->header; i < pages[0]->body; i++)
		most = MAX(most, pdf_page_line(pages[0], i)->said);
	try(&t, most, EVERY_LINE, 0);
	try_words(&t);
	try(&t, most, PEOPLE, 0);
	try(&t, most, PEOPLE, (int)t.rows / 10);
	drop_gaps(&t);
	*unsure = pages[0]->header < pages[0]->body && !join_halves(&t);
	return t.stripes;
}
