/* ole_builder: compound files made by tests, well formed; what is to be wrong is spoilt afterwards. Header only. */
#pragma once
#include <glib.h>
#include <string.h>

struct ole_builder {
	GPtrArray *names;    /* const char * */
	GPtrArray *contents; /* GBytes; NULL: a storage */
	int shift;           /* of the sector size: 0 or 9, or 12 */
	guint32 storage_child; /* what a storage names as its child; 0: none */
};

static inline void ole_put(GByteArray *to, guint64 value, int size)
{
	for (int i = 0; i < size; i++) {
		guint8 byte = (guint8)(value >> (8 * i));
		g_byte_array_append(to, &byte, 1);
	}
}

static inline void ole_fill(GByteArray *to, size_t multiple, guint8 byte)
{
	while (to->len % multiple)
		g_byte_array_append(to, &byte, 1);
}

/* `bytes` NULL: a storage. */
static inline void ole_add(struct ole_builder *b, const char *name, GBytes *bytes)
{
	if (!b->names) {
		b->names = g_ptr_array_new();
		b->contents = g_ptr_array_new();
	}
	g_ptr_array_add(b->names, (char *)name);
	g_ptr_array_add(b->contents, bytes ? g_bytes_ref(bytes) : NULL);
}

/* Puts the bytes behind the others and chains their pieces; gives the first. */
static inline guint32 ole_chain(GByteArray *body, GByteArray *table, GBytes *bytes, size_t full)
{
	guint32 first = (guint32)(body->len / full);

	if (!g_bytes_get_size(bytes))
		return 0xfffffffe;
	g_byte_array_append(body, g_bytes_get_data(bytes, NULL), (guint)g_bytes_get_size(bytes));
	ole_fill(body, full, 0);
	for (guint32 i = first; i < body->len / full; i++)
		ole_put(table, i + 1 < body->len / full ? i + 1 : 0xfffffffe, 4);
	return first;
}

static inline void ole_put_entry(GByteArray *to, const char *name, int type, const guint32 links[3])
{
	size_t start = to->len, len = strlen(name);

	for (size_t i = 0; i < len; i++)
		ole_put(to, (guchar)name[i], 2);
	while (to->len < start + 64)
		ole_put(to, 0, 1);
	ole_put(to, 2 * len + 2, 2);
	ole_put(to, (guint)type, 2);
	for (int i = 0; i < 3; i++) /* left, right, child */
		ole_put(to, links[i], 4);
	while (to->len < start + 116)
		ole_put(to, 0, 1);
}

struct ole_parts { GByteArray *body, *fat, *mini, *mini_fat, *directory; size_t full; };

/* One leaning tree: each entry is right of the one before. */
static inline void ole_put_content(const struct ole_builder *b, struct ole_parts *p, guint i)
{
	GBytes *bytes = b->contents->pdata[i];
	size_t size = bytes ? g_bytes_get_size(bytes) : 0;
	guint32 links[3] = { G_MAXUINT32, i + 1 < b->names->len ? i + 2 : G_MAXUINT32,
			     !bytes && b->storage_child ? b->storage_child : G_MAXUINT32 };

	ole_put_entry(p->directory, b->names->pdata[i], bytes ? 2 : 1, links);
	ole_put(p->directory, !bytes ? 0 : size < 4096 ? ole_chain(p->mini, p->mini_fat, bytes, 64)
						       : ole_chain(p->body, p->fat, bytes, p->full), 4);
	ole_put(p->directory, size, 8);
	if (bytes)
		g_bytes_unref(bytes);
}

/* The sectors of the table itself, and of the list of them where the header is too short for it. */
static inline void ole_put_tables(struct ole_parts *p, GByteArray *header)
{
	size_t per = p->full / 4, used = p->body->len / p->full, fats = 1, lists = 0;

	while (fats * per < used + fats + lists) {
		fats++;
		lists = fats > 109 ? (fats - 109 + per - 2) / (per - 1) : 0;
	}
	for (size_t i = 0; i < fats; i++)
		ole_put(p->fat, 0xfffffffd, 4);
	for (size_t i = 0; i < lists; i++)
		ole_put(p->fat, 0xfffffffc, 4);
	ole_fill(p->fat, p->full, 0xff);
	g_byte_array_append(p->body, p->fat->data, p->fat->len);
	for (size_t i = 0; i < 109; i++)
		ole_put(header, i < fats ? used + i : G_MAXUINT32, 4);
	for (size_t i = 0; i < lists; i++) {
		for (size_t k = 0; k < per - 1; k++) {
			size_t n = 109 + i * (per - 1) + k;
			ole_put(p->body, n < fats ? used + n : G_MAXUINT32, 4);
		}
		ole_put(p->body, i + 1 < lists ? used + fats + i + 1 : 0xfffffffe, 4);
	}
	memcpy(header->data + 44, &(guint32){ (guint32)fats }, 4);
	memcpy(header->data + 68, &(guint32){ (guint32)(lists ? used + fats : 0xfffffffe) }, 4);
	memcpy(header->data + 72, &(guint32){ (guint32)lists }, 4);
}

static inline GByteArray *ole_header(int shift, guint32 directory, guint32 mini_fat)
{
	GByteArray *h = g_byte_array_new();
	static const guint32 nothing[4];

	g_byte_array_append(h, (const guint8 *)"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
	g_byte_array_append(h, (const guint8 *)nothing, 16);
	ole_put(h, 0x3e, 2);
	ole_put(h, shift == 12 ? 4 : 3, 2);
	ole_put(h, 0xfffe, 2);
	ole_put(h, (guint)shift, 2);
	ole_put(h, 6, 2);
	g_byte_array_append(h, (const guint8 *)nothing, 14); /* 44: sectors of the table */
	ole_put(h, directory, 4);
	ole_put(h, 0, 4);
	ole_put(h, 4096, 4);
	ole_put(h, mini_fat, 4);
	g_byte_array_append(h, (const guint8 *)nothing, 12);
	return h;
}

/* The whole file; the builder is empty again. */
static inline GBytes *ole_finish(struct ole_builder *b)
{
	int shift = b->shift ? b->shift : 9;
	struct ole_parts p = { g_byte_array_new(), g_byte_array_new(), g_byte_array_new(), g_byte_array_new(),
			       g_byte_array_new(), (size_t)1 << shift };
	static const guint32 links[3] = { G_MAXUINT32, G_MAXUINT32, 1 };

	ole_put_entry(p.directory, "Root Entry", 5, links);
	ole_put(p.directory, 0, 4); /* where the mini stream is, and its size: known below */
	ole_put(p.directory, 0, 8);
	for (guint i = 0; i < b->names->len; i++)
		ole_put_content(b, &p, i);
	guint64 mini_size = p.mini->len;
	g_autoptr(GBytes) mini = g_byte_array_free_to_bytes(p.mini);
	guint32 mini_start = ole_chain(p.body, p.fat, mini, p.full);
	memcpy(p.directory->data + 116, &mini_start, 4);
	memcpy(p.directory->data + 120, &mini_size, 8);
	ole_fill(p.mini_fat, p.full, 0xff);
	g_autoptr(GBytes) mini_fat = g_byte_array_free_to_bytes(p.mini_fat), directory = g_byte_array_free_to_bytes(p.directory);
	guint32 mini_fat_start = ole_chain(p.body, p.fat, mini_fat, p.full);
	guint32 directory_start = ole_chain(p.body, p.fat, directory, p.full);
	GByteArray *whole = ole_header(shift, directory_start, mini_fat_start);
	ole_put_tables(&p, whole);
	ole_fill(whole, p.full, 0);
	g_byte_array_append(whole, p.body->data, p.body->len);
	g_byte_array_unref(p.body);
	g_byte_array_unref(p.fat);
	g_ptr_array_unref(b->names);
	g_ptr_array_unref(b->contents);
	memset(b, 0, sizeof *b);
	return g_byte_array_free_to_bytes(whole);
}
