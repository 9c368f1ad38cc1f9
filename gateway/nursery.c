/* nursery: see the header. A reader is handed over as its process descriptor: its number may be another's by the time it is used. */
#include "gateway/nursery.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "gateway/cage.h"
#include "gateway/fault.h"
#include "gateway/log.h"
#include "gateway/smime_file.h"

enum { BENCHES = 16, BENCH_BYTES = 4096, SOCKET_BYTES = 4 << 20, CPU_SPARE = 10, END_MS = 1000 };

struct nursery {
	int control;
	pid_t pid;
	char *benches; /* BENCHES pages */
	struct config *config;
	int (*serve)(const struct reader_work *w);
	struct reader_work work; /* the nursery's own side */
};

/* One byte of message and one descriptor beside it. */
union passage {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static bool send_fd(int socket, guint8 byte, int fd)
{
	union passage aside = { 0 };
	struct iovec piece = { &byte, 1 };
	struct msghdr m = { .msg_iov = &piece, .msg_iovlen = 1, .msg_control = aside.bytes, .msg_controllen = sizeof aside };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	return TEMP_FAILURE_RETRY(sendmsg(socket, &m, MSG_NOSIGNAL)) == 1;
}

static bool take_fd(int socket, guint8 *byte, int *fd)
{
	union passage aside = { 0 };
	struct iovec piece = { byte, 1 };
	struct msghdr m = { .msg_iov = &piece, .msg_iovlen = 1, .msg_control = aside.bytes, .msg_controllen = sizeof aside };
	struct cmsghdr *c;

	if (TEMP_FAILURE_RETRY(recvmsg(socket, &m, MSG_CMSG_CLOEXEC)) != 1)
		return false;
	c = CMSG_FIRSTHDR(&m);
	if (!c || c->cmsg_type != SCM_RIGHTS)
		return false;
	memcpy(fd, CMSG_DATA(c), sizeof *fd);
	return true;
}

static bool read_table(const char *path, char **text, GError **error)
{
	g_autoptr(GError) why = NULL;

	if (!path || g_file_get_contents(path, text, NULL, &why))
		return true;
	g_set_error_literal(error, CONFIG_ERROR, CONFIG_ERROR_FILE, why->message);
	return false;
}

/* Reads one mail of each kind of work, so that whatever a library opens at its first use is open before the cage. */
static void warm_up(struct reader_work *w)
{
	static const char mail[] =
		"From: a@example.test\r\nTo: b@example.test\r\nSubject: =?iso-8859-9?Q?=FEi?= =?windows-1254?B?3Q==?=\r\n"
		"Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=b\r\n\r\n"
		"--b\r\nContent-Type: text/plain; charset=iso-8859-9\r\nContent-Transfer-Encoding: base64\r\n\r\n/ug=\r\n"
		"--b\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\nMAA=\r\n--b--\r\n";
	static const char form[] =
		"From: a@example.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
		"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>a</p>\r\n"
		"--b\r\nContent-Type: application/octet-stream; name=a.xlsx\r\n\r\nPK\r\n"
		"--b\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n%PDF-1.4\r\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\r\n"
		"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\r\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\r\n"
		"trailer<</Root 1 0 R>>\r\n--b--\r\n";

	facts_free(reader_facts(w, mail, sizeof mail - 1, 0));
	facts_free(reader_facts(w, form, sizeof form - 1, 0));
}

static bool prepare(struct nursery *n, GError **error)
{
	const struct config *c = n->config;
	g_autofree char *rules = NULL, *headings = NULL;
	const char *own[] = { c->own_domain, NULL };
	struct limits limits = config_limits(c);
	GError *why = NULL;

	if (!read_table(c->ca_rules, &rules, error) || !read_table(c->headings, &headings, error))
		return false;
	struct reader_options o = {
		.limits = &limits, .rules = rules, .headings = headings, .authserv_id = c->authserv_id, .own_domains = own,
		.mail_domains = (const char *const *)c->mail_domains, .ca_domains = (const char *const *)c->ca_domains,
	};
	n->work.reader = reader_new(&o, &why);
	if (!n->work.reader) {
		g_set_error_literal(error, CONFIG_ERROR, CONFIG_ERROR_FILE, why->message);
		g_clear_error(&why);
		return false;
	}
	n->work.anchors = anchors_load(c->anchors, error);
	if (n->work.anchors && c->officer_anchors)
		n->work.officers = smime_file_anchors(c->officer_anchors, error);
	return n->work.anchors && !c->officer_anchors == !n->work.officers;
}

static G_GNUC_NORETURN void live_caged(struct nursery *n, guint bench, int fd)
{
	int keep[] = { STDERR_FILENO, fd };
	struct cage cage = {
		.memory_mib = n->config->reader_mib, .keep = keep, .kept = G_N_ELEMENTS(keep),
		.cpu_seconds = n->work.seconds + n->config->reader_seconds + CPU_SPARE,
	};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "nesgate:reader");
	log_process("reader");
	n->work.fd = fd;
	n->work.bench = (struct bench *)(n->benches + bench * BENCH_BYTES);
	for (guint i = 0; i < BENCHES; i++)
		if (i != bench) /* what another reader is at is none of its business */
			munmap(n->benches + i * BENCH_BYTES, BENCH_BYTES);
	if (!cage_enter(&cage)) {
		log_error("cage_refused", NULL, "reason", g_strerror(errno), NULL);
		_exit(1);
	}
	_exit(n->serve(&n->work));
}

static G_GNUC_NORETURN void live(struct nursery *n)
{
	guint8 bench;
	int fd, pidfd;
	pid_t pid;

	while (take_fd(n->control, &bench, &fd)) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			; /* the dead wait here until the next birth: their CPU time is to be counted */
		pid = fork();
		if (pid == 0)
			live_caged(n, bench, fd);
		pidfd = pid > 0 ? pidfd_open(pid, 0) : -1;
		close(fd);
		if (pidfd < 0 || !send_fd(n->control, bench, pidfd))
			_exit(1);
		close(pidfd);
	}
	while (waitpid(-1, NULL, 0) > 0)
		; /* they end when the keeper closes their sockets */
	_exit(0);
}

/* The token key goes before any library is asked for anything; what else the keeper may hold does not exist yet. */
static G_GNUC_NORETURN void begin(struct nursery *n, pid_t parent)
{
	sigset_t none;
	struct bench spare = { 0 };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "nesgate:nursery");
	if (getppid() != parent)
		_exit(1);
	config_forget(n->config);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGTERM, SIG_IGN); /* it ends with the keeper, after the mails in hand */
	signal(SIGCHLD, SIG_DFL);
	fault_join();
	log_process("nursery");
	log_libraries();
	n->work.bench = &spare;
	n->work.seconds = n->config->reader_seconds;
	n->work.mails = READER_MAILS;
	warm_up(&n->work);
	live(n);
}

/* What is wrong with tables and anchors is said by the keeper, which prepares them too, and nothing of a stranger meets them
 * there; the preparation is then inherited by the nursery. */
struct nursery *nursery_start(struct config *c, int (*serve)(const struct reader_work *w), GError **error)
{
	struct nursery *n = g_new0(struct nursery, 1);
	pid_t parent = getpid();
	int ends[2];

	n->config = c;
	n->serve = serve;
	n->control = -1;
	if (!prepare(n, error)) {
		nursery_stop(n);
		return NULL;
	}
	n->benches = mmap(NULL, BENCHES * BENCH_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (n->benches == MAP_FAILED || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		g_error("no memory or socket for the nursery: %m");
	n->pid = fork();
	if (n->pid < 0)
		g_error("fork: %m");
	if (n->pid == 0) {
		close(ends[0]);
		n->control = ends[1];
		begin(n, parent);
	}
	close(ends[1]);
	n->control = ends[0];
	return n;
}

/* It ends when nobody can ask it any more and its readers have ended; a reader that does not is killed with it. */
static void end_nursery(struct nursery *n)
{
	int pidfd = pidfd_open(n->pid, 0);
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	if (pidfd < 0 || poll(&end, 1, END_MS) <= 0)
		kill(n->pid, SIGKILL);
	if (pidfd >= 0)
		close(pidfd);
	waitpid(n->pid, NULL, 0);
}

void nursery_stop(struct nursery *n)
{
	if (!n)
		return;
	if (n->control >= 0)
		close(n->control);
	if (n->pid > 0)
		end_nursery(n);
	if (n->benches && n->benches != MAP_FAILED)
		munmap(n->benches, BENCHES * BENCH_BYTES);
	reader_free(n->work.reader);
	anchors_free((struct anchors *)n->work.anchors);
	anchors_free((struct anchors *)n->work.officers);
	g_free(n);
}

int nursery_fd(const struct nursery *n)
{
	return n->control;
}

/* A large buffer lets several mails wait at the reader, so that it never idles. The system may give less. */
static void widen(int fd)
{
	int bytes = SOCKET_BYTES;

	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) < 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes) < 0)
		log_warning("socket_buffer", "reason", g_strerror(errno), NULL);
}

bool nursery_fork(struct nursery *n, guint bench, struct child *out)
{
	int ends[2];
	guint8 byte;
	bool ok;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	widen(ends[0]);
	widen(ends[1]);
	out->fd = ends[0];
	out->bench = (struct bench *)(n->benches + bench * BENCH_BYTES);
	out->bench->current = 0;
	ok = send_fd(n->control, (guint8)bench, ends[1]);
	close(ends[1]);
	ok = ok && take_fd(n->control, &byte, &out->pidfd);
	if (!ok)
		close(ends[0]);
	return ok;
}
