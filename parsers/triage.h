/* triage: why a mail that was meant as a request form is none that can be read: one word, for which the letter to its sender
 * has a text of its own (templates/tr/words.txt).
 *
 * The words stand in the order of their weight: a mail with several troubles is told the first. password; macro; too_large
 * (archives that unpack to too much among them); old_form (a blank form of ours of an older version); scan (a PDF or TIFF of
 * pictures); photo; empty_form (nobody in it); charset (letters are lost); cloud_link (a link came instead of a file);
 * unreadable (damaged, or of a kind that is not read); wrong_document (read well, and no form in it); nothing_attached.
 */
#pragma once
#include "parsers/document.h"
#include "parsers/mime.h"
#include "parsers/triage_words.h"

#define TRIAGE_CODES(X) X(PASSWORD, password) X(MACRO, macro) X(TOO_LARGE, too_large) X(OLD_FORM, old_form) X(SCAN, scan) \
	X(PHOTO, photo) X(EMPTY_FORM, empty_form) X(CHARSET, charset) X(CLOUD_LINK, cloud_link) X(UNREADABLE, unreadable) \
	X(WRONG_DOCUMENT, wrong_document) X(NOTHING_ATTACHED, nothing_attached)
/* NULL-terminated. */
extern const char *const triage_codes[];

/* What is noted while the files of one mail are read. */
struct triage { guint causes; GPtrArray *complaints; };
struct triage *triage_new(void);
void triage_free(struct triage *t);

/* A file that was opened and holds no form. `name` as complaints should tell it. */
void triage_document(struct triage *t, const char *name, const struct document *d);

struct triage_mail {
	const struct triage_words *words;
	const struct mime *mime; /* NULL: a mail of kind unreadable */
	const char *text;        /* all of its words; NULL: none */
};

/* Whether a mail of that kind is looked at: answers, notices, reports, mails of machines and forms with people are let be. */
bool triage_is_asked(const struct facts *f);

/* Sets f->triage when f, whole but for that, was meant as a form and holds nobody, and adds the complaints that say which
 * file it is about. */
void triage_decide(struct triage *t, struct facts *f, const struct triage_mail *m);

typedef struct triage triage_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(triage_t, triage_free)
