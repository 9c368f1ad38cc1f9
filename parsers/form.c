/* form: the people of a request form (see form.h).
 *
 * Nothing is taken from a fixed place: offices add banners, columns and sheets as they like. What makes a table a
 * form is its headings (form_header.h).
 */
#include "parsers/form.h"

#include "parsers/form_banner.h"
#include "parsers/form_fields.h"
#include "parsers/form_header.h"
#include "parsers/form_merge.h"
#include "parsers/form_row.h"
#include "parsers/form_text.h"

#include <string.h>

struct form_reading {
	const struct document *document;
	const struct form_rules *rules;
	GPtrArray *complaints;
	struct request *request; /* NULL until a header row is found */
};

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

/* A header that comes again may have its columns in another order. */
static bool is_header_again(struct form_reading *f, const struct form_row_place *p, struct form_columns *columns)
{
	struct form_columns again;
	bool header = form_header_read(f->rules->headings, p->sheet, p->row, &again);

	if (header)
		*columns = again;
	return header;
}

/* Rows that only repeat the header, or hold numbering and defaults, are nobody. A line under the identity numbers
 * is told, so that it is not lost. */
static bool names_somebody(struct form_reading *f, const struct form_row_place *p, struct form_columns *columns)
{
	g_autofree char *tckn = form_row_cell(p, p->columns->at[HEADING_TCKN]);

	if (strpbrk(tckn, "0123456789"))
		return true;
	if (has_name(p))
		return !is_header_again(f, p, columns);
	if (*tckn) {
		g_autofree char *where = form_row_where(p, p->columns->at[HEADING_TCKN]);
		facts_complain(f->complaints, "row_ignored", where, tckn);
	}
	return false;
}

static void read_rows(struct form_reading *f, const struct sheet *s, struct form_columns columns, guint from)
{
	struct form_row_place place = { f->rules, &columns, s, from, f->document->epoch_1904 };

	for (; place.row < s->rows->len; place.row++) {
		const GPtrArray *cells = s->rows->pdata[place.row];
		if (cells->len && names_somebody(f, &place, &columns))
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
	struct form_header header;
	form_header_find(f->rules->headings, s, &header);
	bool turned = header.row < 0 && !s->places && read_made(f, form_text_turn(f->rules->headings, s), s->hidden);

	if (turned)
		return;
	if (header.nearly)
		facts_complain(f->complaints, "header_incomplete", s->name, NULL);
	if (header.row >= 0 && s->hidden)
		facts_complain(f->complaints, "sheet_hidden", s->name, NULL);
	if (header.row < 0 || s->hidden)
		return;
	if (!f->request) {
		f->request = facts_request_new();
		f->request->form = g_strdup(s->name);
	}
	for (int i = 0; i < header.row; i++)
		form_banner_row(f->request, f->rules->headings, s->rows->pdata[i]);
	read_rows(f, s, header.columns, (guint)header.below);
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

/* When nobody wrote the unit above the table but all rows that name one agree, that is the form's unit. */
static void unit_of_rows(struct request *r)
{
	const char *unit = NULL;

	for (guint i = 0; i < r->rows->len; i++) {
		const struct request_row *row = r->rows->pdata[i];
		if (unit && row->unit && strcmp(row->unit, unit))
			return;
		unit = unit ? unit : row->unit;
	}
	if (!r->unit)
		r->unit = g_strdup(unit);
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

	bool named = read_made(&f, form_fields_read(rules->headings, d->fields), false);
	for (guint i = 0; i < d->sheets->len && !named; i++) /* the fields stand in the sheets, too */
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
