/* cmd_workflow: the road of an application, as a table or as a graph. */
#include <stdio.h>
#include <sysexits.h>
#include "gateway/command.h"
#include "gateway/table.h"
#include "queue/workflow.h"

static const struct command_option options[] = {
	{ "dot", NULL, "the graph in the language of Graphviz" },
	{ 0 }
};

static int run_workflow(struct command_context *c, int argc, char **argv)
{
	guint n;
	const struct edge *e = workflow_edges(&n);
	struct table *t;

	if (command_value(c, "dot")) {
		g_autofree char *dot = workflow_dot();

		fputs(dot, stdout);
		return EX_OK;
	}
	t = table_new(stdout, c->json ? TABLE_JSON : TABLE_COLUMNS, NULL);
	for (guint i = 0; i < n; i++) {
		const struct state *s = workflow_state(e[i].from);
		g_autofree char *line = table_object("state", e[i].from, "waits_on", s->waits_on, "event", e[i].event, "by", e[i].by,
						     "strength", workflow_strengths[e[i].strength], "to", e[i].to, "letters",
						     *e[i].letters ? e[i].letters : NULL, NULL);

		table_add(line, t);
	}
	table_end(t);
	return EX_OK;
}

const struct command cmd_workflow = { "workflow", "", "Every state, who is waited for, and the steps from it", NEEDS_NOTHING,
	run_workflow, options };
