/* session: the two servers as the settings name them. Secrets are read here, at every login, and wiped after it. */
#pragma once
#include "gateway/config.h"
#include "gateway/imap.h"
#include "gateway/smtp.h"

/* The mailbox's name in the ledger (struct mailbox): user@host. Free with g_free. */
char *session_account(const struct config *c);
/* Logged in, no folder selected. `cancel_fd`: -1 or a descriptor that ends every wait. NULL: CONFIG_ERROR or NET_ERROR. */
struct imap *session_imap(const struct config *c, int cancel_fd, GError **error);
/* Connects with the first mail or smtp_probe. */
struct smtp *session_smtp(const struct config *c, GError **error);
