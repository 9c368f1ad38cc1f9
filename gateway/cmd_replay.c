/* cmd_replay: `replay`: what other rules would have made of the notices that came, before these rules go live. Each is read
 * twice in this very process, as `read` does; nothing moves, and what was decided on a notice stays as it is.
 */
#include <stdio.h>
#include <sysexits.h>
#include "gateway/rules.h"
#include "gateway/table.h"
#include "queue/replay.h"

static const struct command_option options[] = {
	{ "rules", "FILE", "the rules to try on the notices of the past" },
	{ 0 }
};

struct look {
	struct reader *now, *then;
	struct table *table;
	gint64 at;
	guint read, differ;
};

static void look_at(gint64 mail, GBytes *raw, void *data)
{
	struct look *l = data;
	gsize len;
	const char *bytes = g_bytes_get_data(raw, &len);
	g_autoptr(facts_t) now = reader_read(l->now, bytes, len, l->at), then = reader_read(l->then, bytes, len, l->at);
	g_autofree char *says_now = rules_say(now->notice), *says_then = rules_say(then->notice);
	g_autofree char *id = g_strdup_printf("M-%" G_GINT64_FORMAT, mail);

	l->read++;
	if (g_str_equal(says_now, says_then))
		return;
	l->differ++;
	g_autofree char *row = table_object("mail", id, "from", then->from, "subject", then->subject, "now", says_now,
					    "then", says_then, NULL);
	table_add(row, l->table);
}

static struct reader *reader_with(struct command_context *c, const char *path, GError **error)
{
	g_autofree char *text = rules_text(c, path, error);

	return text ? rules_reader(c, text, error) : NULL;
}

static int run_replay(struct command_context *c, int argc, char **argv)
{
	const char *path = command_value(c, "rules");
	struct look l = { .at = c->now };
	GError *error = NULL;

	if (!path)
		return command_usage(c, "which rules? --rules FILE");
	l.then = reader_with(c, path, &error);
	l.now = l.then ? reader_with(c, NULL, &error) : NULL;
	if (l.now) {
		l.table = table_new(stdout, c->json ? TABLE_JSON : TABLE_COLUMNS, NULL);
		replay_notices(c->db, look_at, &l, &error);
		table_end(l.table);
	}
	reader_free(l.now);
	reader_free(l.then);
	if (error) {
		command_fail(error);
		return EX_DATAERR;
	}
	if (!c->json)
		printf("notices %u, read differently: %u\n", l.read, l.differ);
	return EX_OK;
}

const struct command cmd_replay = { "replay", "", "Which notices of the past other rules (--rules) would read differently; nothing moves",
	NEEDS_DB_READ, run_replay, options, 0, 0 };
