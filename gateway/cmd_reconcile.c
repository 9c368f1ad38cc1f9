/* cmd_reconcile: the promise of the ledger, looked at from both sides: every UID that the server shows has its row, and every
 * row has one final disposition or is waiting.
 *
 * A mail that arrives between the two looks is no loss, so the ledger is read after the server: what the fetcher stored
 * meanwhile is known then. Mail that somebody moved away is only counted: the ledger outlives the mailbox.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include "gateway/command.h"
#include "gateway/session.h"
#include "gateway/table.h"
#include "queue/inbox.h"
#include "queue/view.h"

struct sides { guint32 uidvalidity; GArray *server, *ledger; };

static bool ask_server(const struct config *c, struct sides *s, GError **error)
{
	struct imap *imap = session_imap(c, -1, error);
	struct imap_folder folder = { 0 };

	if (imap && imap_select(imap, c->imap_folder, &folder, error))
		s->server = imap_list_uids(imap, 1, error);
	s->uidvalidity = folder.uidvalidity;
	imap_close(imap);
	return s->server != NULL;
}

/* What of `a` is not in `b`; both ascending. */
static GArray *missing(const GArray *a, const GArray *b)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(guint32));

	for (guint i = 0, j = 0; i < a->len; i++) {
		guint32 uid = g_array_index(a, guint32, i);

		while (j < b->len && g_array_index(b, guint32, j) < uid)
			j++;
		if (j == b->len || g_array_index(b, guint32, j) != uid)
			g_array_append_val(out, uid);
	}
	return out;
}

static char *uid_list(const GArray *uids, const char *separator)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < uids->len; i++)
		g_string_append_printf(s, "%s%u", i ? separator : "", g_array_index(uids, guint32, i));
	return g_string_free(s, FALSE);
}

static void collect(const char *json, void *data)
{
	g_ptr_array_add(data, g_strdup(json));
}

struct difference { GArray *lost, *gone; GPtrArray *rows; };

static void print_people(const struct sides *s, const struct difference *d)
{
	struct table *t = table_new(stdout, TABLE_COLUMNS, NULL);
	g_autofree char *uids = uid_list(d->lost, " ");

	for (guint i = 0; i < d->rows->len; i++)
		table_add(g_ptr_array_index(d->rows, i), t);
	table_end(t);
	if (d->gone->len)
		printf("no longer in the folder: %u\n", d->gone->len);
	if (d->lost->len)
		printf("UIDs without a row: %s\n", uids);
	printf("server %u, ledger %u, unaccounted: %u\n", s->server->len, s->ledger->len, d->lost->len);
}

static void print_json(const struct sides *s, const struct difference *d)
{
	g_autofree char *uids = uid_list(d->lost, ",");

	printf("{\"uidvalidity\":%u,\"server\":%u,\"ledger\":%u,\"gone\":%u,\"unaccounted\":%u,\"uids\":[%s],"
	       "\"dispositions\":[", s->uidvalidity, s->server->len, s->ledger->len, d->gone->len, d->lost->len, uids);
	for (guint i = 0; i < d->rows->len; i++)
		printf("%s%s", i ? "," : "", (const char *)g_ptr_array_index(d->rows, i));
	puts("]}");
}

static int compare(struct command_context *c, const struct sides *s)
{
	struct difference d = { missing(s->server, s->ledger), missing(s->ledger, s->server),
				g_ptr_array_new_with_free_func(g_free) };
	GError *error = NULL;
	int status = d.lost->len ? EX_TEMPFAIL : EX_OK;

	if (view_each(c->db, "dispositions", NULL, collect, d.rows, &error))
		(c->json ? print_json : print_people)(s, &d);
	else
		status = command_fail(error);
	g_array_unref(d.lost);
	g_array_unref(d.gone);
	g_ptr_array_unref(d.rows);
	return status;
}

static int run_reconcile(struct command_context *c, int argc, char **argv)
{
	g_autofree char *account = NULL;
	struct mailbox m = { .folder = c->config->imap_folder };
	struct sides s = { 0 };
	GError *error = NULL;
	int status;

	if (!ask_server(c->config, &s, &error))
		return command_fail(error);
	account = session_account(c->config);
	m.account = account;
	m.uidvalidity = s.uidvalidity;
	s.ledger = inbox_known(c->db, &m, &error);
	status = s.ledger ? compare(c, &s) : command_fail(error);
	g_array_unref(s.server);
	g_clear_pointer(&s.ledger, g_array_unref);
	return status;
}

const struct command cmd_reconcile = { "reconcile", "", "Ledger against server: which mails have no row; 0 when none, else 75",
	NEEDS_DB_READ, run_reconcile };
