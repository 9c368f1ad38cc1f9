/* cmd_explain: any word or ID in a sentence; and the manual pages, which are the same tables at length. */
#include <gio/gio.h>
#include <stdio.h>
#include <sysexits.h>
#include "gateway/command.h"
#include "gateway/explain_form.h"
#include "gateway/man.h"
#include "gateway/table.h"
#include "queue/view.h"

static const struct command_option options[] = {
	{ "all", NULL, "every word there is" },
	{ "man", "PAGE", "the manual page nesgate.1 or nesgate.conf.5 in troff" },
	{ 0 }
};

static void print_word(const char *kind, const char *word, const char *sentence, void *data)
{
	const struct command_context *c = data;
	g_autofree char *line = c->json ? table_object("kind", kind, "word", word, "sentence", sentence, NULL) : NULL;

	if (line)
		puts(line);
	else
		printf("%s %s: %s.\n", kind, word, sentence);
}

/* What an ID is: its view, the members that tell it from others, and the kind of its state's word. */
static const struct thing {
	char letter; /* 0: a plain number */
	const char *view, *what, *members, *state, *kind;
} things[] = {
	{ 'A', "show", "application", "name unit waits_on since", "state", "state" },
	{ 'T', "request", "request", "manager unit ticket received", NULL, NULL },
	{ 'L', "submission", "list to KAMU SM", "made sent", "letter_state", "delivery" },
	{ 'M', "inbox", "mail", "from subject arrived reason", "disposition", "disposition" },
	{ 'P', "pending", "pending item", "name manager unit reason times since due", "state", "pending" },
	{ 0, "letter", "letter", "name to application request answer", "state", "delivery" },
};

struct told { struct command_context *c; const struct thing *thing; const char *id; guint count; };

/* The senses of the state's word that are meant here. */
static void print_state(const char *kind, const char *word, const char *sentence, void *data)
{
	struct told *t = data;

	if (g_str_equal(kind, t->thing->kind))
		print_word(kind, word, sentence, t->c);
}

static void print_expected(const char *json, void *data)
{
	g_autofree char *event = table_text(json, "event"), *due = table_text(json, "due");

	if (event && due)
		printf("Next by the clock: %s at %s.\n", event, due);
}

/* A reason is a word of the table, or already a sentence. */
static void print_reason(struct told *t, const char *json)
{
	static const char *const kinds[] = { "reason", "mail", "answer" };
	g_autofree char *reason = table_text(json, "reason"), *waits = table_text(json, "disposition");

	for (guint i = 0; reason && i < G_N_ELEMENTS(kinds); i++) {
		const char *sentence = explain_sentence(kinds[i], reason);

		if (sentence)
			print_word(kinds[i], reason, sentence, t->c);
		if (sentence)
			break;
	}
	if (g_strcmp0(waits, "waits_for_person") == 0)
		printf("`nesgate release %s` has it read again, `nesgate park %s` sets it aside.\n", t->id, t->id);
}

static void print_thing(const char *json, void *data)
{
	struct told *t = data;
	g_auto(GStrv) members = g_strsplit(t->thing->members, " ", -1);
	g_autofree char *word = t->thing->state ? table_text(json, t->thing->state) : NULL;

	if (!word && t->thing->letter == 'M')
		word = table_text(json, "state");
	t->count++;
	printf("%s is a%s %s", t->id, t->thing->letter == 'A' ? "n" : "", t->thing->what);
	for (guint i = 0; members[i]; i++) {
		g_autofree char *value = table_text(json, members[i]);
		g_autofree char *label = g_strdelimit(g_strdup(members[i]), "_", ' ');

		if (value && *value)
			printf(", %s %s", label, value);
	}
	puts(".");
	if (word)
		explain_each(word, print_state, t);
	if (t->thing->letter == 'M')
		print_reason(t, json);
	table_members(json, "expects", print_expected, NULL);
}

static const struct thing *thing_of(const char *text)
{
	for (guint i = 0; i < G_N_ELEMENTS(things); i++)
		if (command_id(text, things[i].letter))
			return &things[i];
	return NULL;
}

static int explain_id(struct command_context *c, const struct thing *thing, const char *text)
{
	g_autofree char *id = g_ascii_strup(text, -1);
	struct told told = { c, thing, id };
	struct table *t;
	GError *error = NULL;
	bool ok;

	if (!command_open(c, NEEDS_DB_READ, &error))
		return command_fail(error);
	if (!c->json) {
		ok = view_each(c->db, thing->view, id, print_thing, &told, &error);
	} else {
		t = table_new(stdout, TABLE_JSON, NULL);
		ok = view_each(c->db, thing->view, id, table_add, t, &error);
		told.count = table_end(t);
	}
	if (!ok)
		return command_fail(error);
	return told.count ? EX_OK : command_missing(id);
}

/* The built-in words of forms, with the administrator's own where there are settings to name them. Wrong settings are what
 * `check` is for: they must not keep the words from being explained. */
static struct headings *words_of_forms(struct command_context *c)
{
	g_autoptr(GBytes) table = g_resources_lookup_data("/nesgate/parsers/headings.table", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	g_autofree char *text = g_strndup(g_bytes_get_data(table, NULL), g_bytes_get_size(table)), *own = NULL;
	bool named = c->config_named || g_file_test(c->config_path, G_FILE_TEST_EXISTS);
	struct headings *h = headings_parse(text, NULL);

	if (!named || !command_open(c, NEEDS_CONFIG, NULL) || !c->config->headings)
		return h;
	if (g_file_get_contents(c->config->headings, &own, NULL, NULL) && headings_add(h, own, NULL))
		return h;
	headings_free(h);
	return headings_parse(text, NULL);
}

static guint explain_word(struct command_context *c, const char *word)
{
	g_autoptr(headings_t) forms = words_of_forms(c);

	return explain_each(word, print_word, c) + explain_form(forms, word, print_word, c);
}

static int print_man(struct command_context *c, const char *name)
{
	g_autofree char *page = man_page(name);

	if (!page)
		return command_usage(c, "there are the pages nesgate.1 and nesgate.conf.5");
	fputs(page, stdout);
	return EX_OK;
}

static int run_explain(struct command_context *c, int argc, char **argv)
{
	const struct thing *thing = argc > 1 ? thing_of(argv[1]) : NULL;

	if (command_value(c, "man"))
		return print_man(c, command_value(c, "man"));
	if (argc == 1 && !command_value(c, "all"))
		return command_usage(c, "explain wants a word or an ID");
	if (thing)
		return explain_id(c, thing, argv[1]);
	if (explain_word(c, argv[1]))
		return EX_OK;
	fprintf(stderr, "nesgate: %s is no word of ours; `nesgate explain --all` has them\n", argv[1]);
	return EX_DATAERR;
}

const struct command cmd_explain = { "explain", "[WORD|ID]",
	"Any state, event, error, setting, letter, complaint or word of a form in a sentence; an ID: what it is and on whom it waits",
	NEEDS_NOTHING, run_explain, options, 0, 1 };
