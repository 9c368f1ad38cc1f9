/* imap_list: which mails are there, and how large.
 *
 * A long list goes by way of SEARCH: libetpan needs 700 bytes a mail to hold a FETCH, and a first start may
 * meet a million mails.
 */
#include "gateway/imap_session.h"

#define PER_LINE 256  /* bytes one mail may take in a list of sizes */
#define UID_DIGITS 11 /* with the blank: a SEARCH answers in one line */
#define WINDOW   5000 /* mails asked for at once when the list is long */

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

static bool list_window(struct imap *s, struct listing *l, guint32 first, guint32 last, GError **error)
{
	gint64 most = last ? WINDOW : s->im->imap_selection_info->sel_exists;
	imap_stream_command(s, IMAP_ANSWER + PER_LINE * most);
	int r = imap_uid_fetch(s, imap_must(mailimap_set_new_interval(first, last)),
		mailimap_fetch_att_new_rfc822_size(), list_take, l);
	return r == MAILIMAP_NO_ERROR || imap_fail(s, r, "UID FETCH (RFC822.SIZE)", error);
}

static bool list_by_search(struct imap *s, struct listing *l, GError **error)
{
	clist *found = NULL;
	struct mailimap_search_key *key =
		imap_must(mailimap_search_key_new_uid(imap_must(mailimap_set_new_interval(l->from, 0))));
	imap_stream_command(s, IMAP_ANSWER + (gint64)PER_LINE * s->im->imap_selection_info->sel_exists);
	s->guard.max_line = IMAP_GUARD_LINE + UID_DIGITS * (gsize)s->im->imap_selection_info->sel_exists;
	int r = mailimap_uid_search(s->im, NULL, key, &found);
	mailimap_search_key_free(key);
	imap_count(s);
	if (r != MAILIMAP_NO_ERROR)
		return imap_fail(s, r, "UID SEARCH", error);
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(guint32));
	for (clistiter *i = clist_begin(found); i; i = clist_next(i))
		g_array_append_vals(uids, clist_content(i), 1);
	mailimap_search_result_free(found);
	bool ok = true;
	for (guint i = 0; ok && i < uids->len; i += WINDOW)
		ok = list_window(
			s, l, imap_uid_at(uids, i), imap_uid_at(uids, MIN(i + WINDOW, uids->len) - 1), error);
	return ok;
}

GArray *imap_list(struct imap *s, guint32 from, GError **error)
{
	if (!imap_selected(s, error))
		return NULL;
	const struct mailimap_selection_info *now = s->im->imap_selection_info;
	struct listing l = {g_array_new(FALSE, FALSE, sizeof(struct imap_mail)), MAX(from, 1)};
	/* What is told from here on, even inside the answer, is news for the next imap_idle. */
	s->told = now->sel_exists;
	bool long_list = now->sel_exists > 2 * WINDOW && now->sel_uidnext > l.from
			 && now->sel_uidnext - l.from > 2 * WINDOW;
	if (!(long_list ? list_by_search(s, &l, error) : list_window(s, &l, l.from, 0, error))) {
		g_array_unref(l.mails);
		return NULL;
	}
	g_array_sort(l.mails, imap_list_by_uid);
	g_array_set_size(s->sizes, 0);
	if (l.mails->len)
		g_array_append_vals(s->sizes, l.mails->data, l.mails->len);
	return l.mails;
}
