/* ole: the streams of a compound file (see ole.h).
 *
 * The file is cut into sectors. A table (FAT) gives to each sector the one that follows it; the table's own sectors
 * are listed in the header and, in large files, in a chain (DIFAT). Streams below 4096 bytes lie in 64-byte
 * pieces of one stream of the root, with a table of their own. The last sector of a file may be cut short: some
 * programs do not fill it.
 */
#include "parsers/ole.h"

#include <string.h>

enum { HEADER = 512, HEADER_DIFAT = 109, ENTRY = 128, MINI_SHIFT = 6, MINI_BELOW = 4096 };
enum { CHAIN_END = 0xfffffffe, NO_ENTRY = 0xffffffff };
enum { STORAGE = 1, STREAM = 2, ROOT = 5 };

struct ole {
	const guint8 *bytes;
	size_t len;
	int version, shift;    /* a sector has 1 << shift bytes */
	GByteArray *fat;       /* little-endian numbers of 32 bits, as in the file */
	GByteArray *directory; /* entries of 128 bytes */
	GArray *children;      /* guint32: the root's entries */
};

static guint number(const guint8 *p, int size)
{
	guint n = 0;

	while (size--)
		n = n << 8 | p[size];
	return n;
}

/* At least `need` bytes of a sector; NULL when the file ends before. Sector 0 stands behind the header's. */
static const guint8 *sector(const struct ole *o, guint32 n, size_t need)
{
	size_t at = ((size_t)n + 1) << o->shift;

	return at + need <= o->len ? o->bytes + at : NULL;
}

/* The pieces from `start` on, `want` at most; NULL when the chain is broken. */
static GArray *follow(const GByteArray *table, guint32 start, size_t want)
{
	g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof start);
	guint32 count = table->len / 4;
	g_autofree guint8 *seen = g_malloc0(count + 1);

	for (guint32 at = start; at != CHAIN_END && pieces->len < want; at = number(table->data + 4 * (size_t)at, 4)) {
		if (at >= count || seen[at])
			return NULL;
		seen[at] = 1;
		g_array_append_val(pieces, at);
	}
	return g_steal_pointer(&pieces);
}

/* `size` bytes of a chain of sectors. */
static GByteArray *read_sectors(const struct ole *o, guint32 start, size_t size)
{
	size_t full = (size_t)1 << o->shift;
	g_autoptr(GByteArray) out = g_byte_array_new();
	g_autoptr(GArray) sectors = size <= o->len ? follow(o->fat, start, (size + full - 1) >> o->shift) : NULL;

	for (guint i = 0; sectors && i < sectors->len; i++) {
		size_t need = MIN(full, size - out->len);
		const guint8 *bytes = sector(o, g_array_index(sectors, guint32, i), need);
		if (!bytes)
			return NULL;
		g_byte_array_append(out, bytes, (guint)need);
	}
	return sectors && out->len == size ? g_steal_pointer(&out) : NULL;
}

/* A chain whose length nothing tells. */
static GByteArray *read_chain(const struct ole *o, guint32 start)
{
	g_autoptr(GArray) sectors = follow(o->fat, start, G_MAXSIZE);

	return sectors ? read_sectors(o, start, (size_t)sectors->len << o->shift) : NULL;
}

/* ---- header and table ---- */

static bool read_header(struct ole *o)
{
	const guint8 *h = o->bytes;

	if (o->len < HEADER || memcmp(h, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) || number(h + 28, 2) != 0xfffe)
		return false;
	o->version = (int)number(h + 26, 2);
	o->shift = (int)number(h + 30, 2);
	return ((o->version == 3 && o->shift == 9) || (o->version == 4 && o->shift == 12)) &&
	       number(h + 32, 2) == MINI_SHIFT && number(h + 56, 4) == MINI_BELOW;
}

static bool append_fat(struct ole *o, guint32 n)
{
	size_t full = (size_t)1 << o->shift;
	const guint8 *bytes = sector(o, n, full);

	if (bytes)
		g_byte_array_append(o->fat, bytes, (guint)full);
	return bytes;
}

/* As there are no more sectors of the table than the file has sectors, a DIFAT that comes back to itself ends too. */
static bool read_fat(struct ole *o)
{
	guint32 left = number(o->bytes + 44, 4), next = number(o->bytes + 68, 4);
	guint32 each = (1u << o->shift) / 4 - 1; /* the last number of a DIFAT sector is the next one */

	if (left > o->len >> o->shift)
		return false;
	for (guint i = 0; i < HEADER_DIFAT && left; i++, left--)
		if (!append_fat(o, number(o->bytes + 76 + 4 * i, 4)))
			return false;
	while (left) {
		const guint8 *difat = sector(o, next, (size_t)1 << o->shift);
		if (!difat)
			return false;
		for (guint i = 0; i < each && left; i++, left--)
			if (!append_fat(o, number(difat + 4 * i, 4)))
				return false;
		next = number(difat + 4 * each, 4);
	}
	return true;
}

/* ---- directory ---- */

static const guint8 *entry(const struct ole *o, guint32 n)
{
	return o->directory->data + (size_t)n * ENTRY;
}

static int type_of(const guint8 *e)
{
	return e[66];
}

/* The children of a storage are a binary tree; which name stands left or right does not matter here. */
static bool read_children(struct ole *o)
{
	guint32 count = o->directory->len / ENTRY, start = number(entry(o, 0) + 76, 4);
	g_autofree guint8 *seen = g_malloc0(count);
	g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof start);

	for (g_array_append_val(open, start); open->len;) {
		guint32 n = g_array_index(open, guint32, open->len - 1);
		g_array_set_size(open, open->len - 1);
		if (n == NO_ENTRY)
			continue;
		if (n >= count || seen[n] || (type_of(entry(o, n)) != STORAGE && type_of(entry(o, n)) != STREAM))
			return false;
		seen[n] = 1;
		g_array_append_val(o->children, n);
		guint32 left = number(entry(o, n) + 68, 4), right = number(entry(o, n) + 72, 4);
		g_array_append_val(open, left);
		g_array_append_val(open, right);
	}
	return true;
}

static bool read_directory(struct ole *o)
{
	o->directory = read_chain(o, number(o->bytes + 48, 4));
	return o->directory && o->directory->len >= ENTRY && type_of(entry(o, 0)) == ROOT && read_children(o);
}

struct ole *ole_open(const char *bytes, size_t len)
{
	struct ole *o = g_new0(struct ole, 1);

	*o = (struct ole){ .bytes = (const guint8 *)bytes, .len = len, .fat = g_byte_array_new(),
			   .children = g_array_new(FALSE, FALSE, sizeof(guint32)) };
	if (read_header(o) && read_fat(o) && read_directory(o))
		return o;
	ole_close(o);
	return NULL;
}

void ole_close(struct ole *o)
{
	if (!o)
		return;
	g_byte_array_unref(o->fat);
	g_clear_pointer(&o->directory, g_byte_array_unref);
	g_array_unref(o->children);
	g_free(o);
}

/* ---- streams ---- */

/* Names are UTF-16; the length counts bytes, with the two of the end. */
static bool has_name(const guint8 *e, const char *name)
{
	size_t len = strlen(name);

	if (number(e + 64, 2) != 2 * len + 2)
		return false;
	for (size_t i = 0; i < len; i++)
		if (e[2 * i + 1] || g_ascii_tolower((char)e[2 * i]) != g_ascii_tolower(name[i]))
			return false;
	return true;
}

static const guint8 *find(const struct ole *o, const char *name)
{
	for (guint i = 0; i < o->children->len; i++) {
		const guint8 *e = entry(o, g_array_index(o->children, guint32, i));
		if (has_name(e, name))
			return e;
	}
	return NULL;
}

bool ole_has(const struct ole *o, const char *name)
{
	return find(o, name);
}

/* Version 3 has 32 bits for it; what some programs left in the upper half means nothing there. */
static size_t size_of(const struct ole *o, const guint8 *e)
{
	return number(e + 120, 4) | (o->version > 3 ? (size_t)number(e + 124, 4) << 32 : 0);
}

static GByteArray *read_mini(const struct ole *o, guint32 start, size_t size)
{
	size_t full = 1 << MINI_SHIFT;
	g_autoptr(GByteArray) out = g_byte_array_new();
	g_autoptr(GByteArray) table = read_chain(o, number(o->bytes + 60, 4));
	g_autoptr(GByteArray) all = read_sectors(o, number(entry(o, 0) + 116, 4), size_of(o, entry(o, 0)));
	g_autoptr(GArray) pieces = table && all ? follow(table, start, (size + full - 1) >> MINI_SHIFT) : NULL;

	for (guint i = 0; pieces && i < pieces->len; i++) {
		size_t at = (size_t)g_array_index(pieces, guint32, i) << MINI_SHIFT, need = MIN(full, size - out->len);
		if (at + need > all->len)
			return NULL;
		g_byte_array_append(out, all->data + at, (guint)need);
	}
	return pieces && out->len == size ? g_steal_pointer(&out) : NULL;
}

GBytes *ole_read(const struct ole *o, const char *name)
{
	const guint8 *e = find(o, name);
	size_t size = e ? size_of(o, e) : 0;

	if (!e || type_of(e) != STREAM)
		return NULL;
	GByteArray *bytes = size < MINI_BELOW ? read_mini(o, number(e + 116, 4), size)
					      : read_sectors(o, number(e + 116, 4), size);
	return bytes ? g_byte_array_free_to_bytes(bytes) : NULL;
}
