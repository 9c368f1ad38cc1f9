/* answer_choice: see answer_choice.h.
 *
 * In a sentence people stand before their answer ("1-4 onay, 5 red") or behind it ("onay: 1-4, red: 5"); which of the two
 * is told by what comes first, and then it must be so to the end. Whatever does not fit is no answer.
 */
#include "parsers/answer_choice.h"

#include <string.h>

/* One answer and whom it is for. */
struct said {
	enum answer answer;
	GPtrArray *items, *excepted; /* struct reply_item of the events */
	bool all, rest, absent;
};

struct making {
	GPtrArray *said;  /* struct said */
	struct said *now; /* people whose answer has not come; NULL: none */
	bool answer_first, started, wrong;
};

static void said_free(void *p)
{
	struct said *s = p;

	g_ptr_array_unref(s->items);
	g_ptr_array_unref(s->excepted);
	g_free(s);
}

static struct said *said_new(struct making *m, enum answer answer)
{
	struct said *s = g_new0(struct said, 1);

	s->answer = answer;
	s->items = g_ptr_array_new();
	s->excepted = g_ptr_array_new();
	g_ptr_array_add(m->said, s);
	return s;
}

static bool is_bare(const struct said *s)
{
	return !s->items->len && !s->excepted->len && !s->all && !s->rest;
}

static struct said *last(struct making *m)
{
	return m->said->len ? m->said->pdata[m->said->len - 1] : NULL;
}

/* "Onay, uygundur": the same said twice. */
static void take_answer(struct making *m, enum answer answer)
{
	struct said *before = m->started ? last(m) : NULL;

	if (!m->started)
		m->answer_first = true;
	if (m->answer_first) {
		if (!before || before->answer != answer || !is_bare(before))
			m->now = said_new(m, answer);
	} else if (m->now) {
		m->now->answer = answer;
		m->now = NULL;
	} else if (!before || before->answer != answer) {
		m->wrong = true;
	}
	m->started = true;
}

static bool overlap(const struct reply_item *a, const struct reply_item *b)
{
	return a->from && b->from && a->application == b->application && a->from <= b->to && b->from <= a->to;
}

/* "1-5, 3 hariç" excepts three of five, and not all of them. */
static bool is_doubled(const GPtrArray *items)
{
	for (guint i = 1; i < items->len; i++)
		for (guint k = 0; k < i; k++)
			if (overlap(items->pdata[i], items->pdata[k]))
				return true;
	return false;
}

static void except(struct said *s)
{
	for (guint i = 0; i < s->items->len; i++)
		g_ptr_array_add(s->excepted, s->items->pdata[i]);
	g_ptr_array_set_size(s->items, 0);
}

static void take_people(struct making *m, const struct answer_event *e)
{
	if (!m->now)
		m->now = said_new(m, ANSWER_NONE);
	m->started = true;
	if (e->kind == ANSWER_ALL)
		m->now->all = true;
	else if (e->kind == ANSWER_REST)
		m->now->rest = true;
	else if (e->kind == ANSWER_ITEM)
		g_ptr_array_add(m->now->items, (void *)&e->item);
	else if (m->now->items->len && !is_doubled(m->now->items))
		except(m->now);
	else
		m->wrong = true;
	m->now->absent |= e->kind == ANSWER_ABSENT;
}

static void take_all(struct making *m, const GArray *events)
{
	for (guint i = 0; i < events->len; i++) {
		const struct answer_event *e = &g_array_index(events, struct answer_event, i);

		if (e->kind == ANSWER_BREAK) {
			m->now = NULL;
			m->started = m->answer_first = false;
		} else if (e->kind == ANSWER_SAID) {
			take_answer(m, e->answer);
		} else {
			take_people(m, e);
		}
	}
}

/* "Onaylıyorum. 3 hariç.": an exception in a sentence of its own belongs to the only answer. */
static void join_exceptions(struct making *m)
{
	struct said *whole = NULL;
	guint answered = 0;

	for (guint i = 0; i < m->said->len; i++) {
		struct said *s = m->said->pdata[i];

		answered += s->answer != ANSWER_NONE;
		if (s->answer != ANSWER_NONE)
			whole = s;
	}
	if (!answered) {
		m->wrong |= m->said->len != 1 || last(m)->absent;
		return;
	}
	for (guint i = m->said->len; i-- > 0;) {
		struct said *s = m->said->pdata[i];

		if (s->answer != ANSWER_NONE)
			continue;
		m->wrong |= answered != 1 || s->items->len || s->rest || whole->items->len || whole->rest;
		for (guint k = 0; k < s->excepted->len; k++)
			g_ptr_array_add(whole->excepted, s->excepted->pdata[k]);
		g_ptr_array_remove_index(m->said, i);
	}
}

/* Answers for all, the same several times, are one. */
static void join_same(struct making *m)
{
	for (guint i = m->said->len; i-- > 1;) {
		struct said *s = m->said->pdata[i], *first = m->said->pdata[0];

		if (is_bare(s) && s->answer == first->answer && !first->items->len)
			g_ptr_array_remove_index(m->said, i);
	}
}

static void copy_items(struct reply_choice *to, const GPtrArray *from)
{
	for (guint i = 0; i < from->len; i++) {
		const struct reply_item *old = from->pdata[i];
		struct reply_item *new = facts_reply_choice_add(to);

		*new = *old;
		new->name = g_strdup(old->name);
	}
}

/* "Diğerleri", "hepsi" beside others: all but those whom the others name. */
static bool choose_others(const struct making *m, const struct said *s, struct reply_choice *c)
{
	c->except = true;
	for (guint i = 0; i < m->said->len; i++) {
		const struct said *other = m->said->pdata[i];

		if (other == s)
			continue;
		if (other->all || other->rest || is_bare(other))
			return false;
		if (other->excepted->len && (!s->rest || m->said->len != 2))
			return false;
		c->except = !other->excepted->len;
		copy_items(c, other->excepted->len ? other->excepted : other->items);
	}
	return true;
}

static bool choose(const struct making *m, const struct said *s, struct reply *r)
{
	struct reply_choice *c = facts_reply_choose(r, s->answer);

	if (s->items->len && (s->excepted->len || s->all || s->rest))
		return false;
	if (!s->items->len && !s->excepted->len)
		return (s->rest || s->all) && choose_others(m, s, c);
	c->except = s->excepted->len > 0;
	copy_items(c, c->except ? s->excepted : s->items);
	return true;
}

/* The only thing said, and for all. */
static bool is_whole(const struct making *m)
{
	const struct said *s = m->said->pdata[0];

	return m->said->len == 1 && s->answer != ANSWER_NONE && !s->items->len && !s->excepted->len && !s->rest;
}

static bool fill(struct making *m, struct reply *r)
{
	if (is_whole(m)) {
		r->answer = ((struct said *)m->said->pdata[0])->answer;
		return true;
	}
	for (guint i = 0; i < m->said->len; i++)
		if (!choose(m, m->said->pdata[i], r) || (m->said->len == 1 && ((struct said *)m->said->pdata[0])->rest &&
							 !((struct said *)m->said->pdata[0])->excepted->len))
			return false;
	r->answer = ANSWER_PARTIAL;
	return true;
}

bool answer_choice_make(const GArray *events, struct reply *r)
{
	g_autoptr(GPtrArray) said = g_ptr_array_new_with_free_func(said_free);
	struct making m = { .said = said };

	take_all(&m, events);
	if (!said->len || m.wrong)
		return false;
	join_exceptions(&m);
	join_same(&m);
	return !m.wrong && fill(&m, r);
}
