/* explain_form: see explain_form.h. */
#include "gateway/explain_form.h"
#include <string.h>
#include "parsers/fold.h"

struct asked { const char *word; explain_take take; void *data; guint count; };

/* "kind" asks for the column and for each of its codes. */
static bool is_name(const char *name, const char *word)
{
	size_t len = strcspn(name, ":");

	return !g_ascii_strcasecmp(name, word) || (strlen(word) == len && !g_ascii_strncasecmp(name, word, len));
}

static bool has_word(const GPtrArray *words, const char *word)
{
	g_autofree char *wanted = fold_key(word);

	for (guint i = 0; i < words->len; i++) {
		g_autofree char *known = fold_key(words->pdata[i]);
		if (*known ? !strcmp(known, wanted) : !strcmp(words->pdata[i], word))
			return true;
	}
	return false;
}

static void give(const char *name, const GPtrArray *words, void *data)
{
	struct asked *a = data;
	g_autoptr(GString) says = g_string_new("written as ");

	if (!words->len || (a->word && !is_name(name, a->word) && !has_word(words, a->word)))
		return;
	for (guint i = 0; i < words->len; i++)
		g_string_append_printf(says, "%s%s", i ? " | " : "", (const char *)words->pdata[i]);
	a->count++;
	a->take("form", name, says->str, a->data);
}

guint explain_form(const struct headings *h, const char *word, explain_take take, void *data)
{
	struct asked a = { word, take, data };

	headings_each(h, give, &a);
	return a.count;
}
