/* cells_of: what tests of the sheet readers look at: all cells of a document in one string. Header only. */
#pragma once
#include "parsers/document.h"

/* "A1=x|C2=y": every cell that is not empty; of several sheets one behind the other, "#" before each but the first. */
static inline char *cells_of(const document_t *d)
{
	GString *out = g_string_new(NULL);

	for (guint s = 0; s < d->sheets->len; s++) {
		const struct sheet *sheet = d->sheets->pdata[s];
		const char *before = s ? "#" : "";
		for (guint r = 0; r < sheet->rows->len; r++) {
			const GPtrArray *row = sheet->rows->pdata[r];
			for (guint c = 0; c < row->len; c++) {
				const char *text = row->pdata[c];
				if (*text)
					g_string_append_printf(out, "%s%c%u=%s", before, (char)('A' + c), r + 1, text);
				before = *text ? "|" : before;
			}
		}
	}
	return g_string_free(out, FALSE);
}

static inline const char *first_code(const document_t *d)
{
	return d->complaints->len ? ((const struct complaint *)d->complaints->pdata[0])->code : "";
}

static inline const char *first_where(const document_t *d)
{
	const struct complaint *c = d->complaints->len ? d->complaints->pdata[0] : NULL;

	return c && c->where ? c->where : "";
}
