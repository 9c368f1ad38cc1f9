/* notice_rules: the file of rules by which mails of KAMU SM are recognised (kamusm.rules says how it is written). For
 * notice.c and the commands that try rules; matching is notice.h's.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>

enum notice_place { NOTICE_FROM, NOTICE_SUBJECT, NOTICE_TEXT, NOTICE_ALSO, NOTICE_UNLESS, NOTICE_TAKE, NOTICE_PLACES };

struct notice_example { char *subject, *text; guint line; };

struct notice_rule {
	char *name;
	const char *event;                   /* without "ca_" */
	const char *needs;                   /* how strongly the mail must be known to be KAMU SM's, see facts.h */
	GPtrArray *patterns[NOTICE_PLACES];  /* GRegex, for texts that are folded by fold_ascii_mapped */
	GPtrArray *examples;                 /* struct notice_example */
};

struct notice_rules {
	GPtrArray *rules; /* struct notice_rule; the first one, without event, holds the takes that serve every rule */
};

/* NULL-terminated words: events without "ca_"; parts of a notice that a pattern may name. */
extern const char *const notice_rules_events[], *const notice_rules_parts[];

/* `text` is the whole file. NULL with `error` set: a sentence that names the line, or the rule that lacks something. */
struct notice_rules *notice_rules_parse(const char *text, GError **error);
void notice_rules_free(struct notice_rules *rules); /* NULL is fine */
