/* xls_record: the records of a workbook stream, and texts that run over several (see xls_record.h). */
#include "parsers/xls_record.h"

enum { CONTINUE = 0x3c, REPLACEMENT = 0xfffd };
enum { WIDE = 1, READING_AID = 4, RUNS = 8 }; /* flags of a text */

bool xls_record_next(struct xls_stream *s, struct xls_record *r)
{
	if (s->len - s->at < 4)
		return false;
	const guint8 *p = s->bytes + s->at;
	*r = (struct xls_record){ xls_u16(p), p + 4, xls_u16(p + 2) };
	if (s->len - s->at - 4 < r->len)
		return false;
	s->at += 4 + r->len;
	return true;
}

struct xls_text xls_record_text(struct xls_stream *s, const struct xls_record *r, size_t from)
{
	return (struct xls_text){ s, r->data + from, r->data + r->len, false };
}

/* True: the next record goes on with this one, and is now the present one. */
static bool go_on(struct xls_text *t)
{
	struct xls_stream after = *t->stream;
	struct xls_record r;

	if (!xls_record_next(&after, &r) || r.type != CONTINUE)
		return false;
	*t->stream = after;
	t->at = r.data;
	t->end = r.data + r.len;
	return true;
}

bool xls_record_ended(struct xls_text *t)
{
	while (!t->failed && t->at == t->end)
		if (!go_on(t))
			return true;
	return t->failed;
}

/* A number of `size` bytes, 4 at most. */
static guint32 number(struct xls_text *t, int size)
{
	guint32 n = 0;

	for (int i = 0; i < size; i++) {
		if (xls_record_ended(t)) {
			t->failed = true;
			return 0;
		}
		n |= (guint32)*t->at++ << (8 * i);
	}
	return n;
}

static void skip(struct xls_text *t, size_t n)
{
	while (n) {
		if (xls_record_ended(t)) {
			t->failed = true;
			return;
		}
		size_t here = MIN(n, (size_t)(t->end - t->at));
		t->at += here;
		n -= here;
	}
}

/* UTF-16: `high` is the first half of a letter beyond 16 bits that waits for its second. */
static void append_unit(GString *out, guint unit, guint *high)
{
	bool second = unit >= 0xdc00 && unit < 0xe000;

	if (*high && !second)
		g_string_append_unichar(out, REPLACEMENT);
	if (second)
		g_string_append_unichar(out, *high ? 0x10000 + ((*high - 0xd800) << 10) + (unit - 0xdc00) : REPLACEMENT);
	*high = unit >= 0xd800 && unit < 0xdc00 ? unit : 0;
	if (unit && unit < 0x80)
		g_string_append_c(out, (char)unit);
	else if (unit && !second && !*high)
		g_string_append_unichar(out, unit);
}

/* `count` letters as UTF-8; half letters become U+FFFD, NUL is left out. */
static void letters(struct xls_text *t, size_t count, bool wide, GString *out)
{
	guint high = 0;

	while (count) {
		bool border = t->at == t->end;
		if (border)
			wide = number(t, 1) & WIDE;
		size_t here = t->failed ? 0 : MIN(count, (size_t)(t->end - t->at) >> wide);
		if (!here && (t->failed || t->at < t->end)) { /* half a letter before the border */
			t->failed = true;
			return;
		}
		for (size_t i = 0; i < here; i++)
			append_unit(out, wide ? xls_u16(t->at + 2 * i) : t->at[i], &high);
		t->at += here << wide;
		count -= here;
	}
	if (high)
		g_string_append_unichar(out, REPLACEMENT);
}

void xls_record_string(struct xls_text *t, int size, GString *out)
{
	guint32 count = number(t, size), flags = number(t, 1);
	guint32 runs = flags & RUNS ? number(t, 2) : 0;
	guint32 aid = flags & READING_AID ? number(t, 4) : 0;

	letters(t, t->failed ? 0 : count, flags & WIDE, out);
	skip(t, t->failed ? 0 : 4 * (size_t)runs + aid);
}
