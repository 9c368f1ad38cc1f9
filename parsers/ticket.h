/* ticket: the number of a support ticket in a subject or a text: "[Servis Destek #123]", "BYS-12345", "Talep No: 2026/123".
 *
 * Which words stand before one is said in headings.table (`label: ticket`, `ticket`).
 */
#pragma once
#include "parsers/headings.h"

/* The first number, three digits to ten, without the words; g_free. NULL: none. Never an identity number. */
char *ticket_find(const struct headings *h, const char *text);
/* The same of somebody's own words that answer the question for it: there the number may also stand alone on the first line. */
char *ticket_answer(const struct headings *h, const char *own_words);
