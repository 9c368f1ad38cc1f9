/* sheet_xlsx: the sheets of an Office Open XML workbook (see sheet_xlsx.h).
 *
 * Only parts that hold cells are unpacked: themes, drawings and properties cost more than the list itself.
 */
#include "parsers/sheet_xlsx.h"

#include "parsers/xlsx_sheet.h"
#include "parsers/xlsx_styles.h"
#include "parsers/xml.h"

#include <string.h>

#define WORKBOOK "xl/workbook.xml"

struct sheet_entry { char *name, *relation; bool hidden; };

struct opener {
	struct document *document;
	struct unzip *zip;
	GArray *entries;       /* struct sheet_entry: in the order of the workbook */
	GHashTable *relations; /* id to part name; worksheets only */
	GArray *dates;         /* NULL until a number wears a style */
	char *styles_part, *strings_part;
	const char *failed;    /* code; set once */
};

static void fail(struct opener *o, const char *code, const char *where)
{
	if (o->failed)
		return;
	o->failed = code;
	facts_complain(o->document->complaints, code, where, NULL);
}

/* A part's bytes; NULL when it is not there (no complaint) or broken (complaint). */
static char *read_part(struct opener *o, const char *name, size_t *len)
{
	const char *complaint = NULL;
	char *bytes = name ? unzip_read_named(o->zip, name, len, &complaint) : NULL;

	if (complaint)
		fail(o, complaint, name);
	return bytes;
}

static void walk_part(struct opener *o, const char *name, const struct xml_handlers *handlers)
{
	size_t len;
	g_autofree char *bytes = o->failed ? NULL : read_part(o, name, &len);
	const char *complaint = bytes ? xml_walk(bytes, len, handlers, o) : NULL;

	if (complaint)
		fail(o, complaint, name);
}

/* ---- workbook.xml: names, order and epoch ---- */

static bool workbook_open(void *context, const char *name, const struct xml_element *e)
{
	struct opener *o = context;

	if (!strcmp(name, "sheet")) {
		g_autofree char *state = xml_attribute_dup(e, "state");
		struct sheet_entry entry = { xml_attribute_dup(e, "name"), xml_attribute_dup(e, "id"),
					     state && g_str_has_suffix(state, "idden") };
		g_array_append_val(o->entries, entry);
	} else if (!strcmp(name, "workbookPr")) {
		g_autofree char *epoch = xml_attribute_dup(e, "date1904");
		o->document->epoch_1904 = epoch && (!strcmp(epoch, "1") || !strcmp(epoch, "true"));
	}
	return o->entries->len < 256;
}

/* ---- workbook.xml.rels: which part each name stands for ---- */

/* Targets are relative to xl/, or absolute in the package (RFC 3986 paths, here with at most leading "../"). */
static char *part_of_target(const char *target)
{
	if (*target == '/')
		return g_strdup(target + 1);
	if (g_str_has_prefix(target, "../"))
		return g_strdup(target + 3);
	return g_strconcat("xl/", g_str_has_prefix(target, "./") ? target + 2 : target, NULL);
}

static bool relations_open(void *context, const char *name, const struct xml_element *e)
{
	struct opener *o = context;
	g_autofree char *id = xml_attribute_dup(e, "Id");
	g_autofree char *type = xml_attribute_dup(e, "Type");
	g_autofree char *target = xml_attribute_dup(e, "Target");

	if (strcmp(name, "Relationship") || !id || !type || !target)
		return true;
	char *part = part_of_target(target);
	if (g_str_has_suffix(type, "/worksheet")) {
		g_hash_table_insert(o->relations, g_steal_pointer(&id), part);
		return true;
	}
	char **keep = g_str_has_suffix(type, "/styles") ? &o->styles_part
		: g_str_has_suffix(type, "/sharedStrings") ? &o->strings_part : NULL;
	if (keep && !*keep)
		*keep = g_steal_pointer(&part);
	g_free(part);
	return true;
}

/* ---- cells ---- */

static bool is_date(void *context, guint style)
{
	struct opener *o = context;
	size_t len;
	const char *complaint = NULL;

	if (!o->dates && !o->failed) {
		g_autofree char *bytes = read_part(o, o->styles_part, &len);
		o->dates = bytes ? xlsx_styles_dates(bytes, len, &complaint) : NULL;
		if (complaint)
			fail(o, complaint, o->styles_part);
		if (!o->dates)
			o->dates = g_array_new(FALSE, FALSE, sizeof(gboolean));
	}
	return o->dates && style < o->dates->len && g_array_index(o->dates, gboolean, style);
}

static void read_strings(struct opener *o, struct xlsx_book *book)
{
	size_t len;
	g_autofree char *bytes = o->failed ? NULL : read_part(o, o->strings_part, &len);

	if (!bytes)
		return;
	book->strings = g_ptr_array_new();
	const char *complaint = xlsx_sheet_read_strings(book, bytes, len);
	if (complaint)
		fail(o, complaint, o->strings_part);
}

static void read_sheet(struct opener *o, struct xlsx_book *book, const struct sheet_entry *entry)
{
	size_t len;
	const char *part = entry->relation ? g_hash_table_lookup(o->relations, entry->relation) : NULL;
	struct sheet *sheet = document_add_sheet(o->document, entry->name ? entry->name : "");

	sheet->hidden = entry->hidden;
	if (!part) /* a chart sheet */
		return;
	g_autofree char *bytes = read_part(o, part, &len);
	const char *complaint = bytes ? xlsx_sheet_read(book, sheet, bytes, len) : "sheet_missing";
	if (complaint)
		fail(o, complaint, part);
}

static void read_book(struct opener *o)
{
	static const struct xml_handlers workbook = { workbook_open, NULL, NULL };
	static const struct xml_handlers relations = { relations_open, NULL, NULL };
	struct xlsx_book book = { .cells = { .document = o->document }, .is_date = is_date, .context = o };

	if (unzip_find(o->zip, WORKBOOK) < 0)
		fail(o, "workbook_missing", WORKBOOK);
	walk_part(o, WORKBOOK, &workbook);
	walk_part(o, "xl/_rels/workbook.xml.rels", &relations);
	read_strings(o, &book);
	for (guint i = 0; i < o->entries->len && !o->failed; i++)
		read_sheet(o, &book, &g_array_index(o->entries, struct sheet_entry, i));
	if (book.strings)
		g_ptr_array_unref(book.strings);
}

/* ---- parts that hold no cells, but that an honest form has no use for ---- */

/* Cells that another program would fill in when the file is opened; a schema that is fetched from elsewhere. */
static bool foreign_open(void *context, const char *name, const struct xml_element *e)
{
	struct opener *o = context;
	const char *value;
	size_t len;

	if (!strcmp(name, "ddeLink") || !strcmp(name, "oleLink"))
		fail(o, "dde_link", "xl/externalLinks");
	else if (xml_attribute(e, "schemaLocation", &value, &len) && (!strcmp(name, "redefine") ||
		 !strcmp(name, "import") || !strcmp(name, "include") || !strcmp(name, "override")))
		fail(o, "external_schema", "xl/xmlMaps.xml");
	return !o->failed;
}

static void refuse_foreign_parts(struct opener *o)
{
	static const char *const prefixes[] = { "xl/externalLinks/externalLink", "xl/xmlMaps", "customXml/" };
	static const struct xml_handlers handlers = { foreign_open, NULL, NULL };

	for (size_t i = 0; i < unzip_count(o->zip) && !o->failed; i++)
		for (size_t k = 0; k < G_N_ELEMENTS(prefixes); k++)
			if (g_str_has_prefix(unzip_name(o->zip, i), prefixes[k]) &&
			    g_str_has_suffix(unzip_name(o->zip, i), ".xml"))
				walk_part(o, unzip_name(o->zip, i), &handlers);
}

static void clear_entry(void *p)
{
	struct sheet_entry *entry = p;

	g_free(entry->name);
	g_free(entry->relation);
}

void sheet_xlsx_read(struct document *d, struct unzip *z)
{
	g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(struct sheet_entry));
	g_autoptr(GHashTable) relations = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	struct opener o = { .document = d, .zip = z, .entries = entries, .relations = relations };

	g_array_set_clear_func(entries, clear_entry);
	refuse_foreign_parts(&o);
	if (!o.failed)
		read_book(&o);
	if (o.failed)
		g_ptr_array_set_size(d->sheets, 0);
	g_clear_pointer(&o.dates, g_array_unref);
	g_free(o.styles_part);
	g_free(o.strings_part);
}
