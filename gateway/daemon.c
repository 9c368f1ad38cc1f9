/* daemon: see the header. Children tell it nothing but what lies in shared memory; their deaths come by SIGCHLD. */
#include "gateway/daemon.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>
#include "gateway/clock.h"
#include "gateway/duty.h"
#include "gateway/fault.h"
#include "gateway/fetcher.h"
#include "gateway/keeper.h"
#include "gateway/log.h"
#include "gateway/notify.h"
#include "gateway/postman.h"
#include "gateway/profile.h"
#include "gateway/start.h"

enum {
	LIVED_MS = 60000,   /* a child that lived so long starts again without waiting */
	DELAY_MS = 1000, DELAY_MOST_MS = 60000,
	STOP_MS = 3000,     /* to finish what is in hand */
	LOOK_MS = 1000,
	ONCE_TRIES = 3,
};

static const struct role {
	const char *name;
	int (*run)(const struct duty *d);
} roles[] = {
	[SEAT_FETCHER] = { "fetcher", fetcher_run },
	[SEAT_KEEPER] = { "keeper", keeper_run },
	[SEAT_POSTMAN] = { "postman", postman_run },
};

struct child {
	pid_t pid;      /* 0: none */
	gint64 born, due; /* ms; due: when the next one is forked */
	gint64 delay;
	guint failures; /* ends with 75 in succession */
};

struct run {
	const struct daemon_options *o;
	struct shared *shared;
	guint seats;
	struct child children[SEATS];
	int signals;
	pid_t self;
	bool ready, over, reload;
	int status;
	gint64 watchdog, watched;
};

static const struct role *role_of(guint seat)
{
	return &roles[MIN(seat, SEAT_POSTMAN)];
}

static int watch_signals(const int *numbers, gsize n)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	for (gsize i = 0; i < n; i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_SETMASK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		g_error("signalfd: %m");
	return fd;
}

/* The child's side. It is told to stop when the supervisor dies, however that comes. */
static G_GNUC_NORETURN void live(const struct run *r, guint seat)
{
	static const int told[] = { SIGTERM };
	g_autofree char *title = g_strdup_printf("nesgate:%s", role_of(seat)->name);
	struct duty duty = { *r->o->config, r->shared, (enum seat)seat, -1 };

	close(r->signals);
	signal(SIGINT, SIG_IGN); /* a terminal sends it to all of us; the supervisor speaks for it */
	signal(SIGHUP, SIG_IGN);
	duty.stop = watch_signals(told, G_N_ELEMENTS(told));
	prctl(PR_SET_NAME, title);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != r->self)
		_exit(EX_OK);
	fault_join();
	log_process(role_of(seat)->name);
	_exit(role_of(seat)->run(&duty));
}

static void spawn(struct run *r, guint seat)
{
	struct child *c = &r->children[seat];

	shared_clear(r->shared, (enum seat)seat);
	c->born = clock_monotonic_ms();
	c->pid = fork();
	if (c->pid == 0)
		live(r, seat);
	if (c->pid < 0) {
		log_warning("fork_failed", "reason", g_strerror(errno), NULL);
		c->pid = 0;
		c->due = c->born + DELAY_MS;
	}
}

static void spawn_all(struct run *r)
{
	static const enum seat proving[] = { SEAT_FETCHER, SEAT_POSTMAN };
	struct shared *before = r->shared;

	r->seats = SEAT_POSTMAN + (guint)(*r->o->config)->postmen;
	r->shared = shared_new(r->seats, r->o->once);
	for (guint i = 0; before && i < G_N_ELEMENTS(proving); i++)
		shared_set(r->shared, proving[i], SEAT_PROVED, shared_is(before, proving[i], SEAT_PROVED));
	g_clear_pointer(&before, shared_free);
	memset(r->children, 0, sizeof r->children);
	for (guint i = 0; i < r->seats; i++)
		spawn(r, i);
}

static void finish(struct run *r, int status)
{
	r->over = true;
	r->status = MAX(r->status, status);
}

/* The first time at once, because one death says little; then with growing patience. */
static void plan_next(struct run *r, guint seat, const char *why)
{
	struct child *c = &r->children[seat];
	gint64 now = clock_monotonic_ms();
	g_autofree char *ms = NULL;

	if (now - c->born > LIVED_MS)
		c->delay = 0;
	c->due = now + c->delay;
	ms = g_strdup_printf("%" G_GINT64_FORMAT, c->delay);
	log_warning("child_ended", "child", role_of(seat)->name, "how", why, "again_in_ms", ms, NULL);
	c->delay = c->delay ? MIN(c->delay * 2, DELAY_MOST_MS) : DELAY_MS;
}

static void buried(struct run *r, guint seat, int how)
{
	struct child *c = &r->children[seat];
	int status = WIFEXITED(how) ? WEXITSTATUS(how) : -1;
	g_autofree char *why = WIFEXITED(how) ? g_strdup_printf("status %d", status) :
						g_strdup_printf("signal %d", WTERMSIG(how));

	c->pid = 0;
	if (status == EX_OK && shared_is(r->shared, (enum seat)seat, SEAT_DONE))
		return;
	if (status == EX_CONFIG || status == EX_DATAERR || status == EX_UNAVAILABLE) {
		finish(r, status);
		return;
	}
	c->failures = status == EX_TEMPFAIL ? c->failures + 1 : 0;
	if (r->o->once && c->failures >= ONCE_TRIES)
		finish(r, EX_TEMPFAIL);
	plan_next(r, seat, why);
}

static void reap(struct run *r)
{
	int how;

	for (guint i = 0; i < r->seats; i++)
		if (r->children[i].pid && waitpid(r->children[i].pid, &how, WNOHANG) > 0)
			buried(r, i, how);
}

static void hear_signals(struct run *r)
{
	struct signalfd_siginfo s;

	while (read(r->signals, &s, sizeof s) == sizeof s) {
		if (s.ssi_signo == SIGTERM || s.ssi_signo == SIGINT)
			r->over = true;
		r->reload |= s.ssi_signo == SIGHUP;
	}
}

static bool anyone(const struct run *r)
{
	for (guint i = 0; i < r->seats; i++)
		if (r->children[i].pid)
			return true;
	return false;
}

static void kill_all(const struct run *r, int signal_number)
{
	for (guint i = 0; i < r->seats; i++)
		if (r->children[i].pid)
			kill(r->children[i].pid, signal_number);
}

/* What they answer at their end no longer matters, but for an error that a person must mend. */
static void stop_all(struct run *r)
{
	gint64 until = clock_monotonic_ms() + STOP_MS;
	struct pollfd signals = { .fd = r->signals, .events = POLLIN };
	int how;

	kill_all(r, SIGTERM);
	while (anyone(r)) {
		gint64 left = until - clock_monotonic_ms();

		if (left <= 0)
			kill_all(r, SIGKILL);
		for (guint i = 0; i < r->seats; i++)
			if (r->children[i].pid && waitpid(r->children[i].pid, &how, left <= 0 ? 0 : WNOHANG) > 0)
				r->children[i].pid = 0;
		if (anyone(r) && poll(&signals, 1, (int)CLAMP(left, 0, LOOK_MS)) > 0)
			hear_signals(r);
	}
}

/* One that is silent for longer than it promised hangs; its seat goes to another. */
static bool all_well(struct run *r)
{
	gint64 now = clock_monotonic_ms();
	bool well = true;

	for (guint i = 0; i < r->seats; i++) {
		if (!r->children[i].pid || !shared_overdue(r->shared, (enum seat)i, now))
			continue;
		log_warning("child_hangs", "child", role_of(i)->name, NULL);
		kill(r->children[i].pid, SIGKILL);
		well = false;
	}
	return well;
}

static void tell_systemd(struct run *r)
{
	gint64 now = clock_monotonic_ms();
	bool well = all_well(r);

	if (!r->ready && shared_is(r->shared, SEAT_FETCHER, SEAT_UP) && shared_is(r->shared, SEAT_KEEPER, SEAT_UP)) {
		r->ready = true;
		log_event("ready", NULL);
		notify_send("READY=1");
	}
	if (r->watchdog && well && now - r->watched >= r->watchdog) {
		r->watched = now;
		notify_send(shared_is(r->shared, SEAT_FETCHER, SEAT_DOWN) ? "WATCHDOG=1\nSTATUS=the IMAP server does not answer" :
									    "WATCHDOG=1\nSTATUS=at work");
	}
}

static void spawn_due(struct run *r)
{
	gint64 now = clock_monotonic_ms();

	for (guint i = 0; i < r->seats; i++)
		if (!r->children[i].pid && !shared_is(r->shared, (enum seat)i, SEAT_DONE) && now >= r->children[i].due)
			spawn(r, i);
}

static int wait_ms(const struct run *r)
{
	gint64 now = clock_monotonic_ms(), ms = r->watchdog ? MIN(r->watchdog, LOOK_MS) : LOOK_MS;

	for (guint i = 0; i < r->seats; i++)
		if (!r->children[i].pid && !shared_is(r->shared, (enum seat)i, SEAT_DONE))
			ms = MIN(ms, MAX(r->children[i].due - now, 0));
	return (int)ms;
}

/* A file that is wrong changes nothing: the gateway goes on as it is. */
static void reload(struct run *r)
{
	g_autoptr(GError) why = NULL;
	struct config *fresh = config_load(r->o->config_path, &why);

	r->reload = false;
	if (fresh && !g_str_equal(fresh->data, (*r->o->config)->data)) {
		config_free(fresh);
		fresh = NULL;
		why = g_error_new_literal(CONFIG_ERROR, CONFIG_ERROR_SETTING, "data cannot change while the gateway runs");
	}
	if (fresh && !start_check_key(fresh, &why)) {
		config_free(fresh);
		fresh = NULL;
	}
	if (!fresh) {
		log_error("reload_refused", why, NULL);
		return;
	}
	log_event("reload", NULL);
	stop_all(r);
	config_free(*r->o->config);
	*r->o->config = fresh;
	spawn_all(r);
}

static bool someone_down(const struct run *r)
{
	for (guint i = 0; i < r->seats; i++)
		if (shared_is(r->shared, (enum seat)i, SEAT_DOWN))
			return true;
	return false;
}

static void supervise(struct run *r)
{
	while (!r->over) {
		struct pollfd polls[] = { { .fd = r->signals, .events = POLLIN },
					  { .fd = shared_bell(r->shared), .events = POLLIN } };

		poll(polls, G_N_ELEMENTS(polls), wait_ms(r));
		shared_hear_bell(r->shared);
		hear_signals(r);
		reap(r);
		tell_systemd(r);
		if (r->reload)
			reload(r);
		if (r->o->once && shared_all_quiet(r->shared))
			finish(r, someone_down(r) ? EX_TEMPFAIL : EX_OK);
		if (!r->over)
			spawn_due(r);
	}
}

int daemon_run(const struct daemon_options *o, GError **error)
{
	static const int heard[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP };
	struct run r = { .o = o, .self = getpid() };
	int lock;

	log_process("run");
	log_libraries();
	fault_init();
	profile_init();
	r.signals = watch_signals(heard, G_N_ELEMENTS(heard)); /* before anything: who is told to stop early stops in order */
	lock = start_prepare(*o->config, error);
	if (lock < 0)
		return EX_CONFIG;
	r.watchdog = notify_watchdog_ms();
	log_event("start", "once", o->once ? "yes" : NULL, NULL);
	spawn_all(&r);
	supervise(&r);
	notify_send("STOPPING=1");
	stop_all(&r);
	profile_log();
	log_event("stop", NULL);
	shared_free(r.shared);
	close(r.signals);
	close(lock);
	return r.status;
}
