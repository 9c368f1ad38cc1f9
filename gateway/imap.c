/* imap: the mailbox, on libetpan's command encoder and response parser. Everything a server says has gone
 * through the guard before; everything we say has been looked at for control characters, because libetpan
 * writes CR LF through.
 */
#include "gateway/imap_session.h"
#include <string.h>

#define MARK_MOVED   "NesgateMoved"

/* --- errors --------------------------------------------------------------------------------------------- */

/* The server's words, fit for one log line. */
static char *imap_words(const char *text)
{
	GString *out = g_string_new(NULL);
	for (const char *p = text ? text : ""; *p && out->len < 200; p++)
		g_string_append_c(out, *p >= 0x20 && *p < 0x7f ? *p : ' ');
	g_strstrip(out->str);
	return g_string_free(out, FALSE);
}

bool imap_fail_with(struct imap *s, enum net_error code, GError **error, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *sentence = g_strdup_vprintf(format, args);
	va_end(args);
	g_autofree char *words = imap_words(sentence);
	s->dead = true;
	g_set_error_literal(error, NET_ERROR, code, words);
	return false;
}

static const struct { int code; enum net_error error; const char *says; } fail_rows[] = {
	{MAILIMAP_ERROR_SELECT,   NET_ERROR_FOLDER,   "the folder cannot be opened"},
	{MAILIMAP_ERROR_CREATE,   NET_ERROR_FOLDER,   "the folder cannot be made"},
	{MAILIMAP_ERROR_UID_MOVE, NET_ERROR_FOLDER,   "the mails cannot be moved there"},
	{MAILIMAP_ERROR_UID_COPY, NET_ERROR_FOLDER,   "the mails cannot be copied there"},
	{MAILIMAP_ERROR_FATAL,    NET_ERROR_CONNECT,  "the server ends the session"},
	{MAILIMAP_ERROR_STREAM,   NET_ERROR_CONNECT,  "the connection broke"},
	{MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION, NET_ERROR_CONNECT, "the server takes no session now"},
	{MAILIMAP_ERROR_PARSE,    NET_ERROR_PROTOCOL, "the answer is not IMAP"},
	{0,                       NET_ERROR_PROTOCOL, "the server says no"},
};

bool imap_fail(struct imap *s, int code, const char *doing, GError **error)
{
	s->dead = true;
	if (s->guard.why)
		return imap_fail_with(s, NET_ERROR_HOSTILE, error, "%s: %s", doing, s->guard.why);
	if (tls_why(s->tls)) {
		if (error)
			*error = g_error_copy(tls_why(s->tls));
		return false;
	}
	guint row = 0;
	while (fail_rows[row].code && fail_rows[row].code != code)
		row++;
	enum net_error kind = fail_rows[row].error;
	g_autofree char *words = imap_words(s->im ? s->im->imap_response : NULL);
	return imap_fail_with(
		s, kind, error, "%s: %s%s%s", doing, fail_rows[row].says, *words ? ": " : "", words);
}

/* VALUE unless every byte may stand in a command. */
static bool is_clean(const char *value, const char *what, GError **error)
{
	for (const char *p = value; *p; p++)
		if ((guchar)*p < 0x20 || *p == 0x7f) {
			g_set_error(error, NET_ERROR, NET_ERROR_VALUE,
				"the %s holds a control character and is not sent", what);
			return false;
		}
	return true;
}

static bool imap_alive(struct imap *s, GError **error)
{
	return !s->dead || imap_fail_with(s, NET_ERROR_CONNECT, error, "the session is over; open another");
}

bool imap_selected(struct imap *s, GError **error)
{
	return imap_alive(s, error)
	       && (s->im->imap_selection_info
		       || imap_fail_with(s, NET_ERROR_PROTOCOL, error, "no folder is selected"));
}

void imap_count(struct imap *s)
{
	const struct mailimap_response_info *info = s->im->imap_response_info;
	guint gone = info && info->rsp_expunged ? (guint)clist_count(info->rsp_expunged) : 0;
	s->told -= MIN(gone, s->told);
}

/* --- open and close ------------------------------------------------------------------------------------- */

static bool imap_options_clean(const struct imap_options *o, GError **error)
{
	if (!o->host || !o->user || (!o->password && !o->token)) {
		g_set_error_literal(
			error, NET_ERROR, NET_ERROR_VALUE, "host, user and a password or token are needed");
		return false;
	}
	return is_clean(o->host, "host", error) && is_clean(o->user, "user name", error)
	       && (!o->password || is_clean(o->password, "password", error))
	       && (!o->token || is_clean(o->token, "token", error));
}

struct imap *imap_open(const struct imap_options *o, GError **error)
{
	if (!imap_options_clean(o, error))
		return NULL;
	/* Else libetpan puts mails over 8 MiB into a mapped file under /tmp. */
	mmap_string_set_ceil(G_MAXSSIZE);
	struct tls_options way = {o->host, o->port, o->ca_file, o->command_seconds, o->cancel_fd};
	struct tls *tls = tls_connect(&way, error);
	if (!tls)
		return NULL;
	struct imap *s = g_new0(struct imap, 1);
	s->tls = tls;
	s->command_seconds = o->command_seconds;
	s->max_mail = o->max_mail;
	s->sizes = g_array_new(FALSE, FALSE, sizeof(struct imap_mail));
	imap_guard_init(&s->guard, o->max_mail);
	s->im = mailimap_new(0, NULL);
	if (!s->im)
		g_error("out of memory");
	if (imap_login_start(s, o, error))
		return s;
	imap_close(s);
	return NULL;
}

void imap_close(struct imap *s)
{
	if (!s)
		return;
	if (!s->dead) {
		imap_stream_command(s, IMAP_ANSWER);
		tls_deadline(s->tls, MIN(s->command_seconds, 5));
	}
	mailimap_free(s->im); /* says LOGOUT when there is a stream; a dead one refuses the write */
	tls_free(s->tls);
	g_array_unref(s->sizes);
	g_free(s);
}

/* --- folders -------------------------------------------------------------------------------------------- */

static char *imap_folder_name(const char *folder, GError **error)
{
	char *name = imap_name_encode(folder);
	if (!name)
		g_set_error_literal(error, NET_ERROR, NET_ERROR_VALUE,
			"the folder's name is not UTF-8 or holds a control character");
	return name;
}

bool imap_select(struct imap *s, const char *folder, struct imap_folder *out, GError **error)
{
	g_autofree char *name = imap_folder_name(folder, error);
	if (!name || !imap_alive(s, error))
		return false;
	imap_stream_command(s, IMAP_ANSWER);
	int r = mailimap_select(s->im, name);
	if (r != MAILIMAP_NO_ERROR)
		return imap_fail(s, r, "SELECT", error);
	const struct mailimap_selection_info *now = s->im->imap_selection_info;
	*out = (struct imap_folder){now->sel_uidvalidity, now->sel_uidnext, now->sel_exists};
	s->told = now->sel_exists;
	g_array_set_size(s->sizes, 0);
	return out->uidvalidity != 0
	       || imap_fail_with(s, NET_ERROR_PROTOCOL, error, "SELECT: the server names no UIDVALIDITY");
}

/* --- sets and fetch types ------------------------------------------------------------------------------- */

void *imap_must(void *p)
{
	if (!p)
		g_error("out of memory");
	return p;
}

guint32 imap_uid_at(const GArray *uids, guint i)
{
	return g_array_index(uids, guint32, i);
}

/* uids[from, to) with consecutive ones as ranges. */
struct mailimap_set *imap_set(const GArray *uids, guint from, guint to)
{
	struct mailimap_set *set = imap_must(mailimap_set_new_empty());
	for (guint i = from, end; i < to; i = end) {
		for (end = i + 1; end < to && imap_uid_at(uids, end) == imap_uid_at(uids, end - 1) + 1; end++)
			;
		mailimap_set_add_interval(set, imap_uid_at(uids, i), imap_uid_at(uids, end - 1));
	}
	return set;
}

static struct mailimap_fetch_type *imap_fetch_type(struct mailimap_fetch_att *second)
{
	struct mailimap_fetch_type *type = imap_must(mailimap_fetch_type_new_fetch_att_list_empty());
	mailimap_fetch_type_new_fetch_att_list_add(type, imap_must(mailimap_fetch_att_new_uid()));
	mailimap_fetch_type_new_fetch_att_list_add(type, imap_must(second));
	return type;
}

/* libetpan calls its handler of single answers only when someone watches progress. */
static void imap_progress(size_t current, size_t most, void *data)
{
}

/* One UID FETCH; `each` sees every complete answer as it comes, and libetpan's own list of them is dropped. */
int imap_uid_fetch(struct imap *s, struct mailimap_set *set, struct mailimap_fetch_att *att,
	mailimap_msg_att_handler *each, void *data)
{
	struct mailimap_fetch_type *type = imap_fetch_type(att);
	clist *list = NULL;
	mailimap_set_msg_att_handler(s->im, each, data);
	mailimap_set_progress_callback(s->im, NULL, imap_progress, NULL);
	int r = mailimap_uid_fetch(s->im, set, type, &list);
	mailimap_set_progress_callback(s->im, NULL, NULL, NULL);
	mailimap_set_msg_att_handler(s->im, NULL, NULL);
	if (r == MAILIMAP_NO_ERROR)
		mailimap_fetch_list_free(list);
	mailimap_fetch_type_free(type);
	mailimap_set_free(set);
	imap_count(s);
	/* RFC 5530: some of them are gone, the others were given. */
	const struct mailimap_response_info *info = s->im->imap_response_info;
	bool gone = r == MAILIMAP_ERROR_UID_FETCH && info && info->rsp_atom
		    && strcmp(info->rsp_atom, "EXPUNGEISSUED") == 0;
	return gone ? MAILIMAP_NO_ERROR : r;
}

/* --- telling the server --------------------------------------------------------------------------------- */

/* RFC 3501 atom: what a keyword may be made of. */
static bool keyword_is_atom(const char *keyword)
{
	if (!*keyword)
		return false;
	for (const char *p = keyword; *p; p++)
		if (*p <= 0x20 || *p >= 0x7f || strchr("(){%*\"\\]", *p))
			return false;
	return true;
}

/* PERMANENTFLAGS says what the folder keeps; without that answer it keeps all (RFC 3501 7.1). */
static bool keyword_is_kept(const struct imap *s, const char *keyword)
{
	const struct mailimap_selection_info *now = s->im->imap_selection_info;
	if (now->sel_perm == MAILIMAP_MAILBOX_READONLY)
		return false;
	for (clistiter *i = now->sel_perm_flags ? clist_begin(now->sel_perm_flags) : NULL; i;
		i = clist_next(i)) {
		const struct mailimap_flag_perm *flag = clist_content(i);
		if (flag->fl_type == MAILIMAP_FLAG_PERM_ALL)
			return true;
		if (flag->fl_flag->fl_type == MAILIMAP_FLAG_KEYWORD
			&& g_ascii_strcasecmp(flag->fl_flag->fl_data.fl_keyword, keyword) == 0)
			return true;
	}
	return !now->sel_perm_flags;
}

bool imap_mark(struct imap *s, const GArray *uids, const char *keyword, GError **error)
{
	if (!keyword_is_atom(keyword)) {
		g_set_error_literal(error, NET_ERROR, NET_ERROR_VALUE,
			"the keyword holds a character that IMAP does not allow there");
		return false;
	}
	if (!imap_selected(s, error))
		return false;
	if (!uids->len || !keyword_is_kept(s, keyword))
		return true;
	struct mailimap_flag_list *flags = imap_must(mailimap_flag_list_new_empty());
	mailimap_flag_list_add(flags, imap_must(mailimap_flag_new_flag_keyword(imap_must(strdup(keyword)))));
	struct mailimap_store_att_flags *store =
		imap_must(mailimap_store_att_flags_new_add_flags_silent(flags));
	struct mailimap_set *set = imap_set(uids, 0, uids->len);
	imap_stream_command(s, IMAP_ANSWER);
	int r = mailimap_uid_store(s->im, set, store);
	mailimap_set_free(set);
	mailimap_store_att_flags_free(store);
	imap_count(s);
	/* NO is how a folder without PERMANENTFLAGS says that it keeps none; BAD and a dead stream are
	 * other codes. */
	return r == MAILIMAP_NO_ERROR || (r == MAILIMAP_ERROR_UID_STORE && !s->guard.why && !tls_why(s->tls))
		|| imap_fail(s, r, "UID STORE", error);
}

static int imap_move_once(struct imap *s, const GArray *uids, const char *name)
{
	struct mailimap_set *set = imap_set(uids, 0, uids->len);
	imap_stream_command(s, IMAP_ANSWER);
	int r = (s->has_move ? mailimap_uid_move : mailimap_uid_copy)(s->im, set, name);
	mailimap_set_free(set);
	imap_count(s);
	return r;
}

bool imap_move(struct imap *s, const GArray *uids, const char *folder, GError **error)
{
	g_autofree char *name = imap_folder_name(folder, error);
	if (!name || !imap_selected(s, error))
		return false;
	if (!uids->len)
		return true;
	int r = imap_move_once(s, uids, name);
	if (r == MAILIMAP_ERROR_UID_MOVE || r == MAILIMAP_ERROR_UID_COPY) {
		imap_stream_command(s, IMAP_ANSWER);
		r = mailimap_create(s->im, name);
		if (r == MAILIMAP_NO_ERROR || r == MAILIMAP_ERROR_CREATE)
			r = imap_move_once(s, uids, name);
	}
	if (r != MAILIMAP_NO_ERROR)
		return imap_fail(s, r, s->has_move ? "UID MOVE" : "UID COPY", error);
	return s->has_move || imap_mark(s, uids, MARK_MOVED, error);
}
