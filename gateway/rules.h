/* rules: the rules of notices as the commands that try them need them (parsers/kamusm.rules says how they are written). */
#pragma once
#include "gateway/command.h"
#include "parsers/read.h"

/* The text of the rules: of the file; NULL: of the settings when there are any, else the built-in one. g_free. */
char *rules_text(struct command_context *c, const char *path, GError **error);
/* A reader with the rules of that text, and else as the settings want it. */
struct reader *rules_reader(struct command_context *c, const char *text, GError **error);
/* What a notice says, in one line, without the rule's name: "ca_shipped tracking_no=…". n NULL: "-". g_free. */
char *rules_say(const struct notice *n);
