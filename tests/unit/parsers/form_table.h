/* form_table: what tests of the form read from: a sheet written as text, and the rules that stand beside it. Header only. */
#pragma once
#include "parsers/form.h"
#include <string.h>

#include "tests/unit/parsers/sheet_table.h"

#define ID1 "10000000146"
#define ID2 "58111528012"
#define FOREIGN "99000000042"

static const char *const domains[] = { "kurum.test", "birim.kurum.test", ".alt.test", NULL };

struct fixture {
	struct headings *headings;
	struct form_rules rules;
};

static inline int set_up(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	g_autofree char *text = NULL;

	if (!g_file_get_contents("parsers/headings.table", &text, NULL, NULL))
		return -1;
	f->headings = headings_parse(text, NULL);
	f->rules = (struct form_rules){ f->headings, domains, 1795337400 }; /* 22 November 2026 */
	*state = f;
	return f->headings ? 0 : -1;
}

static inline int tear_down(void **state)
{
	struct fixture *f = *state;

	headings_free(f->headings);
	g_free(f);
	return 0;
}

static inline document_t *document_of(const char *table)
{
	document_t *d = document_open("a.xlsx", "", 0);

	add_sheet(d, "Sayfa1", table);
	return d;
}

static inline struct request *read_table(void **state, const char *table, GPtrArray *complaints)
{
	const struct fixture *f = *state;
	g_autoptr(document_t) d = document_of(table);

	return form_from_document(d, &f->rules, complaints);
}

static inline char *codes_of(const GPtrArray *complaints)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < complaints->len; i++) {
		const struct complaint *c = complaints->pdata[i];
		g_string_append_printf(out, "%s%s@%s", i ? " " : "", c->code, c->where ? c->where : "");
	}
	return g_string_free(out, FALSE);
}

#define ROW(r, i) ((const struct request_row *)(r)->rows->pdata[i])

#define WITH_RULES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
