/* sheet_marked: see sheet_marked.h.
 *
 * Only columns that say something are written: a column that the sender's form did not have would be read as one that he left
 * empty when the sheet comes back.
 */
#include "gateway/sheet_marked.h"
#include <string.h>
#include "gateway/sheet_field.h"
#include "parsers/form_row.h"

enum { VERDICT_WIDTH = 24, REASON_WIDTH = 60, FIELDS = 16 };

struct marking {
	struct sheet *sheet;
	const struct request *request;
	const struct catalog *words;
	const struct sheet_field *fields[FIELDS]; /* those that are columns, from the second on */
	guint n_fields, row;
};

/* ---- which cell is meant ---- */

/* Codes by their beginning. Names are found by what they lack. */
static const struct { const char *code, *column; } columns[] = {
	{ "tckn_", "tckn" },       { "duplicate_in_form", "tckn" },    { "email_", "email" },      { "phone_", "phone" },
	{ "kind_", "kind" },       { "birth_date_", "birth_date" },    { "years_", "years" },      { "reader_", "reader" },
	{ "expires_", "expires" }, { "renewal_but_expired", "expires" }, { "renewal_with_reader", "reader" },
	{ "first_with_end_date", "expires" }, { "backup_", "backup" },
};

/* The cell whose letters were lost: the one that says what the complaint quotes. */
static const char *quoted_column(const struct complaint *c, const struct request_row *row)
{
	for (const struct sheet_field *f = sheet_fields; f->name && c->value; f++)
		if (f->kind == SHEET_FIELD_TEXT && !g_strcmp0(G_STRUCT_MEMBER(char *, row, f->member), c->value))
			return f->name;
	return "family_name";
}

const char *sheet_marked_column(const struct complaint *c, const struct request_row *row)
{
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
		if (g_str_has_prefix(c->code, columns[i].code))
			return columns[i].column;
	if (!strcmp(c->code, "charset_unknown"))
		return quoted_column(c, row);
	if (!strcmp(c->code, "name_missing"))
		return row->given_name ? "family_name" : "given_name";
	if (!strcmp(c->code, "name_title"))
		return "given_name";
	if (g_str_has_prefix(c->code, "name_"))
		return row->given_name && strpbrk(row->given_name, "0123456789@") ? "given_name" : "family_name";
	return NULL;
}

static bool is_of(const struct complaint *c, const struct request_row *row, const struct sheet_field *f)
{
	return !g_strcmp0(sheet_marked_column(c, row), f->name);
}

/* What the row did to an application that was there already, as a word; NULL: it has a verdict like any other. */
static const char *effect_of(const struct request_row *row)
{
	static const char prefix[] = "effect_";

	for (guint i = 0; i < row->complaints->len; i++) {
		const struct complaint *c = row->complaints->pdata[i];

		if (g_str_has_prefix(c->code, prefix))
			return c->code + strlen(prefix);
	}
	return NULL;
}

static enum row_verdict worst(const struct request *r)
{
	enum row_verdict all = ROW_ACCEPTED;

	for (guint i = 0; i < r->rows->len; i++)
		all = MAX(all, ((const struct request_row *)r->rows->pdata[i])->verdict);
	return all;
}

/* ---- what stands in it ---- */

/* In an .xlsx a string is no formula. But who saves it as CSV and opens that has lost the difference, so the text itself must not
 * look like one; a telephone number does not. */
static char *neutral(const char *text)
{
	g_autofree char *plain = g_strdup(text);

	for (char *p = plain; *p; p++)
		if ((guchar)*p < ' ')
			*p = ' ';
	g_strstrip(plain);
	if (!*plain || !strchr("=+-@", *plain) || (*plain == '+' && !plain[1 + strspn(plain + 1, "0123456789 ")]))
		return g_steal_pointer(&plain);
	return g_strconcat("'", plain, NULL);
}

static void append_sentence(GString *out, const struct marking *m, const struct complaint *c)
{
	if (out->len)
		g_string_append(out, "\n");
	g_string_append(out, catalog_word(m->words, "complaint", c->code));
}

/* The sentence, where the sender finds the cell, and what he wrote there where something else was read. */
static void append_comment(GString *out, const struct marking *m, const struct complaint *c)
{
	append_sentence(out, m, c);
	if (c->where)
		g_string_append_printf(out, "\n%s %s", catalog_word(m->words, "marked", "place"), c->where);
	if (c->value && form_row_effect(c->code) == ROW_REPAIRED)
		g_string_append_printf(out, "\n%s %s", catalog_word(m->words, "marked", "written"), c->value);
}

/* What was written counts where it is wrong, or where nothing was read; but the names stand in two members, and a complaint
 * of them has one value. */
static bool takes_value(const struct complaint *c, const char *text)
{
	return c->value && !g_str_has_prefix(c->code, "name_") && (!text || form_row_effect(c->code) == ROW_REFUSED);
}

static void put_field(struct marking *m, const struct request_row *row, guint i)
{
	const struct sheet_field *f = m->fields[i];
	g_autofree char *text = sheet_field_text(f, row, m->words);
	g_autoptr(GString) comment = g_string_new(NULL);
	struct sheet_cell cell = { .row = m->row, .column = i + 1, .kind = sheet_field_cell(f), .look = SHEET_CELL };

	for (guint k = 0; k < row->complaints->len; k++) {
		const struct complaint *c = row->complaints->pdata[k];

		if (!is_of(c, row, f))
			continue;
		cell.look = MAX(cell.look, form_row_effect(c->code) == ROW_REFUSED ? SHEET_WRONG : SHEET_DOUBT);
		append_comment(comment, m, c);
		if (takes_value(c, text)) {
			g_free(text);
			text = g_strdup(c->value);
		}
	}
	g_autofree char *safe = text ? neutral(text) : NULL;
	cell.text = safe;
	cell.comment = comment->len ? comment->str : NULL;
	sheet_put(m->sheet, &cell);
}

/* ---- the rows ---- */

static void put_verdict(struct marking *m, const struct request_row *row)
{
	static const enum sheet_look looks[] = {
		[ROW_ACCEPTED] = SHEET_GOOD, [ROW_REPAIRED] = SHEET_DOUBT, [ROW_REFUSED] = SHEET_WRONG };
	const char *effect = row->verdict != ROW_REFUSED ? effect_of(row) : NULL;
	const char *word = effect ? catalog_word(m->words, "effect", effect)
				  : catalog_word(m->words, "verdict", facts_row_verdicts[row->verdict]);

	sheet_put(m->sheet, &(struct sheet_cell){ .row = m->row, .look = effect ? SHEET_CELL : looks[row->verdict], .text = word });
}

static void put_reason(struct marking *m, const struct request_row *row)
{
	g_autoptr(GString) all = g_string_new(NULL);

	for (guint i = 0; i < row->complaints->len; i++)
		append_sentence(all, m, row->complaints->pdata[i]);
	sheet_put(m->sheet, &(struct sheet_cell){ .row = m->row, .column = m->n_fields + 1, .look = SHEET_CELL, .text = all->str });
}

static void put_row(struct marking *m, const struct request_row *row)
{
	put_verdict(m, row);
	for (guint i = 0; i < m->n_fields; i++)
		put_field(m, row, i);
	put_reason(m, row);
	m->row++;
}

/* ---- the columns ---- */

static bool says_something(const struct sheet_field *f, const struct request_row *row)
{
	const void *member = (const char *)row + f->member;

	for (guint i = 0; i < row->complaints->len; i++)
		if (is_of(row->complaints->pdata[i], row, f))
			return true;
	if (f->kind == SHEET_FIELD_SWITCH)
		return *(const bool *)member;
	return f->kind == SHEET_FIELD_YEARS ? *(const gint64 *)member != 0 : *(char *const *)member != NULL;
}

static bool is_always(const struct sheet_field *f)
{
	return f->member == G_STRUCT_OFFSET(struct request_row, tckn) || f->member == G_STRUCT_OFFSET(struct request_row, email) ||
	       f->member == G_STRUCT_OFFSET(struct request_row, given_name) ||
	       f->member == G_STRUCT_OFFSET(struct request_row, family_name);
}

static bool is_column(const struct request *r, const struct sheet_field *f)
{
	if (is_always(f))
		return true;
	for (guint i = 0; i < r->rows->len; i++)
		if (says_something(f, r->rows->pdata[i]))
			return true;
	return false;
}

static void set_widths(struct marking *m)
{
	sheet_width(m->sheet, 0, VERDICT_WIDTH);
	for (guint i = 0; i < m->n_fields; i++)
		sheet_width(m->sheet, i + 1, m->fields[i]->width);
	sheet_width(m->sheet, m->n_fields + 1, REASON_WIDTH);
}

static void put_head(struct marking *m)
{
	for (guint i = 0; i <= m->n_fields + 1; i++) {
		const char *name = i == 0 ? "verdict" : i > m->n_fields ? "reason" : m->fields[i - 1]->name;

		sheet_put(m->sheet, &(struct sheet_cell){ .row = m->row, .column = i, .look = SHEET_HEAD,
							  .text = catalog_word(m->words, "column", name) });
	}
	sheet_table(m->sheet, &(struct sheet_table){ m->row, m->row + m->request->rows->len, m->n_fields + 1, true });
	m->row++;
}

/* ---- what stands above ---- */

static void put_line(struct marking *m, enum sheet_look look, const char *first, const char *second)
{
	sheet_put(m->sheet, &(struct sheet_cell){ .row = m->row, .look = look, .text = first });
	if (second)
		sheet_put(m->sheet, &(struct sheet_cell){ .row = m->row, .column = 1, .text = second });
	m->row++;
}

/* The unit and the ticket stand as the reader looks for them, so that they come back with the mended sheet. */
static void put_banner(struct marking *m, const char *ref)
{
	static const struct { const char *name; enum sheet_look look; } legend[] = {
		{ "wrong", SHEET_WRONG }, { "doubt", SHEET_DOUBT } };
	g_autofree char *title = g_strdup_printf("%s (%s)", catalog_word(m->words, "marked", "title"), ref);
	bool wrong = worst(m->request) == ROW_REFUSED;
	const char *labels[][2] = { { "unit", m->request->unit }, { "ticket", m->request->ticket } };

	put_line(m, SHEET_TITLE, title, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(labels); i++) {
		g_autofree char *safe = labels[i][1] ? neutral(labels[i][1]) : NULL;

		if (safe)
			put_line(m, SHEET_LABEL, catalog_word(m->words, "form", labels[i][0]), safe);
	}
	for (guint i = wrong ? 0 : 1; i < G_N_ELEMENTS(legend); i++) {
		g_autofree char *meaning = g_strconcat(legend[i].name, "_means", NULL);

		put_line(m, legend[i].look, catalog_word(m->words, "marked", legend[i].name),
			 catalog_word(m->words, "marked", meaning));
	}
	put_line(m, SHEET_HINT, catalog_word(m->words, "marked", wrong ? "hint" : "hint_doubt"), NULL);
	m->row++;
}

GBytes *sheet_marked(const struct request *r, const struct catalog *words, const char *ref, GError **error)
{
	struct marking m = { .sheet = sheet_open(ref, error), .request = r, .words = words };

	if (!m.sheet)
		return NULL;
	for (const struct sheet_field *f = sheet_fields; f->name; f++)
		if (is_column(r, f))
			m.fields[m.n_fields++] = f;
	sheet_page(m.sheet, catalog_word(words, "marked", "sheet"));
	set_widths(&m);
	put_banner(&m, ref);
	put_head(&m);
	for (guint i = 0; i < r->rows->len; i++)
		put_row(&m, r->rows->pdata[i]);
	return sheet_close(m.sheet, error);
}
