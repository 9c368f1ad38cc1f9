/* pdf_builder: small PDF files for tests: printed words at places, form fields. Header only.
 *
 * Places are in points from the upper left corner of the page, as people see it; a word's place is its left end on the line.
 */
#pragma once
#include <glib.h>
#include <string.h>

struct pdf_builder {
	GPtrArray *objects;            /* char *: object i + 1; the first three are made at the end */
	GString *content, *annotations, *pages, *fields;
	int width, height, page_count;
	const char *more;              /* into the catalog */
};

static inline int pdf_object(struct pdf_builder *b, char *text)
{
	g_ptr_array_add(b->objects, text);
	return (int)b->objects->len;
}

static inline struct pdf_builder pdf_begin(int width, int height)
{
	struct pdf_builder b = { g_ptr_array_new_with_free_func(g_free), g_string_new(NULL), g_string_new(NULL),
				 g_string_new(NULL), g_string_new(NULL), width, height };

	for (int i = 0; i < 3; i++)
		pdf_object(&b, NULL);
	return b;
}

/* The page that was written on ends; nothing is written before the first. */
static inline void pdf_end_page(struct pdf_builder *b)
{
	int content = pdf_object(b, g_strdup_printf("<</Length %zu>>stream\n%s\nendstream", b->content->len + 1, b->content->str));
	int page = pdf_object(b, g_strdup_printf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents %d 0 R"
		"/Resources<</Font<</F 3 0 R>>>>/Annots[%s]>>", b->width, b->height, content, b->annotations->str));

	g_string_append_printf(b->pages, "%d 0 R ", page);
	b->page_count++;
	g_string_truncate(b->content, 0);
	g_string_truncate(b->annotations, 0);
}

/* The font has Turkish letters at the places of some signs. */
static inline void pdf_text(struct pdf_builder *b, double x, double y, double size, const char *text)
{
	static const gunichar turkish[] = { 0x11f, 0x11e, 0x131, 0x130, 0x15f, 0x15e };

	g_string_append_printf(b->content, "BT /F %.1f Tf %.1f %.1f Td <", size, x, b->height - y);
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		for (guint i = 0; i < G_N_ELEMENTS(turkish); i++)
			if (c == turkish[i])
				c = 128 + i;
		g_string_append_printf(b->content, "%02X", c & 0xff);
	}
	g_string_append(b->content, "> Tj ET\n");
}

/* As UTF-16, the way of programs. */
static inline char *pdf_string(const char *text)
{
	g_autofree gunichar2 *utf16 = g_utf8_to_utf16(text, -1, NULL, NULL, NULL);
	GString *out = g_string_new("<FEFF");

	for (gsize i = 0; utf16[i]; i++)
		g_string_append_printf(out, "%04X", utf16[i]);
	return g_string_free(g_string_append_c(out, '>'), FALSE);
}

/* A field of its own with the keys `more`, drawn at the place. */
static inline int pdf_widget(struct pdf_builder *b, const char *more, double x, double y, double width, double height)
{
	int n = pdf_object(b, g_strdup_printf("<</Type/Annot/Subtype/Widget/Rect[%.1f %.1f %.1f %.1f]%s>>", x, b->height - y - height,
		x + width, b->height - y, more));

	g_string_append_printf(b->annotations, "%d 0 R ", n);
	return n;
}

static inline void pdf_root_field(struct pdf_builder *b, int n)
{
	g_string_append_printf(b->fields, "%d 0 R ", n);
}

/* A text field whose corner is at the place. */
static inline void pdf_field(struct pdf_builder *b, const char *name, const char *value, double x, double y)
{
	g_autofree char *t = pdf_string(name), *v = pdf_string(value);
	g_autofree char *more = g_strdup_printf("/FT/Tx/T%s/V%s", t, v);

	pdf_root_field(b, pdf_widget(b, more, x, y, 100, 14));
}

/* A check box; a radio button has `parent`, the number of its group, and no name. Its state is called S and its place. */
static inline int pdf_box(struct pdf_builder *b, const char *name, int parent, bool on, double x, double y)
{
	g_autofree char *t = name ? pdf_string(name) : NULL;
	g_autofree char *own = name ? g_strdup_printf("/FT/Btn/T%s/V/%s", t, on ? "Yes" : "Off") : g_strdup_printf("/Parent %d 0 R", parent);
	g_autofree char *state = name ? g_strdup("Yes") : g_strdup_printf("S%.0f", x);
	g_autofree char *more = g_strdup_printf("%s/AS/%s/AP<</N<</%s null/Off null>>>>", own, on ? state : "Off", state);
	int n = pdf_widget(b, more, x, y, 10, 10);

	if (name)
		pdf_root_field(b, n);
	return n;
}

static inline void pdf_close_objects(struct pdf_builder *b)
{
	g_free(b->objects->pdata[0]);
	b->objects->pdata[0] = g_strdup_printf("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%s]/DA(/F 0 Tf)>>%s>>", b->fields->str,
		b->more ? b->more : "");
	b->objects->pdata[1] = g_strdup_printf("<</Type/Pages/Count %d/Kids[%s]>>", b->page_count, b->pages->str);
	b->objects->pdata[2] = g_strdup("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</BaseEncoding/WinAnsiEncoding/"
		"Differences[128/gbreve/Gbreve/dotlessi/Idotaccent/scedilla/Scedilla]>>>>");
}

static inline GBytes *pdf_finish(struct pdf_builder *b)
{
	GString *out = g_string_new("%PDF-1.7\n"), *places = g_string_new(NULL);

	pdf_close_objects(b);
	for (guint i = 0; i < b->objects->len; i++) {
		g_string_append_printf(places, "%010zu 00000 n \n", out->len);
		g_string_append_printf(out, "%u 0 obj\n%s\nendobj\n", i + 1, (char *)b->objects->pdata[i]);
	}
	g_string_append_printf(out, "xref\n0 %u\n0000000000 65535 f \n%strailer\n<</Size %u/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n",
		b->objects->len + 1, places->str, b->objects->len + 1, out->len);
	g_string_free(places, TRUE);
	g_string_free(b->content, TRUE);
	g_string_free(b->annotations, TRUE);
	g_string_free(b->pages, TRUE);
	g_string_free(b->fields, TRUE);
	g_ptr_array_unref(b->objects);
	return g_string_free_to_bytes(out);
}
