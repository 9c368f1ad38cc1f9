/* keeper_test: the keeper with a real database and real readers: what is stored is read and applied, and when nothing is left
 * it says so; a keeper that is killed at any point leaves nothing behind that the next one does not finish.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <sqlite3.h>
#include <cmocka.h>
#include "gateway/clock.h"
#include "gateway/fault.h"
#include "gateway/keeper.h"
#include "queue/inbox.h"
#include "queue/view.h"

enum { MAILS = 350, LIMIT_MS = 30000 };

#define POISON "the seventh is poison"

static char *folder;
static char *domains[] = { (char *)"example.test", NULL };

static struct config settings(const char *data)
{
	static struct directory *who;

	if (!who)
		who = directory_parse("m@example.test,manager,Birim,Deneme Bir,,\n", NULL);
	return (struct config){
		.data = (char *)data, .who = who, .authserv_id = (char *)"mx", .own_domain = (char *)"example.test",
		.mail_domains = domains, .ca_domains = domains, .from = (char *)"gw@example.test",
		.ca_address = (char *)"ca@example.test", .approval = (char *)"request",
		.token_key = g_bytes_new("0123456789abcdef0123456789abcdef", 32), .token_days = 45, .park_after = 3,
		.uncertain_minutes = 60, .reader_mib = 512, .reader_seconds = 5, .readers = 2,
	};
}

static void store(const char *data, guint mails)
{
	struct db *db = db_open(data, DB_WRITE, NULL);
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	struct mailbox box = { "gw@mx", "INBOX", 1 };

	assert_non_null(db);
	for (guint i = 1; i <= mails; i++) {
		struct incoming *in = g_new0(struct incoming, 1);
		char *mail = g_strdup_printf("From: a%u@elsewhere.test\r\nSubject: %u\r\nMessage-ID: <%u@elsewhere.test>\r\n\r\ntext\r\n",
					     i, i, i);

		*in = (struct incoming){ .uid = i, .raw = g_bytes_new_take(mail, strlen(mail)), .size = (gint64)strlen(mail) };
		g_ptr_array_add(all, in);
	}
	assert_true(inbox_store(db, &box, all, clock_now(), NULL));
	for (guint i = 0; i < all->len; i++) {
		g_bytes_unref(((struct incoming *)all->pdata[i])->raw);
		g_free(all->pdata[i]);
	}
	db_close(db);
}

struct tally { guint rows, finished, struck; };

static void count(const char *json, void *data)
{
	struct tally *t = data;

	t->rows++;
	t->finished += strstr(json, "\"waits_for_person\"") != NULL;
	t->struck += strstr(json, POISON) != NULL;
}

static struct tally tally(const char *data)
{
	struct db *db = db_open(data, DB_READ, NULL);
	struct tally t = { 0 };

	assert_true(view_each(db, "inbox", NULL, count, &t, NULL));
	db_close(db);
	return t;
}

static pid_t start_keeper(struct config *c, struct shared *s)
{
	pid_t pid = fork();
	sigset_t term;

	if (pid)
		return pid;
	fault_join();
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_SETMASK, &term, NULL);
	struct duty duty = { c, s, SEAT_KEEPER, signalfd(-1, &term, 0) };
	_exit(keeper_run(&duty));
}

/* Until nothing is left, starting a new keeper when one dies. Gives how many were needed. */
static guint keep_until_quiet(struct config *c, struct shared *s)
{
	gint64 until = clock_monotonic_ms() + LIMIT_MS;
	guint keepers = 1;
	int how;
	pid_t pid = start_keeper(c, s);

	while (!shared_all_quiet(s) && clock_monotonic_ms() < until) {
		if (waitpid(pid, &how, WNOHANG) == pid) {
			shared_clear(s, SEAT_KEEPER);
			pid = start_keeper(c, s);
			keepers++;
		}
		g_usleep(2000);
	}
	assert_true(shared_all_quiet(s));
	kill(pid, SIGTERM);
	assert_int_equal(waitpid(pid, &how, 0), pid);
	assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
	return keepers;
}

static void poison(const char *data)
{
	g_autofree char *path = g_build_filename(data, "nesgate.db", NULL);
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TRIGGER test BEFORE UPDATE OF subject ON mail WHEN NEW.uid = 7 "
				      "BEGIN SELECT RAISE(ABORT, '" POISON "'); END", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static guint run_stored(const char *data, guint mails, guint struck)
{
	struct config c = settings(data);
	struct shared *s = shared_new(2, true);
	struct tally t;
	guint keepers;

	shared_set(s, SEAT_FETCHER, SEAT_DONE, true);
	keepers = keep_until_quiet(&c, s);
	t = tally(data);
	assert_int_equal(t.rows, mails);
	assert_int_equal(t.finished, mails);
	assert_int_equal(t.struck, struck);
	shared_free(s);
	g_bytes_unref(c.token_key);
	return keepers;
}

static guint run_all(const char *name, guint mails)
{
	g_autofree char *data = g_build_filename(folder, name, NULL);

	store(data, mails);
	return run_stored(data, mails, 0);
}

/* A mail that cannot be applied is struck until it waits for a person; those of its batch are applied. */
static void one_is_poison(void **state)
{
	g_autofree char *data = g_build_filename(folder, "poison", NULL);

	store(data, 20);
	poison(data);
	assert_int_equal(run_stored(data, 20, 1), 1);
}

static void applies_all(void **state)
{
	assert_int_equal(run_all("all", MAILS), 1);
}

static void nothing_to_do(void **state)
{
	assert_int_equal(run_all("none", 0), 1);
}

/* Deaths at the points of its road; the last is beyond the road's end. */
static void survives(void **state)
{
	static const char *const at[] = { "1", "7", "10", "11", "19", "20", "21" };

	for (gsize i = 0; i < G_N_ELEMENTS(at); i++) {
		pid_t pid = fork();
		int how;

		if (pid == 0) { /* the count of points is of one gateway, so each gets its own */
			setenv("NESGATE_FAULT", at[i], 1);
			fault_init();
			_exit(run_all(at[i], 10) == (i + 1 < G_N_ELEMENTS(at) ? 2 : 1) ? 0 : 1);
		}
		waitpid(pid, &how, 0);
		if (!WIFEXITED(how) || WEXITSTATUS(how))
			fail_msg("fault %s: %x", at[i], (unsigned)how);
	}
}

static int make(void **state)
{
	folder = g_dir_make_tmp("keeper_test_XXXXXX", NULL);
	return folder ? 0 : -1;
}

static int clean(void **state)
{
	const char *argv[] = { "rm", "-rf", folder, NULL };

	g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
	g_free(folder);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(applies_all),
		cmocka_unit_test(nothing_to_do),
		cmocka_unit_test(one_is_poison),
		cmocka_unit_test(survives),
	};

	return cmocka_run_group_tests(tests, make, clean);
}
