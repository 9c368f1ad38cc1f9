/* context: what a letter says, as JSON for its template. Internal to the queue.
 *
 * A statement context_NAME gives one row: recipient, Message-ID to refer to, version, and from there on the members of the
 * object, each under its column's name. A name that ends in ? is a truth value, one in = is JSON as it stands.
 * A statement context_NAME_rows gives the objects of its list in the same way.
 */
#pragma once
#include "queue/sql.h"

typedef struct context { char *to, *message_id; gint64 version; char *json; } context_t;

/* `head` is a started statement and is ended. `rows`: another one for the member `list`, or NULL. NOT_FOUND: no row. */
bool context_read(struct context *c, struct sql *head, struct sql *rows, const char *list, GError **error);
void context_clear(struct context *c);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(context_t, context_clear)
