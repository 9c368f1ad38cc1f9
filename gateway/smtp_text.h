/* smtp_text: what is said to a submission server, as bytes (RFC 5321, 1870, 2920, 3461, 6531). Pure. */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>

/* NULL, or why nothing of this leaves: an address with a control character or one that could end it, an empty mail, a bare CR, a
 * bare LF or a NUL in it. */
const char *smtp_text_refusal(const char *from, const char *to, GBytes *mail);

bool smtp_text_is_clean(const char *value); /* no control character; NULL is clean */
bool smtp_text_is_host(const char *host);   /* it may become part of a URL */

/* The code of one line of an answer; -1: it is none. */
int smtp_text_code(const char *line, gsize n);
/* What the server can do, by one line of its answer to EHLO; 0: nothing that is used here. */
enum smtp_ability { SMTP_PIPELINING = 1, SMTP_SIZE = 2, SMTP_UTF8 = 4, SMTP_DSN = 8 };
guint smtp_text_ability(const char *line, gsize n);

/* MAIL, RCPT and DATA, each with its CRLF; the caller's. A domain in other than ASCII letters is sent in its ASCII form. A
 * report is to give back the header only, as letters speak of people, and to name the recipient whom we wrote to. */
struct smtp_commands { char *lines[3]; };
struct smtp_commands smtp_text_commands(const char *from, const char *to, gsize size, guint abilities);
void smtp_text_commands_clear(struct smtp_commands *c);

enum { SMTP_DOT = 3 }; /* bytes of the final dot and its CRLF */
/* The mail with its dots doubled and the final dot's line behind it. */
GString *smtp_text_body(GBytes *mail);
