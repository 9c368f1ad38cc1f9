/* mail_file: the mails of a path, one after another: one mail in a file, an mbox (mboxrd: a line "From " begins a mail, ">From "
 * and ">>From " in it lose one ">"), a Maildir (its new and cur), or a folder with .eml files, in the order of their names.
 */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>

/* `name` is the file; of an mbox the same for all its mails. false with `error` ends the walk. The bytes are the callback's by ref. */
typedef bool (*mail_file_take)(const char *name, GBytes *raw, void *data, GError **error);
/* false with `error`: G_FILE_ERROR for a path that cannot be read, or what `take` said. Mails before it were given. */
bool mail_file_each(const char *path, mail_file_take take, void *data, GError **error);
