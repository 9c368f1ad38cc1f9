/* cmd_rules: `rules`: what the rules make of a mail of KAMU SM, and whether a file of rules holds its own examples. A mail that
 * no rule knows is answered with a rule to paste. A file of rules is tried before it is used: nothing of the gateway is touched.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include "gateway/rules.h"
#include "gateway/table.h"
#include "parsers/notice.h"

static const struct command_option options[] = {
	{ "rules", "FILE", "with try: the rules to try, instead of those of the settings" },
	{ 0 }
};

/* What is wrong with a file that the operator names is bad data. */
static int refuse(GError *error)
{
	command_fail(error);
	return EX_DATAERR;
}

/* ---- try ---- */

struct trial { struct reader *reader; struct table *table; bool json; gint64 now; };

static char *line_of(const char *name, const struct facts *f, const char *draft)
{
	const struct notice *n = f->notice;
	g_autofree char *says = rules_say(n);

	return table_object("file", name, "kind", facts_mail_kinds[f->kind], "from", f->from, "subject", f->subject,
			    "rule", n ? n->rule : NULL, "notice", says, "forwarded", n && n->forwarded ? "yes" : NULL,
			    "draft", draft, NULL);
}

static void print_lines(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++) {
		g_autofree char *clean = table_clean(*line);

		puts(clean);
	}
}

static void try_mail(struct trial *t, const char *name, const char *bytes, gsize len)
{
	g_autoptr(facts_t) f = reader_read(t->reader, bytes, len, t->now);
	bool known = f->notice && f->notice->event;
	g_autofree char *draft = known ? NULL : reader_notice_draft(t->reader, bytes, len);
	g_autofree char *line = line_of(name, f, t->json ? draft : NULL);

	table_add(line, t->table);
	if (!draft || t->json)
		return;
	fputs("# no rule knows it; choose the event, and paste this into the file of ca.rules:\n\n", stdout);
	print_lines(draft);
}

static int try_files(struct trial *t, char **names)
{
	int worst = EX_OK;

	for (; *names; names++) {
		g_autofree char *bytes = NULL;
		GError *error = NULL;
		gsize len;

		if (g_file_get_contents(*names, &bytes, &len, &error))
			try_mail(t, *names, bytes, len);
		else
			worst = refuse(error);
	}
	return worst;
}

static int run_try(struct command_context *c, char **names)
{
	GError *error = NULL;
	g_autofree char *text = rules_text(c, command_value(c, "rules"), &error);
	struct reader *reader = text ? rules_reader(c, text, &error) : NULL;
	struct trial t = { .reader = reader, .json = c->json, .now = c->now };
	int status;

	if (!reader)
		return refuse(error);
	t.table = table_new(stdout, c->json ? TABLE_JSON : TABLE_RECORD, NULL);
	status = try_files(&t, names);
	table_end(t.table);
	reader_free(reader);
	return status;
}

/* ---- test ---- */

struct count { struct table *table; bool all; guint rules, examples, bad; const struct notice_rule *last; };

static void tried(const struct notice_trial *t, void *data)
{
	struct count *n = data;
	const struct notice_example *e = t->example;
	g_autofree char *line = e ? g_strdup_printf("%u", e->line) : NULL;
	g_autofree char *row = table_object("rule", t->rule->name, "line", line, "verdict", t->good ? "good" : "bad",
					    "fits", !e ? "no example" : t->found ? t->found->rule : "none",
					    "also_fits", t->other ? t->other->name : NULL,
					    "subject", e ? e->subject : NULL, "text", e ? e->text : NULL, NULL);

	n->rules += t->rule != n->last;
	n->last = t->rule;
	n->examples += e != NULL;
	n->bad += !t->good;
	if (n->all || !t->good)
		table_add(row, n->table);
}

static int run_test(struct command_context *c, char **names)
{
	GError *error = NULL;
	g_autofree char *text = rules_text(c, names[0], &error);
	struct notice_rules *rules = text ? notice_rules_parse(text, &error) : NULL;
	struct count n = { .all = c->json };

	if (!rules)
		return refuse(error);
	n.table = table_new(stdout, c->json ? TABLE_JSON : TABLE_COLUMNS, NULL);
	notice_try_examples(rules, tried, &n);
	table_end(n.table);
	if (!c->json)
		printf("rules %u, examples %u, bad: %u\n", n.rules, n.examples, n.bad);
	notice_rules_free(rules);
	return n.bad ? EX_DATAERR : EX_OK;
}

static int run_rules(struct command_context *c, int argc, char **argv)
{
	if (g_str_equal(argv[1], "try") && argc > 2)
		return run_try(c, argv + 2);
	if (g_str_equal(argv[1], "test") && argc < 4)
		return run_test(c, argv + 2);
	return command_usage(c, "rules knows try with files, and test with one file of rules or none");
}

const struct command cmd_rules = { "rules", "try FILE.eml...|test [FILE]",
	"What the rules make of a mail of KAMU SM, with a rule to paste for an unknown one; whether examples fit their own rule only",
	NEEDS_NOTHING, run_rules, options, 1, COMMAND_ANY };
