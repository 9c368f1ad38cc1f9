/* sql: named statements of sql/statements.sql: bind, step, read columns. Internal to the queue.
 *
 * `format` has one letter a parameter, in order: i gint64, s const char * (NULL: NULL), b GBytes * (NULL: NULL).
 * i is taken as gint64: cast plain ints. What is bound must live until the statement's end. An unknown name, a wrong
 * number of parameters or a statement started twice is a programmer's mistake and aborts.
 */
#pragma once
#include <gio/gio.h>
#include "queue/db.h"

struct sql;
typedef struct sql sql_t;

struct sql *sql_start(struct db *db, const char *name, const char *format, ...);
bool sql_next(struct sql *s, GError **error); /* a row; false at the end, and with `error` set on failure */
void sql_end(struct sql *s);                  /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sql_t, sql_end)

/* Columns of the present row, from 0. Texts live until the next step. */
gint64 sql_int(struct sql *s, int column);
const char *sql_text(struct sql *s, int column);
GBytes *sql_bytes(struct sql *s, int column); /* a copy; NULL for NULL */
int sql_width(struct sql *s);
const char *sql_name(struct sql *s, int column);
bool sql_is_int(struct sql *s, int column);

/* Columns into a struct, in order of the table, which ends with type 0: i gint64, s char * (copied), f bool, b GBytes *. */
struct sql_column { char type; size_t offset; };
void sql_fill(struct sql *s, const struct sql_column *columns, void *into);

/* Run to the end: number of rows changed, -1 with `error`. */
gint64 sql_run(struct db *db, GError **error, const char *name, const char *format, ...);
/* First column of the first row into *value, 0 when there is none. false only with `error`. */
bool sql_get(struct db *db, gint64 *value, GError **error, const char *name, const char *format, ...);
/* The same for a text, the caller's; NULL when there is none. */
bool sql_get_text(struct db *db, char **value, GError **error, const char *name, const char *format, ...);
/* First column of all rows, gint64, NULL with `error`: for whoever changes, row by row, what a walk would still be reading. */
GArray *sql_get_ids(struct db *db, GError **error, const char *name, const char *format, ...);
gint64 sql_last_id(struct db *db);

/* A transaction, or a savepoint inside one: so every function of the queue works alone and as part of more.
 * Each sql_enter that gave true has its sql_leave; `ok` false undoes. sql_leave gives whether all is well. */
bool sql_enter(struct db *db, GError **error);
bool sql_leave(struct db *db, bool ok, GError **error);
/* The same, without waiting for the disk at the commit: for leases and notes that a power cut may undo, because it ends
 * whoever held them and they are given or made again. A kill undoes nothing. The next ordinary commit of any process
 * makes it last. Inside a transaction it is what the outer one is. */
bool sql_enter_lightly(struct db *db, GError **error);

/* Names of all statements, for the tests; free the array only. */
const char **sql_names(struct db *db, guint *n);
const char *sql_source(struct db *db, const char *name);
gint64 sql_holder(struct db *db);
const char *sql_folder(struct db *db); /* the data folder */
