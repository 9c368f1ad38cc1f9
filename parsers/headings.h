/* headings: the words of request forms, from a file (headings.table) to which an administrator adds with one of his own.
 *
 * Each word has one meaning; a file that gives it two is refused with the line. A word of the administrator's file means
 * what he says, whatever it meant before; with the line "replace" before all others only his words count. Looking up
 * folds case, Turkish marks and signs away (fold_key).
 */
#pragma once
#include <glib.h>
#include <stdbool.h>

#define HEADING_FIELDS(X)                                                                                      \
	X(TCKN, tckn)                                                                                          \
	X(GIVEN_NAME, given_name) X(FAMILY_NAME, family_name) X(FULL_NAME, full_name)                          \
		X(BIRTH_DATE, birth_date) X(EMAIL, email) X(PHONE, phone) X(UNIT, unit) X(TITLE, title)        \
			X(POST, post) X(STAFF_NO, staff_no) X(KIND, kind) X(READER, reader) X(BACKUP, backup)  \
				X(YEARS, years) X(PAYMENT, payment) X(EXPIRES, expires) X(NOTE, note)

enum heading_field {
#define HEADING_(N, n) HEADING_##N,
	HEADING_FIELDS(HEADING_)
#undef HEADING_
	HEADING_COUNT,
	HEADING_UNKNOWN = HEADING_COUNT,
};

struct headings;

/* `text` is the whole file. NULL with `error` set: a sentence that names the line. */
struct headings *headings_parse(const char *text, GError **error);
/* Adds the administrator's file. False with `error` set: `h` is then good for headings_free only. */
bool headings_add(struct headings *h, const char *text, GError **error);
void headings_free(struct headings *h); /* NULL is fine */

/* Which column a heading cell names; HEADING_UNKNOWN: none of ours. */
enum heading_field headings_column(const struct headings *h, const char *cell);

/* What a cell's word means: of "kind", "reader", "backup", "years" the value as in facts.h, of "label"
 * unit, ticket or form_version. NULL: not known. "3 - Yenileme" is known when both parts mean the same. Owned by `h`. */
const char *headings_value(const struct headings *h, const char *field, const char *cell);

/* Whether the word stands before a ticket number: "BYS" of "BYS-4711", "#". */
bool headings_is_ticket(const struct headings *h, const char *word);
/* Whether it is a title that people put before a name: "Dr.", "Öğr.". */
bool headings_is_title(const struct headings *h, const char *word);

/* Nothing but blanks and signs, or a word that says "not given". */
bool headings_is_empty(const struct headings *h, const char *cell);

/* Every row, in the order of the table, rows of one name as one: name "tckn" or "kind: first", the words as written. */
typedef void (*headings_take)(const char *name, const GPtrArray *words, void *data);
void headings_each(const struct headings *h, headings_take take, void *data);

typedef struct headings headings_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(headings_t, headings_free)
