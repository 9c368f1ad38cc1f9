/* tls_resolve: getaddrinfo in a thread of its own; numbers need no thread. */
#include "gateway/tls_resolve.h"
#include "gateway/net_error.h"
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Shared by the asker and the thread; the last one to leave frees it, so an asker may go home before the
 * name server answers. */
struct question {
	gatomicrefcount refs;
	char *host, service[8];
	int ready, status;
	struct addrinfo *answer;
};

static void question_unref(struct question *q)
{
	if (!g_atomic_ref_count_dec(&q->refs))
		return;
	if (q->answer)
		freeaddrinfo(q->answer);
	close(q->ready);
	g_free(q->host);
	g_free(q);
}

static struct addrinfo hints(int flags)
{
	return (struct addrinfo){
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = flags | AI_NUMERICSERV};
}

static gpointer ask(gpointer data)
{
	struct question *q = data;
	struct addrinfo h = hints(AI_ADDRCONFIG);
	q->status = getaddrinfo(q->host, q->service, &h, &q->answer);
	if (q->status == EAI_NONAME || q->status == EAI_ADDRFAMILY) {
		/* A machine with loopback only has no configured family: ask again without that condition. */
		h = hints(0);
		q->status = getaddrinfo(q->host, q->service, &h, &q->answer);
	}
	guint64 one = 1;
	if (write(q->ready, &one, sizeof one) != sizeof one)
		q->status = EAI_SYSTEM;
	question_unref(q);
	return NULL;
}

static struct addrinfo *collect(struct question *q, GError **error)
{
	struct addrinfo *found = NULL;
	if (q->status)
		g_set_error(error, NET_ERROR, NET_ERROR_CONNECT, "%s: %s", q->host, gai_strerror(q->status));
	else
		found = g_steal_pointer(&q->answer);
	return found;
}

static struct addrinfo *resolve_by_thread(struct question *q, int cancel_fd, guint seconds, GError **error)
{
	g_atomic_ref_count_inc(&q->refs);
	GThread *thread = g_thread_try_new("resolve", ask, q, error);
	if (!thread) {
		question_unref(q);
		return NULL;
	}
	g_thread_unref(thread);
	struct pollfd fds[2] = {{.fd = q->ready, .events = POLLIN}, {.fd = cancel_fd, .events = POLLIN}};
	int r = TEMP_FAILURE_RETRY(poll(fds, 2, (int)MIN(seconds, 86400) * 1000));
	if (fds[0].revents)
		return collect(q, error);
	if (r > 0)
		g_set_error(error, NET_ERROR, NET_ERROR_CANCELLED, "%s: the wait for its address was ended",
			q->host);
	else
		g_set_error(error, NET_ERROR, NET_ERROR_TIMEOUT, "%s: no address after %u s", q->host, seconds);
	return NULL;
}

struct addrinfo *tls_resolve(const char *host, guint port, int cancel_fd, guint seconds, GError **error)
{
	struct addrinfo *found = NULL, h = hints(AI_NUMERICHOST);
	char service[8];
	g_snprintf(service, sizeof service, "%u", port);
	/* RFC 6761 6.3: localhost is the loopback address and no question for a name server, hosts file or not. */
	const char *number = g_ascii_strcasecmp(host, "localhost") == 0 ? "127.0.0.1" : host;
	if (getaddrinfo(number, service, &h, &found) == 0)
		return found;
	struct question *q = g_new0(struct question, 1);
	g_atomic_ref_count_init(&q->refs);
	q->host = g_strdup(host);
	memcpy(q->service, service, sizeof service);
	q->ready = eventfd(0, EFD_CLOEXEC);
	found = resolve_by_thread(q, cancel_fd, seconds, error);
	question_unref(q);
	return found;
}
