/* cage_test: what a stranger's code in the cage tries, and what comes of it. Each act has a process of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "gateway/cage.h"

static int ends[2];

/* Each gives an errno, or 0 when it could do what it must not. */
static int open_file(void)     { return open("/etc/passwd", O_RDONLY) < 0 ? errno : 0; }
static int make_file(void)     { return open("/tmp/cage_test", O_WRONLY | O_CREAT, 0600) < 0 ? errno : 0; }
static int look_file(void)     { return access("/etc/passwd", R_OK) < 0 ? errno : 0; }
static int make_socket(void)   { return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0; }
static int make_child(void)    { return fork() < 0 ? errno : 0; }
static int run_program(void)   { return execl("/bin/true", "true", (char *)NULL) < 0 ? errno : 0; }
static int kill_parent(void)   { return kill(getppid(), 0) < 0 ? errno : 0; }
static int look_into(void)     { return ptrace(PTRACE_ATTACH, getppid(), 0, 0) < 0 ? errno : 0; }
static int copy_fd(void)       { return dup(ends[1]) < 0 ? errno : 0; }
static int own_code(void)      { return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno : 0; }
static int turn_to_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(p, 4096, PROT_READ | PROT_EXEC) < 0 ? errno : 0;
}
static int new_limits(void)    { return (int)syscall(SYS_setrlimit, 0, NULL) < 0 ? errno : 0; }
#ifndef __SANITIZE_ADDRESS__ /* the sanitizer needs terabytes of address space */
static int much_memory(void)
{
	void *p = mmap(NULL, 200 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? errno : 0;
}
#endif
static int other_fd(void)      { return write(ends[0] + 40, "x", 1) < 0 ? errno : 0; } /* was open before the cage */
static int endless(void)
{
	for (volatile int go = 1; go;)
		;
	return 0;
}
static int abort_self(void)    { abort(); }
static int allowed_work(void)
{
	char *p = malloc(1 << 20);

	memset(p, 1, 1 << 20);
	free(p);
	return write(ends[1], "x", 1) == 1 ? EXDEV : 0; /* EXDEV stands for: well */
}

static const struct act {
	const char *name;
	int (*run)(void);
	int error;   /* errno it must get, or */
	int signal;  /* signal it must die of */
} acts[] = {
	{ "allowed work", allowed_work, EXDEV, 0 },
	{ "open a file", open_file, EACCES, 0 },
	{ "make a file", make_file, EACCES, 0 },
	{ "look for a file", look_file, EACCES, 0 },
	{ "socket", make_socket, 0, SIGSYS },
	{ "fork", make_child, 0, SIGSYS },
	{ "run a program", run_program, 0, SIGSYS },
	{ "kill", kill_parent, 0, SIGSYS },
	{ "ptrace", look_into, 0, SIGSYS },
	{ "dup", copy_fd, 0, SIGSYS },
	{ "memory to execute", own_code, 0, SIGSYS },
	{ "turn memory to code", turn_to_code, 0, SIGSYS },
	{ "set limits", new_limits, 0, SIGSYS },
	{ "a descriptor not kept", other_fd, EBADF, 0 },
	{ "abort", abort_self, 0, SIGSYS },
	{ "endless loop", endless, 0, SIGXCPU },
#ifndef __SANITIZE_ADDRESS__
	{ "much memory", much_memory, ENOMEM, 0 },
#endif
};

static int act_in_cage(const struct act *a)
{
	int keep[] = { STDERR_FILENO, ends[1] }, how = 0;
	struct cage cage = { .memory_mib = 128, .cpu_seconds = 1, .keep = keep, .kept = 2 };
	pid_t pid = fork();

	if (pid == 0) {
		dup2(ends[1], ends[0] + 40);
		if (!cage_enter(&cage))
			_exit(255);
		_exit(a->run());
	}
	waitpid(pid, &how, 0);
	return how;
}

static void holds(void **state)
{
	assert_int_equal(pipe(ends), 0);
	for (gsize i = 0; i < G_N_ELEMENTS(acts); i++) {
		int how = act_in_cage(&acts[i]);
		bool well = acts[i].signal ? WIFSIGNALED(how) && WTERMSIG(how) == acts[i].signal
					   : WIFEXITED(how) && WEXITSTATUS(how) == acts[i].error;

		if (!well)
			fail_msg("%s: ended with %x", acts[i].name, (unsigned)how);
	}
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
