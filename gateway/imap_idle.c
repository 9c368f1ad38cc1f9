/* imap_idle: waiting for mail (RFC 2177), by hand.
 *
 * libetpan's IDLE loses wake-ups: `+ idling` and `* n EXISTS` in one TLS record leave the second line in a
 * buffer that poll cannot see, and an EXISTS before the `+` makes it fail. And a mail announced in the
 * answer to an earlier command is announced once only. So the count of messages decides: news is when the
 * server's count is above what the caller has been told of. A server that repeats an old count wakes
 * nobody.
 */
#include "gateway/imap_session.h"
#include <string.h>

#define IDLE_TAG "gwI"
#define IDLE_STEP 540        /* seconds; many servers and firewalls cut at 10 minutes, RFC 2177 says 29 */
#define NOOP_STEP 30
#define IDLE_ANSWER (1024 * 1024)

enum idle_line { IDLE_OTHER, IDLE_READY, IDLE_DONE, IDLE_REFUSED, IDLE_BYE };

static bool idle_news(const struct imap *s)
{
	const struct mailimap_selection_info *now = s->im->imap_selection_info;
	return now && now->sel_exists > s->told;
}

static void idle_numbered(struct imap *s, const char *line)
{
	char *word = NULL;
	guint64 n = g_ascii_strtoull(line, &word, 10);
	struct mailimap_selection_info *now = s->im->imap_selection_info;
	if (word == line || *word != ' ' || n > G_MAXUINT32)
		return;
	if (g_ascii_strcasecmp(word + 1, "EXISTS") == 0)
		now->sel_exists = (guint32)n;
	if (g_ascii_strcasecmp(word + 1, "EXPUNGE") == 0) {
		now->sel_exists -= now->sel_exists > 0;
		s->told -= s->told > 0;
	}
}

static enum idle_line idle_read(struct imap *s, const char *line)
{
	if (line[0] == '+')
		return IDLE_READY;
	if (g_str_has_prefix(line, IDLE_TAG " "))
		return g_ascii_strncasecmp(line + strlen(IDLE_TAG " "), "OK", 2) == 0 ? IDLE_DONE
										      : IDLE_REFUSED;
	if (!g_str_has_prefix(line, "* "))
		return IDLE_OTHER;
	if (g_ascii_strncasecmp(line + 2, "BYE", 3) == 0)
		return IDLE_BYE;
	idle_numbered(s, line + 2);
	return IDLE_OTHER;
}

/* Reads until a line of one of the two wanted kinds; -1: dead. */
static int idle_until(struct imap *s, enum idle_line wanted, enum idle_line other, GError **error)
{
	g_autoptr(GString) line = g_string_new(NULL);
	while (imap_stream_line(s, line)) {
		enum idle_line kind = idle_read(s, line->str);
		if (kind == IDLE_BYE) {
			imap_fail_with(s, NET_ERROR_CONNECT, error, "the server ends the session: %s",
				line->str + 2);
			return -1;
		}
		if (kind == wanted || kind == other)
			return (int)kind;
	}
	imap_fail(s, MAILIMAP_ERROR_STREAM, "IDLE", error);
	return -1;
}

/* Waits inside IDLE: 1 news or anything said, 0 time over, -1 dead. Buffered bytes come before any poll. */
static int idle_wait(struct imap *s, gint64 end, GError **error)
{
	g_autoptr(GString) line = g_string_new(NULL);
	while (!idle_news(s)) {
		gint64 left = (end - g_get_monotonic_time() + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
		tls_deadline(s->tls, (guint)MAX(left, 0));
		int r = imap_stream_buffered(s) ? 1 : tls_wait(s->tls);
		if (r == 0 || left <= 0)
			return 0;
		imap_stream_command(s, IDLE_ANSWER);
		bool ok = r > 0 && imap_stream_line(s, line);
		if (ok && idle_read(s, line->str) == IDLE_BYE) {
			imap_fail_with(s, NET_ERROR_CONNECT, error, "the server ends the session: %s",
				line->str + 2);
			return -1;
		}
		if (!ok) {
			imap_fail(s, MAILIMAP_ERROR_STREAM, "IDLE", error);
			return -1;
		}
	}
	return 1;
}

static int idle_once(struct imap *s, gint64 end, GError **error)
{
	imap_stream_command(s, IDLE_ANSWER);
	if (!imap_stream_send(s, IDLE_TAG " IDLE\r\n")) {
		imap_fail(s, MAILIMAP_ERROR_STREAM, "IDLE", error);
		return -1;
	}
	int kind = idle_until(s, IDLE_READY, IDLE_REFUSED, error);
	if (kind == IDLE_REFUSED)
		s->has_idle = false;
	if (kind != IDLE_READY)
		return kind < 0 ? -1 : idle_news(s);
	int news = idle_wait(s, end, error);
	if (news < 0)
		return -1;
	imap_stream_command(s, IDLE_ANSWER);
	if (!imap_stream_send(s, "DONE\r\n")) {
		imap_fail(s, MAILIMAP_ERROR_STREAM, "IDLE", error);
		return -1;
	}
	if (idle_until(s, IDLE_DONE, IDLE_REFUSED, error) < 0)
		return -1;
	return idle_news(s);
}

static int noop_once(struct imap *s, gint64 end, GError **error)
{
	imap_stream_command(s, IDLE_ANSWER);
	int r = mailimap_noop(s->im);
	if (r != MAILIMAP_NO_ERROR) {
		imap_fail(s, r, "NOOP", error);
		return -1;
	}
	imap_count(s);
	gint64 left = (end - g_get_monotonic_time() + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
	if (idle_news(s) || left <= 0)
		return idle_news(s);
	/* Waiting on the socket instead of sleeping: a cancel or a closed connection ends it at once. */
	tls_deadline(s->tls, (guint)MIN(left, NOOP_STEP));
	if (!imap_stream_buffered(s) && tls_wait(s->tls) < 0) {
		imap_fail(s, MAILIMAP_ERROR_STREAM, "NOOP", error);
		return -1;
	}
	return 0;
}

int imap_idle(struct imap *s, guint seconds, GError **error)
{
	gint64 end = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
	if (s->dead || !s->im->imap_selection_info) {
		imap_fail_with(s, NET_ERROR_PROTOCOL, error, "no folder is selected");
		return -1;
	}
	do {
		if (idle_news(s))
			return 1;
		gint64 step = MIN(end, g_get_monotonic_time() + (gint64)IDLE_STEP * G_USEC_PER_SEC);
		int r = (s->has_idle ? idle_once : noop_once)(s, step, error);
		if (r != 0)
			return r;
	} while (g_get_monotonic_time() < end);
	return 0;
}
