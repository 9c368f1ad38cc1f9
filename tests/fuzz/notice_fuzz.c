/* Any text as a mail of KAMU SM against the built-in rules; and, behind a byte 'R', any text as a file of rules. */
#include "parsers/headings.h"
#include "parsers/notice.h"
#include "parsers/notice_draft.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void parse_rules(const char *text)
{
	g_autoptr(GError) error = NULL, other = NULL;
	struct notice_rules *rules = notice_rules_parse(text, &error);

	if (!rules == !error)
		abort();
	if (rules)
		facts_notice_free(notice_match(rules, "a@b.test", text, text));
	notice_rules_free(rules);
	struct headings *h = headings_parse(text, &other);
	if (!h == !other)
		abort();
	headings_free(h);
}

/* Whatever stands in a mail: once its event is chosen the draft is a rule. */
static void draft(const char *subject, const char *text)
{
	g_autofree char *rule = notice_draft(subject, text);
	char *open = strstr(rule, "\nevent ?\n");
	g_autoptr(GError) error = NULL;

	g_autofree char *chosen = open ? g_strdup_printf("%.*s\nevent password\n%s", (int)(open - rule), rule, open + 9) : g_strdup(rule);
	struct notice_rules *rules = notice_rules_parse(chosen, &error);
	if (!rules && !strstr(error->message, "neither subject nor text") && !strstr(error->message, "example is empty"))
		abort();
	notice_rules_free(rules);
}

static void match(const char *text)
{
	static struct notice_rules *rules;
	const char *newline = strchr(text, '\n');
	g_autofree char *subject = g_strndup(text, newline ? (gsize)(newline - text) : strlen(text));

	if (!rules) {
		g_autoptr(GBytes) file = g_resources_lookup_data("/nesgate/parsers/kamusm.rules", 0, NULL);
		rules = file ? notice_rules_parse(g_bytes_get_data(file, NULL), NULL) : NULL;
	}
	if (!rules)
		abort();
	struct notice *n = notice_match(rules, "a@b.test", subject, newline ? newline + 1 : "");
	if (notice_is_secret(n) && (n->reason || n->application_no || n->tracking_no || n->date || n->name_key))
		abort();
	facts_notice_free(n);
	draft(subject, newline ? newline + 1 : "");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	g_autofree char *text = g_strndup((const char *)data, len);

	if (*text == 'R')
		parse_rules(text + 1);
	else
		match(text);
	return 0;
}
