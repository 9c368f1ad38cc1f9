/* limits: how much of a stranger's document is read. The settings reader.max_… fill it (gateway/config.def); beyond a limit
 * the sender is told, and what stands before it is kept where half is better than none.
 */
#pragma once
#include <stddef.h>

struct limits {
	size_t unpacked; /* bytes that an archive unpacks to, all of it */
	size_t entries;  /* files and folders in an archive */
	size_t ratio;    /* unpacked bytes for one packed; small files may pack better (unzip.c) */
	size_t files;    /* documents that are opened: of one mail, and inside of one archive */
	size_t rows, columns; /* of a sheet */
	size_t cells, text;   /* of a document: cells, and bytes of text in them */
};

#define LIMITS_USUAL ((struct limits){ .unpacked = 64 << 20, .entries = 1000, .ratio = 100, .files = 20, .rows = 20000, \
	.columns = 512, .cells = 500000, .text = 8 << 20 })
