/* command: one row a command; the dispatcher opens what the row needs, the command does not.
 *
 * Exit status after sysexits: 0, 64 usage, 65 bad data, 69 service down, 75 try again, 78 configuration.
 */
#pragma once
#include "gateway/config.h"
#include "queue/db.h"

enum command_needs { NEEDS_NOTHING = 0, NEEDS_CONFIG = 1, NEEDS_DB_READ = 3, NEEDS_DB_WRITE = 5 };

struct command_context {
	struct config *config;  /* NULL unless needed */
	struct db *db;          /* NULL unless needed */
	const char *config_path;
	bool json;              /* --json */
	const char *by, *note;  /* --by (default: the login name), --note */
	gint64 now;
};

struct command {
	const char *name, *arguments, *help; /* help: one sentence */
	enum command_needs needs;
	int (*run)(struct command_context *c, int argc, char **argv); /* argv[0] is the command's name */
};

#define COMMAND(symbol) extern const struct command symbol;
#include "gateway/commands.def"
#undef COMMAND
extern const struct command *const command_table[]; /* ends with NULL */

/* Prints the error as one sentence on stderr and gives the exit status of its class. Takes the error. */
int command_fail(GError *error);
