/* token: the code in a letter that makes its answer believable: `NG-<letter id>-<16 base32 characters>` in the subject,
 * `<ng-<letter id>-<the same, lower case>@own_domain>` as Message-ID. HMAC-SHA-256 (RFC 2104) over all that it binds,
 * cut to 80 bits; base32 of RFC 4648.
 */
#pragma once
#include "queue/gate.h"

enum { TOKEN_CODE_SIZE = 17 };

/* The code of this letter. */
void token_code(GBytes *key, const struct bound *bound, char code[TOKEN_CODE_SIZE]);
char *token_subject(gint64 letter, const char *code);
char *token_message_id(gint64 letter, const char *code, const char *own_domain);

/* Takes `NG-…` or `<ng-…@…>` of either case apart. false: not one of ours. Says nothing about its truth. */
bool token_split(const char *text, gint64 *letter, char code[TOKEN_CODE_SIZE]);
/* Constant time. */
bool token_matches(GBytes *key, const struct bound *bound, const char *code);
