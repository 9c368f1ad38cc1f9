/* apply_paper: whoever collects the paper answers the week's manifest: whose is in, and that it was posted. The same letter may be
 * answered again and again, as paper comes in. "Posted" without names is about what is known to be in, not about all of the list.
 */
#include <string.h>
#include "queue/apply_inside.h"
#include "queue/choice.h"
#include "queue/paper.h"

/* The applications of which this was said. */
static GArray *said_of(const GArray *choices, enum answer answer)
{
	GArray *people = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (guint i = 0; i < choices->len; i++) {
		const struct choice *c = &g_array_index(choices, struct choice, i);
		if (c->answer == answer)
			g_array_append_val(people, c->application);
	}
	return people;
}

static bool one_word(struct apply *a, enum answer answer, const GArray *people, const char **reason, GError **error)
{
	guint moved;
	const char *why;
	const struct paper_word said = { a->bound.letter, people, facts_answers[answer], a->facts->reply->cargo_no };
	if (people != NULL && people->len == 0)
		return true;
	if (!paper_answer(&a->act, &said, &moved, &why, error))
		return false;
	*reason = moved > 0 ? NULL : *reason ? why : NULL;
	return true;
}

bool apply_paper_reply(struct apply *a, const char **reason, GError **error)
{
	const struct reply *r = a->facts->reply;
	g_autoptr(GArray) choices = NULL;
	*reason = "not_understood";
	if (r->answer == ANSWER_POSTED)
		return one_word(a, ANSWER_POSTED, NULL, reason, error);
	if (!choice_read(&a->act, a->bound.letter, r, ANSWER_RECEIVED, &choices, error))
		return false;
	if (choices == NULL)
		return true;
	*reason = "not_allowed";
	g_autoptr(GArray) received = said_of(choices, ANSWER_RECEIVED), posted = said_of(choices, ANSWER_POSTED);
	return one_word(a, ANSWER_RECEIVED, received, reason, error) && one_word(a, ANSWER_POSTED, posted, reason, error);
}
