/* xlsx_sheet: the cells of one worksheet, and the workbook's shared strings (ECMA-376 part 1, §18.3, §18.4). */
#pragma once
#include "parsers/cells.h"

/* What the cells of all worksheets of one workbook lean on. */
struct xlsx_book {
	struct cells cells;
	GPtrArray *strings; /* const char *: shared strings, owned by the document's texts; NULL: none */
	/* Whether style i shows a number as a date; asked only for numbers that wear a style. */
	bool (*is_date)(void *context, guint style);
	void *context;
};

/* Both give NULL or a complaint of xml.h. */
const char *xlsx_sheet_read(struct xlsx_book *book, struct sheet *sheet, const char *xml, size_t len);
const char *xlsx_sheet_read_strings(struct xlsx_book *book, const char *xml, size_t len);
