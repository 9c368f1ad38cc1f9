/* submission: made once from what is approved, accounted for once its letter is known to be with the server.
 *
 * `asked` is the officer's letter and proves nothing; only `letter`, KAMU SM's, moves people. So a list that waits for a
 * signature has no letter, and it has one as soon as the signed file is there.
 */
#include <string.h>
#include "queue/application.h"
#include "queue/calendar.h"
#include "queue/context.h"
#include "queue/journal.h"
#include "queue/letter.h"
#include "queue/sql.h"
#include "queue/submission.h"

/* ---- when ---- */

/* A list day that is free is made up for on the next working day. */
static bool is_list_day(const struct policy *p, gint64 day)
{
	if (!calendar_working(p->calendar, day))
		return false;
	do {
		if (p->list_days & 1u << calendar_weekday(day))
			return true;
	} while (!calendar_working(p->calendar, --day));
	return false;
}

gint64 submission_closes(const struct policy *p, gint64 now)
{
	enum { LONGEST = 30 }; /* days without a list day: a week, and the longest feast with its leave */
	gint64 last = calendar_last_hour(now, p->list_hour);
	if (p->list_days == 0)
		return now;
	for (int i = 0; i < LONGEST; i++, last -= CALENDAR_DAY)
		if (is_list_day(p, calendar_day(last)))
			return last;
	return 0;
}

/* ---- making ---- */

static bool add_people(const struct act *a, gint64 submission, const GArray *people, GError **error)
{
	for (guint i = 0; i < people->len; i++) {
		gint64 application = g_array_index(people, gint64, i);
		struct moved moved;
		if (sql_run(a->db, error, "submission_item_add", "iii", submission, (gint64)i + 1, application) < 0 ||
		    sql_run(a->db, error, "application_list", "ii", application, submission) < 0 ||
		    !application_step(a, application, "list", &moved, error))
			return false;
	}
	return true;
}

/* One letter about a list. `mark`: the statement that writes it down with the list; NULL: none. */
struct about_list { const char *name, *to, *mark, *why, *answer; };

static bool owe(const struct act *a, gint64 submission, const struct about_list *l, GError **error)
{
	gint64 letter;
	g_auto(context_t) c = { 0 };
	if (!context_read(&c, sql_start(a->db, "context_list", "isss", submission, l->why, l->answer, NULL), NULL, NULL, error) ||
	    !letter_next(a, &letter, error))
		return false;
	struct owed owed = { .name = l->name, .to = l->to, .id = letter, .submission = submission };
	return letter_owe(a, &owed, c.json, error) &&
		(l->mark == NULL || sql_run(a->db, error, l->mark, "ii", submission, letter) >= 0);
}

static const char *officer_of(const struct act *a)
{
	const struct member *officer = directory_first(a->policy->directory, "officer", a->now);
	return officer ? officer->address : NULL;
}

static bool owe_first(const struct act *a, gint64 submission, GError **error)
{
	static const struct about_list letters[] = {
		[SUBMISSION_GATEWAY_SIGNED] = { .name = "ca_list", .mark = "submission_letter" },
		[SUBMISSION_OFFICER_SIGNED] = { .name = "list_to_sign", .mark = "submission_ask" },
		[SUBMISSION_PORTAL] = { .name = "list_for_portal", .mark = "submission_ask" },
	};
	struct about_list letter = letters[a->policy->submission];
	letter.to = a->policy->submission == SUBMISSION_GATEWAY_SIGNED ? a->policy->ca_address : officer_of(a);
	return owe(a, submission, &letter, error);
}

static bool make(const struct act *a, gint64 closes, gint64 *made, GError **error)
{
	*made = 0;
	if (a->policy->submission != SUBMISSION_GATEWAY_SIGNED && officer_of(a) == NULL)
		return true;
	g_autoptr(GArray) people = sql_get_ids(a->db, error, "submission_approved", "i", closes);
	if (people == NULL || people->len == 0)
		return people != NULL;
	if (sql_run(a->db, error, "submission_add", "is", a->now, a->policy->list_format ?: "xlsx") < 0)
		return false;
	*made = sql_last_id(a->db);
	return add_people(a, *made, people, error) && owe_first(a, *made, error);
}

/* A letter that failed, or an officer who is another today. */
bool submission_again(const struct act *a, gint64 submission, GError **error)
{
	gint64 there, failed;
	bool waits;
	struct about_list letter = { .name = "ca_list", .to = a->policy->ca_address, .mark = "submission_letter" };
	if (!sql_get(a->db, &there, error, "submission_exists", "i", submission) ||
	    !sql_get(a->db, &failed, error, "submission_stuck", "i", submission) ||
	    !submission_waits(a, submission, &waits, error))
		return false;
	if (failed)
		return owe(a, submission, &letter, error);
	if (waits && officer_of(a) != NULL && a->policy->submission != SUBMISSION_GATEWAY_SIGNED)
		return owe_first(a, submission, error);
	g_set_error(error, QUEUE_ERROR, there ? QUEUE_ERROR_REFUSED : QUEUE_ERROR_NOT_FOUND,
		    there ? "L-%" G_GINT64_FORMAT " is on its way or sent, or nobody is officer today"
			  : "there is no list L-%" G_GINT64_FORMAT, submission);
	return false;
}

bool submission_make(const struct act *a, gint64 *made, GError **error)
{
	return make(a, submission_closes(a->policy, a->now), made, error);
}

bool submission_make_now(const struct act *a, gint64 *made, GError **error)
{
	return make(a, a->now, made, error);
}

/* ---- the officer's part ---- */

bool submission_waits(const struct act *a, gint64 submission, bool *waits, GError **error)
{
	gint64 open;
	if (!sql_get(a->db, &open, error, "submission_open", "i", submission))
		return false;
	*waits = open != 0;
	return true;
}

bool submission_sign(const struct act *a, gint64 submission, const struct signature_kept *file, GError **error)
{
	struct act gateway = act_by_gateway(a), told = *a;
	struct about_list letter = { .name = "ca_list", .to = a->policy->ca_address, .mark = "submission_letter" };
	gsize size;
	g_autofree guchar *decoded = g_base64_decode(file->bytes, &size);
	g_autoptr(GBytes) bytes = g_bytes_new(decoded, size);
	g_autofree char *note = g_strdup_printf("L-%" G_GINT64_FORMAT, submission);
	told.note = note;
	return sql_run(a->db, error, "list_file_sign", "isisbi", submission, file->ending, (gint64)file->detached, file->digests,
		       bytes, a->mail) >= 0 &&
		journal_add(&told, "list_signed", &(struct about){ 0 }, error) && owe(&gateway, submission, &letter, error);
}

/* Someone may have been withdrawn by hand after the list went: then there is no edge, and nothing is owed to him. */
bool submission_done(const struct act *a, gint64 submission, guint *moved, GError **error)
{
	g_autoptr(GArray) people = sql_get_ids(a->db, error, "submission_people", "i", submission);
	if (people == NULL || sql_run(a->db, error, "submission_sent", "ii", submission, a->now) < 0)
		return false;
	for (guint i = 0; i < people->len; i++) {
		struct moved step;
		if (!application_step(a, g_array_index(people, gint64, i), "submit", &step, error))
			return false;
	}
	*moved = people->len;
	return true;
}

/* ---- what became of its letter ---- */

bool submission_account(const struct act *a, bool *did, GError **error)
{
	g_autoptr(GArray) lists = sql_get_ids(a->db, error, "submission_delivered", "");
	guint moved;
	for (guint i = 0; lists && i < lists->len; i++) {
		if (!submission_done(a, g_array_index(lists, gint64, i), &moved, error))
			return false;
		*did = true;
	}
	return lists != NULL;
}

/* Where nobody is officer today it is not tried again: `status` shows the letter. */
bool submission_alarm(const struct act *a, gint64 submission, const char *why, const char *answer, GError **error)
{
	struct about_list letter = { .name = "list_failed", .to = officer_of(a), .why = why, .answer = answer };
	return sql_run(a->db, error, "submission_alarmed", "ii", submission, a->now) >= 0 &&
		(letter.to == NULL || owe(a, submission, &letter, error));
}

bool submission_doubt(const struct act *a, gint64 submission, gint64 *letter, GError **error)
{
	return sql_get(a->db, letter, error, "submission_doubt", "i", submission);
}

static bool ask_about(const struct act *a, gint64 submission, GError **error)
{
	struct about_list letter = { .name = "list_uncertain", .to = officer_of(a) };
	return sql_run(a->db, error, "submission_alarmed", "ii", submission, a->now) >= 0 &&
		(letter.to == NULL || owe(a, submission, &letter, error));
}

struct failed { gint64 submission; char *answer; bool uncertain; };

static bool next_failed(const struct act *a, struct failed *f, GError **error)
{
	GError *failure = NULL;
	g_autoptr(sql_t) s = sql_start(a->db, "submission_failed", "i", a->now - a->policy->uncertain_seconds);
	if (sql_next(s, &failure)) {
		f->submission = sql_int(s, 0);
		f->answer = g_strdup(sql_text(s, 1));
		f->uncertain = strcmp(sql_text(s, 2), "uncertain") == 0;
	}
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}

bool submission_alarms(const struct act *a, bool *did, GError **error)
{
	for (;;) {
		struct failed f = { 0 };
		if (!next_failed(a, &f, error))
			return false;
		g_autofree char *answer = f.answer;
		if (f.submission == 0)
			return true;
		*did = true;
		if (!(f.uncertain ? ask_about(a, f.submission, error) : submission_alarm(a, f.submission, "refused", answer, error)))
			return false;
	}
}
