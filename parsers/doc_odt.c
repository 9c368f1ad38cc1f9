/* doc_odt: see doc_odt.h.
 *
 * One table says which element means what. The open elements are a stack; what is inside of one inherits whether its text
 * counts. The cells that a merged one covers are written out in this format, so each takes its own place.
 */
#include "parsers/doc_odt.h"

#include "parsers/doc_writer.h"
#include "parsers/xml.h"

#include <string.h>

enum { MAX_BLANKS = 100 };

struct level {
	const char *name; /* lives as long as libxml2's dictionary */
	bool hidden;      /* text below does not count */
	bool skipped;     /* nothing below counts */
	bool paragraph;   /* text below is the document's; elsewhere it is the file's own layout */
	guint repeated;
	struct doc_cell cell;
};

struct walk {
	struct document *document;
	struct unzip *zip;
	struct doc_writer *writer;
	GHashTable *hidden_styles;
	GArray *levels;
	char *style;     /* the present one of those that are declared */
	bool after_blank;
	const char *refused;
};

static struct level *above(struct walk *w, guint n)
{
	return w->levels->len > n ? &g_array_index(w->levels, struct level, w->levels->len - 1 - n) : NULL;
}

static bool is_true(const struct xml_element *e, const char *name)
{
	const char *value;
	size_t len;

	return xml_attribute(e, name, &value, &len) && len == 4 && !memcmp(value, "true", 4);
}

static bool says(const struct xml_element *e, const char *name, const char *word)
{
	g_autofree char *value = xml_attribute_dup(e, name);

	return !g_strcmp0(value, word);
}

static guint number_of(const struct xml_element *e, const char *name)
{
	g_autofree char *value = xml_attribute_dup(e, name);

	return value ? (guint)CLAMP(g_ascii_strtoll(value, NULL, 10), 1, 1 << 20) : 1;
}

static void say(struct walk *w, const char *text)
{
	if (!above(w, 0)->hidden && above(w, 0)->paragraph)
		doc_writer_text(w->writer, text, strlen(text));
	w->after_blank = false;
}

/* ---- styles whose text is hidden ---- */

static void style_open(struct walk *w, const struct xml_element *e)
{
	g_autofree char *base = xml_attribute_dup(e, "parent-style-name");

	g_free(w->style);
	w->style = xml_attribute_dup(e, "name");
	if (w->style && base && g_hash_table_contains(w->hidden_styles, base))
		g_hash_table_add(w->hidden_styles, g_strdup(w->style));
}

static void text_properties(struct walk *w, const struct xml_element *e)
{
	if (w->style && says(e, "display", "none"))
		g_hash_table_add(w->hidden_styles, g_strdup(w->style));
	else if (w->style && says(e, "display", "true"))
		g_hash_table_remove(w->hidden_styles, w->style);
}

static void hide_by_style(struct walk *w, const struct xml_element *e)
{
	g_autofree char *style = xml_attribute_dup(e, "style-name");

	if (style && g_hash_table_contains(w->hidden_styles, style))
		above(w, 0)->hidden = true;
}

/* ---- tables ---- */

static void table_open(struct walk *w, const struct xml_element *e)
{
	above(w, 0)->paragraph = false;
	doc_writer_table(w->writer);
}

static void table_close(struct walk *w) { doc_writer_table_end(w->writer); }

static void row_open(struct walk *w, const struct xml_element *e)
{
	bool hidden = says(e, "visibility", "collapse") || says(e, "visibility", "filter");

	above(w, 0)->repeated = hidden ? 0 : number_of(e, "number-rows-repeated");
	doc_writer_row(w->writer);
}

static void row_close(struct walk *w) { doc_writer_row_end(w->writer, above(w, 0)->repeated); }

static void cell_open(struct walk *w, const struct xml_element *e)
{
	struct level *l = above(w, 0);

	l->repeated = number_of(e, "number-columns-repeated");
	l->cell = (struct doc_cell){ .columns = number_of(e, "number-columns-spanned"), .listed = true,
				     .begins = number_of(e, "number-rows-spanned") > 1 };
	doc_writer_cell(w->writer);
}

static void covered_open(struct walk *w, const struct xml_element *e)
{
	cell_open(w, e);
	above(w, 0)->cell = (struct doc_cell){ .continues = true };
}

static void cell_close(struct walk *w)
{
	struct level *l = above(w, 0);

	doc_writer_cell_end(w->writer, &l->cell);
	if (l->cell.continues && l->repeated > 1)
		doc_writer_skip(w->writer, l->repeated - 1);
	else if (l->repeated > 1)
		doc_writer_repeat(w->writer, l->repeated - 1);
}

/* ---- what does not count ---- */

static void skip(struct walk *w, const struct xml_element *e) { above(w, 0)->hidden = above(w, 0)->skipped = true; }

static void section(struct walk *w, const struct xml_element *e)
{
	if (says(e, "display", "none") || is_true(e, "is-hidden"))
		skip(w, e);
}

static void hidden_text(struct walk *w, const struct xml_element *e)
{
	if (is_true(e, "is-hidden"))
		above(w, 0)->hidden = true;
}

/* An empty element inside of the paragraph. */
static void hidden_paragraph(struct walk *w, const struct xml_element *e)
{
	if (is_true(e, "is-hidden") && above(w, 1))
		above(w, 1)->hidden = true;
}

static void content_control(struct walk *w, const struct xml_element *e)
{
	if (is_true(e, "showing-place-holder"))
		above(w, 0)->hidden = true;
}

static void outside(struct walk *w, const struct xml_element *e) { above(w, 0)->paragraph = false; }
static void dde(struct walk *w, const struct xml_element *e) { w->refused = "dde_link"; }

/* ---- text ---- */

static void paragraph_open(struct walk *w, const struct xml_element *e)
{
	hide_by_style(w, e);
	above(w, 0)->paragraph = true;
	w->after_blank = true;
}

static void paragraph_close(struct walk *w)
{
	doc_writer_line_end(w->writer);
	w->after_blank = true;
}

static void tab(struct walk *w, const struct xml_element *e) { say(w, "\t"); }
static void line_break(struct walk *w, const struct xml_element *e) { say(w, "\n"); }

static void blanks(struct walk *w, const struct xml_element *e)
{
	for (guint n = MIN(number_of(e, "c"), MAX_BLANKS); n; n--)
		say(w, " ");
}

/* Each run of white space is one blank, none at a paragraph's start (part 3, 6.1.2); those that count are elements. */
static void on_text(void *context, const char *text, size_t len)
{
	struct walk *w = context;
	const struct level *l = above(w, 0);
	const char *end = text + len;

	if (!l || l->hidden || !l->paragraph)
		return;
	while (text < end) {
		size_t n = 0;
		while (text + n < end && !g_ascii_isspace(text[n]))
			n++;
		doc_writer_text(w->writer, text, n);
		w->after_blank &= !n;
		text += n;
		if (text < end && !w->after_blank)
			doc_writer_text(w->writer, " ", 1);
		w->after_blank |= text < end;
		while (text < end && g_ascii_isspace(*text))
			text++;
	}
}

/* ---- the table of elements ---- */

static const struct rule {
	const char *name;
	void (*open)(struct walk *, const struct xml_element *);
	void (*close)(struct walk *);
} rules[] = {
	{ "table", table_open, table_close },
	{ "table-row", row_open, row_close },
	{ "table-cell", cell_open, cell_close },
	{ "covered-table-cell", covered_open, cell_close },
	{ "p", paragraph_open, paragraph_close },
	{ "h", paragraph_open, paragraph_close },
	{ "span", hide_by_style, NULL },
	{ "s", blanks, NULL },
	{ "tab", tab, NULL },
	{ "line-break", line_break, NULL },
	{ "section", section, NULL },
	{ "hidden-text", hidden_text, NULL },
	{ "hidden-paragraph", hidden_paragraph, NULL },
	{ "content-control", content_control, NULL },
	{ "tracked-changes", skip, NULL },
	{ "note", skip, NULL },
	{ "annotation", skip, NULL },
	{ "ruby-text", skip, NULL },
	{ "forms", skip, NULL },
	{ "frame", outside, NULL },
	{ "custom-shape", outside, NULL },
	{ "style", style_open, NULL },
	{ "text-properties", text_properties, NULL },
	{ "dde-connection", dde, NULL },
	{ "dde-connection-decl", dde, NULL },
	{ "dde-source", dde, NULL },
};

static const struct rule *rule_of(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
		if (!strcmp(rules[i].name, name))
			return &rules[i];
	return NULL;
}

static bool on_open(void *context, const char *name, const struct xml_element *e)
{
	struct walk *w = context;
	const struct level *parent = above(w, 0);
	struct level l = { name };

	if (parent) {
		l.hidden = parent->hidden;
		l.skipped = parent->skipped;
		l.paragraph = parent->paragraph;
	}
	g_array_append_val(w->levels, l);
	const struct rule *rule = l.skipped ? NULL : rule_of(name);
	if (rule && rule->open)
		rule->open(w, e);
	return !w->refused;
}

static void on_close(void *context, const char *name)
{
	struct walk *w = context;

	if (!above(w, 0))
		return;
	const struct rule *rule = above(w, 0)->skipped ? NULL : rule_of(name);
	if (rule && rule->close)
		rule->close(w);
	g_array_set_size(w->levels, w->levels->len - 1);
}

/* ---- the parts ---- */

static const char *walk_part(struct walk *w, const char *name)
{
	static const struct xml_handlers handlers = { on_open, on_close, on_text };
	const char *complaint;
	size_t len = 0;
	g_autofree char *bytes = unzip_read_named(w->zip, name, &len, &complaint);

	g_array_set_size(w->levels, 0);
	if (bytes)
		complaint = xml_walk(bytes, len, &handlers, w);
	return complaint ? complaint : w->refused;
}

/* The names of parts are plain, their contents ciphered, and the manifest says how. */
static const char *check_manifest(struct walk *w)
{
	const char *complaint;
	size_t len = 0;
	g_autofree char *bytes = unzip_read_named(w->zip, "META-INF/manifest.xml", &len, &complaint);

	return bytes && memmem(bytes, len, "encryption-data", 15) ? "encrypted" : complaint;
}

void doc_odt_read(struct document *d, struct unzip *z)
{
	g_autoptr(GHashTable) hidden = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GArray) levels = g_array_new(FALSE, FALSE, sizeof(struct level));
	struct walk w = { .document = d, .zip = z, .hidden_styles = hidden, .levels = levels };
	const char *complaint = check_manifest(&w);

	/* The text of headers and footers lies in the styles; it is not taken. */
	w.writer = doc_writer_new(d);
	if (!complaint)
		complaint = walk_part(&w, "styles.xml");
	doc_writer_end(w.writer, false);
	w.writer = doc_writer_new(d);
	if (!complaint)
		complaint = unzip_find(z, "content.xml") < 0 ? "document_missing" : walk_part(&w, "content.xml");
	doc_writer_end(w.writer, !complaint);
	if (complaint)
		facts_complain(d->complaints, complaint, "content.xml", NULL);
	g_free(w.style);
}
