/* shape: a struct described by a table of its members, so that making, freeing and printing it are
 * written once for all structs of facts.h.
 *
 * A struct's members may be strings, gint64, bool, enum (unsigned), structs inside or behind a pointer, and
 * GPtrArrays of strings or structs. The table ends with a row of zeros.
 */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum shape_type {
	LINE = 1, /* string without control characters */
	TEXT,     /* string of several lines */
	NUMBER,
	AMOUNT,   /* a number whose 0 means: not known */
	FLAG,
	WORD,     /* enum */
	INSIDE,   /* struct */
	MAYBE,    /* pointer to struct, NULL: none */
	LINES,    /* array of char * */
	LIST,     /* array of struct */
	SOME,     /* the two again, not printed while empty */
	SOME_LINES,
};

struct shape;
struct shape_field {
	const char *name;
	enum shape_type type;
	size_t offset;
	const struct shape *shape;
	const char *const *words;
};
struct shape {
	const struct shape_field *fields;
	size_t size;
	GDestroyNotify free;
};

/* The member at a row's place. */
#define SHAPE_AT(type, base, field) (*(type *)((char *)(base) + (field)->offset))
#define SHAPE_READ(type, base, field) (*(type const *)((const char *)(base) + (field)->offset))

/* Zeroed, with empty arrays. */
void *shape_new(const struct shape *s);
/* NULL is fine. */
void shape_free(const struct shape *s, void *p);
/* A new struct at the end of the list, which owns it. */
void *shape_list_add(GPtrArray *list, const struct shape *s);

/* JSON: an object with the keys of the table, absent where nothing is known; UTF-8 as it is. */
void shape_append(GString *out, const struct shape *s, const void *p);
/* A list of such objects, or of strings when s is NULL. */
void shape_append_list(GString *out, const struct shape *s, const GPtrArray *list);
/* A string in quotes. `one_line`: control characters become blanks. */
void shape_append_string(GString *out, const char *text, bool one_line);

/* How many bytes at p need no escape and end no string: neither '"', '\\' nor below 0x20. Eight at a time,
 * as text is most of what is written and read. */
static inline size_t shape_plain_run(const char *p, const char *end)
{
	const uint64_t ones = 0x0101010101010101, tops = ones << 7;
	const char *from = p;

	for (uint64_t w; end - p >= 8; p += 8) {
		uint64_t quote, slash, hits;

		memcpy(&w, p, 8);
		w = GUINT64_FROM_LE(w);
		quote = w ^ (ones * '"');
		slash = w ^ (ones * '\\');
		/* The top bit of each byte that is below 0x20 or was equal; borrows can only add such bits, behind the first. */
		hits = (((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash)) & tops;
		if (hits)
			return p - from + (size_t)__builtin_ctzll(hits) / 8;
	}
	while (p < end && (unsigned char)*p >= 0x20 && *p != '"' && *p != '\\')
		p++;
	return p - from;
}
