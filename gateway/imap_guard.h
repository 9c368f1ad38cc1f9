/* imap_guard: watches the server's bytes before the IMAP parser sees them (RFC 9051 section 9).
 *
 * libetpan's parser recurses on `(`, buffers any line and believes any literal size. The guard reads the
 * same bytes first and says no to what no honest server sends. Pure: no socket, no clock. The answer does
 * not depend on how the bytes are cut.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>

#define IMAP_GUARD_LINE  (64 * 1024) /* bytes of one line outside literals: we never ask for ENVELOPE */
#define IMAP_GUARD_DEPTH 64          /* open parentheses */

struct imap_guard {
	gint64 max_literal;   /* bytes of one literal */
	gsize max_line;       /* IMAP_GUARD_LINE; may be raised for one command, after imap_guard_command */
	gint64 max_total;     /* bytes the server may send for the running command */
	gint64 total;         /* bytes since imap_guard_command */
	gint64 announced;     /* bytes of literals since then: what a deadline may be stretched by */
	const char *why;      /* NULL, or what was wrong; once set it stays */
	/* the automaton */
	gint64 literal_left;
	guint64 number;       /* digits after `{` */
	gsize line;
	guint depth, column;  /* column: of the response's first words, to know free text */
	guint digits;
	char word[8];
	bool text, quoted, escaped;
	enum { GUARD_NO_BRACE, GUARD_OPEN, GUARD_SYNC, GUARD_CLOSED, GUARD_CR } brace;
};

void imap_guard_init(struct imap_guard *g, gint64 max_literal);
/* A new command: the server may send `max_total` bytes from now on. */
void imap_guard_command(struct imap_guard *g, gint64 max_total);
/* false: hostile, see why; every later call says false too. */
bool imap_guard_feed(struct imap_guard *g, const char *bytes, gsize n);
