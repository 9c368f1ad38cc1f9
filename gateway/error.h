/* error: every error of every room, and what follows from it.
 *
 * retry: the world's fault, back off. refuse: these bytes or words can never work. halt: nothing works until a person acts.
 */
#pragma once
#include <glib.h>

enum error_class { ERROR_RETRY, ERROR_REFUSE, ERROR_HALT };

struct error_row {
	const char *room; /* queue, net, config, templates */
	const char *name; /* upper case, as in the .def file */
	const char *class, *meaning;
	GQuark (*domain)(void);
	int code;
};

extern const struct error_row error_rows[]; /* ends with a NULL name */
/* An error that has no row (a file that cannot be read, say) is ERROR_RETRY. */
enum error_class error_class_of(const GError *error);
/* Exit status after sysexits: 65 bad data, 69 service down, 75 try again, 78 configuration. */
int error_status(const GError *error);
