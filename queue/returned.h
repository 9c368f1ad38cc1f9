/* returned: a request as it was read, for the sheet that goes back to its sender. */
#pragma once
#include "parsers/facts.h"
#include "queue/db.h"

/* Its rows in the sender's order, each with the verdict that it got here and complaints whose values are whole: identity numbers
 * are not masked, for they stand in a sheet in which they are to be mended. A row whose person has an application already
 * has the complaint `effect_…` with the effect of application.h. facts_request_free. NULL: IO, or NOT_FOUND. */
struct request *returned_read(struct db *db, gint64 request, GError **error);
