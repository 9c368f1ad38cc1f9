/* log: one event, one line on stderr, one write(2): `time level process event key=value …`.
 *
 * Values with blanks are quoted; control characters escaped; runs of 11 digits that may be identity numbers are masked always,
 * whoever logs them. Pairs come as alternating const char * key, value, ended by NULL; a NULL value skips its pair.
 */
#pragma once
#include <glib.h>
void log_process(const char *name); /* fetcher, keeper, reader, postman, run */
/* What GLib and its friends would print goes through this log, too: they speak of strangers' bytes. */
void log_libraries(void);
void log_event(const char *event, ...) G_GNUC_NULL_TERMINATED;
void log_warning(const char *event, ...) G_GNUC_NULL_TERMINATED;
void log_error(const char *event, const GError *error, ...) G_GNUC_NULL_TERMINATED;
