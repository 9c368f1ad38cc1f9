/* explain: all tables of words, asked one after another. */
#include "gateway/explain.h"
#include <gio/gio.h>
#include <string.h>
#include "gateway/config.h"
#include "gateway/error.h"
#include "queue/workflow.h"

#define WORD(kind, word, sentence) { kind, #word, sentence },
static const struct { const char *kind, *word, *sentence; } words[] = {
#include "gateway/explain.def"
};
#undef WORD

struct asked { const char *word; explain_take take; void *data; guint count; };

const char *explain_sentence(const char *kind, const char *word)
{
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_str_equal(words[i].kind, kind) && g_str_equal(words[i].word, word))
			return words[i].sentence;
	return NULL;
}

static bool wanted(const struct asked *a, const char *word)
{
	return !a->word || !g_ascii_strcasecmp(a->word, word);
}

static void give(struct asked *a, const char *kind, const char *word, const char *sentence)
{
	a->count++;
	a->take(kind, word, sentence, a->data);
}

/* "approve by officer or operator to approved": the roles of one step together. */
static void append_ways(GString *s, const char *from)
{
	guint n, steps = 0;
	const struct edge *e = workflow_edges(&n);

	for (guint i = 0; i < n; i++) {
		bool here = g_str_equal(e[i].from, from);
		bool more = here && i && g_str_equal(e[i - 1].from, from) && g_str_equal(e[i - 1].event, e[i].event) &&
			    g_str_equal(e[i - 1].to, e[i].to);

		if (more)
			g_string_append_printf(s, " or %s", e[i].by);
		else if (here)
			g_string_append_printf(s, "%s %s (%s) by %s", steps++ ? "," : ". Ways on:", e[i].event, e[i].to, e[i].by);
	}
}

static void append_clock(GString *s, const char *state)
{
	guint n;
	const struct after *a = workflow_afters(&n);

	for (guint i = 0; i < n; i++) {
		g_autofree char *delay = workflow_delay(&a[i]);

		if (g_str_equal(a[i].state, state))
			g_string_append_printf(s, "; %s after %s", a[i].event, delay);
	}
}

static void states(struct asked *a)
{
	guint n;
	const struct state *s = workflow_states(&n);

	for (guint i = 0; i < n; i++) {
		const char *meaning = explain_sentence("state", s[i].name);
		g_autoptr(GString) says = g_string_new(meaning);

		if (!wanted(a, s[i].name))
			continue;
		if (workflow_final(s[i].name))
			g_string_append(says, ". Nobody is waited for");
		else
			g_string_append_printf(says, ". It waits on the %s", s[i].waits_on);
		append_ways(says, s[i].name);
		append_clock(says, s[i].name);
		give(a, "state", s[i].name, says->str);
	}
}

static void append_leads(GString *s, const char *event)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	guint n, steps = 0;
	const struct edge *e = workflow_edges(&n);

	for (guint i = 0; i < n; i++)
		if (g_str_equal(e[i].event, event) && !g_str_equal(e[i].from, e[i].to) &&
		    g_hash_table_add(seen, (gpointer)e[i].to))
			g_string_append_printf(s, "%s %s", steps++ ? "," : ". It leads to", e[i].to);
}

static void events(struct asked *a)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	guint n;
	const struct edge *e = workflow_edges(&n);

	for (guint i = 0; i < n; i++) {
		g_autoptr(GString) says = NULL;

		if (!wanted(a, e[i].event) || !g_hash_table_add(seen, (gpointer)e[i].event))
			continue;
		says = g_string_new(explain_sentence("event", e[i].event));
		append_leads(says, e[i].event);
		give(a, "event", e[i].event, says->str);
	}
}

static const struct { const char *class, *says; } classes[] = {
	{ "retry", "it is tried again by itself" },
	{ "refuse", "trying again does not help" },
	{ "halt", "nothing goes on until a person acts" },
};

static void errors(struct asked *a)
{
	for (const struct error_row *r = error_rows; r->name; r++) {
		const char *then = "";

		if (!wanted(a, r->name))
			continue;
		for (guint i = 0; i < G_N_ELEMENTS(classes); i++)
			if (g_str_equal(classes[i].class, r->class))
				then = classes[i].says;
		g_autofree char *says = g_strdup_printf("%s; %s", r->meaning, then);

		give(a, "error", r->name, says);
	}
}

static const char *preset_says(const struct setting_row *s)
{
	if (!s->preset)
		return "not set by default";
	return g_str_equal(s->preset, "REQUIRED") ? "must be set" : s->preset;
}

static void settings(struct asked *a)
{
	for (const struct setting_row *s = config_rows; s->name; s++) {
		bool plain = s->preset && !g_str_equal(s->preset, "REQUIRED");
		g_autofree char *says = NULL;

		if (!wanted(a, s->name))
			continue;
		says = g_strdup_printf("%s (%s%s)", s->sentence,
				       !plain ? "" : g_str_equal(s->kind, "WORD") ? "one of: " : "default: ", preset_says(s));
		give(a, "setting", s->name, says);
	}
}

/* Complaints are told to people in Turkish; what they are told is the explanation. */
static void complaints(struct asked *a)
{
	static const char prefix[] = "complaint.";
	g_autoptr(GBytes) text = g_resources_lookup_data("/nesgate/templates/tr/words.txt", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	g_auto(GStrv) lines = text ? g_strsplit(g_bytes_get_data(text, NULL), "\n", -1) : NULL;

	for (guint i = 0; lines && lines[i]; i++) {
		char *sentence = strchr(lines[i], '=');
		g_autofree char *says = NULL, *code = NULL;

		if (!g_str_has_prefix(lines[i], prefix) || !sentence)
			continue;
		code = g_strstrip(g_strndup(lines[i] + strlen(prefix), (gsize)(sentence - lines[i]) - strlen(prefix)));
		says = g_strdup_printf("our letters say: %s", g_strstrip(sentence + 1));
		if (wanted(a, code))
			give(a, "complaint", code, says);
	}
}

static void plain_words(struct asked *a)
{
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (!g_str_equal(words[i].kind, "state") && !g_str_equal(words[i].kind, "event") && wanted(a, words[i].word))
			give(a, words[i].kind, words[i].word, words[i].sentence);
}

guint explain_each(const char *word, explain_take take, void *data)
{
	static void (*const sources[])(struct asked *) = { states, events, plain_words, complaints, errors, settings };
	struct asked a = { word, take, data };

	for (guint i = 0; i < G_N_ELEMENTS(sources); i++)
		sources[i](&a);
	return a.count;
}
