/* context: rows to JSON. SQLite could do it (json_object), but parses every true, false and list again on the way: for a form
 * of five people that was a third of the whole transaction.
 */
#include <string.h>
#include "queue/context.h"

enum { HEAD_COLUMNS = 3 }; /* recipient, Message-ID, version */

/* Runs at once: most strings have nothing to escape. */
static void append_quoted(GString *json, const char *text)
{
	g_string_append_c(json, '"');
	for (;;) {
		const char *run = text;
		while ((guchar)*text >= ' ' && *text != '"' && *text != '\\')
			text++;
		g_string_append_len(json, run, text - run);
		if (*text == '\0')
			break;
		if (*text == '"' || *text == '\\')
			g_string_append_c(json, '\\'), g_string_append_c(json, *text);
		else
			g_string_append_printf(json, "\\u%04x", (guchar)*text);
		text++;
	}
	g_string_append_c(json, '"');
}

static void append_member(GString *json, struct sql *s, int column)
{
	const char *name = sql_name(s, column), *text;
	gsize n = strlen(name);
	char kind = name[n - 1];
	g_string_append_c(json, '"');
	g_string_append_len(json, name, (gssize)(n - (kind == '?' || kind == '=')));
	g_string_append(json, "\":");
	if (kind == '?')
		g_string_append(json, sql_int(s, column) ? "true" : "false");
	else if (kind == '=' || sql_is_int(s, column))
		g_string_append(json, sql_text(s, column));
	else if ((text = sql_text(s, column)) != NULL)
		append_quoted(json, text);
	else
		g_string_append(json, "null");
}

/* Without the closing brace. */
static void append_members(GString *json, struct sql *s, int first)
{
	int n = sql_width(s);
	for (int i = first; i < n; i++) {
		g_string_append_c(json, i == first ? '{' : ',');
		append_member(json, s, i);
	}
}

static bool append_list(GString *json, struct sql *rows, const char *list, GError **error)
{
	GError *failure = NULL;
	g_string_append_printf(json, ",\"%s\":[", list);
	for (bool first = true; sql_next(rows, &failure); first = false) {
		if (!first)
			g_string_append_c(json, ',');
		append_members(json, rows, 0);
		g_string_append_c(json, '}');
	}
	g_string_append_c(json, ']');
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}

static bool read_all(struct context *c, GString *json, struct sql *head, GError **error)
{
	GError *failure = NULL;
	if (!sql_next(head, &failure)) {
		if (failure == NULL)
			g_set_error(&failure, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND, "there is nothing to write a letter about");
		g_propagate_error(error, failure);
		return false;
	}
	c->to = g_strdup(sql_text(head, 0));
	c->message_id = g_strdup(sql_text(head, 1));
	c->version = sql_int(head, 2);
	append_members(json, head, HEAD_COLUMNS);
	return true;
}

bool context_read(struct context *c, struct sql *head, struct sql *rows, const char *list, GError **error)
{
	GString *json = g_string_sized_new(2048);
	bool ok = read_all(c, json, head, error) && (rows == NULL || append_list(json, rows, list, error));
	sql_end(head);
	sql_end(rows);
	g_string_append_c(json, '}');
	c->json = g_string_free(json, FALSE);
	return ok;
}

void context_clear(struct context *c)
{
	g_free(c->to);
	g_free(c->message_id);
	g_free(c->json);
}
