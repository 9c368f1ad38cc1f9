/* doc_docx: see doc_docx.h.
 *
 * One table says which element means what, by its own name and its parent's: <tab> is a tabulator in a run and a ruler's
 * mark in a paragraph's properties. The open elements are a stack; a property is noted at the element that it belongs
 * to, two or three above, and what is inside of it inherits that it is hidden.
 */
#include "parsers/doc_docx.h"

#include "parsers/doc_writer.h"
#include "parsers/xml.h"

#include <string.h>

enum { MAX_CODE = 64 << 10, MAX_CHOICES = 256 };

struct level {
	const char *name;     /* lives as long as libxml2's dictionary */
	bool hidden;          /* text below does not count */
	bool skipped;         /* nothing below counts */
	bool deleted;         /* of a row */
	struct doc_cell cell;
};

struct walk {
	struct document *document;
	struct unzip *zip;
	struct doc_writer *writer;
	GHashTable *hidden_styles;
	GArray *levels;
	struct level nobody; /* the owner of properties that belong to nothing */
	GString *code;      /* of fields */
	GPtrArray *choices; /* of an old drop-down field */
	guint chosen;
	int box;            /* of an old form field: -1 none, 0, 1 */
	char *style;         /* of styles.xml, the present one */
};

static struct level *above(struct walk *w, guint n)
{
	return w->levels->len > n ? &g_array_index(w->levels, struct level, w->levels->len - 1 - n) : NULL;
}

/* Whose a property is: <tr><trPr><del/>. */
static struct level *owner(struct walk *w)
{
	struct level *l = above(w, 2);

	return l ? l : &w->nobody;
}

static bool is_at(struct walk *w, guint n, const char *name)
{
	const struct level *l = above(w, n);

	return l && !strcmp(l->name, name);
}

/* w:val of a switch: none is on. */
static bool is_on(const struct xml_element *e)
{
	g_autofree char *value = xml_attribute_dup(e, "val");

	return !value || (strcmp(value, "0") && strcmp(value, "false") && strcmp(value, "off"));
}

static guint number_of(const struct xml_element *e, const char *name)
{
	g_autofree char *value = xml_attribute_dup(e, name);

	return value ? (guint)CLAMP(g_ascii_strtoll(value, NULL, 10), 0, 100000) : 0;
}

static void say(struct walk *w, const char *text)
{
	if (!above(w, 0)->hidden)
		doc_writer_text(w->writer, text, strlen(text));
}

/* ---- tables ---- */

static void table_open(struct walk *w, const struct xml_element *e) { doc_writer_table(w->writer); }
static void table_close(struct walk *w) { doc_writer_table_end(w->writer); }
static void row_open(struct walk *w, const struct xml_element *e) { doc_writer_row(w->writer); }
static void row_close(struct walk *w) { doc_writer_row_end(w->writer, above(w, 0)->deleted ? 0 : 1); }
static void cell_open(struct walk *w, const struct xml_element *e) { doc_writer_cell(w->writer); }
static void cell_close(struct walk *w) { doc_writer_cell_end(w->writer, &above(w, 0)->cell); }

/* <tr><trPr><del/> */
static void row_deleted(struct walk *w, const struct xml_element *e)
{
	owner(w)->deleted = true;
}

static void row_hidden(struct walk *w, const struct xml_element *e)
{
	if (is_on(e))
		owner(w)->deleted = true;
}

static void grid_before(struct walk *w, const struct xml_element *e)
{
	doc_writer_skip(w->writer, number_of(e, "val"));
}

/* <tc><tcPr><gridSpan w:val="2"/><vMerge w:val="restart"/> */
static void grid_span(struct walk *w, const struct xml_element *e)
{
	owner(w)->cell.columns = number_of(e, "val");
}

static void vertical_merge(struct walk *w, const struct xml_element *e)
{
	g_autofree char *value = xml_attribute_dup(e, "val");
	bool begins = value && !strcmp(value, "restart");

	owner(w)->cell.begins = begins;
	owner(w)->cell.continues = !begins;
}

/* ---- what does not count ---- */

static void hide(struct walk *w, const struct xml_element *e) { above(w, 0)->hidden = true; }
static void skip(struct walk *w, const struct xml_element *e) { above(w, 0)->hidden = above(w, 0)->skipped = true; }

/* <r><rPr><vanish/>; in a paragraph's properties it hides the paragraph's mark alone. */
static void vanish(struct walk *w, const struct xml_element *e)
{
	if (is_at(w, 2, "r"))
		owner(w)->hidden |= is_on(e);
}

static void styled(struct walk *w, const struct xml_element *e)
{
	g_autofree char *style = xml_attribute_dup(e, "val");

	if (style && g_hash_table_contains(w->hidden_styles, style))
		owner(w)->hidden = true;
}

/* <sdt><sdtPr><showingPlcHdr/>: "click here to enter text". */
static void placeholder(struct walk *w, const struct xml_element *e)
{
	if (is_at(w, 2, "sdt"))
		owner(w)->hidden |= is_on(e);
}

/* ---- text ---- */

static void paragraph_close(struct walk *w) { doc_writer_line_end(w->writer); }
static void tab(struct walk *w, const struct xml_element *e) { say(w, "\t"); }
static void line_break(struct walk *w, const struct xml_element *e) { say(w, "\n"); }
static void hyphen(struct walk *w, const struct xml_element *e) { say(w, "-"); }

/* Ticked and empty boxes of the Wingdings fonts. */
static void symbol(struct walk *w, const struct xml_element *e)
{
	static const struct { const char *code, *text; } boxes[] = {
		{ "F0FE", "☒" }, { "F0FD", "☒" }, { "F0FC", "☒" }, { "F0FB", "☒" }, { "F052", "☒" }, { "F053", "☒" },
		{ "F054", "☒" }, { "F0A8", "☐" }, { "F06F", "☐" }, { "F0A3", "☐" }, { "F071", "☐" },
	};
	g_autofree char *code = xml_attribute_dup(e, "char");

	for (size_t i = 0; code && i < G_N_ELEMENTS(boxes); i++)
		if (!g_ascii_strcasecmp(boxes[i].code, code))
			say(w, boxes[i].text);
}

/* ---- fields ---- */

static void simple_field(struct walk *w, const struct xml_element *e)
{
	g_autofree char *code = xml_attribute_dup(e, "instr");

	if (code && w->code->len < MAX_CODE)
		g_string_append_printf(w->code, " %s ", code);
}

static void field_part(struct walk *w, const struct xml_element *e)
{
	g_string_append_c(w->code, ' ');
}

static void old_field_open(struct walk *w, const struct xml_element *e)
{
	w->box = -1;
	w->chosen = 0;
	g_ptr_array_set_size(w->choices, 0);
}

static void old_box(struct walk *w, const struct xml_element *e)
{
	w->box = is_on(e);
}

static void old_choice(struct walk *w, const struct xml_element *e)
{
	if (w->choices->len < MAX_CHOICES)
		g_ptr_array_add(w->choices, xml_attribute_dup(e, "val"));
}

static void old_chosen(struct walk *w, const struct xml_element *e)
{
	w->chosen = number_of(e, "val");
}

static void old_field_close(struct walk *w)
{
	if (w->box >= 0)
		say(w, w->box ? "☒" : "☐");
	else if (w->chosen < w->choices->len && w->choices->pdata[w->chosen])
		say(w, w->choices->pdata[w->chosen]);
}

/* ---- the table of elements ---- */

static const struct rule {
	const char *parent, *name; /* parent NULL: any */
	void (*open)(struct walk *, const struct xml_element *);
	void (*close)(struct walk *);
} rules[] = {
	{ NULL, "tbl", table_open, table_close },
	{ NULL, "tr", row_open, row_close },
	{ NULL, "tc", cell_open, cell_close },
	{ NULL, "p", NULL, paragraph_close },
	{ "trPr", "del", row_deleted, NULL },
	{ "trPr", "hidden", row_hidden, NULL },
	{ "trPr", "gridBefore", grid_before, NULL },
	{ "tcPr", "gridSpan", grid_span, NULL },
	{ "tcPr", "vMerge", vertical_merge, NULL },
	{ "rPr", "vanish", vanish, NULL },
	{ "rPr", "rStyle", styled, NULL },
	{ "pPr", "pStyle", styled, NULL },
	{ "sdtPr", "showingPlcHdr", placeholder, NULL },
	{ NULL, "del", hide, NULL },
	{ NULL, "moveFrom", hide, NULL },
	{ NULL, "rt", hide, NULL },
	{ NULL, "Fallback", skip, NULL }, /* the same once more, for programs that do not know the new way */
	{ "r", "tab", tab, NULL },
	{ "r", "br", line_break, NULL },
	{ "r", "cr", line_break, NULL },
	{ "r", "noBreakHyphen", hyphen, NULL },
	{ "r", "sym", symbol, NULL },
	{ "r", "fldChar", field_part, NULL },
	{ NULL, "fldSimple", simple_field, NULL },
	{ NULL, "ffData", old_field_open, old_field_close },
	{ "checkBox", "default", old_box, NULL },
	{ "checkBox", "checked", old_box, NULL },
	{ "ddList", "listEntry", old_choice, NULL },
	{ "ddList", "result", old_chosen, NULL },
};

static const struct rule *rule_of(struct walk *w)
{
	const char *name = above(w, 0)->name;

	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
		if (!strcmp(rules[i].name, name) && (!rules[i].parent || is_at(w, 1, rules[i].parent)))
			return &rules[i];
	return NULL;
}

static bool on_open(void *context, const char *name, const struct xml_element *e)
{
	struct walk *w = context;
	const struct level *parent = above(w, 0);
	struct level l = { .name = name, .hidden = parent && parent->hidden, .skipped = parent && parent->skipped };

	g_array_append_val(w->levels, l);
	const struct rule *rule = l.skipped ? NULL : rule_of(w);
	if (rule && rule->open)
		rule->open(w, e);
	return true;
}

static void on_close(void *context, const char *name)
{
	struct walk *w = context;

	if (!above(w, 0))
		return;
	const struct rule *rule = above(w, 0)->skipped ? NULL : rule_of(w);
	if (rule && rule->close)
		rule->close(w);
	g_array_set_size(w->levels, w->levels->len - 1);
}

static void on_text(void *context, const char *text, size_t len)
{
	struct walk *w = context;
	const struct level *l = above(w, 0);

	if (!l || l->skipped)
		return;
	if (!strcmp(l->name, "instrText") && w->code->len < MAX_CODE)
		g_string_append_len(w->code, text, (gssize)MIN(len, MAX_CODE));
	else if (!strcmp(l->name, "t") && !l->hidden)
		doc_writer_text(w->writer, text, len);
}

/* ---- styles.xml: those whose text is hidden ---- */

static bool style_open(void *context, const char *name, const struct xml_element *e)
{
	struct walk *w = context;

	if (!strcmp(name, "style")) {
		g_free(w->style);
		w->style = xml_attribute_dup(e, "styleId");
	} else if (w->style && !strcmp(name, "basedOn")) {
		g_autofree char *base = xml_attribute_dup(e, "val");
		if (base && g_hash_table_contains(w->hidden_styles, base))
			g_hash_table_add(w->hidden_styles, g_strdup(w->style));
	} else if (w->style && !strcmp(name, "vanish")) {
		if (is_on(e))
			g_hash_table_add(w->hidden_styles, g_strdup(w->style));
		else
			g_hash_table_remove(w->hidden_styles, w->style);
	}
	return true;
}

/* Few documents hide anything by a style; they are told by one word. A style may stand before the one it is based on:
 * the second look sees it. */
static const char *read_styles(struct walk *w)
{
	static const struct xml_handlers handlers = { style_open, NULL, NULL };
	const char *complaint;
	size_t len = 0;
	g_autofree char *bytes = unzip_read_named(w->zip, "word/styles.xml", &len, &complaint);

	for (int look = 0; look < 2 && bytes && !complaint && memmem(bytes, len, "vanish", 6); look++)
		complaint = xml_walk(bytes, len, &handlers, w);
	return complaint;
}

/* Parts that hold nothing of ours, but that an honest program never writes with a DOCTYPE. */
static const char *check_other_parts(struct walk *w)
{
	static const char *const parts[] = { "[Content_Types].xml", "_rels/.rels", "docProps/core.xml",
					     "word/_rels/document.xml.rels" };
	static const struct xml_handlers none = { NULL, NULL, NULL };
	const char *complaint = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(parts) && !complaint; i++) {
		size_t len;
		g_autofree char *bytes = unzip_read_named(w->zip, parts[i], &len, &complaint);
		if (bytes)
			complaint = xml_walk(bytes, len, &none, NULL);
	}
	return complaint;
}

/* A field of DDE asks another program for its text when the document is opened. */
static bool asks_other_programs(const char *code)
{
	g_auto(GStrv) words = g_strsplit_set(code, " \t\r\n\"'\\", -1);

	for (char **word = words; *word; word++)
		if (!g_ascii_strcasecmp(*word, "DDE") || !g_ascii_strcasecmp(*word, "DDEAUTO"))
			return true;
	return false;
}

static const char *read_document(struct walk *w, const char *part)
{
	static const struct xml_handlers handlers = { on_open, on_close, on_text };
	const char *complaint;
	size_t len = 0;
	g_autofree char *bytes = unzip_read_named(w->zip, part, &len, &complaint);

	if (!bytes)
		return complaint ? complaint : "document_missing";
	complaint = xml_walk(bytes, len, &handlers, w);
	if (!complaint && asks_other_programs(w->code->str))
		complaint = "dde_link";
	return complaint;
}

static struct walk *walk_new(struct document *d, struct unzip *z)
{
	struct walk *w = g_new0(struct walk, 1);

	w->document = d;
	w->zip = z;
	w->writer = doc_writer_new(d);
	w->hidden_styles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	w->levels = g_array_new(FALSE, FALSE, sizeof(struct level));
	w->code = g_string_new(NULL);
	w->choices = g_ptr_array_new_with_free_func(g_free);
	w->box = -1;
	return w;
}

static void walk_end(struct walk *w, const char *complaint, const char *where)
{
	doc_writer_end(w->writer, !complaint);
	if (complaint)
		facts_complain(w->document->complaints, complaint, where, NULL);
	g_hash_table_unref(w->hidden_styles);
	g_array_unref(w->levels);
	g_string_free(w->code, TRUE);
	g_ptr_array_unref(w->choices);
	g_free(w->style);
	g_free(w);
}

void doc_docx_read(struct document *d, struct unzip *z)
{
	const char *part = unzip_find(z, "word/document.xml") >= 0 ? "word/document.xml" : "word/document2.xml";
	struct walk *w = walk_new(d, z);
	const char *complaint = check_other_parts(w);

	if (!complaint)
		complaint = read_styles(w);
	if (!complaint)
		complaint = read_document(w, part);
	walk_end(w, complaint, part);
}

/* ---- the same in one file of XML ---- */

bool doc_docx_is_flat(const char *bytes, size_t len)
{
	static const char mark[] = "<?mso-application progid=\"Word.Document\"?>";
	enum { BEGINNING = 512 };

	return memmem(bytes, MIN(len, BEGINNING), mark, sizeof mark - 1) != NULL;
}

/* Beside the body it holds styles, pictures and properties. */
static bool flat_open(void *context, const char *name, const struct xml_element *e)
{
	struct walk *w = context;

	return (!w->levels->len && strcmp(name, "body")) || on_open(context, name, e);
}

static const char *read_flat(struct walk *w, const char *bytes, size_t len)
{
	static const struct xml_handlers handlers = { flat_open, on_close, on_text };
	static const char *const macros[] = { "vbaProject", "macrosPresent=\"yes\"" };
	const char *complaint = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(macros); i++)
		if (memmem(bytes, len, macros[i], strlen(macros[i])))
			return "macro_file";
	complaint = xml_walk(bytes, len, &handlers, w);
	return complaint || !asks_other_programs(w->code->str) ? complaint : "dde_link";
}

void doc_docx_read_flat(struct document *d, const char *bytes, size_t len)
{
	struct walk *w = walk_new(d, NULL);

	walk_end(w, read_flat(w, bytes, len), d->file);
}
