/* spool: a file is complete under its name or not there: written beside, fsynced, renamed, the folder fsynced.
 * A crash leaves at most a `.part` file, which the next write of the same mail replaces, or a file no row names.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <glib/gstdio.h>
#include "queue/spool.h"

static bool fail(const char *doing, const char *path, GError **error)
{
	int e = errno;
	bool full = e == ENOSPC || e == EDQUOT || e == EFBIG;
	g_set_error(error, QUEUE_ERROR, full ? QUEUE_ERROR_FULL : QUEUE_ERROR_IO, "cannot %s %s: %s", doing, path,
		    full ? "the disk is full" : g_strerror(e));
	return false;
}

static char *path_of(const char *folder, const char *name)
{
	return g_build_filename(folder, "spool", name, NULL);
}

static bool write_all(int fd, GBytes *raw)
{
	gsize left;
	const char *at = g_bytes_get_data(raw, &left);
	while (left > 0) {
		ssize_t n = write(fd, at, left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		at += n;
		left -= (gsize)n;
	}
	return true;
}

static bool write_file(const char *path, GBytes *raw, GError **error)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail("make", path, error);
	bool ok = write_all(fd, raw) && fsync(fd) == 0;
	if (!ok)
		fail("write", path, error);
	close(fd);
	if (!ok)
		g_unlink(path);
	return ok;
}

static bool sync_folder(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;
	if (!ok)
		fail("sync", path, error);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool spool_keep(const char *folder, const char *sha256, GBytes *raw, GError **error)
{
	g_autofree char *part_name = g_strconcat(sha256, ".part", NULL);
	g_autofree char *spool = path_of(folder, ""), *path = path_of(folder, sha256), *part = path_of(folder, part_name);
	if (g_mkdir_with_parents(spool, 0700) != 0)
		return fail("make", spool, error);
	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		if (!write_file(part, raw, error))
			return false;
		if (g_rename(part, path) != 0)
			return fail("rename", part, error);
	}
	return sync_folder(spool, error) && sync_folder(folder, error);
}

bool spool_drop(const char *folder, const char *sha256, GError **error)
{
	g_autofree char *path = path_of(folder, sha256);
	return g_unlink(path) == 0 || errno == ENOENT || fail("remove", path, error);
}

GBytes *spool_take(const char *folder, const char *sha256, GError **error)
{
	g_autofree char *path = path_of(folder, sha256);
	GError *failure = NULL;
	g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, &failure);
	if (file != NULL)
		return g_mapped_file_get_bytes(file);
	g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_IO, "cannot read the mail in %s: %s", path, failure->message);
	g_error_free(failure);
	return NULL;
}
