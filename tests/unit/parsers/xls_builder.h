/* xls_builder: Excel 97-2003 workbooks made by tests, record by record. Header only.
 *
 * Shared strings are split over CONTINUE records of at most `most` bytes, so that a test can put the border anywhere.
 */
#pragma once
#include "tests/unit/parsers/ole_builder.h"

enum { XLS_LABELSST = 0xfd, XLS_LABEL = 0x204, XLS_RK = 0x27e, XLS_NUMBER = 0x203, XLS_FORMULA = 0x06, XLS_BOOLERR = 0x205 };
enum { XLS_ROW_HIDDEN = 0x20 };
enum { XLS_STYLE_PLAIN, XLS_STYLE_DATE }; /* the styles that every workbook here has */

struct xls_builder {
	GByteArray *globals;  /* records before the sheets' names */
	GPtrArray *sheets;    /* GByteArray: records behind BOF */
	GPtrArray *names;
	GArray *kinds;        /* guint16: state, and type << 8 */
	GByteArray *sst;      /* records */
	size_t record;        /* where the last record of `sst` begins */
	guint32 strings;
	size_t most;          /* bytes of a record of shared strings */
	gboolean always_wide, /* letters of two bytes though one would do */
		 turn;        /* the width changes at each border where it can */
	guint8 runs, aid;     /* how many formatting runs, bytes of reading aid each string carries */
};

static inline void xls_record(GByteArray *to, guint type, const void *data, size_t len)
{
	ole_put(to, type, 2);
	ole_put(to, len, 2);
	g_byte_array_append(to, data, (guint)len);
}

static inline void xls_bof(GByteArray *to, guint version, guint type)
{
	guint8 data[16] = { (guint8)version, (guint8)(version >> 8), (guint8)type };

	xls_record(to, 0x809, data, sizeof data);
}

static inline void xls_style(struct xls_builder *b, guint format)
{
	guint8 data[20] = { 0, 0, (guint8)format, (guint8)(format >> 8) };

	xls_record(b->globals, 0xe0, data, sizeof data);
}

/* Style 1 shows a date as 14, "m/d/yy". */
static inline void xls_begin(struct xls_builder *b)
{
	*b = (struct xls_builder){ .globals = g_byte_array_new(), .names = g_ptr_array_new(), .sst = g_byte_array_new(),
				   .kinds = g_array_new(FALSE, FALSE, 2), .most = 8224,
				   .sheets = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref) };
	xls_bof(b->globals, 0x600, 5);
	xls_style(b, 0);
	xls_style(b, 14);
	xls_record(b->sst, 0xfc, "\0\0\0\0\0\0\0\0", 8);
}

/* `state`: 0 seen, 1 hidden, 2 hidden but for programs; `type`: 0 worksheet, 1 macro sheet, 2 chart. */
static inline GByteArray *xls_add_sheet(struct xls_builder *b, const char *name, guint state, guint type)
{
	GByteArray *sheet = g_byte_array_new();
	guint16 kind = (guint16)(state | type << 8);

	g_ptr_array_add(b->names, (char *)name);
	g_ptr_array_add(b->sheets, sheet);
	g_array_append_val(b->kinds, kind);
	xls_bof(sheet, 0x600, type == 2 ? 0x20 : 0x10);
	return sheet;
}

static inline void xls_cell(GByteArray *sheet, guint type, const guint place[3], const void *value, size_t len)
{
	ole_put(sheet, type, 2);
	ole_put(sheet, 6 + len, 2);
	for (int i = 0; i < 3; i++) /* row, column, style */
		ole_put(sheet, place[i], 2);
	g_byte_array_append(sheet, value, (guint)len);
}

#define XLS_AT(row, column, style) ((const guint[3]){ row, column, style })

static inline void xls_number(GByteArray *sheet, const guint place[3], double v)
{
	xls_cell(sheet, XLS_NUMBER, place, &v, sizeof v); /* both little-endian */
}

static inline void xls_row(GByteArray *sheet, guint row, guint options)
{
	guint8 data[16] = { (guint8)row, (guint8)(row >> 8) };

	data[12] = (guint8)options;
	xls_record(sheet, 0x208, data, sizeof data);
}

/* ---- texts ---- */

static inline gunichar2 *xls_units(const char *text, long *count, gboolean *narrow)
{
	gunichar2 *letters = g_utf8_to_utf16(text, -1, NULL, count, NULL);

	*narrow = TRUE;
	for (long i = 0; i < *count; i++)
		*narrow = *narrow && letters[i] < 256;
	return letters;
}

/* Length, flags, letters, as records other than the shared strings hold them. */
static inline void xls_put_text(GByteArray *to, const char *text, int size)
{
	long count;
	gboolean narrow;
	g_autofree gunichar2 *letters = xls_units(text, &count, &narrow);

	ole_put(to, (guint)count, size);
	ole_put(to, !narrow, 1);
	for (long i = 0; i < count; i++)
		ole_put(to, letters[i], narrow ? 1 : 2);
}

static inline size_t xls_room(const struct xls_builder *b)
{
	size_t used = b->sst->len - b->record - 4;

	return used < b->most ? b->most - used : 0;
}

static inline void xls_sst_put(struct xls_builder *b, guint64 value, int size)
{
	ole_put(b->sst, value, size);
	guint16 len = (guint16)(b->sst->len - b->record - 4);
	memcpy(b->sst->data + b->record + 2, &len, 2);
}

static inline void xls_border(struct xls_builder *b)
{
	b->record = b->sst->len;
	xls_record(b->sst, 0x3c, "", 0);
}

static inline void xls_sst_letters(struct xls_builder *b, const gunichar2 *letters, long count, gboolean wide)
{
	for (long i = 0; i < count; i++) {
		if (xls_room(b) < (wide ? 2 : 1)) {
			gboolean must = FALSE;
			for (long k = i; k < count; k++)
				must = must || letters[k] > 255;
			wide = must || b->always_wide || (b->turn && !wide);
			xls_border(b);
			xls_sst_put(b, wide, 1);
		}
		xls_sst_put(b, letters[i], wide ? 2 : 1);
	}
}

/* The string's number. */
static inline guint32 xls_string(struct xls_builder *b, const char *text)
{
	long count;
	gboolean narrow;
	g_autofree gunichar2 *letters = xls_units(text, &count, &narrow);
	gboolean wide = b->always_wide || !narrow;

	if (xls_room(b) < 3u + (b->runs ? 2 : 0) + (b->aid ? 4 : 0))
		xls_border(b);
	xls_sst_put(b, (guint)count, 2);
	xls_sst_put(b, (guint)(wide | (b->aid ? 4 : 0) | (b->runs ? 8 : 0)), 1);
	if (b->runs)
		xls_sst_put(b, b->runs, 2);
	if (b->aid)
		xls_sst_put(b, b->aid, 4);
	xls_sst_letters(b, letters, count, wide);
	for (int i = 0; i < 4 * b->runs + b->aid; i++) {
		if (!xls_room(b))
			xls_border(b);
		xls_sst_put(b, 0xee, 1);
	}
	return b->strings++;
}

static inline void xls_shared(struct xls_builder *b, GByteArray *sheet, const guint place[3], const char *text)
{
	guint32 n = xls_string(b, text);

	xls_cell(sheet, XLS_LABELSST, place, &n, 4);
}

/* ---- the whole ---- */

/* The stream "Workbook"; the builder is empty again. */
static inline GBytes *xls_finish_stream(struct xls_builder *b)
{
	GByteArray *whole = b->globals;
	g_autofree size_t *places = g_new0(size_t, b->names->len + 1);

	for (guint i = 0; i < b->names->len; i++) {
		g_autoptr(GByteArray) data = g_byte_array_new();
		places[i] = whole->len + 4;
		ole_put(data, 0, 4);
		ole_put(data, g_array_index(b->kinds, guint16, i), 2);
		xls_put_text(data, b->names->pdata[i], 1);
		xls_record(whole, 0x85, data->data, data->len);
	}
	memcpy(b->sst->data + 4, &b->strings, 4);
	memcpy(b->sst->data + 8, &b->strings, 4);
	g_byte_array_append(whole, b->sst->data, b->sst->len);
	xls_record(whole, 0x0a, "", 0);
	for (guint i = 0; i < b->sheets->len; i++) {
		GByteArray *sheet = b->sheets->pdata[i];
		memcpy(whole->data + places[i], &whole->len, 4);
		xls_record(sheet, 0x0a, "", 0);
		g_byte_array_append(whole, sheet->data, sheet->len);
	}
	g_byte_array_unref(b->sst);
	g_ptr_array_unref(b->sheets);
	g_ptr_array_unref(b->names);
	g_array_unref(b->kinds);
	memset(b, 0, sizeof *b);
	return g_byte_array_free_to_bytes(whole);
}

static inline GBytes *xls_finish(struct xls_builder *b)
{
	g_autoptr(GBytes) stream = xls_finish_stream(b);
	struct ole_builder o = { 0 };

	ole_add(&o, "Workbook", stream);
	return ole_finish(&o);
}
