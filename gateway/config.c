/* config: the settings file. The rows of config.def say everything about a setting; the code below knows kinds, not names. */
#include "gateway/config.h"
#include <libconfig.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "gateway/secret.h"
#include "gateway/smime_file.h"

G_DEFINE_QUARK(nesgate-config-error-quark, config_error)

#define REQUIRED "REQUIRED"

enum kind { TEXT, PATH, NUMBER, SWITCH, LIST, WORD };

struct row {
	enum kind kind;
	gsize offset;
	const char *name, *text; /* preset of texts, NULL: not set */
	gint64 number, least, most;
	const char *sentence;
};

/* The preset column holds a text or a number; each kind picks what it can be. */
#define PRESET_TEXT(p)   p, 0
#define PRESET_PATH(p)   p, 0
#define PRESET_LIST(p)   p, 0
#define PRESET_WORD(p)   p, 0
#define PRESET_NUMBER(p) NULL, p
#define PRESET_SWITCH(p) NULL, p
static const struct row rows[] = {
#define SETTING(kind, member, name, preset, least, most, sentence) \
	{ kind, G_STRUCT_OFFSET(struct config, member), name, PRESET_##kind(preset), least, most, sentence },
#include "gateway/config.def"
#undef SETTING
};

#define SHOWN_TEXT(p)   p
#define SHOWN_PATH(p)   p
#define SHOWN_LIST(p)   p
#define SHOWN_WORD(p)   p
#define SHOWN_NUMBER(p) #p
#define SHOWN_SWITCH(p) #p
const struct setting_row config_rows[] = {
#define SETTING(kind, member, name, preset, least, most, sentence) { #kind, name, SHOWN_##kind(preset), sentence },
#include "gateway/config.def"
#undef SETTING
	{ NULL, NULL, NULL, NULL },
};

#define MEMBER(type, c, row) (*(type *)((char *)(c) + (row)->offset))

struct load {
	struct config *config;
	const char *path;
	char *folder;
	GError **error;
};

static bool wrong(struct load *l, const config_setting_t *at, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* One sentence with the place, the way compilers write it. */
static bool wrong(struct load *l, const config_setting_t *at, const char *format, ...)
{
	va_list list;
	const char *file = at && config_setting_source_file(at) ? config_setting_source_file(at) : l->path;

	va_start(list, format);
	g_autofree char *sentence = g_strdup_vprintf(format, list);
	va_end(list);
	if (at)
		g_set_error(l->error, CONFIG_ERROR, CONFIG_ERROR_SETTING, "%s:%d: %s", file,
			    (int)config_setting_source_line(at), sentence);
	else
		g_set_error(l->error, CONFIG_ERROR, CONFIG_ERROR_SETTING, "%s: %s", file, sentence);
	return false;
}

/* systemd hands secrets over in a folder of its own choice. */
static char *resolve(struct load *l, const char *path)
{
	static const char credentials[] = "$CREDENTIALS_DIRECTORY/";
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	if (g_str_has_prefix(path, credentials) && folder)
		return g_build_filename(folder, path + strlen(credentials), NULL);
	return g_path_is_absolute(path) ? g_strdup(path) : g_build_filename(l->folder, path, NULL);
}

static bool set_text(struct load *l, const struct row *row, const config_setting_t *s)
{
	const char *value = s ? config_setting_get_string(s) : row->text;

	if (s && !value)
		return wrong(l, s, "%s wants text in quotes", row->name);
	if (s && !*value)
		return wrong(l, s, "%s is empty", row->name);
	for (const char *at = value; at && *at; at++)
		if (g_ascii_iscntrl(*at))
			return wrong(l, s, "%s holds a control character", row->name);
	MEMBER(char *, l->config, row) = value && row->kind == PATH ? resolve(l, value) : g_strdup(value);
	return true;
}

static bool set_number(struct load *l, const struct row *row, const config_setting_t *s)
{
	gint64 value = s ? config_setting_get_int64(s) : row->number;

	if (s && config_setting_type(s) != CONFIG_TYPE_INT && config_setting_type(s) != CONFIG_TYPE_INT64)
		return wrong(l, s, "%s wants a number", row->name);
	if (value < row->least || value > row->most)
		return wrong(l, s, "%s = %" G_GINT64_FORMAT " is outside %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, row->name,
			     value, row->least, row->most);
	MEMBER(gint64, l->config, row) = value;
	return true;
}

static bool set_switch(struct load *l, const struct row *row, const config_setting_t *s)
{
	if (s && config_setting_type(s) != CONFIG_TYPE_BOOL)
		return wrong(l, s, "%s wants true or false", row->name);
	MEMBER(gint64, l->config, row) = s ? config_setting_get_bool(s) : row->number;
	return true;
}

static bool set_list(struct load *l, const struct row *row, const config_setting_t *s)
{
	g_autoptr(GStrvBuilder) all = g_strv_builder_new();
	int n = s && config_setting_is_aggregate(s) ? config_setting_length(s) : 0;

	if (!s) {
		MEMBER(char **, l->config, row) = g_strsplit(row->text, " ", -1);
		return true;
	}
	/* Nothing may only be said where that is what it means to say nothing. */
	if (!n && !config_setting_get_string(s) && !(config_setting_is_aggregate(s) && g_strcmp0(row->text, "") == 0))
		return wrong(l, s, "%s wants a list of texts: ( \"a\", \"b\" )", row->name);
	if (config_setting_get_string(s))
		g_strv_builder_add(all, config_setting_get_string(s));
	for (int i = 0; i < n; i++) {
		const char *value = config_setting_get_string_elem(s, i);

		if (!value || !*value)
			return wrong(l, s, "%s wants texts in quotes only", row->name);
		g_strv_builder_add(all, value);
	}
	MEMBER(char **, l->config, row) = g_strv_builder_end(all);
	return true;
}

static bool set_word(struct load *l, const struct row *row, const config_setting_t *s)
{
	g_auto(GStrv) allowed = g_strsplit(row->text, " ", -1);
	const char *value = s ? config_setting_get_string(s) : allowed[0];
	g_autofree char *shown = g_strjoinv(", ", allowed);

	if (!value || !g_strv_contains((const char *const *)allowed, value))
		return wrong(l, s, "%s is one of: %s", row->name, shown);
	MEMBER(char *, l->config, row) = g_strdup(value);
	return true;
}

static bool (*const setters[])(struct load *l, const struct row *row, const config_setting_t *s) = {
	[TEXT] = set_text, [PATH] = set_text, [NUMBER] = set_number, [SWITCH] = set_switch, [LIST] = set_list, [WORD] = set_word,
};

static bool set_rows(struct load *l, config_t *file)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const config_setting_t *s = config_lookup(file, rows[i].name);

		if (!s && g_strcmp0(rows[i].text, REQUIRED) == 0)
			return wrong(l, NULL, "%s is not set (%s)", rows[i].name, rows[i].sentence);
		if (!setters[rows[i].kind](l, &rows[i], s))
			return false;
	}
	return true;
}

/* A group is known when a row's name begins with it. */
static bool known(const char *name, bool group)
{
	gsize len = strlen(name);

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		if (group ? !strncmp(rows[i].name, name, len) && rows[i].name[len] == '.' : !strcmp(rows[i].name, name))
			return true;
	return false;
}

static bool check_names(struct load *l, const config_setting_t *group, const char *prefix)
{
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
		g_autofree char *name = g_strconcat(prefix, config_setting_name(s), NULL);
		g_autofree char *inside = g_strconcat(name, ".", NULL);

		if (!known(name, config_setting_is_group(s)))
			return wrong(l, s, "there is no setting %s", name);
		if (config_setting_is_group(s) && !check_names(l, s, inside))
			return false;
	}
	return true;
}

/* What a single row cannot say. */
static bool check_together(struct load *l)
{
	struct config *c = l->config;
	const char *at = strrchr(c->from, '@');

	if (!at || at == c->from || !at[1])
		return wrong(l, NULL, "from = \"%s\" is no address", c->from);
	if (!c->imap_password == !c->imap_token)
		return wrong(l, NULL, "one of imap.password_file and imap.token_file must be set, and only one");
	if (c->smtp_user && !c->smtp_password == !c->smtp_token)
		return wrong(l, NULL, "with smtp.user, one of smtp.password_file and smtp.token_file must be set, and only one");
	for (char **day = c->renewal_reminder_days; *day; day++)
		if (!g_ascii_string_to_unsigned(*day, 10, 1, 400, NULL, NULL))
			return wrong(l, NULL, "renewal_reminder_days holds \"%s\", which is no number of days from 1 to 400", *day);
	c->own_domain = g_ascii_strdown(at + 1, -1);
	return true;
}

static bool load_calendar(struct load *l)
{
	struct config *c = l->config;
	g_autoptr(GError) why = NULL;

	c->work = calendar_new((const char *const *)c->work_leave, c->work_opens, c->work_closes, &why);
	return c->work || wrong(l, NULL, "work.leave: %s", why->message);
}

static bool load_list_days(struct load *l)
{
	static const char *const names[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

	for (char **day = l->config->list_days; *day; day++) {
		guint i = 0;

		while (i < G_N_ELEMENTS(names) && !g_str_equal(names[i], *day))
			i++;
		if (i == G_N_ELEMENTS(names))
			return wrong(l, NULL, "list_days: \"%s\" is none of mon, tue, wed, thu, fri, sat, sun", *day);
		l->config->list_weekdays |= 1u << i;
	}
	return true;
}

static bool load_certificates(struct load *l)
{
	struct config *c = l->config;

	if (c->officer_certificate)
		return (c->pinned = smime_file_pinned(c->officer_certificate, l->error));
	return !g_str_equal(c->submission, "officer-signed") ||
		wrong(l, NULL, "submission = \"officer-signed\" needs officer_certificate: whose signature is awaited");
}

static bool load_directory(struct load *l)
{
	g_autofree char *csv = NULL;
	g_autoptr(GError) why = NULL;

	if (g_file_get_contents(l->config->directory, &csv, NULL, &why))
		l->config->who = directory_parse(csv, &why);
	if (l->config->who)
		return true;
	g_set_error(l->error, CONFIG_ERROR, CONFIG_ERROR_FILE, "directory %s: %s", l->config->directory, why->message);
	return false;
}

static bool parse(struct load *l)
{
	config_t file;
	bool ok;

	config_init(&file);
	config_set_include_dir(&file, l->folder);
	ok = config_read_file(&file, l->path) == CONFIG_TRUE;
	if (!ok && config_error_type(&file) == CONFIG_ERR_PARSE)
		g_set_error(l->error, CONFIG_ERROR, CONFIG_ERROR_SYNTAX, "%s:%d: %s",
			    config_error_file(&file) ? config_error_file(&file) : l->path, config_error_line(&file),
			    config_error_text(&file));
	else if (!ok)
		g_set_error(l->error, CONFIG_ERROR, CONFIG_ERROR_FILE, "settings file %s cannot be read", l->path);
	ok = ok && check_names(l, config_root_setting(&file), "") && set_rows(l, &file) && check_together(l);
	config_destroy(&file);
	return ok;
}

struct config *config_load(const char *path, GError **error)
{
	struct config *c = g_new0(struct config, 1);
	struct load l = { c, path, g_path_get_dirname(path), error };
	bool ok = parse(&l) && load_calendar(&l) && load_list_days(&l) && load_directory(&l) && load_certificates(&l);

	if (ok)
		c->token_key = secret_token_key(c->data, error);
	g_free(l.folder);
	if (ok && c->token_key)
		return c;
	config_free(c);
	return NULL;
}

void config_free(struct config *c)
{
	if (!c)
		return;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].kind == LIST)
			g_strfreev(MEMBER(char **, c, &rows[i]));
		else if (rows[i].kind != NUMBER && rows[i].kind != SWITCH)
			g_free(MEMBER(char *, c, &rows[i]));
	}
	g_clear_pointer(&c->who, directory_free);
	g_clear_pointer(&c->work, calendar_free);
	g_clear_pointer(&c->pinned, g_ptr_array_unref);
	config_forget(c);
	g_free(c->own_domain);
	g_free(c);
}

void config_forget(struct config *c)
{
	gsize len;
	gconstpointer key = c->token_key ? g_bytes_get_data(c->token_key, &len) : NULL;

	if (key)
		explicit_bzero((void *)key, len);
	g_clear_pointer(&c->token_key, g_bytes_unref);
}

static enum submission_mode mode_of(const char *word)
{
	return g_strcmp0(word, "portal") == 0 ? SUBMISSION_PORTAL
	     : g_strcmp0(word, "officer-signed") == 0 ? SUBMISSION_OFFICER_SIGNED : SUBMISSION_GATEWAY_SIGNED;
}

struct policy config_policy(const struct config *c)
{
	return (struct policy){
		.directory = c->who,
		.calendar = c->work,
		.ca_domains = (const char *const *)c->ca_domains,
		.ca_address = c->ca_address,
		.own_address = c->from,
		.support_address = c->support_address,
		.own_domain = c->own_domain,
		.submission = mode_of(c->submission),
		.list_format = c->list_format,
		.list_days = c->list_weekdays,
		.list_hour = c->list_hour,
		.pinned = c->pinned,
		.token_key = c->token_key,
		.paper_by = c->paper_by,
		.manifest_days = c->manifest_days,
		.manifest_hour = c->manifest_hour,
		.ticket_required = c->ticket_required,
		.approval_per_request = g_str_equal(c->approval, "request"),
		.approval_digest_hour = c->approval_hour,
		.token_days = c->token_days,
		.park_after = c->park_after,
		.storm_letters = c->storm_letters,
		.answers_per_day = c->answers_per_day,
		.answers_per_subject = c->answers_per_subject,
		.quiet_hours = c->quiet_hours,
		.reminder_days = c->reminder_days,
		.max_reminders = c->max_reminders,
		.manager_digest = c->manager_digest,
		.officer_digest = c->officer_digest,
		.ca_window_days = c->ca_window_days,
		.renewal_window_days = c->renewal_window_days,
		.renewal_days = (const char *const *)c->renewal_reminder_days,
		.uncertain_seconds = c->uncertain_minutes * 60,
	};
}

struct limits config_limits(const struct config *c)
{
	return (struct limits){
		.unpacked = (gsize)c->max_unpacked_mib << 20,
		.entries = (gsize)c->max_entries,
		.ratio = (gsize)c->max_ratio,
		.files = (gsize)c->max_files,
		.rows = (gsize)c->max_rows,
		.columns = (gsize)c->max_columns,
		.cells = (gsize)c->max_cells,
		.text = (gsize)c->max_text_mib << 20,
	};
}

static void append_json(GString *json, const char *key, const char *value)
{
	g_string_append_printf(json, "%s\"%s\":\"", json->len > 1 ? "," : "", key);
	for (const char *at = value; *at; at++) {
		if (*at == '"' || *at == '\\')
			g_string_append_c(json, '\\');
		g_string_append_c(json, *at); /* set_text lets no control character in */
	}
	g_string_append_c(json, '"');
}

char *config_common(const struct config *c)
{
	GString *json = g_string_new("{");

	append_json(json, "institution", c->institution);
	append_json(json, "office", c->office);
	append_json(json, "support", c->support);
	append_json(json, "from", c->from);
	append_json(json, "ca_paper_address", c->ca_paper_address);
	append_json(json, "paper_to", c->paper_to);
	g_string_append_printf(json, ",\"self_post\":%s}", g_str_equal(c->paper_by, "applicant") ? "true" : "false");
	return g_string_free(json, FALSE);
}

char *config_secret(const char *path, GError **error)
{
	return secret_line(path, error);
}

bool config_private(const char *path, GError **error)
{
	return secret_private(path, error);
}
