/* main: the door. Everything that a test can call lies behind command_main. */
#include "gateway/command.h"
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* Every mail makes and frees a few large pieces. By itself glibc gives them back to the kernel each time and pays for every page
 * anew at the next mail: a tenth of all CPU time. What is kept is bounded; only what is very large is given back at once. */
static void keep_memory(void)
{
	mallopt(M_TRIM_THRESHOLD, 8 << 20);
	mallopt(M_MMAP_THRESHOLD, 4 << 20);
	mallopt(M_TOP_PAD, 256 << 10);
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN); /* first of all: a write to a closed TLS peer would end the process */
	setenv("TZ", "UTC0", 1);  /* libraries that ask for local time get UTC; */
	tzset();                  /* the first time that is asked, a file of that name is looked for: not by a reader */
	keep_memory();
	return command_main(argc, argv);
}
