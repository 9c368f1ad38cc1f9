/* zip_guard: see zip_guard.h. Every number is the sender's, so each step is held to the bytes that are there.
 *
 * The parts need not stand in the order of the directory: they are sorted by place and must then follow each other. Behind a
 * part whose sizes were not known when it was begun (bit 3) stands a descriptor of one of four lengths.
 */
#include "parsers/zip_guard.h"

#include <glib.h>
#include <string.h>

enum { LOCAL = 0x04034b50, CENTRAL = 0x02014b50, END = 0x06054b50, END64 = 0x06064b50 };
enum { LOCAL_SIZE = 30, CENTRAL_SIZE = 46, END_SIZE = 22, END64_SIZE = 56 + 20 /* with its locator */ };
enum { ENCRYPTED = 1, DESCRIPTOR = 8 };

struct archive {
	const guint8 *bytes;
	size_t len;
	size_t directory; /* where it begins, which is where the parts must end */
};

/* What both places say of a part. */
struct said {
	guint32 flags, method, crc, packed, size;
	const guint8 *name;
	size_t name_len;
};

struct part { struct said said; size_t at; };

static guint32 number(const guint8 *p, int size)
{
	guint32 value = 0;

	while (size--)
		value = value << 8 | p[size];
	return value;
}

/* `p` is at "general purpose bit flag", the name `to_name` behind it; between them both records are alike. */
static struct said read_said(const guint8 *p, size_t to_name)
{
	return (struct said){ number(p, 2), number(p + 2, 2), number(p + 8, 4), number(p + 12, 4), number(p + 16, 4), p + to_name,
			      number(p + 20, 2) };
}

/* The last end record must end the file, comment and all. */
static const guint8 *find_end(const struct archive *a)
{
	static const guint8 mark[] = { 'P', 'K', 5, 6 };

	for (size_t back = END_SIZE; back <= MIN(a->len, (size_t)END_SIZE + 0xffff); back++) {
		const guint8 *p = a->bytes + a->len - back;

		if (!memcmp(p, mark, sizeof mark))
			return number(p + 20, 2) == back - END_SIZE ? p : NULL;
	}
	return NULL;
}

/* Up to the end record, or to its long form, which some programs write always. */
static bool find_directory(struct archive *a, const guint8 *end, size_t *len)
{
	size_t at = (size_t)(end - a->bytes), gap;

	a->directory = number(end + 16, 4);
	*len = number(end + 12, 4);
	if (a->directory > at || *len > at - a->directory)
		return false;
	gap = at - a->directory - *len;
	return !gap || (gap == END64_SIZE && number(end - gap, 4) == END64);
}

static bool read_directory(const struct archive *a, size_t len, GArray *parts)
{
	const guint8 *p = a->bytes + a->directory, *end = p + len;

	while ((size_t)(end - p) >= CENTRAL_SIZE && number(p, 4) == CENTRAL) {
		struct part part = { read_said(p + 8, CENTRAL_SIZE - 8), number(p + 42, 4) };
		size_t whole = CENTRAL_SIZE + part.said.name_len + number(p + 30, 2) + number(p + 32, 2);

		if (whole > (size_t)(end - p))
			return false;
		g_array_append_val(parts, part);
		p += whole;
	}
	return p == end;
}

/* With bit 3 the sizes stand behind the part, and with the long form of sizes in the extra field. */
static bool is_same(const struct said *here, const struct said *there)
{
	bool sizes = here->flags & DESCRIPTOR || (here->packed == G_MAXUINT32 && here->size == G_MAXUINT32) ||
		     (here->packed == there->packed && here->size == there->size);

	return here->name_len == there->name_len && !memcmp(here->name, there->name, here->name_len) &&
	       here->method == there->method && sizes && (here->flags & DESCRIPTOR || here->crc == there->crc) &&
	       !((here->flags ^ there->flags) & (ENCRYPTED | DESCRIPTOR));
}

/* Gives where the part ends without descriptor; 0: the part is not what the directory says, or not there. */
static size_t part_end(const struct archive *a, const struct part *part)
{
	const guint8 *p = a->bytes + part->at;
	size_t room = a->directory > part->at ? a->directory - part->at : 0;

	if (room < LOCAL_SIZE || number(p, 4) != LOCAL)
		return 0;
	struct said here = read_said(p + 6, LOCAL_SIZE - 6);
	size_t head = LOCAL_SIZE + here.name_len + number(p + 28, 2);
	if (head > room || part->said.packed > room - head || !is_same(&here, &part->said))
		return 0;
	return part->at + head + part->said.packed;
}

static bool is_gap(const struct said *said, size_t gap)
{
	return !gap || (said->flags & DESCRIPTOR && (gap == 12 || gap == 16 || gap == 20 || gap == 24));
}

static int by_place(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

static bool follow_each_other(const struct archive *a, GArray *parts)
{
	size_t end = 0;
	const struct said *before = NULL;

	g_array_sort(parts, by_place);
	for (guint i = 0; i < parts->len; i++) {
		const struct part *part = &g_array_index(parts, struct part, i);

		if (part->at < end || (before ? !is_gap(before, part->at - end) : part->at))
			return false;
		end = part_end(a, part);
		if (!end)
			return false;
		before = &part->said;
	}
	return before ? is_gap(before, a->directory - end) : !a->directory;
}

bool zip_guard_passes(const char *bytes, size_t len)
{
	struct archive a = { (const guint8 *)bytes, len };
	const guint8 *end = find_end(&a);
	size_t directory;
	g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(struct part));

	return end && find_directory(&a, end, &directory) && read_directory(&a, directory, parts) &&
	       number(end + 10, 2) == (parts->len & 0xffff) && follow_each_other(&a, parts);
}
