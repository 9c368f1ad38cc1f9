/* notice: see notice.h. The text is folded once, with a map back to what was written: a tracking number must come out with
 * its own letters.
 */
#include "parsers/notice.h"

#include "parsers/date.h"
#include "parsers/fold.h"

#include <string.h>

enum { MAX_TEXT = 64 << 10 };

#define PART(name, member) { #name, G_STRUCT_OFFSET(struct notice, member) }
static const struct { const char *name; size_t offset; } carried[] = {
	PART(application_no, application_no), PART(tracking_no, tracking_no), PART(date, date), PART(reason, reason),
	PART(name, name_key),
};

struct folded {
	const char *source;
	char *text;
	GArray *origin;
};

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

/* What was written where the named part fits; a date as ISO if it is one, a name as it is compared. */
static char *written(const struct folded *f, GMatchInfo *match, const char *name)
{
	int from, to;
	char iso[DATE_ISO_SIZE];

	if (!g_match_info_fetch_named_pos(match, name, &from, &to) || from < 0 || from == to)
		return NULL;
	guint32 start = g_array_index(f->origin, guint32, from), end = g_array_index(f->origin, guint32, to);
	char *text = g_strstrip(g_strndup(f->source + start, end - start));
	if (!strcmp(name, "name")) {
		char *key = fold_words(text);

		g_free(text);
		return key;
	}
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

bool notice_is_secret(const struct notice *n)
{
	return n && !g_strcmp0(n->event, "ca_password");
}

static struct notice *notice_of(const struct notice_rules *rules, const struct notice_rule *r, const struct folded *all)
{
	struct notice *n = facts_notice_new();

	n->rule = g_strdup(r->name);
	n->event = g_strconcat("ca_", r->event, NULL);
	n->needs = g_strdup(r->needs);
	if (!notice_is_secret(n)) {
		take(r->patterns[NOTICE_TAKE], all, n);
		take(((const struct notice_rule *)rules->rules->pdata[0])->patterns[NOTICE_TAKE], all, n);
	}
	return n;
}

struct mail { const char *from, *subject, *all; }; /* folded; from NULL: not asked for */

static bool fits(const struct notice_rule *r, enum notice_place place, const struct mail *m)
{
	return any_fits(r->patterns[place], place == NOTICE_SUBJECT ? m->subject : m->all) &&
	       all_fit(r->patterns[NOTICE_ALSO], m->all) && !any_fits(r->patterns[NOTICE_UNLESS], m->all) &&
	       (!m->from || all_fit(r->patterns[NOTICE_FROM], m->from));
}

/* The next rule behind `before` that fits at this place and says something else. */
static const struct notice_rule *find_other(const struct notice_rules *rules, const struct mail *m, guint before,
					    enum notice_place place)
{
	const struct notice_rule *first = rules->rules->pdata[before];

	for (guint i = before + 1; i < rules->rules->len; i++) {
		const struct notice_rule *r = rules->rules->pdata[i];

		if (strcmp(r->event, first->event) && fits(r, place, m))
			return r;
	}
	return NULL;
}

/* Passwords before all else: under the subject of another notice one is still a secret. *other: only the rules' order decides
 * between the two; that a password or a subject goes first is no such doubt. */
static const struct notice_rule *find(const struct notice_rules *rules, const struct mail *m, const struct notice_rule **other)
{
	static const struct { bool secret; enum notice_place place; } turns[] = {
		{ true, NOTICE_SUBJECT }, { true, NOTICE_TEXT }, { false, NOTICE_SUBJECT }, { false, NOTICE_TEXT },
	};

	for (size_t k = 0; k < G_N_ELEMENTS(turns); k++)
		for (guint i = 1; i < rules->rules->len; i++) {
			const struct notice_rule *r = rules->rules->pdata[i];

			if (!strcmp(r->event, "password") != turns[k].secret || !fits(r, turns[k].place, m))
				continue;
			*other = turns[k].secret ? NULL : find_other(rules, m, i, turns[k].place);
			return r;
		}
	return NULL;
}

static struct notice *match(const struct notice_rules *rules, const char *from, const struct notice_example *e,
			    const struct notice_rule **other)
{
	size_t len = e->text ? strnlen(e->text, MAX_TEXT) : 0;
	g_autofree char *body = g_strndup(e->text ? e->text : "", len);
	g_autofree char *whole = g_strconcat(e->subject ? e->subject : "", "\n", body, NULL);
	g_autofree char *folded_from = fold_ascii(from);
	g_autofree char *folded_subject = fold_ascii(e->subject ? e->subject : "");
	struct folded all;

	*other = NULL;
	fold(&all, whole);
	struct mail m = { folded_from, folded_subject, all.text };
	const struct notice_rule *r = find(rules, &m, other);
	struct notice *n = r ? notice_of(rules, r, &all) : NULL;
	clear(&all);
	return n;
}

struct notice *notice_match(const struct notice_rules *rules, const char *from, const char *subject, const char *text)
{
	const struct notice_example mail = { .subject = (char *)subject, .text = (char *)text };
	const struct notice_rule *other;

	return match(rules, from, &mail, &other);
}

static void try_rule(const struct notice_rules *rules, struct notice_trial *t, void (*tried)(const struct notice_trial *t, void *data),
		     void *data)
{
	for (guint i = 0; i < t->rule->examples->len; i++) {
		t->example = t->rule->examples->pdata[i];
		struct notice *n = match(rules, NULL, t->example, &t->other);
		t->found = n;
		t->good = n && !strcmp(n->rule, t->rule->name) && !t->other;
		tried(t, data);
		facts_notice_free(n);
	}
	if (!t->rule->examples->len)
		tried(t, data);
}

void notice_try_examples(const struct notice_rules *rules, void (*tried)(const struct notice_trial *t, void *data), void *data)
{
	for (guint i = 1; i < rules->rules->len; i++) {
		struct notice_trial t = { .rule = rules->rules->pdata[i] };

		try_rule(rules, &t, tried, data);
	}
}
