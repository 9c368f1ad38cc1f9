/* seal: an owed letter becomes the signed bytes that go out: rendered, composed, signed. There is no way around the signature. */
#pragma once
#include "gateway/config.h"
#include "queue/outbox.h"
#include "templates/catalog.h"

struct sealer;
/* Opens the signing key. NULL: KEY, CONFIG_ERROR, TEMPLATE_ERROR. `c` must outlive it. */
struct sealer *sealer_open(const struct config *c, gint64 now, GError **error);
void sealer_close(struct sealer *s);
/* KEY when the certificate is over by now: then no letter is to blame, and none may be spoilt. */
bool sealer_ready(const struct sealer *s, gint64 now, GError **error);
/* The whole mail, CRLF. `db` is asked for the people of a list, and for the rows of a form that goes back. */
GBytes *seal_letter(const struct sealer *s, struct db *db, const struct letter *l, gint64 now, GError **error);
/* Is this a multipart/signed mail? The last look before bytes are kept, and again before they go. */
bool seal_is_signed(GBytes *mail);
