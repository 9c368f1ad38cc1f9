/* db_inside: what db.c and sql.c share of a database handle. For these two files only. */
#pragma once
#include "queue/db.h"

struct sqlite3;

struct db {
	struct sqlite3 *handle;
	GHashTable *statements; /* name → struct sql, made by sql_load */
	char *folder;
	const char *begun_at;   /* place of the open transaction, for the sentence of a double begin */
	gint64 holder;          /* see db_holder */
	bool light;             /* commits do not wait for the disk, see sql_enter_lightly */
	bool scratch;           /* they never do */
	int depth;              /* 0: none, 1: transaction, more: savepoints */
};

/* All blocks of sql/statements.sql; nothing is prepared before its first use. */
GHashTable *sql_load(struct db *db);
/* The last error of the handle as a GError; `doing` says what was tried. Always false. */
bool sql_fail(struct db *db, GError **error, const char *doing);
/* SQL text that has no name: pragmas, migrations. */
bool sql_script(struct db *db, GError **error, const char *text);
gint64 sql_pragma(struct db *db, const char *name);
