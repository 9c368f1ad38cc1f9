/* answer_text: see answer_text.h. "E-ONAY'ı verdim." is the row: e, onay, i (behind an apostrophe), verdim, "." */
#include "parsers/answer_text.h"

#include "parsers/fold.h"

#include <string.h>

/* A line shorter than WRAPPED bytes ended because the person ended it. */
enum { MAX_TEXT = 4096, MAX_WORDS = 160, MAX_ALL = 480, WRAPPED = 60, NUMBER_DIGITS = 4, SUFFIX_BYTES = 5, CODE_DIGITS = 5 };

static const char blanks[] = " \t\r\n";

/* One run of letters and digits within a raw word, and what stood between it and the one before. */
struct piece { const char *at; size_t len, digits; bool capital; };

/* The store may move: places become pointers at the end. */
static void note(struct answer_text *t, gsize at, guint8 flag)
{
	g_ptr_array_add(t->words, GSIZE_TO_POINTER(at));
	g_byte_array_append(t->flags, &flag, 1);
}

static void add(struct answer_text *t, const char *word, size_t len, guint8 flag)
{
	note(t, t->store->len, flag);
	g_string_append_len(t->store, word, (gssize)len);
	g_string_append_c(t->store, '\0');
}

static void add_sign(struct answer_text *t, char sign)
{
	add(t, &sign, 1, 0);
}

/* fold_words may make two of one piece or none: what is no letter to it is a blank. */
static void add_folded(struct answer_text *t, const struct piece *p, guint8 flag)
{
	gsize at = t->store->len;

	fold_words_append(t->store, p->at, p->len);
	if (t->store->len > at)
		g_string_append_c(t->store, '\0');
	for (; at < t->store->len; at += strlen(t->store->str + at) + 1) {
		char *blank = strchr(t->store->str + at, ' ');

		if (blank)
			*blank = '\0';
		note(t, at, flag | (p->capital ? ANSWER_TEXT_CAPITAL : 0));
	}
}

static bool is_letter(gunichar c)
{
	return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

static gunichar char_at(const char *p, const char *end)
{
	gunichar c = g_utf8_get_char_validated(p, end - p);

	return c == (gunichar)-1 || c == (gunichar)-2 ? 0xfffd : c;
}

static const char *after_char(const char *p, const char *end)
{
	return MIN(g_utf8_next_char(p), end);
}

static struct piece piece_at(const char *p, const char *end)
{
	struct piece piece = { p, 0, 0, g_unichar_isupper(char_at(p, end)) };

	while (p < end && is_letter(char_at(p, end))) {
		piece.digits += g_ascii_isdigit(*p);
		p = after_char(p, end);
	}
	piece.len = (size_t)(p - piece.at);
	return piece;
}

/* "3ü" and "5i" are numbers with an ending. */
static void add_piece(struct answer_text *t, struct piece p, guint8 flag)
{
	size_t lead = 0;

	while (lead < p.len && g_ascii_isdigit(p.at[lead]))
		lead++;
	bool number = lead == p.digits && lead > 0 && lead <= NUMBER_DIGITS && p.len - lead <= SUFFIX_BYTES && *p.at != '0';
	if (number && !(flag & ANSWER_TEXT_SUFFIX))
		add(t, p.at, lead, ANSWER_TEXT_NUMBER);
	else
		add_folded(t, &p, flag | (p.digits >= CODE_DIGITS ? ANSWER_TEXT_CODE : 0));
}

/* 24.11.2026, 14:30, 3/5, 2.5: digits, a sign, digits; a range 1-4 is none, nor is a list 3,5. */
static size_t opaque_length(const char *p, const char *end)
{
	const char *q = p;
	guint groups = 0;
	bool other = false;

	while (q < end && g_ascii_isdigit(*q)) {
		while (q < end && g_ascii_isdigit(*q))
			q++;
		groups++;
		if (end - q < 2 || !strchr("./:-", *q) || !g_ascii_isdigit(q[1]))
			break;
		other |= *q != '-';
		q++;
	}
	return groups > 2 || (groups == 2 && other) ? (size_t)(q - p) : 0;
}

static bool is_apostrophe(gunichar c)
{
	return c == '\'' || c == '`' || c == 0x2018 || c == 0x2019 || c == 0xb4;
}

static bool is_dash(gunichar c)
{
	return c == '-' || (c >= 0x2010 && c <= 0x2015);
}

/* The sign between two pieces of a raw word; 0: none that matters. */
static char sign_between(const char *word, const char *at, const char *end)
{
	gunichar c = char_at(at, end);
	const char *next = after_char(at, end);
	bool digits = at > word && g_ascii_isdigit(at[-1]) && next < end && g_ascii_isdigit(*next);

	if (c == '(' || c == ';')
		return '.';
	if (is_dash(c))
		return digits || at == word || next == end ? '-' : 0;
	if (c == ',')
		return ',';
	if (next == end || !strchr(".!:)", (int)MIN(c, 127u)))
		return 0;
	/* "onay.Teşekkürler" ends a sentence, "onay.kurum.test" does not. */
	return g_unichar_isupper(char_at(next, end)) ? '.' : 0;
}

static char sign_at_end(const char *word, const char *end)
{
	while (end > word && strchr("\"'*_>]", end[-1]))
		end--;
	if (end - word >= 3 && !memcmp(end - 3, "\xe2\x80\xa6", 3)) /* … */
		return '.';
	if (end == word || !strchr(".;:!)", end[-1]))
		return 0;
	if (end - word <= 1 + NUMBER_DIGITS && g_ascii_isdigit(*word))
		return ':';
	return end[-1] == ':' ? ':' : '.';
}

/* Addresses and pages are nobody's words, their ? asks nothing. */
static bool is_address(const char *p, size_t len)
{
	return memmem(p, len, "://", 3) || memchr(p, '@', len) || (len > 4 && !g_ascii_strncasecmp(p, "www.", 4));
}

static void split_word(struct answer_text *t, const char *word, const char *end)
{
	guint8 flag = 0;

	for (const char *p = word; p < end;) {
		size_t opaque = flag ? 0 : opaque_length(p, end);
		if (opaque) {
			add(t, "#", 1, ANSWER_TEXT_OPAQUE);
			p += opaque;
			continue;
		}
		gunichar c = char_at(p, end);
		if (is_letter(c)) {
			struct piece piece = piece_at(p, end);
			add_piece(t, piece, flag);
			p += piece.len;
			continue;
		}
		char sign = sign_between(word, p, end);
		if (sign)
			add_sign(t, sign);
		flag = is_apostrophe(c) && p > word ? ANSWER_TEXT_SUFFIX : 0;
		p = after_char(p, end);
	}
}

static void add_word(struct answer_text *t, const char *word, size_t len)
{
	char sign;

	if (is_address(word, len))
		sign = strchr(".,;:!)", word[len - 1]) ? '.' : 0;
	else {
		split_word(t, word, word + len);
		sign = memchr(word, '?', len) ? '?' : sign_at_end(word, word + len);
	}
	if (sign)
		add_sign(t, sign);
}

static void add_line(struct answer_text *t, const char *line, size_t len)
{
	const char *end = line + len;

	for (const char *p = line + strspn(line, blanks); p < end; p += strspn(p, blanks)) {
		size_t n = strcspn(p, blanks);

		add_word(t, p, n);
		p += n;
	}
	if (len < WRAPPED)
		add_sign(t, '\n');
}

/* Counted before a word is folded: most mails are no answers, and long. */
static bool is_too_long(const char *text)
{
	guint n = 0;

	if (strnlen(text, MAX_TEXT) == MAX_TEXT)
		return true;
	for (const char *p = text; *p && n <= MAX_WORDS + 1; n++) {
		p += strspn(p, blanks);
		p += strcspn(p, blanks);
	}
	return n > MAX_WORDS + 1; /* blanks at the end count as a word */
}

struct answer_text *answer_text_split(const char *text)
{
	if (!text || is_too_long(text))
		return NULL;
	struct answer_text *t = g_new0(struct answer_text, 1);

	t->words = g_ptr_array_new();
	t->flags = g_byte_array_new();
	t->store = g_string_new(NULL);
	add_sign(t, '\n');
	for (const char *line = text; *line && t->words->len <= MAX_ALL;) {
		size_t len = strcspn(line, "\n");

		add_line(t, line, len);
		line += len + (line[len] == '\n');
	}
	if (t->words->len > MAX_ALL) {
		g_clear_pointer(&t, answer_text_free);
		return NULL;
	}
	for (guint i = 0; i < t->words->len; i++)
		t->words->pdata[i] = t->store->str + GPOINTER_TO_SIZE(t->words->pdata[i]);
	g_ptr_array_add(t->words, NULL);
	return t;
}

void answer_text_free(struct answer_text *t)
{
	if (!t)
		return;
	g_ptr_array_unref(t->words);
	g_byte_array_unref(t->flags);
	g_string_free(t->store, TRUE);
	g_free(t);
}
