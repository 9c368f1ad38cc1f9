/* Any bytes as XML: what is plain is heard as libxml2 hears it, to whom a comment at the end gives it; the rest calls nobody. */
#include "parsers/xml_plain.h"
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool on_open(void *context, const char *name, const struct xml_element *e)
{
	g_string_append_printf(context, "<%s", name);
	for (int i = 0; i < e->count; i++) {
		const unsigned char **a = e->attributes + (size_t)i * 5;

		g_string_append_printf(context, " %s=", (const char *)a[0]);
		g_string_append_len(context, (const char *)a[3], a[4] - a[3]);
	}
	g_string_append_c(context, '>');
	return strcmp(name, "stop") != 0;
}

static void on_close(void *context, const char *name)
{
	g_string_append_printf(context, "</%s>", name);
}

static void on_text(void *context, const char *text, size_t len)
{
	g_string_append_len(context, text, (gssize)len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct xml_handlers handlers = { on_open, on_close, on_text };
	g_autoptr(GString) heard = g_string_new(NULL), beside = g_string_new(NULL);
	g_autoptr(GString) xml = g_string_new_len((const char *)data, (gssize)len);

	if (!xml_plain_walk((const char *)data, len, &handlers, heard)) {
		if (heard->len)
			abort();
		return 0;
	}
	g_string_append(xml, "<!---->");
	if (xml_walk(xml->str, xml->len, &handlers, beside) || !g_string_equal(heard, beside))
		abort();
	return 0;
}
