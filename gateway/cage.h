/* cage: a process locks itself in: no new descriptor, no network, no child, no program, a limit on memory and time.
 *
 * Held by the kernel (seccomp, setrlimit), so it holds against code of a stranger that runs in the process. What remains is
 * reading and writing the descriptors it has, memory, clocks and its own end. Opening a file fails with EACCES (libraries
 * probe for files and live without); everything else that is not allowed kills the process.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>

struct cage {
	gint64 memory_mib;  /* address space */
	gint64 cpu_seconds; /* of the whole life of the process */
	const int *keep;    /* descriptors that stay open, ascending; all others are closed */
	guint kept;
};

/* There is no way back. false (errno) when the kernel refuses: then nothing of a stranger's may be touched. */
bool cage_enter(const struct cage *c);
