/* facts_reply: what a person wrote back; a part of facts.h, where the rules for all facts stand. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include "parsers/facts_words.h"

/* People of the list that the answered letter shows: by their numbers there (from … to), by the numbers of their
 * applications when `application`, or by name when `name` is not NULL: folded words, one blank between,
 * "deneme bir". Whether such a person is there is not known here. */
struct reply_item { gint64 from, to; bool application; char *name; };

/* `answer` for the items, or for all but them when `except`: except without items is all. ANSWER_NONE: nothing but
 * people was named, and the letter's own question says what for. */
struct reply_choice { enum answer answer; bool except; GPtrArray *items; };

struct reply {
	char *text;         /* own words only, quotes and signature cut */
	gint64 cut_line;    /* 1-based line of the text at which the cut was made, 0: none */
	GPtrArray *tokens;  /* char *: our reply tokens met in subject, references and text, each once */
	enum answer answer; /* for everything that was asked; PARTIAL: see choices; only mails of kind reply answer */
	GPtrArray *choices; /* struct reply_choice; empty unless PARTIAL */
	char *cargo_no;     /* the number that stands with POSTED */
	char *ticket;       /* the number of a support record, where one is told */
	char *words;        /* folded words before an answer that mean nothing to us: whoever they name is not "all" */
	char *others;       /* such words of the other sentences */
};

struct reply *facts_reply_new(void);
void facts_reply_free(struct reply *r); /* NULL is fine */
struct reply_choice *facts_reply_choose(struct reply *r, enum answer answer);
struct reply_item *facts_reply_choice_add(struct reply_choice *c);
