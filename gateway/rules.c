/* rules: see the header. */
#include "gateway/rules.h"
#include <gio/gio.h>

#define BUILT_IN "/nesgate/parsers/kamusm.rules"

/* Settings are taken when they are there. */
static bool settings(struct command_context *c, GError **error)
{
	return (!c->config_named && !g_file_test(c->config_path, G_FILE_TEST_EXISTS)) || command_open(c, NEEDS_CONFIG, error);
}

char *rules_text(struct command_context *c, const char *path, GError **error)
{
	g_autoptr(GBytes) built_in = NULL;
	char *text = NULL;

	if (!path && !settings(c, error))
		return NULL;
	path = path ? path : c->config ? c->config->ca_rules : NULL;
	if (path)
		return g_file_get_contents(path, &text, NULL, error) ? text : NULL;
	built_in = g_resources_lookup_data(BUILT_IN, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
	return built_in ? g_strndup(g_bytes_get_data(built_in, NULL), g_bytes_get_size(built_in)) : NULL;
}

struct reader *rules_reader(struct command_context *c, const char *text, GError **error)
{
	struct reader_options o = { .rules = text };

	if (!settings(c, error))
		return NULL;
	if (c->config) {
		o.authserv_id = c->config->authserv_id;
		o.ca_domains = (const char *const *)c->config->ca_domains;
		o.mail_domains = (const char *const *)c->config->mail_domains;
	}
	return reader_new(&o, error);
}

static void append(GString *s, const char *name, const char *value)
{
	if (value)
		g_string_append_printf(s, " %s=%s", name, value);
}

char *rules_say(const struct notice *n)
{
	GString *s = g_string_new(n && n->event ? n->event : "-");

	if (n) {
		append(s, "application_no", n->application_no);
		append(s, "tracking_no", n->tracking_no);
		append(s, "date", n->date);
		append(s, "reason", n->reason);
		append(s, "name", n->name_key);
		append(s, "needs", g_strcmp0(n->needs, "authenticated") ? n->needs : NULL);
	}
	return g_string_free(s, FALSE);
}
