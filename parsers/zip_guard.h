/* zip_guard: whether a zip archive says one thing only (PKWARE APPNOTE 6.3).
 *
 * A zip says twice what it holds: in the directory at its end, and before each part. Readers differ in which they believe, so an
 * archive can be a list of people to us and another list to the one who checked it. Honest programs write parts, directory
 * and end record without a gap, and the same in both places; what does not is not read.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

bool zip_guard_passes(const char *bytes, size_t len);
