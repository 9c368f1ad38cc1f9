/* sheet_form: see sheet_form.h.
 *
 * Checks help who fills it in, they prove nothing: a pasted cell is not checked, and the reader believes none of it. Lost or
 * stolen cards cannot be chosen, because such people are on no list of ours; the second page says what they do.
 */
#include "gateway/sheet_form.h"
#include <string.h>
#include "gateway/sheet_field.h"
#include "parsers/form.h"

enum { MAX_WORDS = 4, MAX_FIELDS = 16, COUNT_WIDTH = 6, INPUT_FIRST = 2, INPUT_LAST = 5, HELP_WIDTH = 95, SPARE_ROWS = 20 };
#define VERSION_PROPERTY "nesgate_form_version"

/* What may stand in a column. `formula` is of the cell %s. */
struct check { const char *name; bool required; const char *values[MAX_WORDS]; const char *formula, *least, *most; };
static const struct check checks[] = {
	{ "tckn", true, { NULL }, "=AND(LEN(%s)=11,ISNUMBER(VALUE(%s)))", NULL, NULL },
	{ "given_name", true, { NULL }, NULL, NULL, NULL },
	{ "family_name", true, { NULL }, NULL, NULL, NULL },
	{ "birth_date", true, { NULL }, NULL, "=DATE(1930,1,1)", "=TODAY()-15*365" },
	{ "email", true, { NULL }, "=AND(ISNUMBER(FIND(\"@\",%s)),ISERROR(FIND(\" \",%s)))", NULL, NULL },
	{ "phone", false, { NULL }, NULL, NULL, NULL },
	{ "unit", false, { NULL }, NULL, NULL, NULL },
	{ "title", false, { NULL }, NULL, NULL, NULL },
	{ "kind", true, { "first", "renewal", "other" }, NULL, NULL, NULL },
	{ "expires", false, { NULL }, NULL, "=DATE(2015,1,1)", "=TODAY()+10*365" },
	{ "reader", false, { "mini", "desktop", "none" }, NULL, NULL, NULL },
	{ "backup", false, { "yes", "no" }, NULL, NULL, NULL },
	{ "years", false, { "1", "2", "3" }, NULL, NULL, NULL },
	{ "note", false, { NULL }, NULL, NULL, NULL },
};

struct making {
	struct sheet *sheet;
	const struct catalog *words;
	const struct sheet_form *form;
	guint row, rows; /* rows: to be filled in */
};

static const struct check *check_of(const struct sheet_field *f)
{
	for (guint i = 0; i < G_N_ELEMENTS(checks); i++)
		if (!strcmp(checks[i].name, f->name))
			return &checks[i];
	return NULL;
}

/* NULL: there is no such word. */
static const char *word(const struct making *m, const char *key, const char *value)
{
	const char *found = catalog_word(m->words, key, value);

	return strcmp(found, value) ? found : NULL;
}

static char *heading(const struct making *m, const struct check *c)
{
	return g_strconcat(catalog_word(m->words, "column", c->name), c->required ? " *" : "", NULL);
}

static void put(struct making *m, guint column, enum sheet_look look, const char *text)
{
	sheet_put(m->sheet, &(struct sheet_cell){ .row = m->row, .column = column, .look = look, .text = text });
}

/* ---- the first page ---- */

static void put_banner(struct making *m, const struct sheet_form *f)
{
	const char *const above[] = { f->institution, f->office };
	static const char *const labels[] = { "unit", "ticket" };
	g_autofree char *version = g_strdup_printf("%s %d", catalog_word(m->words, "form", "version"), FORM_VERSION);

	for (guint i = 0; i < G_N_ELEMENTS(above); i++) {
		if (above[i])
			put(m, 0, SHEET_LABEL, above[i]);
		m->row += above[i] != NULL;
	}
	put(m, 0, SHEET_TITLE, catalog_word(m->words, "form", "title"));
	m->row += 2;
	for (guint i = 0; i < G_N_ELEMENTS(labels); i++, m->row++) {
		put(m, 0, SHEET_LABEL, catalog_word(m->words, "form", labels[i]));
		sheet_put(m->sheet, &(struct sheet_cell){ .row = m->row, .column = INPUT_FIRST, .to = INPUT_LAST, .look = SHEET_INPUT });
	}
	put(m, 0, SHEET_HINT, catalog_word(m->words, "form", "required"));
	m->row++;
	put(m, 0, SHEET_HINT, version);
	m->row += 2;
}

static void put_head(struct making *m, const struct check *const *columns, guint n)
{
	put(m, 0, SHEET_HEAD, catalog_word(m->words, "column", "no"));
	for (guint i = 0; i < n; i++) {
		g_autofree char *text = heading(m, columns[i]);

		put(m, i + 1, SHEET_HEAD, text);
	}
	sheet_table(m->sheet, &(struct sheet_table){ .head = m->row, .last_row = m->row + m->rows, .last_column = n });
	m->row++;
}

static void put_rule(struct making *m, const struct check *c, guint column)
{
	const char *list[MAX_WORDS + 1] = { NULL };
	g_autofree char *cell = g_strdup_printf("%c%u", 'A' + column, m->row + 1);
	g_auto(GStrv) around = c->formula ? g_strsplit(c->formula, "%s", -1) : NULL;
	g_autofree char *formula = around ? g_strjoinv(cell, around) : NULL;

	for (guint i = 0; i < MAX_WORDS && c->values[i]; i++)
		list[i] = catalog_word(m->words, c->name, c->values[i]);
	sheet_rule(m->sheet, &(struct sheet_rule){
		.column = column, .first = m->row, .last = m->row + m->rows - 1, .words = *list ? list : NULL,
		.formula = formula, .least = c->least, .most = c->most, .title = catalog_word(m->words, "column", c->name),
		.hint = word(m, "form_hint", c->name), .error = word(m, "form_error", c->name) });
}

static void put_rows(struct making *m, const struct sheet_field *const *fields, guint n)
{
	const GPtrArray *people = m->form->people;

	for (guint i = 0; i < m->rows; i++, m->row++) {
		g_autofree char *number = g_strdup_printf("%u", i + 1);
		const struct request_row *person = people && i < people->len ? people->pdata[i] : NULL;

		sheet_put(m->sheet, &(struct sheet_cell){ .row = m->row, .kind = SHEET_NUMBER, .look = SHEET_COUNT, .text = number });
		for (guint k = 0; k < n; k++) {
			g_autofree char *text = person ? sheet_field_text(fields[k], person, m->words) : NULL;

			sheet_put(m->sheet, &(struct sheet_cell){ .row = m->row, .column = k + 1, .look = SHEET_INPUT,
								  .kind = sheet_field_cell(fields[k]), .text = text });
		}
	}
}

static void put_form(struct making *m, const struct sheet_form *f)
{
	const struct sheet_field *fields[MAX_FIELDS];
	const struct check *columns[MAX_FIELDS];
	guint n = 0;

	sheet_page(m->sheet, catalog_word(m->words, "form", "sheet"));
	sheet_width(m->sheet, 0, COUNT_WIDTH);
	for (const struct sheet_field *field = sheet_fields; field->name; field++) {
		columns[n] = check_of(field);
		fields[n] = field;
		if (!columns[n])
			continue;
		sheet_width(m->sheet, ++n, field->width);
	}
	put_banner(m, f);
	put_head(m, columns, n);
	for (guint i = 0; i < n; i++)
		put_rule(m, columns[i], i + 1);
	put_rows(m, fields, n);
}

/* ---- the second page ---- */

static void put_pair(struct making *m, enum sheet_look look, const char *left, const char *right)
{
	if (!right)
		return;
	put(m, 0, look, left);
	put(m, 1, look, right);
	m->row++;
}

static void put_help(struct making *m, const struct sheet_form *f)
{
	static const char *const lines[] = { "1", "2", "3", "4", "5", "6", "7" };

	m->row = 0;
	sheet_page(m->sheet, catalog_word(m->words, "form_help", "sheet"));
	sheet_width(m->sheet, 0, 30);
	sheet_width(m->sheet, 1, HELP_WIDTH);
	put(m, 0, SHEET_TITLE, catalog_word(m->words, "form_help", "title"));
	m->row += 2;
	for (guint i = 0; i < G_N_ELEMENTS(lines); i++, m->row++)
		sheet_put(m->sheet, &(struct sheet_cell){ .row = m->row, .to = 1, .look = SHEET_WORDS,
							  .text = catalog_word(m->words, "form_help", lines[i]) });
	m->row++;
	put_pair(m, SHEET_CELL, catalog_word(m->words, "form_help", "to"), f->to);
	put_pair(m, SHEET_CELL, catalog_word(m->words, "form_help", "support"), f->support);
	m->row++;
	put_pair(m, SHEET_HEAD, catalog_word(m->words, "form", "columns"), catalog_word(m->words, "form", "columns_mean"));
	for (guint i = 0; i < G_N_ELEMENTS(checks); i++) {
		g_autofree char *text = heading(m, &checks[i]);

		put_pair(m, SHEET_CELL, text, word(m, "form_hint", checks[i].name));
	}
}

GBytes *sheet_form(const struct sheet_form *f, const struct catalog *words, GError **error)
{
	struct making m = { .words = words, .form = f, .rows = SHEET_FORM_ROWS };

	m.sheet = sheet_open(catalog_word(words, "form", "title"), error);
	if (!m.sheet)
		return NULL;
	if (f->people)
		m.rows = MAX(m.rows, f->people->len + SPARE_ROWS);
	sheet_property(m.sheet, VERSION_PROPERTY, FORM_VERSION);
	put_form(&m, f);
	put_help(&m, f);
	return sheet_close(m.sheet, error);
}
