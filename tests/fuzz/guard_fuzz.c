/* guard_fuzz: whatever the bytes, the guard's verdict is the same for one piece and for single bytes, and it never counts
 * more open parentheses or a longer line than it allows. */
#include "gateway/imap_guard.h"
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct imap_guard whole, pieces;
	imap_guard_init(&whole, 5000);
	imap_guard_init(&pieces, 5000);
	imap_guard_command(&whole, 1 << 20);
	imap_guard_command(&pieces, 1 << 20);
	bool a = imap_guard_feed(&whole, (const char *)data, size), b = true;
	for (size_t i = 0; i < size; i++)
		b = imap_guard_feed(&pieces, (const char *)data + i, 1);
	if (size && (a != b || whole.why != pieces.why || whole.announced != pieces.announced))
		abort();
	if (a && (whole.depth > IMAP_GUARD_DEPTH || whole.line > IMAP_GUARD_LINE || whole.literal_left > 5000))
		abort();
	return 0;
}
