/* help: a fresh database, a policy, mails as facts; what the tests of the queue have in common. */
#pragma once
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include "parsers/facts.h"
#include "queue/apply.h"
#include "queue/db.h"
#include "queue/inbox.h"
#include "queue/outbox.h"
#include "queue/view.h"

#define HELP static G_GNUC_UNUSED
#define NOW 1795338000 /* 2026-11-22 12:00 in Istanbul, a Sunday */
#define MANAGER "amir@ornek.edu.tr"
#define DEPUTY "vekil@ornek.edu.tr"   /* of the same unit */
#define MANAGER2 "amir2@ornek.edu.tr" /* of another */
#define OFFICER "yetkili@ornek.edu.tr"
#define CA "bilgi@kamusm.gov.tr"

static const char help_directory[] =
	"address,role,unit,name,from,to\n" MANAGER ",manager,Birim A,Deneme Amir,,\n" DEPUTY
	",manager,Birim A,Deneme Vekil,,\n" MANAGER2 ",manager,Birim B,Test Amir,,\n" OFFICER ",officer,,Deneme Yetkili,,\n"
	"eski@ornek.edu.tr,officer,,Deneme Eski,2020-01-01,2020-12-31\nevrak@ornek.edu.tr,registry,,Deneme Evrak,,\n";

struct world { char *folder; struct db *db; sqlite3 *peek; struct policy policy; guint32 uid; int person; };

static const char *const help_ca_domains[] = { "kamusm.gov.tr", NULL };

HELP void world_open(struct world *w)
{
	GError *error = NULL;
	w->db = db_open(w->folder, DB_WRITE, &error);
	assert_null(error);
	g_autofree char *path = g_build_filename(w->folder, "nesgate.db", NULL);
	assert_int_equal(sqlite3_open(path, &w->peek), SQLITE_OK);
	sqlite3_busy_timeout(w->peek, 2000);
}

HELP void world_close(struct world *w)
{
	sqlite3_close(w->peek);
	db_close(w->db);
	w->db = NULL;
}

HELP int world_setup(void **state)
{
	struct world *w = g_new0(struct world, 1);
	w->folder = g_dir_make_tmp("nesgate-test-XXXXXX", NULL);
	world_open(w);
	w->policy = (struct policy){ .directory = directory_parse(help_directory, NULL), .ca_domains = help_ca_domains,
				     .ca_address = "liste@kamusm.gov.tr", .own_address = "nes@ornek.edu.tr",
				     .own_domain = "ornek.edu.tr",
				     .token_key = g_bytes_new_static("0123456789abcdef0123456789abcdef", 32),
				     .approval_per_request = true, .approval_digest_hour = 9, .token_days = 45,
				     .park_after = 3, .reminder_days = 5, .max_reminders = 3, .uncertain_seconds = 3600 };
	*state = w;
	return 0;
}

HELP void remove_folder(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			remove_folder(path);
		else
			g_unlink(path);
	}
	g_clear_pointer(&dir, g_dir_close);
	g_rmdir(folder);
}

HELP int world_teardown(void **state)
{
	struct world *w = *state;
	world_close(w);
	remove_folder(w->folder);
	directory_free((struct directory *)w->policy.directory);
	g_bytes_unref(w->policy.token_key);
	g_free(w->folder);
	g_free(w);
	return 0;
}

/* One value straight from the file; "" for NULL or no row. */
HELP char *ask(struct world *w, const char *format, ...)
{
	va_list values;
	va_start(values, format);
	g_autofree char *sql = g_strdup_vprintf(format, values);
	va_end(values);
	sqlite3_stmt *s = NULL;
	if (sqlite3_prepare_v2(w->peek, sql, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(w->peek));
	char *value = g_strdup(sqlite3_step(s) == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0) : NULL);
	sqlite3_finalize(s);
	return value ? value : g_strdup("");
}

#define assert_sql(w, expected, ...) do { \
	g_autofree char *value_ = ask((w), __VA_ARGS__); \
	assert_string_equal(value_, (expected)); \
} while (0)

HELP GPtrArray *pointers(gpointer one)
{
	GPtrArray *all = g_ptr_array_new();
	g_ptr_array_add(all, one);
	return all;
}

/* A mail into the ledger; its bytes are the text. */
HELP gint64 store(struct world *w, const char *text)
{
	static const struct mailbox m = { "test", "INBOX", 7 };
	g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
	struct incoming in = { .uid = ++w->uid, .raw = raw, .size = (gint64)strlen(text) };
	g_autoptr(GPtrArray) all = pointers(&in);
	GError *error = NULL;
	assert_true(inbox_store(w->db, &m, all, NOW, &error));
	assert_null(error);
	g_autofree char *id = ask(w, "SELECT max(id) FROM mail");
	return g_ascii_strtoll(id, NULL, 10);
}

HELP struct facts *mail_of(enum mail_kind kind, const char *from)
{
	static int n;
	struct facts *f = facts_new();
	f->kind = kind;
	f->from = g_strdup(from);
	f->auth.trusted = true;
	f->subject = g_strdup("Konu");
	f->message_id = g_strdup_printf("<m%d@example.org>", ++n);
	return f;
}

/* Stores a mail and applies the facts, which it frees. Gives the mail's id. */
HELP gint64 apply_at(struct world *w, struct facts *f, gint64 now)
{
	static int n;
	g_autofree char *text = g_strdup_printf("mail %d", ++n);
	gint64 id = store(w, text);
	GError *error = NULL;
	bool ok = apply_mail(w->db, &w->policy, id, f, now, &error);
	if (error)
		fail_msg("%s", error->message);
	assert_true(ok);
	facts_free(f);
	return id;
}

HELP gint64 apply(struct world *w, struct facts *f)
{
	return apply_at(w, f, NOW);
}

#define assert_disposition(w, mail, state, disposition, reason) \
	assert_sql(w, state "|" disposition "|" reason, \
		   "SELECT state||'|'||disposition||'|'||coalesce(reason,'') FROM mail WHERE id=%" G_GINT64_FORMAT, (gint64)(mail))

/* A number with right check digits. */
HELP char *tckn(int n)
{
	int d[11] = { 1, 0, 0, 0, 0, n / 1000 % 10, n / 100 % 10, n / 10 % 10, n % 10 };
	d[9] = ((7 * (d[0] + d[2] + d[4] + d[6] + d[8]) - (d[1] + d[3] + d[5] + d[7])) % 10 + 10) % 10;
	for (int i = 0; i < 10; i++)
		d[10] += d[i];
	d[10] %= 10;
	char *text = g_malloc0(12);
	for (int i = 0; i < 11; i++)
		text[i] = (char)('0' + d[i]);
	return text;
}

HELP struct request_row *add_person(struct facts *f, int n, const char *kind)
{
	if (f->request == NULL) {
		f->request = facts_request_new();
		f->request->form = g_strdup("Sayfa1");
	}
	struct request_row *r = facts_request_add(f->request);
	r->where = g_strdup_printf("Sayfa1!A%u", f->request->rows->len + 4);
	r->tckn = tckn(n);
	r->given_name = g_strdup("Deneme");
	r->family_name = g_strdup_printf("Kisi%d", n);
	r->name_key = g_strdup_printf("deneme kisi%d", n);
	r->birth_date = g_strdup("1980-01-31");
	r->email = g_strdup_printf("kisi%d@ornek.edu.tr", n);
	r->kind = g_strdup(kind);
	r->reader = g_strdup("none");
	r->years = 3;
	return r;
}

HELP struct facts *request_of(int first, int count, const char *kind)
{
	struct facts *f = mail_of(KIND_REQUEST, MANAGER);
	for (int i = 0; i < count; i++)
		add_person(f, first + i, kind);
	return f;
}

HELP struct request_row *row_of(struct facts *f, guint i)
{
	return f->request->rows->pdata[i];
}

/* The complaint makes a row refused. */
HELP void refuse(struct request_row *r, const char *code, const char *value)
{
	r->verdict = ROW_REFUSED;
	facts_complain(r->complaints, code, r->where, value);
}

HELP void set(char **member, const char *value)
{
	g_free(*member);
	*member = g_strdup(value);
}

HELP struct facts *reply_of(const char *from, const char *token, enum answer answer)
{
	struct facts *f = mail_of(KIND_REPLY, from);
	f->reply = facts_reply_new();
	f->reply->text = g_strdup("Deneme yanit");
	f->reply->answer = answer;
	if (token && *token)
		g_ptr_array_add(f->reply->tokens, g_strdup(token));
	return f;
}

HELP struct facts *notice_of(const char *event, const char *to)
{
	struct facts *f = mail_of(KIND_CA_NOTICE, CA);
	f->auto_submitted = true;
	f->notice = facts_notice_new();
	f->notice->event = g_strdup(event);
	g_ptr_array_add(f->to, g_strdup(to));
	return f;
}

HELP char *token_of(struct world *w, const char *letter_name)
{
	return ask(w, "SELECT token FROM letter WHERE name='%s' ORDER BY id DESC LIMIT 1", letter_name);
}

HELP void freeze_one(struct world *w, struct letter *l, gint64 now)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) all = pointers(l);
	if (l->frozen == NULL)
		l->frozen = g_bytes_new("frozen", 6);
	assert_true(outbox_freeze(w->db, all, now, &error));
	assert_null(error);
}

HELP void record_one(struct world *w, gint64 letter, enum outcome outcome, gint64 now)
{
	GError *error = NULL;
	struct delivery d = { letter, outcome, 250, (char *)"2.0.0 ok" };
	g_autoptr(GPtrArray) all = pointers(&d);
	assert_true(outbox_record(w->db, all, now, &error));
	assert_null(error);
}

/* Everything that may go, goes. Gives how many went. */
HELP guint deliver_all(struct world *w, gint64 now)
{
	guint n = 0;
	for (;;) {
		g_autoptr(GPtrArray) letters = outbox_claim(w->db, 20, now, 300, NULL);
		assert_non_null(letters);
		if (letters->len == 0)
			return n;
		for (guint i = 0; i < letters->len; i++, n++) {
			struct letter *l = letters->pdata[i];
			freeze_one(w, l, now);
			record_one(w, l->id, OUTCOME_SENT, now);
		}
	}
}

HELP bool by_hand(struct world *w, gint64 application, const char *event, const char *note, GError **error)
{
	const struct by_hand act = { application, event, "deneme", note };
	return apply_operator(w->db, &w->policy, &act, NOW, error);
}

HELP bool tick(struct world *w, gint64 now)
{
	GError *error = NULL;
	bool did = false;
	bool ok = apply_clock(w->db, &w->policy, now, &did, &error);
	if (error)
		fail_msg("%s", error->message);
	assert_true(ok);
	return did;
}

/* A request of `count` people, approved, listed, delivered, submitted. */
HELP void submitted_people(struct world *w, int first, int count, const char *kind)
{
	apply(w, request_of(first, count, kind));
	g_autofree char *token = token_of(w, "approval");
	apply(w, reply_of(OFFICER, token, ANSWER_APPROVE));
	deliver_all(w, NOW);
	assert_true(tick(w, NOW));
}
