/* xlsx_styles: which cell styles of a workbook show a number as a date (see xlsx_styles.h).
 *
 * A cell names a record of cellXfs, that names a number format, which is built in or spelled out in numFmts.
 * cellStyleXfs holds records of the same element name that cells do not count.
 */
#include "parsers/xlsx_styles.h"

#include "parsers/number_format.h"
#include "parsers/xml.h"

#include <string.h>

enum { MAX_STYLES = 65536 };

struct styles_walk {
	GHashTable *own; /* id of a spelled-out format to whether it is a date */
	GArray *dates;
	bool in_cell_records;
};

static guint number_attribute(const struct xml_element *e, const char *name)
{
	g_autofree char *value = xml_attribute_dup(e, name);

	return value ? (guint)g_ascii_strtoull(value, NULL, 10) : 0;
}

static void take_record(struct styles_walk *w, guint id)
{
	gpointer own;
	gboolean is_date = g_hash_table_lookup_extended(w->own, GUINT_TO_POINTER(id), NULL, &own)
		? GPOINTER_TO_INT(own) : number_format_id_is_date(id);

	if (w->dates->len < MAX_STYLES)
		g_array_append_val(w->dates, is_date);
}

static bool on_open(void *context, const char *name, const struct xml_element *e)
{
	struct styles_walk *w = context;

	if (!strcmp(name, "numFmt") && g_hash_table_size(w->own) < MAX_STYLES) {
		g_autofree char *code = xml_attribute_dup(e, "formatCode");
		g_hash_table_insert(w->own, GUINT_TO_POINTER(number_attribute(e, "numFmtId")),
				    GINT_TO_POINTER(code && number_format_is_date(code)));
	} else if (!strcmp(name, "cellXfs")) {
		w->in_cell_records = true;
	} else if (w->in_cell_records && !strcmp(name, "xf")) {
		take_record(w, number_attribute(e, "numFmtId"));
	}
	return true;
}

static void on_close(void *context, const char *name)
{
	struct styles_walk *w = context;

	if (!strcmp(name, "cellXfs"))
		w->in_cell_records = false;
}

GArray *xlsx_styles_dates(const char *xml, size_t len, const char **complaint)
{
	static const struct xml_handlers handlers = { on_open, on_close, NULL };
	g_autoptr(GHashTable) own = g_hash_table_new(NULL, NULL);
	struct styles_walk w = { own, g_array_new(FALSE, FALSE, sizeof(gboolean)), false };

	*complaint = xml_walk(xml, len, &handlers, &w);
	if (*complaint)
		g_clear_pointer(&w.dates, g_array_unref);
	return w.dates;
}
