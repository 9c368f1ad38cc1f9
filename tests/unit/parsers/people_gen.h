/* people_gen: lists of people for property tests, made from a seed. Header only.
 *
 * A list is what stands in a sheet: lines above the table, a header, people. Headings, their order and case, numbers as text or
 * number, shapes of dates, codes as number or word differ from list to list.
 */
#pragma once
#include <glib.h>

enum { PEOPLE = 40, FIELDS = 8, COLUMNS = 10 };

enum type { TEXT, NUMBER, DATE };
struct cell { char *text; enum type type; guint day, month, year; };
struct list { GPtrArray *rows; /* GArray of struct cell */ };

static inline guint pick(GRand *r, guint n)
{
	return (guint)g_rand_int_range(r, 0, (gint32)n);
}

/* ---- making a list ---- */

static const char *const words[FIELDS][4] = {
	{ "T.C. Kimlik No", "TC KİMLİK NUMARASI *", "TCKN", "tc no" },
	{ "Ad", "ADI", "İsim", "Adı:" },
	{ "Soyad", "SOYADI", "Soyisim", "soyadı" },
	{ "Doğum Tarihi", "Doğum Tarihi\n(GG/AA/YYYY)", "DOĞUM TARİHİ", "Doğum tarihi (gün, ay, yıl)" },
	{ "Kurumsal E-posta", "E-POSTA", "Email", "Mail Adresi" },
	{ "Başvuru Türü", "BAŞVURU NEDENİ", "Başvuru Tipi", "başvuru şekli" },
	{ "Kart Okuyucu Türü", "Akıllı Kart Okuyucu Türü", "KART OKUYUCU TİPİ", "Okuyucu Türü" },
	{ "Açıklama", "Not (Ek Bilgi)", "NOT", "Açıklamalar" },
};

static inline void clear_cell(void *p)
{
	g_free(((struct cell *)p)->text);
}

static inline GArray *add_row(struct list *l)
{
	GArray *row = g_array_new(FALSE, TRUE, sizeof(struct cell));

	g_array_set_clear_func(row, clear_cell);
	g_ptr_array_add(l->rows, row);
	return row;
}

static inline void add_text(GArray *row, const char *text)
{
	struct cell c = { .text = g_strdup(text) };

	g_array_append_val(row, c);
}

/* Made by the rule of check digits; one in ten is wrong. */
static inline void add_tckn(GRand *r, GArray *row)
{
	int d[11] = { (int)pick(r, 9) + 1 }, odd = d[0], even = 0, sum = 0;
	char text[12] = "";

	for (int i = 1; i < 9; i++) {
		d[i] = (int)pick(r, 10);
		*(i % 2 ? &even : &odd) += d[i];
	}
	d[9] = ((odd * 7 - even) % 10 + 10) % 10;
	for (int i = 0; i < 10; i++)
		sum += d[i];
	d[10] = (sum + !pick(r, 10)) % 10;
	for (int i = 0; i < 11; i++)
		text[i] = (char)('0' + d[i]);
	struct cell c = { .text = g_strdup(text), .type = pick(r, 2) ? NUMBER : TEXT };
	g_array_append_val(row, c);
}

static inline void add_date(GRand *r, GArray *row)
{
	struct cell c = { .type = pick(r, 3) ? DATE : TEXT, .day = pick(r, 28) + 1, .month = pick(r, 12) + 1, .year = 1950 + pick(r, 50) };
	static const char *const others[] = { "", "-", "01.01.1900", "Belirtilmemiş", "31.02.1980" };

	if (!pick(r, 8))
		c = (struct cell){ .text = g_strdup(others[pick(r, G_N_ELEMENTS(others))]) };
	else if (pick(r, 2))
		c.text = g_strdup_printf("%02u.%02u.%04u", c.day, c.month, c.year);
	else
		c.text = g_strdup_printf(pick(r, 2) ? "%u/%u/%u" : "%02u-%02u-%04u", c.day, c.month, c.year);
	g_array_append_val(row, c);
}

static inline void add_code(GRand *r, GArray *row, const char *const *codes, guint n)
{
	struct cell c = { .text = g_strdup(codes[pick(r, n)]) };

	c.type = g_ascii_isdigit(*c.text) && !c.text[1] ? NUMBER : TEXT;
	g_array_append_val(row, c);
}

static inline void add_field(GRand *r, GArray *row, int field)
{
	static const char *const given[] = { "Deneme", "Test", "Örnek", "ŞABLON", "Deneme Ğ.", "" };
	static const char *const family[] = { "Bir", "İki", "Üç", "Dört", "BEŞ", "Altı" };
	static const char *const emails[] = { "deneme.bir@kurum.test", "Test.Iki@kurum.test", "<ornek@kurum.test>", "yok", "" };
	static const char *const kinds[] = { "1", "2", "3", "4", "İlk Başvuru", "YENİLEME", "3 - Yenileme", "bilmem", "" };
	static const char *const readers[] = { "1", "2", "3", "Mini", "Masaüstü", "istenmiyor", "" };
	static const char *const notes[] = { "", "acele", "a;b, \"c\"\td", "iki\nsatır", "=1+1", "<b>&amp;</b>", "'x", "sep=;" };

	switch (field) {
	case 0: add_tckn(r, row); break;
	case 1: add_text(row, given[pick(r, 6)]); break;
	case 2: add_text(row, family[pick(r, 6)]); break;
	case 3: add_date(r, row); break;
	case 4: add_text(row, emails[pick(r, 5)]); break;
	case 5: add_code(r, row, kinds, 9); break;
	case 6: add_code(r, row, readers, 7); break;
	default: add_text(row, notes[pick(r, 8)]); break;
	}
}

static inline struct list make_list(GRand *r)
{
	struct list l = { g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref) };
	static const char *const banners[] = { "", "Birim: Fen, Edebiyat Fakültesi", "Talep No: 12345", "NİTELİKLİ SERTİFİKA TALEP FORMU" };
	int order[COLUMNS]; /* -1: a column without heading */

	for (int i = 0; i < COLUMNS; i++)
		order[i] = i < FIELDS ? i : -1;
	for (guint i = COLUMNS - 1; i > 0; i--) {
		guint k = pick(r, i + 1);
		int kept = order[i];
		order[i] = order[k];
		order[k] = kept;
	}
	for (guint n = pick(r, 4); n--;)
		add_text(add_row(&l), banners[pick(r, 4)]);
	GArray *row = add_row(&l);
	for (int i = 0; i < COLUMNS; i++)
		add_text(row, order[i] < 0 ? "" : words[order[i]][pick(r, 4)]);
	for (int p = 0; p < PEOPLE; p++) {
		row = add_row(&l);
		for (int i = 0; i < COLUMNS && pick(r, 20); i++)
			order[i] < 0 ? add_text(row, "") : add_field(r, row, order[i]);
	}
	return l;
}

#define EACH(list, r, row) for (guint r = 0; r < (list)->rows->len; r++) for (GArray *row = (list)->rows->pdata[r]; row; row = NULL)
#define CELL_AT(row, i) (&g_array_index(row, struct cell, i))
