/* session: settings to options of imap.h and smtp.h. A token file is read at every login because others renew it. */
#include "gateway/session.h"
#include <string.h>

char *session_account(const struct config *c)
{
	return g_strdup_printf("%s@%s", c->imap_user, c->imap_host);
}

static void wipe(char **secret)
{
	if (*secret)
		explicit_bzero(*secret, strlen(*secret));
	g_clear_pointer(secret, g_free);
}

/* The token when there is one, else the password; both NULL when neither is set. */
static bool secrets(const char *token_file, const char *password_file, char **token, char **password, GError **error)
{
	if (token_file)
		return (*token = config_secret(token_file, error)) != NULL;
	return !password_file || (*password = config_secret(password_file, error)) != NULL;
}

struct imap *session_imap(const struct config *c, int cancel_fd, GError **error)
{
	char *token = NULL, *password = NULL;
	struct imap *s = NULL;

	if (secrets(c->imap_token, c->imap_password, &token, &password, error)) {
		struct imap_options o = {
			.host = c->imap_host,
			.port = (guint)c->imap_port,
			.security = g_str_equal(c->imap_security, "starttls") ? IMAP_STARTTLS : IMAP_TLS,
			.ca_file = c->tls_ca,
			.user = c->imap_user,
			.password = password,
			.token = token,
			.max_mail = c->max_mail_kib * 1024,
			.command_seconds = (guint)c->answer_seconds,
			.cancel_fd = cancel_fd,
		};

		s = imap_open(&o, error);
	}
	wipe(&token);
	wipe(&password);
	return s;
}

static const struct { const char *word; enum smtp_security security; } smtp_securities[] = {
	{ "starttls", SMTP_STARTTLS }, { "tls", SMTP_TLS }, { "loopback", SMTP_PLAIN_LOOPBACK },
};

static enum smtp_security smtp_security_of(const char *word)
{
	for (guint i = 0; i < G_N_ELEMENTS(smtp_securities); i++)
		if (g_str_equal(smtp_securities[i].word, word))
			return smtp_securities[i].security;
	return SMTP_STARTTLS;
}

struct smtp *session_smtp(const struct config *c, GError **error)
{
	char *token = NULL, *password = NULL;
	struct smtp *s = NULL;

	if (secrets(c->smtp_token, c->smtp_password, &token, &password, error)) {
		const char *at = strrchr(c->from, '@');
		struct smtp_options o = {
			.host = c->smtp_host,
			.own_name = at ? at + 1 : NULL,
			.port = (guint)c->smtp_port,
			.security = smtp_security_of(c->smtp_security),
			.ca_file = c->tls_ca,
			.user = c->smtp_user,
			.password = password,
			.token = token,
			.mechanism = c->smtp_mechanism,
			.seconds = (guint)c->answer_seconds,
		};

		s = smtp_open(&o, error);
	}
	wipe(&token);
	wipe(&password);
	return s;
}
