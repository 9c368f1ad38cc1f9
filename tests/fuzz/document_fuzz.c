/* Any bytes as a document: it must come to an end with sheets or a complaint, and a form's rows must hold together.
 *
 * Bytes behind "s:", "t:", "y:", "w:" are a worksheet, shared strings, styles or the workbook of an archive that is well
 * but for them, behind "d:" a Word, "o:" an OpenDocument text, "z:" a file in an archive: a fuzzer seldom gets past the checksums of a zip by itself.
 */
#include "parsers/form.h"
#include "tests/unit/parsers/zip_builder.h"
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const struct headings *headings(void)
{
	static struct headings *h;

	if (!h) {
		g_autoptr(GBytes) table = g_resources_lookup_data("/nesgate/parsers/headings.table", 0, NULL);
		document_warm_up();
		h = table ? headings_parse(g_bytes_get_data(table, NULL), NULL) : NULL;
	}
	if (!h)
		abort();
	return h;
}

static void check_row(const struct request_row *row)
{
	if (!row->where || (row->verdict == ROW_REFUSED && !row->complaints->len))
		abort();
	if (row->verdict != ROW_REFUSED && (!row->tckn || !row->given_name || !row->email))
		abort();
}

static void add_part(struct zip_builder *b, const uint8_t *data, size_t len, const char *name, const char *usual)
{
	if (data[0] == (uint8_t)*name)
		zip_add(b, name + 2, data + 2, len - 2, (struct zip_options){ 0 });
	else
		zip_add_text(b, name + 2, usual);
}

/* Archives of which one part says all. */
static const struct { char mark; const char *part, *other, *other_text; } archives[] = {
	{ 'd', "word/document.xml", "word/styles.xml",
	  "<s><style styleId='H'><rPr><vanish/></rPr></style><style styleId='I'><basedOn val='H'/></style></s>" },
	{ 'z', "dir/a.xlsx", "b.csv", "TC;Ad Soyad;E-posta\n10000000146;Deneme Bir;a@b.test\n" },
	{ 'o', "content.xml", "mimetype", "application/vnd.oasis.opendocument.text" },
	{ 'c', "content.xml", "mimetype", "application/vnd.oasis.opendocument.spreadsheet" },
};

static GBytes *wrap_one(const uint8_t *data, size_t len)
{
	struct zip_builder b = { 0 };

	for (size_t i = 0; i < G_N_ELEMENTS(archives); i++) {
		if (len < 2 || data[1] != ':' || data[0] != (uint8_t)archives[i].mark)
			continue;
		zip_add_text(&b, archives[i].other, archives[i].other_text);
		zip_add(&b, archives[i].part, data + 2, len - 2, (struct zip_options){ 0 });
		return zip_finish(&b);
	}
	return NULL;
}

static GBytes *wrap(const uint8_t *data, size_t len)
{
	static const char rows[] = "<worksheet><sheetData><row><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row><row><c s='1'>"
				   "<v>10000000146</v></c><c t='s'><v>2</v></c></row></sheetData></worksheet>";
	struct zip_builder b = { 0 };
	GBytes *one = wrap_one(data, len);

	if (one)
		return one;
	if (len < 2 || data[1] != ':' || !strchr("styw", data[0] ? data[0] : 'x'))
		return g_bytes_new(data, len);
	add_part(&b, data, len, "w:xl/workbook.xml", ZIP_WORKBOOK("", ZIP_SHEET1));
	zip_add_text(&b, "xl/_rels/workbook.xml.rels", ZIP_RELATIONS);
	add_part(&b, data, len, "s:xl/worksheets/sheet1.xml", rows);
	add_part(&b, data, len, "t:xl/sharedStrings.xml", "<sst><si><t>TC</t></si><si><t>Ad</t></si><si><t>b</t></si></sst>");
	add_part(&b, data, len, "y:xl/styles.xml", "<a><cellXfs><xf/><xf numFmtId='14'/></cellXfs></a>");
	return zip_finish(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct form_rules rules = { headings(), NULL, 1795330800 };
	g_autoptr(GBytes) bytes = wrap(data, len);
	g_autoptr(document_t) d = document_open("a.xlsx", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	struct request *r = form_from_document(d, &rules, d->complaints);
	g_autofree char *json = document_to_json(d, r);

	if (!d->format && !d->complaints->len)
		abort();
	if (!g_utf8_validate(json, -1, NULL))
		abort();
	for (guint i = 0; r && i < r->rows->len; i++)
		check_row(r->rows->pdata[i]);
	facts_request_free(r);
	return 0;
}
