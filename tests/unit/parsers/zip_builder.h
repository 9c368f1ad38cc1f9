/* zip_builder: small zip archives and workbooks made by tests, well or on purpose badly. Header only. */
#pragma once
#include <gio/gio.h>
#include <string.h>

struct zip_builder {
	GByteArray *bytes, *directory;
	guint16 count;
};

struct zip_options {
	gboolean deflate;
	guint16 flags;       /* 1: encrypted */
	guint32 claimed_size; /* 0: the true one */
};

static inline guint32 zip_crc(const void *data, size_t len)
{
	guint32 crc = 0xffffffff;

	for (const guint8 *p = data; len--; p++) {
		crc ^= *p;
		for (int k = 0; k < 8; k++)
			crc = (crc >> 1) ^ (0xedb88320 & (0u - (crc & 1)));
	}
	return ~crc;
}

static inline GBytes *zip_deflate(const void *data, size_t len)
{
	g_autoptr(GZlibCompressor) z = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_RAW, 9);
	g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
	g_autoptr(GOutputStream) stream = g_converter_output_stream_new(memory, G_CONVERTER(z));

	g_output_stream_write_all(stream, data, len, NULL, NULL, NULL);
	g_output_stream_close(stream, NULL, NULL);
	return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(memory));
}

static inline void zip_put(GByteArray *to, guint32 value, int size)
{
	for (int i = 0; i < size; i++) {
		guint8 byte = (guint8)(value >> (8 * i));
		g_byte_array_append(to, &byte, 1);
	}
}

/* What the local header and the directory say alike, from "version needed" to "extra length". */
static inline void zip_put_common(GByteArray *to, const struct zip_options *o, guint32 crc, const guint32 sizes[3])
{
	zip_put(to, 20, 2);
	zip_put(to, o->flags, 2);
	zip_put(to, o->deflate ? 8 : 0, 2);
	zip_put(to, 0, 2);
	zip_put(to, 0x21, 2); /* 1 January 1980 */
	zip_put(to, crc, 4);
	zip_put(to, sizes[0], 4);
	zip_put(to, sizes[1], 4);
	zip_put(to, sizes[2], 2);
	zip_put(to, 0, 2);
}

static inline void zip_add(struct zip_builder *z, const char *name, const void *data, size_t len, struct zip_options o)
{
	g_autoptr(GBytes) packed = o.deflate ? zip_deflate(data, len) : g_bytes_new(data, len);
	guint32 sizes[3] = { (guint32)g_bytes_get_size(packed), o.claimed_size ? o.claimed_size : (guint32)len,
			     (guint32)strlen(name) };
	guint32 crc = zip_crc(data, len);

	if (!z->bytes) {
		z->bytes = g_byte_array_new();
		z->directory = g_byte_array_new();
	}
	zip_put(z->directory, 0x02014b50, 4);
	zip_put(z->directory, 20, 2);
	zip_put_common(z->directory, &o, crc, sizes);
	zip_put(z->directory, 0, 2);
	zip_put(z->directory, 0, 4);
	zip_put(z->directory, 0, 4);
	zip_put(z->directory, z->bytes->len, 4);
	g_byte_array_append(z->directory, (const guint8 *)name, sizes[2]);
	zip_put(z->bytes, 0x04034b50, 4);
	zip_put_common(z->bytes, &o, crc, sizes);
	g_byte_array_append(z->bytes, (const guint8 *)name, sizes[2]);
	g_byte_array_append(z->bytes, g_bytes_get_data(packed, NULL), sizes[0]);
	z->count++;
}

static inline void zip_add_text(struct zip_builder *z, const char *name, const char *text)
{
	zip_add(z, name, text, strlen(text), (struct zip_options){ 0 });
}

/* The whole archive; the builder is empty again. */
static inline GBytes *zip_finish(struct zip_builder *z)
{
	guint32 start = z->bytes->len, length = z->directory->len;

	g_byte_array_append(z->bytes, z->directory->data, length);
	g_byte_array_unref(z->directory);
	zip_put(z->bytes, 0x06054b50, 4);
	zip_put(z->bytes, 0, 4);
	zip_put(z->bytes, z->count, 2);
	zip_put(z->bytes, z->count, 2);
	zip_put(z->bytes, length, 4);
	zip_put(z->bytes, start, 4);
	zip_put(z->bytes, 0, 2);
	GBytes *whole = g_byte_array_free_to_bytes(z->bytes);
	memset(z, 0, sizeof *z);
	return whole;
}

#define ZIP_WORKBOOK(properties, sheets) \
	"<workbook xmlns='m' xmlns:r='r'><workbookPr " properties "/><sheets>" sheets "</sheets></workbook>"
#define ZIP_SHEET1 "<sheet name='Sayfa1' sheetId='1' r:id='rId1'/>"

#define ZIP_RELATIONS \
	"<Relationships><Relationship Id='rId1' Type='x/worksheet' Target='worksheets/sheet1.xml'/>" \
	"<Relationship Id='rId2' Type='x/sharedStrings' Target='/xl/sharedStrings.xml'/>" \
	"<Relationship Id='rId3' Type='x/styles' Target='styles.xml'/>" \
	"<Relationship Id='rId4' Type='x/worksheet' Target='worksheets/sheet2.xml'/></Relationships>"

/* A workbook of one sheet "Sayfa1"; `strings` and `styles` may be NULL. More parts may be added behind. */
static inline void zip_add_workbook(struct zip_builder *z, const char *workbook, const char *sheet, const char *strings,
				    const char *styles)
{
	zip_add_text(z, "[Content_Types].xml", "<Types/>");
	zip_add_text(z, "xl/workbook.xml", workbook);
	zip_add_text(z, "xl/_rels/workbook.xml.rels", ZIP_RELATIONS);
	zip_add_text(z, "xl/worksheets/sheet1.xml", sheet);
	if (strings)
		zip_add_text(z, "xl/sharedStrings.xml", strings);
	if (styles)
		zip_add_text(z, "xl/styles.xml", styles);
}
