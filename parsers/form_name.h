/* form_name: a name out of one cell: titles before it, given names, family name.
 *
 * The last word is the family name, or all last words in capitals where the first is not ("Ayşe DENEME TEST"), or what stands
 * before a comma. Two words leave no doubt, nor do capitals; else the caller should have it confirmed.
 */
#pragma once
#include "parsers/headings.h"

struct form_name {
	char *given, *family; /* NULL: not there */
	bool in_doubt;        /* where the one ends and the other begins */
};

/* Where the name begins behind titles such as "Prof. Dr." (headings.table); `cell` itself when it is nothing but titles. */
const char *form_name_behind_titles(const struct headings *h, const char *cell);
/* `name` has single blanks and no titles. */
struct form_name form_name_split(const char *name);
/* Digits and signs that no name has. */
bool form_name_is_odd(const char *name);
