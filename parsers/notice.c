/* notice: what a mail of KAMU SM says, by rules (see notice.h, kamusm.rules).
 *
 * The text is folded once, with a map back to what was written: a tracking number must come out with its own
 * letters. Patterns are folded like the text, but not what follows a backslash: \S is not \s.
 */
#include "parsers/notice.h"

#include "parsers/date.h"
#include "parsers/fold.h"

#include <string.h>

/* Steps for one pattern on one text; then it counts as not fitting. (pcre2pattern(3), "match limit".) */
#define LIMITS "(*LIMIT_MATCH=100000)(*LIMIT_DEPTH=2000)(*LIMIT_HEAP=4096)"

enum { MAX_TEXT = 64 << 10, MAX_PATTERN = 1000 };
enum place { FROM, SUBJECT, TEXT, ALSO, UNLESS, TAKE, N_PLACES };

static const char *const place_names[N_PLACES] = { "from", "subject", "text", "also", "unless", "take" };
static const char *const events[] = { "opened",		"password", "confirmed", "received",
				      "missing_papers", "produced", "shipped",	 "first_day",
				      "end_near",	"payment",  "revoked" };

static const struct { const char *name; size_t offset; } carried[] = {
	{ "application_no", G_STRUCT_OFFSET(struct notice, application_no) },
	{ "tracking_no", G_STRUCT_OFFSET(struct notice, tracking_no) },
	{ "date", G_STRUCT_OFFSET(struct notice, date) },
	{ "reason", G_STRUCT_OFFSET(struct notice, reason) },
};

struct rule {
	char *name;
	const char *event;
	GPtrArray *patterns[N_PLACES]; /* GRegex */
};

struct notice_rules {
	GPtrArray *rules; /* struct rule; the first one, without event, holds the takes that serve every rule */
};

struct folded {
	const char *source;
	char *text;
	GArray *origin;
};

/* ---- the file ---- */

static struct rule *rule_new(const char *name)
{
	struct rule *r = g_new0(struct rule, 1);

	r->name = g_strdup(name);
	for (int i = 0; i < N_PLACES; i++)
		r->patterns[i] = g_ptr_array_new_with_free_func((GDestroyNotify)g_regex_unref);
	return r;
}

static void rule_free(void *p)
{
	struct rule *r = p;

	for (int i = 0; i < N_PLACES; i++)
		g_ptr_array_unref(r->patterns[i]);
	g_free(r->name);
	g_free(r);
}

static bool fail(GError **error, guint line, const char *what, const char *word)
{
	g_set_error(error, G_REGEX_ERROR, G_REGEX_ERROR_COMPILE, "rules, line %u: %s: %s", line, what, word);
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

		for (size_t i = 0; i < G_N_ELEMENTS(carried) && !known; i++)
			known = g_str_has_prefix(name + 1, carried[i].name) &&
				name[1 + strlen(carried[i].name)] == '>';
		if (!known)
			return p;
	}
	return NULL;
}

static bool add_pattern(struct rule *r, enum place place, const char *pattern, guint line, GError **error)
{
	g_autofree char *folded = fold_pattern(pattern);
	g_autoptr(GError) why = NULL;

	if (!*pattern || strlen(pattern) > MAX_PATTERN)
		return fail(error, line, "the pattern is empty or too long", place_names[place]);
	if (unknown_group(pattern))
		return fail(error, line, "no such part of a notice", unknown_group(pattern));
	GRegex *regex = g_regex_new(folded, 0, 0, &why);
	if (!regex)
		return fail(error, line, "the pattern is wrong", why->message);
	g_ptr_array_add(r->patterns[place], regex);
	return true;
}

static bool set_event(struct rule *r, const char *word, guint line, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(events); i++)
		if (!strcmp(events[i], word)) {
			r->event = events[i];
			return true;
		}
	return fail(error, line, "no such event", word);
}

static bool add_line(struct notice_rules *rules, char *line, guint number, GError **error)
{
	struct rule *last = rules->rules->pdata[rules->rules->len - 1];
	char *rest = line + strcspn(line, " \t");

	if (!*line || *line == '#')
		return true;
	if (*rest)
		*rest++ = '\0';
	g_strstrip(rest);
	if (!strcmp(line, "rule")) {
		g_ptr_array_add(rules->rules, rule_new(rest));
		return *rest || fail(error, number, "a rule needs a name", line);
	}
	if (rules->rules->len == 1 && strcmp(line, "take"))
		return fail(error, number, "stands before the first rule", line);
	if (!strcmp(line, "event"))
		return set_event(last, rest, number, error);
	for (int i = 0; i < N_PLACES; i++)
		if (!strcmp(line, place_names[i]))
			return add_pattern(last, (enum place)i, rest, number, error);
	return fail(error, number, "no such word", line);
}

static bool check_rules(const struct notice_rules *rules, GError **error)
{
	for (guint i = 1; i < rules->rules->len; i++) {
		const struct rule *r = rules->rules->pdata[i];

		if (!r->event)
			return fail(error, 0, "the rule has no event", r->name);
		if (!r->patterns[SUBJECT]->len && !r->patterns[TEXT]->len)
			return fail(error, 0, "the rule has neither subject nor text", r->name);
		if (!strcmp(r->event, "password") && r->patterns[TAKE]->len)
			return fail(error, 0, "nothing may be taken from a mail with a password", r->name);
	}
	return true;
}

struct notice_rules *notice_rules_parse(const char *text, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	struct notice_rules *rules = g_new0(struct notice_rules, 1);
	bool good = true;

	rules->rules = g_ptr_array_new_with_free_func(rule_free);
	g_ptr_array_add(rules->rules, rule_new(""));
	for (guint i = 0; lines[i] && good; i++)
		good = add_line(rules, g_strstrip(lines[i]), i + 1, error);
	if (good && check_rules(rules, error))
		return rules;
	notice_rules_free(rules);
	return NULL;
}

void notice_rules_free(struct notice_rules *rules)
{
	if (!rules)
		return;
	g_ptr_array_unref(rules->rules);
	g_free(rules);
}

/* ---- a mail ---- */

static void fold(struct folded *f, const char *source)
{
	f->source = source;
	f->text = fold_ascii_mapped(source, &f->origin);
}

static void clear(struct folded *f)
{
	g_free(f->text);
	g_array_unref(f->origin);
}

static bool any_fits(const GPtrArray *patterns, const char *text)
{
	for (guint i = 0; i < patterns->len; i++)
		if (g_regex_match(patterns->pdata[i], text, 0, NULL))
			return true;
	return false;
}

static bool all_fit(const GPtrArray *patterns, const char *text)
{
	for (guint i = 0; i < patterns->len; i++)
		if (!g_regex_match(patterns->pdata[i], text, 0, NULL))
			return false;
	return true;
}

/* What was written where the named part fits; a date as ISO if it is one. */
static char *written(const struct folded *f, GMatchInfo *match, const char *name)
{
	int from, to;
	char iso[DATE_ISO_SIZE];

	if (!g_match_info_fetch_named_pos(match, name, &from, &to) || from < 0 || from == to)
		return NULL;
	guint32 start = g_array_index(f->origin, guint32, from), end = g_array_index(f->origin, guint32, to);
	char *text = g_strstrip(g_strndup(f->source + start, end - start));
	if (!strcmp(name, "date") && date_read(text, false, iso) == DATE_OK) {
		g_free(text);
		return g_strdup(iso);
	}
	return text;
}

static void take(const GPtrArray *patterns, const struct folded *f, struct notice *n)
{
	for (guint i = 0; i < patterns->len; i++) {
		g_autoptr(GMatchInfo) match = NULL;

		if (!g_regex_match(patterns->pdata[i], f->text, 0, &match))
			continue;
		for (size_t k = 0; k < G_N_ELEMENTS(carried); k++) {
			char **member = (char **)((char *)n + carried[k].offset);
			if (!*member)
				*member = written(f, match, carried[k].name);
		}
	}
}

static struct notice *notice_of(const struct notice_rules *rules, const struct rule *r, const struct folded *all)
{
	struct notice *n = facts_notice_new();

	n->rule = g_strdup(r->name);
	n->event = g_strconcat("ca_", r->event, NULL);
	if (strcmp(r->event, "password")) {
		take(r->patterns[TAKE], all, n);
		take(((const struct rule *)rules->rules->pdata[0])->patterns[TAKE], all, n);
	}
	return n;
}

static const struct rule *find(const struct notice_rules *rules, enum place place, const char *text, const char *from,
			       const char *all)
{
	for (guint i = 1; i < rules->rules->len; i++) {
		const struct rule *r = rules->rules->pdata[i];

		if (any_fits(r->patterns[place], text) && all_fit(r->patterns[ALSO], all) &&
		    !any_fits(r->patterns[UNLESS], all) && all_fit(r->patterns[FROM], from))
			return r;
	}
	return NULL;
}

struct notice *notice_match(const struct notice_rules *rules, const char *from, const char *subject, const char *text)
{
	size_t len = text ? strnlen(text, MAX_TEXT) : 0;
	g_autofree char *body = g_strndup(text ? text : "", len);
	g_autofree char *whole = g_strconcat(subject ? subject : "", "\n", body, NULL);
	g_autofree char *folded_from = fold_ascii(from ? from : "");
	g_autofree char *folded_subject = fold_ascii(subject ? subject : "");
	struct folded all;

	fold(&all, whole);
	const struct rule *r = find(rules, SUBJECT, folded_subject, folded_from, all.text);
	if (!r)
		r = find(rules, TEXT, all.text, folded_from, all.text);
	struct notice *n = r ? notice_of(rules, r, &all) : NULL;
	clear(&all);
	return n;
}
