/* quote_line: what one line of a reply is, seen alone or with the lines around it. For quote.c. */
#pragma once
#include <glib.h>
#include <stdbool.h>

enum quote_kind {
	QUOTE_TEXT,
	QUOTE_EMPTY,
	QUOTE_QUOTED,      /* begins with > */
	QUOTE_ATTRIBUTION, /* part of "On … somebody wrote:" */
	QUOTE_HEADER,      /* "From: …" or another field that mail programs print above a quote */
	QUOTE_ORIGINAL,    /* "-----Original Message-----" */
	QUOTE_DELIMITER,   /* "-- ", a line of dashes */
	QUOTE_DEVICE,      /* "Sent from my …" */
	QUOTE_NOTICE,      /* a disclaimer or a virus scanner begins */
};

/* `at` is not NUL-terminated; blanks at both ends are not in it. `number` counts from 1. */
struct quote_line {
	const char *at;
	size_t len;
	guint number;
	enum quote_kind kind;
};

/* All kinds but QUOTE_ATTRIBUTION, which needs more than one line. */
enum quote_kind quote_line_kind(const struct quote_line *l);

/* Whether a QUOTE_HEADER line names a sender ("From:", "Gönderen:"): a block of fields begins with it. */
bool quote_line_is_sender(const struct quote_line *l);
