/* imap_fetch: whole mails, in ranges small enough for memory.
 *
 * Ranges of consecutive UIDs are our batching, since libetpan does not pipeline. A mail's bytes are
 * libetpan's literal buffer itself, handed over; streaming a large one would save nothing, because the
 * caller gets it whole anyway.
 */
#include "gateway/imap_session.h"

#define CHUNK_MAILS  100
#define CHUNK_BYTES  (8 * 1024 * 1024)

struct fetched { guint32 uid; GBytes *raw; };
struct fetching { struct imap *s; GArray *mails; guint most; };

static void mail_unref(void *str)
{
	mmap_string_unref(str);
}

/* Takes the literal's buffer over instead of copying it: libetpan finds NULL there when it frees the
 * answer. */
static GBytes *fetch_steal(struct mailimap_msg_att_body_section *part)
{
	char *bytes = part->sec_body_part;
	if (!bytes)
		return NULL;
	gsize n = part->sec_length;
	part->sec_body_part = NULL;
	part->sec_length = 0;
	return g_bytes_new_with_free_func(bytes, n, mail_unref, bytes);
}

static void fetch_take(struct mailimap_msg_att *att, void *data)
{
	struct fetching *f = data;
	struct fetched mail = {0};
	for (clistiter *i = clist_begin(att->att_list); i; i = clist_next(i)) {
		const struct mailimap_msg_att_item *item = clist_content(i);
		if (item->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
			continue;
		const struct mailimap_msg_att_static *fact = item->att_data.att_static;
		if (fact->att_type == MAILIMAP_MSG_ATT_UID)
			mail.uid = fact->att_data.att_uid;
		else if (fact->att_type == MAILIMAP_MSG_ATT_BODY_SECTION && !mail.raw)
			mail.raw = fetch_steal(fact->att_data.att_body_section);
	}
	if (mail.raw && mail.uid && f->mails->len < f->most)
		g_array_append_val(f->mails, mail);
	else
		g_clear_pointer(&mail.raw, g_bytes_unref);
}

static bool uid_in(const GArray *uids, guint from, guint to, guint32 uid)
{
	while (from < to) {
		guint middle = from + (to - from) / 2;
		if (imap_uid_at(uids, middle) == uid)
			return true;
		if (imap_uid_at(uids, middle) < uid)
			from = middle + 1;
		else
			to = middle;
	}
	return false;
}

/* Bytes that the last list gave this mail; the most allowed when it was not listed. */
static gint64 fetch_size(const struct imap *s, guint32 uid)
{
	guint i = 0;
	struct imap_mail key = {.uid = uid};
	if (g_array_binary_search(s->sizes, &key, imap_list_by_uid, &i))
		return g_array_index(s->sizes, struct imap_mail, i).size;
	return s->max_mail;
}

/* Where the chunk that begins at `from` ends: few enough mails and bytes to lie in memory, at least one
 * mail. */
static guint fetch_chunk(const struct imap *s, const GArray *uids, guint from)
{
	guint to = from;
	gint64 bytes = 0;
	while (to < uids->len && to - from < CHUNK_MAILS) {
		gint64 size = fetch_size(s, imap_uid_at(uids, to));
		if (to > from && bytes + size > CHUNK_BYTES)
			break;
		bytes += size;
		to++;
	}
	return to;
}

/* Who takes the mails of one imap_fetch. */
struct taking { struct imap *s; bool headers_only; imap_take take; void *data; };

/* uids[from, to) of one command, and those that it gave. */
struct range { const GArray *uids; guint from, to; GArray *given; };

static void fetch_give(const struct taking *t, const struct range *r, GArray *mails)
{
	for (guint i = 0; i < mails->len; i++) {
		struct fetched *mail = &g_array_index(mails, struct fetched, i);
		if (uid_in(r->uids, r->from, r->to, mail->uid)) {
			t->take(mail->uid, mail->raw, t->data);
			g_array_append_val(r->given, mail->uid);
		}
		g_bytes_unref(mail->raw);
	}
}

/* One command. Mails that came whole before a failure are given too: the next try has less to do. */
static int fetch_once(const struct taking *t, const struct range *range)
{
	g_autoptr(GArray) mails = g_array_new(FALSE, FALSE, sizeof(struct fetched));
	struct fetching f = {t->s, mails, 2 * (range->to - range->from)};
	struct mailimap_section *part =
		imap_must(t->headers_only ? mailimap_section_new_header() : mailimap_section_new(NULL));
	gint64 bytes = 0;
	for (guint i = range->from; i < range->to; i++)
		bytes += fetch_size(t->s, imap_uid_at(range->uids, i));
	/* Twice the listed size: some servers' RFC822.SIZE is an estimate. */
	imap_stream_command(t->s, 2 * bytes + t->s->max_mail + IMAP_ANSWER);
	int r = imap_uid_fetch(t->s, imap_set(range->uids, range->from, range->to),
		mailimap_fetch_att_new_body_peek_section(part), fetch_take, &f);
	fetch_give(t, range, mails);
	return r;
}

static gint uid_order(gconstpointer a, gconstpointer b)
{
	guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
	return x < y ? -1 : x > y;
}

/* Those of uids[from, to) that were not given. */
static GArray *fetch_rest(const GArray *uids, guint from, guint to, GArray *given)
{
	GArray *rest = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_array_sort(given, uid_order);
	for (guint i = from; i < to; i++)
		if (!uid_in(given, 0, given->len, imap_uid_at(uids, i)))
			g_array_append_val(rest, g_array_index(uids, guint32, i));
	return rest;
}

/* NO to these mails, in a session that goes on; not when the server says that it is its own trouble (RFC 5530). */
static bool fetch_refused(const struct imap *s, int r)
{
	const struct mailimap_response_info *info = s->im->imap_response_info;
	const char *code = info ? info->rsp_atom : NULL;
	return r == MAILIMAP_ERROR_UID_FETCH && !s->guard.why && !tls_why(s->tls)
	       && g_strcmp0(code, "UNAVAILABLE") != 0 && g_strcmp0(code, "INUSE") != 0 && g_strcmp0(code, "LIMIT") != 0;
}

/* One mail that the server cannot read must not keep the others: a refused range is halved down to it. */
static bool fetch_range(const struct taking *t, const GArray *uids, guint from, guint to, GError **error)
{
	g_autoptr(GArray) given = g_array_new(FALSE, FALSE, sizeof(guint32));
	struct range range = {uids, from, to, given};
	int r = from < to ? fetch_once(t, &range) : MAILIMAP_NO_ERROR;
	if (r == MAILIMAP_NO_ERROR)
		return true;
	if (!fetch_refused(t->s, r))
		return imap_fail(t->s, r, "UID FETCH", error);
	g_autoptr(GArray) rest = fetch_rest(uids, from, to, given);
	if (to - from == 1 && rest->len == 1)
		t->take(imap_uid_at(rest, 0), NULL, t->data);
	return to - from == 1 || (fetch_range(t, rest, 0, rest->len / 2, error)
		&& fetch_range(t, rest, rest->len / 2, rest->len, error));
}

bool imap_fetch(
	struct imap *s, const GArray *uids, bool headers_only, imap_take take, void *data, GError **error)
{
	struct taking t = {s, headers_only, take, data};
	bool ok = imap_selected(s, error);
	for (guint from = 0, to; ok && from < uids->len; from = to) {
		to = fetch_chunk(s, uids, from);
		ok = fetch_range(&t, uids, from, to, error);
	}
	return ok;
}
