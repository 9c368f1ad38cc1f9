/* db: opening, migrating, and the outer transaction. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include "queue/db.h"
#include "queue/db_inside.h"
#include "queue/sql.h"
#include "queue/workflow.h"

#define MIGRATIONS "/nesgate/queue/sql/migrations"

enum {
	APPLICATION_ID = 0x4e455347, /* "NESG" */
	PAGE_SIZE = 8192,            /* a signed letter is two pages */
	CHECKPOINT_PAGES = 2000,     /* 16 MB: a longer log takes ever new memory, a shorter one copies hot pages too often */
	JOURNAL_LIMIT = 64 << 20,
	WAIT_STEP_US = 200, WAIT_MOST_US = 2000, WAIT_TRIES = 5000, LOG_TRIES = 100,
};

/* Writers hold the file for a millisecond or so; SQLite's own handler would sleep up to 100 ms at a time. */
static int wait_a_little(void *most, int tries)
{
	g_usleep(MIN((gulong)(tries + 1) * WAIT_STEP_US, WAIT_MOST_US));
	return tries < GPOINTER_TO_INT(most);
}

static bool make_file(const char *folder, const char *path, GError **error)
{
	if (g_mkdir_with_parents(folder, 0700) != 0) {
		g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_IO, "cannot make folder %s: %s", folder, g_strerror(errno));
		return false;
	}
	/* SQLite gives its -wal and -shm files the mode of this one. */
	int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0) {
		g_set_error(error, QUEUE_ERROR, errno == ENOSPC ? QUEUE_ERROR_FULL : QUEUE_ERROR_IO,
			    "cannot make %s: %s", path, g_strerror(errno));
		return false;
	}
	close(fd);
	return true;
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *migrations(void)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) names = g_resources_enumerate_children(MIGRATIONS, 0, NULL);
	for (char **n = names; n && *n; n++)
		g_ptr_array_add(all, g_strdup(*n));
	g_ptr_array_sort(all, by_name);
	return all;
}

static bool migrate_one(struct db *db, const char *name, gint64 version, GError **error)
{
	g_autofree char *path = g_strconcat(MIGRATIONS "/", name, NULL);
	g_autoptr(GBytes) text = g_resources_lookup_data(path, 0, error);
	if (text == NULL)
		return false;
	if (!sql_script(db, error, "BEGIN IMMEDIATE"))
		return false;
	/* Another process may have been first; it has done all of it or nothing. */
	g_autofree char *stamp = g_strdup_printf("PRAGMA user_version = %" G_GINT64_FORMAT
						 "; PRAGMA application_id = %d; COMMIT", version, APPLICATION_ID);
	bool ok = sql_pragma(db, "user_version") >= version
		? sql_script(db, error, "COMMIT")
		: sql_script(db, error, g_bytes_get_data(text, NULL)) && sql_script(db, error, stamp);
	if (!sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	return ok;
}

/* A file that is not ours is never written to. */
static bool check_identity(struct db *db, gint64 newest, GError **error)
{
	gint64 id = sql_pragma(db, "application_id"), version = sql_pragma(db, "user_version");
	if (version < 0)
		return sql_fail(db, error, "open the database");
	if (id != APPLICATION_ID && !(id == 0 && version == 0 && sql_pragma(db, "schema_version") == 0)) {
		g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_CORRUPT, "%s/nesgate.db is a database, but not one of nesgate",
			    db->folder);
		return false;
	}
	if (version > newest) {
		g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_NEWER,
			    "%s/nesgate.db was written by a newer nesgate (its version %" G_GINT64_FORMAT
			    ", this program knows up to %" G_GINT64_FORMAT "); install the newer program",
			    db->folder, version, newest);
		return false;
	}
	return true;
}

static bool migrate(struct db *db, enum db_mode mode, GError **error)
{
	g_autoptr(GPtrArray) all = migrations();
	gint64 newest = all->len ? g_ascii_strtoll(all->pdata[all->len - 1], NULL, 10) : 0;
	if (!check_identity(db, newest, error))
		return false;
	gint64 version = sql_pragma(db, "user_version");
	if (mode == DB_READ && version < newest) {
		g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_IO,
			    "%s/nesgate.db is of an older nesgate; `nesgate run` brings it up to date", db->folder);
		return false;
	}
	for (guint i = 0; i < all->len; i++) {
		gint64 n = g_ascii_strtoll(all->pdata[i], NULL, 10);
		if (n > version && !migrate_one(db, all->pdata[i], n, error))
			return false;
	}
	return true;
}

static bool prepare(struct db *db, enum db_mode mode, GError **error)
{
	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_handler(db->handle, wait_a_little, GINT_TO_POINTER(WAIT_TRIES));
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
	g_autofree char *pragmas = g_strdup_printf(
		"PRAGMA synchronous = %s; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;"
		"PRAGMA secure_delete = FAST;"
		"PRAGMA wal_autocheckpoint = %d; PRAGMA journal_size_limit = %d; PRAGMA query_only = %d",
		mode == DB_SCRATCH ? "OFF" : "FULL", CHECKPOINT_PAGES, JOURNAL_LIMIT, mode == DB_READ);
	return sql_script(db, error, pragmas);
}

/* The page size and WAL mode are marks in the file: set once, after the file proved to be new or ours. */
static bool mark_file(struct db *db, GError **error)
{
	g_autofree char *marks = g_strdup_printf("PRAGMA page_size = %d; PRAGMA journal_mode = WAL", PAGE_SIZE);
	return sql_script(db, error, marks);
}

/* A process of ours uses one handle from one thread: SQLite's locks and memory statistics would guard nothing and cost a
 * tenth of its time. Only the first call in a process counts. */
static void configure(void)
{
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static bool open_handle(struct db *db, enum db_mode mode, GError **error)
{
	g_autofree char *path = g_build_filename(db->folder, "nesgate.db", NULL);
	if (mode != DB_READ && !make_file(db->folder, path, error))
		return false;
	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_IO, "there is no database %s yet; `nesgate run` makes it", path);
		return false;
	}
	if (sqlite3_open_v2(path, &db->handle, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		return sql_fail(db, error, "open the database");
	return prepare(db, mode, error);
}

struct db *db_open(const char *folder, enum db_mode mode, GError **error)
{
	struct db *db = g_new0(struct db, 1);
	configure();
	db->folder = g_strdup(folder);
	db->scratch = mode == DB_SCRATCH;
	db->statements = sql_load(db);
	bool ok = open_handle(db, mode, error) && (mode == DB_READ || sql_pragma(db, "schema_version") != 0 ||
						   mark_file(db, error)) &&
		migrate(db, mode, error) && (mode == DB_READ || workflow_store(db, error));
	if (ok)
		return db;
	db_close(db);
	return NULL;
}

void db_holder(struct db *db, gint64 holder)
{
	db->holder = holder;
}

void db_close(struct db *db)
{
	if (db == NULL)
		return;
	g_hash_table_unref(db->statements);
	sqlite3_close_v2(db->handle);
	g_free(db->folder);
	g_free(db);
}

bool db_begin_at(struct db *db, const char *where, GError **error)
{
	if (db->depth > 0)
		g_error("db_begin at %s inside the transaction begun at %s", where, db->begun_at);
	db->begun_at = where;
	return sql_enter(db, error);
}

bool db_commit(struct db *db, GError **error)
{
	if (db->depth != 1)
		g_error("db_commit at depth %d (begun at %s)", db->depth, db->begun_at);
	return sql_leave(db, true, error);
}

void db_rollback(struct db *db)
{
	if (db->depth == 0)
		return;
	db->depth = 1;
	sql_leave(db, false, NULL);
}

/* Somebody's long look into the database must not hold up the mail. */
bool db_empty_log(struct db *db, bool *left, GError **error)
{
	sqlite3_busy_handler(db->handle, wait_a_little, GINT_TO_POINTER(LOG_TRIES));
	int rc = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_handler(db->handle, wait_a_little, GINT_TO_POINTER(WAIT_TRIES));
	*left = (rc & 0xff) == SQLITE_BUSY;
	return rc == SQLITE_OK || *left || sql_fail(db, error, "empty the log");
}
