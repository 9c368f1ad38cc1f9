/* render_fuzz: a template, a NUL, a context. Whatever they are, each mode ends in text that keeps its
 * promise or in an error; header mode never lets a line end through, HTML mode never lets a value open a
 * tag. */
#include "templates/render.h"
#include "templates/wrap.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char words_text[] = "kind.renewal = Yenileme\n";

static bool uses_raw(const struct template *t)
{
	for (guint i = 0; i < t->nodes->len; i++)
		if (g_array_index(t->nodes, struct node, i).kind == NODE_RAW)
			return true;
	return false;
}

static void check(const struct template *t, struct context *c, enum render_mode mode, const char *source)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *out = render_template(t, c, mode, &error), *wrapped = out ? wrap_lines(out, 20) : NULL;

	if (!out != !!error || (out && !g_utf8_validate(out, -1, NULL)) || (wrapped && !g_utf8_validate(wrapped, -1, NULL)))
		abort();
	if (out && mode == RENDER_HEADER && strpbrk(out, "\r\n"))
		abort();
	if (out && mode == RENDER_HTML && !uses_raw(t) && !strchr(source, '<') && strchr(out, '<'))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = memchr(data, 0, size);
	size_t len = nul ? (size_t)(nul - data) : size;
	g_autofree char *source = g_strndup((const char *)data, len), *json = g_strndup((const char *)data + MIN(len + 1, size), size - MIN(len + 1, size));
	struct words *words = words_new(words_text, strlen(words_text), NULL);
	struct template *t = template_parse("t", source, strlen(source), NULL);
	struct context *c = context_new("{\"common\":\"<b>\\n\"}", json, words, NULL);

	for (int mode = RENDER_TEXT; t && c && mode <= RENDER_HEADER; mode++)
		check(t, c, mode, source);
	context_free(c);
	template_free(t);
	words_free(words);
	return 0;
}
