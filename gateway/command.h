/* command: one row a command; the dispatcher reads the options and opens what the row needs, the command does not.
 *
 * Exit status after sysexits: 0, 64 usage, 65 bad data, 69 service down, 75 try again, 78 configuration.
 * Results go to stdout, everything else to stderr.
 */
#pragma once
#include "gateway/config.h"
#include "queue/db.h"

enum command_needs { NEEDS_NOTHING = 0, NEEDS_CONFIG = 1, NEEDS_DB_READ = 3, NEEDS_DB_WRITE = 5 };

/* `argument` NULL: a switch; one that ends with ... may be given several times, and its values are joined by commas. The table
 * ends with a NULL name. */
struct command_option { const char *name, *argument, *help; };

struct command_context {
	struct config *config;  /* NULL unless needed */
	struct db *db;          /* NULL unless needed */
	const char *config_path;
	bool json;              /* --json */
	const char *by, *note;  /* --by (default: the login name), --note */
	gint64 now;
	const struct command *command;
	GPtrArray *values;      /* const char *, one for each row of command->options; see command_value */
	bool config_named;      /* -c or $NESGATE_CONFIG was given */
};

enum { COMMAND_ANY = -1 };

struct command {
	const char *name, *arguments, *help; /* help: one sentence */
	enum command_needs needs;
	int (*run)(struct command_context *c, int argc, char **argv); /* argv[0] is the command's name, then operands only */
	const struct command_option *options; /* NULL: only the global ones */
	int least, most;                      /* operands; most may be COMMAND_ANY */
};

#define COMMAND(symbol) extern const struct command symbol;
#include "gateway/commands.def"
#undef COMMAND
extern const struct command *const command_table[]; /* ends with NULL */

extern const struct command_option command_globals[]; /* taken by every command */

/* The whole program but for the signal in main.c. Gives the exit status. */
int command_main(int argc, char **argv);
/* NULL: there is none. */
const struct command *command_find(const char *name);
/* The option as given: its argument, "" for a switch, NULL when not given. A name that the row lacks aborts. */
const char *command_value(const struct command_context *c, const char *option);
/* --at, or now; false after a sentence on stderr when it is no time. For commands with that option. */
bool command_at(const struct command_context *c, gint64 *at);
/* Opens what is not open yet; for commands that need it only with some operands. */
bool command_open(struct command_context *c, enum command_needs needs, GError **error);
/* The number of "A-7" with letter 'A', of "7" with letter 0; case does not matter. 0: not of that form. */
gint64 command_id(const char *text, char letter);
/* Prints the error as one sentence on stderr and gives the exit status of its class. Takes the error. */
int command_fail(GError *error);
/* "there is no A-7" on stderr; gives 65. */
int command_missing(const char *id);
/* A sentence about how the command was called, with its usage line; gives 64. */
int command_usage(const struct command_context *c, const char *format, ...) G_GNUC_PRINTF(2, 3);
