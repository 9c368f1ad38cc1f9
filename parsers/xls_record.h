/* xls_record: the records of an Excel 97-2003 workbook stream ([MS-XLS] 2.1.4), and texts that run over several.
 *
 * A record holds at most 8224 bytes; what is longer goes on in CONTINUE records. Where a border falls inside of a text's
 * letters, the next record begins with one byte that says anew how wide the letters are (2.5.293).
 */
#pragma once
#include <glib.h>
#include <stdbool.h>

struct xls_stream { const guint8 *bytes; size_t len, at; };
struct xls_record { guint type; const guint8 *data; size_t len; };

/* A place in a record and the CONTINUE records behind it, which are taken from the stream as they are reached. */
struct xls_text {
	struct xls_stream *stream;
	const guint8 *at, *end;
	bool failed; /* the bytes ended before the text; all later reads give nothing */
};

static inline guint xls_u16(const guint8 *p)
{
	return p[0] | (guint)p[1] << 8;
}

static inline guint32 xls_u32(const guint8 *p)
{
	return xls_u16(p) | xls_u16(p + 2) << 16;
}

/* False: the stream ends, or ends inside of the record. */
bool xls_record_next(struct xls_stream *s, struct xls_record *r);

/* From the record's byte `from` on, which is one of its own. The record is the last that was taken from the stream. */
struct xls_text xls_record_text(struct xls_stream *s, const struct xls_record *r, size_t from);
/* True when nothing is left to read. */
bool xls_record_ended(struct xls_text *t);
/* A text with its length (of `size` bytes) and flags before it; formatting runs and reading aids are skipped. */
void xls_record_string(struct xls_text *t, int size, GString *out);
