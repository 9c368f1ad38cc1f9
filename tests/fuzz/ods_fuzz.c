/* An OpenDocument spreadsheet: its content, up to a NUL; then its manifest. */
#include "tests/fuzz/documents.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct fuzz_part parts[] = {
		{ "content.xml", "<d><spreadsheet><table name='s'/></spreadsheet></d>" },
		{ "META-INF/manifest.xml", NULL },
		{ "mimetype", "application/vnd.oasis.opendocument.spreadsheet" },
	};

	return fuzz_package(parts, G_N_ELEMENTS(parts), data, len);
}
