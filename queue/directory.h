/* directory: who is who at the institution: a CSV file `address,role,unit,name,from,to`.
 *
 * role: manager, officer, registry, operator, support (a clerk who answers questions from his own address). Dates (ISO, may be
 * empty) bound a deputy's time. First line may be the heading. Addresses are compared in lower case.
 */
#pragma once
#include <stdbool.h>
#include <glib.h>
#include "queue/error.h"

struct directory;
struct member { char *address, *role, *unit, *name; };

/* NULL with DIRECTORY and the line number in the sentence. */
struct directory *directory_parse(const char *csv, GError **error);
void directory_free(struct directory *d);
/* The entry of `address` that is valid on the day of `now`; `role` NULL: any. NULL: none. The directory's. */
const struct member *directory_find(const struct directory *d, const char *address, const char *role, gint64 now);
/* The first member with this role valid on that day, in file order; NULL: none. */
const struct member *directory_first(const struct directory *d, const char *role, gint64 now);
/* The first of a unit. */
const struct member *directory_of_unit(const struct directory *d, const char *role, const char *unit, gint64 now);
/* All with this role valid on that day, in file order: who has two units stands there twice. The array is the caller's. */
GPtrArray *directory_all(const struct directory *d, const char *role, gint64 now);
