/* form_reach: how a person is reached: an address, a mobile number. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* The address in the cell, in lower case; g_free. Pointed brackets (with a name before them), "mailto:", a stop or comma at
 * the end and blanks beside "@", "." and "-" are left out, and `mended` says so. NULL: there is none, or more than one. */
char *form_reach_address(const char *cell, bool *mended);
/* Whether it is in one of the domains: "kurum.test" is that one, ".kurum.test" any below it. NULL: any. */
bool form_reach_is_of(const char *address, const char *const *domains);

/* "+90 500 111 22 33" of a Turkish mobile number: ten digits from 5, with 0, 90, +90 or 0090 before them. NULL: it is
 * another, or the cell says more than a number. g_free. */
char *form_reach_mobile(const char *cell);
