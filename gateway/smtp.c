/* smtp: MAIL, RCPT, DATA and the mail are said here, in a session that libcurl has opened.
 *
 * libcurl's own transfer cannot say what a report is to give back (RFC 3461: what it puts behind an address is no parameter), and
 * waits for each of these answers in turn, where most servers take the three commands in one piece (RFC 2920).
 * The line that matters is the final dot: before it nothing was delivered, after it only the server knows. So an ending without an
 * answer once all bytes of the mail are given is uncertain, never "failed".
 */
#include "gateway/smtp.h"
#include "gateway/clock.h"
#include "gateway/smtp_session.h"
#include "gateway/smtp_text.h"

#define SLOWEST (32 * 1024) /* bytes a second that a mail may take on top of the answers' time */

struct smtp *smtp_open(const struct smtp_options *o, GError **error)
{
	return smtp_session_new(o, error);
}

void smtp_close(struct smtp *s)
{
	if (s)
		smtp_session_leave(s, true);
	smtp_session_free(s);
}

static void smtp_tell(struct smtp_answer *out, enum smtp_outcome outcome, int code, const char *line)
{
	out->outcome = outcome;
	out->code = code;
	g_strlcpy(out->line, line, sizeof out->line);
}

/* The server wants another login (530 to 538) or is going away (421): no mail's fault. */
static bool smtp_is_session_code(int code)
{
	return code == 421 || code == 454 || (code >= 530 && code <= 538 && code != 533);
}

static enum smtp_outcome smtp_outcome_of(int code)
{
	return code >= 500		   ? SMTP_REFUSED
	       : code >= 400		   ? SMTP_DEFERRED
	       : code >= 200 && code < 300 ? SMTP_ACCEPTED
					   : SMTP_DEFERRED;
}

/* A login that failed: whether it was the server that said so. */
static bool smtp_spoke(const struct smtp *s)
{
	return s->code >= 400 && s->line->len;
}

static void smtp_judge_login(const struct smtp *s, struct smtp_answer *out)
{
	smtp_tell(out, SMTP_DEFERRED, s->code, smtp_spoke(s) ? s->line->str : s->errors);
	out->session_down = true;
}

/* All bytes of the mail were given. */
static void smtp_judge_dot(const struct smtp *s, bool answered, struct smtp_answer *out)
{
	if (answered)
		smtp_tell(out, s->code < 200 || s->code >= 600 ? SMTP_UNCERTAIN : smtp_outcome_of(s->code), s->code, s->line->str);
	else
		smtp_tell(out, SMTP_UNCERTAIN, 354, s->errors);
	out->session_down = !answered || s->code == 421;
}

/* The server did not come to take the whole mail. */
static void smtp_judge_early(const struct smtp *s, struct smtp_answer *out)
{
	bool refused = !s->data && s->code >= 400 && s->code < 600, session = !refused || smtp_is_session_code(s->code);
	smtp_tell(out, session ? SMTP_DEFERRED : smtp_outcome_of(s->code), s->code, refused ? s->line->str : s->errors);
	out->session_down = session;
}

/* In one piece where the server takes that. false: it does not want this mail, or there is no answer. */
static bool smtp_begin(struct smtp *s, const struct smtp_commands *c)
{
	static const int wanted[] = {2, 2, 3};
	g_autofree char *all = g_strconcat(c->lines[0], c->lines[1], c->lines[2], NULL);
	bool at_once = s->abilities & SMTP_PIPELINING;
	for (guint i = 0; i < G_N_ELEMENTS(c->lines); i++) {
		const char *piece = at_once ? all : c->lines[i];
		gsize given = at_once && i ? strlen(piece) : 0;
		if (!smtp_session_write(s, piece, strlen(piece), &given) || !smtp_session_answer(s))
			return false;
		if (s->code / 100 != wanted[i])
			return smtp_session_fail(s, "the server's answer is none to this command");
	}
	return s->data = true;
}

static void smtp_hand_over(struct smtp *s, const char *from, const char *to, GBytes *mail, struct smtp_answer *out)
{
	gsize size = g_bytes_get_size(mail), given = 0;
	g_autoptr(GString) body = smtp_text_body(mail);
	if (!s->curl && !smtp_session_enter(s)) {
		smtp_judge_login(s, out);
		return;
	}
	struct smtp_commands commands = smtp_text_commands(from, to, size, s->abilities);
	smtp_session_begin(s, (8 * (gint64)s->seconds + (gint64)(size / SLOWEST)) * 1000);
	bool answered = smtp_begin(s, &commands) && smtp_session_write(s, body->str, body->len, &given) && smtp_session_answer(s);
	if (given + SMTP_DOT >= body->len)
		smtp_judge_dot(s, answered, out);
	else
		smtp_judge_early(s, out);
	if (!answered || out->session_down)
		smtp_session_leave(s, s->code >= 400 && s->code != 421);
	smtp_text_commands_clear(&commands);
}

void smtp_send(struct smtp *s, const char *from, const char *to, GBytes *mail, struct smtp_answer *out)
{
	*out = (struct smtp_answer){0};
	const char *refusal = smtp_text_refusal(from, to, mail);
	if (refusal) {
		smtp_tell(out, SMTP_REFUSED, 0, refusal);
		return;
	}
	bool kept = s->curl;
	smtp_hand_over(s, from, to, mail, out);
	/* A kept session that the server has closed or that is full says nothing about a new one; no byte
	 * of the mail was given. */
	if (kept && out->outcome == SMTP_DEFERRED && out->session_down && !s->data) {
		*out = (struct smtp_answer){0};
		smtp_hand_over(s, from, to, mail, out);
	}
}

/* 4xx is the server's own trouble whatever libcurl calls it: at AUTH it cannot ask for the password (RFC 4954 4), at STARTTLS
 * it cannot read its key (RFC 3207 4). */
static void smtp_probe_failed(const struct smtp *s, GError **error)
{
	bool login = s->trouble == NET_ERROR_LOGIN && s->login;
	bool later = smtp_spoke(s) && (s->code < 500 || s->trouble == NET_ERROR_PROTOCOL);
	enum net_error kind = later ? NET_ERROR_CONNECT : s->trouble;
	const char *says = smtp_spoke(s) ? s->line->str : s->errors;

	if (s->no_login)
		g_set_error(error, NET_ERROR, kind, "%s does not offer the login for the %s", s->host, s->login);
	else if (login)
		g_set_error(error, NET_ERROR, kind, "%s %s the %s: %s", s->host, later ? "cannot check now" : "refuses",
			s->login, says);
	else
		g_set_error(error, NET_ERROR, kind, "%s: %s", s->host, says);
}

bool smtp_probe(struct smtp *s, GError **error)
{
	smtp_session_leave(s, true);
	bool entered = smtp_session_enter(s);
	if (!entered)
		smtp_probe_failed(s, error);
	smtp_session_leave(s, true); /* who asks may have nothing to send for hours, and a server counts its sessions */
	return entered;
}

bool smtp_library_ok(void)
{
	return smtp_session_library_ok();
}
