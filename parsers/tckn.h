/* tckn: the 11-digit national identity number, as people and spreadsheets write it.
 *
 * The number has two check digits: with d1..d11, d1 is not 0,
 * d10 = (7*(d1+d3+d5+d7+d9) - (d2+d4+d6+d8)) mod 10 and d11 = (d1+...+d10) mod 10.
 * A digit that is not there is never guessed.
 */
#pragma once
#include <stdbool.h>

enum tckn_result {
	TCKN_OK,          /* `digits` is the number, as written or as a spreadsheet's number */
	TCKN_REPAIRED,    /* `digits` is the number, but signs inside it were dropped: to be confirmed */
	TCKN_EMPTY,
	TCKN_NOT_NUMBER,  /* other signs than digits */
	TCKN_LENGTH,      /* not 11 digits */
	TCKN_DIGITS_LOST, /* 1.23457E+10: the spreadsheet no longer holds them */
	TCKN_CHECK_DIGIT, /* 11 digits, but no identity number */
};

bool tckn_valid(const char *digits);
/* Numbers of foreigners begin with 99 and obey the same rule. */
bool tckn_is_foreign(const char *digits);

/* Reads one cell. `digits` is set only for TCKN_OK and TCKN_REPAIRED, else empty. */
enum tckn_result tckn_read(const char *cell, char digits[12]);
