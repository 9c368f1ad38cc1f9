/* start: see the header. */
#include "gateway/start.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>
#include "gateway/clock.h"
#include "gateway/log.h"
#include "gateway/seal.h"
#include "gateway/smtp.h"
#include "queue/db.h"
#include "queue/outbox.h"
#include "queue/trouble.h"

enum { LOCK_WAIT_MS = 10000, LOCK_STEP_US = 20000, SENTENCE_MOST = 1000, ANY_HOLDER = -1, KEY_TRIES = 3, SOON_OVER = 30 * 86400 };

/* The supervisor has blocked these signals and hears them later. */
static bool told_to_stop(void)
{
	sigset_t waiting;

	return sigpending(&waiting) == 0 && (sigismember(&waiting, SIGTERM) || sigismember(&waiting, SIGINT));
}

/* The last processes of a gateway that was killed may still be finishing a letter: a while is waited for them. */
static int take_lock(const struct config *c, GError **error)
{
	g_autofree char *path = g_build_filename(c->data, "nesgate.lock", NULL);
	gint64 until = clock_monotonic_ms() + LOCK_WAIT_MS;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0) {
		g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE, "%s: %s", path, g_strerror(errno));
		return -1;
	}
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (clock_monotonic_ms() < until && !told_to_stop()) {
			g_usleep(LOCK_STEP_US);
			continue;
		}
		g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_BUSY, "another nesgate runs on %s", c->data);
		close(fd);
		return -1;
	}
	return fd;
}

static bool prepare_queue(const struct config *c, GError **error)
{
	struct db *db = db_open(c->data, DB_WRITE, error);
	bool ok = db && outbox_recover(db, ANY_HOLDER, clock_now(), error) && trouble_over(db, NULL, error);

	db_close(db);
	return ok;
}

/* The child: silence, or one byte for the code and the sentence. */
static G_GNUC_NORETURN void try_key(const struct config *c, int fd)
{
	GError *why = NULL;
	struct sealer *s = sealer_open(c, clock_now(), &why);
	g_autofree char *line = NULL;

	if (s)
		_exit(sealer_ready(s, clock_now() + SOON_OVER, NULL) ? 0 : 1);
	line = g_strndup(why->message, SENTENCE_MOST);
	if (write(fd, line, strlen(line)) < 0)
		_exit(2);
	_exit(2);
}

/* How the child ended; its sentence. */
static int run_child(const struct config *c, char sentence[SENTENCE_MOST + 1])
{
	int ends[2], how = 0;
	gssize n;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0 || (pid = fork()) < 0)
		g_error("no process to try the key in: %m");
	if (pid == 0)
		try_key(c, ends[1]);
	close(ends[1]);
	n = TEMP_FAILURE_RETRY(read(ends[0], sentence, SENTENCE_MOST));
	close(ends[0]);
	TEMP_FAILURE_RETRY(waitpid(pid, &how, 0));
	sentence[MAX(n, 0)] = '\0';
	return how;
}

/* A child that is killed has said nothing about the key. */
bool start_check_key(const struct config *c, GError **error)
{
	char sentence[SENTENCE_MOST + 1];
	int how = run_child(c, sentence);

	for (guint i = 1; i < KEY_TRIES && WIFSIGNALED(how); i++)
		how = run_child(c, sentence);
	if (WIFEXITED(how) && WEXITSTATUS(how) <= 1) {
		if (WEXITSTATUS(how))
			log_warning("certificate_ends_soon", "file", c->sign_certificate, NULL);
		return true;
	}
	g_set_error_literal(error, CONFIG_ERROR, CONFIG_ERROR_SETTING, *sentence ? sentence : "the signing key cannot be tried");
	return false;
}

int start_prepare(const struct config *c, GError **error)
{
	int lock;

	if (!smtp_library_ok()) {
		g_set_error_literal(error, CONFIG_ERROR, CONFIG_ERROR_SETTING,
				    "the libcurl found is not the OpenSSL one; install libcurl4");
		return -1;
	}
	lock = take_lock(c, error);
	if (lock >= 0 && prepare_queue(c, error) && start_check_key(c, error))
		return lock;
	if (lock >= 0)
		close(lock);
	return -1;
}
