/* Any bytes as a document of any kind. What lies inside of archives has targets of its own: xlsx, ods, docx, odt, zip. */
#include "tests/fuzz/documents.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const names[] = { "a.xlsx", "a.txt", "a.xls", "a" };

	return fuzz_document(names[len % G_N_ELEMENTS(names)], data, len);
}
