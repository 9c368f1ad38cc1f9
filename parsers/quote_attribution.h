/* quote_attribution: the lines "On … somebody wrote:" above a quote. For quote.c. */
#pragma once
#include "parsers/quote_line.h"

/* When lines[last] ends an attribution: the index of the line where it begins; else -1. Programs wrap it anywhere, even
 * inside the address or the date. */
int quote_attribution_find(const struct quote_line *lines, int last);
