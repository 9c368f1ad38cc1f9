/* sheet_list: see sheet_list.h. */
#include "gateway/sheet_list.h"
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

static void put_number(struct sheet *s, struct sheet_cell *cell, gint64 number)
{
	g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, number);

	cell->kind = SHEET_NUMBER;
	cell->text = number ? digits : NULL;
	sheet_put(s, cell);
}

static void put_cell(struct sheet *s, struct sheet_cell cell, const struct column *c, const char *person,
		     const struct catalog *words)
{
	const void *member = person + c->member;
	const char *text = c->cell <= CELL_WORD ? *(char *const *)member : NULL;

	if (c->cell == CELL_NUMBER) {
		put_number(s, &cell, *(const gint64 *)member);
		return;
	}
	if (c->cell == CELL_SWITCH)
		text = *(const bool *)member ? "yes" : "no";
	if (text && (c->cell == CELL_WORD || c->cell == CELL_SWITCH))
		text = catalog_word(words, c->name, text);
	cell.kind = c->cell == CELL_DATE ? SHEET_DATE : SHEET_TEXT;
	cell.text = text;
	sheet_put(s, &cell);
}

static void put_head(struct sheet *s, const struct catalog *words)
{
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
		sheet_width(s, i, columns[i].width);
		sheet_put(s, &(struct sheet_cell){ .column = i, .look = SHEET_HEAD_LIST,
						   .text = catalog_word(words, "column", columns[i].name) });
	}
}

GBytes *sheet_list(const GPtrArray *people, const struct catalog *words, const char *title, GError **error)
{
	struct sheet *s = sheet_open(title, error);

	if (!s)
		return NULL;
	sheet_page(s, catalog_word(words, "column", "sheet"));
	put_head(s, words);
	for (guint i = 0; i < people->len; i++)
		for (guint j = 0; j < G_N_ELEMENTS(columns); j++)
			put_cell(s, (struct sheet_cell){ .row = i + 1, .column = j }, &columns[j], people->pdata[i], words);
	sheet_table(s, &(struct sheet_table){ .last_row = people->len, .last_column = G_N_ELEMENTS(columns) - 1, .filter = true });
	return sheet_close(s, error);
}
