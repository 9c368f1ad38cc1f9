/* spoil: what goes wrong in the cells of request forms, one fault at a time. Header only.
 *
 * A fault changes a cell, or its row, and notes in the cells what must be read there: the fact that remains and
 * the complaint. What is no fault but an odd way to write has no complaint, and the fact stays.
 */
#pragma once
#include "tests/unit/parsers/people_gen.h"

struct spoil { GRand *rand; struct list *list; GArray *row; guint column; };

/* Returns false when it does not fit here, and nothing is changed. */
typedef bool spoil_how(const struct spoil *s, struct cell *c);

struct fault {
	const char *name;
	enum heading_field field; /* HEADING_UNKNOWN: any */
	const char *code;
	const char *const *texts; /* the cell is one of them, and says nothing that counts */
	spoil_how *how;           /* or this; it sets the fact where one remains */
};

/* Takes both. */
static inline void spoil_cell(struct cell *c, char *text, char *fact)
{
	clear_cell(c);
	*c = (struct cell){ .text = text, .fact = fact };
}

#define TEXTS(...) (const char *const[]){ __VA_ARGS__, NULL }

/* ---- identity numbers ---- */

static inline void number_of(const struct spoil *s, char number[12])
{
	const struct cell *c = CELL_AT(s->row, s->column);

	g_strlcpy(number, c->fact, 12);
}

static inline bool is_right(const char *number)
{
	char other[12];

	g_strlcpy(other, number, sizeof other);
	put_check_digits(other);
	return !strcmp(other, number) && *number != '0';
}

static inline bool blanks_inside(const struct spoil *s, struct cell *c)
{
	static const char *const gaps[] = { " ", "  ", "\xc2\xa0", "-", ".", "\xe2\x80\x8b" };
	char number[12];

	number_of(s, number);
	guint at = pick(s->rand, 10) + 1;
	const char *gap = PICK(s->rand, gaps);
	spoil_cell(c, g_strdup_printf("%.*s%s%s", (int)at, number, gap, number + at), g_strdup(number));
	return true;
}

static inline bool digits_lost(const struct spoil *s, struct cell *c)
{
	char number[12];
	int digits = 1 + (int)pick(s->rand, 8);

	number_of(s, number);
	spoil_cell(c, g_strdup_printf("%c%c%.*sE+10", *number, pick(s->rand, 2) ? '.' : ',', digits, number + 1), NULL);
	return true;
}

static inline bool check_digit(const struct spoil *s, struct cell *c)
{
	char number[12];

	number_of(s, number);
	do
		number[pick(s->rand, 10) + 1] = (char)('0' + pick(s->rand, 10));
	while (is_right(number));
	spoil_cell(c, g_strdup(number), NULL);
	c->type = pick(s->rand, 2) ? NUMBER : TEXT;
	return true;
}

static inline bool swapped(const struct spoil *s, struct cell *c)
{
	char number[12];
	guint at = pick(s->rand, 10);

	number_of(s, number);
	char kept = number[at];
	number[at] = number[at + 1];
	number[at + 1] = kept;
	if (is_right(number) || *number == '0')
		return false;
	spoil_cell(c, g_strdup(number), NULL);
	return true;
}

static inline bool short_number(const struct spoil *s, struct cell *c)
{
	char number[12];

	number_of(s, number);
	spoil_cell(c, g_strndup(number, 1 + pick(s->rand, 10)), NULL);
	c->type = pick(s->rand, 2) ? NUMBER : TEXT;
	return true;
}

static inline bool two_numbers(const struct spoil *s, struct cell *c)
{
	static const char *const between[] = { "", " ", " / ", "\n" };
	char number[12];

	number_of(s, number);
	spoil_cell(c, g_strdup_printf("%s%s%s", number, PICK(s->rand, between), number), NULL);
	return true;
}

/* The letter O for a nought, the letter l for a one, a word. */
static inline bool letters(const struct spoil *s, struct cell *c)
{
	char number[12];

	number_of(s, number);
	guint at = pick(s->rand, 11);
	number[at] = "OlIx?"[pick(s->rand, 5)];
	spoil_cell(c, g_strdup(number), NULL);
	return true;
}

/* ---- names ---- */

static inline bool digit_in_name(const struct spoil *s, struct cell *c)
{
	char *fact = g_strdup_printf("%s%u", c->fact, pick(s->rand, 10));

	spoil_cell(c, g_strdup(fact), fact);
	return true;
}

static inline bool address_as_name(const struct spoil *s, struct cell *c)
{
	spoil_cell(c, g_strdup("deneme@kurum.test"), g_strdup("deneme@kurum.test"));
	return true;
}

static inline bool one_word(const struct spoil *s, struct cell *c)
{
	spoil_cell(c, g_strdup("Deneme"), g_strdup("Deneme"));
	return true;
}

static inline bool title_before(const struct spoil *s, struct cell *c)
{
	static const char *const before[] = { "Dr. ", "Prof. Dr. ", "Doç.Dr. ", "PROF.DR.", "Öğr. Gör. " };
	char *fact = g_strdup(c->fact);

	spoil_cell(c, g_strconcat(PICK(s->rand, before), fact, NULL), fact);
	return true;
}

/* Three words without capitals: nobody knows where the family name begins. */
static inline bool three_words(const struct spoil *s, struct cell *c)
{
	static const char *const names[] = { "Deneme Ali Bir", "Test Örnek Üç", "deneme bir iki" };
	const char *name = PICK(s->rand, names);

	spoil_cell(c, g_strdup(name), g_strdup(name));
	return true;
}

/* Signs that nobody sees are no part of a name. */
static inline bool unseen_in_name(const struct spoil *s, struct cell *c)
{
	static const char *const unseen[] = { "\xc2\xad", "\xe2\x80\x8b", "\xe2\x80\x8e", "\xef\xbb\xbf" };
	char *fact = g_strdup(c->fact);
	const char *second = g_utf8_next_char(fact);

	spoil_cell(c, g_strdup_printf("%.*s%s%s", (int)(second - fact), fact, PICK(s->rand, unseen), second), fact);
	return true;
}

/* ---- dates ---- */

static inline bool no_such_day(const struct spoil *s, struct cell *c)
{
	static const char *const days[] = { "31.02.", "30/02/", "31-04-", "29.02.", "00.05.", "15.13.", "12.00.", "32.01." };

	spoil_cell(c, g_strdup_printf("%s%u", PICK(s->rand, days), 1951 + 4 * pick(s->rand, 12)), NULL);
	return true;
}

static inline bool past_end(const struct spoil *s, struct cell *c)
{
	guint year = 2015 + pick(s->rand, 11);

	spoil_cell(c, g_strdup_printf("15.%02u.%u", pick(s->rand, 10) + 1, year), NULL);
	c->fact = g_strdup_printf("%u-%.2s-15", year, c->text + 3);
	return true;
}

/* ---- addresses ---- */

static inline bool blank_in_address(const struct spoil *s, struct cell *c)
{
	char *fact = g_strdup(c->fact);
	int at = (int)strcspn(fact, "@") + (int)pick(s->rand, 2);

	spoil_cell(c, g_strdup_printf("%.*s %s", at, fact, fact + at), fact);
	return true;
}

/* Nobody knows whether the name goes on behind it. */
static inline bool blank_in_name_of_address(const struct spoil *s, struct cell *c)
{
	int at = 1 + (int)pick(s->rand, 3);

	spoil_cell(c, g_strdup_printf("%.*s %s", at, c->fact, c->fact + at), NULL);
	return true;
}

static inline bool dressed_address(const struct spoil *s, struct cell *c)
{
	static const char *const shapes[][2] = { { "<", ">" }, { "mailto:", "" }, { "", "," }, { "", ";" }, { "", "." }, { "< ", " >" } };
	char *fact = g_strdup(c->fact);
	const char *const *shape = PICK(s->rand, shapes);

	spoil_cell(c, g_strconcat(shape[0], fact, shape[1], NULL), fact);
	return true;
}

static inline bool foreign_address(const struct spoil *s, struct cell *c)
{
	static const char *const domains[] = { "posta.test", "kurum.test.posta.test", "xkurum.test", "kurum.tes" };
	char *fact = g_strdup_printf("deneme%u@%s", pick(s->rand, 100), PICK(s->rand, domains));

	spoil_cell(c, g_strdup(fact), fact);
	return true;
}

static inline bool two_addresses(const struct spoil *s, struct cell *c)
{
	static const char *const between[] = { " ", ", ", ";", "\n", " / " };
	const char *gap = PICK(s->rand, between);

	spoil_cell(c, g_strdup_printf("deneme@kurum.test%stest@kurum.test", gap), NULL);
	return true;
}

/* ---- what is asked for ---- */

static inline struct cell *other_cell(const struct spoil *s, enum heading_field field)
{
	for (guint i = 0; i < s->list->n_columns && i < s->row->len; i++)
		if (s->list->columns[i] == field)
			return CELL_AT(s->row, i);
	return NULL;
}

static inline bool is_kind(const struct spoil *s, const char *kind)
{
	const struct cell *c = other_cell(s, HEADING_KIND);

	return c && !g_strcmp0(c->fact, kind);
}

/* A program on the way did not know the letter. */
static inline bool letters_lost(const struct spoil *s, struct cell *c)
{
	spoil_cell(c, g_strdup("Fen Fak\xef\xbf\xbdltesi"), g_strdup("Fen Fak\xef\xbf\xbdltesi"));
	return true;
}

/* A foreigner's certificate lasts one year. */
static inline bool years_of_foreigner(const struct spoil *s, struct cell *c)
{
	struct cell *who = other_cell(s, HEADING_TCKN);
	char number[12];

	g_snprintf(number, sizeof number, "99%07u", pick(s->rand, 10000000));
	put_check_digits(number);
	spoil_cell(who, g_strdup(number), g_strdup(number));
	spoil_cell(c, g_strdup(pick(s->rand, 2) ? "3" : "2 yıl"), g_strdup("1"));
	return true;
}

static inline bool lost(const struct spoil *s, struct cell *c)
{
	static const char *const words[] = { "2", "Kayıp/Çalıntı", "KAYIP", "çalıntı", "2 - Kayıp", "Kayıp veya Çalıntı" };

	spoil_cell(c, g_strdup(PICK(s->rand, words)), g_strdup("lost"));
	return true;
}

static inline bool renewal_expired(const struct spoil *s, struct cell *c)
{
	return is_kind(s, "renewal") && past_end(s, c);
}

static inline bool first_with_end(const struct spoil *s, struct cell *c)
{
	return is_kind(s, "first") && past_end(s, c);
}

static inline bool renewal_with_reader(const struct spoil *s, struct cell *c)
{
	if (!is_kind(s, "renewal"))
		return false;
	bool mini = pick(s->rand, 2);
	spoil_cell(c, g_strdup(mini ? "1" : "Masaüstü"), g_strdup(mini ? "mini" : "desktop"));
	return true;
}

/* ---- rows ---- */

/* What is read where a cell says nothing. */
static inline char *nothing_said(enum heading_field field)
{
	return field == HEADING_BACKUP ? g_strdup("no") : NULL;
}

/* A cell that was there and is not, in a form that has the column. */
static inline void be_absent(struct cell *c, enum heading_field field)
{
	static const char *const codes[HEADING_COUNT] = {
		[HEADING_TCKN] = "tckn_missing", [HEADING_GIVEN_NAME] = "name_missing", [HEADING_FAMILY_NAME] = "name_missing",
		[HEADING_FULL_NAME] = "name_missing", [HEADING_EMAIL] = "email_missing", [HEADING_KIND] = "kind_missing",
	};

	spoil_cell(c, g_strdup(""), nothing_said(field));
	c->code = field < HEADING_COUNT ? codes[field] : NULL;
}

/* Somebody must be left in the row. */
static inline bool names_somebody(const struct spoil *s, guint from, guint to)
{
	for (guint i = 0; i < s->row->len; i++) {
		enum heading_field f = s->list->columns[i];
		bool who = f == HEADING_TCKN || f == HEADING_GIVEN_NAME || f == HEADING_FAMILY_NAME || f == HEADING_FULL_NAME ||
			f == HEADING_EMAIL;
		if (who && (i < from || i >= to))
			return true;
	}
	return false;
}

/* That cell is the last. */
static inline bool cut_short(const struct spoil *s, struct cell *c)
{
	if (s->column + 1 == s->row->len || !names_somebody(s, s->column + 1, s->row->len))
		return false;
	g_array_set_size(s->row, s->column + 1);
	return true;
}

static inline bool merged(const struct spoil *s, struct cell *c)
{
	if (!s->column || CELL_AT(s->row, s->column - 1)->covered || !names_somebody(s, s->column, s->column + 1))
		return false;
	be_absent(c, s->list->columns[s->column]);
	c->covered = true;
	return true;
}

static inline bool hidden_row(const struct spoil *s, struct cell *c)
{
	CELL_AT(s->row, 0)->row_hidden = true;
	return true;
}

/* ---- all of them ---- */

static const struct fault faults[] = {
	{ "no number", HEADING_TCKN, "tckn_missing", TEXTS("", "-", "None", "Belirtilmemiş", " ") },
	{ "a word as number", HEADING_TCKN, "tckn_not_number", TEXTS("sonra verilecek", "pasaport U1234567", "12345x", "№ 12") },
	{ "a letter in the number", HEADING_TCKN, "tckn_not_number", NULL, letters },
	{ "a short number", HEADING_TCKN, "tckn_length", NULL, short_number },
	{ "two numbers", HEADING_TCKN, "tckn_length", NULL, two_numbers },
	{ "digits lost", HEADING_TCKN, "tckn_digits_lost", NULL, digits_lost },
	{ "wrong digit", HEADING_TCKN, "tckn_check_digit", NULL, check_digit },
	{ "noughts", HEADING_TCKN, "tckn_check_digit", TEXTS("00000000000", "11111111111", "12345678901", "01234567890") },
	{ "swapped digits", HEADING_TCKN, "tckn_check_digit", NULL, swapped },
	{ "blanks in the number", HEADING_TCKN, "tckn_blanks", NULL, blanks_inside },
	{ "no given name", HEADING_GIVEN_NAME, "name_missing", TEXTS("", "-", "None") },
	{ "no family name", HEADING_FAMILY_NAME, "name_missing", TEXTS("", ".", "Belirtilmemiş") },
	{ "no name", HEADING_FULL_NAME, "name_missing", TEXTS("", "-", "None") },
	{ "one word", HEADING_FULL_NAME, "name_missing", NULL, one_word },
	{ "digit in given name", HEADING_GIVEN_NAME, "name_invalid", NULL, digit_in_name },
	{ "digit in family name", HEADING_FAMILY_NAME, "name_invalid", NULL, digit_in_name },
	{ "digit in name", HEADING_FULL_NAME, "name_invalid", NULL, digit_in_name },
	{ "address as given name", HEADING_GIVEN_NAME, "name_invalid", NULL, address_as_name },
	{ "address as family name", HEADING_FAMILY_NAME, "name_invalid", NULL, address_as_name },
	{ "title before given name", HEADING_GIVEN_NAME, "name_title", NULL, title_before },
	{ "title before name", HEADING_FULL_NAME, "name_title", NULL, title_before },
	{ "three words", HEADING_FULL_NAME, "name_split", NULL, three_words },
	{ "unseen signs in given name", HEADING_GIVEN_NAME, NULL, NULL, unseen_in_name },
	{ "unseen signs in family name", HEADING_FAMILY_NAME, NULL, NULL, unseen_in_name },
	{ "no such day", HEADING_BIRTH_DATE, "birth_date_invalid", NULL, no_such_day },
	{ "two-digit year", HEADING_BIRTH_DATE, "birth_date_invalid", TEXTS("01.02.80", "1/2/80", "5-6-75", "3 Mart 80") },
	{ "a word as date", HEADING_BIRTH_DATE, "birth_date_invalid", TEXTS("bilmem", "1980", "01.1980", "31 Şubat 1980", "01.02.198O") },
	{ "a child", HEADING_BIRTH_DATE, "birth_date_invalid", TEXTS("01.02.2020", "31.12.2025", "01.01.2030") },
	{ "month before day", HEADING_BIRTH_DATE, "birth_date_invalid", TEXTS("01/31/1980", "12/13/1980") },
	{ "no address", HEADING_EMAIL, "email_missing", TEXTS("", "-", "None", "Belirtilmemiş") },
	{ "a word as address", HEADING_EMAIL, "email_invalid", TEXTS("açılacak", "deneme", "@kurum.test", "deneme@", "deneme@kurum", "a@@kurum.test") },
	{ "Turkish letters in address", HEADING_EMAIL, "email_invalid", TEXTS("şule@kurum.test", "deneme@kürum.test", "IĞDIR@kurum.test", "ı@kurum.test") },
	{ "two addresses", HEADING_EMAIL, "email_invalid", NULL, two_addresses },
	{ "foreign address", HEADING_EMAIL, "email_domain", NULL, foreign_address },
	{ "blank in address", HEADING_EMAIL, "email_repaired", NULL, blank_in_address },
	{ "blank in the name of an address", HEADING_EMAIL, "email_invalid", NULL, blank_in_name_of_address },
	{ "dressed address", HEADING_EMAIL, "email_repaired", NULL, dressed_address },
	{ "wrong phone", HEADING_PHONE, "phone_invalid", TEXTS("12345", "0212 555 55 55", "0555 555 55 5", "0555 555 55 555", "iç hat") },
	{ "phone lost digits", HEADING_PHONE, "phone_invalid", TEXTS("5,5512345E+09", "5.5512345E+09") },
	{ "words in phone", HEADING_PHONE, "phone_invalid", TEXTS("0555 555 55 55 dahili", "O555 555 55 55 x", "0555 555 55 55 (eşi Ali)") },
	{ "no kind", HEADING_KIND, "kind_missing", TEXTS("", "-", "None") },
	{ "unknown kind", HEADING_KIND, "kind_unknown", TEXTS("bilmem", "7", "0", "yenilme", "1 - Yenileme", "1,3") },
	{ "lost or stolen", HEADING_KIND, "kind_person_paid", NULL, lost },
	{ "unknown reader", HEADING_READER, "reader_unknown", TEXTS("bilmem", "9", "kablosuz", "3 - Mini") },
	{ "unknown years", HEADING_YEARS, "years_unknown", TEXTS("5", "çok", "0", "2-3") },
	{ "letters lost", HEADING_UNIT, "charset_unknown", NULL, letters_lost },
	{ "years of a foreigner", HEADING_YEARS, "years_foreigner", NULL, years_of_foreigner },
	{ "unknown backup", HEADING_BACKUP, "backup_unknown", TEXTS("belki", "bilmem", "7") },
	{ "wrong end date", HEADING_EXPIRES, "expires_invalid", NULL, no_such_day },
	{ "a word as end date", HEADING_EXPIRES, "expires_invalid", TEXTS("dolmadı", "01.02.27", "2027", "02/2027") },
	{ "renewal of an ended certificate", HEADING_EXPIRES, "renewal_but_expired", NULL, renewal_expired },
	{ "first with end date", HEADING_EXPIRES, "first_with_end_date", NULL, first_with_end },
	{ "renewal with reader", HEADING_READER, "renewal_with_reader", NULL, renewal_with_reader },
	{ "row cut short", HEADING_UNKNOWN, NULL, NULL, cut_short },
	{ "merged cell", HEADING_UNKNOWN, NULL, NULL, merged },
	{ "hidden row", HEADING_UNKNOWN, NULL, NULL, hidden_row },
};

static inline void say_instead(const struct fault *f, GRand *r, struct cell *c)
{
	guint n = g_strv_length((char **)f->texts);

	spoil_cell(c, g_strdup(f->texts[pick(r, n)]), nothing_said(f->field));
}

/* False: it does not fit this row. */
static inline bool spoil_with(const struct fault *f, const struct spoil *s)
{
	struct cell *c = CELL_AT(s->row, s->column);

	if (f->field != HEADING_UNKNOWN && s->list->columns[s->column] != f->field)
		return false;
	if (f->texts)
		say_instead(f, s->rand, c);
	else if (!f->how(s, c))
		return false;
	c->code = f->code ? f->code : c->code;
	c->fault = f->name;
	return true;
}

/* One fault, anywhere in the row. The index in `faults`. */
static inline guint spoil_row(GRand *r, struct list *l, GArray *row)
{
	for (;;) {
		guint f = pick(r, G_N_ELEMENTS(faults));
		guint column = pick(r, l->n_columns);

		for (guint i = 0; i < l->n_columns && faults[f].field != HEADING_UNKNOWN; i++)
			column = l->columns[i] == faults[f].field ? i : column;
		struct spoil s = { r, l, row, column };
		if (spoil_with(&faults[f], &s))
			return f;
	}
}
