/* sheet_table: a sheet of a document, written as text. Header only. */
#pragma once
#include "parsers/document.h"

/* A sheet out of "a|b\nc|d"; "\\n" is a line break inside a cell. */
static inline struct sheet *add_sheet(document_t *d, const char *name, const char *table)
{
	struct sheet *s = document_add_sheet(d, name);
	g_auto(GStrv) lines = g_strsplit(table, "\n", -1);

	for (char **l = lines; *l; l++) {
		GPtrArray *row = g_ptr_array_new();
		g_auto(GStrv) cells = g_strsplit(*l, "|", -1);
		for (char **c = cells; *c; c++) {
			g_autofree char *text = g_strcompress(*c);
			g_ptr_array_add(row, g_string_chunk_insert(d->texts, text));
		}
		g_ptr_array_add(s->rows, row);
	}
	return s;
}
