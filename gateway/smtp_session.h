/* smtp_session: a submission session that is open for commands (RFC 5321, 3207, 4954): connected, in TLS, logged in.
 *
 * The only file that knows libcurl. Each function that fails leaves its reason in `errors`.
 */
#pragma once
#include "gateway/smtp.h"

struct smtp {
	void *model;   /* libcurl's handle with every setting; it never connects */
	void *curl;    /* that of the session that is open; NULL: none */
	int socket;
	char *host, *url;
	char *login;   /* the word for what is refused: password or token, and whose */
	guint seconds; /* for one answer, or for one piece of what is written */
	bool needs_login, logged_in, no_login; /* no_login: the server offered none */
	guint abilities;        /* enum smtp_ability */
	enum net_error trouble; /* why it could not be entered */
	char errors[256];       /* CURL_ERROR_SIZE */
	/* of what is being done */
	gint64 until;  /* clock_monotonic_ms */
	bool data;     /* 354 was seen */
	bool joining;  /* the last line promised another */
	int code;      /* of the last whole answer; 0: none since the begin */
	gsize heard;
	GString *in;   /* heard, and not yet read as lines */
	GString *line; /* the answer's text, continuation lines joined */
};

struct smtp *smtp_session_new(const struct smtp_options *o, GError **error);
void smtp_session_free(struct smtp *s); /* NULL is fine; does not say QUIT */

/* Connects and logs in. false: `trouble`, and what the server said in `code` and `line`. */
bool smtp_session_enter(struct smtp *s);
/* politely: with QUIT, whose answer is waited for a moment. Nothing when no session is open. */
void smtp_session_leave(struct smtp *s, bool politely);

/* A new matter, for which `ms` are given in all; what was said before does not count. */
void smtp_session_begin(struct smtp *s, gint64 ms);
/* *given grows by what left, also when the rest does not. */
bool smtp_session_write(struct smtp *s, const char *bytes, gsize n, gsize *given);
/* The next whole answer, to `code` and `line`. */
bool smtp_session_answer(struct smtp *s);
/* false, always; the first reason stays. */
bool smtp_session_fail(struct smtp *s, const char *why);

bool smtp_session_library_ok(void);
