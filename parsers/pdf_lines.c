/* pdf_lines: see pdf_lines.h. Programs write a line's words in any order and at slightly different heights. */
#include "parsers/pdf_lines.h"

#include "parsers/form_text.h"

#include <string.h>

enum { PIECES = 3 };

static void line_free(void *p)
{
	struct pdf_line *l = p;

	g_array_unref(l->words);
	g_array_unref(l->pieces);
	g_free(l);
}

static double middle_of(const struct pdf_word *w)
{
	return (w->y1 + w->y2) / 2;
}

static int by_height(const void *a, const void *b)
{
	double difference = middle_of(a) - middle_of(b);

	return difference < 0 ? -1 : difference > 0;
}

static int by_left(const void *a, const void *b)
{
	const struct pdf_word *v = a, *w = b;

	return v->x1 < w->x1 ? -1 : v->x1 > w->x1;
}

static struct pdf_line *add_line(GPtrArray *lines, const struct pdf_word *w)
{
	struct pdf_line *l = g_new0(struct pdf_line, 1);

	l->y = middle_of(w);
	l->height = w->y2 - w->y1;
	l->words = g_array_new(FALSE, FALSE, sizeof(struct pdf_word));
	l->pieces = g_array_new(FALSE, FALSE, sizeof(struct pdf_piece));
	g_ptr_array_add(lines, l);
	return l;
}

static bool is_near(const struct pdf_word *before, const struct pdf_word *w)
{
	double gap = w->x1 - before->x2, height = MIN(before->y2 - before->y1, w->y2 - w->y1);

	if (before->box && !w->box)
		return gap < 1.5 * height;
	return !before->field && !w->field && gap < 0.35 * height;
}

static void find_pieces(struct pdf_line *l)
{
	struct pdf_piece p;

	for (guint i = 0; i < l->words->len; i++) {
		const struct pdf_word *w = &g_array_index(l->words, struct pdf_word, i);
		struct pdf_piece *last = l->pieces->len ? &g_array_index(l->pieces, struct pdf_piece, l->pieces->len - 1) : NULL;

		if (last && is_near(w - 1, w)) {
			last->x2 = MAX(last->x2, w->x2);
			last->count++;
			continue;
		}
		p = (struct pdf_piece){ w->x1, w->x2, i, 1 };
		g_array_append_val(l->pieces, p);
		l->said += *w->text != '\0';
	}
}

static bool is_address(const char *text)
{
	const char *at = strchr(text, '@');

	return at && at > text && g_ascii_isalnum(at[-1]) && g_ascii_isalnum(at[1]);
}

/* An identity number may be written with blanks. */
static void look_for_person(struct pdf_line *l)
{
	for (guint i = 0; i < l->pieces->len && !l->number; i++) {
		g_autofree char *text = pdf_lines_piece(l, &g_array_index(l->pieces, struct pdf_piece, i));
		l->number = form_text_is_possible(text);
	}
	for (guint i = 0; i < l->words->len; i++) {
		const struct pdf_word *w = &g_array_index(l->words, struct pdf_word, i);
		l->address |= is_address(w->text);
		l->fields += w->field != NULL;
	}
}

GPtrArray *pdf_lines_of(GArray *words)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(line_free);
	struct pdf_line *l = NULL;

	g_array_sort(words, by_height);
	for (guint i = 0; i < words->len; i++) {
		const struct pdf_word *w = &g_array_index(words, struct pdf_word, i);

		if (!l || middle_of(w) - l->y > 0.4 * MAX(MIN(l->height, w->y2 - w->y1), 1))
			l = add_line(lines, w);
		g_array_append_val(l->words, *w);
	}
	for (guint i = 0; i < lines->len; i++) {
		l = lines->pdata[i];
		g_array_sort(l->words, by_left);
		find_pieces(l);
		look_for_person(l);
	}
	return lines;
}

bool pdf_lines_is_of_fields(const struct pdf_line *l)
{
	return l->fields >= PIECES && 2 * l->fields > l->pieces->len;
}

bool pdf_lines_is_person(const struct pdf_line *l)
{
	return pdf_lines_is_of_fields(l) || (l->said >= PIECES && (l->number || l->address));
}

char *pdf_lines_piece(const struct pdf_line *l, const struct pdf_piece *p)
{
	GString *out = g_string_new(NULL);

	for (guint i = p->first; i < p->first + p->count; i++)
		g_string_append_printf(out, "%s%s", i > p->first ? " " : "", g_array_index(l->words, struct pdf_word, i).text);
	return g_string_free(out, FALSE);
}

/* A field may hold several lines. */
void pdf_lines_append(const struct pdf_line *l, char between, GString *out)
{
	bool any = false;

	for (guint i = 0; i < l->pieces->len; i++) {
		g_autofree char *text = pdf_lines_piece(l, &g_array_index(l->pieces, struct pdf_piece, i));
		g_strdelimit(text, "\r\n\t", ' ');
		if (*text && any)
			g_string_append_c(out, between);
		g_string_append(out, text);
		any |= *text != '\0';
	}
}
