/* spool: a pack is whole on the disk before the commit of the rows that name it, and never changes but for what is wiped.
 * A crash leaves at most a file that no row names; the next pack of that name replaces it, or the next start removes it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

static char *path_of(const char *folder, gint64 pack)
{
	g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT, pack);
	return g_build_filename(folder, "spool", name, NULL);
}

/* Long writes at even places: the kernel then takes memory for many pages at once, which is half of what a new file costs. */
static bool write_mails(FILE *file, const GPtrArray *raws)
{
	static char buffer[1 << 18];
	bool ok = setvbuf(file, buffer, _IOFBF, sizeof buffer) == 0;
	for (guint i = 0; ok && i < raws->len; i++) {
		gsize size;
		const char *bytes = g_bytes_get_data(raws->pdata[i], &size);
		ok = fwrite(bytes, 1, size, file) == size;
	}
	return ok && fflush(file) == 0 && fsync(fileno(file)) == 0;
}

static bool write_file(const char *path, const GPtrArray *raws, GError **error)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (file == NULL)
		return fail("make", path, error);
	bool ok = write_mails(file, raws) || fail("write", path, error);
	fclose(file);
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

bool spool_keep(const char *folder, gint64 pack, const GPtrArray *raws, GError **error)
{
	g_autofree char *spool = g_build_filename(folder, "spool", NULL), *path = path_of(folder, pack);
	if (g_mkdir_with_parents(spool, 0700) != 0)
		return fail("make", spool, error);
	return write_file(path, raws, error) && sync_folder(spool, error) && sync_folder(folder, error);
}

bool spool_drop(const char *folder, gint64 pack, GError **error)
{
	g_autofree char *path = path_of(folder, pack);
	return g_unlink(path) == 0 || errno == ENOENT || fail("remove", path, error);
}

GArray *spool_packs(const char *folder)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autofree char *spool = g_build_filename(folder, "spool", NULL);
	g_autoptr(GDir) dir = g_dir_open(spool, 0, NULL);
	const char *name;
	guint64 pack;
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (g_ascii_string_to_unsigned(name, 10, 1, G_MAXINT64, &pack, NULL))
			g_array_append_val(all, pack);
	return all;
}

/* Lost bytes are no fault of the disk's filling up: they say so in the words of a mail that waits for a person. */
static bool lost(const struct spool *s, gint64 pack, const char *why, GError **error)
{
	g_autofree char *path = path_of(s->folder, pack);
	g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_IO, "cannot read the mail in %s: %s", path, why);
	return false;
}

/* The file of the piece, open. False with errno. */
static bool go_to(struct spool *s, gint64 pack, GError **error)
{
	if (s->fd >= 0 && s->pack == pack)
		return true;
	if (!spool_end(s, error))
		return false;
	g_autofree char *path = path_of(s->folder, pack);
	s->pack = pack;
	s->fd = open(path, O_RDWR | O_CLOEXEC);
	return s->fd >= 0 || lost(s, pack, g_strerror(errno), error);
}

static bool read_all(int fd, char *into, const struct piece *p)
{
	for (gint64 got = 0; got < p->length;) {
		ssize_t n = pread(fd, into + got, (gsize)(p->length - got), p->start + got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = ENODATA;
		if (n <= 0)
			return false;
		got += n;
	}
	return true;
}

GBytes *spool_take(struct spool *s, const struct piece *p, GError **error)
{
	if (!go_to(s, p->pack, error))
		return NULL;
	g_autofree char *bytes = g_malloc((gsize)p->length);
	if (!read_all(s->fd, bytes, p)) {
		lost(s, p->pack, g_strerror(errno), error);
		return NULL;
	}
	return g_bytes_new_take(g_steal_pointer(&bytes), (gsize)p->length);
}

bool spool_wipe(struct spool *s, const struct piece *p, GError **error)
{
	static const char zeros[1 << 16];
	g_autofree char *path = path_of(s->folder, p->pack);
	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return true;
	if (!go_to(s, p->pack, error))
		return false;
	s->wiped = true;
	for (gint64 done = 0; done < p->length;) {
		ssize_t n = pwrite(s->fd, zeros, (gsize)MIN(p->length - done, (gint64)sizeof zeros), p->start + done);
		if (n < 0 && errno != EINTR)
			return fail("wipe", path, error);
		done += MAX(n, 0);
	}
	return true;
}

bool spool_end(struct spool *s, GError **error)
{
	bool ok = s->fd < 0 || !s->wiped || fdatasync(s->fd) == 0;
	if (!ok)
		fail("sync", "a wiped mail", error);
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->wiped = false;
	return ok;
}
