/* subject: what mail programs put before a subject: "Ynt:", "Re[2]:", "İlt:". */
#pragma once

/* By the first of them: a forward of a reply is a forward. */
enum subject_prefix { SUBJECT_NONE, SUBJECT_REPLY, SUBJECT_FORWARD };

/* `subject` may be NULL. */
enum subject_prefix subject_prefix(const char *subject);
