/* main: the door. Everything that a test can call lies behind command_main. */
#include "gateway/command.h"
#include <signal.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN); /* first of all: a write to a closed TLS peer would end the process */
	setenv("TZ", "UTC0", 1);  /* libraries that ask for local time get UTC, and look at no file for it in the cage */
	return command_main(argc, argv);
}
