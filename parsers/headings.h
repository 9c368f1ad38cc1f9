/* headings: the words of request forms, from a file that an administrator extends (headings.table).
 *
 * Each word has one meaning; a file that gives it two is refused with the line. Looking up folds case, Turkish marks
 * and signs away (fold_key).
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
void headings_free(struct headings *h); /* NULL is fine */

/* Which column a heading cell names; HEADING_UNKNOWN: none of ours. */
enum heading_field headings_column(const struct headings *h, const char *cell);

/* What a cell's word means: of "kind", "reader", "backup", "years" the value as in facts.h, of "label"
 * unit or ticket. NULL: not known. "3 - Yenileme" is known when both parts mean the same. Owned by `h`. */
const char *headings_value(const struct headings *h, const char *field, const char *cell);

/* Nothing but blanks and signs, or a word that says "not given". */
bool headings_is_empty(const struct headings *h, const char *cell);
