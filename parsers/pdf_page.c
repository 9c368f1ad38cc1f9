/* pdf_page: see pdf_page.h. What is known of our tables is only that each person has a number or an address. */
#include "parsers/pdf_page.h"

#include "parsers/form_text.h"

#include <string.h>

enum { HEADER_LINES = 4, WRAPPED_LINES = 6, PIECES = 3 };

const struct pdf_line *pdf_page_line(const struct pdf_page *p, guint i)
{
	return p->lines->pdata[i];
}

double pdf_page_gap(const struct pdf_page *p, guint i)
{
	return pdf_page_line(p, i)->y - pdf_page_line(p, i - 1)->y;
}

/* "Birim: Fen Fakültesi" stands above tables; in a header few cells have something behind a colon. */
static bool is_banner(const struct pdf_line *l)
{
	guint labels = 0;

	for (guint i = 0; i < l->pieces->len; i++) {
		g_autofree char *text = pdf_lines_piece(l, &g_array_index(l->pieces, struct pdf_piece, i));
		const char *colon = strchr(text, ':');
		labels += colon && colon[1];
	}
	return 2 * labels >= l->pieces->len;
}

static bool is_heading(const struct pdf_line *l)
{
	return l->said >= 2 && !l->number && !pdf_lines_is_of_fields(l) && !is_banner(l);
}

/* Lines of one piece, or of an address, that stand above line i: of tall cells of its row and of the header. */
static guint tall_above(const struct pdf_page *p, guint i, double height)
{
	guint n = 0, wide = 0;

	for (; n < WRAPPED_LINES && i > n; n++) {
		const struct pdf_line *l = pdf_page_line(p, i - n - 1);
		double gap = n ? pdf_page_gap(p, i - n) : 0;
		wide += gap > 1.6 * height;
		if ((l->said != 1 && !l->address) || l->number || wide > 1 || gap > 4 * height)
			break;
	}
	return n;
}

/* The cell of an identity number has one line: a word above it is its heading. */
static bool is_above_number(const struct pdf_page *p, guint line, guint first)
{
	const struct pdf_line *l = pdf_page_line(p, line), *number = pdf_page_line(p, first);

	for (guint i = 0; i < number->pieces->len; i++) {
		const struct pdf_piece *n = &g_array_index(number->pieces, struct pdf_piece, i);
		g_autofree char *text = pdf_lines_piece(number, n);
		if (!form_text_is_possible(text))
			continue;
		for (guint k = 0; k < l->pieces->len; k++) {
			const struct pdf_piece *w = &g_array_index(l->pieces, struct pdf_piece, k);
			if (w->x1 < n->x2 + number->height && w->x2 > n->x1 - number->height)
				return true;
		}
	}
	return false;
}

/* A line of one piece, of a heading that is taller than the others: half a line higher, or right above one of them. */
static bool is_more_heading(const struct pdf_page *p, guint i)
{
	const struct pdf_line *l = pdf_page_line(p, i), *below = pdf_page_line(p, i + 1);
	double gap = pdf_page_gap(p, i + 1);
	guint met = 0;

	if (l->said != 1 || l->number || is_banner(l) || gap > 1.25 * below->height)
		return false;
	const struct pdf_piece *own = &g_array_index(l->pieces, struct pdf_piece, 0);
	for (guint k = i + 1; k < p->body; k++)
		for (guint j = 0; j < pdf_page_line(p, k)->pieces->len; j++) {
			const struct pdf_piece *other = &g_array_index(pdf_page_line(p, k)->pieces, struct pdf_piece, j);
			met += own->x1 < other->x2 && own->x2 > other->x1 && own->x2 - own->x1 < 2 * (other->x2 - other->x1);
		}
	return gap < 0.75 * below->height || met == 1;
}

static void grow_header(struct pdf_page *p)
{
	while (p->header && p->body - p->header < HEADER_LINES + WRAPPED_LINES &&
	       ((is_heading(pdf_page_line(p, p->header - 1)) && pdf_page_gap(p, p->header) < 1.6 * pdf_page_line(p, p->header)->height) ||
		is_more_heading(p, p->header - 1)))
		p->header--;
	for (p->lead = p->header; p->lead && pdf_page_line(p, p->lead - 1)->said >= PIECES && !is_banner(pdf_page_line(p, p->lead - 1)) &&
	     pdf_page_gap(p, p->lead) < 1.3 * pdf_page_gap(p, p->body);)
		p->lead--;
}

static bool is_header(const struct pdf_page *p, guint first)
{
	bool above = !pdf_page_line(p, first)->number;

	for (guint i = p->header; i < p->body && !above; i++)
		above = is_above_number(p, i, first);
	return above;
}

/* The header whose last line but for tall cells is `top` - 1. */
static bool try_header(struct pdf_page *p, guint first, guint top)
{
	double height = pdf_page_line(p, first)->height;

	if (!top || !is_heading(pdf_page_line(p, top - 1)))
		return false;
	for (p->body = first; p->body > top && pdf_page_gap(p, p->body) <= pdf_page_gap(p, top) && pdf_page_gap(p, p->body) < 1.5 * height;)
		p->body--;
	p->header = top - 1;
	grow_header(p);
	return is_header(p, first);
}

/* Between header and first person may stand lines that tall cells of either have. Without a header those that are close are
 * of the person. */
static bool find_header(struct pdf_page *p, guint first)
{
	double height = pdf_page_line(p, first)->height;
	guint most = tall_above(p, first, height);

	for (guint rest = 0; rest <= most; rest++)
		if (try_header(p, first, first - rest))
			return true;
	for (p->body = first; p->body && first - p->body < WRAPPED_LINES && pdf_page_gap(p, p->body) < 1.3 * height;)
		p->body--;
	p->lead = p->header = p->body;
	return false;
}

/* Behind the last person only what looks like one more row, or the rest of a tall cell. */
static void find_end(struct pdf_page *p, guint first, guint last)
{
	double widest = first > p->header ? pdf_page_gap(p, first) : 0;

	for (guint i = first + 1; i <= last; i++)
		widest = MAX(widest, pdf_page_gap(p, i));
	for (p->end = last + 1; p->end < p->lines->len; p->end++) {
		const struct pdf_line *l = pdf_page_line(p, p->end);
		double gap = pdf_page_gap(p, p->end);
		bool row = l->said >= PIECES && gap < 1.3 * widest, rest = l->said < PIECES && gap < 1.45 * l->height;
		if ((!row && !rest) || is_banner(l))
			break;
	}
}

static char *heading_of(const struct pdf_page *p)
{
	GString *out = g_string_new(NULL);

	for (guint i = p->header; i < p->body; i++) {
		pdf_lines_append(pdf_page_line(p, i), '\t', out);
		g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}

/* The first person below a header, or the first number: of a table that goes on. */
static guint find_first(struct pdf_page *p)
{
	for (guint i = 0; i < p->lines->len; i++) {
		const struct pdf_line *l = pdf_page_line(p, i);
		if (!pdf_lines_is_person(l))
			continue;
		if (find_header(p, i) || l->number)
			return i;
	}
	return p->lines->len;
}

static void find_table(struct pdf_page *p)
{
	guint first = find_first(p), last = first;

	p->has_table = first < p->lines->len;
	if (!p->has_table)
		return;
	for (guint i = first; i < p->lines->len; i++) {
		const struct pdf_line *l = pdf_page_line(p, i);
		if (pdf_lines_is_person(l) || (l->number && l->said >= 2))
			last = i;
	}
	find_end(p, first, last);
	p->heading = heading_of(p);
}

struct pdf_page *pdf_page_new(guint number, GArray *words)
{
	struct pdf_page *p = g_new0(struct pdf_page, 1);

	p->number = number;
	p->lines = pdf_lines_of(words);
	find_table(p);
	return p;
}

void pdf_page_free(void *page)
{
	struct pdf_page *p = page;

	g_ptr_array_unref(p->lines);
	g_free(p->heading);
	g_free(p);
}
