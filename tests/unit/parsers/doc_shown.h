/* doc_shown: a document in one line, for comparing. Header only. */
#pragma once
#include "parsers/document.h"

/* "Tablo 1: a|b / c" sheet by sheet, then "text: …", then complaints. */
static inline char *shown(const document_t *d)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < d->sheets->len; i++) {
		const struct sheet *s = d->sheets->pdata[i];
		g_string_append_printf(out, "%s%s:", out->len ? "; " : "", s->name);
		for (guint r = 0; r < s->rows->len; r++) {
			const GPtrArray *row = s->rows->pdata[r];
			g_string_append(out, r ? " / " : " ");
			for (guint c = 0; c < row->len; c++)
				g_string_append_printf(out, "%s%s", c ? "|" : "", (const char *)row->pdata[c]);
		}
	}
	if (d->text)
		g_string_append_printf(out, "%stext: %s", out->len ? "; " : "", d->text);
	for (guint i = 0; i < d->complaints->len; i++)
		g_string_append_printf(out, "%s!%s", out->len ? " " : "",
				       ((const struct complaint *)d->complaints->pdata[i])->code);
	return g_string_free(out, FALSE);
}
