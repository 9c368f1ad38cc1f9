/* cmd_check: everything that would stop the gateway, asked before it is started. A row a check; each says one line.
 *
 * Nothing is changed, and nothing but a login is done at the servers. Later checks that need the settings are left out when
 * these are wrong: their failure would say nothing new.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include "gateway/clock.h"
#include "gateway/command.h"
#include "gateway/error.h"
#include "gateway/session.h"
#include "gateway/signer.h"
#include "gateway/smime_file.h"
#include "gateway/table.h"
#include "parsers/read.h"
#include "queue/calendar.h"
#include "queue/directory.h"
#include "templates/catalog.h"

enum { SOON_DAYS = 30, DAY_SECONDS = 86400, OTHERS = 077 };

/* A sentence for the line, or NULL with `error`. */
typedef char *(*look_at)(struct command_context *c, GError **error);

static char *look_settings(struct command_context *c, GError **error)
{
	return command_open(c, NEEDS_CONFIG, error) ? g_strdup(c->config_path) : NULL;
}

static bool folder_private(const char *path, GError **error)
{
	struct stat s;

	if (stat(path, &s)) {
		g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE, "%s: %s", path, g_strerror(errno));
		return false;
	}
	if (s.st_mode & OTHERS)
		g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE, "%s: mode %04o lets others in; chmod go= %s", path,
			    (unsigned)(s.st_mode & 07777), path);
	return !(s.st_mode & OTHERS);
}

static char *look_secrets(struct command_context *c, GError **error)
{
	const struct config *g = c->config;
	const char *paths[] = { g->imap_password, g->imap_token, g->smtp_password, g->smtp_token, g->sign_password, g->sign_key };
	guint n = 0;

	for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
		if (paths[i] && !config_private(paths[i], error))
			return NULL;
		n += paths[i] != NULL;
	}
	return g_strdup_printf("%u files, readable by their owner only", n);
}

static char *look_data(struct command_context *c, GError **error)
{
	const char *data = c->config->data;

	if (!g_file_test(data, G_FILE_TEST_EXISTS))
		return g_strdup_printf("%s is made at the first start", data);
	if (!folder_private(data, error))
		return NULL;
	if (access(data, W_OK)) {
		g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE, "%s: %s", data, g_strerror(errno));
		return NULL;
	}
	return g_strdup(data);
}

static char *look_database(struct command_context *c, GError **error)
{
	g_autofree char *path = g_build_filename(c->config->data, "nesgate.db", NULL);

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return g_strdup_printf("%s is made at the first start", path);
	return command_open(c, NEEDS_DB_READ, error) ? g_strdup(path) : NULL;
}

static char *look_directory(struct command_context *c, GError **error)
{
	static const char *const roles[] = { "manager", "officer", "registry" };
	GString *says = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(roles); i++) {
		const struct member *m = directory_first(c->config->who, roles[i], c->now);

		if (!m) {
			g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_SETTING, "%s: nobody is %s today", c->config->directory,
				    roles[i]);
			g_string_free(says, TRUE);
			return NULL;
		}
		g_string_append_printf(says, "%s%s %s", i ? ", " : "", roles[i], m->address);
	}
	return g_string_free(says, FALSE);
}

/* A calendar without feasts counts days that nobody works. */
static char *look_calendar(struct command_context *c, GError **error)
{
	int known = calendar_known_until();
	char today[11];

	calendar_iso(calendar_day(c->now), today);
	if (atoi(today) <= known)
		return g_strdup_printf("feasts are known until %d, %u entries of leave", known,
				       g_strv_length(c->config->work_leave));
	g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_SETTING, "the feasts of this year are not in the calendar, which ends with %d;"
		    " name their days in work.leave, or install a newer nesgate", known);
	return NULL;
}

static bool text_of(const char *path, char **text, GError **error)
{
	return !path || g_file_get_contents(path, text, NULL, error);
}

static char *look_rules(struct command_context *c, GError **error)
{
	g_autofree char *rules = NULL, *headings = NULL;
	struct reader_options o = { 0 };
	struct reader *r = NULL;

	if (text_of(c->config->ca_rules, &rules, error) && text_of(c->config->headings, &headings, error)) {
		o.rules = rules;
		o.headings = headings;
		r = reader_new(&o, error);
	}
	if (!r)
		return NULL;
	reader_free(r);
	return g_strdup("notices and form headings");
}

static char *look_letters(struct command_context *c, GError **error)
{
	struct catalog *all = catalog_new(error);
	char *says = all ? g_strdup_printf("%u letters", g_strv_length((char **)catalog_letters(all))) : NULL;

	catalog_free(all);
	return says;
}

static char *key_says(const struct config *g, const struct signer *s, gint64 now, GError **error)
{
	gint64 days = (signer_expires(s) - now) / DAY_SECONDS;
	g_autofree char *end = clock_iso(signer_expires(s));

	if (!signer_covers(s, g->from)) {
		g_set_error(error, NET_ERROR, NET_ERROR_KEY, "%s: the certificate does not carry the address %s",
			    g->sign_certificate, g->from);
		return NULL;
	}
	return g_strdup_printf("%s, until %s%s", g->from, end, days < SOON_DAYS ? "; renew it now" : "");
}

static char *look_key(struct command_context *c, GError **error)
{
	const struct config *g = c->config;
	struct signer_options o = { g->sign_certificate, g->sign_key, g->sign_password, g->sign_legacy };
	struct signer *s = signer_open(&o, c->now, error);
	char *says = s ? key_says(g, s, c->now, error) : NULL;

	signer_close(s);
	return says;
}

static char *look_anchors(struct command_context *c, GError **error)
{
	struct anchors *a = anchors_load(c->config->anchors, error);

	if (!a)
		return NULL;
	anchors_free(a);
	return g_strdup(c->config->anchors ? c->config->anchors : "the system's");
}

static char *look_imap(struct command_context *c, GError **error)
{
	const struct config *g = c->config;
	struct imap *s = session_imap(g, -1, error);
	struct imap_folder folder = { 0 };
	char *says = NULL;

	if (s && imap_select(s, g->imap_folder, &folder, error))
		says = g_strdup_printf("%s:%d as %s, %s holds %u mails", g->imap_host, (int)g->imap_port, g->imap_user,
				       g->imap_folder, folder.exists);
	imap_close(s);
	return says;
}

static char *look_smtp(struct command_context *c, GError **error)
{
	const struct config *g = c->config;
	struct smtp *s = NULL;
	char *says = NULL;

	if (!smtp_library_ok()) {
		g_set_error_literal(error, CONFIG_ERROR, CONFIG_ERROR_SETTING,
				    "the libcurl that is linked is not the OpenSSL one");
		return NULL;
	}
	s = session_smtp(g, error);
	if (s && smtp_probe(s, error))
		says = g_strdup_printf("%s:%d as %s", g->smtp_host, (int)g->smtp_port, g->smtp_user ? g->smtp_user : "nobody");
	smtp_close(s);
	return says;
}

/* Each certificate with its end; whether one of them holds now. */
static bool list_certificates(const struct config *g, gint64 now, GString *says)
{
	bool holds = !g->pinned;

	for (guint i = 0; g->pinned && i < g->pinned->len; i++) {
		const struct pinned *p = g->pinned->pdata[i];
		g_autofree char *end = clock_iso(p->until);
		bool soon = p->until - now < (gint64)SOON_DAYS * DAY_SECONDS;

		holds = holds || (now >= p->from && now <= p->until);
		g_string_append_printf(says, ", %s until %s%s", p->subject, end,
				       now > p->until ? "; it is over" : soon ? "; it ends soon" : "");
	}
	return holds;
}

/* Without a card that holds every list would come back. */
static char *look_lists(struct command_context *c, GError **error)
{
	const struct config *g = c->config;
	struct anchors *a = g->officer_anchors ? smime_file_anchors(g->officer_anchors, error) : NULL;
	GString *says = g_string_new(g->submission);
	bool holds = list_certificates(g, c->now, says), read = !g->officer_anchors || a;

	anchors_free(a);
	if (read && !holds)
		g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_SETTING, "no officer_certificate holds now: %s", says->str);
	if (holds && read)
		return g_string_free(says, FALSE);
	g_string_free(says, TRUE);
	return NULL;
}

static const struct { const char *name; look_at look; } rows[] = {
	{ "settings", look_settings }, /* first: the others need it */
	{ "secrets", look_secrets },   { "data", look_data },       { "database", look_database },
	{ "directory", look_directory }, { "calendar", look_calendar }, { "rules", look_rules },   { "letters", look_letters },
	{ "key", look_key },           { "anchors", look_anchors }, { "lists", look_lists }, { "imap", look_imap },
	{ "smtp", look_smtp },
};

static void say(const struct command_context *c, const char *name, bool ok, const char *says)
{
	g_autofree char *clean = table_clean(says);
	g_autofree char *line = c->json ? table_object("check", name, "verdict", ok ? "ok" : "fail", "says", says, NULL) : NULL;

	if (line)
		puts(line);
	else
		printf("%-4s  %-9s  %s\n", ok ? "ok" : "FAIL", name, clean);
}

static int run_check(struct command_context *c, int argc, char **argv)
{
	int worst = EX_OK;

	for (guint i = 0; i < G_N_ELEMENTS(rows) && (i == 0 || c->config); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *says = rows[i].look(c, &error);

		say(c, rows[i].name, says != NULL, says ? says : error->message);
		worst = MAX(worst, says ? EX_OK : error_status(error));
		fflush(stdout);
	}
	return worst;
}

const struct command cmd_check = { "check", "",
	"Settings, keys, certificates, database, and a real login to both servers, one line each", NEEDS_NOTHING, run_check };
