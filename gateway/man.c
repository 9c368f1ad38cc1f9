/* man: see the header. */
#include "gateway/man.h"
#include <gio/gio.h>
#include <string.h>
#include "gateway/command.h"

/* Text as troff takes it literally: a backslash, a minus and a leading dot or quote mean something to it. */
static void append_text(GString *page, const char *text)
{
	if (*text == '.' || *text == '\'')
		g_string_append(page, "\\&");
	for (; *text; text++) {
		if (*text == '\\')
			g_string_append(page, "\\e");
		else if (*text == '-')
			g_string_append(page, "\\-");
		else
			g_string_append_c(page, *text);
	}
}

static void append_option_rows(GString *page, const struct command_option *o)
{
	for (; o && o->name; o++) {
		g_string_append(page, ".TP\n.B \\-\\-");
		append_text(page, o->name);
		if (o->argument) {
			g_string_append(page, " \\fI");
			append_text(page, o->argument);
			g_string_append(page, "\\fR");
		}
		g_string_append_c(page, '\n');
		append_text(page, o->help);
		g_string_append(page, ".\n");
	}
}

static void append_commands(GString *page)
{
	for (guint i = 0; command_table[i]; i++) {
		const struct command *k = command_table[i];

		g_string_append(page, ".SS ");
		append_text(page, k->name);
		if (*k->arguments)
			g_string_append_c(page, ' ');
		append_text(page, k->arguments);
		g_string_append_c(page, '\n');
		append_text(page, k->help);
		g_string_append(page, ".\n");
		append_option_rows(page, k->options);
	}
}

static void append_options(GString *page)
{
	append_option_rows(page, command_globals);
}

static const struct { const char *kind, *says; } kinds[] = {
	{ "TEXT", "text" },     { "PATH", "path of a file; a relative one counts from the folder of the settings file" },
	{ "NUMBER", "number" }, { "SWITCH", "true or false" },
	{ "LIST", "list of texts" }, { "WORD", "one word of" },
};

static const char *kind_says(const char *kind)
{
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_str_equal(kinds[i].kind, kind))
			return kinds[i].says;
	return kind;
}

static void append_default(GString *page, const struct setting_row *s)
{
	bool word = g_str_equal(s->kind, "WORD");
	g_autofree char *first = s->preset ? g_strndup(s->preset, strcspn(s->preset, word ? " " : "")) : NULL;
	const char *shown = first;

	if (g_str_equal(s->kind, "SWITCH"))
		shown = g_str_equal(s->preset, "0") ? "false" : "true";
	append_text(page, kind_says(s->kind));
	if (word) {
		g_string_append_c(page, ' ');
		append_text(page, s->preset);
	}
	if (s->preset && g_str_equal(s->preset, "REQUIRED")) {
		g_string_append(page, "; must be set");
		return;
	}
	g_string_append(page, s->preset ? "; default " : "; not set by default");
	if (s->preset)
		append_text(page, shown);
}

static void append_settings(GString *page)
{
	for (const struct setting_row *s = config_rows; s->name; s++) {
		g_string_append(page, ".TP\n.B ");
		append_text(page, s->name);
		g_string_append_c(page, '\n');
		append_text(page, s->sentence);
		g_string_append(page, ".\n(");
		append_default(page, s);
		g_string_append(page, ")\n");
	}
}

static const struct { const char *line; void (*append)(GString *page); } tables[] = {
	{ "@commands@", append_commands }, { "@options@", append_options }, { "@settings@", append_settings },
};

char *man_page(const char *name)
{
	g_autofree char *path = g_strconcat("/nesgate/gateway/man/", name, NULL);
	g_autoptr(GBytes) prose = g_resources_lookup_data(path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	g_auto(GStrv) lines = prose ? g_strsplit(g_bytes_get_data(prose, NULL), "\n", -1) : NULL;
	GString *page = g_string_new(NULL);

	for (guint i = 0; lines && lines[i] && (lines[i][0] || lines[i + 1]); i++) {
		void (*append)(GString *) = NULL;

		for (guint t = 0; t < G_N_ELEMENTS(tables); t++)
			if (g_str_equal(lines[i], tables[t].line))
				append = tables[t].append;
		if (append)
			append(page);
		else
			g_string_append_printf(page, "%s\n", lines[i]);
	}
	return g_string_free(page, lines == NULL);
}
