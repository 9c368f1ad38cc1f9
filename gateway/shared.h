/* shared: the little memory that the processes of one gateway share. It says who is alive and when there is work; it holds no
 * work itself: that is in the database, and any process may die at any instruction.
 *
 * Each process has a seat. Work made for others is first committed, then counted (shared_work), then rung. A process that
 * finds nothing left to do says so for the count it saw before it looked; when all seats say so for the
 * newest count, nothing is left to do anywhere (`run --once`).
 */
#pragma once
#include <glib.h>
#include <stdbool.h>

enum seat { SEAT_FETCHER, SEAT_KEEPER, SEAT_POSTMAN, SEAT_POSTMAN_LAST = SEAT_POSTMAN + 7, SEATS, SEAT_NONE = SEATS };

struct shared;
/* Before the first fork; aborts when the system gives no memory or descriptors. `seats` are used. */
struct shared *shared_new(guint seats, bool once);
void shared_free(struct shared *s);
bool shared_once(const struct shared *s);

/* The seat's process is well, and will say so again within `patience` milliseconds. */
void shared_beat(struct shared *s, enum seat seat, gint64 patience);
/* Is it over that time? */
bool shared_overdue(const struct shared *s, enum seat seat, gint64 now_ms);

/* Descriptor (eventfd) that becomes readable when the seat is rung; read it with shared_hear. */
int shared_ear(const struct shared *s, enum seat seat);
void shared_hear(const struct shared *s, enum seat seat);
void shared_ring(struct shared *s, enum seat seat);
void shared_ring_postmen(struct shared *s);
/* The supervisor's own bell: someone is up, quiet, or ends. */
int shared_bell(const struct shared *s);
void shared_hear_bell(const struct shared *s);

/* Work was committed for others. */
void shared_work(struct shared *s);
guint64 shared_works(const struct shared *s);
/* Nothing left to do, as of that count. */
void shared_quiet(struct shared *s, enum seat seat, guint64 works);
bool shared_all_quiet(const struct shared *s);

/* Flags of a seat, set by its process, read by the supervisor. */
enum seat_flag {
	SEAT_UP = 1,   /* has begun its work (the fetcher: has logged in, or is trying again) */
	SEAT_DONE = 2, /* --once: ends because there is nothing more for it, not because it died */
	SEAT_DOWN = 4, /* its server does not answer */
	SEAT_PROVED = 8, /* of the fetcher, and of the first postman for all: its server once took the login. It outlives the process */
};
void shared_set(struct shared *s, enum seat seat, enum seat_flag flag, bool on);
bool shared_is(const struct shared *s, enum seat seat, enum seat_flag flag);
/* A new process takes the seat. */
void shared_clear(struct shared *s, enum seat seat);
