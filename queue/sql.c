/* sql: the statements and their errors. With db.c the only file that knows SQLite.
 *
 * SQLite rolls a whole transaction back by itself on some failures (disk full, I/O). Statements after that would run
 * one by one and be kept, half a mail at a time: so each step first asks whether the transaction still stands.
 */
#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sqlite3.h>
#include "queue/db_inside.h"
#include "queue/sql.h"

#define STATEMENTS "/nesgate/queue/sql/statements.sql"
#define NAME_LINE "-- name: "

struct sql {
	struct db *db;
	sqlite3_stmt *statement; /* NULL: not used so far */
	char *name, *text;
	bool running;
};

static void sql_free(void *p)
{
	struct sql *s = p;
	sqlite3_finalize(s->statement);
	g_free(s->name);
	g_free(s->text);
	g_free(s);
}

GHashTable *sql_load(struct db *db)
{
	GHashTable *all = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, sql_free);
	g_autoptr(GBytes) bytes = g_resources_lookup_data(STATEMENTS, 0, NULL);
	if (bytes == NULL)
		g_error("the program has no " STATEMENTS);
	const char *at = strstr(g_bytes_get_data(bytes, NULL), NAME_LINE);
	while (at != NULL) {
		at += strlen(NAME_LINE);
		const char *line_end = strchr(at, '\n'), *next = strstr(line_end, NAME_LINE);
		struct sql *s = g_new0(struct sql, 1);
		s->db = db;
		s->name = g_strstrip(g_strndup(at, line_end - at));
		s->text = next ? g_strndup(line_end, next - line_end) : g_strdup(line_end);
		if (!g_hash_table_insert(all, s->name, s))
			g_error("statement %s stands twice in statements.sql", s->name);
		at = next;
	}
	return all;
}

/* SQLite's primary codes to ours; what is not here is the disk's or the machine's: IO. */
static const struct { int sqlite; enum queue_error code; } codes[] = {
	{ SQLITE_BUSY, QUEUE_ERROR_BUSY }, { SQLITE_LOCKED, QUEUE_ERROR_BUSY }, { SQLITE_FULL, QUEUE_ERROR_FULL },
	{ SQLITE_CORRUPT, QUEUE_ERROR_CORRUPT }, { SQLITE_NOTADB, QUEUE_ERROR_CORRUPT },
	{ SQLITE_CONSTRAINT, QUEUE_ERROR_REFUSED }, { SQLITE_MISMATCH, QUEUE_ERROR_REFUSED },
	{ SQLITE_TOOBIG, QUEUE_ERROR_REFUSED },
};

/* A quota or a file size limit is a full disk to us; SQLite knows only ENOSPC as that, and not where it makes its -shm file.
 * errno itself is long overwritten, so the database file and its WAL are asked what they met last, and the disk. */
static bool no_room(struct db *db)
{
	struct statvfs disk;
	if (statvfs(db->folder, &disk) == 0 && disk.f_bavail == 0)
		return true;
	int last[2] = { 0, 0 };
	sqlite3_file *wal = NULL;
	sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_LAST_ERRNO, &last[0]);
	sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
	if (wal != NULL && wal->pMethods != NULL)
		wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &last[1]);
	return last[0] == EDQUOT || last[0] == EFBIG || last[1] == EDQUOT || last[1] == EFBIG;
}

static enum queue_error code_of(struct db *db)
{
	int extended = sqlite3_extended_errcode(db->handle);
	if (extended == SQLITE_CONSTRAINT_TRIGGER)
		return QUEUE_ERROR_NO_EDGE;
	int basic = extended & 0xff;
	if ((basic == SQLITE_IOERR || basic == SQLITE_CANTOPEN) && no_room(db))
		return QUEUE_ERROR_FULL;
	for (guint i = 0; i < G_N_ELEMENTS(codes); i++)
		if (codes[i].sqlite == (extended & 0xff))
			return codes[i].code;
	return QUEUE_ERROR_IO;
}

static const struct { enum queue_error code; const char *sentence; } sentences[] = {
	{ QUEUE_ERROR_BUSY, "another process holds the database" },
	{ QUEUE_ERROR_FULL, "the disk is full" },
	{ QUEUE_ERROR_CORRUPT, "the file is damaged or no database" },
};

bool sql_fail(struct db *db, GError **error, const char *doing)
{
	enum queue_error code = code_of(db);
	const char *sentence = sqlite3_errmsg(db->handle);
	for (guint i = 0; i < G_N_ELEMENTS(sentences); i++)
		if (sentences[i].code == code)
			sentence = sentences[i].sentence;
	g_set_error(error, QUEUE_ERROR, code, "cannot %s in %s/nesgate.db: %s", doing, db->folder, sentence);
	return false;
}

bool sql_script(struct db *db, GError **error, const char *text)
{
	return sqlite3_exec(db->handle, text, NULL, NULL, NULL) == SQLITE_OK ||
		sql_fail(db, error, "open the database");
}

gint64 sql_pragma(struct db *db, const char *name)
{
	g_autofree char *text = g_strconcat("PRAGMA ", name, NULL);
	sqlite3_stmt *statement = NULL;
	gint64 value = -1;
	if (sqlite3_prepare_v2(db->handle, text, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
		value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

static void bind_all(struct sql *s, const char *format, va_list values)
{
	if (sqlite3_bind_parameter_count(s->statement) != (int)strlen(format))
		g_error("statement %s wants %d values, \"%s\" was given", s->name,
			sqlite3_bind_parameter_count(s->statement), format);
	for (int i = 1; *format; format++, i++) {
		GBytes *bytes;
		switch (*format) {
		case 'i':
			sqlite3_bind_int64(s->statement, i, va_arg(values, gint64));
			break;
		case 's':
			sqlite3_bind_text(s->statement, i, va_arg(values, const char *), -1, SQLITE_STATIC);
			break;
		case 'b':
			bytes = va_arg(values, GBytes *);
			if (bytes == NULL)
				sqlite3_bind_null(s->statement, i);
			else
				sqlite3_bind_blob64(s->statement, i, g_bytes_get_data(bytes, NULL) ?: "",
						    g_bytes_get_size(bytes), SQLITE_STATIC);
			break;
		default:
			g_error("statement %s: no such value letter: %c", s->name, *format);
		}
	}
}

static struct sql *start(struct db *db, const char *name, const char *format, va_list values)
{
	struct sql *s = g_hash_table_lookup(db->statements, name);
	if (s == NULL || s->running)
		g_error("statement %s is %s", name, s ? "already running" : "not in statements.sql");
	if (s->statement == NULL &&
	    sqlite3_prepare_v3(db->handle, s->text, -1, SQLITE_PREPARE_PERSISTENT, &s->statement, NULL) != SQLITE_OK &&
	    (sqlite3_errcode(db->handle) & 0xff) == SQLITE_ERROR)
		g_error("statement %s: %s", name, sqlite3_errmsg(db->handle));
	s->running = true;
	if (s->statement != NULL)
		bind_all(s, format, values);
	return s;
}

struct sql *sql_start(struct db *db, const char *name, const char *format, ...)
{
	va_list values;
	va_start(values, format);
	struct sql *s = start(db, name, format, values);
	va_end(values);
	return s;
}

static bool lost_transaction(struct db *db, GError **error)
{
	if (db->depth == 0 || !sqlite3_get_autocommit(db->handle))
		return false;
	g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_IO, "the transaction begun at %s was rolled back by an earlier failure",
		    db->begun_at);
	return true;
}

bool sql_next(struct sql *s, GError **error)
{
	if (lost_transaction(s->db, error))
		return false;
	int result = s->statement ? sqlite3_step(s->statement) : SQLITE_ERROR;
	if (result == SQLITE_ROW)
		return true;
	if (result != SQLITE_DONE)
		sql_fail(s->db, error, s->name);
	return false;
}

void sql_end(struct sql *s)
{
	if (s == NULL)
		return;
	sqlite3_reset(s->statement);
	s->running = false;
}

gint64 sql_int(struct sql *s, int column)
{
	return sqlite3_column_int64(s->statement, column);
}

const char *sql_text(struct sql *s, int column)
{
	return (const char *)sqlite3_column_text(s->statement, column);
}

GBytes *sql_bytes(struct sql *s, int column)
{
	const void *data = sqlite3_column_blob(s->statement, column);
	if (sqlite3_column_type(s->statement, column) == SQLITE_NULL)
		return NULL;
	return g_bytes_new(data, sqlite3_column_bytes(s->statement, column));
}

int sql_width(struct sql *s)
{
	return sqlite3_column_count(s->statement);
}

const char *sql_name(struct sql *s, int column)
{
	return sqlite3_column_name(s->statement, column);
}

bool sql_is_int(struct sql *s, int column)
{
	return sqlite3_column_type(s->statement, column) == SQLITE_INTEGER;
}

void sql_fill(struct sql *s, const struct sql_column *columns, void *into)
{
	for (int i = 0; columns[i].type != 0; i++) {
		char *at = (char *)into + columns[i].offset;
		switch (columns[i].type) {
		case 'i': *(gint64 *)at = sql_int(s, i); break;
		case 'f': *(bool *)at = sql_int(s, i) != 0; break;
		case 's': *(char **)at = g_strdup(sql_text(s, i)); break;
		case 'b': *(GBytes **)at = sql_bytes(s, i); break;
		default: g_error("no such column letter: %c", columns[i].type);
		}
	}
}

gint64 sql_run(struct db *db, GError **error, const char *name, const char *format, ...)
{
	GError *failure = NULL;
	va_list values;
	va_start(values, format);
	g_autoptr(sql_t) s = start(db, name, format, values);
	va_end(values);
	while (sql_next(s, &failure))
		;
	if (failure == NULL)
		return sqlite3_changes64(db->handle);
	g_propagate_error(error, failure);
	return -1;
}

bool sql_get(struct db *db, gint64 *value, GError **error, const char *name, const char *format, ...)
{
	GError *failure = NULL;
	va_list values;
	va_start(values, format);
	g_autoptr(sql_t) s = start(db, name, format, values);
	va_end(values);
	*value = sql_next(s, &failure) ? sql_int(s, 0) : 0;
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}

bool sql_get_text(struct db *db, char **value, GError **error, const char *name, const char *format, ...)
{
	GError *failure = NULL;
	va_list values;
	va_start(values, format);
	g_autoptr(sql_t) s = start(db, name, format, values);
	va_end(values);
	*value = sql_next(s, &failure) ? g_strdup(sql_text(s, 0)) : NULL;
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}

GArray *sql_get_ids(struct db *db, GError **error, const char *name, const char *format, ...)
{
	GError *failure = NULL;
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	va_list values;
	va_start(values, format);
	g_autoptr(sql_t) s = start(db, name, format, values);
	va_end(values);
	while (sql_next(s, &failure)) {
		gint64 id = sql_int(s, 0);
		g_array_append_val(ids, id);
	}
	if (failure == NULL)
		return g_steal_pointer(&ids);
	g_propagate_error(error, failure);
	return NULL;
}

gint64 sql_last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

/* How commits are synced; not to be changed inside a transaction. */
static bool set_light(struct db *db, bool light, GError **error)
{
	if (db->scratch || db->light == light)
		return true;
	if (sql_run(db, error, light ? "sync_light" : "sync_full", "") < 0)
		return false;
	db->light = light;
	return true;
}

static bool enter(struct db *db, bool light, GError **error)
{
	if (lost_transaction(db, error) || (db->depth == 0 && !set_light(db, light, error)))
		return false;
	if (sql_run(db, error, db->depth == 0 ? "begin" : "savepoint", "") < 0)
		return false;
	if (db->depth == 0 && db->begun_at == NULL)
		db->begun_at = "a function of the queue";
	db->depth++;
	return true;
}

bool sql_enter(struct db *db, GError **error)
{
	return enter(db, false, error);
}

bool sql_enter_lightly(struct db *db, GError **error)
{
	return enter(db, true, error);
}

bool sql_leave(struct db *db, bool ok, GError **error)
{
	bool outer = db->depth == 1;
	ok = ok && sql_run(db, error, outer ? "commit" : "release", "") >= 0;
	if (!ok && !sqlite3_get_autocommit(db->handle)) {
		sql_run(db, NULL, outer ? "rollback" : "rollback_to", "");
		if (!outer)
			sql_run(db, NULL, "release", "");
	}
	db->depth--;
	if (!outer)
		return ok;
	db->begun_at = NULL;
	set_light(db, false, NULL); /* for statements that run alone */
	return ok;
}

const char **sql_names(struct db *db, guint *n)
{
	return (const char **)g_hash_table_get_keys_as_array(db->statements, n);
}

const char *sql_source(struct db *db, const char *name)
{
	return ((struct sql *)g_hash_table_lookup(db->statements, name))->text;
}

gint64 sql_holder(struct db *db)
{
	return db->holder;
}

const char *sql_folder(struct db *db)
{
	return db->folder;
}
