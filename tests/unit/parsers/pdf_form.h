/* pdf_form: what tests of PDF forms share: a document out of the builder, and its form in one string. Header only. */
#pragma once
#include "parsers/doc_pdf.h"
#include "parsers/form.h"
#include "tests/unit/parsers/pdf_builder.h"

#define ID1 "10000000146"
#define ID2 "58111528012"

static struct headings *headings;

static inline document_t *finish(struct pdf_builder *b)
{
	pdf_end_page(b);
	g_autoptr(GBytes) bytes = pdf_finish(b);

	return document_open("a.pdf", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* "where tckn given family kind note !complaint@where; …" */
static inline char *form_of(document_t *d)
{
	struct form_rules rules = { headings, NULL, 1795337400 };
	struct request *r = form_from_document(d, &rules, d->complaints);
	GString *out = g_string_new(NULL);

	for (guint i = 0; r && i < r->rows->len; i++) {
		const struct request_row *row = r->rows->pdata[i];
		g_string_append_printf(out, "%s%s|%s|%s|%s|%s|%s|%s", i ? "; " : "", row->where, row->tckn ? row->tckn : "",
				       row->given_name ? row->given_name : "", row->family_name ? row->family_name : "",
				       row->email ? row->email : "", row->kind ? row->kind : "", row->note ? row->note : "");
		for (guint k = 0; k < row->complaints->len; k++) {
			const struct complaint *c = row->complaints->pdata[k];
			g_string_append_printf(out, " !%s@%s", c->code, c->where);
		}
	}
	for (guint k = 0; k < d->complaints->len; k++)
		g_string_append_printf(out, " !!%s", ((struct complaint *)d->complaints->pdata[k])->code);
	facts_request_free(r);
	return g_string_free(out, FALSE);
}

static inline void expect_form(document_t *d, const char *expected)
{
	g_autofree char *form = form_of(d);

	assert_string_equal(form, expected);
}

static inline int set_up(void **state)
{
	g_autofree char *text = NULL;

	if (!doc_pdf_warm_up() || !g_file_get_contents("parsers/headings.table", &text, NULL, NULL))
		return -1;
	headings = headings_parse(text, NULL);
	return headings ? 0 : -1;
}

static inline int tear_down(void **state)
{
	headings_free(headings);
	return 0;
}
