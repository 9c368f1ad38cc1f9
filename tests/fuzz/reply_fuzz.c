/* Any text as a reply: own words come out of the text, line for line, tokens have their shape, and choices hold together. */
#include "parsers/answer.h"
#include "parsers/reply.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const struct answer_words *table(void)
{
	static struct answer_words *words;

	if (!words) {
		g_autoptr(GBytes) bytes = g_resources_lookup_data("/nesgate/parsers/answers.table", 0, NULL);
		words = bytes ? answer_words_parse(g_bytes_get_data(bytes, NULL), NULL) : NULL;
	}
	if (!words)
		abort();
	return words;
}

static void check_words(const struct reply *r, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(r->text, "\n", -1);

	for (char **l = lines; *l; l++)
		if (!strstr(text, *l))
			abort();
	if (r->cut_line < 0 || strlen(r->text) > strlen(text))
		abort();
}

static void check_choices(const struct reply *r)
{
	if ((r->answer == ANSWER_PARTIAL) != (r->choices->len > 0))
		abort();
	for (guint i = 0; i < r->choices->len; i++) {
		const struct reply_choice *c = r->choices->pdata[i];

		if (c->answer == ANSWER_PARTIAL || (!c->except && !c->items->len))
			abort();
		for (guint k = 0; k < c->items->len; k++) {
			const struct reply_item *item = c->items->pdata[k];
			if (item->name ? item->from || item->to : item->from < 1 || item->to < item->from)
				abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	g_autofree char *text = g_strndup((const char *)data, len);
	struct reply *r = reply_read(text, text, text, NULL);

	reply_own_words(r, table(), text);
	answer_read(table(), r);
	check_words(r, text);
	check_choices(r);
	for (guint i = 0; i < r->tokens->len; i++)
		if (!g_str_has_prefix(r->tokens->pdata[i], "NG-"))
			abort();
	facts_reply_free(r);
	return 0;
}
