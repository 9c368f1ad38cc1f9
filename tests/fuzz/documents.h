/* documents: what the fuzz targets of documents and forms share. Header only.
 *
 * Bytes come to an end with sheets or a complaint; the people of a form hold together; what is printed is UTF-8.
 * A fuzzer seldom gets past the checksums of a zip by itself: fuzz_package takes the parts of an archive that is well.
 */
#pragma once
#include "parsers/form.h"
#include "parsers/tckn.h"
#include "tests/unit/parsers/zip_builder.h"
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static inline const struct headings *fuzz_headings(void)
{
	static struct headings *h;

	if (!h) {
		g_autoptr(GBytes) table = g_resources_lookup_data("/nesgate/parsers/headings.table", 0, NULL);
		document_warm_up();
		h = table ? headings_parse(g_bytes_get_data(table, NULL), NULL) : NULL;
	}
	if (!h)
		abort();
	return h;
}

static inline void fuzz_check_row(const struct request_row *row)
{
	if (!row->where || (row->verdict == ROW_REFUSED && !row->complaints->len) || (row->tckn && !tckn_valid(row->tckn)))
		abort();
	for (guint i = 0; i < row->complaints->len; i++)
		if (!((const struct complaint *)row->complaints->pdata[i])->where)
			abort();
	if (row->verdict == ROW_REFUSED)
		return;
	if (!row->tckn || !row->given_name || !row->family_name || !row->email)
		abort();
	if (row->verdict == ROW_REPAIRED && !row->complaints->len)
		abort();
}

static inline void fuzz_check_form(struct document *d)
{
	static const char *const domains[] = { "b.test", NULL };
	struct form_rules rules = { fuzz_headings(), d->sheets->len % 2 ? NULL : domains, 1795330800 };
	struct request *r = form_from_document(d, &rules, d->complaints);
	g_autofree char *json = document_to_json(d, r);

	if (!g_utf8_validate(json, -1, NULL) || strchr(json, '\n'))
		abort();
	for (guint i = 0; r && i < r->rows->len; i++)
		fuzz_check_row(r->rows->pdata[i]);
	facts_request_free(r);
}

static inline int fuzz_document(const char *name, const void *bytes, size_t len)
{
	fuzz_headings();
	g_autoptr(document_t) d = document_open(name, bytes, len);

	if (!d->format && !d->complaints->len)
		abort();
	fuzz_check_form(d);
	return 0;
}

/* A part of an archive, and what it holds when the input gives it no bytes. */
struct fuzz_part { const char *name, *usual; };

/* The bytes up to each NUL are the parts in order; the last takes the rest. */
static inline int fuzz_package(const struct fuzz_part *parts, size_t n, const uint8_t *data, size_t len)
{
	struct zip_builder b = { 0 };

	for (size_t i = 0; i < n; i++) {
		const uint8_t *end = i + 1 < n && len ? memchr(data, 0, len) : NULL;
		size_t size = end ? (size_t)(end - data) : len;

		if (size)
			zip_add(&b, parts[i].name, data, size, (struct zip_options){ 0 });
		else if (parts[i].usual)
			zip_add_text(&b, parts[i].name, parts[i].usual);
		data += size + !!end;
		len -= size + !!end;
	}
	g_autoptr(GBytes) bytes = zip_finish(&b);
	return fuzz_document("a.zip", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}
