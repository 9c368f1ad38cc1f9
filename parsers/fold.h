/* fold: one spelling for all the ways a Turkish word is typed.
 *
 * Forms write "İSİM", "Isim", "ısım" for the same heading. Folding is for comparing only: what was
 * written is kept elsewhere. Input is UTF-8; a broken byte counts as a blank. Results are new strings
 * (g_free), NULL in gives NULL out.
 *
 *   fold_ascii   lower case; I, İ, ı, i are all i (an upper-casing without Turkish rules loses which); ç ğ ö ş ü â î û …
 *                lose their marks
 *   fold_words   fold_ascii, every run of other than letters and digits is one blank, none at the ends
 *   fold_key     fold_ascii, letters and digits only: "T.C. Kimlik No*" and "TC KİMLİK-NO" are equal
 */
#pragma once
#include <glib.h>
#include <stdbool.h>

char *fold_ascii(const char *utf8);
char *fold_words(const char *utf8);
char *fold_key(const char *utf8);

/* fold_words of the first `len` bytes behind what `out` holds. */
void fold_words_append(GString *out, const char *utf8, size_t len);

/* fold_key of the first `len` bytes into `out`, cut at `size`; for loops that should not allocate. */
void fold_key_into(char *out, size_t size, const char *utf8, size_t len);

/* fold_ascii in which each run of white space is one blank, and where each byte came from:
 * (*origin)[i] is the offset in `utf8` of the character that gave byte i; one entry more at the end. */
char *fold_ascii_mapped(const char *utf8, GArray **origin);
