/* duty: what the supervisor gives to each of its children, and what all of them do alike: wait, stop, back off.
 *
 * A child ends with 0 (told to stop, or --once and done), with 75 (try again: the supervisor starts another after a
 * while), or with the status of an error that only a person can mend, which ends the whole run.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include "gateway/config.h"
#include "gateway/shared.h"

struct duty {
	struct config *config;
	struct shared *shared;
	enum seat seat;
	int stop; /* signalfd of SIGTERM; never read, so it stays readable once told */
};

bool duty_stopped(const struct duty *d);
/* Until rung, told to stop, or `ms` are over (-1: no limit). The ring is heard. */
void duty_wait(const struct duty *d, gint64 ms);
/* An error that only a person can mend, met at a server that was well before in this run: a password is changed, a
 * certificate renewed, a directory server away. That is waited for; at the first start it ends the run. */
bool duty_outlasts(const struct duty *d, const GError *why);
/* Logs the error and gives the exit status. Takes the error. */
int duty_fail(GError *error);

/* Trouble that passes: the first failure and each new reason are logged, repetitions are not. */
struct backoff {
	const char *event; /* word in the log: imap_down, smtp_down, queue_trouble */
	gint64 first, most; /* milliseconds */
	gint64 delay, until;
	char *reason;      /* NULL: no trouble */
};
void backoff_fail(struct backoff *b, const char *reason);
void backoff_ok(struct backoff *b); /* logs "…_over" when there was trouble */
gint64 backoff_left(const struct backoff *b); /* ms to wait from now; 0: none */
