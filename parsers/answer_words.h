/* answer_words: the words of answers.table, and what they mean where they stand. Everything is compared folded. */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>
#include "parsers/facts_words.h"

/* What a phrase means besides the answers of facts_words.h; the table tells each. */
#define ANSWER_MARKS(X) X(EXCEPT, except) X(ABSENT, absent) X(ALL, all) X(REST, rest) X(PART, part) X(UNCLEAR, unclear) \
	X(REASON, reason) X(EARLIER, earlier) X(YES, yes) X(NEUTRAL, neutral) X(ENDS, ends)
/* Words that count only behind others, at the start of a line or as a piece of a word. */
#define ANSWER_LISTS(X) X(COUNT, count) X(TIME, time) X(ORDINAL, ordinal) X(CLOSER, closer) X(CARGO, cargo) \
	X(POSTSCRIPT, postscript) X(VERB, verb) X(NEGATIVE, negative) X(DENIAL, denial) X(ACT, act) X(CONDITION, condition)

#define MARK_(N, n) MARK_##N,
#define LIST_(N, n) LIST_##N,
enum answer_mark { MARK_FIRST = 100, ANSWER_MARKS(MARK_) };
enum answer_list { ANSWER_LISTS(LIST_) ANSWER_LIST_COUNT };
#undef MARK_
#undef LIST_

struct answer_words;

/* `text` is the whole table. NULL with `error`: a sentence with the line. */
struct answer_words *answer_words_parse(const char *text, GError **error);
void answer_words_free(struct answer_words *w); /* NULL is fine */

/* The longest phrase at words[0], how many words it takes; 0: none. *meaning: an enum answer or answer_mark. `words`: folded,
 * signs are words of their own, NULL behind the last. `open`: what stands before does not keep a "=" phrase from standing alone. */
guint answer_words_phrase(const struct answer_words *w, char *const *words, bool open, int *meaning);
/* The same in one list; 0: none. */
guint answer_words_listed(const struct answer_words *w, enum answer_list list, char *const *words);
/* A negative or unreal verb ("almadım", "tamamlarsa"). */
bool answer_words_denies(const struct answer_words *w, const char *word);
/* A verb made a noun ("onaylanması"). */
bool answer_words_act(const struct answer_words *w, const char *word);
/* Whether a word is a sign: . , : - ? or the end of a line. */
bool answer_words_sign(const char *word);

typedef struct answer_words answer_words_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(answer_words_t, answer_words_free)
