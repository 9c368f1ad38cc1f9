/* A workbook of Excel 97-2003. The bytes are the stream "Workbook" of a sound container, or a container themselves. */
#include "tests/fuzz/documents.h"
#include "tests/unit/parsers/xls_builder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct ole_builder b = { 0 };

	if (len > 8 && !memcmp(data, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8))
		return fuzz_document("a.xls", data, len);
	g_autoptr(GBytes) stream = g_bytes_new(data, len);
	ole_add(&b, "Workbook", stream);
	g_autoptr(GBytes) bytes = ole_finish(&b);
	return fuzz_document("a.xls", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}
