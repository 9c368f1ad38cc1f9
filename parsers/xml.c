/* xml: a stream of elements and text (see xml.h).
 *
 * SAX and not xmlTextReader: the reader builds a tree node for each event, three times the cost; and
 * SAX tells of a DOCTYPE when its name is read, the reader only after it has taken in all that the
 * DOCTYPE declares.
 */
#include "parsers/xml.h"

#include <glib.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <string.h>

struct xml_element { const xmlChar **attributes; int count; };

struct walk {
	const struct xml_handlers *handlers;
	void *context;
	xmlParserCtxtPtr parser;
	bool doctype, stopped;
};

static void on_open(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_namespaces,
		    const xmlChar **namespaces, int n_attributes, int n_defaulted, const xmlChar **attributes)
{
	struct walk *w = data;
	struct xml_element e = { attributes, n_attributes };

	if (w->stopped || !w->handlers->open || w->handlers->open(w->context, (const char *)name, &e))
		return;
	w->stopped = true;
	xmlStopParser(w->parser);
}

static void on_close(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct walk *w = data;

	if (!w->stopped && w->handlers->close)
		w->handlers->close(w->context, (const char *)name);
}

static void on_text(void *data, const xmlChar *text, int len)
{
	struct walk *w = data;

	if (!w->stopped && w->handlers->text && len > 0)
		w->handlers->text(w->context, (const char *)text, (size_t)len);
}

static void on_doctype(void *data, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
	struct walk *w = data;

	w->doctype = w->stopped = true;
	xmlStopParser(w->parser);
}

/* Without it libxml2 writes its complaints to stderr. */
static void on_error(void *data, xmlErrorPtr error)
{
}

static const xmlSAXHandler sax = {
	.initialized = XML_SAX2_MAGIC,
	.startElementNs = on_open, .endElementNs = on_close,
	.characters = on_text, .ignorableWhitespace = on_text, .cdataBlock = on_text,
	.internalSubset = on_doctype, .serror = on_error,
};

const char *xml_walk(const char *bytes, size_t len, const struct xml_handlers *handlers, void *context)
{
	struct walk w = { handlers, context };

	if (!len || len > INT_MAX || !(w.parser = xmlCreateMemoryParserCtxt(bytes, (int)len)))
		return "xml_broken";
	*w.parser->sax = sax;
	w.parser->userData = &w;
	xmlCtxtUseOptions(w.parser, XML_PARSE_NONET);
	xmlParseDocument(w.parser);
	bool whole = w.parser->wellFormed || w.stopped;
	xmlFreeParserCtxt(w.parser);
	if (w.doctype)
		return "xml_doctype";
	return whole ? NULL : "xml_broken";
}

/* libxml2 gives five pointers an attribute: name, prefix, namespace, value, value's end. */
bool xml_attribute(const struct xml_element *e, const char *name, const char **value, size_t *len)
{
	for (int i = 0; i < e->count; i++) {
		const xmlChar **a = e->attributes + (size_t)i * 5;
		if (strcmp((const char *)a[0], name))
			continue;
		*value = (const char *)a[3];
		*len = (size_t)(a[4] - a[3]);
		return true;
	}
	return false;
}

/* As long as entities are not replaced, libxml2 gives an & of an attribute as "&#38;" (parser.c,
 * xmlParseAttValueComplex), and only that. */
char *xml_attribute_dup(const struct xml_element *e, const char *name)
{
	const char *value;
	size_t len;

	if (!xml_attribute(e, name, &value, &len))
		return NULL;
	if (!memchr(value, '&', len))
		return g_strndup(value, len);
	GString *text = g_string_new_len(value, (gssize)len);
	g_string_replace(text, "&#38;", "&", 0);
	return g_string_free(text, FALSE);
}

void xml_warm_up(void)
{
	static const struct xml_handlers none;

	xmlInitParser();
	xml_walk("<a b='&#252;'>&amp;</a>", 23, &none, NULL);
}
