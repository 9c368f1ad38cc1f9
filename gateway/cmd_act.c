/* cmd_act: what an operator decides. Each command is a row: the verb, what it is done to, and the queue's function.
 *
 * Each ID is one transaction of its own: of several, those that are possible are done, and the exit status is that of the
 * worst. The journal keeps --by and --note.
 */
#include <stdio.h>
#include <sysexits.h>
#include "gateway/command.h"
#include "gateway/table.h"
#include "queue/apply.h"
#include "queue/inbox.h"
#include "queue/outbox.h"
#include "queue/pending.h"
#include "queue/view.h"
#include "queue/workflow.h"

struct verb {
	const char *verb;
	char letter; /* of its IDs; 0: plain numbers only */
	const char *view, *columns; /* that show the outcome */
	bool (*done)(struct command_context *c, gint64 id, const char *event, GError **error);
};

struct acting {
	struct command_context *c;
	const struct verb *verb;
	const char *event;
	struct table *outcome;
	int worst;
};

static bool act_event(struct command_context *c, gint64 id, const char *event, GError **error)
{
	struct policy policy = config_policy(c->config);
	const struct by_hand act = { id, event, c->by, c->note };

	return apply_operator(c->db, &policy, &act, c->now, error);
}

static bool act_retry(struct command_context *c, gint64 id, const char *event, GError **error)
{
	return outbox_retry(c->db, id, c->by, c->now, error);
}

static bool act_release(struct command_context *c, gint64 id, const char *event, GError **error)
{
	return inbox_release(c->db, id, c->by, c->now, error);
}

static bool act_park(struct command_context *c, gint64 id, const char *event, GError **error)
{
	return inbox_park(c->db, id, c->note ? c->note : "set aside", c->by, c->now, error);
}

static bool act_close(struct command_context *c, gint64 id, const char *event, GError **error)
{
	const struct pending_end end = { id, c->by, c->note };

	return pending_close(c->db, &end, c->now, error);
}

#define APPLICATION "application name unit state waits_on"
#define MAIL "mail from subject state disposition"
static const struct verb verbs[] = {
	{ "approve", 'A', "list", APPLICATION, act_event },
	{ "refuse", 'A', "list", APPLICATION, act_event },
	{ "redirect", 'A', "list", APPLICATION, act_event },
	{ "withdraw", 'A', "list", APPLICATION, act_event },
	{ "event", 'A', "list", APPLICATION, act_event },
	{ "retry", 0, "outbox", "letter name to state", act_retry },
	{ "release", 'M', "inbox", MAIL, act_release },
	{ "park", 'M', "inbox", MAIL, act_park },
	{ "close", 'P', "pending", "pending name unit manager reason state", act_close },
};

static const struct verb *find(const char *verb)
{
	const struct verb *v = verbs;

	while (!g_str_equal(v->verb, verb))
		v++;
	return v;
}

static void keep_worst(struct acting *g, int status)
{
	g->worst = MAX(g->worst, status);
}

/* The row of the view that shows what the act left behind is kept for the end. */
static void act_on(struct acting *g, const char *text)
{
	char letter = g->verb->letter;
	gint64 id = letter ? command_id(text, letter) : 0;
	g_autofree char *shown = NULL;
	GError *error = NULL;

	id = id ? id : command_id(text, 0); /* "7" will do where only one kind can be meant */
	if (!id) {
		keep_worst(g, command_usage(g->c, "%s is no ID that %s takes", text, g->c->command->name));
		return;
	}
	shown = letter ? g_strdup_printf("%c-%" G_GINT64_FORMAT, letter, id) : g_strdup(text);
	if (!g->verb->done(g->c, id, g->event, &error) || !view_each(g->c->db, g->verb->view, shown, table_add, g->outcome, &error))
		keep_worst(g, command_fail(error));
}

static void collect(const char *json, void *data)
{
	char *application = table_text(json, "application");

	if (application) /* what waits on a manager has none */
		g_ptr_array_add(data, application);
}

/* T-12 and L-3 mean all their applications. */
static void act_on_all(struct acting *g, const char *text)
{
	g_autofree char *key = g_ascii_strup(text, -1);
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
	GError *error = NULL;

	if (g->verb->letter != 'A' || (!command_id(text, 'T') && !command_id(text, 'L'))) {
		act_on(g, text);
		return;
	}
	if (!view_each(g->c->db, "list", key, collect, all, &error))
		keep_worst(g, command_fail(error));
	else if (!all->len)
		keep_worst(g, command_missing(key));
	for (guint i = 0; i < all->len; i++)
		act_on(g, g_ptr_array_index(all, i));
}

static int run(struct command_context *c, const char *event, char **ids, int n)
{
	struct acting g = { .c = c, .verb = find(c->command->name), .event = event };

	g.outcome = table_new(stdout, c->json ? TABLE_JSON : TABLE_COLUMNS, g.verb->columns);
	for (int i = 0; i < n; i++)
		act_on_all(&g, ids[i]);
	table_end(g.outcome);
	return g.worst;
}

static int run_act(struct command_context *c, int argc, char **argv)
{
	return run(c, argv[0], argv + 1, argc - 1);
}

static bool known_event(const char *event)
{
	guint n;
	const struct edge *e = workflow_edges(&n);

	for (guint i = 0; i < n; i++)
		if (g_str_equal(e[i].event, event) && g_str_equal(e[i].by, "operator"))
			return true;
	return false;
}

static int run_event(struct command_context *c, int argc, char **argv)
{
	if (!known_event(argv[2]))
		return command_usage(c, "%s is no event an operator may say; see `nesgate workflow`", argv[2]);
	return run(c, argv[2], argv + 1, 1);
}

#define ACT(verb, ids, help) \
	const struct command cmd_act_##verb = { #verb, ids, help, NEEDS_DB_WRITE, run_act, NULL, 1, COMMAND_ANY }
ACT(approve, "ID...", "The office agrees to the application; it goes on the next list");
ACT(refuse, "ID...", "The office does not agree; the unit manager is told");
ACT(redirect, "ID...", "The person is sent to the person-paid way");
ACT(withdraw, "ID...", "The application is no longer wanted");
ACT(retry, "LETTER...", "A letter that failed or is uncertain goes out again with the same bytes");
ACT(release, "MAIL...", "A parked mail goes back to be read");
ACT(park, "MAIL...", "A mail is set aside for a person; --note says why");
ACT(close, "PENDING...", "A row or form that a manager was to send again is waited for no longer; --note says why");

const struct command cmd_act_event = { "event", "ID EVENT", "Any event of the workflow, by hand", NEEDS_DB_WRITE, run_event,
	NULL, 2, 2 };
