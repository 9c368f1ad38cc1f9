/* list_file: the file of a list, made once and kept for ever, and the same with the officer's signature.
 *
 * The sheet is written outside of the queue, when its first letter is sealed; what was kept first is the list's file from
 * then on, so that what an officer signs, what KAMU SM gets and what is shown later are the same bytes.
 */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>
#include "queue/db.h"

typedef struct list_file {
	char *name;    /* "L-3.xlsx"; of the signed one "L-3.xlsx.p7s", "L-3.pdf" */
	char *format;  /* xlsx, csv; NULL: of the signed one */
	GBytes *bytes; /* NULL: not made yet; or not signed */
} list_file_t;

/* The list itself. NOT_FOUND. */
bool list_file_plain(struct db *db, gint64 submission, struct list_file *out, GError **error);
/* What the officer sent: the file alone (`*with_list`: it needs the list's own beside it); bytes NULL: there is none. */
bool list_file_signed(struct db *db, gint64 submission, struct list_file *out, bool *with_list, GError **error);
/* `bytes` become the list's file, unless it has one: then that stays, and `out` holds what is kept. */
bool list_file_keep(struct db *db, gint64 submission, GBytes *bytes, struct list_file *out, GError **error);
void list_file_clear(struct list_file *f);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(list_file_t, list_file_clear)
