/* returned: see the header. What is stored is what a caged reader said, so its complaints are read as strictly as they were at
 * first.
 */
#include <string.h>
#include "queue/returned.h"
#include "queue/sql.h"

#define ROW(type, member) { type, offsetof(struct request_row, member) }
static const struct sql_column columns[] = {
	ROW('s', where), ROW('s', tckn), ROW('s', given_name), ROW('s', family_name), ROW('s', birth_date), ROW('s', email),
	ROW('s', phone), ROW('s', unit), ROW('s', title), ROW('s', staff_no), ROW('s', kind), ROW('s', reader), ROW('f', backup),
	ROW('i', years), ROW('s', expires), ROW('s', note), { 0 },
};
enum { VERDICT = G_N_ELEMENTS(columns) - 1, WRITTEN, EFFECT };

static enum row_verdict verdict_of(const char *word)
{
	for (int i = 0; facts_row_verdicts[i]; i++)
		if (strcmp(facts_row_verdicts[i], word) == 0)
			return (enum row_verdict)i;
	return ROW_REFUSED;
}

static bool fill_complaints(struct request_row *row, const char *written, GError **error)
{
	g_autofree char *json = g_strdup_printf("{\"complaints\":%s}", written);
	g_autoptr(facts_t) f = facts_from_json(json, strlen(json), error);
	if (f == NULL)
		return false;
	while (f->complaints->len > 0)
		g_ptr_array_add(row->complaints, g_ptr_array_steal_index(f->complaints, 0));
	return true;
}

static bool fill(struct request *r, struct sql *s, GError **error)
{
	struct request_row *row = facts_request_add(r);
	const char *written = sql_text(s, WRITTEN), *effect = sql_text(s, EFFECT);
	sql_fill(s, columns, row);
	row->verdict = verdict_of(sql_text(s, VERDICT));
	if (written != NULL && !fill_complaints(row, written, error))
		return false;
	if (effect != NULL) {
		g_autofree char *code = g_strconcat("effect_", effect, NULL);
		facts_complain(row->complaints, code, NULL, NULL);
	}
	return true;
}

static bool fill_form(struct request *r, struct db *db, gint64 request, GError **error)
{
	static const struct sql_column form[] = {
		{ 's', offsetof(struct request, unit) }, { 's', offsetof(struct request, ticket) },
		{ 's', offsetof(struct request, form) }, { 0 },
	};
	GError *failure = NULL;
	g_autoptr(sql_t) s = sql_start(db, "returned_form", "i", request);
	if (sql_next(s, &failure)) {
		sql_fill(s, form, r);
		return true;
	}
	if (failure == NULL)
		g_set_error(&failure, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND, "there is no request T-%" G_GINT64_FORMAT, request);
	g_propagate_error(error, failure);
	return false;
}

struct request *returned_read(struct db *db, gint64 request, GError **error)
{
	struct request *r = facts_request_new();
	GError *failure = NULL;
	g_autoptr(sql_t) s = fill_form(r, db, request, &failure) ? sql_start(db, "returned_rows", "i", request) : NULL;
	while (s != NULL && failure == NULL && sql_next(s, &failure))
		fill(r, s, &failure);
	if (failure == NULL)
		return r;
	g_propagate_error(error, failure);
	facts_request_free(r);
	return NULL;
}
