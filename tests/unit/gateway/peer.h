/* peer: starts and stops the scripted servers of tests/peer for one test, and makes the test certificates
 * once a program. */
#pragma once
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct peer { GPid pid; guint port; char *log; };

static char *peer_folder;

/* Whatever hangs ends here: SIGALRM kills the test program, which counts as a failure. */
static inline void peer_setup(unsigned seconds)
{
	alarm(seconds);
	peer_folder = g_dir_make_tmp("nesgate-test-XXXXXX", NULL);
	g_autofree char *command = g_strdup_printf("tests/pki/make %s/pki", peer_folder);
	if (system(command) != 0) /* the folder is ours, without blanks */
		g_error("tests/pki/make failed");
}

static inline void peer_teardown(void)
{
	g_autofree char *command = g_strdup_printf("rm -rf %s", peer_folder);
	if (system(command) != 0)
		g_printerr("%s is left behind\n", peer_folder);
	g_clear_pointer(&peer_folder, g_free);
}

static inline char *peer_file(const char *name)
{
	return g_build_filename(peer_folder, "pki", name, NULL);
}

static inline struct peer peer_start(const char *program, const char *security, const char *mode)
{
	static guint serial;
	struct peer p = {.log = g_strdup_printf("%s/log-%u", peer_folder, ++serial)};
	g_autofree char *pki = g_build_filename(peer_folder, "pki", NULL);
	char *argv[] = {(char *)"/usr/bin/python3", (char *)"-BWignore", (char *)program, pki,
		(char *)security, (char *)mode, p.log, NULL};
	int out;
	g_autoptr(GError) error = NULL;
	if (!g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &p.pid, NULL,
		    &out, NULL, &error))
		g_error("%s: %s", program, error->message);
	char line[16] = "";
	for (gsize n = 0; n < sizeof line - 1 && !strchr(line, '\n'); n++)
		if (read(out, line + n, 1) != 1)
			g_error("%s %s says no port", program, mode);
	close(out);
	p.port = (guint)atoi(line);
	return p;
}

/* Everything that clients sent to it, when it has been stopped. */
static inline char *peer_stop(struct peer *p)
{
	char *sent = NULL;
	kill(p->pid, SIGKILL);
	waitpid(p->pid, NULL, 0);
	if (!g_file_get_contents(p->log, &sent, NULL, NULL))
		sent = g_strdup("");
	g_clear_pointer(&p->log, g_free);
	return sent;
}
