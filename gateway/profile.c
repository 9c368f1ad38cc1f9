/* profile: sums in shared memory, because a reader that is killed tells nothing at its end. */
#include "gateway/profile.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include "gateway/log.h"

#define NAME(N, n) #n,
static const char *const names[] = { PROFILE_STAGES(NAME) };
#undef NAME

struct sum { _Atomic gint64 ns, times; };
static struct sum *sums; /* NULL: not asked for */

void profile_init(void)
{
	if (sums || !getenv("NESGATE_PROFILE"))
		return;
	sums = mmap(NULL, sizeof *sums * G_N_ELEMENTS(names), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (sums == MAP_FAILED)
		g_error("no shared memory for the profile");
}

gint64 profile_begin(void)
{
	struct timespec t;

	if (!sums)
		return 0;
	/* Not the process's clock: where a limit of CPU time is set, as on readers, that one stands still between two ticks. */
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * G_GINT64_CONSTANT(1000000000) + t.tv_nsec;
}

void profile_end(enum profile_stage stage, gint64 begun, guint times)
{
	if (!sums)
		return;
	atomic_fetch_add(&sums[stage].ns, profile_begin() - begun);
	atomic_fetch_add(&sums[stage].times, times);
}

void profile_log(void)
{
	for (guint i = 0; sums && i < G_N_ELEMENTS(names); i++) {
		g_autofree char *us = g_strdup_printf("%" G_GINT64_FORMAT, sums[i].ns / 1000);
		g_autofree char *times = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)sums[i].times);

		log_event("profile", "stage", names[i], "us", us, "times", times, NULL);
	}
}
