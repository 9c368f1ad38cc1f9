/* apply_bounce: a delivery report. That it names a letter of ours proves that our server once took the letter; what it says of that
 * letter is believed when it names its reader too. What did not arrive is a thing a person must know, because someone has not heard
 * from us; a dead address is the unit manager's to mend.
 */
#include <string.h>
#include "queue/apply_inside.h"
#include "queue/journal.h"
#include "queue/sql.h"
#include "queue/submission.h"
#include "queue/undelivered.h"

/* lost: the letter did not arrive. */
struct outcome { const char *event, *disposition, *reason; bool dead, lost; };
static const struct outcome outcomes[] = {
	{ "address_dead", "applied", "address_dead", .dead = true, .lost = true },
	{ "bounced", "waits_for_person", "bounced", .lost = true },
	{ "expired", "waits_for_person", "letter_expired", .lost = true },
	{ "delayed", "noted", "delayed" },
	{ "delivery_report", "noted", "delivery_report" },
};
enum { DEAD, BOUNCED, EXPIRED, DELAYED, REPORT };

static bool is_dead(const struct bounce_recipient *r)
{
	return r->permanent && (g_strcmp0(r->reason, "user_unknown") == 0 || g_strcmp0(r->reason, "host_unknown") == 0);
}

static const struct outcome *outcome_of(const struct bounce_recipient *r, bool to_ca)
{
	if (g_strcmp0(r->reason, "expired") == 0)
		return &outcomes[EXPIRED];
	if (g_strcmp0(r->action, "failed") == 0)
		return &outcomes[is_dead(r) && !to_ca ? DEAD : BOUNCED];
	return &outcomes[g_strcmp0(r->action, "delayed") == 0 ? DELAYED : REPORT];
}

static bool is_it(const char *reported, const char *address)
{
	return reported != NULL && g_ascii_strcasecmp(reported, address) == 0;
}

/* Who was written to; where a server led the mail on, the report names the last address and the first. */
static const struct bounce_recipient *find(const struct bounce *b, const char *address)
{
	for (guint i = 0; i < b->recipients->len; i++) {
		const struct bounce_recipient *r = b->recipients->pdata[i];
		if (is_it(r->address, address) || is_it(r->original, address))
			return r;
	}
	return NULL;
}

static bool note(struct apply *a, const struct bound *letter, const struct bounce_recipient *r, GError **error)
{
	gint64 list;
	if (!sql_get(a->act.db, &list, error, "letter_list", "i", letter->letter))
		return false;
	const struct outcome *o = outcome_of(r, list != 0);
	struct about about = { .letter = letter->letter, .application = letter->application };
	a->act.note = r->diagnostic ?: r->status;
	bool ok = (!o->lost || sql_run(a->act.db, error, "letter_bounced", "iis", letter->letter, a->act.now, a->act.note) >= 0) &&
		journal_add(&a->act, o->dead ? "bounced" : o->event, &about, error) &&
		(!o->dead || undelivered_mark(&a->act, letter, r->reason, error)) &&
		(!o->lost || list == 0 || submission_alarm(&a->act, list, "bounced", a->act.note ?: "", error));
	a->act.note = NULL;
	return ok && apply_says(a, o->disposition, o->reason);
}

bool apply_bounce_mail(struct apply *a, GError **error)
{
	const struct bounce *b = a->facts->bounce;
	struct bound letter = { 0 };
	bool found = false;
	if (b != NULL && !letter_bound(&a->act, b->original_message_id, &letter, &found, error))
		return false;
	if (found && !letter_evidence(&a->act, letter.letter, "delivery report", error)) {
		letter_bound_clear(&letter);
		return false;
	}
	const struct bounce_recipient *r = found ? find(b, letter.recipient) : NULL;
	bool ok = r == NULL ? apply_says(a, "waits_for_person", found ? "bounce_of_other" : "bounce_of_nothing")
			    : note(a, &letter, r, error);
	letter_bound_clear(&letter);
	return ok;
}
