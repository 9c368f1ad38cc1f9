/* quote_attribution: see quote_attribution.h.
 *
 * Lines are joined upwards until they make a whole, with a blank between and without, for nobody knows whether the wrap
 * took the place of one. The fewest lines that do are it; but one that begins with a writer may have lost its date to the
 * line above, and one that begins with a date its first letters.
 */
#include "parsers/quote_attribution.h"

#include "parsers/fold.h"

#include <string.h>

enum { MAX_JOIN = 5, LINE_MOST = 400, BARE_LEAST = 12, BARE_MOST = 200, END_MOST = 24 };
enum whole { NOT_WHOLE, WHOLE, DATED };

static const char *const verbs[] = {
	"yazdi", "yazmis", "wrote", "writes", "schrieb", "ecrit", "escribio", "scritto", "schreef",
	"geschreven", "skrev", "escreveu", "napisal", "napisał", "пишет", "написал", "пише", "написав", "写道",
	"寫道"
};
/* How an attribution begins when it does not begin with the day or the writer. */
static const char *const starters[] = {
	"on ", "at ", "am ", "le ", "el ", "il ", "op ", "den ", "em ", "w dniu ", "dnia ", "понедельник",
	"вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"
};

/* "Alıntı Ad Soyad <a@b>:" has no verb. */
static const char *const quoters[] = { "alinti ", "quoting ", "zitat von " };
static const char *const months[] = {
	"oca", "sub", "mar", "nis", "may", "haz", "tem", "agu", "eyl", "eki", "kas", "ara", "jan", "feb", "apr", "jun", "jul", "aug",
	"sep", "oct", "nov", "dec"
};

static bool has_verb(const char *folded)
{
	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (strstr(folded, verbs[i]))
			return true;
	return false;
}

static bool begins(const char *folded, const char *const *with, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (g_str_has_prefix(folded, with[i]))
			return true;
	return false;
}

/* "4 haz 2019 …", "04.06.2019 …", "2016-02-03 …", "20 окт. 2016 …": the day stands first. */
static bool starts_with_day(const char *folded)
{
	size_t digits = strspn(folded, "0123456789"), more;

	if (digits == 4)
		return strchr("-/.", folded[4]) && g_ascii_isdigit(folded[5]);
	if (digits != 1 && digits != 2)
		return false;
	if (strchr("./", folded[digits]) && (more = strspn(folded + digits + 1, "0123456789")) && more <= 2)
		return strchr("./", folded[digits + 1 + more]) && g_ascii_isdigit(folded[digits + 2 + more]);
	return (folded[digits] == ' ' || folded[digits] == '.') && !g_ascii_isdigit(folded[digits + 1]);
}

/* A day beyond doubt: with its month, or all in digits. */
static bool starts_with_date(const char *folded)
{
	size_t digits = strspn(folded, "0123456789");
	const char *month = folded + digits + strspn(folded + digits, " .");

	return starts_with_day(folded) && (digits == 4 || g_ascii_isdigit(*month) || begins(month, months, G_N_ELEMENTS(months)));
}

/* "Ad Soyad <a@b> … yazdı:". Without a name in front, or without the opening bracket, a line is missing above. */
static bool starts_with_writer(const char *folded)
{
	const char *open = strchr(folded, '<'), *close = strchr(folded, '>');

	if (!open || !close || close < open || !strchr(open, '@'))
		return false;
	return open > folded || strstr(folded, "adresine sahip") || strstr(folded, "adresinesahip");
}

static bool starts_with_starter(const char *folded)
{
	return begins(folded, starters, G_N_ELEMENTS(starters)) && strpbrk(folded, "0123456789@");
}

static enum whole whole_of(const char *folded)
{
	const char *on = strstr(folded, "tarihinde"), *open = strchr(folded, '<');
	bool verb = has_verb(folded), by = strstr(folded, "sunu yazdi") || strstr(folded, "sunuyazdi");

	if (begins(folded, quoters, G_N_ELEMENTS(quoters)))
		return strchr(folded, '@') ? DATED : NOT_WHOLE;
	if (on && (g_str_has_prefix(on, "tarihinde sunu") || g_str_has_prefix(on, "tarihindesunu"))) /* behind the writer */
		return verb && starts_with_writer(folded) ? WHOLE : NOT_WHOLE;
	if ((starts_with_date(folded) && (verb || strchr(folded, '@'))) || (verb && starts_with_starter(folded)))
		return DATED;
	if ((on && open && on < open) || (!on && by)) /* the day stands before the writer */
		return on && starts_with_day(folded) && verb ? WHOLE : NOT_WHOLE;
	if (starts_with_day(folded) && (verb || strchr(folded, '@')))
		return WHOLE;
	return verb && starts_with_writer(folded) ? WHOLE : NOT_WHOLE;
}

static bool ends_with_colon(const struct quote_line *l)
{
	return l->len && (l->at[l->len - 1] == ':' || (l->len >= 3 && !memcmp(l->at + l->len - 3, "\xef\xbc\x9a", 3)));
}

/* Old Gmail's, which have no verb and no colon: "2013/7/20 Ad Soyad <a@b>", "2016-03-03 17:21 GMT+01:00 Ad Soyad". */
static bool is_bare(const struct quote_line *l)
{
	if (l->len < BARE_LEAST || l->len > BARE_MOST || !g_ascii_isdigit(l->at[0]) || !strchr("-/", l->at[4]))
		return false;
	return (l->at[l->len - 1] == '>' && memchr(l->at, '@', l->len)) || (l->len > 22 && !memcmp(l->at + 17, "GMT", 3));
}

static bool has_open_bracket(const struct quote_line *l)
{
	const char *open = memrchr(l->at, '<', l->len), *close = memrchr(l->at, '>', l->len);

	return l->kind != QUOTE_QUOTED && open && (!close || close < open);
}

/* The end of a wrapped one looks like a quote: "> wrote:". */
static bool is_quoted(const struct quote_line *lines, int last)
{
	const struct quote_line *l = &lines[last];

	if (l->kind != QUOTE_QUOTED || l->len <= 2 || (last > 0 && has_open_bracket(l - 1)))
		return false;
	g_autofree char *line = g_strndup(l->at + 1, MIN(l->len, END_MOST) - 1), *folded = fold_ascii(g_strchug(line));

	return l->len > END_MOST || !has_verb(folded);
}

static void put_before(GString *joined, const struct quote_line *l, bool blank)
{
	if (blank && joined->len)
		g_string_prepend_c(joined, ' ');
	g_string_prepend_len(joined, l->at, (gssize)l->len);
}

/* Whether line i can be a part of what the lines below it begin. */
static bool goes_on(const struct quote_line *lines, int i, int last, const GString *joined)
{
	if (lines[i].kind == QUOTE_EMPTY) /* some put the address in a paragraph of its own */
		return *joined->str == '<' && last - i < MAX_JOIN - 1;
	return lines[i].len <= LINE_MOST && (lines[i].kind != QUOTE_QUOTED || i == last);
}

int quote_attribution_find(const struct quote_line *lines, int last)
{
	int found = -1;
	enum whole best = NOT_WHOLE;

	if (is_bare(&lines[last]))
		return last;
	if (!ends_with_colon(&lines[last]) || lines[last].len > LINE_MOST || is_quoted(lines, last))
		return -1;
	g_autoptr(GString) with = g_string_new(NULL), without = g_string_new(NULL);
	for (int i = last; i >= 0 && last - i < MAX_JOIN && goes_on(lines, i, last, with); i--) {
		bool writer_missing = !strchr(with->str, '<');

		put_before(with, &lines[i], true);
		put_before(without, &lines[i], false);
		g_autofree char *a = fold_ascii(with->str), *b = fold_ascii(without->str);
		enum whole whole = MAX(whole_of(a), whole_of(b));

		if (whole == DATED || whole > best || (whole == WHOLE && writer_missing && strchr(with->str, '<')))
			found = i;
		best = MAX(best, whole);
	}
	return found;
}
