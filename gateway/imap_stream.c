/* imap_stream: the road between libetpan and the verified TLS stream. libetpan's own drivers return 0 at
 * the end of the stream, on which its parser spins for ever, and verify no certificate; this one never
 * returns 0 and shows every byte to the guard first.
 */
#include "gateway/imap_session.h"
#include <string.h>

#define STREAM_BUFFER 8192     /* larger reads go straight into the literal, so mails are copied once only */
#define SLOWEST (64 * 1024)    /* bytes a second; slower than this is no server but a drip */

/* An announced literal may take its time, but no more: what drips slower than SLOWEST meets the deadline. */
static void stream_stretch(struct imap *s)
{
	gint64 allowed = (gint64)s->command_seconds + s->guard.announced / SLOWEST;
	gint64 left = allowed - (g_get_monotonic_time() - s->command_start) / G_USEC_PER_SEC;
	tls_deadline(s->tls, (guint)MAX(left, 0));
}

static ssize_t stream_read(mailstream_low *low, void *buffer, size_t n)
{
	struct imap *s = low->data;
	if (s->dead || s->guard.why)
		return -1;
	gssize got = tls_read(s->tls, buffer, n);
	if (got <= 0)
		return -1;
	gint64 announced = s->guard.announced;
	if (!imap_guard_feed(&s->guard, buffer, (gsize)got))
		return -1;
	if (s->guard.announced / SLOWEST > announced / SLOWEST)
		stream_stretch(s);
	return got;
}

static ssize_t stream_write(mailstream_low *low, const void *buffer, size_t n)
{
	struct imap *s = low->data;
	return s->dead ? -1 : tls_write(s->tls, buffer, n);
}

static int stream_close(mailstream_low *low)
{
	return 0;
}

static int stream_fd(mailstream_low *low)
{
	return -1; /* nobody but tls_wait polls */
}

static void stream_free(mailstream_low *low)
{
	free(low);
}

static void stream_cancel(mailstream_low *low)
{
}

static struct mailstream_cancel *stream_get_cancel(mailstream_low *low)
{
	return NULL;
}

static carray *stream_chain(mailstream_low *low)
{
	return NULL;
}

mailstream *imap_stream_new(struct imap *s)
{
	s->driver = (mailstream_low_driver){
		.mailstream_read = stream_read,
		.mailstream_write = stream_write,
		.mailstream_close = stream_close,
		.mailstream_get_fd = stream_fd,
		.mailstream_free = stream_free,
		.mailstream_cancel = stream_cancel,
		.mailstream_get_cancel = stream_get_cancel,
		.mailstream_get_certificate_chain = stream_chain,
	};
	mailstream_low *low = mailstream_low_new(s, &s->driver);
	if (!low)
		g_error("out of memory");
	mailstream *stream = mailstream_new(low, STREAM_BUFFER);
	if (!stream)
		g_error("out of memory");
	return stream;
}

void imap_stream_command(struct imap *s, gint64 max_answer)
{
	imap_guard_command(&s->guard, max_answer);
	s->command_start = g_get_monotonic_time();
	tls_deadline(s->tls, s->command_seconds);
}

bool imap_stream_send(struct imap *s, const char *bytes)
{
	mailstream *stream = s->im->imap_stream;
	return mailstream_write(stream, bytes, strlen(bytes)) >= 0 && mailstream_flush(stream) == 0;
}

bool imap_stream_line(struct imap *s, GString *line)
{
	MMAPString *buffer = mmap_string_new("");
	bool ok = buffer && mailstream_read_line_remove_eol(s->im->imap_stream, buffer);
	g_string_truncate(line, 0);
	if (ok)
		g_string_append_len(line, buffer->str, (gssize)buffer->len);
	if (buffer)
		mmap_string_free(buffer);
	return ok;
}

gsize imap_stream_buffered(const struct imap *s)
{
	return s->im->imap_stream->read_buffer_len;
}
