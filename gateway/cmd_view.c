/* cmd_view: what is there. Each command is a row: the queue's views, and the columns that people see of them; --json gives
 * the rows of the views whole.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include "gateway/command.h"
#include "gateway/table.h"
#include "queue/view.h"

struct part {
	const char *title; /* NULL: the only part */
	const char *view, *key, *columns;
};

static const struct show {
	const char *name;
	struct part parts[4]; /* the first takes the operand as key; ends with a NULL view */
} shows[] = {
	{ "status", { { "what waits", "status", NULL, "what state waits_on count since reason" },
		      { "mails that wait for a person", "inbox", "waits_for_person", "mail from subject reason" },
		      { "letters in trouble", "outbox", "trouble", "letter name to state bounced code answer" } } },
	{ "list", { { NULL, "list", NULL, "id tckn name unit state waits_on since" } } },
	{ "outbox", { { NULL, "outbox", NULL, "letter name to state attempts due code answer" } } },
	{ "forecast", { { NULL, "forecast", NULL, "month certificates applied without_unit" } } },
	{ "inbox", { { NULL, "inbox", NULL, "mail folder uid from subject kind state disposition reason" } } },
	{ "journal", { { NULL, "journal", NULL, "at event by name strength application letter mail from to note" } } },
};

static const struct show *find(const char *name)
{
	const struct show *s = shows;

	while (!g_str_equal(s->name, name))
		s++;
	return s;
}

static int print_part(struct command_context *c, const struct part *p, const char *key)
{
	struct table *t = table_new(stdout, c->json ? TABLE_JSON : TABLE_COLUMNS, p->columns);
	GError *error = NULL;
	bool ok;

	if (p->title && !c->json)
		printf("%s:\n", p->title);
	ok = view_each(c->db, p->view, key ? key : p->key, table_add, t, &error);
	if (!table_end(t) && !c->json && ok)
		fputs("nothing\n", p->title ? stdout : stderr);
	return ok ? EX_OK : command_fail(error);
}

/* Ids are written as people like, A-7 or a-7; words of the workflow are lower case. */
static char *key_of(int argc, char **argv)
{
	bool id = argc > 1 && argv[1][0] && argv[1][1] == '-';

	return argc < 2 ? NULL : id ? g_ascii_strup(argv[1], -1) : g_strdup(argv[1]);
}

static int run_view(struct command_context *c, int argc, char **argv)
{
	const struct show *s = find(argv[0]);
	g_autofree char *key = key_of(argc, argv);
	int worst = EX_OK;

	for (guint i = 0; i < G_N_ELEMENTS(s->parts) && s->parts[i].view; i++) {
		int status = print_part(c, &s->parts[i], i ? NULL : key);

		worst = MAX(worst, status);
	}
	return worst;
}

/* One thing whole: which view knows it is told by the letter of its id. */
static const struct { char letter; const char *view; } kinds[] = {
	{ 'A', "show" }, { 'T', "request" }, { 'L', "submission" }, { 'M', "inbox" }, { 'P', "pending" }, { 0, "outbox" },
};

static int run_show(struct command_context *c, int argc, char **argv)
{
	g_autofree char *key = key_of(argc, argv);
	struct table *t = table_new(stdout, c->json ? TABLE_JSON : TABLE_RECORD, NULL);
	GError *error = NULL;
	guint i = 0;

	while (i < G_N_ELEMENTS(kinds) && !command_id(key, kinds[i].letter))
		i++;
	if (i < G_N_ELEMENTS(kinds))
		view_each(c->db, kinds[i].view, key, table_add, t, &error);
	if (!table_end(t) && !error)
		return i < G_N_ELEMENTS(kinds) ? command_missing(key) : command_usage(c, "%s is no ID; see --help", argv[1]);
	return error ? command_fail(error) : EX_OK;
}

#define VIEW(verb, operands, most, help) \
	const struct command cmd_view_##verb = { #verb, operands, help, NEEDS_DB_READ, run_view, NULL, 0, most }
VIEW(status, "", 0, "What waits on whom, in counts; mails that wait for a person and letters in trouble");
VIEW(list, "[ID|STATE|ROLE|escalated]", 1,
     "Applications, and what waits on managers: all, of one request or list, in a state, or waiting on a role; escalated: nobody answers");
VIEW(outbox, "[LETTER|STATE|trouble]", 1, "Letters, and what the mail server said; trouble: those that a person should look at");
VIEW(inbox, "[MAIL|STATE|DISPOSITION|waiting]", 1, "Mails of the ledger, and what became of them; waiting: for a person");
VIEW(forecast, "[MONTH]", 1,
     "Certificates that end, by month, from 2026-11 on when that is given: how many, and for how many an application is open");
VIEW(journal, "[ID]", 1, "What happened, by whom, on which evidence: all, or about an application, a mail or a letter");

const struct command cmd_view_show = { "show", "ID",
	"One application, request, list, letter, mail or pending item with every fact and its source",
	NEEDS_DB_READ, run_show, NULL, 1, 1 };
