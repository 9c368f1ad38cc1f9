/* inbox: the ledger. Storing is the fetcher's, claiming and striking the keeper's; each function works alone or as part of
 * a transaction of its caller.
 */
#include "queue/digest.h"
#include "queue/forget.h"
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

/* One mail into the ledger. *id 0: the row was there already. */
static bool add_row(struct db *db, gint64 mailbox, const struct incoming *in, gint64 now, gint64 *id, GError **error)
{
	g_autoptr(GBytes) digest = digest_bytes(in->raw);
	gint64 added = sql_run(db, error, "mail_add", "iibiii", mailbox, (gint64)in->uid, digest, in->size,
			       (gint64)(in->withheld ? WITHHELD : in->too_large), now);
	*id = added > 0 ? sql_last_id(db) : 0;
	return added >= 0;
}

/* The bytes of new rows: each in its row, or together in a pack. Through the database's log every byte is written twice. */
static bool keep_bytes(struct db *db, const GArray *ids, const GPtrArray *raws, GError **error)
{
	gsize bytes = 0;
	for (guint i = 0; i < raws->len; i++)
		bytes += g_bytes_get_size(raws->pdata[i]);
	struct piece p = { bytes > SPOOL_OVER ? g_array_index(ids, gint64, 0) : 0, 0, 0 };
	bool ok = p.pack == 0 || spool_keep(sql_folder(db), p.pack, raws, error);
	for (guint i = 0; ok && i < ids->len; i++, p.start += p.length) {
		gint64 id = g_array_index(ids, gint64, i);
		p.length = (gint64)g_bytes_get_size(raws->pdata[i]);
		ok = (p.pack ? sql_run(db, error, "mail_raw_packed", "iiii", id, p.pack, p.start, p.length)
			     : sql_run(db, error, "mail_raw_add", "ib", id, raws->pdata[i])) >= 0;
	}
	return ok;
}

static bool store_all(struct db *db, const struct mailbox *m, const GPtrArray *incoming, gint64 now, GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GPtrArray) raws = g_ptr_array_new();
	gint64 mailbox = mailbox_id(db, m, error), id;
	for (guint i = 0; mailbox != 0 && i < incoming->len; i++) {
		struct incoming *in = incoming->pdata[i];
		if (!add_row(db, mailbox, in, now, &id, error))
			return false;
		if (id == 0)
			continue;
		g_array_append_val(ids, id);
		g_ptr_array_add(raws, in->raw);
	}
	return mailbox != 0 && keep_bytes(db, ids, raws, error);
}

bool inbox_store(struct db *db, const struct mailbox *m, const GPtrArray *incoming, gint64 now, GError **error)
{
	return sql_enter(db, error) && sql_leave(db, store_all(db, m, incoming, now, error), error);
}

bool inbox_told(struct db *db, const struct mailbox *m, GError **error)
{
	return sql_enter_lightly(db, error) &&
		sql_leave(db, sql_run(db, error, "inbox_told", "ssi", m->account, m->folder, (gint64)m->uidvalidity) >= 0, error);
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
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	g_ptr_array_add(all, &in);
	/* Nobody is to be told about a file. */
	return store_all(db, &m, all, now, error) && sql_get(db, id, error, "mail_ingested", "ib", mailbox, digest) &&
		sql_run(db, error, "inbox_told", "ssi", m.account, m.folder, (gint64)m.uidvalidity) >= 0;
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

/* What the array of inbox_claim points to. */
struct claimed { struct mail_work work; struct piece at; };

static void claimed_free(void *p)
{
	struct claimed *c = p;
	g_clear_pointer(&c->work.raw, g_bytes_unref);
	g_free(c);
}

static bool collect(struct db *db, guint max, gsize max_bytes, gint64 now, GPtrArray *all, GError **error)
{
	static const struct sql_column columns[] = {
		{ 'i', offsetof(struct claimed, work.id) },        { 'i', offsetof(struct claimed, work.size) },
		{ 'f', offsetof(struct claimed, work.too_large) }, { 'i', offsetof(struct claimed, work.attempts) },
		{ 'b', offsetof(struct claimed, work.raw) },       { 'i', offsetof(struct claimed, at.pack) },
		{ 'i', offsetof(struct claimed, at.start) },       { 'i', offsetof(struct claimed, at.length) }, { 0 },
	};
	enum { SIZE = 1 };
	GError *failure = NULL;
	gsize bytes = 0;
	g_autoptr(sql_t) s = sql_start(db, "inbox_claimable", "ii", now, (gint64)max);
	while (sql_next(s, &failure)) {
		bytes += (gsize)sql_int(s, SIZE);
		if (all->len > 0 && bytes > max_bytes)
			break;
		struct claimed *c = g_new0(struct claimed, 1);
		sql_fill(s, columns, c);
		g_ptr_array_add(all, c);
	}
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}

/* Mails whose bytes lie in the spool. One that cannot be read there waits for a person, and the others are served. */
static bool fill_spooled(struct db *db, GPtrArray *all, gint64 now, GError **error)
{
	struct spool spool = { sql_folder(db), .fd = -1 };
	bool ok = true;
	for (guint i = 0; ok && i < all->len;) {
		struct claimed *c = all->pdata[i];
		g_autoptr(GError) lost = NULL;
		if (c->work.raw == NULL)
			c->work.raw = spool_take(&spool, &c->at, &lost);
		i += c->work.raw != NULL;
		if (c->work.raw != NULL)
			continue;
		ok = sql_run(db, error, "mail_park", "issi", c->work.id, "waits_for_person", lost->message, now) >= 0;
		g_ptr_array_remove_index(all, i);
	}
	return spool_end(&spool, error) && ok;
}

/* Oldest first means: all claimable ids up to the last one taken. So one statement leases them all. */
static bool claim(struct db *db, GPtrArray *all, gint64 now, gint64 lease, GError **error)
{
	if (all->len == 0)
		return true;
	gint64 last = ((struct claimed *)all->pdata[all->len - 1])->work.id;
	return sql_run(db, error, "inbox_claim", "iii", now, now + lease, last) >= 0 && fill_spooled(db, all, now, error);
}

GPtrArray *inbox_claim(struct db *db, guint max, gsize max_bytes, gint64 now, gint64 lease, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(claimed_free);
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
	return sql_enter(db, error) &&
		sql_leave(db, sql_run(db, error, "inbox_recover", "") >= 0 && forget_strays(db, error), error);
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
