/* tnef_builder: a winmail.dat made by tests, attribute by attribute (MS-OXTNEF). Header only. */
#pragma once
#include <glib.h>
#include <string.h>

enum { TNEF_RENDDATA = 0x00069002, TNEF_TITLE = 0x00018010, TNEF_DATA = 0x0006800f, TNEF_PROPERTIES = 0x00069005 };
enum { TNEF_STRING8 = 0x1e, TNEF_UNICODE = 0x1f, TNEF_BINARY = 0x102, TNEF_OBJECT = 0x0d };

static inline void tnef_number(GString *to, guint32 value, int size)
{
	for (int i = 0; i < size; i++)
		g_string_append_c(to, (char)(value >> (8 * i)));
}

static inline GString *tnef_new(void)
{
	GString *t = g_string_new(NULL);

	tnef_number(t, 0x223e9f78, 4);
	tnef_number(t, 1, 2);
	return t;
}

static inline void tnef_add(GString *to, guint32 id, const char *data, size_t len)
{
	guint32 sum = 0;

	g_string_append_c(to, 2);
	tnef_number(to, id, 4);
	tnef_number(to, (guint32)len, 4);
	g_string_append_len(to, data, (gssize)len);
	for (size_t i = 0; i < len; i++)
		sum += (guint8)data[i];
	tnef_number(to, sum, 2);
}

static inline void tnef_attach(GString *to, const char *title, const char *data, size_t len)
{
	static const char place[14] = { 1 };

	tnef_add(to, TNEF_RENDDATA, place, sizeof place);
	if (title)
		tnef_add(to, TNEF_TITLE, title, strlen(title) + 1);
	if (data)
		tnef_add(to, TNEF_DATA, data, len);
}

/* A property of variable length; to stand in what tnef_properties takes. */
static inline void tnef_property(GString *to, guint32 type, guint32 id, const char *data, size_t len)
{
	tnef_number(to, type, 2);
	tnef_number(to, id, 2);
	tnef_number(to, 1, 4);
	tnef_number(to, (guint32)len, 4);
	g_string_append_len(to, data, (gssize)len);
	for (; len % 4; len++)
		g_string_append_c(to, 0);
}

static inline void tnef_properties(GString *to, guint32 count, const GString *properties)
{
	g_autoptr(GString) all = g_string_new(NULL);

	tnef_number(all, count, 4);
	g_string_append_len(all, properties->str, (gssize)properties->len);
	tnef_add(to, TNEF_PROPERTIES, all->str, all->len);
}
