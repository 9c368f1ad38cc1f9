/* shared: one anonymous page and a few eventfds, made before the first fork. Only single words are shared, each atomic. */
#include "gateway/shared.h"
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>
#include "gateway/clock.h"

struct chair {
	_Atomic gint64 until;   /* clock_monotonic_ms at which its patience is over; 0: not begun */
	_Atomic guint64 quiet;  /* count of works up to which nothing was left to do, plus one; 0: busy */
	_Atomic guint flags;
	int ear;
};

struct shared {
	guint seats;
	bool once;
	int bell;
	_Atomic guint64 works;
	struct chair chairs[SEATS];
};

static int event_new(void)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	if (fd < 0)
		g_error("no eventfd: %m");
	return fd;
}

struct shared *shared_new(guint seats, bool once)
{
	struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED)
		g_error("no shared memory: %m");
	s->seats = seats;
	s->once = once;
	s->bell = event_new();
	for (guint i = 0; i < seats; i++)
		s->chairs[i].ear = event_new();
	return s;
}

void shared_free(struct shared *s)
{
	close(s->bell);
	for (guint i = 0; i < s->seats; i++)
		close(s->chairs[i].ear);
	munmap(s, sizeof *s);
}

bool shared_once(const struct shared *s)
{
	return s->once;
}

void shared_beat(struct shared *s, enum seat seat, gint64 patience)
{
	s->chairs[seat].until = clock_monotonic_ms() + patience;
}

bool shared_overdue(const struct shared *s, enum seat seat, gint64 now_ms)
{
	gint64 until = s->chairs[seat].until;

	return until && now_ms > until;
}

/* An eventfd that is full is readable, which is all that is wanted. */
static void ring(int fd)
{
	guint64 one = 1;

	if (write(fd, &one, sizeof one) < 0)
		return;
}

static void hear(int fd)
{
	guint64 count;

	if (read(fd, &count, sizeof count) < 0)
		return;
}

int shared_ear(const struct shared *s, enum seat seat)
{
	return s->chairs[seat].ear;
}

void shared_hear(const struct shared *s, enum seat seat)
{
	hear(s->chairs[seat].ear);
}

void shared_ring(struct shared *s, enum seat seat)
{
	ring(s->chairs[seat].ear);
}

void shared_ring_postmen(struct shared *s)
{
	for (guint i = SEAT_POSTMAN; i < s->seats; i++)
		ring(s->chairs[i].ear);
}

int shared_bell(const struct shared *s)
{
	return s->bell;
}

static void toll(struct shared *s)
{
	ring(s->bell);
}

void shared_hear_bell(const struct shared *s)
{
	hear(s->bell);
}

void shared_work(struct shared *s)
{
	atomic_fetch_add(&s->works, 1);
}

guint64 shared_works(const struct shared *s)
{
	return s->works;
}

void shared_quiet(struct shared *s, enum seat seat, guint64 works)
{
	guint64 before = atomic_exchange(&s->chairs[seat].quiet, works + 1);

	if (s->once && before != works + 1)
		toll(s);
}

/* A seat that is done looks at nothing more: whoever makes work for it would be the fetcher's server, which it has emptied. */
bool shared_all_quiet(const struct shared *s)
{
	guint64 works = s->works;

	for (guint i = 0; i < s->seats; i++)
		if (!(s->chairs[i].flags & SEAT_DONE) && s->chairs[i].quiet != works + 1)
			return false;
	return works == s->works;
}

void shared_set(struct shared *s, enum seat seat, enum seat_flag flag, bool on)
{
	guint before = on ? atomic_fetch_or(&s->chairs[seat].flags, flag) : atomic_fetch_and(&s->chairs[seat].flags, ~(guint)flag);

	if (!!(before & flag) != on)
		toll(s);
}

bool shared_is(const struct shared *s, enum seat seat, enum seat_flag flag)
{
	return s->chairs[seat].flags & flag;
}

void shared_clear(struct shared *s, enum seat seat)
{
	s->chairs[seat].until = 0;
	s->chairs[seat].quiet = 0;
	s->chairs[seat].flags &= SEAT_PROVED;
}
