/* main: the door. Everything that a test can call lies behind command_main. */
#include "gateway/command.h"
#include <signal.h>

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN); /* first of all: a write to a closed TLS peer would end the process */
	return command_main(argc, argv);
}
