/* inbox_test: the ledger: store, claim, strike, park, release; what a crash leaves; large mails; many hands. */
#include <sys/wait.h>
#include "tests/unit/queue/help.h"

static const struct mailbox box = { "test", "INBOX", 7 };

static GPtrArray *claim_at(struct world *w, guint max, gsize bytes, gint64 now)
{
	GError *error = NULL;
	GPtrArray *all = inbox_claim(w->db, max, bytes, now, 60, &error);
	assert_null(error);
	assert_non_null(all);
	return all;
}

static void assert_uids(GArray *uids, const char *expected)
{
	g_autoptr(GString) text = g_string_new(NULL);
	assert_non_null(uids);
	for (guint i = 0; i < uids->len; i++)
		g_string_append_printf(text, "%s%u", i ? "," : "", g_array_index(uids, guint32, i));
	assert_string_equal(text->str, expected);
	g_array_unref(uids);
}

static void count_told(const char *json, void *data)
{
	*(int *)data += strstr(json, "\"told\":true") != NULL;
}

static void test_store_and_tell(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	g_autoptr(GBytes) raw = g_bytes_new("abc", 3);
	struct incoming three[] = { { 9, raw, 3, false }, { 5, raw, 3, false }, { 4000000000u, raw, 3, false } };
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	for (int i = 0; i < 3; i++)
		g_ptr_array_add(all, &three[i]);
	assert_uids(inbox_known(w->db, &box, &error), "");
	assert_true(inbox_store(w->db, &box, all, NOW, &error));
	assert_true(inbox_store(w->db, &box, all, NOW + 5, &error)); /* a crash repeats a fetch */
	assert_uids(inbox_known(w->db, &box, &error), "5,9,4000000000");
	assert_uids(inbox_untold(w->db, &box, &error), "9,5,4000000000");
	assert_true(inbox_told(w->db, &box, &error));
	assert_uids(inbox_untold(w->db, &box, &error), "");
	/* Another UIDVALIDITY is another mailbox. */
	const struct mailbox renewed = { "test", "INBOX", 8 };
	assert_uids(inbox_known(w->db, &renewed, &error), "");
	assert_true(inbox_store(w->db, &renewed, all, NOW, &error));
	assert_uids(inbox_known(w->db, &renewed, &error), "5,9,4000000000");
	/* What is told of one says nothing of the other; what comes later is untold again. */
	assert_uids(inbox_untold(w->db, &renewed, &error), "9,5,4000000000");
	struct incoming later = { 7, raw, 3, false }, large = { 8, raw, 1 << 30, .too_large = true }, held = { 6, raw, 3, .withheld = true };
	g_autoptr(GPtrArray) one = pointers(&later);
	assert_true(inbox_store(w->db, &box, one, NOW, &error));
	assert_uids(inbox_untold(w->db, &box, &error), "7");
	assert_true(inbox_told(w->db, &renewed, &error));
	assert_uids(inbox_untold(w->db, &renewed, &error), "");
	assert_uids(inbox_untold(w->db, &box, &error), "7");
	/* Of a mail that stays on the server as it is there is nothing to tell. */
	one->pdata[0] = &large;
	g_ptr_array_add(one, &held);
	assert_true(inbox_store(w->db, &box, one, NOW, &error));
	assert_uids(inbox_untold(w->db, &box, &error), "7");
	assert_true(inbox_told(w->db, &box, &error));
	int told = 0;
	assert_true(view_each(w->db, "inbox", NULL, count_told, &told, &error));
	assert_int_equal(told, 7);
	assert_sql(w, "9|1", "SELECT count(*)||'|'||count(DISTINCT sha256) FROM mail");
	assert_sql(w, "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD", "SELECT hex(sha256) FROM mail");
}

static void test_claim(void **state)
{
	struct world *w = *state;
	for (int i = 0; i < 4; i++)
		store(w, "0123456789");
	g_autoptr(GPtrArray) two = claim_at(w, 2, 1000, NOW), one = claim_at(w, 9, 5, NOW), rest = claim_at(w, 9, 1000, NOW);
	g_autoptr(GPtrArray) none = claim_at(w, 9, 1000, NOW + 59);
	assert_int_equal(two->len, 2);
	assert_int_equal(one->len, 1);
	assert_int_equal(rest->len, 1);
	assert_int_equal(none->len, 0);
	struct mail_work *first = two->pdata[0];
	assert_int_equal(first->id, 1);
	assert_int_equal(first->attempts, 1);
	assert_int_equal(first->size, 10);
	assert_int_equal(g_bytes_get_size(first->raw), 10);
	assert_int_equal(inbox_next(w->db, NOW, NULL), NOW + 60);
	/* The reader's keeper died: an old lease is taken again, and counted. */
	g_autoptr(GPtrArray) again = claim_at(w, 9, 1000, NOW + 60);
	assert_int_equal(again->len, 4);
	assert_int_equal(((struct mail_work *)again->pdata[0])->attempts, 2);
	assert_true(inbox_recover(w->db, NULL));
	assert_int_equal(inbox_next(w->db, NOW, NULL), 0);
}

static void test_strike(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	gint64 bad = store(w, "bad");
	store(w, "good");
	for (int i = 1; i <= 3; i++) {
		g_autoptr(GPtrArray) all = claim_at(w, 1, 1000, NOW);
		assert_int_equal(((struct mail_work *)all->pdata[0])->id, bad);
		assert_true(inbox_strike(w->db, bad, "the reader died", 3, NOW, &error));
		assert_sql(w, i < 3 ? "stored" : "parked", "SELECT state FROM mail WHERE id=%d", (int)bad);
	}
	assert_disposition(w, bad, "parked", "waits_for_person", "the reader died");
	g_autoptr(GPtrArray) next = claim_at(w, 1, 1000, NOW);
	assert_int_equal(((struct mail_work *)next->pdata[0])->id, bad + 1);
	assert_true(inbox_release(w->db, bad, "deneme", NOW, &error));
	assert_sql(w, "stored|0|1", "SELECT state||'|'||attempts||'|'||(disposition IS NULL) FROM mail WHERE id=%d", (int)bad);
	assert_true(inbox_park(w->db, bad, "elle yapildi", "deneme", NOW, &error));
	assert_disposition(w, bad, "parked", "set_aside", "elle yapildi");
	assert_sql(w, "2", "SELECT count(*) FROM journal WHERE by_name='deneme' AND mail=%d", (int)bad);
	assert_false(inbox_release(w->db, 99, "deneme", NOW, &error));
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND));
	g_clear_error(&error);
	assert_false(inbox_release(w->db, bad + 1, "deneme", NOW, &error));
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_REFUSED));
	g_clear_error(&error);
	struct facts *f = mail_of(KIND_OTHER, OFFICER);
	assert_true(apply_mail(w->db, &w->policy, bad + 1, f, NOW, &error));
	facts_free(f);
	assert_true(inbox_release(w->db, bad + 1, "deneme", NOW, &error));
}

static void test_large(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	gsize size = (1 << 20) + 1;
	g_autoptr(GBytes) raw = g_bytes_new_take(g_malloc0(size), size);
	struct incoming in = { 1000, raw, (gint64)size, false };
	g_autoptr(GPtrArray) all = pointers(&in);
	assert_true(inbox_store(w->db, &box, all, NOW, &error));
	assert_null(error);
	assert_sql(w, "1", "SELECT raw IS NULL FROM mail_raw");
	g_autofree char *path = g_build_filename(w->folder, "spool", "1", NULL);
	assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
	GPtrArray *mine = claim_at(w, 1, 10, NOW);
	assert_true(g_bytes_equal(((struct mail_work *)mine->pdata[0])->raw, raw));
	g_ptr_array_unref(mine);
	/* Without its file the mail waits for a person, and the others are served. */
	g_unlink(path);
	store(w, "small");
	GPtrArray *rest = claim_at(w, 5, 1 << 30, NOW + 60);
	assert_int_equal(rest->len, 1);
	g_ptr_array_unref(rest);
	assert_sql(w, "parked|waits_for_person", "SELECT state||'|'||disposition FROM mail WHERE id=1");
}

/* Mails that come together: `n` of `size` bytes, each of its own letter, all but the first new to the ledger. */
static GPtrArray *many(guint n, gsize size)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < n; i++) {
		struct incoming *in = g_new0(struct incoming, 1);
		char *text = g_malloc(size + i);
		memset(text, 'a' + (int)i, size + i);
		*in = (struct incoming){ .uid = i + 1, .raw = g_bytes_new_take(text, size + i), .size = (gint64)(size + i) };
		g_ptr_array_add(all, in);
	}
	return all;
}

static void free_raws(GPtrArray *all)
{
	for (guint i = 0; i < all->len; i++)
		g_bytes_unref(((struct incoming *)all->pdata[i])->raw);
	g_ptr_array_unref(all);
}

static void assert_claims(struct world *w, const GPtrArray *all, gint64 now)
{
	g_autoptr(GPtrArray) mine = claim_at(w, 100, 1 << 30, now);
	assert_int_equal(mine->len, all->len);
	for (guint i = 0; i < all->len; i++)
		assert_true(g_bytes_equal(((struct mail_work *)mine->pdata[i])->raw, ((struct incoming *)all->pdata[i])->raw));
}

/* Small mails that come together are one file, and each comes back as it was. */
static void test_pack(void **state)
{
	struct world *w = *state;
	GPtrArray *all = many(20, 70000), *first = pointers(all->pdata[0]), *both = many(2, 700000);
	assert_true(inbox_store(w->db, &box, first, NOW, NULL)); /* alone it is small */
	assert_true(inbox_store(w->db, &box, all, NOW, NULL));   /* and stays where it is */
	assert_sql(w, "0|19|2", "SELECT (SELECT pack IS NOT NULL FROM mail_raw)||'|'||count(pack)||'|'||min(pack) FROM mail_raw");
	g_autofree char *path = g_build_filename(w->folder, "spool", "2", NULL);
	GStatBuf file;
	assert_int_equal(g_stat(path, &file), 0);
	g_autofree char *size = g_strdup_printf("%ld", (long)file.st_size);
	assert_sql(w, size, "SELECT sum(length) FROM mail_raw");
	assert_claims(w, all, NOW);
	/* Where a pack is lost, its mails wait for a person, and the others are served. */
	((struct incoming *)both->pdata[0])->uid = 100;
	((struct incoming *)both->pdata[1])->uid = 101;
	assert_true(inbox_store(w->db, &box, both, NOW, NULL));
	assert_int_equal(truncate(path, file.st_size - 1), 0);
	g_autoptr(GPtrArray) rest = claim_at(w, 100, 1 << 30, NOW + 60);
	assert_int_equal(rest->len, 21);
	assert_sql(w, "20", "SELECT group_concat(id) FROM mail WHERE state='parked'");
	g_ptr_array_unref(first);
	free_raws(all);
	free_raws(both);
}

/* Died after the pack and before the commit: the next store of the same mails replaces it, the next start removes what is left. */
static void test_pack_crash(void **state)
{
	struct world *w = *state;
	GPtrArray *all = many(3, 700000);
	g_autofree char *path = g_build_filename(w->folder, "spool", "1", NULL);
	g_autofree char *other = g_build_filename(w->folder, "spool", "note", NULL);
	for (int round = 0; round < 2; round++) {
		pid_t child = fork();
		if (child == 0) {
			struct db *db = db_open(w->folder, DB_WRITE, NULL);
			_exit(!db_begin(db, NULL) || !inbox_store(db, &box, all, NOW, NULL));
		}
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
		assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
		assert_sql(w, "0", "SELECT count(*) FROM mail");
		assert_true(g_file_set_contents(other, "x", 1, NULL));
		if (round == 0)
			assert_true(inbox_recover(w->db, NULL));
		assert_int_equal(g_file_test(path, G_FILE_TEST_EXISTS), round);
	}
	assert_true(inbox_store(w->db, &box, all, NOW, NULL));
	assert_true(inbox_recover(w->db, NULL));
	assert_true(g_file_test(other, G_FILE_TEST_EXISTS));
	assert_claims(w, all, NOW);
	free_raws(all);
}

static void test_ingest(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	g_autoptr(GBytes) one = g_bytes_new("one", 3), two = g_bytes_new("two", 3);
	assert_int_equal(inbox_ingest(w->db, "a.mbox", one, NOW, &error), 1);
	assert_int_equal(inbox_ingest(w->db, "a.mbox", two, NOW, &error), 2);
	assert_int_equal(inbox_ingest(w->db, "a.mbox", one, NOW, &error), 1);
	assert_int_equal(inbox_ingest(w->db, "b.eml", one, NOW, &error), 3);
	assert_sql(w, "1,2,1|3", "SELECT group_concat(uid)||'|'||sum(m.id <= b.told) FROM mail m JOIN mailbox b ON b.id = m.mailbox");
}

/* The process ends without a word, in the middle of a transaction. */
static void test_crash(void **state)
{
	struct world *w = *state;
	store(w, "one");
	pid_t child = fork();
	if (child == 0) {
		struct db *db = db_open(w->folder, DB_WRITE, NULL);
		g_autoptr(GBytes) raw = g_bytes_new("two", 3);
		struct incoming in = { 50, raw, 3, false };
		g_autoptr(GPtrArray) all = pointers(&in);
		g_ptr_array_unref(inbox_claim(db, 1, 100, NOW, 60, NULL));
		db_begin(db, NULL);
		inbox_store(db, &box, all, NOW, NULL);
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_sql(w, "1|1", "SELECT count(*)||'|'||max(attempts) FROM mail");
	g_autoptr(GPtrArray) early = claim_at(w, 5, 100, NOW + 59), late = claim_at(w, 5, 100, NOW + 60);
	assert_int_equal(early->len, 0);
	assert_int_equal(late->len, 1);
}

/* Four processes claim at once: each mail is taken once. */
static void test_many_hands(void **state)
{
	struct world *w = *state;
	enum { HANDS = 4, MAILS = 200 };
	for (int i = 0; i < MAILS; i++)
		store(w, "x");
	pid_t children[HANDS];
	for (int i = 0; i < HANDS; i++) {
		children[i] = fork();
		if (children[i] != 0)
			continue;
		struct db *db = db_open(w->folder, DB_WRITE, NULL);
		GPtrArray *all = NULL;
		while (db && (all = inbox_claim(db, 7, 1 << 20, NOW, 60, NULL)) && all->len > 0)
			g_ptr_array_unref(all);
		_exit(db == NULL || all == NULL);
	}
	for (int i = 0; i < HANDS; i++) {
		int status;
		waitpid(children[i], &status, 0);
		assert_int_equal(status, 0);
	}
	assert_sql(w, "200|200", "SELECT count(*)||'|'||sum(attempts) FROM mail");
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(test_store_and_tell), WITH_WORLD(test_claim), WITH_WORLD(test_strike), WITH_WORLD(test_large),
		WITH_WORLD(test_ingest),         WITH_WORLD(test_crash), WITH_WORLD(test_many_hands),
		WITH_WORLD(test_pack),           WITH_WORLD(test_pack_crash),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
