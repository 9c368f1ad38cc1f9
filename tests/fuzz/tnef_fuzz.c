/* Any bytes as a winmail.dat. Checksums are set right first: a fuzzer seldom finds them. The rest of a file with a wrong one is not
 * looked at, so that the last one may stay wrong. */
#include "tests/fuzz/documents.h"

enum { HEAD = 6, BEFORE = 9 };

static void set_checksums(uint8_t *data, size_t len)
{
	for (size_t at = HEAD; at + BEFORE <= len;) {
		size_t size = data[at + 5] | data[at + 6] << 8 | data[at + 7] << 16 | (size_t)data[at + 8] << 24;
		uint32_t sum = 0;

		at += BEFORE;
		if (size > len - at || len - at - size < 2)
			return;
		for (size_t i = 0; i < size; i++)
			sum += data[at + i];
		data[at + size] = (uint8_t)sum;
		data[at + size + 1] = (uint8_t)(sum >> 8);
		at += size + 2;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	g_autofree uint8_t *copy = g_malloc(len + 4);

	memcpy(copy, data, len);
	if (len >= HEAD)
		memcpy(copy, "\x78\x9f\x3e\x22", 4);
	set_checksums(copy, len);
	g_autofree uint8_t *exact = g_memdup2(copy, len);
	return fuzz_document("winmail.dat", exact, len);
}
