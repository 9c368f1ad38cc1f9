/* html_text: see html_text.h. libxml2's tree is walked by its own pointers, without recursion: a stranger
 * chooses the depth.
 */
#include "parsers/html_text.h"
#include <libxml/HTMLparser.h>
#include <stdbool.h>
#include <string.h>

enum {
	SKIP = 1,   /* with all inside */
	LINE = 2,   /* stands on lines of its own */
	QUOTE = 4,  /* its lines begin with "> " */
	BREAK = 8,  /* an empty element that ends the line */
	CELL = 16,
	RULE = 32,
	SPACE = 64, /* an empty line before and after */
};

static const struct element { const char *name; int what; } elements[] = {
	{ "head", SKIP }, { "script", SKIP }, { "style", SKIP }, { "title", SKIP }, { "noscript", SKIP },
	{ "template", SKIP }, { "br", BREAK }, { "hr", RULE | LINE }, { "blockquote", QUOTE | LINE },
	{ "p", LINE | SPACE }, { "div", LINE }, { "li", LINE }, { "ul", LINE }, { "ol", LINE }, { "tr", LINE },
	{ "table", LINE }, { "td", CELL }, { "th", CELL }, { "h1", LINE | SPACE }, { "h2", LINE | SPACE },
	{ "h3", LINE | SPACE }, { "h4", LINE }, { "pre", LINE }, { "dt", LINE }, { "dd", LINE }, { "section", LINE },
	{ "article", LINE }, { "header", LINE }, { "footer", LINE }, { "center", LINE }, { "address", LINE },
};

struct writer {
	GString *out;
	int quotes;  /* open blockquotes */
	int breaks;  /* line ends owed before the next text */
	int between; /* the fewest blockquotes since they are owed: empty lines stand there */
	bool blank;  /* a blank owed before the next text */
	bool begun;  /* the line has text */
};

static int element_find(const xmlNode *n)
{
	if (n->type == XML_ELEMENT_NODE)
		for (size_t i = 0; i < G_N_ELEMENTS(elements); i++)
			if (!strcmp((const char *)n->name, elements[i].name))
				return elements[i].what;
	return 0;
}

/* The first and last paragraph of something that stands on its own lines needs no empty line there; libxml2
 * itself puts paragraphs into quotes. */
static int breaks_of(int what, const xmlNode *neighbour)
{
	return what & SPACE && neighbour ? 2 : 1;
}

static void owe_breaks(struct writer *w, int n)
{
	w->between = w->breaks ? MIN(w->between, w->quotes) : w->quotes;
	w->breaks = MAX(w->breaks, n);
	w->blank = false;
}

static void begin_line(struct writer *w, int quotes)
{
	for (int i = 0; i < quotes; i++)
		g_string_append_c(w->out, '>');
	if (quotes)
		g_string_append_c(w->out, ' ');
}

/* Pays what is owed; called before text only, so nothing is owed twice or at the end. */
static void pay(struct writer *w)
{
	if (w->breaks && w->out->len) {
		for (int i = 0; i < w->breaks; i++) {
			if (i)
				begin_line(w, w->between);
			g_string_append_c(w->out, '\n');
		}
		w->begun = false;
	}
	if (!w->begun)
		begin_line(w, w->quotes);
	else if (w->blank)
		g_string_append_c(w->out, ' ');
	w->breaks = 0;
	w->blank = false;
	w->begun = true;
}

static bool is_space(const char *p)
{
	return strchr(" \t\r\n\f\v", *p) != NULL;
}

/* Runs of white space are one blank, as HTML says; a no-break space is one too. */
static void write_text(struct writer *w, const char *p)
{
	while (*p) {
		const char *word = p;

		while (*p && !is_space(p) && strncmp(p, "\xc2\xa0", 2))
			p++;
		if (p > word) {
			pay(w);
			g_string_append_len(w->out, word, p - word);
		}
		while (*p && (is_space(p) || !strncmp(p, "\xc2\xa0", 2))) {
			w->blank = w->begun && !w->breaks;
			p += is_space(p) ? 1 : 2;
		}
	}
}

static void enter(struct writer *w, const xmlNode *n, int what)
{
	if (what & LINE)
		owe_breaks(w, breaks_of(what, n->prev));
	if (what & QUOTE)
		w->quotes++;
	if (what & BREAK)
		owe_breaks(w, w->breaks + 1);
	if (what & RULE)
		write_text(w, "________________________________");
	if (what & CELL && w->begun && !w->breaks) {
		g_string_append_c(w->out, '\t');
		w->blank = false;
	}
}

static void leave(struct writer *w, const xmlNode *n, int what)
{
	if (what & QUOTE)
		w->quotes--;
	if (what & LINE)
		owe_breaks(w, breaks_of(what, n->next));
}

/* The node after n in document order, leaving every element that ends on the way. */
static const xmlNode *next_node(struct writer *w, const xmlNode *n, const xmlNode *root)
{
	while (n != root && !n->next) {
		n = n->parent;
		leave(w, n, element_find(n));
	}
	return n == root ? NULL : n->next;
}

static void walk(struct writer *w, const xmlNode *root)
{
	const xmlNode *n = root;

	while (n) {
		int what = element_find(n);

		if ((n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) && n->content)
			write_text(w, (const char *)n->content);
		enter(w, n, what);
		if (n->type == XML_ELEMENT_NODE && n->children && !(what & SKIP)) {
			n = n->children;
			continue;
		}
		leave(w, n, what);
		n = next_node(w, n, root);
	}
}

char *html_text(const char *html, size_t len)
{
	struct writer w = { g_string_sized_new(len / 2 + 16) };
	xmlDoc *doc = len > G_MAXINT ? NULL : htmlReadMemory(html, (int)len, NULL, "UTF-8",
		HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
		HTML_PARSE_COMPACT | HTML_PARSE_IGNORE_ENC);
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;

	if (root)
		walk(&w, root);
	xmlFreeDoc(doc);
	return g_string_free(w.out, FALSE);
}
