/* auto_reply: whether a machine wrote the mail, so that no machine answers it (RFC 3834). */
#pragma once
#include "parsers/mime.h"

enum auto_reply {
	AUTO_REPLY_NO,        /* a person, as far as the mail says */
	AUTO_REPLY_GENERATED, /* a machine, on its own */
	AUTO_REPLY_REPLIED,   /* a machine, in answer to a mail: absence notices, receipts */
};

/* `subject` decoded; NULL: none. */
enum auto_reply auto_reply_find(const struct mime *m, const char *subject);
/* A program says that a letter was shown or deleted (RFC 8098). */
bool auto_reply_is_read_receipt(const struct mime *m);
/* The beginning of `subject` (NULL: none) is one that programs write for absent people. */
bool auto_reply_is_subject(const char *subject);
