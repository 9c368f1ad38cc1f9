/* apply_question: what a machine cannot answer goes to the office's support, and the support's answer goes back to the person.
 * Both are kept in the journal. The support, and its clerks, are believed by the token of the letter that brought it the question.
 */
#include <string.h>
#include "queue/apply_inside.h"
#include "queue/journal.h"

void apply_question_ref(const struct apply *a, char ref[APPLY_REF_SIZE])
{
	*ref = '\0';
	if (a->has_bound && a->bound.application != 0)
		g_snprintf(ref, APPLY_REF_SIZE, "A-%" G_GINT64_FORMAT, a->bound.application);
	else if (a->has_bound && a->bound.request != 0)
		g_snprintf(ref, APPLY_REF_SIZE, "T-%" G_GINT64_FORMAT, a->bound.request);
	else if (a->has_bound && a->bound.submission != 0)
		g_snprintf(ref, APPLY_REF_SIZE, "L-%" G_GINT64_FORMAT, a->bound.submission);
}

/* A support that is our own mailbox would ask itself. */
static bool has_support(const struct policy *p)
{
	return p->support_address != NULL && *p->support_address != '\0' &&
		g_ascii_strcasecmp(p->support_address, p->own_address ?: "") != 0;
}

static const char *text_of(const struct apply *a)
{
	return a->facts->reply && a->facts->reply->text ? a->facts->reply->text : "";
}

static bool note(struct apply *a, const char *event, GError **error)
{
	struct about about = { .application = a->bound.application, .letter = a->bound.letter };
	return journal_add(&a->act, event, &about, error);
}

bool apply_question_ask(struct apply *a, const char *event, GError **error)
{
	char ref[APPLY_REF_SIZE];
	apply_question_ref(a, ref);
	if (!note(a, event, error))
		return false;
	if (!a->has_bound || a->facts->auto_submitted || !has_support(a->act.policy))
		return apply_says(a, "waits_for_person", event);
	struct question q = { .asker = a->facts->from, .ref = ref, .subject = a->facts->subject ?: "", .text = text_of(a),
			      .in_reply_to = a->facts->message_id, .unclear = strcmp(event, "question") != 0 };
	bool told = false;
	/* Who was not understood twice may be a program that nobody marked as one: it gets no more letters to answer. */
	return letter_owe_question(&a->act, &a->bound, &q, error) &&
		(q.unclear || letter_owe_question_received(&a->act, &a->bound, &q, &told, error)) &&
		apply_says(a, told ? "answered" : "noted", "asked_support");
}

/* An absence notice or an empty mail is no answer. */
bool apply_question_answer(struct apply *a, GError **error)
{
	if (a->facts->auto_submitted || *text_of(a) == '\0')
		return apply_says(a, "waits_for_person", "not_understood");
	return note(a, "answered", error) && letter_owe_answered(&a->act, &a->bound, text_of(a), error) &&
		apply_says(a, "applied", "answered");
}
