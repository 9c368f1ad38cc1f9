/* A workbook: sheet, shared strings, styles, workbook, relationships, a second sheet, each up to a NUL. */
#include "tests/fuzz/documents.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct fuzz_part parts[] = {
		{ "xl/worksheets/sheet1.xml",
		  "<worksheet><sheetData><row><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row><row><c s='1'>"
		  "<v>10000000146</v></c><c t='s'><v>2</v></c></row></sheetData></worksheet>" },
		{ "xl/sharedStrings.xml", "<sst><si><t>TC</t></si><si><t>Ad</t></si><si><t>b</t></si></sst>" },
		{ "xl/styles.xml", "<a><cellXfs><xf/><xf numFmtId='14'/></cellXfs></a>" },
		{ "xl/workbook.xml", ZIP_WORKBOOK("", ZIP_SHEET1) },
		{ "xl/_rels/workbook.xml.rels", ZIP_RELATIONS },
		{ "xl/worksheets/sheet2.xml", NULL },
	};

	return fuzz_package(parts, G_N_ELEMENTS(parts), data, len);
}
