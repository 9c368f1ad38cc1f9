/* fetcher: see the header. What is known is asked from the ledger, never from flags of the server: other clients set those. */
#include "gateway/fetcher.h"
#include <sysexits.h>
#include "gateway/clock.h"
#include "gateway/error.h"
#include "gateway/fault.h"
#include "gateway/log.h"
#include "gateway/profile.h"
#include "gateway/session.h"
#include "queue/inbox.h"
#include "queue/trouble.h"

enum {
	BATCH_MAILS = 250,
	BATCH_BYTES = 4 << 20,
	LARGE = 1 << 20,         /* such mails come one by one */
	IDLE_SECONDS = 540,      /* servers end an IDLE after half an hour, some routers' tables after ten minutes */
	FIRST_MS = 1000, MOST_MS = 300000,
	ONCE_TRIES = 3,
	ONCE_ROUNDS = 3,
	BAD_TRIES = 3,           /* so often a mail is asked for whole, then its header */
	BAD_AGAIN_MS = 30000,    /* and not again before */
};

enum piece { PIECE_WHOLE, PIECE_HEADER, PIECE_NOTHING };

struct fetcher {
	const struct duty *duty;
	struct db *db;
	char *account;
	struct imap *session;
	struct mailbox box;
	guint32 last;            /* highest UID that was listed */
	gint64 compare_due;      /* ms */
	struct backoff trouble;
	guint failures;          /* in succession */
	guint32 at, at_last;     /* first and last UID of the batch in hand; 0: none */
	guint32 careful;         /* up to this UID mails come one by one: the session broke among them */
	GHashTable *bad;         /* UID → how often the server refused it, or the session broke at it */
};

/* Longer than any command may take. */
static void beat(const struct fetcher *f, gint64 seconds)
{
	shared_beat(f->duty->shared, SEAT_FETCHER, (seconds + f->duty->config->answer_seconds * 2 + 60) * 1000);
}

struct taking {
	GPtrArray *incoming;
	const GArray *sizes; /* struct imap_mail of the batch */
	struct fetcher *f;
	enum piece piece;
};

/* The mail has failed once more. The folder is compared soon, and it is tried again then. */
static void blame(struct fetcher *f, guint32 uid, const char *reason)
{
	guint tries = GPOINTER_TO_UINT(g_hash_table_lookup(f->bad, GUINT_TO_POINTER(uid))) + 1;
	g_autofree char *text = g_strdup_printf("%u", uid);

	g_hash_table_insert(f->bad, GUINT_TO_POINTER(uid), GUINT_TO_POINTER(tries));
	f->compare_due = MIN(f->compare_due, clock_monotonic_ms() + BAD_AGAIN_MS);
	if (tries == 1)
		log_warning("mail_refused", "uid", text, "reason", reason, NULL);
}

static enum piece piece_of(const struct fetcher *f, const struct imap_mail *m)
{
	guint tries = GPOINTER_TO_UINT(g_hash_table_lookup(f->bad, GUINT_TO_POINTER(m->uid)));

	if (tries >= 2 * BAD_TRIES)
		return PIECE_NOTHING;
	return tries >= BAD_TRIES || m->size > f->duty->config->max_mail_kib * 1024 ? PIECE_HEADER : PIECE_WHOLE;
}

static void incoming_free(gpointer p)
{
	struct incoming *in = p;

	g_bytes_unref(in->raw);
	g_free(in);
}

/* imap_take */
static void take(guint32 uid, GBytes *raw, void *data)
{
	struct taking *t = data;
	struct incoming *in;

	if (!raw) {
		blame(t->f, uid, "the server says no to it");
		return;
	}
	in = g_new(struct incoming, 1);
	*in = (struct incoming){ .uid = uid, .raw = g_bytes_ref(raw), .size = (gint64)g_bytes_get_size(raw) };
	for (guint i = 0; t->piece != PIECE_WHOLE && i < t->sizes->len; i++)
		if (g_array_index(t->sizes, struct imap_mail, i).uid == uid)
			in->size = g_array_index(t->sizes, struct imap_mail, i).size;
	in->too_large = t->piece == PIECE_HEADER && in->size > t->f->duty->config->max_mail_kib * 1024;
	in->withheld = t->piece != PIECE_WHOLE && !in->too_large;
	g_ptr_array_add(t->incoming, in);
}

/* The row of a mail of which the server gives nothing at all: a header without a line. */
static void take_nothing(struct taking *t, guint32 uid)
{
	g_autoptr(GBytes) nothing = g_bytes_new_static("\r\n", 2);

	take(uid, nothing, t);
}

/* The server is told what the settings say; a mail over the limit stays as it is. */
static bool tell(struct fetcher *f, const GArray *uids, GError **error)
{
	const struct config *c = f->duty->config;
	g_autofree char *keyword = g_strconcat("$", c->imap_done_folder, NULL);
	gint64 begun = profile_begin();
	bool ok = true;

	if (!uids->len)
		return true;
	if (g_str_equal(c->imap_done, "keyword"))
		ok = imap_mark(f->session, uids, keyword, error);
	else if (g_str_equal(c->imap_done, "move"))
		ok = imap_move(f->session, uids, c->imap_done_folder, error);
	if (ok)
		fault_point("tell");
	ok = ok && inbox_told(f->db, &f->box, error);
	profile_end(PROFILE_TELL, begun, uids->len);
	return ok;
}

/* Bytes that lie beside the database are on the disk before the commit of the rows that name them. */
static bool keep(struct fetcher *f, const GPtrArray *incoming, GError **error)
{
	if (!db_begin(f->db, error))
		return false;
	if (!inbox_store(f->db, &f->box, incoming, clock_now(), error)) {
		db_rollback(f->db);
		return false;
	}
	fault_point("keep");
	return db_commit(f->db, error);
}

static bool store(struct fetcher *f, const struct taking *t, GError **error)
{
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));

	gint64 begun = profile_begin();

	if (!t->incoming->len)
		return true;
	if (!keep(f, t->incoming, error))
		return false;
	fault_point("store");
	profile_end(PROFILE_STORE, begun, t->incoming->len);
	shared_work(f->duty->shared);
	shared_ring(f->duty->shared, SEAT_KEEPER);
	for (guint i = 0; t->piece == PIECE_WHOLE && i < t->incoming->len; i++)
		g_array_append_val(uids, ((struct incoming *)g_ptr_array_index(t->incoming, i))->uid);
	return tell(f, uids, error);
}

static bool fetch(struct fetcher *f, const GArray *batch, enum piece piece, GError **error)
{
	g_autoptr(GPtrArray) incoming = g_ptr_array_new_with_free_func(incoming_free);
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
	struct taking t = { incoming, batch, f, piece };
	gint64 begun = profile_begin();

	for (guint i = 0; i < batch->len; i++)
		g_array_append_val(uids, g_array_index(batch, struct imap_mail, i).uid);
	beat(f, 0);
	f->at = g_array_index(uids, guint32, 0);
	f->at_last = g_array_index(uids, guint32, uids->len - 1);
	if (piece == PIECE_NOTHING)
		take_nothing(&t, f->at);
	else if (!imap_fetch(f->session, uids, piece == PIECE_HEADER, take, &t, error))
		return false;
	fault_point("fetch");
	profile_end(PROFILE_FETCH, begun, incoming->len);
	f->at = 0;
	return store(f, &t, error);
}

/* Does this mail come with those that are in the batch already? */
static bool joins(const struct fetcher *f, const GArray *batch, gsize bytes, const struct imap_mail *m)
{
	if (!batch->len)
		return true;
	if (m->uid <= f->careful || m->size > LARGE || piece_of(f, m) != PIECE_WHOLE)
		return false;
	return batch->len < BATCH_MAILS && bytes + m->size <= BATCH_BYTES;
}

static bool fetch_all(struct fetcher *f, const GArray *mails, GError **error)
{
	guint i = 0;

	while (i < mails->len && !duty_stopped(f->duty)) {
		g_autoptr(GArray) batch = g_array_new(FALSE, FALSE, sizeof(struct imap_mail));
		const struct imap_mail *first = &g_array_index(mails, struct imap_mail, i), *m = first;
		gsize bytes = 0;

		for (; i < mails->len && joins(f, batch, bytes, m = &g_array_index(mails, struct imap_mail, i)); i++) {
			g_array_append_val(batch, *m);
			bytes += m->size;
			if (m->size > LARGE || piece_of(f, m) != PIECE_WHOLE) {
				i++;
				break;
			}
		}
		if (!fetch(f, batch, piece_of(f, first), error))
			return false;
	}
	return true;
}

/* Both ascending. */
static GArray *unknown_of(const GArray *there, const GArray *known)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(guint32));
	guint k = 0;

	for (guint i = 0; i < there->len; i++) {
		guint32 uid = g_array_index(there, guint32, i);

		while (k < known->len && g_array_index(known, guint32, k) < uid)
			k++;
		if (k == known->len || g_array_index(known, guint32, k) != uid)
			g_array_append_val(out, uid);
	}
	return out;
}

/* Mails that the ledger lacks are brought in, piece by piece: sizes are asked for those only, and the first mails are read
 * while the server looks at the next ones. `found` (may be NULL): how many there were. */
static bool bring_unknown(struct fetcher *f, guint *found, GError **error)
{
	g_autoptr(GArray) there = imap_list_uids(f->session, 1, error);
	g_autoptr(GArray) known = there ? inbox_known(f->db, &f->box, error) : NULL;
	g_autoptr(GArray) uids = known ? unknown_of(there, known) : NULL;

	if (!uids)
		return false;
	if (there->len)
		f->last = MAX(f->last, g_array_index(there, guint32, there->len - 1));
	if (found)
		*found = uids->len;
	for (guint at = 0; at < uids->len && !duty_stopped(f->duty);) {
		beat(f, 0);
		g_autoptr(GArray) mails = imap_list_sizes(f->session, uids, &at, error);

		if (!mails || !fetch_all(f, mails, error))
			return false;
	}
	return true;
}

/* What lies behind the last mail that was listed. */
static bool bring_news(struct fetcher *f, GError **error)
{
	g_autoptr(GArray) mails = imap_list(f->session, f->last + 1, error);

	if (!mails)
		return false;
	if (mails->len)
		f->last = g_array_index(mails, struct imap_mail, mails->len - 1).uid;
	return fetch_all(f, mails, error);
}

/* The whole folder against the ledger. The folder is selected anew, so that a changed UIDVALIDITY is seen; with one, all mails
 * are new rows of a new mailbox, and their bytes tell that they are known. */
static bool compare(struct fetcher *f, guint *found, GError **error)
{
	struct imap_folder folder;
	g_autoptr(GArray) untold = NULL;

	beat(f, 0);
	if (!imap_select(f->session, f->duty->config->imap_folder, &folder, error))
		return false;
	shared_set(f->duty->shared, SEAT_FETCHER, SEAT_PROVED, true);
	if (f->box.uidvalidity && f->box.uidvalidity != folder.uidvalidity)
		log_warning("uidvalidity_changed", "folder", f->box.folder, NULL);
	if (f->box.uidvalidity != folder.uidvalidity) {
		f->last = 0;
		g_hash_table_remove_all(f->bad);
	}
	f->box.uidvalidity = folder.uidvalidity;
	f->compare_due = clock_monotonic_ms() + f->duty->config->imap_search_minutes * 60000;
	untold = inbox_untold(f->db, &f->box, error);
	return untold && tell(f, untold, error) && bring_unknown(f, found, error);
}

static bool fetch_once(struct fetcher *f, GError **error)
{
	guint found = 1, rounds = ONCE_ROUNDS;

	for (guint round = 0; found && round < rounds && !duty_stopped(f->duty); round++) {
		if (!compare(f, &found, error))
			return false;
		if (g_hash_table_size(f->bad))
			rounds = ONCE_ROUNDS + 2 * BAD_TRIES; /* each of them is brought to its end */
	}
	return true;
}

/* IDLE between the comparisons; whether or not it spoke, what is new comes by the same way. */
static bool watch(struct fetcher *f, GError **error)
{
	while (!duty_stopped(f->duty)) {
		gint64 left = (f->compare_due - clock_monotonic_ms()) / 1000;
		int news;

		if (left <= 0 && !compare(f, NULL, error))
			return false;
		if (left <= 0)
			continue;
		left = MIN(left, IDLE_SECONDS);
		beat(f, left);
		news = imap_idle(f->session, (guint)left, error);
		if (news < 0)
			return false;
		if (news > 0 && !bring_news(f, error))
			return false;
	}
	return true;
}

static void note_up(struct fetcher *f)
{
	if (f->trouble.reason)
		trouble_over(f->db, "imap", NULL);
	backoff_ok(&f->trouble);
	f->failures = 0;
	shared_set(f->duty->shared, SEAT_FETCHER, SEAT_DOWN, false);
	shared_set(f->duty->shared, SEAT_FETCHER, SEAT_UP, true);
}

/* One session from login to its end. */
static bool serve(struct fetcher *f, GError **error)
{
	bool ok;

	beat(f, 0);
	f->at = 0;
	f->session = session_imap(f->duty->config, f->duty->stop, error);
	if (!f->session)
		return false;
	if (shared_once(f->duty->shared)) {
		ok = fetch_once(f, error);
		if (ok)
			note_up(f);
	} else {
		ok = compare(f, NULL, error);
		if (ok) {
			note_up(f);
			ok = watch(f, error);
		}
	}
	g_clear_pointer(&f->session, imap_close);
	return ok;
}

/* A mail that breaks the session again and again must not keep the others out. */
static void suspect(struct fetcher *f)
{
	if (!f->at)
		return;
	if (f->at == f->at_last)
		blame(f, f->at, "the session breaks at it");
	f->careful = f->at_last;
}

/* After a failure that passes: wait; with --once give up after some. false: give up. */
static bool wait_for_server(struct fetcher *f, const GError *why)
{
	const struct trouble t = { "imap", why->message, error_class_of(why) == ERROR_HALT ? "operator" : "gateway" };

	bool mail = f->at != 0; /* one mail's fault, which suspect() brings to its end */

	suspect(f);
	if (g_strcmp0(f->trouble.reason, why->message) != 0)
		trouble_note(f->db, &t, clock_now(), NULL); /* a hint for people: none is no harm */
	backoff_fail(&f->trouble, why->message);
	shared_set(f->duty->shared, SEAT_FETCHER, SEAT_DOWN, true);
	shared_set(f->duty->shared, SEAT_FETCHER, SEAT_UP, true);
	if (shared_once(f->duty->shared) && !mail && ++f->failures >= ONCE_TRIES)
		return false;
	while (backoff_left(&f->trouble) && !duty_stopped(f->duty)) {
		shared_beat(f->duty->shared, SEAT_FETCHER, MOST_MS * 2);
		duty_wait(f->duty, backoff_left(&f->trouble));
	}
	return true;
}

static int live(struct fetcher *f)
{
	while (!duty_stopped(f->duty)) {
		GError *why = NULL;
		bool again = true;

		if (serve(f, &why))
			break;
		if (duty_stopped(f->duty)) {
			g_error_free(why);
			break;
		}
		if (error_class_of(why) == ERROR_HALT && !duty_outlasts(f->duty, why))
			return duty_fail(why);
		again = wait_for_server(f, why);
		g_error_free(why);
		if (!again)
			break;
	}
	if (shared_once(f->duty->shared) && !duty_stopped(f->duty))
		shared_set(f->duty->shared, SEAT_FETCHER, SEAT_DONE, true);
	return EX_OK;
}

int fetcher_run(const struct duty *d)
{
	struct fetcher f = { .duty = d };
	GError *error = NULL;
	int status;

	config_forget(d->config);
	f.bad = g_hash_table_new(NULL, NULL);
	f.account = session_account(d->config);
	f.box = (struct mailbox){ f.account, d->config->imap_folder, 0 };
	f.trouble = (struct backoff){ .event = "imap_trouble", .first = FIRST_MS, .most = MOST_MS };
	f.db = db_open(d->config->data, DB_WRITE, &error);
	status = f.db ? live(&f) : duty_fail(error);
	db_close(f.db);
	g_free(f.account);
	g_hash_table_unref(f.bad);
	g_free(f.trouble.reason);
	return status;
}
