/* cmd_held: letters that are held: for a dead address, which gets a new one or works again, and for a kind of letters of which there
 * were too many. The journal keeps --by.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include "gateway/command.h"
#include "gateway/table.h"
#include "queue/brake.h"
#include "queue/undelivered.h"
#include "queue/view.h"

#define OUTBOX "letter name to state held"

static bool is_address(const char *text)
{
	const char *at = strchr(text, '@');

	return at && at > text && at[1] && !strchr(at + 1, '@') && !strpbrk(text, " <>,;\"\t\r\n") && strlen(text) <= 254;
}

static int show(struct command_context *c, const char *view, const char *key, const char *columns)
{
	struct table *outcome = table_new(stdout, c->json ? TABLE_JSON : TABLE_COLUMNS, columns);
	GError *error = NULL;
	bool ok = view_each(c->db, view, key, table_add, outcome, &error);

	table_end(outcome);
	return ok ? EX_OK : command_fail(error);
}

static int run_readdress(struct command_context *c, int argc, char **argv)
{
	struct policy policy = config_policy(c->config);
	gint64 id = command_id(argv[1], 'A');
	const struct undelivered_word word = { id ? id : command_id(argv[1], 0), argv[2], c->by, c->note };
	g_autofree char *key = g_strdup_printf("A-%" G_GINT64_FORMAT, word.application);
	GError *error = NULL;

	if (!word.application)
		return command_usage(c, "%s is no ID that readdress takes", argv[1]);
	if (!is_address(argv[2]))
		return command_usage(c, "%s is no mail address", argv[2]);
	if (!undelivered_correct(c->db, &policy, &word, c->now, &error))
		return command_fail(error);
	return show(c, "list", key, "application name unit email state");
}

static bool resume(struct command_context *c, const char *what, GError **error)
{
	const struct undelivered_word word = { .address = what, .by = c->by };

	return strchr(what, '@') ? undelivered_revive(c->db, &word, c->now, error)
				 : brake_release(c->db, what, c->by, c->now, error);
}

static int run_resume(struct command_context *c, int argc, char **argv)
{
	int worst = EX_OK;

	for (int i = 1; i < argc; i++) {
		GError *error = NULL;

		if (!resume(c, argv[i], &error))
			worst = MAX(worst, command_fail(error));
	}
	return MAX(worst, show(c, "outbox", "held", OUTBOX));
}

const struct command cmd_held_readdress = { "readdress", "ID ADDRESS",
	"The applicant has another address; what the dead one missed goes there", NEEDS_DB_WRITE, run_readdress, NULL, 2, 2 };
const struct command cmd_held_resume = { "resume", "ADDRESS|LETTER...",
	"A dead address works again, or a held kind of letters may go; what is still held is listed", NEEDS_DB_WRITE, run_resume,
	NULL, 1, COMMAND_ANY };
