/* Any text as a reply: own words come out of the text, line for line, and tokens have their shape. */
#include "parsers/reply.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_words(const struct reply *r, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(r->text, "\n", -1);

	for (char **l = lines; *l; l++)
		if (!strstr(text, *l))
			abort();
	if (r->cut_line < 0 || strlen(r->text) > strlen(text))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	g_autofree char *text = g_strndup((const char *)data, len);
	struct reply *r = reply_read(text, text, text, NULL);

	check_words(r, text);
	for (guint i = 0; i < r->tokens->len; i++)
		if (!g_str_has_prefix(r->tokens->pdata[i], "NG-"))
			abort();
	facts_reply_free(r);
	return 0;
}
