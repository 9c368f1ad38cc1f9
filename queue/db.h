/* db: the database file: opening, migrations, prepared statements, transactions. The only file that includes sqlite3.h
 * for others: the queue's own files reach SQL through the statement names of sql/statements.sql.
 *
 * WAL, synchronous=FULL, foreign keys on. One struct db belongs to one process; after fork the child opens its own.
 */
#pragma once
#include <stdbool.h>
#include <glib.h>
#include "queue/error.h"

struct db;

/* DB_WRITE makes and migrates the file; DB_READ wants it there; DB_SCRATCH is DB_WRITE for data that nobody misses after a crash:
 * no commit waits for the disk. */
enum db_mode { DB_READ, DB_WRITE, DB_SCRATCH };

/* `folder` holds nesgate.db and spool/. NULL with `error`: NEWER, CORRUPT, BUSY, FULL, IO. */
struct db *db_open(const char *folder, enum db_mode mode, GError **error);
void db_close(struct db *db); /* NULL is fine */
/* A small number above 0 that is written beside each lease of a letter, see outbox_recover. */
void db_holder(struct db *db, gint64 holder);

/* BEGIN IMMEDIATE … COMMIT. A second begin inside one is a programmer's mistake and aborts. */
#define db_begin(db, error) db_begin_at((db), G_STRLOC, (error))
bool db_begin_at(struct db *db, const char *where, GError **error);
bool db_commit(struct db *db, GError **error);
void db_rollback(struct db *db);
/* Outside of a transaction: what was committed stands in nesgate.db alone, its log is empty. *left: others who look or write
 * hold it up; it was waited for them a fifth of a second. */
bool db_empty_log(struct db *db, bool *left, GError **error);
