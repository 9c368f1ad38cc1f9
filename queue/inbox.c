/* inbox: the ledger. Storing is the fetcher's, claiming and striking the keeper's; each function works alone or as part of
 * a transaction of its caller.
 */
#include "queue/digest.h"
#include "queue/inbox.h"
#include "queue/journal.h"
#include "queue/spool.h"
#include "queue/sql.h"

/* The row of the mailbox; made when it is met for the first time. 0 on error. */
static gint64 mailbox_id(struct db *db, const struct mailbox *m, GError **error)
{
	gint64 id;
	if (!sql_get(db, &id, error, "mailbox_find", "ssi", m->account, m->folder, (gint64)m->uidvalidity))
		return 0;
	if (id != 0)
		return id;
	if (sql_run(db, error, "mailbox_add", "ssi", m->account, m->folder, (gint64)m->uidvalidity) < 0)
		return 0;
	return sql_last_id(db);
}

static GArray *uids(struct db *db, const char *statement, const struct mailbox *m, GError **error)
{
	GError *failure = NULL;
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autoptr(sql_t) s = sql_start(db, statement, "ssi", m->account, m->folder, (gint64)m->uidvalidity);
	while (sql_next(s, &failure)) {
		guint32 uid = (guint32)sql_int(s, 0);
		g_array_append_val(all, uid);
	}
	if (failure == NULL)
		return g_steal_pointer(&all);
	g_propagate_error(error, failure);
	return NULL;
}

GArray *inbox_known(struct db *db, const struct mailbox *m, GError **error)
{
	return uids(db, "inbox_known", m, error);
}

GArray *inbox_untold(struct db *db, const struct mailbox *m, GError **error)
{
	return uids(db, "inbox_untold", m, error);
}

/* mail.too_large of a mail that the server does not give. */
enum { WITHHELD = 2 };

/* One mail into the ledger; *id 0: the row was there already. `told`: nobody is to be told (a file). */
static bool store_one(struct db *db, gint64 mailbox, const struct incoming *in, gint64 now, gint64 *id, GError **error)
{
	g_autoptr(GBytes) digest = digest_bytes(in->raw);
	gint64 added = sql_run(db, error, "mail_add", "iibiii", mailbox, (gint64)in->uid, digest, in->size,
			       (gint64)(in->withheld ? WITHHELD : in->too_large), now);
	*id = added > 0 ? sql_last_id(db) : 0;
	if (added <= 0)
		return added == 0;
	bool spooled = g_bytes_get_size(in->raw) > SPOOL_OVER;
	g_autofree char *hex = spooled ? digest_hex(digest) : NULL;
	if (spooled && !spool_keep(sql_folder(db), hex, in->raw, error))
		return false;
	return sql_run(db, error, "mail_raw_add", "ib", *id, spooled ? NULL : in->raw) >= 0;
}

static bool store_all(struct db *db, const struct mailbox *m, const GPtrArray *incoming, gint64 now, GError **error)
{
	gint64 mailbox = mailbox_id(db, m, error), id;
	for (guint i = 0; mailbox != 0 && i < incoming->len; i++)
		if (!store_one(db, mailbox, incoming->pdata[i], now, &id, error))
			return false;
	return mailbox != 0;
}

bool inbox_store(struct db *db, const struct mailbox *m, const GPtrArray *incoming, gint64 now, GError **error)
{
	return sql_enter(db, error) && sql_leave(db, store_all(db, m, incoming, now, error), error);
}

static bool tell_all(struct db *db, const struct mailbox *m, const GArray *told, GError **error)
{
	gint64 mailbox = mailbox_id(db, m, error);
	for (guint i = 0; mailbox != 0 && i < told->len; i++)
		if (sql_run(db, error, "mail_told", "ii", mailbox, (gint64)g_array_index(told, guint32, i)) < 0)
			return false;
	return mailbox != 0;
}

bool inbox_told(struct db *db, const struct mailbox *m, const GArray *told, GError **error)
{
	return sql_enter_lightly(db, error) && sql_leave(db, tell_all(db, m, told, error), error);
}

static bool ingest(struct db *db, const char *path, GBytes *raw, gint64 now, gint64 *id, GError **error)
{
	const struct mailbox m = { "file", path, 0 };
	gint64 mailbox = mailbox_id(db, &m, error), last;
	g_autoptr(GBytes) digest = digest_bytes(raw);
	if (mailbox == 0 || !sql_get(db, id, error, "mail_ingested", "ib", mailbox, digest))
		return false;
	if (*id != 0)
		return true;
	if (!sql_get(db, &last, error, "mail_last_uid", "i", mailbox))
		return false;
	struct incoming in = { .uid = (guint32)last + 1, .raw = raw, .size = (gint64)g_bytes_get_size(raw) };
	/* Nobody is to be told about a file. */
	return store_one(db, mailbox, &in, now, id, error) &&
		sql_run(db, error, "mail_told", "ii", mailbox, (gint64)in.uid) >= 0;
}

bool inbox_last(struct db *db, gint64 *id, GError **error)
{
	return sql_get(db, id, error, "mail_last", "");
}

gint64 inbox_ingest(struct db *db, const char *path, GBytes *raw, gint64 now, GError **error)
{
	gint64 id = 0;
	if (!sql_enter(db, error))
		return 0;
	return sql_leave(db, ingest(db, path, raw, now, &id, error), error) ? id : 0;
}

static void work_free(void *p)
{
	struct mail_work *w = p;
	g_clear_pointer(&w->raw, g_bytes_unref);
	g_free(w->sha256);
	g_free(w);
}

static bool collect(struct db *db, guint max, gsize max_bytes, gint64 now, GPtrArray *all, GError **error)
{
	static const struct sql_column columns[] = {
		{ 'i', offsetof(struct mail_work, id) },        { 'i', offsetof(struct mail_work, size) },
		{ 'f', offsetof(struct mail_work, too_large) }, { 'i', offsetof(struct mail_work, attempts) },
		{ 's', offsetof(struct mail_work, sha256) },    { 'b', offsetof(struct mail_work, raw) }, { 0 },
	};
	enum { SIZE = 1 };
	GError *failure = NULL;
	gsize bytes = 0;
	g_autoptr(sql_t) s = sql_start(db, "inbox_claimable", "ii", now, (gint64)max);
	while (sql_next(s, &failure)) {
		bytes += (gsize)sql_int(s, SIZE);
		if (all->len > 0 && bytes > max_bytes)
			break;
		struct mail_work *w = g_new0(struct mail_work, 1);
		sql_fill(s, columns, w);
		g_ptr_array_add(all, w);
	}
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}

/* Mails whose bytes lie in the spool. One that cannot be read there waits for a person, and the others are served. */
static bool fill_spooled(struct db *db, GPtrArray *all, gint64 now, GError **error)
{
	for (guint i = 0; i < all->len;) {
		struct mail_work *w = all->pdata[i];
		g_autoptr(GError) lost = NULL;
		if (w->raw == NULL)
			w->raw = spool_take(sql_folder(db), w->sha256, &lost);
		i += w->raw != NULL;
		if (w->raw != NULL)
			continue;
		if (sql_run(db, error, "mail_park", "issi", w->id, "waits_for_person", lost->message, now) < 0)
			return false;
		g_ptr_array_remove_index(all, i);
	}
	return true;
}

/* Oldest first means: all claimable ids up to the last one taken. So one statement leases them all. */
static bool claim(struct db *db, GPtrArray *all, gint64 now, gint64 lease, GError **error)
{
	if (all->len == 0)
		return true;
	gint64 last = ((struct mail_work *)all->pdata[all->len - 1])->id;
	return sql_run(db, error, "inbox_claim", "iii", now, now + lease, last) >= 0 && fill_spooled(db, all, now, error);
}

GPtrArray *inbox_claim(struct db *db, guint max, gsize max_bytes, gint64 now, gint64 lease, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(work_free);
	gint64 next;
	/* Most looks find nothing: they need not wait for those who write. */
	if (!sql_get(db, &next, error, "inbox_next", "i", now))
		return NULL;
	if (next != 0)
		return g_steal_pointer(&all);
	if (!sql_enter_lightly(db, error))
		return NULL;
	bool ok = collect(db, max, max_bytes, now, all, error) && claim(db, all, now, lease, error);
	return sql_leave(db, ok, error) ? g_steal_pointer(&all) : NULL;
}

bool inbox_strike(struct db *db, gint64 id, const char *reason, gint64 park_after, gint64 now, GError **error)
{
	return sql_run(db, error, "mail_strike", "isii", id, reason, park_after, now) >= 0;
}

bool inbox_recover(struct db *db, GError **error)
{
	return sql_enter(db, error) && sql_leave(db, sql_run(db, error, "inbox_recover", "") >= 0, error);
}

gint64 inbox_next(struct db *db, gint64 now, GError **error)
{
	gint64 next;
	return sql_get(db, &next, error, "inbox_next", "i", now) ? next : -1;
}

static bool not_changed(struct db *db, gint64 id, const char *why, GError **error)
{
	gint64 there;
	if (sql_get(db, &there, error, "mail_exists", "i", id))
		g_set_error(error, QUEUE_ERROR, there ? QUEUE_ERROR_REFUSED : QUEUE_ERROR_NOT_FOUND,
			    there ? "M-%" G_GINT64_FORMAT " %s" : "there is no mail M-%" G_GINT64_FORMAT "%.0s", id, why);
	return false;
}

/* A person's act, with its line in the journal. `changed`: rows it changed; 0: it could not be done. */
struct person_act { const char *event, *by, *note, *cannot; };

static bool by_hand(struct db *db, gint64 id, gint64 changed, const struct person_act *h, gint64 now, GError **error)
{
	if (changed <= 0)
		return changed == 0 && not_changed(db, id, h->cannot, error);
	struct act a = { .db = db, .now = now, .mail = id, .role = "operator", .strength = STRENGTH_OPERATOR, .by_name = h->by,
			 .note = h->note };
	return journal_add(&a, h->event, &(struct about){ 0 }, error);
}

bool inbox_release(struct db *db, gint64 id, const char *by, gint64 now, GError **error)
{
	const struct person_act h = { "mail_released", by, NULL, "is not parked, or its bytes are no longer kept" };
	return sql_enter(db, error) &&
		sql_leave(db, by_hand(db, id, sql_run(db, error, "mail_release", "i", id), &h, now, error), error);
}

bool inbox_park(struct db *db, gint64 id, const char *reason, const char *by, gint64 now, GError **error)
{
	const struct person_act h = { "mail_set_aside", by, reason, "is done already" };
	return sql_enter(db, error) &&
		sql_leave(db, by_hand(db, id, sql_run(db, error, "mail_park", "issi", id, "set_aside", reason, now), &h, now,
				      error), error);
}
