/* text: see text.h. */
#include "parsers/text.h"
#include "parsers/facts.h"
#include "parsers/html_guard.h"
#include "parsers/html_text.h"
#include <string.h>

struct search {
	struct charset *charset;
	const GPtrArray *parts;
	GPtrArray *complaints;
};

/* A run at a time: in mails from the wire every line has one. */
static void drop_carriage_returns(char *text)
{
	char *to = strchr(text, '\r');

	for (const char *p = to, *next; p && *p; p = next) {
		next = strchrnul(p + 1, '\r');
		if (p[1] != '\n')
			*to++ = '\n';
		memmove(to, p + 1, next - p - 1);
		to += next - p - 1;
	}
	if (to)
		*to = '\0';
}

/* Takes `html`. */
static char *text_of_html(char *html, const struct mime_part *p, GPtrArray *complaints)
{
	char *text = html_guard_passes(html) ? html_text(html, strlen(html)) : NULL;

	if (!text)
		facts_complain(complaints, "html_too_complex", p->path, NULL);
	g_free(html);
	return text ? text : g_strdup("");
}

static char *text_of_part(struct charset *c, const struct mime_part *p, GPtrArray *complaints)
{
	size_t len;
	const char *data = mime_part_data(p, &len);
	char *text;

	if (len > TEXT_MAX) {
		facts_complain(complaints, "text_too_long", p->path, NULL);
		len = TEXT_MAX;
	}
	text = charset_to_utf8(c, p->charset, data, len);
	if (!strcmp(p->type, "text/html"))
		text = text_of_html(text, p, complaints);
	drop_carriage_returns(text);
	return text;
}

static bool is_readable(const struct mime_part *p)
{
	return !p->attachment && !p->filename && (!strcmp(p->type, "text/plain") || !strcmp(p->type, "text/html"));
}

/* A part of an alternative is chosen over the one before when it is plain, or when there was nothing. */
static void choose(char **text, char *other, bool other_is_plain)
{
	bool blank = !other || !*other || strspn(other, " \t\n") == strlen(other);

	if (!blank && (!*text || other_is_plain)) {
		g_free(*text);
		*text = g_steal_pointer(&other);
	}
	g_free(other);
}

static void join(char **text, char *other)
{
	char *before = *text;

	if (!before || !other) {
		*text = before ? before : other;
		return;
	}
	if (strlen(before) > TEXT_MAX) { /* a thousand parts must not cost a million copies */
		g_free(other);
		return;
	}
	*text = g_strconcat(before, g_str_has_suffix(before, "\n") ? "" : "\n", other, NULL);
	g_free(before);
	g_free(other);
}

/* Depth is bounded by mime.c. */
static char *text_below(const struct search *s, const struct mime_part *p)
{
	bool alternative = !strcmp(p->type, "multipart/alternative");
	char *text = NULL;

	if (is_readable(p))
		return text_of_part(s->charset, p, s->complaints);
	if (p->message || strncmp(p->type, "multipart/", 10))
		return NULL;
	for (guint i = 0; i < s->parts->len; i++) {
		const struct mime_part *child = s->parts->pdata[i];

		if (child->parent != p)
			continue;
		/* HTML costs most to read: not at all when plain text is there. */
		if (alternative && text && !strcmp(child->type, "text/html"))
			continue;
		if (alternative)
			choose(&text, text_below(s, child), !strcmp(child->type, "text/plain"));
		else
			join(&text, text_below(s, child));
	}
	return text;
}

char *text_of_message(struct charset *c, const struct mime *m, const struct mime_part *message, GPtrArray *complaints)
{
	struct search s = { c, mime_parts(m), complaints };

	for (guint i = 0; i < s.parts->len; i++) {
		const struct mime_part *p = s.parts->pdata[i];
		if (p->parent == message)
			return text_below(&s, p);
	}
	return NULL;
}

char *text_of_mail(struct charset *c, const struct mime *m, GPtrArray *complaints)
{
	struct search s = { c, mime_parts(m), complaints };

	return s.parts->len ? text_below(&s, s.parts->pdata[0]) : NULL;
}
