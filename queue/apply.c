/* apply: the frame around one mail: what it is a copy of, whose word it is, which part knows its kind, the last word.
 *
 * Doubles are found before anybody is asked: a copy of a mail, or of a letter of our own, says nothing new, except that a
 * letter whose answer was lost did arrive.
 */
#include <string.h>
#include "queue/apply.h"
#include "queue/apply_inside.h"
#include "queue/brake.h"
#include "queue/calendar.h"
#include "queue/expectation.h"
#include "queue/forget.h"
#include "queue/journal.h"
#include "queue/sql.h"
#include "queue/submission.h"

static bool (*const parts[])(struct apply *, GError **) = {
	[KIND_REQUEST] = apply_request_mail,   [KIND_CA_NOTICE] = apply_notice_mail, [KIND_REPLY] = apply_reply_mail,
	[KIND_BOUNCE] = apply_bounce_mail,     [KIND_AUTO_REPLY] = apply_other_mail, [KIND_FEEDBACK_REPORT] = apply_other_mail,
	[KIND_SIGNED_LIST] = apply_other_mail, [KIND_OTHER] = apply_other_mail,      [KIND_UNREADABLE] = apply_other_mail,
};

bool apply_says(struct apply *a, const char *disposition, const char *reason)
{
	a->disposition = disposition;
	a->reason = reason;
	return true;
}

struct row { bool stored, copy; };

static bool read_row(struct apply *a, struct row *row, GError **error)
{
	GError *failure = NULL;
	g_autoptr(sql_t) s = sql_start(a->act.db, "mail_row", "i", a->act.mail);
	if (sql_next(s, &failure)) {
		row->stored = sql_int(s, 0) != 0;
		a->too_large = sql_int(s, 1) == 1;
		a->withheld = sql_int(s, 1) > 1;
		row->copy = sql_int(s, 2) != 0;
		return true;
	}
	if (failure == NULL)
		g_set_error(&failure, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND, "there is no mail M-%" G_GINT64_FORMAT, a->act.mail);
	g_propagate_error(error, failure);
	return false;
}

/* What a letter named anywhere in the mail proves is noted even when the speaker may not move anything. */
static bool take_bound(struct apply *a, const char *text, GError **error)
{
	bool found;
	struct bound b = { 0 };
	if (!letter_bound(&a->act, text, &b, &found, error))
		return false;
	if (!found)
		return true;
	bool ok = letter_evidence(&a->act, b.letter, "an answer to it", error);
	/* The subject comes first, then what lies further back in the thread: the first that awaits an answer is meant. */
	if (!a->has_bound || (*a->bound.answers == '\0' && *b.answers != '\0')) {
		letter_bound_clear(&a->bound);
		a->bound = b;
		a->has_bound = true;
	} else {
		letter_bound_clear(&b);
	}
	return ok;
}

static bool find_bound(struct apply *a, GError **error)
{
	enum { MOST = 8 };
	const struct facts *f = a->facts;
	for (guint i = 0; f->reply && i < MIN(f->reply->tokens->len, MOST); i++)
		if (!take_bound(a, f->reply->tokens->pdata[i], error))
			return false;
	return take_bound(a, f->in_reply_to, error);
}

static bool own_copy(struct apply *a, bool *own, GError **error)
{
	struct bound b = { 0 };
	if (!letter_bound(&a->act, a->facts->message_id, &b, own, error))
		return false;
	bool ok = !*own || letter_evidence(&a->act, b.letter, "a copy in our mailbox", error);
	letter_bound_clear(&b);
	return ok;
}

static bool too_large(struct apply *a, GError **error)
{
	if (a->speaker.member == NULL || a->speaker.role == NULL)
		return apply_says(a, "waits_for_person", "too_large");
	return apply_other_not_read(a, "too_large", error) &&
		(strcmp(a->disposition, "answered") != 0 || apply_says(a, "too_large", "too_large"));
}

/* Only people are answered, so only they can be answered too often. */
static bool answerable(const struct apply *a, bool *many, GError **error)
{
	*many = false;
	return a->speaker.role == NULL || strcmp(a->speaker.role, "ca") == 0 ||
		brake_too_many(&a->act, a->facts->from, a->facts->subject, many, error);
}

static bool by_speaker(struct apply *a, GError **error)
{
	bool many;
	if (!find_bound(a, error))
		return false;
	a->speaker = gate_decide(a->facts, a->act.policy, a->has_bound ? &a->bound : NULL, a->act.now);
	if (a->speaker.role != NULL)
		a->act.role = a->speaker.role;
	a->act.strength = a->speaker.strength;
	a->act.by_name = a->facts->from;
	if (a->withheld)
		return apply_says(a, "waits_for_person", "withheld");
	if (!answerable(a, &many, error))
		return false;
	if (many)
		return apply_says(a, "waits_for_person", "too_many");
	if (a->too_large)
		return too_large(a, error);
	return apply_signed_is(a) ? apply_signed_mail(a, error) : parts[a->facts->kind](a, error);
}

static bool finish(struct apply *a, GError **error)
{
	const struct facts *f = a->facts;
	bool waits = strcmp(a->disposition, "waits_for_person") == 0;
	bool secret = apply_notice_is_secret(a);
	if ((a->forget || secret) && !forget_mail(a->act.db, a->act.mail, error))
		return false;
	return sql_run(a->act.db, error, "mail_finish", "isssissss", a->act.mail, waits ? "parked" : "done", a->disposition,
		       a->reason, a->act.now, facts_mail_kinds[f->kind], f->from, secret ? NULL : f->subject,
		       f->message_id) >= 0;
}

static bool apply_one(struct apply *a, GError **error)
{
	struct row row = { 0 };
	bool own = false;
	if (!read_row(a, &row, error))
		return false;
	/* Two keepers, or a lease that ran out: the first has said the last word. */
	if (!row.stored)
		return true;
	if (row.copy && !a->withheld) { /* headers without a line are all alike */
		a->forget = true; /* the first copy's bytes are kept, or were to be forgotten too */
		return apply_says(a, "duplicate", NULL) && finish(a, error);
	}
	if (!own_copy(a, &own, error))
		return false;
	if (own)
		apply_says(a, "own_copy", NULL);
	else if (!by_speaker(a, error))
		return false;
	return finish(a, error);
}

bool apply_mail_boldly(struct db *db, const struct policy *p, gint64 mail_id, const struct facts *facts, gint64 now,
		       GError **error)
{
	g_assert(facts != NULL);
	struct apply a = { .act = { .db = db, .policy = p, .now = now, .mail = mail_id, .role = "gateway",
				    .strength = STRENGTH_TOLD },
			   .facts = facts, .disposition = "waits_for_person" };
	bool ok = apply_one(&a, error);
	letter_bound_clear(&a.bound);
	return ok;
}

bool apply_mail(struct db *db, const struct policy *p, gint64 mail_id, const struct facts *facts, gint64 now, GError **error)
{
	return sql_enter(db, error) && sql_leave(db, apply_mail_boldly(db, p, mail_id, facts, now, error), error);
}
