/* unzip: the parts of a zip archive in memory, with limits that a small file cannot get round.
 *
 * The only file that knows libzip. Nothing touches the file system. What an archive says of its own sizes is the
 * sender's claim: the caps hold for the bytes that really come out.
 *
 * Complaint codes (static strings): zip_damaged, zip_encrypted, zip_duplicate_part (two parts of one name, letters' case
 * apart: readers disagree which is meant), zip_ambiguous (zip_guard.h), zip_too_many_parts, zip_too_large, zip_bomb
 * (limits.h: entries, unpacked, ratio of a part over 100 KiB).
 */
#pragma once
#include <stdbool.h>
#include "parsers/limits.h"

struct unzip;

/* NULL with *complaint set. `bytes` stay the caller's and must outlive the result. */
struct unzip *unzip_open(const struct limits *l, const char *bytes, size_t len, const char **complaint);
void unzip_close(struct unzip *z); /* NULL is fine */

size_t unzip_count(const struct unzip *z);
/* How many bytes it claims to unpack to in all. */
size_t unzip_claimed(const struct unzip *z);
const char *unzip_name(const struct unzip *z, size_t i);
/* Index of the part, letters' case apart (OPC, ECMA-376-2 §9.1.1.2); -1: none. */
long unzip_find(const struct unzip *z, const char *name);

/* The part's bytes, NUL-terminated, g_free. NULL with *complaint set. */
char *unzip_read(struct unzip *z, size_t i, size_t *len, const char **complaint);
/* Those of the part of that name; NULL without a complaint: there is none. */
char *unzip_read_named(struct unzip *z, const char *name, size_t *len, const char **complaint);
