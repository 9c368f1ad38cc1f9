/* list_file: see the header. All digests a card's program may use are written down, so that a signature is found by its own. */
#include <string.h>
#include "queue/digest.h"
#include "queue/list_file.h"
#include "queue/sql.h"

static bool read_file(struct db *db, const char *statement, gint64 submission, struct list_file *out, GError **error)
{
	static const struct sql_column columns[] = { { 's', offsetof(struct list_file, name) },
						     { 's', offsetof(struct list_file, format) },
						     { 'b', offsetof(struct list_file, bytes) }, { 0 } };
	GError *failure = NULL;
	*out = (struct list_file){ 0 };
	g_autoptr(sql_t) s = sql_start(db, statement, "i", submission);
	if (sql_next(s, &failure))
		sql_fill(s, columns, out);
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}

bool list_file_plain(struct db *db, gint64 submission, struct list_file *out, GError **error)
{
	if (!read_file(db, "list_file_plain", submission, out, error))
		return false;
	if (out->name != NULL)
		return true;
	g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND, "there is no list L-%" G_GINT64_FORMAT, submission);
	return false;
}

bool list_file_signed(struct db *db, gint64 submission, struct list_file *out, bool *with_list, GError **error)
{
	gint64 detached;
	if (!read_file(db, "list_file_signed", submission, out, error) ||
	    !sql_get(db, &detached, error, "list_file_detached", "i", submission))
		return false;
	*with_list = detached != 0;
	return true;
}

bool list_file_keep(struct db *db, gint64 submission, GBytes *bytes, struct list_file *out, GError **error)
{
	g_autofree char *digests = digest_names(bytes);
	if (!sql_enter(db, error))
		return false;
	bool ok = sql_run(db, error, "list_file_keep", "isb", submission, digests, bytes) >= 0 &&
		list_file_plain(db, submission, out, error);
	return sql_leave(db, ok, error);
}

void list_file_clear(struct list_file *f)
{
	g_clear_pointer(&f->name, g_free);
	g_clear_pointer(&f->format, g_free);
	g_clear_pointer(&f->bytes, g_bytes_unref);
}
