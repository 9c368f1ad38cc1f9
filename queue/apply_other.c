/* apply_other: everything that is neither form, reply, notice nor delivery report. A manager's mail that should have
 * held a form we can read is answered; machines that nobody here knows are only noted; all else is shown to a person.
 */
#include <string.h>
#include "queue/apply_inside.h"
#include "queue/complaint.h"
#include "queue/journal.h"
#include "queue/sql.h"

static bool known(const struct apply *a)
{
	/* Whoever claims to be someone, and cannot show it, is for a person to look at. */
	return a->speaker.role != NULL || a->has_bound || g_strcmp0(a->speaker.reason, "not_authenticated") == 0 ||
		directory_find(a->act.policy->directory, a->facts->from, NULL, a->act.now) != NULL;
}

/* Also where the letter could not be owed, because the sender's address is odd: the operator sees it then. */
static bool await_form(struct apply *a, const char *triage, gint64 letter, GError **error)
{
	gint64 owed;
	struct pending_mail m;
	apply_request_mail_of(a, &m);
	g_autoptr(pending_t) pending = pending_open(&a->act, &m, error);
	return pending != NULL && sql_get(a->act.db, &owed, error, "letter_exists", "i", letter) &&
		pending_unreadable(pending, triage, owed ? letter : 0, error);
}

bool apply_other_not_read(struct apply *a, const char *complaint, GError **error)
{
	const struct facts *f = a->facts;
	const char *triage = complaint ?: f->triage ?: "unreadable";
	if (f->auto_submitted)
		return apply_says(a, "waits_for_person", triage);
	gint64 letter;
	g_autofree char *complaints = complaint_list(f->complaints, NULL, complaint);
	struct not_read n = { .to = f->from, .subject = f->subject ?: "", .complaints = complaints,
			      .in_reply_to = f->message_id, .triage = triage };
	return letter_next(&a->act, &letter, error) && letter_owe_not_read(&a->act, &n, error) &&
		await_form(a, triage, letter, error) && apply_says(a, "answered", triage);
}

/* An absence notice or a read receipt in answer to a letter of ours: kept with what the letter is about, and never an answer. */
static bool note_machine(struct apply *a, GError **error)
{
	struct about about = { .letter = a->bound.letter, .application = a->bound.application };
	const char *event = a->facts->read_receipt ? "read_receipt" : "absence";
	a->act.note = a->facts->subject;
	bool ok = journal_add(&a->act, event, &about, error);
	a->act.note = NULL;
	return ok && apply_says(a, "noted", event);
}

bool apply_other_mail(struct apply *a, GError **error)
{
	const struct facts *f = a->facts;
	const char *role = a->speaker.role;
	bool of_no_use = f->kind == KIND_OTHER || f->kind == KIND_SIGNED_LIST;
	if (f->kind == KIND_AUTO_REPLY && a->has_bound)
		return note_machine(a, error);
	bool form_was_meant = f->kind == KIND_UNREADABLE || (of_no_use && f->triage != NULL);
	if (g_strcmp0(role, "manager") == 0 && form_was_meant)
		return apply_other_not_read(a, NULL, error);
	if (f->kind == KIND_FEEDBACK_REPORT)
		return apply_says(a, "waits_for_person", facts_mail_kinds[f->kind]);
	if (f->auto_submitted && !known(a))
		return apply_says(a, "noted", "auto_submitted");
	return apply_says(a, "waits_for_person", a->speaker.reason ?: g_strcmp0(role, "ca") == 0 ? "ca_wrote"
									: facts_mail_kinds[f->kind]);
}
