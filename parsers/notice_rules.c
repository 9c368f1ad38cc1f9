/* notice_rules: see the header. Patterns are folded like the texts they are for, but not what follows a backslash: \S is
 * not \s.
 */
#include "parsers/notice_rules.h"

#include "parsers/fold.h"

#include <string.h>

/* Steps for one pattern on one text; then it counts as not fitting. (pcre2pattern(3), "match limit".) */
#define LIMITS "(*LIMIT_MATCH=100000)(*LIMIT_DEPTH=2000)(*LIMIT_HEAP=4096)"

enum { MAX_PATTERN = 1000 };

static const char *const places[NOTICE_PLACES] = { "from", "subject", "text", "also", "unless", "take" };
static const char *const strengths[] = { "authenticated", "signed", NULL };
const char *const notice_rules_events[] = { "opened", "password", "confirmed", "received", "missing_papers", "produced",
					    "shipped", "delivered", "returned", "first_day", "end_near", "payment",
					    "revoked", "cancelled", NULL };
const char *const notice_rules_parts[] = { "application_no", "tracking_no", "date", "reason", "name", NULL };

struct file {
	struct notice_rules *rules;
	guint line;
};

static void example_free(void *p)
{
	struct notice_example *e = p;

	g_free(e->subject);
	g_free(e->text);
	g_free(e);
}

static struct notice_rule *rule_new(const char *name)
{
	struct notice_rule *r = g_new0(struct notice_rule, 1);

	r->name = g_strdup(name);
	r->needs = strengths[0];
	for (int i = 0; i < NOTICE_PLACES; i++)
		r->patterns[i] = g_ptr_array_new_with_free_func((GDestroyNotify)g_regex_unref);
	r->examples = g_ptr_array_new_with_free_func(example_free);
	return r;
}

static void rule_free(void *p)
{
	struct notice_rule *r = p;

	for (int i = 0; i < NOTICE_PLACES; i++)
		g_ptr_array_unref(r->patterns[i]);
	g_ptr_array_unref(r->examples);
	g_free(r->name);
	g_free(r);
}

static bool fail(GError **error, guint line, const char *what, const char *word)
{
	g_autofree char *place = line ? g_strdup_printf("line %u: ", line) : g_strdup("");

	g_set_error(error, G_REGEX_ERROR, G_REGEX_ERROR_COMPILE, "rules, %s%s: %s", place, what, word);
	return false;
}

/* Folds a pattern between its escapes. */
static char *fold_pattern(const char *pattern)
{
	g_autoptr(GString) out = g_string_new(LIMITS);

	while (*pattern) {
		size_t plain = strcspn(pattern, "\\");
		g_autofree char *part = g_strndup(pattern, plain);
		g_autofree char *folded = fold_ascii(part);

		g_string_append(out, folded);
		pattern += plain;
		for (int i = 0; i < 2 && *pattern; i++)
			g_string_append_c(out, *pattern++);
	}
	return g_strdup(out->str);
}

/* Every (?<name> must be one that a notice carries; a misspelt one would be lost silently. */
static const char *unknown_group(const char *pattern)
{
	for (const char *p = pattern; (p = strstr(p, "(?")); p += 2) {
		const char *name = p[2] == 'P' ? p + 3 : p + 2;
		bool known = *name != '<' || !g_ascii_isalpha(name[1]);

		for (const char *const *part = notice_rules_parts; *part && !known; part++)
			known = g_str_has_prefix(name + 1, *part) && name[1 + strlen(*part)] == '>';
		if (!known)
			return p;
	}
	return NULL;
}

static bool add_pattern(const struct file *f, struct notice_rule *r, int place, const char *pattern, GError **error)
{
	g_autofree char *folded = fold_pattern(pattern);
	g_autoptr(GError) why = NULL;

	if (!*pattern || strlen(pattern) > MAX_PATTERN)
		return fail(error, f->line, "the pattern is empty or too long", places[place]);
	if (unknown_group(pattern))
		return fail(error, f->line, "no such part of a notice", unknown_group(pattern));
	GRegex *regex = g_regex_new(folded, 0, 0, &why);
	if (!regex)
		return fail(error, f->line, "the pattern is wrong", why->message);
	g_ptr_array_add(r->patterns[place], regex);
	return true;
}

/* One word of a list; `into` keeps the list's own. */
static bool choose(const struct file *f, const char **into, const char *const *list, const char *word, GError **error)
{
	const char *what = list == strengths ? "no such strength" : "no such event";

	for (; *list; list++)
		if (!strcmp(*list, word)) {
			*into = *list;
			return true;
		}
	return fail(error, f->line, what, word);
}

/* "subject | text"; both may be empty, but not both. */
static bool add_example(const struct file *f, struct notice_rule *r, const char *rest, GError **error)
{
	const char *bar = strchr(rest, '|');
	struct notice_example *e = g_new0(struct notice_example, 1);

	e->subject = g_strstrip(bar ? g_strndup(rest, (gsize)(bar - rest)) : g_strdup(rest));
	e->text = g_strstrip(g_strdup(bar ? bar + 1 : ""));
	e->line = f->line;
	g_ptr_array_add(r->examples, e);
	return *e->subject || *e->text || fail(error, f->line, "the example is empty", r->name);
}

static bool add_line(struct file *f, char *line, GError **error)
{
	GPtrArray *rules = f->rules->rules;
	struct notice_rule *last = rules->pdata[rules->len - 1];
	char *rest = line + strcspn(line, " \t");

	if (!*line || *line == '#')
		return true;
	if (*rest)
		*rest++ = '\0';
	g_strstrip(rest);
	if (!strcmp(line, "rule")) {
		g_ptr_array_add(rules, rule_new(rest));
		return *rest || fail(error, f->line, "a rule needs a name", line);
	}
	if (rules->len == 1 && strcmp(line, "take"))
		return fail(error, f->line, "stands before the first rule", line);
	if (!strcmp(line, "event"))
		return choose(f, &last->event, notice_rules_events, rest, error);
	if (!strcmp(line, "needs"))
		return choose(f, &last->needs, strengths, rest, error);
	if (!strcmp(line, "example"))
		return add_example(f, last, rest, error);
	for (int i = 0; i < NOTICE_PLACES; i++)
		if (!strcmp(line, places[i]))
			return add_pattern(f, last, i, rest, error);
	return fail(error, f->line, "no such word", line);
}

static bool check_rule(const struct notice_rule *r, GError **error)
{
	if (!r->event)
		return fail(error, 0, "the rule has no event", r->name);
	if (!r->patterns[NOTICE_SUBJECT]->len && !r->patterns[NOTICE_TEXT]->len)
		return fail(error, 0, "the rule has neither subject nor text", r->name);
	if (!strcmp(r->event, "password") && r->patterns[NOTICE_TAKE]->len)
		return fail(error, 0, "nothing may be taken from a mail with a password", r->name);
	return true;
}

static bool check_rules(const struct notice_rules *rules, GError **error)
{
	bool passwords = false;

	for (guint i = 1; i < rules->rules->len; i++) {
		const struct notice_rule *r = rules->rules->pdata[i];

		if (!check_rule(r, error))
			return false;
		passwords = passwords || !strcmp(r->event, "password");
	}
	return passwords || fail(error, 0, "without a rule of this event mails with passwords would be kept", "password");
}

struct notice_rules *notice_rules_parse(const char *text, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	struct file f = { g_new0(struct notice_rules, 1), 0 };
	bool good = true;

	f.rules->rules = g_ptr_array_new_with_free_func(rule_free);
	g_ptr_array_add(f.rules->rules, rule_new(""));
	for (guint i = 0; lines[i] && good; i++) {
		f.line = i + 1;
		good = add_line(&f, g_strstrip(lines[i]), error);
	}
	if (good && check_rules(f.rules, error))
		return f.rules;
	notice_rules_free(f.rules);
	return NULL;
}

void notice_rules_free(struct notice_rules *rules)
{
	if (!rules)
		return;
	g_ptr_array_unref(rules->rules);
	g_free(rules);
}
