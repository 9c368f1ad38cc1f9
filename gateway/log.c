/* log: lines on stderr. One write(2) a line, so that lines of many processes never mix (PIPE_BUF, and O_APPEND files). */
#include "gateway/log.h"
#include <stdarg.h>
#include <string.h>
#include <stdbool.h>
#include <unistd.h>
#include "gateway/clock.h"

enum { IDENTITY_DIGITS = 11, KEEP_HEAD = 3, KEEP_TAIL = 2, LINE_MOST = 4000 };

static char process[16] = "nesgate";

void log_process(const char *name)
{
	g_strlcpy(process, name, sizeof process);
}

/* Every run of exactly 11 digits is masked, whether or not its check digits are right: a mistyped number is still somebody's. */
static void mask(char *text)
{
	size_t run;

	for (char *at = text; *at; at += run ? run : 1) {
		run = strspn(at, "0123456789");
		if (run == IDENTITY_DIGITS)
			memset(at + KEEP_HEAD, '*', IDENTITY_DIGITS - KEEP_HEAD - KEEP_TAIL);
	}
}

static bool plain(const char *value)
{
	for (const char *at = value; *at; at++)
		if (!g_ascii_isgraph(*at) || *at == '"' || *at == '\\' || *at == '=')
			return false;
	return *value;
}

/* Bytes over 0x7f stay as they are when the whole is UTF-8; a terminal's C1 controls are among the escaped. */
static void append_quoted(GString *line, const char *value)
{
	g_autofree char *valid = g_utf8_make_valid(value, -1);

	g_string_append_c(line, '"');
	for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (c == '"' || c == '\\')
			g_string_append_printf(line, "\\%c", (int)c);
		else if (c == '\n')
			g_string_append(line, "\\n");
		else if (c < ' ' || (c >= 0x7f && c < 0xa0))
			g_string_append_printf(line, "\\x%02x", c);
		else
			g_string_append_unichar(line, c);
	}
	g_string_append_c(line, '"');
}

static void append_pair(GString *line, const char *key, const char *value)
{
	g_autofree char *safe = g_strdup(value);

	mask(safe);
	g_string_append_printf(line, " %s=", key);
	if (plain(safe))
		g_string_append(line, safe);
	else
		append_quoted(line, safe);
}

static void append_start(GString *line, const char *level, const char *event)
{
	g_autofree char *now = clock_iso(clock_now());

	g_string_append_printf(line, "%s %s %s %s", now, level, process, event);
}

static void finish(GString *line)
{
	if (line->len > LINE_MOST) {
		g_string_truncate(line, LINE_MOST);
		g_string_append(line, "...");
	}
	g_string_append_c(line, '\n');
	if (write(STDERR_FILENO, line->str, line->len) < 0)
		return; /* nobody is left to be told */
}

static void append_pairs(GString *line, va_list pairs)
{
	const char *key, *value;

	while ((key = va_arg(pairs, const char *))) {
		value = va_arg(pairs, const char *);
		if (value)
			append_pair(line, key, value);
	}
}

static void event_line(const char *level, const char *event, const GError *error, va_list pairs)
{
	g_autoptr(GString) line = g_string_sized_new(200);

	append_start(line, level, event);
	append_pairs(line, pairs);
	if (error)
		append_pair(line, "reason", error->message);
	finish(line);
}

void log_event(const char *event, ...)
{
	va_list pairs;

	va_start(pairs, event);
	event_line("info", event, NULL, pairs);
	va_end(pairs);
}

void log_warning(const char *event, ...)
{
	va_list pairs;

	va_start(pairs, event);
	event_line("warning", event, NULL, pairs);
	va_end(pairs);
}

void log_error(const char *event, const GError *error, ...)
{
	va_list pairs;

	va_start(pairs, error);
	event_line("error", event, error, pairs);
	va_end(pairs);
}

static void library_word(const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
	log_warning("library", "domain", domain, "message", message, NULL);
}

void log_libraries(void)
{
	g_log_set_default_handler(library_word, NULL);
}
