/* keeper: see the header. A lone mail is applied the moment its facts are there; under load up to two hundred share a commit.
 *
 * Mails are applied in the order of the ledger, though several readers finish in any order: of two answers of one
 * person the later one counts. Only a mail that takes its reader long no longer holds back those behind it.
 */
#include "gateway/keeper.h"
#include <poll.h>
#include <string.h>
#include <sysexits.h>
#include "gateway/clock.h"
#include "gateway/crew.h"
#include "gateway/error.h"
#include "gateway/fault.h"
#include "gateway/log.h"
#include "gateway/profile.h"
#include "queue/apply.h"
#include "queue/forget.h"
#include "queue/inbox.h"

enum {
	BATCH = 200,         /* mails that share a commit */
	BATCH_MS = 100,      /* or that long, */
	HOLD_MAILS = 256,    /* what is in hand at most */
	HOLD_BYTES = 8 << 20,
	CLAIM_LEAST = 32,    /* a claim is a commit of its own: not for every single mail */
	LEASE = 3600,        /* void at the next start anyhow: there is one keeper */
	LATE_MS = 500,       /* a mail that is not read by then loses its turn */
	TICK_MS = 1000,      /* when idle: operators' acts and time itself ring no bell */
	BUSY_TICK_MS = 50,
	SOON = 5,            /* --once waits for what is due within this many seconds */
	PATIENCE_MS = 60000,
	SWEEP_MS = 5000,     /* until the next sweep, when somebody's long look into the database held one up */
	FIRST_MS = 200, MOST_MS = 30000,
};

struct result {
	gint64 id;
	bool read;
	struct facts *facts; /* NULL: */
	char *reason;        /* why not */
};

struct keeper {
	const struct duty *duty;
	struct policy policy;
	struct db *db;
	struct nursery *nursery;
	struct crew *crew;
	GQueue order;            /* struct result: in hand, in the order of the ledger */
	gint64 waiting_since;    /* ms; since when some are read whose turn it is not; 0: none */
	GPtrArray *ready;        /* struct result: read, and their turn has come */
	gint64 ready_since;      /* ms */
	bool more;               /* there may be mails to claim */
	guint64 seen;            /* works counted before the last claim that found none */
	guint64 clocked;         /* and before the last clock that did nothing */
	gint64 clock_due;        /* ms */
	gint64 sweep_due;        /* ms */
	struct backoff trouble;
};

static void result_free(gpointer p)
{
	struct result *r = p;

	g_clear_pointer(&r->facts, facts_free);
	g_free(r->reason);
	g_free(r);
}

/* Moves what is read and whose turn it is; after LATE_MS everything that is read. */
static void line_up(struct keeper *k)
{
	gint64 now = clock_monotonic_ms();
	bool late = k->waiting_since && now - k->waiting_since >= LATE_MS, waiting = false;

	for (GList *l = k->order.head, *next; l && !waiting; l = next) {
		struct result *r = l->data;

		next = l->next;
		waiting = r->read && l->prev && !late;
		if (!r->read || (l->prev && !late))
			continue;
		if (!k->ready->len)
			k->ready_since = now;
		g_ptr_array_add(k->ready, r);
		g_queue_delete_link(&k->order, l);
	}
	k->waiting_since = !waiting ? 0 : k->waiting_since ? k->waiting_since : now;
}

/* crew_done */
static void mail_read(gint64 id, struct facts *facts, const char *reason, void *data)
{
	struct keeper *k = data;
	GList *l = k->order.head;

	fault_point("read");
	while (((struct result *)l->data)->id != id) /* it was claimed, so it is there */
		l = l->next;
	struct result *r = l->data;
	r->read = true;
	r->facts = facts;
	r->reason = g_strdup(reason);
}

static bool claim(struct keeper *k, GError **error)
{
	guint64 works = shared_works(k->duty->shared);
	guint held = k->order.length + k->ready->len;
	gint64 now = clock_now(), begun = profile_begin();

	if (!k->more || held + CLAIM_LEAST > HOLD_MAILS || crew_bytes(k->crew) >= HOLD_BYTES)
		return true;
	g_autoptr(GPtrArray) works_found =
		inbox_claim(k->db, HOLD_MAILS - held, HOLD_BYTES - crew_bytes(k->crew), now, LEASE, error);
	if (!works_found)
		return false;
	for (guint i = 0; i < works_found->len; i++) {
		const struct mail_work *w = g_ptr_array_index(works_found, i);

		struct result *r = g_new0(struct result, 1);

		r->id = w->id;
		g_queue_push_tail(&k->order, r);
		crew_give(k->crew, w->id, w->raw, now);
	}
	profile_end(PROFILE_CLAIM, begun, works_found->len);
	k->more = works_found->len > 0;
	if (!k->more)
		k->seen = works;
	return true;
}

/* A mail whose facts cannot be applied has its reason written into its result; anything else is the database's trouble. */
static bool apply_one(struct keeper *k, struct result *r, gint64 now, GError **error)
{
	GError *why = NULL;

	fault_point("apply");
	if (apply_mail(k->db, &k->policy, r->id, r->facts, now, &why))
		return true;
	if (error_class_of(why) != ERROR_REFUSE) {
		g_propagate_error(error, why);
		return false;
	}
	r->reason = g_strdup(why->message);
	g_clear_pointer(&r->facts, facts_free);
	g_error_free(why);
	return true;
}

/* Each in a savepoint of its own, so that a mail that cannot be applied costs only itself. */
static bool apply_each(struct keeper *k, gint64 now, GError **error)
{
	for (guint i = 0; i < k->ready->len; i++) {
		struct result *r = g_ptr_array_index(k->ready, i);

		if (r->facts && !apply_one(k, r, now, error))
			return false;
	}
	return true;
}

static bool apply_boldly(struct keeper *k, gint64 now, GError **error)
{
	for (guint i = 0; i < k->ready->len; i++) {
		struct result *r = g_ptr_array_index(k->ready, i);

		fault_point("apply");
		if (r->facts && !apply_mail_boldly(k->db, &k->policy, r->id, r->facts, now, error))
			return false;
	}
	return true;
}

static bool in_transaction(struct keeper *k, bool (*apply)(struct keeper *, gint64, GError **), gint64 now, GError **error)
{
	if (!db_begin(k->db, error))
		return false;
	if (apply(k, now, error))
		return db_commit(k->db, error);
	db_rollback(k->db);
	return false;
}

/* Nearly always all can be applied, and savepoints are felt: so only a batch that failed is applied again with them. */
static bool apply_all(struct keeper *k, gint64 now, GError **error)
{
	GError *why = NULL;

	if (in_transaction(k, apply_boldly, now, &why))
		return true;
	if (error_class_of(why) != ERROR_REFUSE) {
		g_propagate_error(error, why);
		return false;
	}
	g_error_free(why);
	return in_transaction(k, apply_each, now, error);
}

static bool strike(struct keeper *k, const struct result *r, gint64 now, GError **error)
{
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, r->id);

	log_warning("mail_struck", "mail", id, "reason", r->reason, NULL);
	k->more = true;
	return inbox_strike(k->db, r->id, r->reason, k->policy.park_after, now, error);
}

static void tell_others(struct keeper *k)
{
	shared_work(k->duty->shared);
	shared_ring_postmen(k->duty->shared);
	k->clock_due = MIN(k->clock_due, clock_monotonic_ms() + BUSY_TICK_MS);
}

/* Facts of mails that are applied are gone before a strike can fail, so that nothing is applied twice. */
static bool settle(struct keeper *k, GError **error)
{
	gint64 now = clock_now(), begun = profile_begin();

	if (!apply_all(k, now, error))
		return false;
	profile_end(PROFILE_APPLY, begun, k->ready->len);
	tell_others(k);
	for (gint i = (gint)k->ready->len - 1; i >= 0; i--)
		if (((struct result *)g_ptr_array_index(k->ready, (guint)i))->facts)
			g_ptr_array_remove_index_fast(k->ready, (guint)i);
	while (k->ready->len) {
		if (!strike(k, g_ptr_array_index(k->ready, 0), now, error))
			return false;
		g_ptr_array_remove_index(k->ready, 0);
	}
	return true;
}

static bool batch_closed(const struct keeper *k)
{
	return k->ready->len && (k->ready->len >= BATCH || !k->order.length ||
				 clock_monotonic_ms() - k->ready_since >= BATCH_MS);
}

static bool idle(const struct keeper *k)
{
	return !k->more && !k->ready->len && !k->order.length;
}

/* On its own pace, and at once when there is news and nothing else to do. */
static bool let_time_pass(struct keeper *k, GError **error)
{
	guint64 works = shared_works(k->duty->shared);
	gint64 ms = clock_monotonic_ms(), now = clock_now(), begun;
	bool did = false;

	if (ms < k->clock_due && !(idle(k) && k->clocked != works))
		return true;
	if (idle(k)) {
		k->more = inbox_next(k->db, now, NULL) == 0;
		k->seen = k->more ? k->seen : works;
	}
	begun = profile_begin();
	if (!apply_clock(k->db, &k->policy, now, &did, error))
		return false;
	profile_end(PROFILE_CLOCK, begun, 1);
	k->clock_due = ms + TICK_MS;
	if (did)
		tell_others(k);
	else
		k->clocked = works;
	return true;
}

/* When all is read: what may not be kept is in no file any more. */
static bool sweep(struct keeper *k, GError **error)
{
	gint64 now = clock_monotonic_ms();
	bool left;

	if (!idle(k) || now < k->sweep_due)
		return true;
	if (!forget_sweep(k->db, &left, error))
		return false;
	k->sweep_due = left ? now + SWEEP_MS : now;
	return true;
}

static void say_when_quiet(struct keeper *k)
{
	gint64 next;

	if (!idle(k) || k->seen != k->clocked)
		return;
	if (shared_once(k->duty->shared)) {
		next = inbox_next(k->db, clock_now(), NULL);
		if (next >= 0 && next <= clock_now() + SOON)
			return;
	}
	shared_quiet(k->duty->shared, SEAT_KEEPER, k->seen);
}

static bool work(struct keeper *k, GError **error)
{
	line_up(k);
	if (batch_closed(k) && !settle(k, error))
		return false;
	if (!claim(k, error) || !let_time_pass(k, error))
		return false;
	if (!sweep(k, error))
		return false;
	say_when_quiet(k);
	return true;
}

static int timeout(const struct keeper *k)
{
	gint64 now = clock_monotonic_ms(), left = MAX(k->clock_due - now, 0);

	if (k->trouble.reason)
		return (int)backoff_left(&k->trouble);
	if (k->ready->len)
		left = MIN(left, MAX(k->ready_since + BATCH_MS - now, 0));
	if (k->waiting_since)
		left = MIN(left, MAX(k->waiting_since + LATE_MS - now, 0));
	if (idle(k) && k->clocked != shared_works(k->duty->shared))
		left = 0;
	if (k->more && k->order.length + k->ready->len + CLAIM_LEAST <= HOLD_MAILS && crew_bytes(k->crew) < HOLD_BYTES)
		left = 0;
	return (int)left;
}

/* One wait and what came of it. false: the readers are lost. */
static bool turn(struct keeper *k)
{
	struct pollfd polls[CREW_POLLS + 2];
	int ms = timeout(k);
	guint n = crew_polls(k->crew, polls, &ms);

	polls[n] = (struct pollfd){ .fd = shared_ear(k->duty->shared, SEAT_KEEPER), .events = POLLIN };
	polls[n + 1] = (struct pollfd){ .fd = k->duty->stop, .events = POLLIN };
	if (poll(polls, n + 2, ms) < 0)
		return true;
	if (polls[n].revents) {
		shared_hear(k->duty->shared, SEAT_KEEPER);
		k->more = true;
	}
	return crew_turn(k->crew, polls, n);
}

/* Trouble that passes is waited for with everything kept in hand. false with `error`: it does not pass. */
static bool work_or_wait(struct keeper *k, GError **error)
{
	GError *why = NULL;

	if (backoff_left(&k->trouble))
		return true;
	if (work(k, &why)) {
		backoff_ok(&k->trouble);
		return true;
	}
	if (error_class_of(why) == ERROR_HALT) {
		g_propagate_error(error, why);
		return false;
	}
	backoff_fail(&k->trouble, why->message);
	g_error_free(why);
	return true;
}

static int live(struct keeper *k)
{
	GError *error = NULL;

	shared_set(k->duty->shared, SEAT_KEEPER, SEAT_UP, true);
	for (;;) {
		shared_beat(k->duty->shared, SEAT_KEEPER, PATIENCE_MS);
		if (!work_or_wait(k, &error))
			return duty_fail(error);
		if (duty_stopped(k->duty))
			break;
		if (!turn(k)) {
			log_warning("readers_lost", NULL);
			return EX_TEMPFAIL;
		}
	}
	if (k->ready->len && !settle(k, &error)) /* what is not settled is read again at the next start */
		return duty_fail(error);
	return EX_OK;
}

/* The nursery first: readers must not inherit a database. */
static bool begin(struct keeper *k, GError **error)
{
	const struct config *c = k->duty->config;

	k->nursery = nursery_start(k->duty->config, reader_serve, error);
	if (!k->nursery)
		return false;
	k->db = db_open(c->data, DB_WRITE, error);
	if (!k->db || !inbox_recover(k->db, error))
		return false;
	k->policy = config_policy(c);
	struct crew_options o = { k->nursery, (guint)c->readers, c->reader_seconds, mail_read, k };
	k->crew = crew_new(&o);
	k->ready = g_ptr_array_new_with_free_func(result_free);
	k->more = true;
	k->clocked = G_MAXUINT64;
	k->trouble = (struct backoff){ .event = "queue_trouble", .first = FIRST_MS, .most = MOST_MS };
	return true;
}

int keeper_run(const struct duty *d)
{
	struct keeper k = { .duty = d };
	GError *error = NULL;
	int status = begin(&k, &error) ? live(&k) : duty_fail(error);

	crew_free(k.crew);
	nursery_stop(k.nursery);
	db_close(k.db);
	if (k.ready)
		g_ptr_array_unref(k.ready);
	g_queue_clear_full(&k.order, result_free);
	g_free(k.trouble.reason);
	return status;
}
