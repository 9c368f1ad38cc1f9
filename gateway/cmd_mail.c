/* cmd_mail: `read`, `extract` and `verify`: an operator's look at files. No settings, server or database are needed; what
 * is printed is printed in full, identity numbers too.
 *
 * The bytes are read in this very process: whoever types the command has chosen the file, and no secret is held.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "gateway/command.h"
#include "gateway/explain.h"
#include "gateway/signed_list.h"
#include "gateway/table.h"
#include "gateway/verdict.h"
#include "parsers/read.h"

struct look {
	struct command_context *c;
	struct reader *reader;
	struct anchors *anchors; /* NULL for extract */
	gint64 at;
};

typedef int (*look_at)(struct look *l, const char *name, const char *bytes, gsize len);

static char *read_stream(int fd, gsize *len, GError **error)
{
	g_autoptr(GByteArray) all = g_byte_array_new();
	guint8 block[65536];
	gssize n;

	while ((n = read(fd, block, sizeof block)) > 0)
		g_byte_array_append(all, block, (guint)n);
	if (n < 0) {
		g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_IO, "standard input could not be read");
		return NULL;
	}
	*len = all->len;
	g_byte_array_append(all, (const guint8 *)"", 1);
	return (char *)g_byte_array_free(g_steal_pointer(&all), FALSE);
}

/* Here a file is the operator's data: one that cannot be read, or rules that are wrong, are bad data, whatever the system says. */
static int refuse(GError *error)
{
	command_fail(error);
	return EX_DATAERR;
}

static int each_file(struct look *l, char **names, look_at look)
{
	int worst = EX_OK;

	for (; *names; names++) {
		g_autofree char *bytes = NULL;
		GError *error = NULL;
		gsize len = 0;
		int status;

		if (g_str_equal(*names, "-"))
			bytes = read_stream(STDIN_FILENO, &len, &error);
		else
			g_file_get_contents(*names, &bytes, &len, &error);
		status = bytes ? look(l, *names, bytes, len) : refuse(error);
		fflush(stdout);
		worst = MAX(worst, status);
	}
	return worst;
}

static struct facts *read_mail(struct look *l, const char *name, const char *bytes, gsize len)
{
	struct facts *f = reader_read(l->reader, bytes, len, l->at);

	g_free(f->file);
	f->file = g_strdup(name);
	verdict_fill(f, bytes, len, l->anchors, l->at);
	signed_list_fill(f, NULL, l->at);
	for (guint i = 0; i < f->signed_files->len; i++) /* they stand in the mail itself */
		g_clear_pointer(&((struct signed_file *)f->signed_files->pdata[i])->bytes, g_free);
	return f;
}

static int look_read(struct look *l, const char *name, const char *bytes, gsize len)
{
	g_autoptr(facts_t) f = read_mail(l, name, bytes, len);
	g_autofree char *json = facts_to_json(f);

	puts(json);
	return EX_OK;
}

static int look_extract(struct look *l, const char *name, const char *bytes, gsize len)
{
	g_autofree char *json = reader_extract(l->reader, name, bytes, len, l->at);

	puts(json);
	return EX_OK;
}

/* The members of the signature with the file before and a sentence behind, as one JSON line. */
static char *verdict_line(const struct facts *f)
{
	const char *word = facts_signature_verdicts[f->signature.verdict];
	g_autofree char *whole = facts_to_json(f), *signature = table_json(whole, "signature");
	g_autofree char *head = table_object("file", f->file, "from", f->from, "meaning", explain_sentence("signature", word), NULL);
	g_autofree char *verdict = table_object("verdict", word, NULL);

	head[strlen(head) - 1] = ',';
	return g_strconcat(head, (signature ? signature : verdict) + 1, NULL);
}

static int look_verify(struct look *l, const char *name, const char *bytes, gsize len)
{
	g_autoptr(facts_t) f = read_mail(l, name, bytes, len);
	struct table *t = table_new(stdout, l->c->json ? TABLE_JSON : TABLE_RECORD, NULL);
	g_autofree char *line = verdict_line(f);

	table_add(line, t);
	table_end(t);
	return f->signature.verdict == SIGNATURE_VALID ? EX_OK : EX_DATAERR;
}

static bool load_text(const char *path, char **text, GError **error)
{
	return !path || g_file_get_contents(path, text, NULL, error);
}

static bool open_anchors(struct look *l, const char *pem, GError **error)
{
	const char *crls = command_value(l->c, "crls");

	l->anchors = anchors_load(pem, error);
	return l->anchors && (!crls || anchors_add_crls(l->anchors, crls, error));
}

static int look_all(struct look *l, char **argv, look_at look)
{
	int status = each_file(l, argv + 1, look);

	anchors_free(l->anchors);
	reader_free(l->reader);
	return status;
}

static const struct command_option read_options[] = {
	{ "rules", "FILE", "rules that recognise notices, instead of the built-in ones" },
	{ "at", "TIME", "what is expired then, and whether certificates hold then; else now" },
	{ "anchors", "PEM", "authorities believed for signatures; else the system's" },
	{ "crls", "PEM", "lists of revoked certificates; with them a missing list refuses" },
	{ "authserv", "ID", "name of our server in Authentication-Results; else none is believed" },
	{ 0 }
};

static int run_read(struct command_context *c, int argc, char **argv)
{
	struct look l = { .c = c };
	g_autofree char *rules = NULL;
	GError *error = NULL;

	if (!command_at(c, &l.at))
		return EX_USAGE;
	if (load_text(command_value(c, "rules"), &rules, &error) && open_anchors(&l, command_value(c, "anchors"), &error)) {
		struct reader_options o = { .rules = rules, .authserv_id = command_value(c, "authserv"), .shown = true };

		l.reader = reader_new(&o, &error);
	}
	if (l.reader)
		return look_all(&l, argv, look_read);
	anchors_free(l.anchors);
	return refuse(error);
}

const struct command cmd_mail_read = { "read", "FILE.eml...|-", "What a mail is taken for, one JSON object a line",
	NEEDS_NOTHING, run_read, read_options, 1, COMMAND_ANY };

static const struct command_option extract_options[] = {
	{ "at", "TIME", "what is expired then; else now" },
	{ 0 }
};

static int run_extract(struct command_context *c, int argc, char **argv)
{
	struct look l = { .c = c };
	struct reader_options o = { 0 };
	GError *error = NULL;

	if (!command_at(c, &l.at))
		return EX_USAGE;
	l.reader = reader_new(&o, &error);
	return l.reader ? look_all(&l, argv, look_extract) : refuse(error);
}

const struct command cmd_mail_extract = { "extract", "FILE...", "What a document holds, one JSON object a line",
	NEEDS_NOTHING, run_extract, extract_options, 1, COMMAND_ANY };

static const struct command_option verify_options[] = {
	{ "at", "TIME", "the time at which certificates must hold; else now" },
	{ "anchors", "PEM", "authorities believed; else those of the settings, else the system's" },
	{ "crls", "PEM", "lists of revoked certificates; with them a missing list refuses" },
	{ 0 }
};

/* With settings at hand the answer is the gateway's own; without them verify works like read. */
static bool settings_anchors(struct command_context *c, const char **pem, GError **error)
{
	*pem = command_value(c, "anchors");
	if (*pem || (!c->config_named && !g_file_test(c->config_path, G_FILE_TEST_EXISTS)))
		return true;
	if (!command_open(c, NEEDS_CONFIG, error))
		return false;
	*pem = c->config->anchors;
	return true;
}

static int run_verify(struct command_context *c, int argc, char **argv)
{
	struct look l = { .c = c };
	struct reader_options o = { 0 };
	const char *pem = NULL;
	GError *error = NULL;

	if (!command_at(c, &l.at))
		return EX_USAGE;
	if (settings_anchors(c, &pem, &error) && open_anchors(&l, pem, &error))
		l.reader = reader_new(&o, &error);
	if (l.reader)
		return look_all(&l, argv, look_verify);
	anchors_free(l.anchors);
	return command_fail(error);
}

const struct command cmd_mail_verify = { "verify", "FILE.eml...|-",
	"The whole verdict on a mail's signature; 0 when valid, else 65", NEEDS_NOTHING, run_verify, verify_options, 1,
	COMMAND_ANY };
