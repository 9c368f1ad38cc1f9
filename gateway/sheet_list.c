/* sheet_list: see sheet_list.h. */
#include "gateway/sheet_list.h"
#include <string.h>
#include "gateway/sheet.h"

enum cell { CELL_TEXT, CELL_DATE, CELL_WORD, CELL_SWITCH, CELL_NUMBER };
struct column { const char *name; enum cell cell; gsize member; double width; };

#define MEMBER(m) G_STRUCT_OFFSET(struct list_person, m)
static const struct column columns[] = {
	{ "tckn",        CELL_TEXT,   MEMBER(tckn),        17 },
	{ "given_name",  CELL_TEXT,   MEMBER(given_name),  20 },
	{ "family_name", CELL_TEXT,   MEMBER(family_name), 20 },
	{ "birth_date",  CELL_DATE,   MEMBER(birth_date),  15 },
	{ "email",       CELL_TEXT,   MEMBER(email),       34 },
	{ "phone",       CELL_TEXT,   MEMBER(phone),       17 },
	{ "unit",        CELL_TEXT,   MEMBER(unit),        34 },
	{ "title",       CELL_TEXT,   MEMBER(title),       20 },
	{ "expires",     CELL_DATE,   MEMBER(expires),     18 },
	{ "kind",        CELL_WORD,   MEMBER(kind),        30 },
	{ "reader",      CELL_WORD,   MEMBER(reader),      27 },
	{ "backup",      CELL_SWITCH, MEMBER(backup),      10 },
	{ "years",       CELL_NUMBER, MEMBER(years),       17 },
};

/* The numbers of KAMU SM's form. */
static const struct { const char *name, *code, *number; } numbers[] = {
	{ "kind", "first", "1" },  { "kind", "lost", "2" },      { "kind", "renewal", "3" }, { "kind", "other", "4" },
	{ "reader", "mini", "1" }, { "reader", "desktop", "2" }, { "reader", "none", "3" },
};

static const char *word_of(const struct sheet_list *o, const char *name, const char *code)
{
	for (guint i = 0; o->numbers && i < G_N_ELEMENTS(numbers); i++)
		if (g_str_equal(numbers[i].name, name) && g_str_equal(numbers[i].code, code))
			return numbers[i].number;
	return catalog_word(o->words, name, code);
}

/* What stands in a person's cell; NULL: nothing. `digits` holds a number. */
static const char *text_of(const struct sheet_list *o, const struct column *c, const char *person, char digits[32])
{
	const void *member = person + c->member;
	const char *text = c->cell <= CELL_WORD ? *(char *const *)member : NULL;

	if (c->cell == CELL_NUMBER) {
		g_snprintf(digits, 32, "%" G_GINT64_FORMAT, *(const gint64 *)member);
		return *(const gint64 *)member ? digits : NULL;
	}
	if (c->cell == CELL_SWITCH)
		text = *(const bool *)member ? "yes" : "no";
	return text && (c->cell == CELL_WORD || c->cell == CELL_SWITCH) ? word_of(o, c->name, text) : text;
}

/* ---- a workbook ---- */

static const enum sheet_kind kinds[] = {
	[CELL_TEXT] = SHEET_TEXT,   [CELL_DATE] = SHEET_DATE,     [CELL_WORD] = SHEET_TEXT,
	[CELL_SWITCH] = SHEET_TEXT, [CELL_NUMBER] = SHEET_NUMBER,
};

static void put_head(struct sheet *s, const struct catalog *words)
{
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
		sheet_width(s, i, columns[i].width);
		sheet_put(s, &(struct sheet_cell){ .column = i, .look = SHEET_HEAD_LIST,
						   .text = catalog_word(words, "column", columns[i].name) });
	}
}

static void put_person(struct sheet *s, const struct sheet_list *o, guint row, const char *person)
{
	char digits[32];

	for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
		sheet_put(s, &(struct sheet_cell){ .row = row, .column = i, .kind = kinds[columns[i].cell],
						   .text = text_of(o, &columns[i], person, digits) });
}

GBytes *sheet_list_xlsx(const GPtrArray *people, const struct sheet_list *o, GError **error)
{
	struct sheet *s = sheet_open(o->title, error);

	if (!s)
		return NULL;
	sheet_page(s, catalog_word(o->words, "column", "sheet"));
	put_head(s, o->words);
	for (guint i = 0; i < people->len; i++)
		put_person(s, o, i + 1, people->pdata[i]);
	sheet_table(s, &(struct sheet_table){ .last_row = people->len, .last_column = G_N_ELEMENTS(columns) - 1, .filter = true });
	return sheet_close(s, error);
}

/* ---- text ---- */

/* A text that a spreadsheet program would take for a formula begins with an apostrophe, which it takes for the sign of a
 * text; a telephone number's + is none. */
static void append_field(GString *csv, const char *text)
{
	bool formula = strchr("=@\t\r", *text) || ((*text == '+' || *text == '-') && strspn(text + 1, "0123456789 ") < strlen(text + 1));

	g_string_append(csv, formula && *text ? "\"'" : "\"");
	for (; *text; text++)
		g_string_append(csv, *text == '"' ? "\"\"" : (const char[]){ *text, '\0' });
	g_string_append_c(csv, '"');
}

/* 1980-01-31 as 31.01.1980; anything else as it is. */
static const char *day_of(const char *iso, char day[11])
{
	if (strlen(iso) != 10 || iso[4] != '-' || iso[7] != '-')
		return iso;
	g_snprintf(day, 11, "%.2s.%.2s.%.4s", iso + 8, iso + 5, iso);
	return day;
}

static void append_person(GString *csv, const struct sheet_list *o, const char *person)
{
	char digits[32], day[11];

	for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
		const char *text = text_of(o, &columns[i], person, digits);

		g_string_append(csv, i ? ";" : "");
		append_field(csv, text && columns[i].cell == CELL_DATE ? day_of(text, day) : text ? text : "");
	}
	g_string_append(csv, "\r\n");
}

GBytes *sheet_list_csv(const GPtrArray *people, const struct sheet_list *o)
{
	GString *csv = g_string_new("\xef\xbb\xbf");

	for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
		g_string_append(csv, i ? ";" : "");
		append_field(csv, catalog_word(o->words, "column", columns[i].name));
	}
	g_string_append(csv, "\r\n");
	for (guint i = 0; i < people->len; i++)
		append_person(csv, o, people->pdata[i]);
	return g_string_free_to_bytes(csv);
}
