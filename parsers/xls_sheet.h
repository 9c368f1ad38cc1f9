/* xls_sheet: the cells of one worksheet of an Excel 97-2003 workbook ([MS-XLS] 2.1.7.20.6). */
#pragma once
#include "parsers/cells.h"
#include "parsers/xls_record.h"

enum { XLS_BOF = 0x809, XLS_EOF = 0x0a, XLS_VERSION = 0x600 }; /* BIFF8 */

/* What the cells of all worksheets of one workbook lean on. */
struct xls_book {
	struct cells cells;
	struct xls_stream stream;
	GPtrArray *strings;  /* const char *: shared strings, owned by the document's texts */
	GArray *formats;     /* guint16: the number format of style i */
	GHashTable *own;     /* id of a spelled-out format to whether it is a date */
	size_t left;         /* bytes that worksheets may still take */
};

/* The worksheet that begins at the stream's place. NULL or a complaint code. */
const char *xls_sheet_read(struct xls_book *book, struct sheet *sheet);
