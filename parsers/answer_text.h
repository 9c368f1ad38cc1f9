/* answer_text: a person's own words as a row of folded words and signs, for answer.c. */
#pragma once
#include <glib.h>
#include <stdbool.h>

enum answer_flag {
	ANSWER_TEXT_CAPITAL = 1, /* written with a capital letter in front */
	ANSWER_TEXT_SUFFIX = 2,  /* stands behind an apostrophe: the "in" of Bir'in */
	ANSWER_TEXT_NUMBER = 4,  /* 1 to 9999, digits alone */
	ANSWER_TEXT_CODE = 8,    /* letters and digits, five digits or more: may be a parcel's number */
	ANSWER_TEXT_OPAQUE = 16, /* a date, a time or another number with signs inside; the word is "#" */
};

/* words[0] is the end of a line; NULL behind the last. Signs are words: . , : - ? and "\n", the end of a line that the
 * person ended. A number's own dot or bracket ("3." "3)") is ":". */
struct answer_text { GPtrArray *words; GByteArray *flags; GString *store; };

/* NULL: too long for an answer; in a long text a word is met by chance. Addresses and links are left out. */
struct answer_text *answer_text_split(const char *own_words);
void answer_text_free(struct answer_text *t); /* NULL is fine */
typedef struct answer_text answer_text_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(answer_text_t, answer_text_free)
