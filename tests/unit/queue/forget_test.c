/* forget_test: of mails that were forgotten no file of the data folder holds a byte: not the database, its log or the spool. */
#include "tests/unit/queue/help.h"
#include "queue/forget.h"
#include "queue/spool.h"

#define SECRET "GIZLI-SIFRE-"

/* A mail full of its own secret. */
static gint64 store_secret(struct world *w, int n, gsize size)
{
	g_autoptr(GString) text = g_string_new(NULL);
	while (text->len < size)
		g_string_append_printf(text, SECRET "%04d ", n);
	return store(w, text->str);
}

/* In how many files it stands. */
static int found_in(const char *folder, const char *secret)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;
	int found = 0;
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL), *bytes = NULL;
		gsize n;
		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			found += found_in(path, secret);
		else if (g_file_get_contents(path, &bytes, &n, NULL))
			found += memmem(bytes, n, secret, strlen(secret)) != NULL;
	}
	return found;
}

static bool sweep(struct world *w)
{
	bool left = false;
	assert_true(forget_sweep(w->db, &left, NULL));
	return !left;
}

static void apply_password(struct world *w, gint64 mail)
{
	struct facts *f = notice_of("ca_password", "kisi1@ornek.edu.tr");
	assert_true(apply_mail(w->db, &w->policy, mail, f, NOW, NULL));
	facts_free(f);
	assert_disposition(w, mail, "done", "noted", "ca_password");
}

/* Mails of many sizes side by side on pages, forgotten in many orders. */
static void test_orders(void **state)
{
	struct world *w = *state;
	static const gsize sizes[] = { 300, 900, 1500, 2500, 3000, 4000, 6000, 9000, 70000 };
	g_autoptr(GRand) rand = g_rand_new_with_seed(124);
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (int n = 0; n < 300; n++) {
		gint64 id = store_secret(w, n, sizes[g_rand_int_range(rand, 0, G_N_ELEMENTS(sizes))]);
		g_array_append_val(ids, id);
	}
	for (guint n = ids->len; n > 0; n--) {
		guint i = (guint)g_rand_int_range(rand, 0, (gint32)n);
		apply_password(w, g_array_index(ids, gint64, i));
		g_array_remove_index(ids, i);
		if (n % 50 == 0)
			assert_true(sweep(w));
	}
	assert_int_not_equal(found_in(w->folder, SECRET), 0); /* so that the search is known to find */
	assert_true(sweep(w));
	assert_int_equal(found_in(w->folder, SECRET), 0);
	assert_sql(w, "0", "SELECT count(*) FROM mail_raw");
}

static void test_waits_for_the_unread(void **state)
{
	struct world *w = *state;
	gint64 secret = store_secret(w, 1, 3000), other = store(w, "Subject: x\n\n");
	apply_password(w, secret);
	assert_true(sweep(w));
	assert_sql(w, "1", "SELECT count(*) FROM mail_raw WHERE forgotten=1");
	struct facts *f = mail_of(KIND_OTHER, "biri@example.org");
	assert_true(apply_mail(w->db, &w->policy, other, f, NOW, NULL));
	facts_free(f);
	assert_true(sweep(w));
	assert_sql(w, "1", "SELECT count(*) FROM mail_raw");
	assert_int_equal(found_in(w->folder, SECRET), 0);
}

/* Whoever looks into the database for long keeps its log; the next sweep ends it, also that of the next start. */
static void test_held_up(void **state)
{
	struct world *w = *state;
	gint64 secret = store_secret(w, 1, 3000);
	g_autofree char *path = g_build_filename(w->folder, "nesgate.db", NULL);
	sqlite3 *somebody = NULL;
	sqlite3_stmt *look = NULL;
	assert_int_equal(sqlite3_open(path, &somebody), SQLITE_OK);
	sqlite3_prepare_v2(somebody, "SELECT id FROM mail", -1, &look, NULL);
	assert_int_equal(sqlite3_step(look), SQLITE_ROW);
	apply_password(w, secret);
	assert_false(sweep(w));
	assert_sql(w, "1", "SELECT count(*) FROM mail_raw WHERE forgotten=1");
	sqlite3_finalize(look);
	sqlite3_close(somebody);
	world_close(w);
	world_open(w);
	assert_true(sweep(w));
	assert_int_equal(found_in(w->folder, SECRET), 0);
	assert_sql(w, "0", "SELECT count(*) FROM mail_raw");
}

static void test_spool(void **state)
{
	struct world *w = *state;
	gint64 first = store_secret(w, 1, SPOOL_OVER + 10), again = store_secret(w, 1, SPOOL_OVER + 10);
	struct facts *f = mail_of(KIND_OTHER, "biri@example.org");
	f->auth.trusted = true;
	assert_true(apply_mail(w->db, &w->policy, first, f, NOW, NULL));
	assert_true(apply_mail(w->db, &w->policy, again, f, NOW, NULL));
	assert_sql(w, "duplicate", "SELECT disposition FROM mail WHERE id=%d", (int)again);
	assert_true(sweep(w));
	assert_int_equal(found_in(w->folder, SECRET), 1); /* the first copy waits for a person */
	assert_true(inbox_release(w->db, first, "deneme", NOW, NULL));
	assert_sql(w, "1", "SELECT state='stored' FROM mail WHERE id=%d", (int)first);
	facts_free(f);
	gint64 third = store_secret(w, 2, SPOOL_OVER + 10);
	apply_password(w, third);
	apply_password(w, first);
	assert_false(inbox_release(w->db, third, "deneme", NOW, NULL));
	assert_true(sweep(w));
	assert_int_equal(found_in(w->folder, SECRET), 0);
}

static void apply_other(struct world *w, gint64 mail)
{
	struct facts *f = mail_of(KIND_OTHER, "biri@example.org");
	f->auth.trusted = true;
	assert_true(apply_mail(w->db, &w->policy, mail, f, NOW, NULL));
	facts_free(f);
}

/* In a pack of many the secrets are wiped and the others stay whole; with the last of them the file goes. */
static void test_pack(void **state)
{
	struct world *w = *state;
	enum { MAILS = 40, SIZE = 100000 };
	static const struct mailbox m = { "test", "INBOX", 7 };
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
	for (int i = 0; i < MAILS; i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		while (text->len < SIZE)
			g_string_append_printf(text, "%s%04d ", i % 3 ? "harmless " : SECRET, i);
		struct incoming in = { .uid = (guint32)i + 1, .raw = g_string_free_to_bytes(g_steal_pointer(&text)), .size = SIZE };
		g_ptr_array_add(all, g_memdup2(&in, sizeof in));
	}
	assert_true(inbox_store(w->db, &m, all, NOW, NULL));
	for (int i = 0; i < MAILS; i++)
		i % 3 ? apply_other(w, i + 1) : apply_password(w, i + 1);
	assert_int_equal(found_in(w->folder, SECRET), 1);
	assert_true(sweep(w));
	assert_int_equal(found_in(w->folder, SECRET), 0);
	assert_int_equal(found_in(w->folder, "harmless"), 1);
	for (int i = 0; i < MAILS; i++)
		assert_int_equal(inbox_release(w->db, i + 1, "deneme", NOW, NULL), i % 3 != 0);
	g_autoptr(GPtrArray) mine = inbox_claim(w->db, MAILS, 1 << 30, NOW, 60, NULL);
	assert_int_equal(mine->len, MAILS - (MAILS + 2) / 3);
	for (guint i = 0; i < mine->len; i++) {
		struct mail_work *work = mine->pdata[i];
		struct incoming *in = all->pdata[work->id - 1];
		assert_true(g_bytes_equal(work->raw, in->raw));
		apply_password(w, work->id);
	}
	assert_true(sweep(w));
	g_autofree char *path = g_build_filename(w->folder, "spool", "1", NULL);
	assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	assert_sql(w, "0", "SELECT count(*) FROM mail_raw");
	for (int i = 0; i < MAILS; i++)
		g_bytes_unref(((struct incoming *)all->pdata[i])->raw);
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { WITH_WORLD(test_orders), WITH_WORLD(test_waits_for_the_unread),
					    WITH_WORLD(test_held_up), WITH_WORLD(test_spool),
					    WITH_WORLD(test_pack) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
