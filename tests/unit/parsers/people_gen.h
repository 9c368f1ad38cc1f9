/* people_gen: lists of people for property tests, made from a seed. Header only.
 *
 * A list is what stands in a sheet: lines above the table, a header row, people. Columns, their order, the words of the headings
 * and their spelling, numbers as text or number, shapes of dates and codes as number or word differ from list to list.
 * Each cell knows what it says (`fact`, as facts.h has it) and the complaint that belongs to it, so that a test need
 * not ask the reader for the truth. spoil.h makes right cells wrong.
 */
#pragma once
#include "parsers/headings.h"
#include <string.h>

enum { PEOPLE = 40, EMPTY_COLUMNS = 2, COLUMNS_MAX = HEADING_COUNT + EMPTY_COLUMNS };

enum type { TEXT, NUMBER, DATE };
struct cell {
	char *text; /* of a date too */
	enum type type;
	guint day, month, year;
	char *fact;       /* NULL: says nothing */
	const char *code; /* NULL: nothing is wrong with it */
	const char *fault; /* a word for the person who reads a failed test */
	bool covered;     /* merged with the cell to its left */
	bool row_hidden;  /* of a row's first cell */
};
struct list {
	GPtrArray *rows; /* GArray of struct cell */
	guint header;    /* index of the header row */
	enum heading_field columns[COLUMNS_MAX]; /* HEADING_UNKNOWN: a column that is none of ours */
	guint n_columns;
	const char *numbering; /* heading of such columns, which number the rows; "": they are empty */
	const char *unit, *ticket; /* of the lines above the table */
};

#define EACH(list, r, row) for (guint r = 0; r < (list)->rows->len; r++) for (GArray *row = (list)->rows->pdata[r]; row; row = NULL)
#define CELL_AT(row, i) (&g_array_index(row, struct cell, i))

static inline guint pick(GRand *r, guint n)
{
	return (guint)g_rand_int_range(r, 0, (gint32)n);
}

#define PICK(r, array) ((array)[pick(r, G_N_ELEMENTS(array))])

/* ---- cells and rows ---- */

static inline void clear_cell(void *p)
{
	g_free(((struct cell *)p)->text);
	g_free(((struct cell *)p)->fact);
}

static inline GArray *add_row(struct list *l)
{
	GArray *row = g_array_new(FALSE, TRUE, sizeof(struct cell));

	g_array_set_clear_func(row, clear_cell);
	g_ptr_array_add(l->rows, row);
	return row;
}

/* Takes `text`. */
static inline struct cell *add_cell(GArray *row, char *text, const char *fact)
{
	struct cell c = { .text = text, .fact = g_strdup(fact) };

	g_array_append_val(row, c);
	return CELL_AT(row, row->len - 1);
}

static inline void add_text(GArray *row, const char *text)
{
	add_cell(row, g_strdup(text), NULL);
}

/* ---- headings ---- */

/* Every heading that was seen in real forms. */
static const char *const seen_headings[HEADING_COUNT][13] = {
	[HEADING_TCKN] = { "Kimlik No", "T.C. Kimlik No", "TC Kimlik No", "TC Kimlik No Açık", "TC", "TC no", "T.C. kimlik numarası" },
	[HEADING_GIVEN_NAME] = { "Ad", "Adı", "İsim" },
	[HEADING_FAMILY_NAME] = { "Soyad", "Soyadı", "Soyisim" },
	[HEADING_FULL_NAME] = { "Ad Soyad", "Adı Soyadı", "Ad, soyad", "kişi adı ve soyadı" },
	[HEADING_BIRTH_DATE] = { "Doğum Tarihi", "Doğum Tarihi\n(GG/AA/YYYY)", "Doğum tarihi (gün, ay, yıl)", "doğum tarihi g/a/y" },
	[HEADING_EMAIL] = { "Kurumsal E-posta", "Kullanıcı Mail", "E-posta", "Email", "Kurumsal Mail", "Kurum E-Posta",
			    "Kurumsal E-posta adresi", "mail adresi" },
	[HEADING_PHONE] = { "Cep telefonu", "Cep telefon numarası", "GSM", "GSM numarası" },
	[HEADING_UNIT] = { "Çalıştığı Kurum-Birim", "Çalıştığı Birim", "Çalıştığı Kurum Birimi", "Birim", "Departman",
			   "çalışılan birim/bölüm" },
	[HEADING_TITLE] = { "Ünvan", "Unvan" },
	[HEADING_POST] = { "idari görev", "İdari görevi" },
	[HEADING_STAFF_NO] = { "Sicil", "Kurum Sicil No" },
	[HEADING_KIND] = { "Başvuru Türü", "Başvuru Tipi", "BAŞVURU NEDENİ", "başvuru şekli" },
	[HEADING_READER] = { "Akıllı Kart Okuyucu Türü", "Kart Okuyucu Türü", "Kart Okuyucu Tipi" },
	[HEADING_BACKUP] = { "Yedek", "Yedek mi?" },
	[HEADING_YEARS] = { "NES süresi", "Sertifika Süresi" },
	[HEADING_PAYMENT] = { "Ödeme Şekli" },
	[HEADING_EXPIRES] = { "NES Bitim Tarihi", "NES Bitiş Tarihi", "Sertifika Bitiş Tarihi" },
	[HEADING_NOTE] = { "Not (Ek Bilgi)", "Açıklama" },
};

static inline void replace(GString *s, const char *from, const char *to)
{
	g_string_replace(s, from, to, 0);
}

/* By the Turkish rule, or by the English one that many programs have. */
static inline void change_case(GString *s, bool turkish, char *(*change)(const char *, gssize))
{
	if (turkish) {
		bool up = change == g_utf8_strup;
		replace(s, up ? "i" : "I", up ? "İ" : "ı");
		replace(s, up ? "ı" : "İ", up ? "I" : "i");
	}
	g_autofree char *changed = change(s->str, -1);
	g_string_assign(s, changed);
}

static inline char *spell_heading(GRand *r, const char *word)
{
	static const char *const blanks[] = { "\n", "  ", "_", "-", " / ", ". " }, *const ends[] = { "*", " *", ":", " :", "\n", " ", "." };
	GString *s = g_string_new(word);

	switch (pick(r, 5)) {
	case 0: change_case(s, true, g_utf8_strup); break;
	case 1: change_case(s, false, g_utf8_strup); break;
	case 2: change_case(s, true, g_utf8_strdown); break;
	default: break;
	}
	if (!pick(r, 4))
		replace(s, " ", PICK(r, blanks));
	if (!pick(r, 4))
		g_string_append(s, PICK(r, ends));
	if (!pick(r, 10))
		g_string_prepend(s, "* ");
	return g_string_free(s, FALSE);
}

static inline void add_heading(GRand *r, const struct list *l, GArray *row, enum heading_field field)
{
	guint n = 0;

	if (field == HEADING_UNKNOWN) {
		add_text(row, l->numbering);
		return;
	}
	while (seen_headings[field][n])
		n++;
	add_cell(row, spell_heading(r, seen_headings[field][pick(r, n)]), NULL);
}

/* ---- who ---- */

static inline void put_check_digits(char text[12])
{
	int odd = 0, even = 0;

	for (int i = 0; i < 9; i++)
		*(i % 2 ? &even : &odd) += text[i] - '0';
	int tenth = ((odd * 7 - even) % 10 + 10) % 10;
	text[9] = (char)('0' + tenth);
	text[10] = (char)('0' + (odd + even + tenth) % 10);
	text[11] = '\0';
}

static inline void add_tckn(GRand *r, GArray *row)
{
	static const char *const shapes[] = { "%s", "%s", "%s", "%s.0", " %s ", "'%s", "\xc2\xa0%s", "%s,00" };
	char n[12];

	for (int i = 0; i < 9; i++)
		n[i] = (char)('0' + pick(r, 10));
	n[0] = (char)('1' + pick(r, 8)); /* from 99 on they are foreigners', whose certificates last one year */
	put_check_digits(n);
	const char *shape = PICK(r, shapes);
	GString *text = g_string_new(shape);
	replace(text, "%s", n);
	add_cell(row, g_string_free(text, FALSE), n)->type = *shape == '%' && !shape[2] && pick(r, 2) ? NUMBER : TEXT;
}

/* What stands in a cell, and what it says. */
struct word { const char *text, *fact; };

static const struct word given_names[] = {
	{ "Deneme", "Deneme" }, { "Test", "Test" }, { "Örnek", "Örnek" }, { " ŞABLON", "ŞABLON" }, { "Deneme  Ğül", "Deneme Ğül" },
	{ "TEST ILGIN", "TEST ILGIN" }, { "deneme\xc2\xa0", "deneme" }, { "Ölçü-Test", "Ölçü-Test" }, { "Test'i", "Test'i" },
};
static const struct word family_names[] = {
	{ "Bir", "Bir" }, { "İki", "İki" }, { "Üç ", "Üç" }, { "Dört", "Dört" }, { "BEŞ", "BEŞ" }, { "ALTI", "ALTI" }, { "yedi", "yedi" },
};
static const struct word units[] = {
	{ "", NULL }, { "Fen Fakültesi", "Fen Fakültesi" }, { "BİLGİ İŞLEM", "BİLGİ İŞLEM" }, { " Ölçme / Değerlendirme", "Ölçme / Değerlendirme" },
};
static const struct word titles[] = { { "", NULL }, { "Memur", "Memur" }, { "Doç.", "Doç." }, { "Şef ", "Şef" } };
static const struct word staff_nos[] = { { "", NULL }, { "12345", "12345" }, { "A-0071", "A-0071" }, { "00907", "00907" } };
static const struct word readers[] = {
	{ "1", "mini" }, { "2", "desktop" }, { "3", "none" }, { "Mini", "mini" }, { "MASAÜSTÜ", "desktop" }, { "istenmiyor", "none" },
	{ "1 - Mini", "mini" }, { "", NULL }, { "-", NULL },
};
static const struct word firsts[] = { { "1", "first" }, { "İlk Başvuru", "first" }, { "ILK BASVURU", "first" }, { "1-İlk Başvuru", "first" } };
static const struct word renewals[] = { { "3", "renewal" }, { "YENİLEME", "renewal" }, { "yenileme ", "renewal" }, { "3 - Yenileme", "renewal" } };
static const struct word others[] = { { "4", "other" }, { "Diğer", "other" }, { "DİĞER", "other" } };
static const struct word backups[] = { { "", "no" }, { "Evet", "yes" }, { "HAYIR", "no" }, { "Var", "yes" }, { "-", "no" } };
static const struct word years[] = { { "", NULL }, { "1", "1" }, { "2 yıl", "2" }, { "3", "3" }, { "Üç", "3" } };
static const struct word payments[] = { { "", NULL }, { "Kurum", NULL }, { "KURUM ÖDEMELİ", NULL } };
static const struct word notes[] = {
	{ "", NULL }, { "acele", "acele" }, { "a;b, \"c\"\td", "a;b, \"c\" d" }, { "iki\nsatır", "iki satır" }, { "=1+1", "=1+1" },
	{ "<b>&amp;</b>", "<b>&amp;</b>" }, { "'x", "'x" }, { "sep=;", "sep=;" }, { "Belirtilmemiş", NULL },
};

static inline struct cell *add_word(GArray *row, const struct word *w)
{
	bool number = *w->text > '0' && *w->text <= '9' && strspn(w->text, "0123456789") == strlen(w->text);
	struct cell *c = add_cell(row, g_strdup(w->text), w->fact);

	c->type = number ? NUMBER : TEXT;
	return c;
}

#define ADD_WORD(r, row, words) add_word(row, &PICK(r, words))

/* A name of one word each: where it is written in one cell nothing is left to be doubted. */
static inline void add_full_name(GRand *r, GArray *row)
{
	static const char *const given[] = { "Deneme", "TEST", "Örnek", "ŞABLON" }, *const family[] = { "Bir", "İKİ", "Üç", "DÖRT" };
	g_autofree char *name = g_strdup_printf("%s %s", PICK(r, given), PICK(r, family));

	add_cell(row, g_strdup_printf(pick(r, 4) ? "%s" : " %s\xc2\xa0", name), name);
}

static inline void add_email(GRand *r, GArray *row)
{
	static const char *const shapes[] = { "%s%u@kurum.test", "%s.%u@kurum.test", "%s_%u@kurum.test", " %s-%u@kurum.test " };
	static const char *const names[] = { "deneme", "Test", "ORNEK" };
	GString *text = g_string_new(PICK(r, shapes));
	g_autofree char *n = g_strdup_printf("%u", pick(r, 1000));

	replace(text, "%s", PICK(r, names));
	replace(text, "%u", n);
	g_autofree char *fact = g_ascii_strdown(text->str, -1);
	add_cell(row, g_string_free(text, FALSE), g_strstrip(fact));
}

static inline void add_phone(GRand *r, GArray *row)
{
	static const char *const leads[] = { "0", "+90 ", "90", "", "0090 " };
	guint a = 500 + pick(r, 60), b = pick(r, 1000), c = pick(r, 100), d = pick(r, 100);
	g_autofree char *fact = g_strdup_printf("+90 %03u %03u %02u %02u", a, b, c, d);
	const char *lead = PICK(r, leads);

	switch (pick(r, 4)) {
	case 0: add_text(row, ""); break;
	case 1: add_cell(row, g_strdup_printf("%s(%03u) %03u %02u %02u", lead, a, b, c, d), fact); break;
	case 2: add_cell(row, g_strdup_printf("%s%03u-%03u-%02u-%02u", lead, a, b, c, d), fact); break;
	default: add_cell(row, g_strdup_printf("%s%03u%03u%02u%02u", lead, a, b, c, d), fact); break;
	}
}

/* ---- dates ---- */

struct day { guint day, month, year; };

static inline void add_day(GRand *r, GArray *row, struct day d)
{
	static const char *const months[] = { "Ocak", "ŞUBAT", "mart", "Nisan", "Mayıs", "haziran", "Temmuz", "Ağustos", "EYLÜL", "ekim",
					      "Kasım", "aralık" };
	g_autofree char *iso = g_strdup_printf("%04u-%02u-%02u", d.year, d.month, d.day);
	static const char *const shapes[] = { "%02u.%02u.%04u", "%u/%u/%u", "%02u-%02u-%04u", "%u.%u.%u", "%02u/%02u/%04u 00:00:00" };
	struct cell c = { .day = d.day, .month = d.month, .year = d.year };

	switch (pick(r, 5)) {
	case 0: c.text = g_strdup(iso); break;
	case 1: c.text = g_strdup_printf("%u %s %u", d.day, months[d.month - 1], d.year); break;
	case 2:
		c.type = DATE;
		c.text = g_strdup_printf("%02u.%02u.%04u", d.day, d.month, d.year);
		break;
	default: {
		GString *text = g_string_new(NULL);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		g_string_printf(text, PICK(r, shapes), d.day, d.month, d.year);
#pragma GCC diagnostic pop
		c.text = g_string_free(text, FALSE);
	}
	}
	c.fact = g_steal_pointer(&iso);
	g_array_append_val(row, c);
}

static inline void add_no_day(GRand *r, GArray *row)
{
	static const char *const words[] = { "", "-", "01.01.1900", "Belirtilmemiş", "None" };

	add_text(row, PICK(r, words));
}

static inline void add_birth_date(GRand *r, GArray *row)
{
	if (pick(r, 6))
		add_day(r, row, (struct day){ pick(r, 28) + 1, pick(r, 12) + 1, 1950 + pick(r, 50) });
	else
		add_no_day(r, row);
}

/* ---- a person ---- */

static inline void add_number(const struct list *l, GArray *row)
{
	guint number = l->rows->len - 1 - l->header;

	add_cell(row, *l->numbering ? g_strdup_printf("%u", number) : g_strdup(""), NULL)->type = *l->numbering ? NUMBER : TEXT;
}

/* What does not contradict: a renewal has no reader, a first application no end date, and no certificate has ended. */
static inline void add_field(GRand *r, GArray *row, enum heading_field field, guint kind)
{
	static const struct word no_reader[] = { { "3", "none" }, { "İstenmiyor", "none" }, { "", NULL }, { "yok", "none" } };

	switch (field) {
	case HEADING_TCKN: add_tckn(r, row); break;
	case HEADING_GIVEN_NAME: ADD_WORD(r, row, given_names); break;
	case HEADING_FAMILY_NAME: ADD_WORD(r, row, family_names); break;
	case HEADING_FULL_NAME: add_full_name(r, row); break;
	case HEADING_BIRTH_DATE: add_birth_date(r, row); break;
	case HEADING_EMAIL: add_email(r, row); break;
	case HEADING_PHONE: add_phone(r, row); break;
	case HEADING_UNIT: ADD_WORD(r, row, units); break;
	case HEADING_TITLE: ADD_WORD(r, row, titles); break;
	case HEADING_STAFF_NO: ADD_WORD(r, row, staff_nos); break;
	case HEADING_KIND: kind == 0 ? ADD_WORD(r, row, firsts) : kind == 1 ? ADD_WORD(r, row, renewals) : ADD_WORD(r, row, others); break;
	case HEADING_READER: kind == 1 ? ADD_WORD(r, row, no_reader) : ADD_WORD(r, row, readers); break;
	case HEADING_BACKUP: ADD_WORD(r, row, backups); break;
	case HEADING_YEARS: ADD_WORD(r, row, years); break;
	case HEADING_PAYMENT: ADD_WORD(r, row, payments); break;
	case HEADING_NOTE: ADD_WORD(r, row, notes); break;
	case HEADING_EXPIRES:
		if (kind && pick(r, 2))
			add_day(r, row, (struct day){ pick(r, 28) + 1, pick(r, 12) + 1, 2027 + pick(r, 3) });
		else
			add_no_day(r, row);
		break;
	default: add_text(row, ""); break;
	}
}

static inline void add_person(GRand *r, struct list *l)
{
	GArray *row = add_row(l);
	guint kind = pick(r, 3);

	for (guint i = 0; i < l->n_columns; i++)
		l->columns[i] == HEADING_UNKNOWN ? add_number(l, row) : add_field(r, row, l->columns[i], kind);
}

/* Nobody: an empty line, or one that has its number already. */
static inline void add_nobody(struct list *l)
{
	GArray *row = add_row(l);

	for (guint i = 0; i < l->n_columns && l->columns[i] == HEADING_UNKNOWN; i++)
		add_number(l, row);
	add_text(row, "");
}

static inline bool is_nobody(const struct list *l, const GArray *row)
{
	for (guint i = 0; i < row->len; i++)
		if (l->columns[i] != HEADING_UNKNOWN && *CELL_AT(row, i)->text)
			return false;
	return true;
}

/* ---- a list ---- */

static inline void choose_columns(GRand *r, struct list *l)
{
	bool one_name = !pick(r, 3);

	for (int f = 0; f < HEADING_COUNT; f++) {
		bool name = f == HEADING_GIVEN_NAME || f == HEADING_FAMILY_NAME;
		bool always = f == HEADING_TCKN || f == HEADING_EMAIL || (name && !one_name) || (f == HEADING_FULL_NAME && one_name);
		if (always || (!name && f != HEADING_FULL_NAME && pick(r, 4)))
			l->columns[l->n_columns++] = (enum heading_field)f;
	}
	for (guint i = pick(r, EMPTY_COLUMNS + 1); i--;)
		l->columns[l->n_columns++] = HEADING_UNKNOWN;
	for (guint i = l->n_columns - 1; i > 0; i--) {
		guint k = pick(r, i + 1);
		enum heading_field kept = l->columns[i];
		l->columns[i] = l->columns[k];
		l->columns[k] = kept;
	}
}

static inline void add_banner(GRand *r, struct list *l)
{
	switch (pick(r, 5)) {
	case 0:
		add_text(add_row(l), "Birim: Fen, Edebiyat Fakültesi");
		l->unit = "Fen, Edebiyat Fakültesi";
		break;
	case 1: {
		GArray *row = add_row(l);
		add_text(row, "Talep No:");
		add_text(row, "");
		add_text(row, "12345");
		l->ticket = "12345";
		break;
	}
	case 2: add_text(add_row(l), "NİTELİKLİ SERTİFİKA TALEP FORMU"); break;
	case 3: add_text(add_row(l), "Lütfen bütün alanları doldurunuz, boş bırakmayınız."); break;
	default: add_text(add_row(l), ""); break;
	}
}

/* All right. g_ptr_array_unref the rows. */
static inline struct list make_list(GRand *r)
{
	static const char *const numberings[] = { "", "Sıra No", "SIRA", "No", "#" };
	struct list l = { g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref), .numbering = PICK(r, numberings) };

	choose_columns(r, &l);
	for (guint n = pick(r, 6); n--;)
		add_banner(r, &l);
	GArray *row = add_row(&l);
	l.header = l.rows->len - 1;
	for (guint i = 0; i < l.n_columns; i++)
		add_heading(r, &l, row, l.columns[i]);
	for (int p = 0; p < PEOPLE; p++) {
		add_person(r, &l);
		if (!pick(r, 20))
			add_nobody(&l);
	}
	add_nobody(&l);
	return l;
}
