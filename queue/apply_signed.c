/* apply_signed: an officer sends a list back with his signature, or answers the letter that asked for it.
 *
 * A signature is taken when it is unchanged, made with a certificate the office named, and on the very file that was sent out:
 * its digest says which list that is, whatever the mail is called or answers. All else is answered, and goes nowhere.
 */
#include <string.h>
#include "queue/apply_inside.h"
#include "queue/context.h"
#include "queue/journal.h"
#include "queue/sql.h"
#include "queue/submission.h"

static bool not_accepted(struct apply *a, gint64 submission, const char *reason, GError **error)
{
	const struct facts *f = a->facts;
	g_auto(context_t) c = { 0 };
	struct sql *head = submission != 0
		? sql_start(a->act.db, "context_list", "isss", submission, reason, NULL, f->subject)
		: sql_start(a->act.db, "context_no_list", "ss", reason, f->subject ?: "");
	if (f->auto_submitted) {
		sql_end(head);
		return apply_says(a, "waits_for_person", reason);
	}
	/* The list goes with the letter once more, where it is still to be signed. */
	gint64 again = strcmp(reason, "already_sent") == 0 ? 0 : submission;
	struct owed owed = { .name = "list_not_accepted", .to = f->from, .submission = again, .in_reply_to = f->message_id,
			     .references = f->message_id };
	return context_read(&c, head, NULL, NULL, error) && letter_owe(&a->act, &owed, c.json, error) &&
		apply_says(a, "answered", reason);
}

static const struct pinned *find_pinned(const struct policy *p, const struct signed_file *s)
{
	for (guint i = 0; p->pinned && i < p->pinned->len; i++) {
		const struct pinned *c = p->pinned->pdata[i];
		if (g_ptr_array_find_with_equal_func(s->signers, c->sha256, g_str_equal, NULL))
			return c;
	}
	return NULL;
}

/* NULL: the signature is one of our officers'. */
static const char *signature_fault(const struct apply *a, const struct signed_file *s)
{
	const struct pinned *c = find_pinned(a->act.policy, s);
	if (s->bytes == NULL || s->verdict == SIGNATURE_ERROR)
		return "signature_unreadable";
	if (s->verdict != SIGNATURE_VALID && s->verdict != SIGNATURE_UNTRUSTED)
		return "signature_broken";
	if (c == NULL)
		return "other_signer";
	if (a->act.now < c->from || a->act.now > c->until)
		return "certificate_expired";
	return s->verdict == SIGNATURE_UNTRUSTED ? "certificate_untrusted" : NULL;
}

/* Which list of ours it is; 0: none. */
static bool find_list(const struct apply *a, const struct signed_file *s, gint64 *submission, GError **error)
{
	*submission = 0;
	for (guint i = 0; *submission == 0 && i < s->digests->len; i++)
		if (!sql_get(a->act.db, submission, error, "submission_signed", "s", (const char *)s->digests->pdata[i]))
			return false;
	return true;
}

static bool keep(const struct apply *a, const struct signed_file *s, gint64 submission, GError **error)
{
	GString *digests = g_string_new(NULL);
	for (guint i = 0; i < s->digests->len; i++)
		g_string_append_printf(digests, "%s%s", i ? " " : "", (const char *)s->digests->pdata[i]);
	struct signature_kept file = { s->ending, s->bytes, digests->str, g_strcmp0(s->container, "detached") == 0 };
	bool ok = submission_sign(&a->act, submission, &file, error);
	g_string_free(digests, TRUE);
	return ok;
}

/* *taken: the list is on its way to KAMU SM now. */
static bool take(struct apply *a, const struct signed_file *s, bool *taken, GError **error)
{
	gint64 submission;
	bool waits = false;
	const char *fault = signature_fault(a, s);
	if (!find_list(a, s, &submission, error) || (submission != 0 && !submission_waits(&a->act, submission, &waits, error)))
		return false;
	if (fault == NULL && submission == 0)
		fault = "list_altered";
	if (fault == NULL && !waits)
		fault = "already_sent";
	if (fault != NULL)
		return not_accepted(a, submission != 0 ? submission : a->has_bound ? a->bound.submission : 0, fault, error);
	*taken = true;
	return keep(a, s, submission, error);
}

/* A manager's work of an officer: a form that he has signed and that is none of our lists. */
static bool is_own_form(const struct apply *a, GError **error)
{
	const struct facts *f = a->facts;
	gint64 submission = 0;
	for (guint i = 0; submission == 0 && i < f->signed_files->len; i++)
		if (!find_list(a, f->signed_files->pdata[i], &submission, error))
			return false;
	return submission == 0 && f->request != NULL && !(a->has_bound && a->bound.submission != 0);
}

bool apply_signed_is(const struct apply *a)
{
	const struct facts *f = a->facts;
	bool answers = a->has_bound && strcmp(a->bound.answers, LETTER_SIGNATURE) == 0 && f->kind == KIND_REQUEST;
	return g_strcmp0(a->speaker.role, "officer") == 0 && (f->signed_files->len > 0 || answers);
}

bool apply_signed_mail(struct apply *a, GError **error)
{
	GError *failure = NULL;
	const GPtrArray *files = a->facts->signed_files;
	bool own = is_own_form(a, &failure), taken = false;
	if (failure != NULL) {
		g_propagate_error(error, failure);
		return false;
	}
	if (own)
		return apply_request_mail(a, error);
	if (files->len == 0)
		return not_accepted(a, a->bound.submission, "not_signed", error);
	for (guint i = 0; i < files->len; i++)
		if (!take(a, files->pdata[i], &taken, error))
			return false;
	return !taken || apply_says(a, "applied", NULL);
}

/* The officer has asked KAMU SM. What evidence or a person has said meanwhile is not changed. */
static bool end_doubt(struct apply *a, const char *answer, GError **error)
{
	guint moved;
	gint64 letter;
	bool arrived = strcmp(answer, "received") == 0;
	if (!submission_doubt(&a->act, a->bound.submission, &letter, error))
		return false;
	if (letter == 0)
		return apply_reply_not_possible(a, "already", error);
	bool ok = arrived ? letter_evidence(&a->act, letter, "the officer says so", error) &&
				    submission_done(&a->act, a->bound.submission, &moved, error)
			  : sql_run(a->act.db, error, "outbox_retry", "ii", letter, a->act.now) >= 0 &&
				    journal_add(&a->act, "letter_retry", &(struct about){ .letter = letter }, error);
	return ok && apply_says(a, "applied", NULL);
}

bool apply_signed_words(struct apply *a, const char *answer, GError **error)
{
	guint moved = 0;
	bool waits;
	g_auto(GStrv) done = g_strsplit(a->bound.answers, ",", -1);
	if (strcmp(a->bound.answers, LETTER_SIGNATURE) == 0)
		return not_accepted(a, a->bound.submission, "not_signed", error);
	if (!g_strv_contains((const char *const *)done, answer))
		return apply_reply_not_possible(a, "not_understood", error);
	if (g_strv_contains((const char *const *)done, "send_again"))
		return end_doubt(a, answer, error);
	if (!submission_waits(&a->act, a->bound.submission, &waits, error))
		return false;
	if (!waits)
		return apply_reply_not_possible(a, "already", error);
	return submission_done(&a->act, a->bound.submission, &moved, error) && apply_says(a, "applied", NULL);
}
