/* again: a row about somebody who has an application already: the same, changed, too late to change, or asked for by another
 * unit too. Internal to the queue.
 *
 * What a row does not give is no change. Another unit's row changes nothing: whose application it is decides, and the office.
 */
#pragma once
#include "queue/application.h"

/* asked->application is given; the rest of it is filled in. With `updated` the application has the row's facts, and will have
 * those that the row lacks when the row is stored (again_keep). */
bool again_weigh(const struct act *a, const struct asking *asking, struct asked *asked, GError **error);
/* The row just stored, which `updated` an application, gets the facts that it does not give from the row before it. */
bool again_keep(const struct act *a, gint64 row, gint64 before, GError **error);
/* The managers whose people another unit asks for with this form hear of it, each in one letter. */
bool again_tell(const struct act *a, const struct form *form, GError **error);
