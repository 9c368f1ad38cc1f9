/* view: what people and programs look at: each view is a statement in sql/statements.sql whose columns are its shape.
 *
 * Rows come out as JSON objects (identity numbers masked), one line each, made by SQLite itself.
 */
#pragma once
#include "queue/db.h"

/* `view`: status, list (what waits on managers, too), pending, show, request, submission, outbox, journal, inbox, lists, letter,
 * dispositions, forecast; and what there must be none of (`simulate` asks): silent, an open application that nothing is expected of; twice,
 * a letter owed more than once with the same meaning. `key` is the id or filter of the view, NULL: none.
 * Calls `line` for each row with one line of JSON. false with `error` on NOT_FOUND or IO. */
bool view_each(struct db *db, const char *view, const char *key, void (*line)(const char *json, void *data), void *data,
	       GError **error);
