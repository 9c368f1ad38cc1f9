/* db_test: opening and refusing, migrations, the schema as committed, statements and their plans, a lock, a full disk. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "tests/unit/queue/help.h"
#include "queue/db_inside.h"
#include "queue/sql.h"

#define SCHEMA "queue/sql/schema.sql"

/* schema.sql is generated: NESGATE_WRITE_SCHEMA=1 writes it from the migrations. */
static void test_schema(void **state)
{
	struct world *w = *state;
	g_autoptr(GString) schema = g_string_new("-- Generated from the migrations by tests/unit/queue/db_test "
						 "(NESGATE_WRITE_SCHEMA=1); a test holds it equal.\n");
	sqlite3_stmt *s = NULL;
	sqlite3_prepare_v2(w->peek, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid", -1, &s, NULL);
	while (sqlite3_step(s) == SQLITE_ROW)
		g_string_append_printf(schema, "\n%s;\n", sqlite3_column_text(s, 0));
	sqlite3_finalize(s);
	if (g_getenv("NESGATE_WRITE_SCHEMA"))
		assert_true(g_file_set_contents(SCHEMA, schema->str, -1, NULL));
	g_autofree char *committed = NULL;
	assert_true(g_file_get_contents(SCHEMA, &committed, NULL, NULL));
	assert_string_equal(committed, schema->str);
}

static void test_reopen(void **state)
{
	struct world *w = *state;
	world_close(w);
	world_open(w);
	assert_sql(w, "wal", "PRAGMA journal_mode");
	assert_sql(w, "1313166151", "PRAGMA application_id");
	assert_sql(w, "8192", "PRAGMA page_size");
	GError *error = NULL;
	struct db *reader = db_open(w->folder, DB_READ, &error);
	assert_non_null(reader);
	assert_true(sql_run(reader, &error, "workflow_clear", "") < 0);
	g_clear_error(&error);
	db_close(reader);
	g_autofree char *path = g_build_filename(w->folder, "nesgate.db", NULL);
	GStatBuf st;
	assert_int_equal(g_stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void refuses(const char *folder, enum db_mode mode, enum queue_error code, const char *word)
{
	GError *error = NULL;
	assert_null(db_open(folder, mode, &error));
	if (!g_error_matches(error, QUEUE_ERROR, (int)code) || !strstr(error->message, word))
		fail_msg("%d: %s", error->code, error->message);
	g_error_free(error);
}

static void test_refused(void **state)
{
	struct world *w = *state;
	sqlite3_exec(w->peek, "PRAGMA user_version = 9999", NULL, NULL, NULL);
	refuses(w->folder, DB_WRITE, QUEUE_ERROR_NEWER, "newer");
	refuses(w->folder, DB_READ, QUEUE_ERROR_NEWER, "newer");
	sqlite3_exec(w->peek, "PRAGMA user_version = 1; PRAGMA application_id = 5", NULL, NULL, NULL);
	refuses(w->folder, DB_WRITE, QUEUE_ERROR_CORRUPT, "not one of nesgate");
	sqlite3_exec(w->peek, "PRAGMA application_id = 0", NULL, NULL, NULL);
	refuses(w->folder, DB_WRITE, QUEUE_ERROR_CORRUPT, "not one of nesgate");
	sqlite3_exec(w->peek, "PRAGMA application_id = 1313166151; PRAGMA user_version = 0", NULL, NULL, NULL);
	refuses(w->folder, DB_READ, QUEUE_ERROR_IO, "older");
	g_autofree char *nowhere = g_build_filename(w->folder, "nowhere", NULL);
	refuses(nowhere, DB_READ, QUEUE_ERROR_IO, "no database");
	g_autofree char *words = g_build_filename(w->folder, "words", NULL), *file = g_build_filename(words, "nesgate.db", NULL);
	g_autoptr(GString) text = g_string_new(NULL);
	for (int i = 0; i < 500; i++)
		g_string_append(text, "this is no database. ");
	g_mkdir(words, 0700);
	assert_true(g_file_set_contents(file, text->str, -1, NULL));
	refuses(words, DB_WRITE, QUEUE_ERROR_CORRUPT, "nesgate.db");
	refuses(words, DB_READ, QUEUE_ERROR_CORRUPT, "nesgate.db");
	g_autofree char *after = NULL;
	assert_true(g_file_get_contents(file, &after, NULL, NULL));
	assert_string_equal(after, text->str);
}

/* Every statement is right SQL, is used somewhere, and the walks of busy ones stay on indexes. */
static char *all_sources(void)
{
	g_autoptr(GDir) dir = g_dir_open("queue", 0, NULL);
	GString *all = g_string_new(NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename("queue", name, NULL), *text = NULL;
		if (g_str_has_suffix(name, ".c") && g_file_get_contents(path, &text, NULL, NULL))
			g_string_append(all, text);
	}
	return g_string_free(all, FALSE);
}

/* By rowid from the first row or the last one on: a batch by its cursor, and ends of a table that nothing else is asked of. */
static const char *const by_rowid[] = { "mail_last", "letter_next", "replay_next", "inbox_told", "inbox_untold", NULL };

/* "SEARCH x" alone looks for min or max of the rowid and passes over what does not fit; so does a range of rowids. */
static bool walks(const char *step)
{
	bool by_index = strstr(step, " USING ") && !strstr(step, "PRIMARY KEY (rowid>") && !strstr(step, "PRIMARY KEY (rowid<");
	bool small = strstr(step, "CONSTANT ROW") || strstr(step, "subquery") || strstr(step, "workflow_") || strstr(step, "VIRTUAL TABLE");
	return (g_str_has_prefix(step, "SCAN") || g_str_has_prefix(step, "SEARCH")) && !by_index && !small;
}

/* The first step that walks or sorts; the caller's, NULL: none does. */
static char *walk_of(struct world *w, const char *name, const char *source)
{
	g_autofree char *text = g_strconcat("EXPLAIN QUERY PLAN ", source, NULL);
	char *found = NULL;
	sqlite3_stmt *s = NULL;
	if (sqlite3_prepare_v2(w->peek, text, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", name, sqlite3_errmsg(w->peek));
	while (found == NULL && sqlite3_step(s) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(s, 3);
		if (strstr(step, "TEMP B-TREE") || walks(step))
			found = g_strdup(step);
	}
	sqlite3_finalize(s);
	return found;
}

static void check_plan(struct world *w, const char *name, const char *source)
{
	g_autofree char *found = g_strv_contains(by_rowid, name) ? NULL : walk_of(w, name, source);
	if (found != NULL)
		fail_msg("%s: %s", name, found);
}

static const struct { const char *source; bool walk; } plans[] = {
	{ "SELECT max(id) FROM application WHERE person = ?1", true },
	{ "SELECT id FROM application WHERE id < ?1 AND person = ?2 ORDER BY id DESC LIMIT 1", true },
	{ "SELECT id FROM mail WHERE id > ?1 AND id < ?2 AND kind = 'reply'", true },
	{ "SELECT subject FROM mail", true },
	{ "SELECT id FROM letter WHERE recipient = ?1 ORDER BY id", true },
	{ "SELECT id FROM mail WHERE state = 'stored' AND id <= ?1", false },
	{ "SELECT name FROM letter WHERE id = ?1", false },
	{ "SELECT max(id) FROM journal WHERE application = ?1", false },
};

static void test_plans(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(plans); i++) {
		g_autofree char *found = walk_of(*state, "a plan", plans[i].source);
		if ((found != NULL) != plans[i].walk)
			fail_msg("%s: %s", plans[i].source, found);
	}
}

static void check_temporary_tables(struct world *w, const char *name, const char *source)
{
	g_autofree char *text = g_strconcat("EXPLAIN ", source, NULL);
	sqlite3_stmt *s = NULL;
	sqlite3_prepare_v2(w->peek, text, -1, &s, NULL);
	while (sqlite3_step(s) == SQLITE_ROW)
		if (g_str_equal((const char *)sqlite3_column_text(s, 1), "OpenEphemeral"))
			fail_msg("%s makes a temporary table at each run", name);
	sqlite3_finalize(s);
}

/* What runs for each mail or letter; not context_approval_rows, which numbers the people of a whole question. */
static const char *const hot[] = {
	"mail_add", "mail_raw_add", "mail_row", "mail_finish", "inbox_claimable", "request_add", "request_row_add",
	"request_ask", "person_find", "person_add", "application_add", "application_by_email", "application_by_number",
	"expectation_add", "journal_add", "letter_add", "letter_context_add", "letter_bound", "context_receipt",
	"context_receipt_rows", "context_approval", "context_application", "outbox_claimable",
	"outbox_claim", "outbox_sending", "outbox_sent", "letter_bytes_add", "clock_due", NULL,
};

/* What runs some times a day may walk. */
static const char *const rare[] = {
	"context_reminder", "context_reminder_rows", "reminder_single", "reminder_said", "reminder_ask_anew", "certificate_tell",
	"certificate_form", "context_manager_digest", "context_officer_digest", "summary_senders", "context_manifest_rows",
	"letter_people", "context_question", "refused_also", NULL,
};

static void test_statements(void **state)
{
	struct world *w = *state;
	guint n;
	g_autofree const char **names = sql_names(w->db, &n);
	g_autofree char *sources = all_sources();
	assert_true(n > 80 && *sources);
	for (guint i = 0; i < n; i++) {
		g_autofree char *quoted = g_strdup_printf("\"%s\"", names[i]);
		const char *source = sql_source(w->db, names[i]);
		if (strstr(sources, quoted) == NULL)
			fail_msg("statement %s is used nowhere", names[i]);
		if (!g_str_has_prefix(names[i], "view_") && !g_strv_contains(rare, names[i]))
			check_plan(w, names[i], source);
		if (g_strv_contains(hot, names[i]))
			check_temporary_tables(w, names[i], source);
	}
	for (guint i = 0; hot[i]; i++)
		assert_non_null(sql_source(w->db, hot[i]));
}

static void test_locked(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	assert_int_equal(sqlite3_exec(w->peek, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	gint64 began = g_get_monotonic_time();
	assert_false(db_begin(w->db, &error));
	gint64 took = g_get_monotonic_time() - began;
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_BUSY));
	assert_in_range(took, 5 * G_USEC_PER_SEC, 40 * G_USEC_PER_SEC);
	g_clear_error(&error);
	sqlite3_exec(w->peek, "COMMIT", NULL, NULL, NULL);
	assert_true(db_begin(w->db, &error));
	assert_true(db_commit(w->db, &error));
}

static void test_double_begin(void **state)
{
	struct world *w = *state;
	int pipe_ends[2], status;
	assert_int_equal(pipe(pipe_ends), 0);
	pid_t child = fork();
	if (child == 0) {
		struct rlimit none = { 0, 0 };
		setrlimit(RLIMIT_CORE, &none);
		signal(SIGABRT, SIG_DFL);
		signal(SIGTRAP, SIG_DFL);
		dup2(pipe_ends[1], 2);
		db_begin(w->db, NULL);
		db_begin(w->db, NULL);
		_exit(0);
	}
	close(pipe_ends[1]);
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status));
	char said[2000] = "";
	ssize_t n = read(pipe_ends[0], said, sizeof said - 1);
	close(pipe_ends[0]);
	assert_true(n > 0);
	const char *first = strstr(said, "db_test.c:");
	assert_non_null(first);
	assert_non_null(strstr(first + 1, "db_test.c:"));
}

/* A file that may not grow is a disk that is full: the sentence says so, and nothing is half done. */
static void fill(struct world *w, gsize size)
{
	signal(SIGXFSZ, SIG_IGN);
	struct rlimit limit = { 1 << 20, 1 << 20 };
	setrlimit(RLIMIT_FSIZE, &limit);
	struct db *db = db_open(w->folder, DB_WRITE, NULL);
	static const struct mailbox m = { "test", "INBOX", 7 };
	for (guint32 i = 0; db && i < 20; i++) {
		g_autoptr(GBytes) raw = g_bytes_new_take(g_malloc0(size), size);
		struct incoming in = { i + 1000, raw, (gint64)size, false };
		g_autoptr(GPtrArray) all = pointers(&in);
		GError *error = NULL;
		if (inbox_store(db, &m, all, NOW, &error))
			continue;
		bool full = g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_FULL) && strstr(error->message, "full");
		g_clear_error(&error);
		/* Inside a batch that the failure rolled back nothing may go on as if nothing had happened. */
		bool begun = db_begin(db, NULL), stored = inbox_store(db, &m, all, NOW, NULL);
		struct facts *f = request_of(1, 1, "renewal");
		bool applied = begun && !stored && apply_mail(db, &w->policy, 1, f, NOW, NULL) && !db_commit(db, NULL);
		_exit(!full || applied ? 2 : 0);
	}
	_exit(1);
}

static void test_full(void **state)
{
	struct world *w = *state;
	static const gsize sizes[] = { 900000, 1100000 }; /* in the database's log, in the spool */
	store(w, "one");
	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		int status;
		pid_t child = fork();
		if (child == 0)
			fill(w, sizes[i]);
		waitpid(child, &status, 0);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	g_autofree char *spool = g_build_filename(w->folder, "spool", NULL);
	assert_int_equal(g_rmdir(spool), 0);
	world_close(w);
	world_open(w);
	assert_sql(w, "ok", "PRAGMA integrity_check");
	assert_sql(w, "1", "SELECT count(*) = (SELECT count(*) FROM mail_raw) FROM mail");
	store(w, "two");
}

/* The journal is only added to. */
static void test_journal(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 1, "renewal"));
	assert_int_not_equal(sqlite3_exec(w->peek, "UPDATE journal SET note='x'", NULL, NULL, NULL), SQLITE_OK);
	assert_int_not_equal(sqlite3_exec(w->peek, "DELETE FROM journal", NULL, NULL, NULL), SQLITE_OK);
	assert_sql(w, "1", "SELECT count(*) FROM journal WHERE note IS NULL");
}

/* A migration that fails leaves nothing; the next opening does it. */
static void test_half_migrated(void **state)
{
	g_autofree char *folder = g_dir_make_tmp("nesgate-test-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "nesgate.db", NULL);
	assert_true(g_file_set_contents(path, "", 0, NULL)); /* died between making the file and the first migration */
	struct db *db = db_open(folder, DB_WRITE, NULL);
	assert_non_null(db);
	db_close(db);
	remove_folder(folder);
}

enum { NORMAL = 1, FULL = 2 };

/* Only leases and notes are committed without waiting for the disk, and never what stands beside or around them. */
static void test_light(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	for (int i = 0; i < 2; i++) {
		assert_true(sql_enter_lightly(w->db, &error));
		assert_int_equal(sql_pragma(w->db, "synchronous"), NORMAL);
		assert_true(sql_leave(w->db, i == 0, &error) == (i == 0));
		assert_int_equal(sql_pragma(w->db, "synchronous"), FULL);
	}
	store(w, "one");
	assert_true(db_begin(w->db, &error));
	g_autoptr(GPtrArray) claimed = inbox_claim(w->db, 1, 1000, NOW, 60, &error);
	assert_int_equal(claimed->len, 1);
	assert_int_equal(sql_pragma(w->db, "synchronous"), FULL);
	assert_true(db_commit(w->db, &error));
	g_autoptr(GPtrArray) none = inbox_claim(w->db, 1, 1000, NOW, 60, &error);
	assert_int_equal(none->len, 0);
	assert_int_equal(sql_pragma(w->db, "synchronous"), FULL);
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(test_schema),  WITH_WORLD(test_reopen),       WITH_WORLD(test_refused), WITH_WORLD(test_statements),
		WITH_WORLD(test_locked),  WITH_WORLD(test_double_begin), WITH_WORLD(test_full),    WITH_WORLD(test_journal),
		WITH_WORLD(test_light),    WITH_WORLD(test_plans),
		cmocka_unit_test(test_half_migrated),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
