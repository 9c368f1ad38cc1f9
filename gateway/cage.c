/* cage: see the header. The list of system calls was made by running the reader over the corpora of the tests, then cut. */
#include "gateway/cage.h"
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { STACK_MIB = 8 };

#ifdef __SANITIZE_ADDRESS__
/* Its shadow memory is terabytes of address space, and its reports need more calls. */
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

static const int allowed[] = {
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(write), SCMP_SYS(writev),
	SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(futex),
	SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(restart_syscall),
	SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getrandom), SCMP_SYS(getpid),
	SCMP_SYS(gettid), SCMP_SYS(sched_yield), SCMP_SYS(lseek), SCMP_SYS(fstat),
};

/* What libraries ask for and do without: a charset module, a time zone, a provider. */
static const int refused[] = {
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(stat),
	SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd),
	SCMP_SYS(ioctl), SCMP_SYS(fcntl), SCMP_SYS(prlimit64), SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(sched_getaffinity),
};

static const int sanitizers[] = {
	SCMP_SYS(sigaltstack), SCMP_SYS(rt_sigaction), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
	SCMP_SYS(prctl), SCMP_SYS(close),
};

static bool limit(int what, rlim_t value)
{
	struct rlimit both = { value, value };

	return setrlimit(what, &both) == 0;
}

static bool limits(const struct cage *c)
{
	/* RLIMIT_CPU: the soft limit's SIGXCPU ends us; the hard one only stands behind it. */
	struct rlimit cpu = { (rlim_t)c->cpu_seconds, (rlim_t)c->cpu_seconds + 1 };

	if (!SANITIZED && !limit(RLIMIT_AS, (rlim_t)c->memory_mib << 20))
		return false;
	return limit(RLIMIT_STACK, (rlim_t)STACK_MIB << 20) && setrlimit(RLIMIT_CPU, &cpu) == 0 && limit(RLIMIT_FSIZE, 0) &&
	       limit(RLIMIT_CORE, 0) && limit(RLIMIT_NPROC, 0) && limit(RLIMIT_NOFILE, 0) && limit(RLIMIT_MEMLOCK, 0);
}

static bool close_others(const struct cage *c)
{
	unsigned first = 0;

	for (guint i = 0; i < c->kept; i++) {
		if ((unsigned)c->keep[i] > first && close_range(first, (unsigned)c->keep[i] - 1, 0) < 0)
			return false;
		first = (unsigned)c->keep[i] + 1;
	}
	return close_range(first, ~0U, 0) == 0;
}

static int add_all(scmp_filter_ctx filter, uint32_t action, const int *calls, gsize n)
{
	int bad = 0;

	for (gsize i = 0; i < n && !bad; i++)
		bad = seccomp_rule_add(filter, action, calls[i], 0);
	return bad;
}

/* Memory may be asked for, but none that can be executed, and none of a file. */
static int add_memory(scmp_filter_ctx filter)
{
	int bad = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
				   SCMP_CMP(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
				   SCMP_CMP(3, SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS));

	return bad ? bad : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
					    SCMP_CMP(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

static bool filter_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int bad = filter ? 0 : -ENOMEM;

	if (!bad)
		bad = add_all(filter, SCMP_ACT_ALLOW, allowed, G_N_ELEMENTS(allowed));
	if (!bad)
		bad = add_all(filter, SCMP_ACT_ERRNO(EACCES), refused, G_N_ELEMENTS(refused));
	if (!bad && SANITIZED)
		bad = add_all(filter, SCMP_ACT_ALLOW, sanitizers, G_N_ELEMENTS(sanitizers));
	if (!bad)
		bad = add_memory(filter);
	if (!bad)
		bad = seccomp_load(filter);
	seccomp_release(filter);
	errno = -bad;
	return !bad;
}

bool cage_enter(const struct cage *c)
{
	/* Not dumpable: no other process of the same user may look into this one or steer it. */
	return close_others(c) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	       limits(c) && filter_calls();
}
