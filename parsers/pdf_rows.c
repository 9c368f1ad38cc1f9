/* pdf_rows: see pdf_rows.h.
 *
 * A page is parted by dynamic programming: the cost of a row that does not stand as its table's rows do is far more than any gap
 * can win. Lines that hold no number carry a row only if they cannot be more of another's.
 */
#include "parsers/pdf_rows.h"

#include "parsers/pdf_columns.h"

#include <math.h>

enum { BETWEEN = 24 }; /* lines between two carriers that are tried; rows further apart are not tall but broken */
static const double MISFIT = 1000, EQUAL = 0.1;

enum align { TOP, MIDDLE, BOTTOM, ANY, ALIGNS };

struct rows {
	const struct pdf_page *page;
	const GArray *stripes;
	GArray *carriers;      /* guint */
	double *first, *last;  /* of a row by column: middles of the first and the last line; first < 0: empty */
	double height;
};

/* ---- which lines carry rows ---- */

static guint columns_said(const struct rows *r, const struct pdf_line *l)
{
	guint n = 0, last = G_MAXUINT;

	for (guint i = 0; i < l->words->len; i++) {
		const struct pdf_word *w = &g_array_index(l->words, struct pdf_word, i);
		guint column = pdf_columns_of(r->stripes, w);
		n += *w->text && column != last;
		last = *w->text ? column : last;
	}
	return n;
}

/* A line of a cell stands no further than this from the next. */
static bool is_close(const struct rows *r, guint a, guint b)
{
	return ABS(pdf_page_line(r->page, a)->y - pdf_page_line(r->page, b)->y) < 1.25 * r->height;
}

/* Whether a number stands close above or below, and lines lead there one after the other. */
static bool belongs_to_number(const struct rows *r, guint i, bool address)
{
	const struct pdf_page *p = r->page;

	for (guint k = i; k > p->body && i - k < BETWEEN && is_close(r, k, k - 1);)
		if (pdf_page_line(p, --k)->number)
			return !address || !pdf_page_line(p, k)->address;
	for (guint k = i; k + 1 < p->end && k - i < BETWEEN && is_close(r, k, k + 1);)
		if (pdf_page_line(p, ++k)->number)
			return !address || !pdf_page_line(p, k)->address;
	return false;
}

static bool is_carrier(const struct rows *r, guint i)
{
	const struct pdf_line *l = pdf_page_line(r->page, i);

	if (l->number || pdf_lines_is_of_fields(l))
		return true;
	return columns_said(r, l) >= MAX(2, (r->stripes->len + 2) / 2) && !belongs_to_number(r, i, l->address);
}

static void find_carriers(struct rows *r)
{
	for (guint i = r->page->body; i < r->page->end; i++)
		if (is_carrier(r, i))
			g_array_append_val(r->carriers, i);
}

static guint carrier(const struct rows *r, guint row)
{
	return g_array_index(r->carriers, guint, row);
}

/* ---- whether lines stand as one row ---- */

static void measure(const struct rows *r, guint from, guint to)
{
	for (guint c = 0; c <= r->stripes->len; c++)
		r->first[c] = r->last[c] = -1;
	for (guint i = from; i < to; i++) {
		const struct pdf_line *l = pdf_page_line(r->page, i);
		for (guint k = 0; k < l->words->len; k++) {
			const struct pdf_word *w = &g_array_index(l->words, struct pdf_word, k);
			guint column = pdf_columns_of(r->stripes, w);
			if (!*w->text)
				continue;
			if (r->first[column] < 0)
				r->first[column] = l->y;
			r->last[column] = l->y;
		}
	}
}

static bool stands(double first, double last, double y, enum align a, double most)
{
	bool top = ABS(first - y) < most, bottom = ABS(last - y) < most, middle = ABS((first + last) / 2 - y) < most;

	return a == TOP ? top : a == BOTTOM ? bottom : a == MIDDLE ? middle : top || bottom || middle;
}

static bool fits(const struct rows *r, guint row, const guint range[2], enum align a)
{
	double y = pdf_page_line(r->page, carrier(r, row))->y;

	measure(r, range[0], range[1]);
	for (guint c = 0; c <= r->stripes->len; c++)
		if (r->first[c] >= 0 && !stands(r->first[c], r->last[c], y, a, 0.2 * r->height))
			return false;
	return true;
}

/* ---- parting ---- */

/* Where row `row` may begin: behind the carrier before, at the latest at its own; the first behind the header, if there is one. */
static void choices(const struct rows *r, guint row, guint *from, guint *n)
{
	guint own = carrier(r, row), least = row ? carrier(r, row - 1) + 1 : r->page->header + 1;

	*n = MIN(own - least + 1, BETWEEN);
	*from = own + 1 - *n;
	if (!row && r->page->header == r->page->body) {
		*from = r->page->body;
		*n = 1;
	}
}

struct parting {
	guint *from;    /* where each row begins */
	double cost;
};

struct step { double cost; guint16 before; };

static double gap_before(const struct rows *r, guint i)
{
	return i > r->page->header ? MIN(pdf_page_gap(r->page, i) / r->height, 3) : 0;
}

/* The cheapest ways to begin row + 1 at each of its places, given those of `row`. */
static void advance(const struct rows *r, guint row, enum align a, struct step *(steps)[2])
{
	guint from, n, next = r->page->end, m = 1;

	choices(r, row, &from, &n);
	if (row + 1 < r->carriers->len)
		choices(r, row + 1, &next, &m);
	for (guint k = 0; k < m; k++) {
		steps[1][k].cost = INFINITY;
		for (guint i = 0; i < n; i++) {
			const guint range[] = { from + i, next + k };
			double cost = steps[0][i].cost + (fits(r, row, range, a) ? 0 : MISFIT);
			cost -= next + k < r->page->end ? gap_before(r, next + k) : 0;
			if (cost < steps[1][k].cost)
				steps[1][k] = (struct step){ cost, (guint16)i };
		}
	}
}

static struct parting part(const struct rows *r, enum align a)
{
	guint rows = r->carriers->len, from, n, best = 0;
	g_autofree struct step *steps = g_new0(struct step, (gsize)(rows + 1) * BETWEEN);
	struct parting p = { g_new(guint, rows + 1), 0 };

	choices(r, 0, &from, &n);
	for (guint i = 0; i < n; i++)
		steps[i].cost = -gap_before(r, from + i);
	for (guint row = 0; row < rows; row++)
		advance(r, row, a, (struct step *[]){ steps + row * BETWEEN, steps + (row + 1) * BETWEEN });
	p.cost = steps[rows * BETWEEN].cost;
	p.from[rows] = r->page->end;
	for (guint row = rows; row-- > 0;) {
		best = steps[(row + 1) * BETWEEN + best].before;
		choices(r, row, &from, &n);
		p.from[row] = from + best;
	}
	return p;
}

/* Whether the row could begin elsewhere as well: both rows stand right then, and the gap is no narrower. */
static bool is_doubtful(const struct rows *r, const struct parting *p, guint row, enum align a)
{
	guint from, n;

	choices(r, row, &from, &n);
	for (guint i = from; i < from + n; i++) {
		const guint before[] = { row ? p->from[row - 1] : 0, i }, own[] = { i, p->from[row + 1] };
		if (i != p->from[row] && gap_before(r, i) > gap_before(r, p->from[row]) - EQUAL && fits(r, row, own, a) &&
		    (!row || fits(r, row - 1, before, a)))
			return true;
	}
	return false;
}

/* Ways to stand that part the page otherwise and are as good. */
static bool is_disputed(const struct rows *r, const struct parting *all, enum align best, guint row)
{
	for (int a = TOP; a <= BOTTOM; a++)
		if (all[a].from[row] != all[best].from[row] && ABS(all[a].cost - all[best].cost) < 0.5 &&
		    gap_before(r, all[a].from[row]) > gap_before(r, all[best].from[row]) - EQUAL)
			return true;
	return false;
}

static void put_rows(const struct rows *r, const struct parting *all, enum align best, GArray *out)
{
	const struct parting *p = &all[best];

	for (guint row = 0; row < r->carriers->len; row++) {
		const guint range[] = { p->from[row], p->from[row + 1] };
		struct pdf_row found = { range[0], range[1], carrier(r, row), !fits(r, row, range, best) };
		bool doubt = is_doubtful(r, p, row, best) || is_disputed(r, all, best, row);
		if (doubt && row)
			g_array_index(out, struct pdf_row, row - 1).unsure = true;
		found.unsure |= doubt;
		g_array_append_val(out, found);
	}
}

static void find(struct rows *r, GArray *out)
{
	struct parting all[ALIGNS];
	enum align best = TOP;

	for (int a = TOP; a < ALIGNS; a++) {
		all[a] = part(r, (enum align)a);
		all[a].cost += a == ANY ? MISFIT / 2 : 0;
		if (all[a].cost < all[best].cost)
			best = (enum align)a;
	}
	put_rows(r, all, best, out);
	for (int a = TOP; a < ALIGNS; a++)
		g_free(all[a].from);
}

GArray *pdf_rows_find(const struct pdf_page *p, const GArray *stripes)
{
	GArray *out = g_array_new(FALSE, TRUE, sizeof(struct pdf_row));
	g_autoptr(GArray) carriers = g_array_new(FALSE, FALSE, sizeof(guint));
	g_autofree double *first = g_new(double, stripes->len + 1), *last = g_new(double, stripes->len + 1);
	struct rows r = { p, stripes, carriers, first, last, 1 };

	for (guint i = p->body; i < p->end; i++)
		r.height = pdf_page_line(p, i)->number ? MAX(pdf_page_line(p, i)->height, 1) : r.height;
	find_carriers(&r);
	if (carriers->len)
		find(&r, out);
	return out;
}
