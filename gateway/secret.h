/* secret: files that hold secrets: passwords, tokens, keys. Errors are CONFIG_ERROR_FILE with the path in the sentence. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* Is this a file that we may read and others may not? */
bool secret_private(const char *path, GError **error);
/* First line, without its end; never empty. Free with g_free. */
char *secret_line(const char *path, GError **error);
/* The 32 bytes of `folder`/token.key, made with mode 0600 when missing; the folder is made with 0700. */
GBytes *secret_token_key(const char *folder, GError **error);
