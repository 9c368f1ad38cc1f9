/* Any bytes as a PDF; behind "c:" as what a page of one draws, behind "w:" as the keys of a field of it. What poppler does with
 * broken files is its own; what we make of its answers must hold together. */
#include "parsers/form.h"
#include "tests/unit/parsers/pdf_builder.h"
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const struct headings *headings(void)
{
	static struct headings *h;

	if (!h) {
		g_autoptr(GBytes) table = g_resources_lookup_data("/nesgate/parsers/headings.table", 0, NULL);
		h = table ? headings_parse(g_bytes_get_data(table, NULL), NULL) : NULL;
	}
	if (!h)
		abort();
	return h;
}

static GBytes *wrap(const uint8_t *data, size_t len)
{
	struct pdf_builder b = pdf_begin(600, 400);
	g_autofree char *text = g_strndup((const char *)data + 2, len - 2);

	if (data[0] == 'c')
		g_string_append(b.content, text);
	else
		pdf_root_field(&b, pdf_widget(&b, text, 10, 10, 100, 20));
	pdf_end_page(&b);
	return pdf_finish(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct form_rules rules = { headings(), NULL, 1795330800 };
	bool part = len > 2 && data[1] == ':' && (data[0] == 'c' || data[0] == 'w');
	g_autoptr(GBytes) bytes = part ? wrap(data, len) : g_bytes_new(data, len);
	g_autoptr(document_t) d = document_open("a.pdf", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	struct request *r = form_from_document(d, &rules, d->complaints);
	g_autofree char *json = document_to_json(d, r);

	if (!g_utf8_validate(json, -1, NULL))
		abort();
	for (guint i = 0; r && i < r->rows->len; i++)
		if (!((const struct request_row *)r->rows->pdata[i])->where)
			abort();
	facts_request_free(r);
	return 0;
}
