/* notice_draft: see the header. The draft is narrow on purpose: a rule that fits too little is seen, as the next such mail
 * waits again; one that fits too much is not.
 */
#include "parsers/notice_draft.h"

#include "parsers/fold.h"
#include "parsers/subject.h"

#include <stdbool.h>
#include <string.h>

enum { MAX_DRAFT = 60 };

/* As a pattern: signs mean themselves, a number is any number. */
static void append_pattern(GString *out, const char *place, const char *line)
{
	g_string_append_printf(out, "%s ", place);
	for (const char *p = line; *p; p++) {
		if (g_ascii_isdigit(*p)) {
			g_string_append(out, "[0-9]+");
			p += strspn(p, "0123456789") - 1;
			continue;
		}
		if (strchr("\\^$.[]|()?*+{}", *p))
			g_string_append_c(out, '\\');
		g_string_append_c(out, *p);
	}
	g_string_append_c(out, '\n');
}

/* At most MAX_DRAFT characters, cut behind a word, and up to the sign that an example may not hold; one blank between words. */
static char *draft_line(const char *line, size_t len)
{
	const char *bar = memchr(line, '|', len);
	g_autofree char *valid = g_utf8_make_valid(line, bar ? bar - line : (gssize)len);
	char *text = g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), MAX_DRAFT)), *blank;

	if (strlen(text) < strlen(valid) && (blank = strrchr(text, ' ')))
		*blank = '\0';
	char *to = text;
	for (char *p = text; *p; p++)
		if ((unsigned char)*p > ' ')
			*to++ = *p;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	*to = '\0';
	return g_strstrip(text);
}

static char *draft_subject(const char *subject)
{
	const char *rest = subject ? subject : "", *colon;

	while (subject_prefix(rest) != SUBJECT_NONE && (colon = strchr(rest, ':')))
		rest = colon + 1;
	return draft_line(rest, strlen(rest));
}

/* The first line that says something: neither a greeting nor a note in brackets. */
static char *draft_text(const char *text)
{
	for (const char *line = text ? text : ""; *line;) {
		size_t len = strcspn(line, "\n");
		char *draft = draft_line(line, len);
		g_autofree char *folded = fold_ascii(draft);

		if (*folded && *folded != '[' && !g_str_has_prefix(folded, "sayin "))
			return draft;
		g_free(draft);
		line += len + (line[len] == '\n');
	}
	return g_strdup("");
}

static bool speaks_of_password(const char *subject, const char *text)
{
	g_autofree char *whole = g_strconcat(subject ? subject : "", "\n", text ? text : "", NULL);
	g_autofree char *folded = fold_ascii(whole);

	return strstr(folded, "parola") || strstr(folded, "sifre");
}

static void make_numbers(char *text)
{
	for (; *text; text++)
		if (g_ascii_isdigit(*text))
			*text = '1';
}

char *notice_draft(const char *subject, const char *text)
{
	bool secret = speaks_of_password(subject, text);
	g_autofree char *title = draft_subject(subject), *line = secret ? g_strdup("") : draft_text(text);
	g_autofree char *name = fold_words(*title ? title : line);
	GString *out = g_string_new("rule ");

	g_string_append(out, *name ? g_strdelimit(name, " ", '_') : "unnamed");
	g_string_append_printf(out, "\nevent %s\n", secret ? "password" : "?");
	if (*title)
		append_pattern(out, "subject", title);
	if (*line)
		append_pattern(out, *title ? "also" : "text", line);
	make_numbers(title);
	make_numbers(line);
	g_string_append_printf(out, "example %s%s%s\n", title, *line ? " | " : "", line);
	return g_string_free(out, FALSE);
}
