/* imap_list: which mails are there, and how large.
 *
 * A long list goes by way of SEARCH: libetpan needs 700 bytes a mail to hold a FETCH, and a first start may
 * meet a million mails. Servers answer a SEARCH for UIDs at once, while sizes cost them a look at each mail.
 */
#include "gateway/imap_session.h"

#define PER_LINE 256  /* bytes one mail may take in a list of sizes */
#define UID_DIGITS 11 /* with the blank: a SEARCH answers in one line */
#define WINDOW   1000 /* mails asked for at once when the list is long */
#define RANGES   100  /* in one command: some servers take lines of 8 kB only */

struct listing { GArray *mails; guint32 from; };

static void list_take(struct mailimap_msg_att *att, void *data)
{
	struct listing *l = data;
	struct imap_mail mail = {0};
	for (clistiter *i = clist_begin(att->att_list); i; i = clist_next(i)) {
		const struct mailimap_msg_att_item *item = clist_content(i);
		if (item->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
			continue;
		const struct mailimap_msg_att_static *fact = item->att_data.att_static;
		if (fact->att_type == MAILIMAP_MSG_ATT_UID)
			mail.uid = fact->att_data.att_uid;
		else if (fact->att_type == MAILIMAP_MSG_ATT_RFC822_SIZE)
			mail.size = fact->att_data.att_rfc822_size;
	}
	/* `n:*` names the last mail even when it is older than n; a FETCH we did not ask for may have no
	 * UID. */
	if (mail.uid >= l->from && mail.uid != 0)
		g_array_append_val(l->mails, mail);
}

int imap_list_by_uid(gconstpointer a, gconstpointer b)
{
	guint32 x = ((const struct imap_mail *)a)->uid, y = ((const struct imap_mail *)b)->uid;
	return (x > y) - (x < y);
}

/* Frees the set. The answer's mails become those that imap_fetch knows the sizes of. */
static GArray *list_sizes(struct imap *s, struct mailimap_set *set, guint32 from, gint64 most, GError **error)
{
	struct listing l = {g_array_new(FALSE, FALSE, sizeof(struct imap_mail)), from};
	imap_stream_command(s, IMAP_ANSWER + PER_LINE * most);
	int r = imap_uid_fetch(s, set, mailimap_fetch_att_new_rfc822_size(), list_take, &l);
	if (r != MAILIMAP_NO_ERROR) {
		g_array_unref(l.mails);
		imap_fail(s, r, "UID FETCH (RFC822.SIZE)", error);
		return NULL;
	}
	g_array_sort(l.mails, imap_list_by_uid);
	g_array_set_size(s->sizes, 0);
	if (l.mails->len)
		g_array_append_vals(s->sizes, l.mails->data, l.mails->len);
	return l.mails;
}

static int list_ascending(gconstpointer a, gconstpointer b)
{
	guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
	return (x > y) - (x < y);
}

GArray *imap_list_uids(struct imap *s, guint32 from, GError **error)
{
	if (!imap_selected(s, error))
		return NULL;
	clist *found = NULL;
	gint64 exists = s->im->imap_selection_info->sel_exists;
	struct mailimap_search_key *key =
		imap_must(mailimap_search_key_new_uid(imap_must(mailimap_set_new_interval(MAX(from, 1), 0))));
	/* What is told from here on, even inside the answer, is news for the next imap_idle. */
	s->told = (guint32)exists;
	imap_stream_command(s, IMAP_ANSWER + PER_LINE * exists);
	s->guard.max_line = IMAP_GUARD_LINE + UID_DIGITS * (gsize)exists;
	int r = mailimap_uid_search(s->im, NULL, key, &found);
	mailimap_search_key_free(key);
	imap_count(s);
	if (r != MAILIMAP_NO_ERROR) {
		imap_fail(s, r, "UID SEARCH", error);
		return NULL;
	}
	GArray *uids = g_array_new(FALSE, FALSE, sizeof(guint32));
	for (clistiter *i = clist_begin(found); i; i = clist_next(i))
		if (*(guint32 *)clist_content(i) >= MAX(from, 1)) /* `n:*` names the last mail even when it is older */
			g_array_append_vals(uids, clist_content(i), 1);
	mailimap_search_result_free(found);
	g_array_sort(uids, list_ascending);
	return uids;
}

static guint list_window(const GArray *uids, guint from)
{
	guint to = from + 1, ranges = 1;
	for (; to < uids->len && to - from < WINDOW; to++) {
		ranges += imap_uid_at(uids, to) != imap_uid_at(uids, to - 1) + 1;
		if (ranges > RANGES)
			break;
	}
	return to;
}

GArray *imap_list_sizes(struct imap *s, const GArray *uids, guint *at, GError **error)
{
	if (!imap_selected(s, error))
		return NULL;
	guint from = *at;
	*at = list_window(uids, from);
	return list_sizes(s, imap_set(uids, from, *at), imap_uid_at(uids, from), *at - from, error);
}

static GArray *list_by_search(struct imap *s, guint32 from, GError **error)
{
	g_autoptr(GArray) uids = imap_list_uids(s, from, error);
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct imap_mail));
	for (guint at = 0; uids && at < uids->len;) {
		g_autoptr(GArray) some = imap_list_sizes(s, uids, &at, error);
		if (!some)
			return NULL;
		g_array_append_vals(all, some->data, some->len);
	}
	return uids ? g_steal_pointer(&all) : NULL;
}

GArray *imap_list(struct imap *s, guint32 from, GError **error)
{
	if (!imap_selected(s, error))
		return NULL;
	const struct mailimap_selection_info *now = s->im->imap_selection_info;
	from = MAX(from, 1);
	if (now->sel_exists > 2 * WINDOW && now->sel_uidnext > from && now->sel_uidnext - from > 2 * WINDOW)
		return list_by_search(s, from, error);
	s->told = now->sel_exists;
	return list_sizes(s, imap_must(mailimap_set_new_interval(from, 0)), from, now->sel_exists, error);
}
