/* postman: see the header. */
#include "gateway/postman.h"
#include <sysexits.h>
#include "gateway/clock.h"
#include "gateway/error.h"
#include "gateway/fault.h"
#include "gateway/log.h"
#include "gateway/profile.h"
#include "gateway/seal.h"
#include "gateway/session.h"
#include "parsers/bounce_verdict.h"
#include "queue/outbox.h"
#include "queue/trouble.h"

enum {
	BATCH = 20,
	RECORD_MS = 20,
	TICK_MS = 2000,      /* operators' acts ring no bell */
	RETRY_MS = 200,      /* the next letter is another postman's */
	SOON = 5,            /* --once waits for what is due within this many seconds */
	FIRST_MS = 1000, MOST_MS = 300000,
	ONCE_TRIES = 3,
	LOOK_MS = 20,
};

struct postman {
	const struct duty *duty;
	struct db *db;
	struct sealer *sealer;
	struct smtp *session;
	GPtrArray *unrecorded;   /* struct delivery */
	gint64 unrecorded_since; /* ms */
	bool keeper_waits;       /* what became of a list, or an address that nobody has, is among them */
	struct bounce_words *words;
	bool down;               /* the server is not there: the rest of the batch is not tried */
	guint failures;          /* in succession */
	struct backoff server, queue;
};

static void beat(const struct postman *p)
{
	shared_beat(p->duty->shared, p->duty->seat, (p->duty->config->answer_seconds * 6 + 120) * 1000);
}

static void delivery_free(gpointer data)
{
	struct delivery *d = data;

	g_free(d->answer);
	g_free(d);
}

static bool record(struct postman *p, GError **error)
{
	gint64 begun = profile_begin();

	if (!p->unrecorded->len)
		return true;
	if (!outbox_record(p->db, p->unrecorded, clock_now(), error))
		return false;
	fault_point("record");
	profile_end(PROFILE_RECORD, begun, p->unrecorded->len);
	g_ptr_array_set_size(p->unrecorded, 0);
	if (p->keeper_waits) {
		shared_work(p->duty->shared);
		shared_ring(p->duty->shared, SEAT_KEEPER);
	}
	p->keeper_waits = false;
	return true;
}

/* What the server said must not be lost: while the database cannot take it, nothing else is done. */
static bool record_surely(struct postman *p, GError **error)
{
	GError *why = NULL;

	while (!record(p, &why)) {
		if (error_class_of(why) == ERROR_HALT || duty_stopped(p->duty)) {
			g_propagate_error(error, why);
			return false;
		}
		beat(p);
		backoff_fail(&p->queue, why->message);
		g_clear_error(&why);
		duty_wait(p->duty, backoff_left(&p->queue));
	}
	backoff_ok(&p->queue);
	return true;
}

static void note(struct postman *p, const struct letter *l, enum outcome outcome, int code, const char *answer)
{
	struct delivery *d = g_new(struct delivery, 1);
	const char *fault = outcome == OUTCOME_FAILED && !l->to_ca ? bounce_verdict_of_answer(answer, p->words) : NULL;

	*d = (struct delivery){ l->id, outcome, code, g_strdup(answer), fault };
	if (!p->unrecorded->len)
		p->unrecorded_since = clock_monotonic_ms();
	g_ptr_array_add(p->unrecorded, d);
	p->keeper_waits |= fault || (l->submission && (outcome == OUTCOME_SENT || outcome == OUTCOME_FAILED));
}

static const struct { enum outcome outcome; const char *event; } outcomes[] = {
	[SMTP_ACCEPTED] = { OUTCOME_SENT, NULL },
	[SMTP_DEFERRED] = { OUTCOME_DEFERRED, "letter_deferred" },
	[SMTP_REFUSED] = { OUTCOME_FAILED, "letter_refused" },
	[SMTP_UNCERTAIN] = { OUTCOME_UNCERTAIN, "letter_uncertain" },
};

static void log_letter(const char *event, const struct letter *l, const char *reason)
{
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, l->id);

	log_warning(event, "letter", id, "name", l->name, "reason", reason, NULL);
}

static void note_down(struct postman *p, const char *reason, const char *waits_on)
{
	const struct trouble t = { "smtp", reason, waits_on };

	trouble_note(p->db, &t, clock_now(), NULL); /* a hint for people: none is no harm */
	backoff_fail(&p->server, reason);
}

static void note_up(struct postman *p)
{
	p->failures = 0;
	if (p->server.reason)
		trouble_over(p->db, "smtp", NULL);
	backoff_ok(&p->server);
	shared_set(p->duty->shared, p->duty->seat, SEAT_DOWN, false);
	shared_set(p->duty->shared, SEAT_POSTMAN, SEAT_PROVED, true);
}

static bool given_up(const struct postman *p)
{
	return shared_once(p->duty->shared) && p->failures >= ONCE_TRIES;
}

/* In a session made anew; p->session NULL: its secret cannot be read. */
static bool can_log_in(struct postman *p, GError **error)
{
	g_clear_pointer(&p->session, smtp_close);
	p->session = session_smtp(p->duty->config, error);
	return p->session && smtp_probe(p->session, error);
}

static void send_letter(struct postman *p, const struct letter *l)
{
	struct smtp_answer a = { 0 };
	gint64 begun = profile_begin();

	beat(p);
	fault_point("send");
	smtp_send(p->session, p->duty->config->from, l->to, l->frozen, &a);
	fault_point("sent");
	profile_end(PROFILE_SEND, begun, 1);
	if (a.session_down && a.outcome == SMTP_DEFERRED) {
		p->down = true;
		note(p, l, OUTCOME_UNTRIED, a.code, a.line);
		note_down(p, a.line, "gateway");
		return;
	}
	p->down = a.session_down;
	if (!a.session_down)
		note_up(p);
	if (outcomes[a.outcome].event)
		log_letter(outcomes[a.outcome].event, l, a.line);
	note(p, l, outcomes[a.outcome].outcome, a.code, a.line);
}

static bool send_all(struct postman *p, const GPtrArray *letters, GError **error)
{
	for (guint i = 0; i < letters->len; i++) {
		const struct letter *l = g_ptr_array_index(letters, i);

		if (p->down || duty_stopped(p->duty))
			note(p, l, OUTCOME_UNTRIED, 0, p->down ? "the server is not there" : "stopped");
		else
			send_letter(p, l);
		if (l->to_ca || clock_monotonic_ms() - p->unrecorded_since >= RECORD_MS)
			if (!record_surely(p, error))
				return false;
	}
	return record_surely(p, error);
}

/* Composed and signed, or found frozen. false: the letter is at fault and has its reason. */
static bool make_ready(struct postman *p, struct letter *l, gint64 now, GError **error)
{
	if (!l->frozen)
		l->frozen = seal_letter(p->sealer, p->db, l, now, error);
	if (!l->frozen)
		return false;
	if (seal_is_signed(l->frozen))
		return true;
	g_set_error_literal(error, NET_ERROR, NET_ERROR_SIGN, "the bytes are not signed; they are not sent");
	return false;
}

/* Letters that cannot be made leave the batch. false: not the letter's fault. */
static bool seal_all(struct postman *p, GPtrArray *letters, gint64 now, GError **error)
{
	for (guint i = 0; i < letters->len;) {
		struct letter *l = g_ptr_array_index(letters, i);
		g_autoptr(GError) why = NULL;

		if (make_ready(p, l, now, &why)) {
			i++;
			continue;
		}
		if (error_class_of(why) == ERROR_RETRY) {
			g_propagate_error(error, g_steal_pointer(&why));
			return false;
		}
		log_letter("letter_spoilt", l, why->message);
		if (!outbox_spoil(p->db, l->id, why->message, now, error))
			return false;
		g_ptr_array_remove_index(letters, i);
	}
	return true;
}

/* One batch. `found`: there were letters. */
static bool deliver(struct postman *p, bool *found, GError **error)
{
	gint64 now = clock_now();
	gint64 lease = BATCH * p->duty->config->answer_seconds * 2 + 600; /* longer than a batch may take */
	g_autoptr(GPtrArray) letters = NULL;
	gint64 begun;

	if (!sealer_ready(p->sealer, now, error))
		return false;
	letters = outbox_claim(p->db, BATCH, now, lease, error);
	if (!letters)
		return false;
	*found = letters->len > 0;
	if (!*found)
		return true;
	if (!seal_all(p, letters, now, error))
		return false;
	if (!letters->len)
		return true;
	fault_point("freeze");
	begun = profile_begin();
	if (!outbox_freeze(p->db, letters, now, error))
		return false;
	profile_end(PROFILE_FREEZE, begun, letters->len);
	return send_all(p, letters, error);
}

/* Nothing to send: until rung, or the next letter's time. */
static void rest(struct postman *p, guint64 works)
{
	gint64 now = clock_now(), next = outbox_next(p->db, now, NULL), ms = TICK_MS;
	bool soon = next >= 0 && next <= now + SOON;

	if (!shared_once(p->duty->shared) || !soon)
		shared_quiet(p->duty->shared, p->duty->seat, works);
	if (soon)
		ms = CLAMP((next - now) * 1000, RETRY_MS, TICK_MS);
	duty_wait(p->duty, ms);
}

/* Trouble that passes is waited for; between batches this postman holds nothing, so what it had claimed is given back. */
static bool pass(struct postman *p, GError *why, GError **error)
{
	if (error_class_of(why) == ERROR_HALT) {
		g_propagate_error(error, why);
		return false;
	}
	backoff_fail(&p->queue, why->message);
	g_error_free(why);
	duty_wait(p->duty, backoff_left(&p->queue));
	if (duty_stopped(p->duty))
		return true;
	why = NULL;
	if (!outbox_recover(p->db, p->duty->seat, clock_now(), &why))
		backoff_fail(&p->queue, why->message);
	g_clear_error(&why);
	return true;
}

static void wait_for_server(struct postman *p)
{
	for (gint64 left; (left = backoff_left(&p->server)) && !duty_stopped(p->duty);) {
		shared_beat(p->duty->shared, p->duty->seat, MOST_MS * 2);
		duty_wait(p->duty, left);
	}
}

/* Is it something that only a person can mend? The session is made anew in any case: a token may have been renewed. While
 * no login is possible no letter is touched. */
static bool server_is_down(struct postman *p, GError **error)
{
	bool halting = true;

	p->down = false;
	shared_set(p->duty->shared, p->duty->seat, SEAT_DOWN, true);
	while (halting && !duty_stopped(p->duty) && !given_up(p)) {
		GError *why = NULL;

		p->failures++;
		beat(p);
		if (can_log_in(p, &why)) {
			halting = false;
			trouble_over(p->db, "smtp", NULL);
		} else {
			halting = !p->session || error_class_of(why) == ERROR_HALT;
		}
		if (halting && !duty_outlasts(p->duty, why)) {
			g_propagate_error(error, why);
			return false;
		}
		if (halting)
			note_down(p, why->message, "operator");
		g_clear_error(&why);
		wait_for_server(p);
	}
	return true;
}

static bool turn(struct postman *p, GError **error)
{
	guint64 works = shared_works(p->duty->shared);
	GError *why = NULL;
	bool found = false;

	beat(p);
	if (!deliver(p, &found, &why))
		return pass(p, why, error);
	backoff_ok(&p->queue);
	if (p->down)
		return server_is_down(p, error);
	if (found)
		return true;
	p->failures = 0; /* another has sent it */
	shared_set(p->duty->shared, p->duty->seat, SEAT_DOWN, false);
	rest(p, works);
	return true;
}

static int live(struct postman *p)
{
	GError *error = NULL;

	shared_set(p->duty->shared, p->duty->seat, SEAT_UP, true);
	while (!duty_stopped(p->duty)) {
		if (!turn(p, &error))
			return duty_fail(error);
		if (given_up(p)) {
			shared_set(p->duty->shared, p->duty->seat, SEAT_DONE, true);
			break;
		}
	}
	return EX_OK;
}

/* A wrong password is told at the start, not when the first letter is owed. One postman asks for all, and the others touch no
 * letter before they know. A server that is away is no reason not to begin. */
static bool first_login(struct postman *p, GError **error)
{
	const struct duty *d = p->duty;
	GError *why = NULL;

	while (d->seat != SEAT_POSTMAN && !shared_is(d->shared, SEAT_POSTMAN, SEAT_PROVED | SEAT_UP) && !duty_stopped(d)) {
		beat(p);
		duty_wait(d, LOOK_MS);
	}
	if (d->seat != SEAT_POSTMAN || shared_is(d->shared, SEAT_POSTMAN, SEAT_PROVED)) {
		p->session = session_smtp(d->config, error);
		return p->session;
	}
	beat(p);
	if (can_log_in(p, &why)) {
		shared_set(d->shared, SEAT_POSTMAN, SEAT_PROVED, true);
	} else if (!p->session || error_class_of(why) == ERROR_HALT) {
		g_propagate_error(error, why);
		return false;
	}
	g_clear_error(&why);
	return true;
}

static struct bounce_words *words_of_refusals(GError **error)
{
	g_autoptr(GBytes) table = g_resources_lookup_data("/nesgate/parsers/bounce.table", G_RESOURCE_LOOKUP_FLAGS_NONE, error);
	g_autofree char *text = table ? g_strndup(g_bytes_get_data(table, NULL), g_bytes_get_size(table)) : NULL;

	return text ? bounce_words_parse(text, error) : NULL;
}

static bool begin(struct postman *p, GError **error)
{
	const struct config *c = p->duty->config;

	p->words = words_of_refusals(error);
	p->sealer = p->words ? sealer_open(c, clock_now(), error) : NULL;
	p->db = p->sealer ? db_open(c->data, DB_WRITE, error) : NULL;
	if (!p->db)
		return false;
	db_holder(p->db, p->duty->seat);
	if (!outbox_recover(p->db, p->duty->seat, clock_now(), error)) /* of a postman that died in this seat */
		return false;
	return first_login(p, error);
}

int postman_run(const struct duty *d)
{
	struct postman p = { .duty = d };
	GError *error = NULL;
	int status;

	config_forget(d->config);
	p.unrecorded = g_ptr_array_new_with_free_func(delivery_free);
	p.server = (struct backoff){ .event = "smtp_trouble", .first = FIRST_MS, .most = MOST_MS };
	p.queue = (struct backoff){ .event = "queue_trouble", .first = FIRST_MS, .most = MOST_MS };
	status = begin(&p, &error) ? live(&p) : duty_fail(error);
	smtp_close(p.session);
	sealer_close(p.sealer);
	bounce_words_free(p.words);
	db_close(p.db);
	g_ptr_array_unref(p.unrecorded);
	g_free(p.server.reason);
	g_free(p.queue.reason);
	return status;
}
