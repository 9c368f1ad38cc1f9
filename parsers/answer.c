/* answer: what a person's own words answer (see answer.h).
 *
 * The text becomes a row of folded words ("E-ONAY'ı verdim." is e onay i verdim), a question mark is a word of
 * its own. The table is tried at each word, the longest phrase first; a phrase that is found is passed over, so that
 * the "onay" in "e onay" is not met again. Words outside the table mean nothing, except those that deny.
 */
#include "parsers/answer.h"

#include "parsers/fold.h"

#include <string.h>

/* A line shorter than WRAPPED bytes ended because the person ended it. */
enum { MAX_WORDS = 160, MAX_TEXT = 4096, WRAPPED = 60 };

/* Beyond the answers themselves. */
enum { NOTHING = 100, UNCLEAR, ENDS };

/* A word of a phrase may end in "*": any ending. "=" in front: only when it stands alone, between the ends of a line
 * or sentence ("Onay." but not "onay yazısı ektedir"). */
static const struct { const char *words; int meaning; } phrases[] = {
	/* e-consent: it has the word "onay" in it and is no approval */
	{ "e onayla* ed*", UNCLEAR },
	{ "e onay ver", UNCLEAR },
	{ "e onay ile", ANSWER_DONE_E_CONSENT },
	{ "e onay la", ANSWER_DONE_E_CONSENT },
	{ "e onayla", ANSWER_DONE_E_CONSENT },
	{ "e onay verdim", ANSWER_DONE_E_CONSENT },
	{ "e onay verildi", ANSWER_DONE_E_CONSENT },
	{ "e onay verdik", ANSWER_DONE_E_CONSENT },
	{ "e onay verilmistir", ANSWER_DONE_E_CONSENT },
	{ "e onay vermis*", ANSWER_DONE_E_CONSENT },
	{ "e onayimi verdim", ANSWER_DONE_E_CONSENT },
	{ "e onayi verdim", ANSWER_DONE_E_CONSENT },
	{ "e onay i verdim", ANSWER_DONE_E_CONSENT },
	{ "e onayladim", ANSWER_DONE_E_CONSENT },
	{ "e onay yaptim", ANSWER_DONE_E_CONSENT },
	{ "e onay tamam", ANSWER_DONE_E_CONSENT },
	{ "e onay tamamladim", ANSWER_DONE_E_CONSENT },
	{ "e onay tamamlandi", ANSWER_DONE_E_CONSENT },
	{ "=e onay", ANSWER_DONE_E_CONSENT },
	{ "e onay*", UNCLEAR },
	{ "eonay ile", ANSWER_DONE_E_CONSENT },
	{ "eonay verdim", ANSWER_DONE_E_CONSENT },
	{ "eonayla", ANSWER_DONE_E_CONSENT },
	{ "=eonay", ANSWER_DONE_E_CONSENT },
	{ "eonay*", UNCLEAR },
	{ "elektronik onay ile", ANSWER_DONE_E_CONSENT },
	{ "elektronik onay verdim", ANSWER_DONE_E_CONSENT },
	{ "elektronik onay*", UNCLEAR },
	/* e-signature */
	{ "e imza tamam", ANSWER_DONE_E_SIGN },
	{ "e imza tamamladim", ANSWER_DONE_E_SIGN },
	{ "e imza tamamlandi", ANSWER_DONE_E_SIGN },
	{ "e imza ile", ANSWER_DONE_E_SIGN },
	{ "e imzayla", ANSWER_DONE_E_SIGN },
	{ "e imza yla", ANSWER_DONE_E_SIGN },
	{ "e imzam ile", ANSWER_DONE_E_SIGN },
	{ "e imzamla", ANSWER_DONE_E_SIGN },
	{ "e imzaladim", ANSWER_DONE_E_SIGN },
	{ "e imzalandi", ANSWER_DONE_E_SIGN },
	{ "eimza ile", ANSWER_DONE_E_SIGN },
	{ "eimzayla", ANSWER_DONE_E_SIGN },
	{ "eimzaladim", ANSWER_DONE_E_SIGN },
	{ "eimzamla", ANSWER_DONE_E_SIGN },
	{ "elektronik imza ile", ANSWER_DONE_E_SIGN },
	{ "elektronik imzam ile", ANSWER_DONE_E_SIGN },
	{ "elektronik imzamla", ANSWER_DONE_E_SIGN },
	{ "elektronik imzayla", ANSWER_DONE_E_SIGN },
	{ "elektronik olarak imzaladim", ANSWER_DONE_E_SIGN },
	/* wet */
	{ "islak imza ile", ANSWER_DONE_WET },
	{ "islak imzayla", ANSWER_DONE_WET },
	{ "islak imzali", ANSWER_DONE_WET },
	{ "islak imzaladim", ANSWER_DONE_WET },
	{ "=islak imza", ANSWER_DONE_WET },
	{ "=islak", ANSWER_DONE_WET },
	{ "islak*", UNCLEAR },
	/* paper */
	{ "teslim aldim", ANSWER_RECEIVED },
	{ "teslim aldik", ANSWER_RECEIVED },
	{ "teslim alindi", ANSWER_RECEIVED },
	{ "teslim alinmistir", ANSWER_RECEIVED },
	{ "teslim almis bulunuyor*", ANSWER_RECEIVED },
	{ "elime ulasti", ANSWER_RECEIVED },
	{ "elimize ulasti", ANSWER_RECEIVED },
	{ "tarafima ulasti", ANSWER_RECEIVED },
	{ "teslim edildi", UNCLEAR },
	{ "teslim al*", UNCLEAR },
	{ "kargoya teslim ettim", ANSWER_POSTED },
	{ "kargoya teslim ettik", ANSWER_POSTED },
	{ "kargoya teslim edildi", ANSWER_POSTED },
	{ "kargoya teslim edilmistir", ANSWER_POSTED },
	{ "kargoya verdim", ANSWER_POSTED },
	{ "kargoya verdik", ANSWER_POSTED },
	{ "kargoya verildi", ANSWER_POSTED },
	{ "kargoya verilmistir", ANSWER_POSTED },
	{ "kargoladim", ANSWER_POSTED },
	{ "kargoladik", ANSWER_POSTED },
	{ "kargolandi", ANSWER_POSTED },
	{ "kargo ile gonderdim", ANSWER_POSTED },
	{ "kargo ile gonderildi", ANSWER_POSTED },
	{ "postaya verdim", ANSWER_POSTED },
	{ "postaya verdik", ANSWER_POSTED },
	{ "postaya verildi", ANSWER_POSTED },
	{ "postaya verilmistir", ANSWER_POSTED },
	{ "postaladim", ANSWER_POSTED },
	{ "kargo*", UNCLEAR },
	{ "postaya*", UNCLEAR },
	/* refusal, above approval: it has the same words */
	{ "onaylamiyor*", ANSWER_REFUSE },
	{ "onaylamadim", ANSWER_REFUSE },
	{ "onaylamadik", ANSWER_REFUSE },
	{ "onaylanmadi", ANSWER_REFUSE },
	{ "onaylanmamistir", ANSWER_REFUSE },
	{ "onay vermiyor*", ANSWER_REFUSE },
	{ "onay yok", ANSWER_REFUSE },
	{ "onay verilmedi", ANSWER_REFUSE },
	{ "onay verilmemistir", ANSWER_REFUSE },
	{ "uygun degil", ANSWER_REFUSE },
	{ "uygun degildir", ANSWER_REFUSE },
	{ "uygun gormuyor*", ANSWER_REFUSE },
	{ "uygun gorulmedi", ANSWER_REFUSE },
	{ "uygun gorulmemistir", ANSWER_REFUSE },
	{ "uygun gormedim", ANSWER_REFUSE },
	{ "uygun bulunmadi", ANSWER_REFUSE },
	{ "uygun bulunmamistir", ANSWER_REFUSE },
	{ "kabul etmiyor*", ANSWER_REFUSE },
	{ "kabul edilmedi", ANSWER_REFUSE },
	{ "kabul edilmemistir", ANSWER_REFUSE },
	{ "=red", ANSWER_REFUSE },
	{ "=ret", ANSWER_REFUSE },
	{ "reddediyor*", ANSWER_REFUSE },
	{ "reddettim", ANSWER_REFUSE },
	{ "reddedildi", ANSWER_REFUSE },
	{ "reddedilmistir", ANSWER_REFUSE },
	{ "reddi*", UNCLEAR },
	{ "redd*", UNCLEAR },
	{ "=olmaz", ANSWER_REFUSE },
	{ "olmaz ise", UNCLEAR },
	{ "olmazsa", UNCLEAR },
	/* approval */
	{ "onay veriyor*", ANSWER_APPROVE },
	{ "onay verdim", ANSWER_APPROVE },
	{ "onay verdik", ANSWER_APPROVE },
	{ "onay verildi", ANSWER_APPROVE },
	{ "onay verilmistir", ANSWER_APPROVE },
	{ "onay bekli*", UNCLEAR },
	{ "onay ver*", UNCLEAR },
	{ "onay icin", UNCLEAR },
	{ "onayliyor*", ANSWER_APPROVE },
	{ "onayladim", ANSWER_APPROVE },
	{ "onayladik", ANSWER_APPROVE },
	{ "onaylandi", ANSWER_APPROVE },
	{ "onaylanmistir", ANSWER_APPROVE },
	{ "onaylidir", ANSWER_APPROVE },
	{ "=onayli", ANSWER_APPROVE },
	{ "onaydir", ANSWER_APPROVE },
	{ "onayimdir", ANSWER_APPROVE },
	{ "=onay", ANSWER_APPROVE },
	{ "onay*", UNCLEAR },
	{ "uygundur", ANSWER_APPROVE },
	{ "uygun gorulmustur", ANSWER_APPROVE },
	{ "uygun goruldu", ANSWER_APPROVE },
	{ "uygun goruyor*", ANSWER_APPROVE },
	{ "uygun bulunmustur", ANSWER_APPROVE },
	{ "=uygun", ANSWER_APPROVE },
	{ "uygun*", UNCLEAR },
	{ "kabul ediyor*", ANSWER_APPROVE },
	{ "kabul edildi", ANSWER_APPROVE },
	{ "kabul edilmistir", ANSWER_APPROVE },
	{ "=kabul", ANSWER_APPROVE },
	{ "=olur", ANSWER_APPROVE },
	/* the others */
	{ "beklesin", ANSWER_HOLD },
	{ "bekletilsin", ANSWER_HOLD },
	{ "bekletin", ANSWER_HOLD },
	{ "bekletelim", ANSWER_HOLD },
	{ "beklemede kalsin", ANSWER_HOLD },
	{ "beklemeye alin*", ANSWER_HOLD },
	{ "vazgectim", ANSWER_WITHDRAW },
	{ "vazgectik", ANSWER_WITHDRAW },
	{ "vazgeciyor*", ANSWER_WITHDRAW },
	{ "vazgecmis*", ANSWER_WITHDRAW },
	{ "basvurumu geri cekiyorum", ANSWER_WITHDRAW },
	{ "basvurumu geri cektim", ANSWER_WITHDRAW },
	{ "basvurumdan vazgec*", ANSWER_WITHDRAW },
	{ "vazgec*", UNCLEAR },
	{ "soru yok", NOTHING },
	{ "sorum yok", NOTHING },
	{ "sorun yok", NOTHING },
	{ "sorun*", NOTHING },
	{ "soru*", ANSWER_QUESTION },
	{ "soracag*", ANSWER_QUESTION },
	{ "?", ANSWER_QUESTION },
	{ "mi", ANSWER_QUESTION },
	{ "mu", ANSWER_QUESTION },
	{ "misiniz", ANSWER_QUESTION },
	{ "musunuz", ANSWER_QUESTION },
	{ "miyim", ANSWER_QUESTION },
	{ "muyum", ANSWER_QUESTION },
	{ "nasil", ANSWER_QUESTION },
	{ "nedir", ANSWER_QUESTION },
	{ "ne zaman", ANSWER_QUESTION },
	{ "nerede*", ANSWER_QUESTION },
	{ "neden", ANSWER_QUESTION },
	/* a greeting at the end: what follows is a name and a post, not an answer */
	{ "saygilar*", ENDS },
	{ "saygiyla", ENDS },
	{ "iyi calismalar*", ENDS },
	{ "iyi gunler dil*", ENDS },
	{ "kolay gelsin", ENDS },
	/* words that deny or put off; "sakınca yok" denies nothing that matters */
	{ "sakinca* yok*", NOTHING },
	{ "engel* yok*", NOTHING },
	{ "problem yok*", NOTHING },
	{ "degil*", UNCLEAR },
	{ "yok", UNCLEAR },
	{ "yoktur", UNCLEAR },
	{ "henuz", UNCLEAR },
	{ "hayir", UNCLEAR },
	{ "fakat", UNCLEAR },
	{ "ancak", UNCLEAR },
	{ "ama", UNCLEAR },
	{ "eger", UNCLEAR },
	{ "sonra", UNCLEAR },
	{ "olmadi", UNCLEAR },
	{ "hata*", UNCLEAR },
	{ "eksik*", UNCLEAR },
	{ "yarin", UNCLEAR },
	{ "haric", UNCLEAR },
	{ "disinda", UNCLEAR },
};

/* Words that may follow a done_* phrase and are part of it, though alone they would mean something else. */
static const char *const closers[] = {
	"onayladim", "onaylandi", "onay verdim", "onayladik", "onay verildi"
};

/* Folded stems of verbs that answers use, and what makes them negative or unreal. */
static const char *const stems[] = {
	"tamamla", "imzala", "yap", "ver", "gonder", "al", "et", "ed", "gor", "bul", "ulas", "gel", "kullan",
	"bitir", "olustur", "gir", "bula", "edebil", "yapabil"
};
static const char *const negatives[] = {
	"madi", "medi", "mad", "med", "amad", "emed", "amiyor", "emiyor", "miyor", "muyor", "yamad", "yemed",
	"yamiyor", "yemiyor", "mayaca", "meyece", "amayaca", "emeyece", "mamis", "memis", "amam", "emem",
	"acag", "eceg", "yacag", "yeceg", "acak", "ecek", "yacak", "yecek", "ilmedi", "ilmadi", "inmadi",
	"anmadi", "ilemedi", "inamadi", "anamadi", "amaz", "emez", "ersem", "irsem", "arsam", "sem", "sam"
};

/* The same inside any verb; no name or noun has these letters. */
static const char *const denials[] = {
	"miyor", "muyor", "madim", "medim", "madik", "medik", "mamis", "memis", "acagim", "ecegim", "acagiz",
	"ecegiz"
};

/* What follows the beginning of a word; NULL: it begins otherwise. */
static const char *after(const char *word, const char *beginning)
{
	for (; *beginning; beginning++, word++)
		if (*word != *beginning)
			return NULL;
	return word;
}

static bool is_denied_verb(const char *word)
{
	if (strlen(word) < 5) /* the shortest denial, and the shortest stem with an ending */
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(denials); i++)
		if (strstr(word, denials[i]))
			return true;
	for (size_t i = 0; i < G_N_ELEMENTS(stems); i++) {
		const char *rest = after(word, stems[i]);

		for (size_t k = 0; rest && k < G_N_ELEMENTS(negatives); k++)
			if (after(rest, negatives[k]))
				return true;
	}
	return false;
}

static bool is_boundary(const char *word)
{
	return !word || !strcmp(word, ".") || !strcmp(word, "?");
}

/* How many words the phrase takes at words[0]; 0: it is not there. words[-1] is always there. */
static guint phrase_fits(const char *phrase, char **words)
{
	guint n = 0;
	bool alone = *phrase == '=';

	phrase += alone;
	if (alone && !is_boundary(words[-1]))
		return 0;

	while (*phrase) {
		const char *w = words[n];

		if (!w)
			return 0;
		for (; *w && *w == *phrase; w++)
			phrase++;
		if (*phrase == '*')
			phrase++;
		else if (*w || (*phrase && *phrase != ' '))
			return 0;
		n++;
		phrase += *phrase == ' ';
	}
	return alone && !is_boundary(words[n]) ? 0 : n;
}

/* Phrases by their first letter, in the order of the table; made anew for each text, which is less than one word's search. */
struct index { gint16 first[128], next[G_N_ELEMENTS(phrases)]; };
enum { NO_PHRASE = -1 };

static void index_phrases(struct index *x)
{
	memset(x->first, 0xff, sizeof x->first);
	for (gint16 i = G_N_ELEMENTS(phrases) - 1; i >= 0; i--) {
		const char *words = phrases[i].words;
		guchar letter = (guchar)words[*words == '='] & 127;

		x->next[i] = x->first[letter];
		x->first[letter] = i;
	}
}

static guint longest_phrase(const struct index *x, char **words, int *meaning)
{
	guint best = 0;

	for (gint16 i = x->first[(guchar)*words[0] & 127]; i != NO_PHRASE; i = x->next[i]) {
		guint n = phrase_fits(phrases[i].words, words);
		if (n > best) {
			best = n;
			*meaning = phrases[i].meaning;
		}
	}
	return best;
}

static guint closer(char **words)
{
	for (guint gap = 0; gap < 3 && words[gap]; gap++)
		for (size_t i = 0; i < G_N_ELEMENTS(closers); i++) {
			guint n = phrase_fits(closers[i], words + gap);
			if (n)
				return gap + n;
		}
	return 0;
}

/* Addresses of pages are left out, their ? asks nothing. */
static void add_word(GString *row, const char *raw, size_t len)
{
	bool page = memmem(raw, len, "://", 3);
	gsize before = row->len;

	if (!page) {
		g_string_append_c(row, ' ');
		fold_words_append(row, raw, len);
		if (row->len == before + 1)
			g_string_truncate(row, before);
	}
	if (!page && memchr(raw, '?', len))
		g_string_append(row, " ?");
	else if (strchr(".,;:!)-", raw[len - 1]))
		g_string_append(row, " .");
}

static void add_line(GString *row, const char *line, size_t len)
{
	static const char blanks[] = " \t\r\n";
	const char *end = line + len;

	for (const char *p = line + strspn(line, blanks); p < end; p += strspn(p, blanks)) {
		size_t n = strcspn(p, blanks);

		add_word(row, p, n);
		p += n;
	}
	if (len < WRAPPED)
		g_string_append(row, " .");
}

/* Words of letters and digits, "?" and "." alone, with a blank between; begins with ".". */
static char *row_of_words(const char *text)
{
	GString *row = g_string_new(".");

	for (;; text++) {
		size_t len = strcspn(text, "\n");

		add_line(row, text, len);
		text += len;
		if (!*text)
			return g_string_free(row, FALSE);
	}
}

/* The row's words, NULL behind the last. false: too many. */
static bool split(char *row, char *words[MAX_WORDS + 1])
{
	guint n = 0;

	while (row && n < MAX_WORDS) {
		words[n++] = row;
		row = strchr(row, ' ');
		if (row)
			*row++ = '\0';
	}
	words[n] = NULL;
	return !row;
}

static bool is_done(int meaning)
{
	return meaning == ANSWER_DONE_E_SIGN || meaning == ANSWER_DONE_E_CONSENT || meaning == ANSWER_DONE_WET;
}

struct found { int answer; bool question, unclear; };

static void take(struct found *f, int meaning)
{
	if (meaning == NOTHING)
		return;
	if (meaning == ANSWER_QUESTION)
		f->question = true;
	else if (meaning == UNCLEAR || (f->answer != ANSWER_NONE && f->answer != meaning))
		f->unclear = true;
	else
		f->answer = meaning;
}

static void read_words(char **words, struct found *f)
{
	struct index index;
	int meaning = NOTHING;

	index_phrases(&index);
	for (guint i = 1; words[i];) {
		guint n = longest_phrase(&index, words + i, &meaning);

		if (n && meaning == ENDS)
			break;
		if (n)
			take(f, meaning);
		else if (is_denied_verb(words[i]))
			f->unclear = true;
		i += MAX(n, 1);
		if (n && is_done(meaning))
			i += closer(words + i);
	}
}

/* Counted before a word is folded: most mails are no answers, and long. */
static bool is_too_long(const char *text)
{
	guint n = 0;

	if (strnlen(text, MAX_TEXT) == MAX_TEXT)
		return true;
	for (const char *p = text; *p && n <= MAX_WORDS + 1; n++) {
		p += strspn(p, " \t\r\n");
		p += strcspn(p, " \t\r\n");
	}
	return n > MAX_WORDS + 1; /* blanks at the end count as a word */
}

enum answer answer_of(const char *own_words)
{
	if (!own_words || is_too_long(own_words))
		return ANSWER_NONE;
	g_autofree char *row = row_of_words(own_words);
	char *words[MAX_WORDS + 1];
	if (!split(row, words))
		return ANSWER_NONE;
	struct found f = { ANSWER_NONE };
	read_words(words, &f);
	if (f.question)
		return f.answer == ANSWER_NONE ? ANSWER_QUESTION : ANSWER_NONE;
	return f.unclear ? ANSWER_NONE : (enum answer)f.answer;
}
