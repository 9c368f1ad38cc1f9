/* imap_session: what the files of the IMAP client share; only imap*.c include it. The contract is imap.h. */
#pragma once
#include "gateway/imap.h"
#include "gateway/imap_guard.h"
#include "gateway/tls.h"
#include <libetpan/libetpan.h>

#define IMAP_ANSWER (1024 * 1024) /* bytes of an ordinary answer */

struct imap {
	struct tls *tls;
	mailimap *im;              /* owns the mailstream, which owns nothing of ours */
	struct imap_guard guard;
	GArray *sizes;             /* struct imap_mail of the last imap_list: how to cut fetches */
	gint64 max_mail;
	gint64 command_start;      /* monotonic microseconds */
	guint command_seconds;
	guint32 told;              /* messages the caller has been told of, less those expunged since */
	bool dead, has_idle, has_move;
	mailstream_low_driver driver;
};

/* imap_stream.c: libetpan's stream on tls + guard, and our own lines for what libetpan does badly. */
mailstream *imap_stream_new(struct imap *s);
/* A command begins: deadline, and how many bytes its answer may have. */
void imap_stream_command(struct imap *s, gint64 max_answer);
bool imap_stream_send(struct imap *s, const char *bytes);
/* One line without its end; false: dead. */
bool imap_stream_line(struct imap *s, GString *line);
/* Bytes that wait inside libetpan's buffer, where poll cannot see them. */
gsize imap_stream_buffered(const struct imap *s);

/* imap_login.c: from greeting to authenticated. */
bool imap_login_start(struct imap *s, const struct imap_options *o, GError **error);

/* imap_name.c: UTF-8 folder name to modified UTF-7 (RFC 3501 5.1.3). NULL: not UTF-8, or a control
 * character. */
char *imap_name_encode(const char *folder);

/* imap.c: writes the one sentence about a failed command and kills the session. Always false. */
bool imap_fail(struct imap *s, int code, const char *doing, GError **error);
bool imap_fail_with(struct imap *s, enum net_error code, GError **error, const char *format, ...)
	G_GNUC_PRINTF(4, 5);
/* After each command: messages expunged meanwhile no longer count as told. */
void imap_count(struct imap *s);
/* Alive and a folder is selected, or the error. */
bool imap_selected(struct imap *s, GError **error);
/* p, or the end: libetpan says NULL for no memory. */
void *imap_must(void *p);
guint32 imap_uid_at(const GArray *uids, guint i);
/* uids[from, to) with consecutive ones as ranges. */
struct mailimap_set *imap_set(const GArray *uids, guint from, guint to);
/* One UID FETCH (UID att) of a set, which it frees; `each` sees every complete answer as it comes. */
int imap_uid_fetch(struct imap *s, struct mailimap_set *set, struct mailimap_fetch_att *att,
	mailimap_msg_att_handler *each, void *data);
/* imap_list.c: order of struct imap_mail. */
int imap_list_by_uid(gconstpointer a, gconstpointer b);
