/* cmd_run: the gateway itself. */
#include <stdio.h>
#include "gateway/command.h"
#include "gateway/daemon.h"

static const struct command_option options[] = {
	{ "once", NULL, "until nothing is left to do, then end; 75 when a server was down" },
	{ 0 }
};

static int run(struct command_context *c, int argc, char **argv)
{
	struct daemon_options o = {
		.config = &c->config,
		.config_path = c->config_path,
		.once = command_value(c, "once") != NULL,
	};
	GError *error = NULL;
	int status = daemon_run(&o, &error);

	return error ? command_fail(error) : status;
}

const struct command cmd_run = {
	.name = "run", .arguments = "", .help = "Runs the gateway: fetches, reads, decides, signs and sends",
	.needs = NEEDS_CONFIG, .run = run, .options = options,
};
