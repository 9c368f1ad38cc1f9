/* form: the people of a request form (see form.h).
 *
 * Nothing is taken from a fixed place: offices add banners, columns and sheets as they like. What makes a table a
 * form is its headings.
 */
#include "parsers/form.h"

#include "parsers/form_banner.h"
#include "parsers/form_merge.h"
#include "parsers/form_row.h"
#include "parsers/form_text.h"

#include <string.h>

enum { HEADER_ROWS = 30, NEARLY = 3 };

struct form_reading {
	const struct document *document;
	const struct form_rules *rules;
	GPtrArray *complaints;
	struct request *request; /* NULL until a header row is found */
};

/* ---- the header row ---- */

/* "Yedek" and "Açıklama" come twice in the fullest form: each belongs to the column group before it. So the first
 * Yedek is the spare certificate (the second is the spare reader), and every Açıklama is a note. */
static void take_heading(struct form_columns *c, enum heading_field field, int column)
{
	if (field == HEADING_NOTE && c->n_notes < FORM_ROW_MAX_NOTES)
		c->notes[c->n_notes++] = column;
	if (c->at[field] < 0)
		c->at[field] = column;
	if (c->first < 0)
		c->first = column;
}

/* Reads one row as headings; returns how many different fields it names. */
static int read_headings(const struct headings *h, const GPtrArray *row, struct form_columns *c)
{
	int fields = 0;

	memset(c, 0, sizeof *c);
	memset(c->at, -1, sizeof c->at);
	c->first = -1;
	for (guint i = 0; i < row->len; i++) {
		const char *cell = row->pdata[i];
		enum heading_field field = *cell ? headings_column(h, cell) : HEADING_UNKNOWN;

		if (field == HEADING_UNKNOWN)
			continue;
		fields += c->at[field] < 0;
		take_heading(c, field, (int)i);
	}
	c->only_full_name = c->at[HEADING_FAMILY_NAME] < 0 && c->at[HEADING_FULL_NAME] < 0;
	return fields;
}

static bool is_header(const struct form_columns *c)
{
	return c->at[HEADING_TCKN] >= 0 &&
		(c->at[HEADING_GIVEN_NAME] >= 0 || c->at[HEADING_FULL_NAME] >= 0 || c->at[HEADING_EMAIL] >= 0);
}

/* Labels with their values beside them: a row of a form without header. */
static bool holds_values(const struct form_columns *c, const GPtrArray *row)
{
	const char *number = (guint)c->at[HEADING_TCKN] + 1 < row->len ? row->pdata[c->at[HEADING_TCKN] + 1] : "";

	return form_text_is_possible(number);
}

static int find_header(struct form_reading *f, const struct sheet *s, struct form_columns *c, int *nearly)
{
	for (guint i = 0; i < MIN(s->rows->len, HEADER_ROWS); i++) {
		int fields = read_headings(f->rules->headings, s->rows->pdata[i], c);

		if (is_header(c) && !holds_values(c, s->rows->pdata[i]))
			return (int)i;
		if (fields >= NEARLY && *nearly < 0)
			*nearly = (int)i;
	}
	return -1;
}

/* ---- the rows below it ---- */

/* Whether a name or an address stands in the row. */
static bool has_name(const struct form_row_place *p)
{
	static const enum heading_field who[] = { HEADING_GIVEN_NAME, HEADING_FAMILY_NAME, HEADING_FULL_NAME,
						  HEADING_EMAIL };

	for (size_t i = 0; i < G_N_ELEMENTS(who); i++) {
		g_autofree char *cell = form_row_cell(p, p->columns->at[who[i]]);
		if (*cell)
			return true;
	}
	return false;
}

/* Rows that only repeat the header, or hold numbering and defaults, are nobody. A line under the identity numbers
 * is told, so that it is not lost. */
static bool names_somebody(struct form_reading *f, const struct form_row_place *p)
{
	g_autofree char *tckn = form_row_cell(p, p->columns->at[HEADING_TCKN]);

	if (strpbrk(tckn, "0123456789"))
		return true;
	if (has_name(p))
		return headings_column(f->rules->headings, tckn) != HEADING_TCKN;
	if (*tckn) {
		g_autofree char *where = form_row_where(p, p->columns->at[HEADING_TCKN]);
		facts_complain(f->complaints, "row_ignored", where, tckn);
	}
	return false;
}

static void read_rows(struct form_reading *f, const struct sheet *s, const struct form_columns *c, guint from)
{
	struct form_row_place place = { f->rules, c, s, from, f->document->epoch_1904 };

	for (; place.row < s->rows->len; place.row++) {
		const GPtrArray *cells = s->rows->pdata[place.row];
		if (cells->len && names_somebody(f, &place))
			form_row_read(&place, facts_request_add(f->request));
	}
}

/* Who hides a row may not want it asked for, or may not know of it. */
static void tell_hidden(struct form_reading *f, const struct sheet *s)
{
	if (s->hidden_row)
		facts_complain(f->complaints, "rows_hidden", s->hidden_row, NULL);
	if (s->hidden_column)
		facts_complain(f->complaints, "columns_hidden", s->hidden_column, NULL);
}

static void read_sheet(struct form_reading *f, const struct sheet *s);

/* A sheet that was made of labels and values. False: there was none. */
static bool read_made(struct form_reading *f, struct document *made, bool hidden)
{
	if (!made)
		return false;
	((struct sheet *)made->sheets->pdata[0])->hidden = hidden;
	read_sheet(f, made->sheets->pdata[0]);
	while (made->complaints->len)
		g_ptr_array_add(f->complaints, g_ptr_array_steal_index(made->complaints, 0));
	document_free(made);
	return true;
}

static void read_sheet(struct form_reading *f, const struct sheet *s)
{
	struct form_columns columns;
	int nearly = -1, header = find_header(f, s, &columns, &nearly);
	bool turned = header < 0 && !s->places && read_made(f, form_text_turn(f->rules->headings, s), s->hidden);

	if (turned)
		return;
	if (header < 0 && nearly >= 0)
		facts_complain(f->complaints, "header_incomplete", s->name, NULL);
	if (header >= 0 && s->hidden)
		facts_complain(f->complaints, "sheet_hidden", s->name, NULL);
	if (header < 0 || s->hidden)
		return;
	if (!f->request) {
		f->request = facts_request_new();
		f->request->form = g_strdup(s->name);
	}
	for (int i = 0; i < header; i++)
		form_banner_row(f->request, f->rules->headings, s->rows->pdata[i]);
	read_rows(f, s, &columns, (guint)header + 1);
	tell_hidden(f, s);
}

/* The text counts as a form only where the tables hold nobody. */
static void read_text(struct form_reading *f, const char *text)
{
	if (f->request && f->request->rows->len)
		form_banner_text(f->request, f->rules->headings, text);
	else
		read_made(f, form_text_read(f->rules->headings, text), false);
}

/* When nobody wrote the unit above the table but all rows agree, that is the form's unit. */
static void unit_of_rows(struct request *r)
{
	const struct request_row *first = r->rows->len ? r->rows->pdata[0] : NULL;

	if (r->unit || !first || !first->unit)
		return;
	for (guint i = 1; i < r->rows->len; i++)
		if (g_strcmp0(((const struct request_row *)r->rows->pdata[i])->unit, first->unit))
			return;
	r->unit = g_strdup(first->unit);
}

const char *form_version_complaint(gint64 version, gint64 current)
{
	if (!version || version == current)
		return NULL;
	return version < current ? "form_version_old" : "form_version_new";
}

static void tell_version(struct form_reading *f)
{
	const char *code = form_version_complaint(f->request->form_version, FORM_VERSION);
	g_autofree char *version = g_strdup_printf("%" G_GINT64_FORMAT, f->request->form_version);

	if (code)
		facts_complain(f->complaints, code, f->request->form, version);
}

static struct request *read_document(const struct document *d, const struct form_rules *rules, GPtrArray *complaints)
{
	struct form_reading f = { d, rules, complaints };

	for (guint i = 0; i < d->sheets->len; i++)
		read_sheet(&f, d->sheets->pdata[i]);
	if (d->text)
		read_text(&f, d->text);
	if (!f.request)
		return NULL;
	if (!f.request->rows->len)
		facts_complain(complaints, "form_empty", f.request->form, NULL);
	tell_version(&f);
	unit_of_rows(f.request);
	return f.request;
}

struct request *form_from_document(const struct document *d, const struct form_rules *rules, GPtrArray *complaints)
{
	struct request *all = read_document(d, rules, complaints);

	for (guint i = 0; i < d->parts->len; i++) {
		const struct document *part = d->parts->pdata[i];
		struct request *r = read_document(part, rules, complaints);
		form_merge_name(r, part->file);
		all = form_merge(all, r, complaints);
	}
	return all;
}
