/* error_rows: every error of every room, for exit statuses and `nesgate explain`.
 *
 * The class says what helps: retry (the world's fault: later), refuse (these bytes can never work), halt (a person must act).
 */
#pragma once
#include <glib.h>

struct error_row {
	const char *room;  /* queue, net, config, templates */
	const char *name;  /* upper case, as in the .def file */
	const char *class, *meaning;
	GQuark (*domain)(void);
	int code;
};

extern const struct error_row error_rows[]; /* ends with a NULL name */
/* NULL: an error of a library or of the system. */
const struct error_row *error_rows_find(const GError *error);
/* Exit status after sysexits. */
int error_rows_exit(const GError *error);
