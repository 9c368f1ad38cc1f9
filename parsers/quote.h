/* quote: the own words of a reply, without what its program quoted, without signatures.
 *
 * Known shapes: lines with ">", a line "… wrote:" in a dozen languages (Gmail's Turkish ones may wrap
 * anywhere), blocks of From:/Sent:/To:/Subject: lines (Outlook and Zimbra, Turkish and others), "-----Original
 * Message-----" and its kin, signature lines "-- ", lines of dashes, and "Sent from my …".
 */
#pragma once
#include <glib.h>

/* A new string, "" when nothing is left. *cut_line: the first line (from 1) that was taken away for being a quote,
 * a signature or what follows them; 0: none. Only the first 256 KiB are looked at. */
char *quote_cut(const char *text, gint64 *cut_line);
