/* command: options, help and exit statuses of all commands, from their rows.
 *
 * Options may stand before and after the command's name and its operands; both passes of getopt_long take the
 * global ones, so `nesgate --json list` and `nesgate list --json` are one.
 */
#include "gateway/command.h"
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include "gateway/clock.h"
#include "gateway/error.h"

#define COMMAND(symbol) &symbol,
const struct command *const command_table[] = {
#include "gateway/commands.def"
	NULL
};
#undef COMMAND

#define CONFIG_PATH "/etc/nesgate/nesgate.conf"

const struct command_option command_globals[] = {
	{ "config", "FILE", "settings; else $NESGATE_CONFIG, else " CONFIG_PATH },
	{ "json", NULL, "one JSON object a line instead of a table" },
	{ "by", "NAME", "who acts, for the journal; else the login name" },
	{ "note", "TEXT", "why, for the journal" },
	{ "help", NULL, "this text; after a command: its own" },
	{ "version", NULL, "the version" },
	{ 0 }
};

struct call {
	struct command_context c;
	bool help, version;
};

const struct command *command_find(const char *name)
{
	for (guint i = 0; name && command_table[i]; i++)
		if (g_str_equal(command_table[i]->name, name))
			return command_table[i];
	return NULL;
}

static void print_options(FILE *out, const struct command_option *o)
{
	for (; o && o->name; o++) {
		g_autofree char *left = g_strdup_printf("%s--%s%s%s", g_str_equal(o->name, "config") ? "-c, " : "",
							o->name, o->argument ? " " : "", o->argument ? o->argument : "");

		fprintf(out, "  %-22s %s\n", left, o->help);
	}
}

static void print_usage_line(FILE *out, const struct command *k)
{
	fprintf(out, "usage: nesgate [-c FILE] %s%s%s%s\n", k->name, k->options ? " [options]" : "", *k->arguments ? " " : "",
		k->arguments);
}

static void print_help(FILE *out, const struct command *k)
{
	if (k) {
		print_usage_line(out, k);
		fprintf(out, "\n%s.\n\n", k->help);
		print_options(out, k->options);
		print_options(out, command_globals);
		return;
	}
	fputs("usage: nesgate [-c FILE] COMMAND [options] [operands]\n\n", out);
	for (guint i = 0; command_table[i]; i++)
		fprintf(out, "  %-10s %s\n", command_table[i]->name, command_table[i]->help);
	fputs("\n", out);
	print_options(out, command_globals);
	fputs("\nIDs: A-7 an application, T-12 a request, L-3 a list, M-5 a mail, a plain number a letter.\n"
	      "Exit status: 0 done, 64 wrong use, 65 bad data, 69 service down, 75 try again, 78 configuration.\n", out);
}

int command_usage(const struct command_context *c, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	fputs("nesgate: ", stderr);
	vfprintf(stderr, format, list);
	fputs("\n", stderr);
	va_end(list);
	if (c->command)
		print_usage_line(stderr, c->command);
	return EX_USAGE;
}

int command_missing(const char *id)
{
	fprintf(stderr, "nesgate: there is no %s\n", id);
	return EX_DATAERR;
}

int command_fail(GError *error)
{
	int status = error_status(error);

	fprintf(stderr, "nesgate: %s\n", error->message);
	g_clear_error(&error);
	return status;
}

const char *command_value(const struct command_context *c, const char *option)
{
	for (guint i = 0; c->command->options && c->command->options[i].name; i++)
		if (g_str_equal(c->command->options[i].name, option))
			return g_ptr_array_index(c->values, i);
	g_error("%s has no option --%s", c->command->name, option);
}

bool command_at(const struct command_context *c, gint64 *at)
{
	const char *text = command_value(c, "at");

	*at = text ? clock_parse(text) : c->now;
	if (*at >= 0)
		return true;
	command_usage(c, "--at %s is no time; write 2026-11-22 or 2026-11-22T09:00:00+03:00", text);
	return false;
}

gint64 command_id(const char *text, char letter)
{
	guint64 n;

	if (letter && (g_ascii_toupper(text[0]) != letter || text[1] != '-'))
		return 0;
	if (!g_ascii_string_to_unsigned(letter ? text + 2 : text, 10, 1, G_MAXINT64, &n, NULL))
		return 0;
	return (gint64)n;
}

bool command_open(struct command_context *c, enum command_needs needs, GError **error)
{
	if (needs && !c->config)
		c->config = config_load(c->config_path, error);
	if (needs && !c->config)
		return false;
	if (needs > NEEDS_CONFIG && !c->db)
		c->db = db_open(c->config->data, needs == NEEDS_DB_WRITE ? DB_WRITE : DB_READ, error);
	return needs <= NEEDS_CONFIG || c->db;
}

/* getopt's table: the global rows, then the command's; `val` counts from 1000 so that -c stays the only letter. */
enum { FIRST_VALUE = 1000 };

static GArray *long_options(const struct command *k)
{
	const struct command_option *tables[] = { command_globals, k ? k->options : NULL };
	GArray *all = g_array_new(TRUE, TRUE, sizeof(struct option));

	for (guint t = 0; t < G_N_ELEMENTS(tables); t++)
		for (const struct command_option *o = tables[t]; o && o->name; o++) {
			struct option row = { o->name, o->argument ? required_argument : no_argument, NULL,
					      FIRST_VALUE + (int)all->len };

			g_array_append_val(all, row);
		}
	return all;
}

static void take_global(struct call *call, const char *name, const char *value)
{
	struct { const char *name; const char **text; bool *flag; } places[] = {
		{ "config", &call->c.config_path, &call->c.config_named }, { "json", NULL, &call->c.json },
		{ "by", &call->c.by, NULL }, { "note", &call->c.note, NULL },
		{ "help", NULL, &call->help }, { "version", NULL, &call->version },
	};

	for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
		if (!g_str_equal(places[i].name, name))
			continue;
		if (places[i].text)
			*places[i].text = value;
		if (places[i].flag)
			*places[i].flag = true;
	}
}

static void take_value(struct command_context *c, guint i, const char *value)
{
	const char *before = g_ptr_array_index(c->values, i), *argument = c->command->options[i].argument;
	g_autofree char *both = before && argument && g_str_has_suffix(argument, "...") ? g_strconcat(before, ",", value, NULL) : NULL;

	g_ptr_array_index(c->values, i) = (gpointer)(both ? g_intern_string(both) : value);
}

/* One pass over argv from its first element on, which getopt takes for the program's name. Index of the first operand, 0 after a
 * sentence about a wrong option. */
static int parse(struct call *call, int argc, char **argv, const char *letters)
{
	g_autoptr(GArray) all = long_options(call->c.command);
	guint globals = G_N_ELEMENTS(command_globals) - 1;
	int got;

	optind = 0; /* a new argv for glibc */
	opterr = 0;
	while ((got = getopt_long(argc, argv, letters, (struct option *)all->data, NULL)) != -1) {
		if (got == '?' || got == ':') {
			command_usage(&call->c, "%s %s", argv[optind - 1],
				      got == ':' ? "wants a value" : "is no option here; see --help");
			return 0;
		}
		if (got == 'c')
			take_global(call, "config", optarg);
		else if ((guint)(got - FIRST_VALUE) < globals)
			take_global(call, command_globals[got - FIRST_VALUE].name, optarg);
		else
			take_value(&call->c, (guint)(got - FIRST_VALUE) - globals, optarg ? optarg : "");
	}
	return optind;
}

static void prepare_values(struct command_context *c)
{
	for (guint i = 0; c->command->options && c->command->options[i].name; i++)
		g_ptr_array_add(c->values, NULL);
}

/* Whoever became root or the service's user by sudo is meant, not that user. */
static const char *login_name(void)
{
	const char *sudo = g_getenv("SUDO_USER");

	return sudo && *sudo ? sudo : g_get_user_name();
}

static int run(struct command_context *c, int argc, char **argv)
{
	GError *error = NULL;
	int status;

	if (argc - 1 < c->command->least)
		return command_usage(c, "%s wants %s", c->command->name, c->command->arguments);
	if (c->command->most != COMMAND_ANY && argc - 1 > c->command->most)
		return command_usage(c, "%s takes no %s", c->command->name, argv[c->command->most + 1]);
	c->now = clock_now();
	if (!command_open(c, c->command->needs, &error))
		return command_fail(error);
	status = c->command->run(c, argc, argv);
	/* A reader that went away (head, less) has what it wanted; a full disk has not. */
	if ((fflush(stdout) || ferror(stdout)) && errno != EPIPE && !status) {
		fprintf(stderr, "nesgate: the results could not be written: %s\n", g_strerror(errno));
		return EX_TEMPFAIL;
	}
	return status;
}

static int dispatch(struct call *call, int argc, char **argv)
{
	int first = parse(call, argc, argv, "+:c:");
	char *name;

	if (!first)
		return EX_USAGE;
	if (!call->help && !call->version && first == argc) {
		print_help(stderr, NULL);
		return EX_USAGE;
	}
	argc -= first;
	argv += first;
	if (argc && !(call->c.command = command_find(argv[0])))
		return command_usage(&call->c, "%s is no command; see nesgate --help", argv[0]);
	if (argc) {
		prepare_values(&call->c);
		first = parse(call, argc, argv, ":c:");
		if (!first)
			return EX_USAGE;
	}
	if (call->version)
		return printf("nesgate %s\n", NESGATE_VERSION) < 0 ? EX_TEMPFAIL : EX_OK;
	if (call->help) {
		print_help(stdout, call->c.command);
		return EX_OK;
	}
	/* getopt has moved the operands to the end; the name changes places with what stands right before them. */
	name = argv[0];
	argv[0] = argv[first - 1];
	argv[first - 1] = name;
	return run(&call->c, argc - first + 1, argv + first - 1);
}

int command_main(int argc, char **argv)
{
	const char *named = g_getenv("NESGATE_CONFIG");
	struct call call = { .c = { .by = login_name(), .config_path = named ? named : CONFIG_PATH,
				    .config_named = named != NULL } };
	int status;

	umask(077); /* what we write is about people */
	call.c.values = g_ptr_array_new();
	status = dispatch(&call, argc, argv);
	g_ptr_array_unref(call.c.values);
	db_close(call.c.db);
	if (call.c.config)
		config_free(call.c.config);
	return status;
}
