/* cmd_preview: a letter as it would go: headers, text, and HTML when asked for. Nothing is signed or sent.
 *
 * The values are those of a letter that is owed; the template may be another one, to try a change on real values.
 */
#include <stdio.h>
#include <sysexits.h>
#include "gateway/command.h"
#include "gateway/table.h"
#include "queue/view.h"
#include "templates/catalog.h"

static const struct command_option options[] = {
	{ "html", NULL, "the HTML part instead of the text" },
	{ 0 }
};

static void keep(const char *json, void *data)
{
	char **line = data;

	g_free(*line);
	*line = g_strdup(json);
}

static void print_header(const char *name, const char *value)
{
	g_autofree char *clean = table_clean(value ? value : "");

	if (*clean)
		printf("%s: %s\n", name, clean);
}

static void print_people(const struct command_context *c, const char *letter, const struct letter_text *t)
{
	g_autofree char *to = table_text(letter, "to"), *id = table_text(letter, "message_id");
	g_autofree char *token = table_text(letter, "token");
	g_autofree char *subject = token ? g_strdup_printf("%s [%s]", t->subject, token) : g_strdup(t->subject);

	print_header("From", c->config->from);
	print_header("To", to);
	print_header("Subject", subject);
	print_header("Message-ID", id);
	printf("\n%s\n", command_value(c, "html") ? t->html : t->text);
}

static void print_json(const struct command_context *c, const char *letter, const struct letter_text *t)
{
	g_autofree char *to = table_text(letter, "to"), *id = table_text(letter, "message_id");
	g_autofree char *line = table_object("from", c->config->from, "to", to, "message_id", id, "subject", t->subject,
					     "text", t->text, "html", t->html, NULL);

	puts(line);
}

static int render(struct command_context *c, const struct catalog *all, const char *name, const char *letter)
{
	g_autofree char *common = config_common(c->config), *context = table_json(letter, "context");
	GError *error = NULL;
	struct letter_text *t = catalog_render(all, name, common, context ? context : "{}", &error);

	if (!t) {
		command_fail(error);
		return EX_DATAERR;
	}
	(c->json ? print_json : print_people)(c, letter, t);
	letter_text_free(t);
	return EX_OK;
}

static int run_preview(struct command_context *c, int argc, char **argv)
{
	g_autofree char *letter = NULL;
	struct catalog *all;
	GError *error = NULL;
	int status;

	if (!command_id(argv[2], 0))
		return command_usage(c, "%s is no letter's number; see `nesgate outbox`", argv[2]);
	if (!view_each(c->db, "letter", argv[2], keep, &letter, &error))
		return command_fail(error);
	all = catalog_new(&error);
	if (!all)
		return command_fail(error);
	if (g_strv_contains(catalog_letters(all), argv[1])) {
		status = render(c, all, argv[1], letter);
	} else {
		g_autofree char *names = g_strjoinv(", ", (char **)catalog_letters(all));

		status = command_usage(c, "%s is no letter; there are %s", argv[1], names);
	}
	catalog_free(all);
	return status;
}

const struct command cmd_preview = { "preview", "LETTER ID",
	"The letter as it would go, with the values of letter ID of the outbox", NEEDS_DB_READ, run_preview, options, 2, 2 };
