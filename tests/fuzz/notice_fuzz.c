/* Any text as a mail of KAMU SM against the built-in rules; and, behind a byte 'R', any text as a file of rules. */
#include "parsers/headings.h"
#include "parsers/notice.h"
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
	if (n && !strcmp(n->event, "ca_password") && (n->reason || n->application_no || n->tracking_no || n->date))
		abort();
	facts_notice_free(n);
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
