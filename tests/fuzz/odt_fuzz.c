/* An OpenDocument text: its content and its styles, each up to a NUL; then its manifest. */
#include "tests/fuzz/documents.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct fuzz_part parts[] = {
		{ "content.xml", "<d><text><p>a</p></text></d>" },
		{ "styles.xml", "<d><style name='H' family='paragraph'><text-properties display='none'/></style></d>" },
		{ "META-INF/manifest.xml", NULL },
		{ "mimetype", "application/vnd.oasis.opendocument.text" },
	};

	return fuzz_package(parts, G_N_ELEMENTS(parts), data, len);
}
