/* paper: the week in which a paper came in does not decide which post takes it, but whether that post has gone: what the registry
 * says on Monday about Friday's parcel must not sweep in what came on Monday.
 */
#include <string.h>
#include "queue/application.h"
#include "queue/calendar.h"
#include "queue/letter.h"
#include "queue/paper.h"
#include "queue/sql.h"

/* ---- weeks ---- */

/* The last working day of the present week, or of the next once its work is over. */
static gint64 week(const struct act *a)
{
	const struct calendar *c = a->policy->calendar;
	gint64 end = calendar_week_end(c, calendar_day(a->now));
	while (a->now >= calendar_closing(c, end))
		end = calendar_week_end(c, end - calendar_weekday(end) + 7);
	return end;
}

/* The working day so many before the week's last one, but a day of the same week. */
static gint64 manifest_day(const struct act *a, gint64 end)
{
	gint64 monday = end - calendar_weekday(end), found = end, left = a->policy->manifest_days;
	for (gint64 day = end - 1; left > 0 && day >= monday; day--)
		if (calendar_working(a->policy->calendar, day)) {
			found = day;
			left--;
		}
	return found;
}

const struct member *paper_collector(const struct act *a)
{
	const char *by = a->policy->paper_by;
	const struct member *registry = directory_first(a->policy->directory, "registry", a->now);
	if (g_strcmp0(by, "applicant") == 0)
		return NULL;
	if (registry != NULL && g_strcmp0(by, "office") != 0)
		return registry;
	return directory_first(a->policy->directory, "officer", a->now);
}

bool paper_manifest_due(const struct act *a, char closes_on[11])
{
	gint64 end = week(a);
	gint64 at = manifest_day(a, end) * CALENDAR_DAY - CALENDAR_OFFSET + a->policy->manifest_hour * 3600;
	calendar_iso(end, closes_on);
	return a->now >= at && paper_collector(a) != NULL;
}

/* ---- the week's post ---- */

bool paper_catch(const struct act *a, gint64 application, GError **error)
{
	char closes_on[11];
	gint64 gone, end = week(a);
	for (;; end = calendar_week_end(a->policy->calendar, end - calendar_weekday(end) + 7)) {
		calendar_iso(end, closes_on);
		if (!sql_get(a->db, &gone, error, "paper_gone", "s", closes_on))
			return false;
		if (!gone)
			break;
	}
	return sql_run(a->db, error, "paper_add", "s", closes_on) >= 0 &&
		sql_run(a->db, error, "paper_catch", "is", application, closes_on) >= 0;
}

bool paper_manifest(const struct act *a, const char *closes_on, bool *did, GError **error)
{
	gint64 wanted, batch;
	if (!sql_get(a->db, &wanted, error, "paper_wanted", "s", closes_on))
		return false;
	if (!wanted)
		return true;
	*did = true;
	return sql_run(a->db, error, "paper_add", "s", closes_on) >= 0 &&
		sql_get(a->db, &batch, error, "paper_batch", "s", closes_on) &&
		letter_owe_manifest(a, paper_collector(a)->address, batch, error);
}

/* ---- what the collector answers ---- */

struct listed { gint64 application; const char *state; bool in_post; };

/* Who stands in the letter, and who is in its post by now. */
static GArray *listed(const struct act *a, gint64 letter, GError **error)
{
	GError *failure = NULL;
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct listed));
	g_autoptr(sql_t) s = sql_start(a->db, "paper_listed", "i", letter);
	while (sql_next(s, &failure)) {
		const struct state *state = workflow_state(sql_text(s, 1));
		struct listed one = { sql_int(s, 0), state ? state->name : "", sql_int(s, 2) != 0 };
		g_array_append_val(all, one);
	}
	if (failure == NULL)
		return g_steal_pointer(&all);
	g_propagate_error(error, failure);
	return NULL;
}

static bool meant(const struct paper_word *said, const struct listed *one)
{
	if (said->people == NULL)
		return one->in_post;
	for (guint i = 0; i < said->people->len; i++)
		if (g_array_index(said->people, gint64, i) == one->application)
			return true;
	return false;
}

static bool move(const struct act *a, const struct paper_word *said, const struct listed *one, guint *moved, GError **error)
{
	struct moved step;
	if (workflow_edge(one->state, said->event, a->role) == NULL)
		return true;
	if (said->cargo_no && sql_run(a->db, error, "application_cargo", "is", one->application, said->cargo_no) < 0)
		return false;
	if (!application_step(a, one->application, said->event, &step, error))
		return false;
	*moved += step.edge != NULL;
	return true;
}

bool paper_answer(const struct act *a, const struct paper_word *said, guint *moved, const char **reason, GError **error)
{
	gint64 gone;
	bool posted = strcmp(said->event, "posted") == 0;
	*moved = 0;
	g_autoptr(GArray) all = listed(a, said->letter, error);
	if (all == NULL || !sql_get(a->db, &gone, error, "paper_letter_gone", "i", said->letter))
		return false;
	*reason = gone || !posted ? "already" : "paper_none";
	if (posted && gone && said->people == NULL)
		return true;
	for (guint i = 0; i < all->len; i++) {
		const struct listed *one = &g_array_index(all, struct listed, i);
		if (meant(said, one) && !move(a, said, one, moved, error))
			return false;
	}
	return !posted || *moved == 0 || sql_run(a->db, error, "paper_post", "isi", said->letter, said->cargo_no, a->now) >= 0;
}
