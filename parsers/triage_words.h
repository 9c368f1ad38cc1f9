/* triage_words: the words and hosts of triage.table, and whether a mail has them. */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>

struct triage_words;

/* NULL with `error` (a sentence with the line) when the table is written wrong. */
struct triage_words *triage_words_parse(const char *text, GError **error);
void triage_words_free(struct triage_words *w); /* NULL is fine */

enum triage_speech {
	TRIAGE_SILENT,   /* of neither file nor form, or it thanks or asks */
	TRIAGE_FORM,     /* of a form or an application */
	TRIAGE_ATTACHED, /* of something that is attached */
};
/* What the texts speak of, the strongest; each may be NULL. Of `text` the first 4 KiB: who sends a form says so there. */
enum triage_speech triage_words_speech(const struct triage_words *w, const char *subject, const char *text);

/* The first host of a link in `text` that shares files, lower-case, g_free; NULL: none. `attribute`: only links right
 * behind this word and "=" count, as in HTML, where pictures have addresses too; NULL: all. */
char *triage_words_cloud(const struct triage_words *w, const char *text, size_t len, const char *attribute);
