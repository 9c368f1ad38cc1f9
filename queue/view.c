/* view: each view is a statement that gives one JSON object a row; this file only knows their names and keys. */
#include <string.h>
#include "queue/sql.h"
#include "queue/view.h"

static const struct view {
	const char *name, *statement;
	const char *one; /* the key names one thing of this kind, which must be there */
	bool whole;      /* the key may be an id of several kinds: it keeps its letter */
	const char *more; /* a second statement, whose rows come behind */
} views[] = {
	{ "status", "view_status" }, { "list", "view_list", NULL, true, "view_pending" },
	{ "pending", "view_pending", "pending item", true },
	{ "show", "view_show", "application" }, { "request", "view_request", "request" },
	{ "submission", "view_submission", "list" }, { "letter", "view_letter", "letter" },
	{ "outbox", "view_outbox" }, { "journal", "view_journal", NULL, true }, { "inbox", "view_inbox" },
	{ "dispositions", "view_dispositions" }, { "lists", "view_lists" },
	{ "forecast", "view_forecast" }, { "silent", "view_silent" }, { "twice", "view_twice" },
};

static const struct view *find(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(views); i++)
		if (strcmp(views[i].name, name) == 0)
			return &views[i];
	return NULL;
}

/* Ids are shown as A-7 and taken as A-7 or 7. */
static const char *without_prefix(const char *key)
{
	return key && g_ascii_isalpha(key[0]) && key[1] == '-' && g_ascii_isdigit(key[2]) ? key + 2 : key;
}

static bool not_found(GError **error, const char *what, const char *name)
{
	g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND, "there is no %s %s", what, name ? name : "without an id");
	return false;
}

struct lines { void (*line)(const char *json, void *data); void *data; guint rows; };

static bool run(struct db *db, const char *statement, const char *key, struct lines *l, GError **error)
{
	GError *failure = NULL;
	g_autoptr(sql_t) s = sql_start(db, statement, "s", key);
	for (; sql_next(s, &failure); l->rows++)
		l->line(sql_text(s, 0), l->data);
	if (failure != NULL)
		g_propagate_error(error, failure);
	return failure == NULL;
}

bool view_each(struct db *db, const char *view, const char *key, void (*line)(const char *json, void *data), void *data,
	       GError **error)
{
	struct lines l = { line, data, 0 };
	const struct view *v = find(view);
	if (v == NULL)
		return not_found(error, "view", view);
	const char *wanted = v->whole ? key : without_prefix(key);
	if (!run(db, v->statement, wanted, &l, error) || (v->more && !run(db, v->more, wanted, &l, error)))
		return false;
	return l.rows > 0 || !v->one || not_found(error, v->one, key);
}
