/* answer_choice: from the order in which answers and people were named to who is answered how, for answer.c. */
#pragma once
#include "parsers/facts_reply.h"

enum answer_event_kind {
	ANSWER_SAID,   /* an answer */
	ANSWER_ITEM,   /* people: number, application or name */
	ANSWER_EXCEPT, /* those named before it are not meant */
	ANSWER_ABSENT, /* the same, and the others must be answered for */
	ANSWER_ALL,
	ANSWER_REST,
	ANSWER_BREAK,  /* the end of a sentence */
};
/* `name` is owned by the array's clear function. */
struct answer_event { enum answer_event_kind kind; enum answer answer; struct reply_item item; };

/* Fills r->answer and r->choices; false: what is said does not fit together, or nothing is. `events`: struct answer_event. */
bool answer_choice_make(const GArray *events, struct reply *r);
