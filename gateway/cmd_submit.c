/* cmd_submit: a list by hand, whatever the list days say, or its letter once more. `run` sends it, as always. */
#include <stdio.h>
#include <sysexits.h>
#include "gateway/command.h"
#include "gateway/table.h"
#include "queue/apply.h"
#include "queue/view.h"

static int run_submit(struct command_context *c, int argc, char **argv)
{
	struct policy policy = config_policy(c->config);
	struct table *outcome;
	GError *error = NULL;
	gint64 list = argc > 1 ? command_id(argv[1], 'L') : 0;

	if (argc > 1 && !list)
		return command_usage(c, "%s is no list's ID, such as L-3", argv[1]);
	if (!apply_operator_submit(c->db, &policy, c->by, c->now, &list, &error))
		return command_fail(error);
	if (!list) {
		fprintf(stderr, "no list is made: nothing is approved, or nobody is officer today\n");
		return EX_OK;
	}
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, list);
	outcome = table_new(stdout, c->json ? TABLE_JSON : TABLE_COLUMNS, "list state count letter_state");
	if (!view_each(c->db, "lists", id, table_add, outcome, &error))
		return command_fail(error);
	table_end(outcome);
	return EX_OK;
}

const struct command cmd_submit = { "submit", "[LIST]",
	"A list of all that is approved, now and not on its day; or a list's letter once more, that failed or waits for an officer",
	NEEDS_DB_WRITE, run_submit, NULL, 0, 1 };
