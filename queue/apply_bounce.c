/* apply_bounce: a delivery report (RFC 3464). That it names a letter of ours proves that our server once took the letter;
 * that it failed is a thing a person must know, because someone has not heard from us.
 */
#include "queue/apply_inside.h"
#include "queue/journal.h"
#include "queue/sql.h"

static const struct bounce_recipient *first_failure(const struct bounce *b)
{
	for (guint i = 0; i < b->recipients->len; i++) {
		const struct bounce_recipient *r = b->recipients->pdata[i];
		if (r->permanent || g_strcmp0(r->action, "failed") == 0)
			return r;
	}
	return NULL;
}

bool apply_bounce_mail(struct apply *a, GError **error)
{
	const struct bounce *b = a->facts->bounce;
	struct bound letter = { 0 };
	bool found = false;
	if (b != NULL && !letter_bound(&a->act, b->original_message_id, &letter, &found, error))
		return false;
	if (!found)
		return apply_says(a, "waits_for_person", "bounce_of_nothing");
	struct about about = { .letter = letter.letter, .application = letter.application };
	letter_bound_clear(&letter);
	const struct bounce_recipient *failure = first_failure(b);
	a->act.note = failure ? failure->diagnostic ?: failure->status : NULL;
	bool ok = letter_evidence(&a->act, about.letter, "delivery report", error) &&
		(!failure || sql_run(a->act.db, error, "letter_bounced", "ii", about.letter, a->act.now) >= 0) &&
		journal_add(&a->act, failure ? "bounced" : "delivery_report", &about, error);
	a->act.note = NULL;
	if (!ok)
		return false;
	return failure ? apply_says(a, "waits_for_person", "bounced") : apply_says(a, "noted", "delivery_report");
}
