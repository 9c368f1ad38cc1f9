/* Any bytes as a file of separated values. */
#include "tests/fuzz/documents.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	return fuzz_document("a.csv", data, len);
}
