/* text: the words of a mail: its text/plain, else its text/html as plain text.
 *
 * Of alternatives the plain one counts unless it is empty. Parts that follow each other inside a mixed mail
 * are joined. Attachments and embedded messages are not the sender's words.
 */
#pragma once
#include "parsers/mime.h"

enum { TEXT_MAX = 1024 * 1024 }; /* decoded bytes of one part that are read */

/* UTF-8 with LF line ends, the caller's; NULL: no text. Complains `text_too_long` when cut. */
char *text_of_mail(struct charset *c, const struct mime *m, GPtrArray *complaints);
/* The same of an embedded message. */
char *text_of_message(struct charset *c, const struct mime *m, const struct mime_part *message, GPtrArray *complaints);
