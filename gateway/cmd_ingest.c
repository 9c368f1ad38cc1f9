/* cmd_ingest: mails of files into the ledger, the same way as those of the mailbox. It only stores; `nesgate run` reads them.
 *
 * Mails share a commit, as the fetcher's do; what was stored before an error stays stored.
 */
#include <stdio.h>
#include <sysexits.h>
#include "gateway/command.h"
#include "gateway/error.h"
#include "gateway/mail_file.h"
#include "queue/inbox.h"

enum { BATCH = 100 };

struct ingest {
	struct command_context *c;
	guint in_batch;
	gint64 newest; /* highest mail id before this one: a known mail answers with a lower one */
	guint stored, known;
};

static bool take(const char *name, GBytes *raw, void *data, GError **error)
{
	struct ingest *g = data;
	gint64 id;

	if (!g_bytes_get_size(raw))
		return true;
	if (!g->in_batch && !db_begin(g->c->db, error))
		return false;
	g->in_batch++;
	id = inbox_ingest(g->c->db, name, raw, g->c->now, error);
	if (!id)
		return false;
	if (id > g->newest)
		g->stored++;
	else
		g->known++;
	g->newest = MAX(g->newest, id);
	if (g->in_batch < BATCH)
		return true;
	g->in_batch = 0;
	return db_commit(g->c->db, error);
}

static bool ingest_all(struct ingest *g, char **paths, GError **error)
{
	for (; *paths; paths++)
		if (!mail_file_each(*paths, take, g, error))
			return false;
	return true;
}

static void report(const struct ingest *g)
{
	if (g->c->json)
		printf("{\"stored\":%u,\"known\":%u}\n", g->stored, g->known);
	else
		printf("%u stored, %u known; `nesgate run` reads them\n", g->stored, g->known);
}

static int run_ingest(struct command_context *c, int argc, char **argv)
{
	struct ingest g = { .c = c };
	GError *error = NULL;
	int status;

	if (inbox_last(c->db, &g.newest, &error))
		ingest_all(&g, argv + 1, &error);
	/* What came before the error is whole and stays. */
	if (g.in_batch && !db_commit(c->db, error ? NULL : &error))
		return command_fail(error);
	report(&g);
	if (!error)
		return EX_OK;
	status = error->domain == G_FILE_ERROR ? EX_DATAERR : error_status(error);
	command_fail(error);
	return status;
}

const struct command cmd_ingest = { "ingest", "PATH...",
	"Mails of .eml files, mboxes and Maildirs into the ledger, as if they had come", NEEDS_DB_WRITE, run_ingest, NULL, 1,
	COMMAND_ANY };
