/* table: lines of JSON as people read them, and single values of such a line.
 *
 * Strangers' words stand in these values: control characters, and marks that turn the direction of writing, never reach a
 * terminal. Members named "…_at" and "since" that hold a number are Unix seconds and are printed as local time.
 */
#pragma once
#include <glib.h>
#include <stdio.h>

enum table_style {
	TABLE_JSON,    /* the lines as they are */
	TABLE_COLUMNS, /* a heading and aligned columns, long cells cut */
	TABLE_RECORD,  /* key and value under each other; lists of objects as small tables; nothing cut */
};

struct table;
/* `columns`: the keys to show, separated by blanks; NULL: those of the first row, without lists. Only for TABLE_COLUMNS.
 * Both stay the caller's. */
struct table *table_new(FILE *out, enum table_style style, const char *columns);
/* One JSON object; takes a struct table * as view_each wants it. Columns are kept until the end, the rest is printed at once. */
void table_add(const char *json, void *table);
/* Prints what is kept and frees. The number of rows. */
guint table_end(struct table *t);

/* A member as one line of text; NULL when it is absent or null. Free with g_free. */
char *table_text(const char *json, const char *key);
/* A member that is an object or list, as JSON; NULL when it is not. Free with g_free. */
char *table_json(const char *json, const char *key);
/* Calls `line` for each object of a list member, as JSON. */
void table_members(const char *json, const char *key, void (*line)(const char *json, void *data), void *data);
/* {"key":"value",…}: alternating const char * keys and values, ended by NULL; a NULL value is null. Free with g_free. */
char *table_object(const char *key, ...) G_GNUC_NULL_TERMINATED;
/* Text that may go to a terminal. Free with g_free. */
char *table_clean(const char *text);
