/* daemon: the supervisor of `nesgate run`. It forks fetcher, keeper and postmen, starts anew what dies, tells systemd, and ends
 * everything when told to or when an error needs a person. It holds no session, no database and no key.
 */
#pragma once
#include "gateway/config.h"

struct daemon_options {
	struct config **config;  /* replaced by SIGHUP */
	const char *config_path;
	bool once;               /* until nothing is left to do */
};
/* Gives the exit status: 0, or 75 when with `once` a server was down, or that of the error that ended the run; or the
 * run could not begin: `error` is set. */
int daemon_run(const struct daemon_options *o, GError **error);
