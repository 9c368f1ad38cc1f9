/* answers: the table of answers as tests use it, and an answer as one line of text. Header only. */
#pragma once
#include "parsers/answer.h"
#include "parsers/facts.h"
#include <gio/gio.h>

static inline const struct answer_words *test_answers(void)
{
	static struct answer_words *words;
	g_autoptr(GError) error = NULL;

	if (!words) {
		g_autoptr(GBytes) table = g_resources_lookup_data("/nesgate/parsers/answers.table", 0, NULL);
		words = answer_words_parse(table ? g_bytes_get_data(table, NULL) : "?", &error);
	}
	if (!words)
		g_error("%s", error->message);
	return words;
}

static inline void test_items(GString *out, const struct reply_choice *c)
{
	if (c->except)
		g_string_append(out, c->items->len ? " but" : " all");
	for (guint i = 0; i < c->items->len; i++) {
		const struct reply_item *item = c->items->pdata[i];

		g_string_append(out, item->application ? " A-" : " ");
		if (item->name)
			g_string_append_printf(out, "\"%s\"", item->name);
		else
			g_string_append_printf(out, "%d", (int)item->from);
		if (item->to != item->from)
			g_string_append_printf(out, "-%d", (int)item->to);
	}
}

/* "approve", or for a part "approve but 3 5; refuse 3 5". */
static inline char *test_answer_line(const struct reply *r)
{
	GString *out = g_string_new(NULL);

	if (r->answer != ANSWER_PARTIAL)
		g_string_append(out, facts_answers[r->answer]);
	for (guint i = 0; i < r->choices->len; i++) {
		const struct reply_choice *c = r->choices->pdata[i];

		g_string_append_printf(out, "%s%s", i ? "; " : "", facts_answers[c->answer]);
		test_items(out, c);
	}
	if (r->cargo_no)
		g_string_append_printf(out, " [%s]", r->cargo_no);
	return g_string_free(out, FALSE);
}

static inline char *test_answer(const char *own_words)
{
	struct reply *r = facts_reply_new();

	r->text = g_strdup(own_words);
	answer_read(test_answers(), r);
	char *line = test_answer_line(r);
	facts_reply_free(r);
	return line;
}
