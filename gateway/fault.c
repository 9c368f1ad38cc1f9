/* fault: death on purpose. SIGKILL, because no handler, no buffer and no exit function may soften it. */
#include "gateway/fault.h"
#include <glib.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "gateway/log.h"

enum { MOST_PROCESSES = 64 };

/* Shared by all processes of the gateway, so that the N-th point is the N-th of them all. */
struct fault {
	gint64 wanted;
	bool all;
	_Atomic gint64 reached;
	_Atomic int members;
	_Atomic pid_t pids[MOST_PROCESSES];
};

static struct fault *fault;

void fault_init(void)
{
	const char *text = getenv("NESGATE_FAULT");
	char *end;
	gint64 wanted = text ? g_ascii_strtoll(text, &end, 10) : 0;

	if (fault || wanted <= 0)
		return;
	fault = mmap(NULL, sizeof *fault, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (fault == MAP_FAILED)
		g_error("no shared memory for the fault points");
	fault->wanted = wanted;
	fault->all = g_str_equal(end, ":all");
	fault_join();
}

void fault_join(void)
{
	if (fault)
		fault->pids[atomic_fetch_add(&fault->members, 1) % MOST_PROCESSES] = getpid();
}

/* Ourselves last: a process that is dead kills nobody. Members that ended long ago may leave numbers that others use by
 * now; a test ends within seconds, and only a test sets the variable. */
static void die(void)
{
	for (int i = 0; fault->all && i < MOST_PROCESSES; i++)
		if (fault->pids[i] > 0 && fault->pids[i] != getpid())
			kill(fault->pids[i], SIGKILL);
	kill(getpid(), SIGKILL);
}

void fault_point(const char *name)
{
	gint64 n;

	if (!fault)
		return;
	n = atomic_fetch_add(&fault->reached, 1) + 1;
	if (n != fault->wanted)
		return;
	g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, n);
	log_warning("fault", "point", name, "number", number, NULL);
	die();
}
