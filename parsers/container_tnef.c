/* container_tnef: see container_tnef.h.
 *
 * Own code, because libytnef writes to standard output, leaks within seconds of fuzzing, and reads far more than is wanted
 * here. The words of the mail are not taken: Outlook sends them beside the winmail.dat as well, where it is known
 * which of them are quoted. Every length is the sender's: bytes are only ever taken off a cursor that knows its end.
 */
#include "parsers/container_tnef.h"

#include "parsers/charset.h"
#include "parsers/container.h"

#include <string.h>

enum { DEPTH = 2, HEAD = 6 };
enum { ATTACHMENT_BEGINS = 0x00069002, ATTACHMENT_TITLE = 0x00018010, ATTACHMENT_DATA = 0x0006800f, ATTACHMENT_PROPERTIES = 0x00069005 };
enum { TYPE_OBJECT = 0x000d, TYPE_STRING8 = 0x001e, TYPE_UNICODE = 0x001f, TYPE_BINARY = 0x0102, TYPE_MANY = 0x1000 };
enum { NAMED = 0x8000, DATA_OBJECT = 0x3701, LONG_NAME = 0x3707, OBJECT_HEAD = 16 };

struct stretch { const guint8 *p; size_t len; };

struct tnef {
	struct container *container;
	int depth;
	bool damaged;
	char *title, *long_name; /* of the present attachment */
	struct stretch data;
};

/* ---- bytes ---- */

/* false: there are not so many; then none is taken. */
static bool take(struct stretch *from, size_t len, struct stretch *out)
{
	if (len > from->len)
		return false;
	*out = (struct stretch){ from->p, len };
	from->p += len;
	from->len -= len;
	return true;
}

static bool take_number(struct stretch *from, size_t size, guint32 *number)
{
	struct stretch s;

	if (!take(from, size, &s))
		return false;
	*number = 0;
	while (size--)
		*number = *number << 8 | s.p[size];
	return true;
}

/* Values are filled up to four bytes; at the very end some writers leave that out. */
static bool take_value(struct stretch *from, size_t len, struct stretch *out)
{
	struct stretch filling;

	if (!take(from, len, out))
		return false;
	take(from, MIN(-len & 3, from->len), &filling);
	return true;
}

/* ---- names ---- */

static char *narrow_name(struct stretch s)
{
	return charset_to_utf8(NULL, NULL, (const char *)s.p, strnlen((const char *)s.p, s.len));
}

/* NULL: half a letter stands in it. */
static char *wide_name(struct stretch s)
{
	g_autofree gunichar2 *units = g_new0(gunichar2, s.len / 2 + 1);

	for (size_t i = 0; i < s.len / 2; i++)
		units[i] = (gunichar2)(s.p[2 * i] | s.p[2 * i + 1] << 8);
	return g_utf16_to_utf8(units, -1, NULL, NULL, NULL);
}

static void set_name(char **name, char *to)
{
	if (!to)
		return;
	g_free(*name);
	*name = to;
}

/* ---- properties of an attachment ---- */

/* 0: the length stands before the value. */
static size_t fixed_size(guint32 type)
{
	static const struct { guint32 type; size_t size; } sizes[] = {
		{ 0x02, 4 }, { 0x03, 4 }, { 0x04, 4 }, { 0x05, 8 }, { 0x06, 8 }, { 0x07, 8 }, { 0x0a, 4 }, { 0x0b, 4 }, { 0x14, 8 },
		{ 0x40, 8 }, { 0x48, 16 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
		if (sizes[i].type == type)
			return sizes[i].size;
	return 0;
}

static bool is_variable(guint32 type)
{
	return type == TYPE_STRING8 || type == TYPE_UNICODE || type == TYPE_BINARY || type == TYPE_OBJECT;
}

/* A property of a name of its own: that name is passed over. */
static bool pass_name(struct stretch *from)
{
	struct stretch s;
	guint32 kind, len;

	if (!take(from, 16, &s) || !take_number(from, 4, &kind) || !take_number(from, 4, &len))
		return false;
	return kind == 0 || (kind == 1 && take_value(from, len, &s));
}

static void use_property(struct tnef *t, guint32 type, guint32 id, struct stretch value)
{
	if (id == LONG_NAME && type == TYPE_UNICODE)
		set_name(&t->long_name, wide_name(value));
	else if (id == LONG_NAME && type == TYPE_STRING8)
		set_name(&t->long_name, narrow_name(value));
	else if (id == DATA_OBJECT && type == TYPE_BINARY)
		t->data = value;
	else if (id == DATA_OBJECT && type == TYPE_OBJECT && value.len > OBJECT_HEAD)
		t->data = (struct stretch){ value.p + OBJECT_HEAD, value.len - OBJECT_HEAD }; /* behind what interface it is of */
}

/* Of many values the first counts. Each takes four bytes at least, so a great count ends with the bytes. */
static bool read_property(struct tnef *t, struct stretch *from)
{
	guint32 type, id, count = 1, len;
	struct stretch value;

	if (!take_number(from, 2, &type) || !take_number(from, 2, &id) || (id >= NAMED && !pass_name(from)))
		return false;
	guint32 plain = type & ~(guint32)TYPE_MANY;
	len = (guint32)fixed_size(plain);
	if (!len && !is_variable(plain))
		return false;
	if ((!len || type != plain) && !take_number(from, 4, &count))
		return false;
	for (guint32 i = 0; i < count; i++) {
		if ((is_variable(plain) && !take_number(from, 4, &len)) || !take_value(from, len, &value))
			return false;
		if (i == 0)
			use_property(t, plain, id, value);
	}
	return true;
}

static void read_properties(struct tnef *t, struct stretch from)
{
	guint32 count;
	bool well = take_number(&from, 4, &count);

	while (well && count--)
		well = read_property(t, &from);
	t->damaged |= !well;
}

/* ---- attachments ---- */

static void walk(struct container *c, struct stretch from, int depth);

static void end_attachment(struct tnef *t)
{
	const char *bytes = (const char *)t->data.p;
	g_autofree char *title = g_steal_pointer(&t->title), *long_name = g_steal_pointer(&t->long_name);
	g_autofree char *name = container_name(long_name && *long_name ? long_name : title ? title : "");

	if (container_tnef_is(bytes, t->data.len))
		walk(t->container, t->data, t->depth + 1);
	else if (t->data.len)
		container_add(t->container, name, bytes, t->data.len);
	t->data = (struct stretch){ 0 };
}

static void use_attribute(struct tnef *t, guint32 id, struct stretch value)
{
	if (id == ATTACHMENT_BEGINS)
		end_attachment(t);
	else if (id == ATTACHMENT_TITLE)
		set_name(&t->title, narrow_name(value));
	else if (id == ATTACHMENT_DATA)
		t->data = value;
	else if (id == ATTACHMENT_PROPERTIES)
		read_properties(t, value);
}

static bool read_attribute(struct tnef *t, struct stretch *from)
{
	guint32 level, id, len, told, sum = 0;
	struct stretch value;

	if (!take_number(from, 1, &level) || !take_number(from, 4, &id) || !take_number(from, 4, &len) || !take(from, len, &value) ||
	    !take_number(from, 2, &told))
		return false;
	for (size_t i = 0; i < value.len; i++)
		sum += value.p[i];
	if ((sum & 0xffff) != told)
		return false;
	use_attribute(t, id, value);
	return true;
}

static void walk(struct container *c, struct stretch from, int depth)
{
	struct tnef t = { .container = c, .depth = depth };
	struct stretch head;

	if (depth > DEPTH) {
		container_stop(c, "nested_too_deep", c->document->file);
		return;
	}
	take(&from, HEAD, &head);
	while (from.len && !t.damaged && !c->full)
		t.damaged |= !read_attribute(&t, &from);
	end_attachment(&t);
	if (t.damaged)
		facts_complain(c->document->complaints, "tnef_damaged", c->document->file, NULL);
}

bool container_tnef_is(const char *bytes, size_t len)
{
	return len >= HEAD && !memcmp(bytes, "\x78\x9f\x3e\x22", 4);
}

void container_tnef_read(struct document *d, const char *bytes, size_t len)
{
	static const struct container_words words = { NULL, "too_many_files" };
	struct container c = { .document = d, .words = &words };

	walk(&c, (struct stretch){ (const guint8 *)bytes, len }, 1);
}
