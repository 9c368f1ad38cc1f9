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
#include "queue/view.h"
#include "queue/workflow.h"

struct act {
	const char *verb;
	char letter; /* of its IDs; 0: plain numbers only */
	const char *view; /* that shows the outcome */
	bool (*done)(struct command_context *c, gint64 id, const char *event, GError **error);
};

static bool act_event(struct command_context *c, gint64 id, const char *event, GError **error)
{
	struct policy policy = config_policy(c->config);

	return apply_operator(c->db, &policy, id, event, c->by, c->note, c->now, error);
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

static const struct act acts[] = {
	{ "approve", 'A', "list", act_event },
	{ "refuse", 'A', "list", act_event },
	{ "redirect", 'A', "list", act_event },
	{ "withdraw", 'A', "list", act_event },
	{ "event", 'A', "list", act_event },
	{ "retry", 0, "outbox", act_retry },
	{ "release", 'M', "inbox", act_release },
	{ "park", 'M', "inbox", act_park },
};

static const struct act *find(const char *verb)
{
	const struct act *a = acts;

	while (!g_str_equal(a->verb, verb))
		a++;
	return a;
}

/* What the act left behind: the row that `list`, `outbox` or `inbox` shows. */
static int show(struct command_context *c, const struct act *a, const char *id)
{
	struct table *t = table_new(stdout, c->json ? TABLE_JSON : TABLE_RECORD, NULL);
	GError *error = NULL;
	bool ok = view_each(c->db, a->view, id, table_add, t, &error);

	table_end(t);
	return ok ? EX_OK : command_fail(error);
}

static int act_on(struct command_context *c, const struct act *a, const char *text, const char *event)
{
	gint64 id = a->letter ? command_id(text, a->letter) : 0;
	g_autofree char *shown = NULL;
	GError *error = NULL;

	id = id ? id : command_id(text, 0); /* "7" will do where only one kind can be meant */
	if (!id)
		return command_usage(c, "%s is no ID that %s takes", text, c->command->name);
	shown = a->letter ? g_strdup_printf("%c-%" G_GINT64_FORMAT, a->letter, id) : g_strdup(text);
	return a->done(c, id, event, &error) ? show(c, a, shown) : command_fail(error);
}

static void collect(const char *json, void *data)
{
	g_ptr_array_add(data, table_text(json, "application"));
}

/* T-12 and L-3 mean all their applications. */
static int act_on_all(struct command_context *c, const struct act *a, const char *text, const char *event)
{
	g_autofree char *key = g_ascii_strup(text, -1);
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
	GError *error = NULL;
	int worst = EX_OK;

	if (a->letter != 'A' || (!command_id(text, 'T') && !command_id(text, 'L')))
		return act_on(c, a, text, event);
	if (!view_each(c->db, "list", key, collect, all, &error))
		return command_fail(error);
	for (guint i = 0; i < all->len; i++) {
		int status = act_on(c, a, g_ptr_array_index(all, i), event);

		worst = MAX(worst, status);
	}
	return all->len ? worst : command_missing(key);
}

static int run_act(struct command_context *c, int argc, char **argv)
{
	const struct act *a = find(argv[0]);
	int worst = EX_OK;

	for (int i = 1; i < argc; i++) {
		int status = act_on_all(c, a, argv[i], argv[0]);

		worst = MAX(worst, status);
	}
	return worst;
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
	return act_on_all(c, find("event"), argv[1], argv[2]);
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

const struct command cmd_act_event = { "event", "ID EVENT", "Any event of the workflow, by hand", NEEDS_DB_WRITE, run_event,
	NULL, 2, 2 };
