/* A Word document: its text, up to a NUL; then its styles. */
#include "tests/fuzz/documents.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct fuzz_part parts[] = {
		{ "word/document.xml", "<w:document xmlns:w='w'><w:body/></w:document>" },
		{ "word/styles.xml",
		  "<s><style styleId='H'><rPr><vanish/></rPr></style><style styleId='I'><basedOn val='H'/></style></s>" },
	};

	return fuzz_package(parts, G_N_ELEMENTS(parts), data, len);
}
