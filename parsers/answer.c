/* answer: what a person's own words answer (see answer.h).
 *
 * The text is a row of folded words (answer_text.h). The table is tried at each word, the longest phrase first; a phrase
 * that is found is passed over, so that the "onay" in "e onay" is not met again. A Turkish verb closes its sentence: words
 * nobody knows may stand before an answer ("Rektörlüğün yazısı gereği onaylıyorum"), but none behind it ("onaylıyorum
 * diyemem"). What stands before is kept: it may be the name of one of the people.
 */
#include "parsers/answer.h"

#include "parsers/answer_choice.h"
#include "parsers/answer_text.h"

#include <string.h>

enum { NAME_MOST = 4, NEAR = 3 };

/* Words that nobody knows, in a row: a name perhaps. */
struct run { GString *words; guint count; bool capital; };

/* What the present sentence has. */
struct sentence { guint first_event; bool answer, people, count, act, unknown; };

struct scan {
	const struct answer_words *w;
	char *const *words;
	const guint8 *flags;
	GArray *events, *runs; /* struct answer_event; struct run, the last may be open */
	GString *about, *others; /* unknown words before answers; those of other sentences */
	struct sentence now;
	struct reply *reply;
	char *code;       /* the only word that may be a parcel's number; "" when there are several */
	bool code_named;  /* it stands behind a word that says so */
	bool open;        /* nothing unknown stands before in this clause */
	bool after;       /* an answer has been given in this clause, and nothing unknown may follow */
	bool closing;     /* behind "e-imza ile": a verb that closes it is no answer of its own */
	bool run_open, ended;
	bool question, unclear, reason, earlier, dated, yes;
};

static void clear_run(void *p)
{
	g_string_free(((struct run *)p)->words, TRUE);
}

static void clear_event(void *p)
{
	g_free(((struct answer_event *)p)->item.name);
}

static struct answer_event *say(struct scan *s, enum answer_event_kind kind)
{
	struct answer_event e = { .kind = kind };

	g_array_append_val(s->events, e);
	return &g_array_index(s->events, struct answer_event, s->events->len - 1);
}

/* ---- names ---- */

static void add_unknown(struct scan *s, guint i)
{
	if (!s->run_open || !s->runs->len) {
		struct run new = { g_string_new(NULL), 0, true };
		g_array_append_val(s->runs, new);
	}
	struct run *run = &g_array_index(s->runs, struct run, s->runs->len - 1);
	if (run->words->len)
		g_string_append_c(run->words, ' ');
	g_string_append(run->words, s->words[i]);
	run->count++;
	run->capital &= (s->flags[i] & ANSWER_TEXT_CAPITAL) != 0;
	s->run_open = true;
	s->open = false;
	s->now.unknown = true;
}

/* Every run has two to four words, all with a capital. */
static bool are_names(const struct scan *s)
{
	for (guint i = 0; i < s->runs->len; i++) {
		const struct run *run = &g_array_index(s->runs, struct run, i);

		if (!run->capital || run->count < 2 || run->count > NAME_MOST)
			return false;
	}
	return s->runs->len > 0;
}

static void runs_to_names(struct scan *s)
{
	for (guint i = 0; i < s->runs->len; i++)
		say(s, ANSWER_ITEM)->item.name = g_strdup(g_array_index(s->runs, struct run, i).words->str);
	g_array_set_size(s->runs, 0);
}

static void runs_to(struct scan *s, GString *words)
{
	for (guint i = 0; i < s->runs->len; i++) {
		if (words->len)
			g_string_append_c(words, ' ');
		g_string_append(words, g_array_index(s->runs, struct run, i).words->str);
	}
	g_array_set_size(s->runs, 0);
}

/* ---- sentences ---- */

/* Numbers of a sentence that speaks of nothing we know are a telephone's or a room's; alone they are people of the list. */
static void end_sentence(struct scan *s)
{
	runs_to(s, s->now.answer ? s->about : s->others);
	s->unclear |= (s->now.count && (s->now.answer || s->now.people)) || (s->now.act && s->now.answer);
	if (!s->now.answer && !s->now.people && s->now.unknown)
		g_array_set_size(s->events, s->now.first_event);
	say(s, ANSWER_BREAK);
	s->now = (struct sentence){ .first_event = s->events->len };
	s->closing = false;
}

static void take_sign(struct scan *s, char sign)
{
	s->question |= sign == '?';
	s->open = true;
	s->after = s->run_open = false;
	if (sign == '.' || sign == '\n' || sign == '?')
		end_sentence(s);
}

/* ---- numbers ---- */

static guint suffixes(const struct scan *s, guint i)
{
	guint n = 0;

	while (s->words[i + n] && s->flags[i + n] & ANSWER_TEXT_SUFFIX)
		n++;
	return n;
}

static gint64 number_at(const struct scan *s, guint i)
{
	return s->words[i] && s->flags[i] & ANSWER_TEXT_NUMBER ? g_ascii_strtoll(s->words[i], NULL, 10) : 0;
}

static void add_number(struct scan *s, gint64 from, gint64 to, bool application)
{
	struct answer_event *e = say(s, ANSWER_ITEM);

	e->item.from = from;
	e->item.to = to;
	e->item.application = application;
	s->unclear |= to < from;
	s->open = true;
	s->run_open = false;
}

/* How many words from i on are used. */
static guint take_number(struct scan *s, guint i)
{
	gint64 from = number_at(s, i), to = from;
	bool application = !strcmp(s->words[i - 1], "a");
	guint n = 1 + suffixes(s, i + 1), more;

	if (s->words[i + n] && !strcmp(s->words[i + n], "-") && number_at(s, i + n + 1)) {
		to = number_at(s, i + n + 1);
		n += 2 + suffixes(s, i + n + 2);
	}
	if ((more = answer_words_listed(s->w, LIST_TIME, s->words + i + n)) || !strcmp(s->words[i - 1], "saat"))
		return n + more;
	if ((more = answer_words_listed(s->w, LIST_COUNT, s->words + i + n))) {
		s->now.count = true;
		return n + more;
	}
	add_number(s, from, to, application);
	guint dot = s->words[i + n] && !strcmp(s->words[i + n], ":"); /* "3. sıradaki" */
	more = answer_words_listed(s->w, LIST_ORDINAL, s->words + i + n + dot);
	return more ? n + dot + more : n;
}

/* "A-7" is the row: a, 7. */
static bool is_application(const struct scan *s, guint i)
{
	return !strcmp(s->words[i], "a") && number_at(s, i + 1);
}

static void take_code(struct scan *s, guint i)
{
	bool named = false;

	for (guint k = 1; k <= NEAR && k <= i; k++)
		named |= answer_words_listed(s->w, LIST_CARGO, s->words + i - k) > 0;
	if (s->code && (s->code_named || !named)) {
		if (s->code_named == named && g_ascii_strcasecmp(s->code, s->words[i]))
			*s->code = '\0';
		return;
	}
	g_free(s->code);
	s->code = g_ascii_strup(s->words[i], -1);
	s->code_named = named;
}

/* ---- phrases ---- */

static bool is_done(enum answer a)
{
	return a == ANSWER_DONE_E_SIGN || a == ANSWER_DONE_E_CONSENT || a == ANSWER_DONE_WET;
}

static void take_answer(struct scan *s, enum answer answer, bool named)
{
	if (named)
		runs_to_names(s);
	else
		runs_to(s, s->about);
	say(s, ANSWER_SAID)->answer = answer;
	s->now.answer = s->after = true;
	s->closing |= is_done(answer);
}

static void take_people(struct scan *s, enum answer_mark mark)
{
	if (mark == MARK_EXCEPT || mark == MARK_ABSENT)
		runs_to_names(s);
	say(s, mark == MARK_EXCEPT ? ANSWER_EXCEPT : mark == MARK_ABSENT ? ANSWER_ABSENT : mark == MARK_ALL ? ANSWER_ALL : ANSWER_REST);
	s->now.people = true;
}

static void take_mark(struct scan *s, enum answer_mark mark)
{
	switch (mark) {
	case MARK_EXCEPT:
	case MARK_ABSENT:
	case MARK_ALL:
	case MARK_REST:
		take_people(s, mark);
		break;
	case MARK_PART:
	case MARK_UNCLEAR:
		s->unclear = true;
		break;
	case MARK_REASON:
		s->reason = true;
		s->unclear |= s->after;
		break;
	case MARK_EARLIER:
		s->earlier = true;
		break;
	case MARK_YES:
		s->yes = true;
		break;
	case MARK_ENDS:
		s->ended = true;
		break;
	default:
		break;
	}
}

static void take_phrase(struct scan *s, int meaning, bool named)
{
	if (meaning >= MARK_FIRST)
		take_mark(s, (enum answer_mark)meaning);
	else if (meaning == ANSWER_QUESTION)
		s->question = true;
	else
		take_answer(s, (enum answer)meaning, named);
	s->open = true;
}

static bool joins(const char *word)
{
	return !strcmp(word, "ve") || !strcmp(word, "ile");
}

static guint take_word(struct scan *s, guint i)
{
	int meaning = 0, named = 0;
	guint n = s->closing ? answer_words_listed(s->w, LIST_CLOSER, s->words + i) : 0;

	if (n)
		return n;
	n = answer_words_phrase(s->w, s->words + i, s->open, &meaning);
	/* "Deneme Bir onay": behind a name the bare word stands alone too. */
	if (!s->open && are_names(s) && answer_words_phrase(s->w, s->words + i, true, &named) >= MAX(n, 1) && named < MARK_FIRST &&
	    (!n || named != meaning)) {
		n = answer_words_phrase(s->w, s->words + i, true, &meaning);
		take_phrase(s, meaning, true);
		return n;
	}
	if (n) {
		s->run_open &= meaning == MARK_NEUTRAL && !joins(s->words[i]);
		take_phrase(s, meaning, strchr(":-", *s->words[i - 1]) && are_names(s));
		return n;
	}
	s->now.act |= answer_words_act(s->w, s->words[i]);
	if (answer_words_denies(s->w, s->words[i])) {
		s->reason = true;
		s->open = false;
	} else if (!(s->flags[i] & ANSWER_TEXT_SUFFIX)) {
		add_unknown(s, i);
	}
	s->unclear |= s->after && !(s->flags[i] & ANSWER_TEXT_SUFFIX);
	return 1;
}

static guint take(struct scan *s, guint i)
{
	if (answer_words_sign(s->words[i])) {
		take_sign(s, *s->words[i]);
		return 1;
	}
	if (s->flags[i] & ANSWER_TEXT_OPAQUE) {
		s->dated = true;
		return 1;
	}
	if (s->flags[i] & ANSWER_TEXT_CODE) {
		take_code(s, i);
		return 1;
	}
	if (number_at(s, i))
		return take_number(s, i);
	return is_application(s, i) ? 1 : take_word(s, i);
}

/* Behind the greeting only a postscript still speaks. */
static bool has_postscript(const struct scan *s, guint i)
{
	for (; s->words[i]; i++)
		if (*s->words[i - 1] == '\n' && answer_words_listed(s->w, LIST_POSTSCRIPT, s->words + i))
			return true;
	return false;
}

static void read_all(struct scan *s)
{
	for (guint i = 1; s->words[i];) {
		bool line_ends = *s->words[i] == '\n';

		i += take(s, i);
		if (s->ended && line_ends) {
			s->unclear |= has_postscript(s, i);
			break;
		}
	}
	end_sentence(s);
}

/* ---- what comes of it ---- */

/* "Tamamladım" beside the way in which it was done says nothing more. */
static void drop_done(struct scan *s)
{
	bool other = false;

	for (guint i = 0; i < s->events->len; i++) {
		const struct answer_event *e = &g_array_index(s->events, struct answer_event, i);
		other |= e->kind == ANSWER_SAID && (is_done(e->answer) || e->answer == ANSWER_RECEIVED || e->answer == ANSWER_POSTED);
	}
	for (guint i = s->events->len; other && i-- > 0;) {
		const struct answer_event *e = &g_array_index(s->events, struct answer_event, i);
		if (e->kind == ANSWER_SAID && e->answer == ANSWER_DONE)
			g_array_remove_index(s->events, i);
	}
}

static bool has_answer(const struct scan *s)
{
	for (guint i = 0; i < s->events->len; i++)
		if (g_array_index(s->events, struct answer_event, i).kind == ANSWER_SAID)
			return true;
	return false;
}

/* Whether the marks in the text let this answer stand. */
static bool stands(const struct scan *s, enum answer answer)
{
	bool decision = answer == ANSWER_APPROVE || answer == ANSWER_REFUSE || answer == ANSWER_HOLD;

	if (s->reason && answer != ANSWER_REFUSE && answer != ANSWER_HOLD)
		return false;
	if (s->yes && answer == ANSWER_REFUSE)
		return false;
	return !(s->earlier && (decision || answer == ANSWER_WITHDRAW)) && !(s->dated && decision);
}

static bool all_stand(const struct scan *s)
{
	const struct reply *r = s->reply;

	for (guint i = 0; i < r->choices->len; i++)
		if (!stands(s, ((struct reply_choice *)r->choices->pdata[i])->answer) || s->reason)
			return false;
	return r->choices->len || stands(s, r->answer);
}

static void decide(struct scan *s)
{
	struct reply *r = s->reply;

	drop_done(s);
	if (s->question) {
		r->answer = has_answer(s) ? ANSWER_NONE : ANSWER_QUESTION;
		return;
	}
	if (!s->unclear && answer_choice_make(s->events, r) && all_stand(s)) {
		r->cargo_no = s->code && *s->code ? g_strdup(s->code) : NULL;
		return;
	}
	r->answer = ANSWER_NONE;
	g_ptr_array_set_size(r->choices, 0);
}

/* SORU alone in front: what follows is the question, whatever words it uses. */
static bool begins_with_question(const struct answer_words *w, char *const *words)
{
	int meaning = 0;

	while (*words && answer_words_sign(*words))
		words++;
	guint n = *words ? answer_words_phrase(w, words, true, &meaning) : 0;
	return n == 1 && meaning == ANSWER_QUESTION && (!words[1] || answer_words_sign(words[1]));
}

void answer_read(const struct answer_words *w, struct reply *r)
{
	g_autoptr(answer_text_t) text = answer_text_split(r->text);
	if (!text)
		return;
	g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(struct answer_event));
	g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(struct run));
	g_autoptr(GString) about = g_string_new(NULL), others = g_string_new(NULL);
	struct scan s = { .w = w, .words = (char *const *)text->words->pdata, .flags = text->flags->data, .events = events,
			  .runs = runs, .about = about, .others = others, .reply = r, .open = true };

	g_array_set_clear_func(events, clear_event);
	g_array_set_clear_func(runs, clear_run);
	if (begins_with_question(w, s.words)) {
		r->answer = ANSWER_QUESTION;
		return;
	}
	read_all(&s);
	decide(&s);
	r->words = about->len ? g_strdup(about->str) : NULL;
	r->others = others->len ? g_strdup(others->str) : NULL;
	g_free(s.code);
}
