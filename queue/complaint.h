/* complaint: what parsers complain of, in the two shapes that are kept. Internal to the queue. */
#pragma once
#include "parsers/facts.h"

/* As letters and views say it, values that may be identity numbers masked: [{"complaint","where","value","read"}…]; `read` is
 * what a mended value of the row was taken for, else "". `row` and `more` (a code of the queue's own) may be NULL. */
char *complaint_list(const GPtrArray *complaints, const struct request_row *row, const char *more);
/* With the cells as they were written, in the shape of facts_append_complaints: for the sender's own sheet, where what must be
 * mended must be seen whole. */
char *complaint_written(const GPtrArray *complaints, const char *more);
/* Is there a complaint whose code begins with this, and which is not only about something that was mended? */
bool complaint_about(const struct request_row *row, const char *prefix);
