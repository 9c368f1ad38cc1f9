/* duty: see the header. */
#include "gateway/duty.h"
#include <poll.h>
#include <sysexits.h>
#include "gateway/clock.h"
#include "gateway/error.h"
#include "gateway/log.h"
#include "gateway/net_error.h"

bool duty_stopped(const struct duty *d)
{
	struct pollfd stop = { .fd = d->stop, .events = POLLIN };

	return poll(&stop, 1, 0) > 0;
}

void duty_wait(const struct duty *d, gint64 ms)
{
	struct pollfd polls[] = { { .fd = d->stop, .events = POLLIN }, { .fd = shared_ear(d->shared, d->seat), .events = POLLIN } };

	poll(polls, G_N_ELEMENTS(polls), (int)CLAMP(ms, -1, G_MAXINT));
	shared_hear(d->shared, d->seat);
}

bool duty_outlasts(const struct duty *d, const GError *why)
{
	bool server = why->domain == NET_ERROR || why->domain == CONFIG_ERROR;

	return server && shared_is(d->shared, MIN(d->seat, SEAT_POSTMAN), SEAT_PROVED);
}

int duty_fail(GError *error)
{
	bool halt = error_class_of(error) == ERROR_HALT;
	int status = halt ? error_status(error) : EX_TEMPFAIL;

	log_error(halt ? "halt" : "ends", error, NULL);
	g_error_free(error);
	return status;
}

/* A quarter of jitter: many gateways that lost one server do not come back in one second. */
void backoff_fail(struct backoff *b, const char *reason)
{
	bool news = g_strcmp0(b->reason, reason) != 0;

	b->delay = b->reason ? MIN(b->delay * 2, b->most) : b->first;
	b->until = clock_monotonic_ms() + b->delay - g_random_int_range(0, (gint32)MAX(b->delay / 4, 1));
	if (!news)
		return;
	log_warning(b->event, "reason", reason, NULL);
	g_free(b->reason);
	b->reason = g_strdup(reason);
}

void backoff_ok(struct backoff *b)
{
	g_autofree char *event = b->reason ? g_strconcat(b->event, "_over", NULL) : NULL;

	if (event)
		log_event(event, NULL);
	g_clear_pointer(&b->reason, g_free);
	b->until = 0;
}

gint64 backoff_left(const struct backoff *b)
{
	return b->reason ? MAX(b->until - clock_monotonic_ms(), 0) : 0;
}
