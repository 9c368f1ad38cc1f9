/* secret: see the header. A secret that others may read is no secret: it is refused, not used with a warning. */
#include "gateway/secret.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include "gateway/config.h"

enum { KEY_BYTES = 32 };

static bool failed(const char *path, const char *what, int number, GError **error)
{
	g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE, "%s %s%s%s", path, what, number ? ": " : "",
		    number ? g_strerror(number) : "");
	return false;
}

/* The group may read: a service's own group is a usual way to hand a secret over. */
bool secret_private(const char *path, GError **error)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return failed(path, "cannot be read", errno, error);
	if (!S_ISREG(st.st_mode))
		return failed(path, "is no file", 0, error);
	if (st.st_mode & S_IRWXO)
		return failed(path, "may be used by others; it holds a secret: chmod o= it", 0, error);
	if (access(path, R_OK) < 0)
		return failed(path, "cannot be read", errno, error);
	return true;
}

char *secret_line(const char *path, GError **error)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) why = NULL;

	if (!secret_private(path, error))
		return NULL;
	if (!g_file_get_contents(path, &text, NULL, &why)) {
		g_set_error_literal(error, CONFIG_ERROR, CONFIG_ERROR_FILE, why->message);
		return NULL;
	}
	text[strcspn(text, "\r\n")] = '\0';
	if (!*text) {
		failed(path, "has an empty first line", 0, error);
		return NULL;
	}
	return g_steal_pointer(&text);
}

static bool write_key(int fd)
{
	guint8 key[KEY_BYTES];
	bool ok = getrandom(key, sizeof key, 0) == sizeof key && write(fd, key, sizeof key) == sizeof key && fsync(fd) == 0;

	explicit_bzero(key, sizeof key);
	return ok;
}

/* Written aside and linked into place: two first starts at one time end with one key, and a crash leaves none or a whole one. */
static bool make_key(const char *folder, const char *path, GError **error)
{
	g_autofree char *aside = g_strdup_printf("%s.%d", path, (int)getpid());
	int fd, number = 0;

	if (g_mkdir_with_parents(folder, 0700) < 0)
		return failed(folder, "cannot be made", errno, error);
	unlink(aside);
	fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return failed(aside, "cannot be made", errno, error);
	if (!write_key(fd) || (link(aside, path) < 0 && errno != EEXIST))
		number = errno;
	close(fd);
	unlink(aside);
	return !number || failed(path, "cannot be written", number, error);
}

GBytes *secret_token_key(const char *folder, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "token.key", NULL);
	g_autoptr(GError) why = NULL;
	char *key;
	gsize len;

	if (access(path, F_OK) < 0 && !make_key(folder, path, error))
		return NULL;
	if (!secret_private(path, error))
		return NULL;
	if (!g_file_get_contents(path, &key, &len, &why)) {
		g_set_error_literal(error, CONFIG_ERROR, CONFIG_ERROR_FILE, why->message);
		return NULL;
	}
	if (len >= KEY_BYTES)
		return g_bytes_new_take(key, len);
	g_free(key);
	failed(path, "is too short to be a key; without its old content no reply to a letter of ours is known again", 0, error);
	return NULL;
}
