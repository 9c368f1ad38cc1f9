/* quote: the own words of a reply, without what its program quoted, without signatures.
 *
 * Known shapes: lines with ">", a line "… wrote:" in a dozen languages (Gmail's Turkish ones may wrap
 * anywhere), blocks of From:/Sent:/To:/Subject: lines (Outlook and Zimbra, Turkish and others), "-----Original
 * Message-----" and its kin, signature lines "-- ", lines of dashes, "Sent from my …", disclaimers.
 */
#pragma once
#include "parsers/answer_words.h"

/* `answers`: words that are no part of a writer's name, where a program wrapped inside of one. A new string, "" when
 * nothing is left. *cut_line: the first line (from 1) that was taken away for being a quote, a signature or what follows
 * them; 0: none. Only the first 256 KiB are looked at. */
char *quote_cut(const char *text, const struct answer_words *answers, gint64 *cut_line);
