/* bounce_verdict: see bounce_verdict.h. Many servers write 5.0.0, or 5.7.1 for an unknown user: a status that says little gives way
 * to the words beside it.
 */
#include "parsers/bounce_verdict.h"
#include "parsers/fold.h"
#include <string.h>

enum { STATUS_MAX = 9 };

/* What follows the class; `sure`: the words beside it may not say otherwise. */
static const struct detail { const char *code; enum bounce_list reason; bool sure; } details[] = {
	{ "1.1", BOUNCE_USER_UNKNOWN, true },  { "1.10", BOUNCE_USER_UNKNOWN, true }, { "1.6", BOUNCE_USER_UNKNOWN, true },
	{ "1.2", BOUNCE_HOST_UNKNOWN, true },  { "2.2", BOUNCE_MAILBOX_FULL, true },  { "4.7", BOUNCE_EXPIRED, true },
	{ "1.3", BOUNCE_USER_UNKNOWN, false }, { "1.0", BOUNCE_USER_UNKNOWN, false }, { "2.1", BOUNCE_USER_UNKNOWN, false },
	{ "4.4", BOUNCE_HOST_UNKNOWN, false }, { "7.", BOUNCE_REFUSED, false },
};

static bool is_code(const char *detail, const char *code)
{
	return g_str_has_suffix(code, ".") ? g_str_has_prefix(detail, code) : !strcmp(detail, code);
}

static int reason_of_status(const char *status, bool sure)
{
	for (size_t i = 0; status && i < G_N_ELEMENTS(details); i++)
		if (details[i].sure == sure && is_code(status + 2, details[i].code))
			return details[i].reason;
	return -1;
}

/* That a server waited in vain is no word about an address that another server refused for good. */
static int reason_of_words(const struct bounce_words *w, const char *folded, bool for_good)
{
	for (int i = BOUNCE_HOST_UNKNOWN; folded && i < BOUNCE_LISTS; i++)
		if (!(for_good && i == BOUNCE_EXPIRED) && bounce_words_has(w, i, folded))
			return i;
	return -1;
}

/* An address is nobody's word: a-mailbox-that-does-not-exist@k.test. */
static char *fold_without_addresses(const char *text)
{
	g_autoptr(GString) out = g_string_new(NULL);

	while (text && *text) {
		size_t n = strcspn(text, " \t\r\n<>");

		if (!memchr(text, '@', n))
			g_string_append_len(out, text, (gssize)n);
		g_string_append_c(out, ' ');
		text += n + strspn(text + n, " \t\r\n<>");
	}
	return fold_words(out->str);
}

static int reason_of(const struct bounce_recipient *r, const struct bounce_words *w)
{
	g_autofree char *folded = fold_without_addresses(r->diagnostic);
	int reason = reason_of_status(r->status, true);

	if (reason < 0)
		reason = reason_of_words(w, folded, r->status && *r->status == '5');
	return reason < 0 ? reason_of_status(r->status, false) : reason;
}

static const char *known_action(const char *word)
{
	static const struct { const char *begins, *action; } actions[] = {
		{ "fail", "failed" }, { "delay", "delayed" }, { "deliver", "delivered" }, { "relay", "relayed" },
		{ "expand", "expanded" }, { "expire", "delayed" },
	};

	for (size_t i = 0; word && i < G_N_ELEMENTS(actions); i++)
		if (g_str_has_prefix(word, actions[i].begins))
			return actions[i].action;
	return NULL;
}

static const char *action_of(const struct bounce_recipient *r, int reason)
{
	const char *known = known_action(r->action);

	if (known && strcmp(known, "failed"))
		return known;
	if (reason == BOUNCE_EXPIRED)
		return "delayed";
	return !known && r->status && *r->status == '2' ? "delivered" : "failed";
}

void bounce_verdict(struct bounce_recipient *r, const struct bounce_words *w)
{
	if (!r->status)
		r->status = bounce_verdict_status(r->diagnostic);
	int reason = reason_of(r, w);
	const char *action = action_of(r, reason);

	if (g_str_has_prefix(r->action ? r->action : "", "expire"))
		reason = BOUNCE_EXPIRED;
	else if (reason == BOUNCE_EXPIRED && r->action && g_str_has_prefix(r->action, "delay"))
		reason = -1; /* it still tries */
	g_free(r->reason);
	r->reason = reason < 0 || !strcmp(action, "delivered") ? NULL : g_strdup(bounce_words_name(reason));
	g_free(r->action);
	r->action = g_strdup(action);
	r->permanent = !strcmp(action, "failed") && r->status && *r->status == '5';
}

void bounce_verdict_assume(struct bounce_recipient *r)
{
	static const struct { enum bounce_list reason; const char *status; } usual[] = {
		{ BOUNCE_USER_UNKNOWN, "5.1.1" }, { BOUNCE_HOST_UNKNOWN, "5.1.2" }, { BOUNCE_MAILBOX_FULL, "5.2.2" },
		{ BOUNCE_EXPIRED, "5.4.7" },	  { BOUNCE_REFUSED, "5.7.0" },
	};
	bool failed = !strcmp(r->action, "failed");

	if (r->status || !strcmp(r->action, "delivered"))
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(usual); i++)
		if (!g_strcmp0(r->reason, bounce_words_name(usual[i].reason)))
			r->status = g_strdup(usual[i].status);
	if (!r->status)
		r->status = g_strdup(failed ? "5.0.0" : "4.0.0");
	r->permanent = failed;
}

/* A server may say at RCPT what it has against the writer (Postfix does): all readers would be nobody then. */
static bool is_about_writer(const char *status, const char *folded, const struct bounce_words *w)
{
	return is_code(status + 2, "1.7") || is_code(status + 2, "1.8") || bounce_words_has(w, BOUNCE_WRITER, folded);
}

const char *bounce_verdict_of_answer(const char *answer, const struct bounce_words *w)
{
	g_autofree char *status = bounce_verdict_status(answer), *folded = fold_without_addresses(answer);
	const struct bounce_recipient r = { .status = status, .diagnostic = (char *)answer };

	if (!status || *status != '5' || is_about_writer(status, folded, w))
		return NULL;
	int reason = reason_of(&r, w);

	return reason == BOUNCE_USER_UNKNOWN || reason == BOUNCE_HOST_UNKNOWN ? bounce_words_name(reason) : NULL;
}

/* ---- a status in words ---- */

/* The length of "5.1.1" at p, 0: none. An IP address or a version has a dot or a digit more. */
static size_t enhanced_at(const char *p)
{
	size_t a = strspn(p + 1, "."), b = a == 1 ? strspn(p + 2, "0123456789") : 0;
	size_t c = b && p[2 + b] == '.' ? strspn(p + 3 + b, "0123456789") : 0, n = 3 + b + c;

	if (!b || b > 3 || !c || c > 3 || n > STATUS_MAX || (p[n] == '.' && g_ascii_isdigit(p[n + 1])) || g_ascii_isalpha(p[n]))
		return 0;
	return n;
}

static bool is_inside(const char *text, const char *p)
{
	return p > text && (g_ascii_isalnum(p[-1]) || strchr(".-@", p[-1]));
}

char *bounce_verdict_status(const char *text)
{
	char reply = 0;

	for (const char *p = text; p && *p; p++) {
		bool code = (*p == '4' || *p == '5') && !is_inside(text, p);
		size_t n = code ? enhanced_at(p) : 0;

		if (n)
			return g_strndup(p, n);
		/* RFC 5321 4.2.1: the second digit of a reply is 0 to 5. */
		if (!reply && code && p[1] >= '0' && p[1] <= '5' && g_ascii_isdigit(p[2]) &&
		    strchr(" -,:;]\t\r\n", p[3]))
			reply = *p;
	}
	return reply ? g_strdup_printf("%c.0.0", reply) : NULL;
}
