/* crew: see the header. Everything here is non-blocking; the keeper's loop waits. */
#include "gateway/crew.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include "gateway/clock.h"
#include "gateway/frame.h"
#include "gateway/log.h"

enum {
	LOAD = 1 << 20, /* bytes given to one reader before the next gets some: enough that it never idles */
	PIECES = 32,       /* of one sendmsg */
	STILLBORN_MOST = 5,
	LOOK_MS = 200,     /* how often the clock is looked at while mails are in hand */
	SLOW_MS = 500,     /* at one mail: what waits behind it goes to others */
};

struct job {
	struct frame head;
	GBytes *raw;
};

/* One reader. */
struct hand {
	struct child child; /* fd < 0: nobody */
	GQueue jobs;        /* given to it, oldest first; the first `sent` of them wholly written */
	guint sent, answered;
	gsize part;         /* bytes written of the next */
	gsize bytes;
	struct frame_buffer *in;
	gint64 seen;        /* what it was at when last looked, */
	gint64 since;       /* and since when */
	bool slow;          /* what it has beside that one mail is no longer its */
};

struct crew {
	struct crew_options o;
	struct hand *hands;
	GQueue waiting;
	guint mails, stillborn;
	gsize bytes;
	bool dead;
};

static void job_free(struct job *j)
{
	g_bytes_unref(j->raw);
	g_free(j);
}

static void fork_reader(struct crew *c, guint i)
{
	struct hand *h = &c->hands[i];

	if (!nursery_fork(c->o.nursery, i, &h->child)) {
		h->child.fd = -1;
		c->dead = true;
		return;
	}
	h->in = frame_buffer_new(READER_ANSWER_MOST);
	h->sent = h->answered = 0;
	h->part = h->bytes = 0;
	h->seen = 0;
	h->slow = false;
	h->since = clock_monotonic_ms();
}

struct crew *crew_new(const struct crew_options *o)
{
	struct crew *c = g_new0(struct crew, 1);

	c->o = *o;
	c->hands = g_new0(struct hand, o->readers);
	g_queue_init(&c->waiting);
	for (guint i = 0; i < o->readers; i++) {
		g_queue_init(&c->hands[i].jobs);
		fork_reader(c, i);
	}
	return c;
}

static void hand_close(struct hand *h)
{
	if (h->child.fd < 0)
		return;
	pidfd_send_signal(h->child.pidfd, SIGKILL, NULL, 0);
	close(h->child.pidfd);
	close(h->child.fd);
	h->child.fd = -1;
	g_clear_pointer(&h->in, frame_buffer_free);
}

void crew_free(struct crew *c)
{
	if (!c)
		return;
	for (guint i = 0; i < c->o.readers; i++) {
		hand_close(&c->hands[i]);
		g_queue_clear_full(&c->hands[i].jobs, (GDestroyNotify)job_free);
	}
	g_queue_clear_full(&c->waiting, (GDestroyNotify)job_free);
	g_free(c->hands);
	g_free(c);
}

guint crew_mails(const struct crew *c)
{
	return c->mails;
}

gsize crew_bytes(const struct crew *c)
{
	return c->bytes;
}

/* Takes the job. */
static void finish(struct crew *c, struct job *j, struct facts *facts, const char *reason)
{
	c->mails--;
	c->bytes -= j->head.length;
	c->o.done(j->head.id, facts, reason, c->o.data);
	job_free(j);
}

/* As many jobs as one call takes. A reader that is gone is seen when it is heard: its last answers are still to be read. */
static void send_some(struct hand *h)
{
	struct iovec pieces[PIECES];
	struct msghdr m = { .msg_iov = pieces };
	gsize skip = h->part;
	gssize n;

	for (GList *at = g_queue_peek_nth_link(&h->jobs, h->sent); at && m.msg_iovlen + 2 <= PIECES; at = at->next) {
		struct job *j = at->data;

		pieces[m.msg_iovlen++] = (struct iovec){ &j->head, sizeof j->head };
		pieces[m.msg_iovlen++] = (struct iovec){ (void *)g_bytes_get_data(j->raw, NULL), j->head.length };
	}
	for (gsize i = 0; i < m.msg_iovlen && skip; i++) { /* what went with the last call */
		gsize cut = MIN(skip, pieces[i].iov_len);

		pieces[i].iov_base = (char *)pieces[i].iov_base + cut;
		pieces[i].iov_len -= cut;
		skip -= cut;
	}
	n = sendmsg(h->child.fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0)
		return;
	for (h->part += (gsize)n; h->sent < h->jobs.length; h->sent++) {
		const struct job *j = g_queue_peek_nth(&h->jobs, h->sent);

		if (h->part < sizeof j->head + j->head.length)
			break;
		h->part -= sizeof j->head + j->head.length;
	}
}

static void give_to(struct hand *h, struct job *j)
{
	if (!h->jobs.length)
		h->since = clock_monotonic_ms();
	g_queue_push_tail(&h->jobs, j);
	h->bytes += j->head.length;
}

/* The reader with the least to do gets the next mail; none gets more than LOAD, but anyone may have one. */
static void spread(struct crew *c)
{
	while (c->waiting.length) {
		struct hand *best = NULL;

		for (guint i = 0; i < c->o.readers; i++) {
			struct hand *h = &c->hands[i];

			if (h->child.fd >= 0 && !h->slow && (!best || h->bytes < best->bytes))
				best = h;
		}
		if (!best || (best->jobs.length && best->bytes >= LOAD))
			return;
		give_to(best, g_queue_pop_head(&c->waiting));
	}
}

/* The mail whose answer is awaited; 0: none. */
static gint64 awaited(const struct hand *h)
{
	return h->sent ? ((struct job *)h->jobs.head->data)->head.id : 0;
}

/* The reader in place i is no more of use. `current` is the mail it dies at, 0: none; `reason` is what that mail is told. */
static void bury(struct crew *c, guint i, gint64 current, const char *reason)
{
	struct hand *h = &c->hands[i];
	struct job *j, *culprit = NULL;

	hand_close(h);
	c->stillborn = h->answered || current ? 0 : c->stillborn + 1;
	while ((j = g_queue_pop_tail(&h->jobs))) { /* from behind, so that the oldest comes to stand first again */
		if (j->head.id == current)
			culprit = j;
		else
			g_queue_push_head(&c->waiting, j);
	}
	if (culprit)
		finish(c, culprit, NULL, reason);
	if (c->stillborn > STILLBORN_MOST)
		c->dead = true;
	else
		fork_reader(c, i);
}

static bool take_answer(struct crew *c, struct hand *h, const struct frame *head, const char *json)
{
	struct job *j = g_queue_peek_head(&h->jobs);
	g_autoptr(GError) why = NULL;
	struct facts *facts;

	if (!h->sent || head->id != j->head.id)
		return false;
	facts = facts_from_json(json, head->length, &why);
	if (!facts)
		return false;
	g_queue_pop_head(&h->jobs);
	h->sent--;
	h->answered++;
	h->bytes -= j->head.length;
	h->since = clock_monotonic_ms();
	finish(c, j, facts, NULL);
	return true;
}

static void hear(struct crew *c, guint i)
{
	struct hand *h = &c->hands[i];
	struct frame head;
	const char *json;
	enum frame_state state;
	gssize n = frame_fill(h->in, h->child.fd);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		bury(c, i, h->child.bench->current, "reader_died");
		return;
	}
	while ((state = frame_next(h->in, &head, &json)) == FRAME_WHOLE && !(h->slow && !h->jobs.length))
		if (!take_answer(c, h, &head, json))
			break;
	if (h->slow && !h->jobs.length)
		bury(c, i, 0, NULL); /* it goes on with mails that others have by now */
	else if (state != FRAME_PART)
		bury(c, i, awaited(h), "reader_garbage"); /* by now it may be at the mail behind */
}

/* The mails behind a slow one must not wait for it. */
static void relieve(struct crew *c, struct hand *h)
{
	h->slow = true;
	while (h->jobs.length > 1) {
		struct job *j = g_queue_pop_tail(&h->jobs);

		h->bytes -= j->head.length;
		g_queue_push_head(&c->waiting, j);
	}
	h->sent = MIN(h->sent, 1);
}

/* Time is counted while the reader is at the same mail; one that claims to do nothing while mails wait is as bad. */
static void look_at_clock(struct crew *c, guint i, gint64 now)
{
	struct hand *h = &c->hands[i];
	gint64 current = h->child.bench->current;

	if (h->child.fd < 0)
		return;
	if (!h->jobs.length || (current && current != h->seen)) {
		h->seen = current;
		h->since = now;
	}
	if (now - h->since > c->o.seconds * 1000)
		bury(c, i, current ? current : awaited(h), "reader_overran");
	else if (h->jobs.length > 1 && h->sent && now - h->since > SLOW_MS)
		relieve(c, h);
}

void crew_give(struct crew *c, gint64 id, GBytes *raw, gint64 now)
{
	struct job *j = g_new(struct job, 1);

	j->head = (struct frame){ .id = id, .now = now, .length = (guint32)g_bytes_get_size(raw), .mark = FRAME_MARK };
	j->raw = g_bytes_ref(raw);
	c->mails++;
	c->bytes += j->head.length;
	g_queue_push_tail(&c->waiting, j);
}

/* What was given is written here, so that many mails share a call. */
static void write_all(struct crew *c)
{
	spread(c);
	for (guint i = 0; i < c->o.readers; i++)
		if (c->hands[i].child.fd >= 0 && c->hands[i].sent < c->hands[i].jobs.length)
			send_some(&c->hands[i]);
}

guint crew_polls(struct crew *c, struct pollfd *polls, int *timeout)
{
	write_all(c);
	for (guint i = 0; i < c->o.readers; i++) {
		const struct hand *h = &c->hands[i];

		polls[i] = (struct pollfd){ .fd = h->child.fd, .events = POLLIN };
		if (h->sent < h->jobs.length)
			polls[i].events |= POLLOUT;
	}
	polls[c->o.readers] = (struct pollfd){ .fd = nursery_fd(c->o.nursery), .events = POLLIN };
	if (c->mails && (*timeout < 0 || *timeout > LOOK_MS))
		*timeout = LOOK_MS;
	return c->o.readers + 1;
}

bool crew_turn(struct crew *c, const struct pollfd *polls, guint n)
{
	gint64 now = clock_monotonic_ms();

	if (polls[n - 1].revents)
		return false;
	for (guint i = 0; i + 1 < n; i++) {
		if (polls[i].fd >= 0 && polls[i].fd == c->hands[i].child.fd && polls[i].revents & (POLLIN | POLLHUP | POLLERR))
			hear(c, i);
		look_at_clock(c, i, now);
	}
	return !c->dead;
}
