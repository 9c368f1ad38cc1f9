/* mail_file: see the header. An mbox is read line by line, so its size does not matter; a mail's bytes are kept as they are
 * in the file, line ends too.
 */
#include "gateway/mail_file.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

struct walk { const char *name; mail_file_take take; void *data; };

static bool begins(const char *line, size_t len, const char *word)
{
	return len >= strlen(word) && !memcmp(line, word, strlen(word));
}

static bool is_blank(const char *line, size_t len)
{
	return (len == 1 && line[0] == '\n') || (len == 2 && line[0] == '\r' && line[1] == '\n');
}

static bool is_quoted_from(const char *line, size_t len)
{
	size_t marks = 0;

	while (marks < len && line[marks] == '>')
		marks++;
	return marks && begins(line + marks, len - marks, "From ");
}

/* The blank line before the next "From " is the mbox's, not the mail's. */
static bool give(struct walk *w, GByteArray **mail, bool blank_is_ours, GError **error)
{
	g_autoptr(GBytes) raw = NULL;
	guint len = (*mail)->len;

	if (blank_is_ours && len && (*mail)->data[len - 1] == '\n')
		g_byte_array_set_size(*mail, len - (len > 1 && (*mail)->data[len - 2] == '\r' ? 2 : 1));
	raw = g_byte_array_free_to_bytes(*mail);
	*mail = g_byte_array_new();
	return w->take(w->name, raw, w->data, error);
}

static bool mbox(struct walk *w, FILE *in, GError **error)
{
	GByteArray *mail = g_byte_array_new();
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	bool good = true, blank = true, first = true;

	while (good && (n = getline(&line, &size, in)) > 0) {
		size_t len = (size_t)n;

		if (blank && begins(line, len, "From ")) {
			good = first || give(w, &mail, true, error);
			first = blank = false;
			continue;
		}
		blank = is_blank(line, len);
		len = is_quoted_from(line, len) ? len - 1 : len;
		g_byte_array_append(mail, (guint8 *)line + ((size_t)n - len), (guint)len);
	}
	good = good && give(w, &mail, blank, error);
	g_byte_array_unref(mail);
	free(line);
	return good;
}

static bool whole(struct walk *w, GError **error)
{
	g_autoptr(GBytes) raw = NULL;
	char *bytes = NULL;
	gsize len;

	if (!g_file_get_contents(w->name, &bytes, &len, error))
		return false;
	raw = g_bytes_new_take(bytes, len);
	return w->take(w->name, raw, w->data, error);
}

static bool file(struct walk *w, GError **error)
{
	char head[5] = "";
	FILE *in = fopen(w->name, "rb");
	bool good;

	if (!in) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", w->name, g_strerror(errno));
		return false;
	}
	if (fread(head, 1, sizeof head, in) == sizeof head && begins(head, sizeof head, "From ")) {
		rewind(in);
		good = mbox(w, in, error);
	} else {
		good = whole(w, error);
	}
	fclose(in);
	return good;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* `ending` NULL: every file. Names that begin with a dot are no mails (Maildir). */
static bool folder(struct walk *w, const char *path, const char *ending, GError **error)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, error);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const char *name;
	bool good = dir != NULL;

	while (dir && (name = g_dir_read_name(dir)))
		if (name[0] != '.' && (!ending || g_str_has_suffix(name, ending)))
			g_ptr_array_add(names, g_build_filename(path, name, NULL));
	g_ptr_array_sort(names, by_name);
	for (guint i = 0; good && i < names->len; i++) {
		w->name = g_ptr_array_index(names, i);
		good = ending ? file(w, error) : whole(w, error);
	}
	return good;
}

static bool maildir(struct walk *w, const char *path, GError **error)
{
	g_autofree char *new = g_build_filename(path, "new", NULL), *cur = g_build_filename(path, "cur", NULL);

	return folder(w, cur, NULL, error) && folder(w, new, NULL, error);
}

bool mail_file_each(const char *path, mail_file_take take, void *data, GError **error)
{
	struct walk w = { path, take, data };
	g_autofree char *cur = g_build_filename(path, "cur", NULL);

	if (!g_file_test(path, G_FILE_TEST_IS_DIR))
		return file(&w, error);
	if (g_file_test(cur, G_FILE_TEST_IS_DIR))
		return maildir(&w, path, error);
	return folder(&w, path, ".eml", error);
}
