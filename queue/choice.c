/* choice: see choice.h. Whoever is not surely meant is not meant at all: then nobody is, and the question goes back. */
#include <string.h>
#include "queue/choice.h"
#include "queue/sql.h"

enum { SHORTEST_NAME = 3 };

struct person { gint64 no; struct choice choice; char *name; bool meant; };

static void clear_person(void *p)
{
	g_free(((struct person *)p)->name);
}

static struct person *at(const GArray *people, guint i)
{
	return &g_array_index(people, struct person, i);
}

static GArray *people_of(const struct act *a, gint64 letter, GError **error)
{
	GError *failure = NULL;
	g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(struct person));
	g_array_set_clear_func(people, clear_person);
	g_autoptr(sql_t) s = sql_start(a->db, "letter_people", "i", letter);
	while (sql_next(s, &failure)) {
		struct person p = { .no = sql_int(s, 0), .choice = { sql_int(s, 1), ANSWER_NONE }, .name = g_strdup(sql_text(s, 2)) };
		g_array_append_val(people, p);
	}
	if (failure == NULL)
		return g_steal_pointer(&people);
	g_propagate_error(error, failure);
	return NULL;
}

/* The people an item names are marked; false: nobody, or not all of the numbers. */
static bool mark_item(GArray *people, const struct reply_item *item)
{
	gint64 marked = 0;
	for (guint i = 0; i < people->len; i++) {
		struct person *p = at(people, i);
		gint64 number = item->application ? p->choice.application : p->no;
		bool named = item->name && p->name && strcmp(item->name, p->name) == 0;
		if (!named && (item->name || number < item->from || number > item->to))
			continue;
		p->meant = true;
		marked++;
	}
	return marked == (item->name ? 1 : item->to - item->from + 1);
}

static bool answer_one(struct person *p, enum answer answer)
{
	bool first = p->choice.answer == ANSWER_NONE;
	if (first)
		p->choice.answer = answer;
	return first || p->choice.answer == answer;
}

static bool take_choice(GArray *people, const struct reply_choice *c, enum answer meant)
{
	enum answer answer = c->answer == ANSWER_NONE ? meant : c->answer;
	if (answer == ANSWER_NONE)
		return false;
	for (guint i = 0; i < people->len; i++)
		at(people, i)->meant = false;
	for (guint i = 0; i < c->items->len; i++)
		if (!mark_item(people, c->items->pdata[i]))
			return false;
	for (guint i = 0; i < people->len; i++)
		if (at(people, i)->meant != c->except && !answer_one(at(people, i), answer))
			return false;
	return true;
}

/* Whether one of the words is a word of one of the names. */
static bool touches(const GArray *people, char *const *words)
{
	for (guint i = 0; i < people->len; i++) {
		g_auto(GStrv) names = g_strsplit(at(people, i)->name ?: "", " ", -1);
		for (char *const *w = words; *w; w++)
			if (strlen(*w) >= SHORTEST_NAME && g_strv_contains((const char *const *)names, *w))
				return true;
	}
	return false;
}

/* Whoever is named in another sentence ("Deneme Bir has left us") is not approved with the rest; an answer for all of several
 * people is none then. */
static bool is_named_elsewhere(const GArray *people, const struct reply *r)
{
	g_autofree char *others = g_strconcat(" ", r->others ?: "", " ", NULL);
	for (guint i = 0; people->len > 1 && i < people->len; i++) {
		g_autofree char *name = g_strconcat(" ", at(people, i)->name ?: "", " ", NULL);
		bool answered = r->answer != ANSWER_PARTIAL || at(people, i)->choice.answer == ANSWER_APPROVE;
		if (name[1] != ' ' && answered && strstr(others, name))
			return true;
	}
	return false;
}

/* "I approve Deneme Bir" is for one, though the parser cannot know that it is a name: a word that names somebody
 * and is not the whole name of exactly one is asked again. */
static bool take_whole(GArray *people, const struct reply *r)
{
	struct person *only = NULL;
	for (guint i = 0; r->words && people->len > 1 && i < people->len; i++)
		if (g_strcmp0(at(people, i)->name, r->words) == 0) {
			if (only)
				return false;
			only = at(people, i);
		}
	if (only)
		return answer_one(only, r->answer);
	g_auto(GStrv) words = g_strsplit(r->words ?: "", " ", -1);
	if (people->len > 1 && touches(people, words))
		return false;
	for (guint i = 0; i < people->len; i++)
		answer_one(at(people, i), r->answer);
	return r->answer != ANSWER_NONE;
}

bool choice_read(const struct act *a, gint64 letter, const struct reply *r, enum answer meant, GArray **choices, GError **error)
{
	*choices = NULL;
	g_autoptr(GArray) people = people_of(a, letter, error);
	if (people == NULL)
		return false;
	bool understood = r->answer == ANSWER_PARTIAL || take_whole(people, r);
	for (guint i = 0; i < r->choices->len; i++)
		understood = understood && take_choice(people, r->choices->pdata[i], meant);
	if (!understood || is_named_elsewhere(people, r))
		return true;
	*choices = g_array_new(FALSE, FALSE, sizeof(struct choice));
	for (guint i = 0; i < people->len; i++)
		if (at(people, i)->choice.answer != ANSWER_NONE)
			g_array_append_val(*choices, at(people, i)->choice);
	return true;
}
