/* form_row: one row of a request form to one person with a verdict (see form_row.h).
 *
 * Each fact has a small reader below; form_row_read calls them by a table. A reader keeps what it can say for
 * certain and complains of the rest, with the cell, so that the sender can mend it.
 */
#include "parsers/form_row.h"

#include "parsers/date.h"
#include "parsers/fold.h"
#include "parsers/form_choice.h"
#include "parsers/form_name.h"
#include "parsers/form_reach.h"
#include "parsers/tckn.h"

#include <string.h>

struct reading {
	const struct form_row_place *place;
	struct request_row *row;
	char today[DATE_ISO_SIZE];
};

/* What is not named here refuses the row. */
static const struct { const char *code; enum row_verdict verdict; } effects[] = {
	{ "tckn_blanks", ROW_REPAIRED },        { "email_repaired", ROW_REPAIRED },
	{ "name_split", ROW_REPAIRED },         { "name_title", ROW_REPAIRED },
	{ "years_foreigner", ROW_REPAIRED },    { "backup_unknown", ROW_ACCEPTED },
	{ "phone_invalid", ROW_ACCEPTED },      { "reader_unknown", ROW_ACCEPTED },
	{ "years_unknown", ROW_ACCEPTED },      { "expires_invalid", ROW_ACCEPTED },
	{ "renewal_but_expired", ROW_ACCEPTED }, { "first_with_end_date", ROW_ACCEPTED },
	{ "renewal_with_reader", ROW_ACCEPTED },
};

enum row_verdict form_row_effect(const char *code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(effects); i++)
		if (!strcmp(effects[i].code, code))
			return effects[i].verdict;
	return ROW_REFUSED;
}

/* The place of that cell, or of the row's first that has one. */
static const char *told_place(const struct form_row_place *p, int column)
{
	const GPtrArray *places = p->row < p->sheet->places->len ? p->sheet->places->pdata[p->row] : NULL;

	if (places && column >= 0 && (guint)column < places->len && places->pdata[column])
		return places->pdata[column];
	for (guint i = 0; places && i < places->len; i++)
		if (places->pdata[i])
			return places->pdata[i];
	return NULL;
}

char *form_row_where(const struct form_row_place *p, int column)
{
	const char *told = p->sheet->places ? told_place(p, column) : NULL;

	if (told)
		return g_strdup(told);

	char letters[8], *l = letters + sizeof letters - 1;
	*l = '\0';
	for (int c = MAX(column, 0) + 1; c > 0; c = (c - 1) / 26)
		*--l = (char)('A' + (c - 1) % 26);
	return g_strdup_printf("%s!%s%u", p->sheet->name, l, p->row + 1);
}

enum sign { SIGN_KEPT, SIGN_BLANK, SIGN_UNSEEN };

/* What a character is to a reader; *len: its bytes. Zero-width signs and soft hyphens, which office programs and web pages
 * leave behind, part no words. */
static enum sign sign_at(const char *p, size_t *len)
{
	*len = 1;
	if ((guchar)*p <= ' ' || *p == 0x7f)
		return SIGN_BLANK;
	if ((guchar)*p < 0xc2 || strchr("\xc3\xc4\xc5", *p)) /* the usual letters, told from blanks by one byte */
		return SIGN_KEPT;
	gunichar c = g_utf8_get_char_validated(p, -1);
	if (c == (gunichar)-1 || c == (gunichar)-2)
		return SIGN_BLANK;
	*len = (size_t)(g_utf8_next_char(p) - p);
	if (g_unichar_type(c) == G_UNICODE_FORMAT)
		return SIGN_UNSEEN;
	return g_unichar_isspace(c) || g_unichar_iscntrl(c) ? SIGN_BLANK : SIGN_KEPT;
}

/* Each run of blanks as one, none at the ends, and nothing that nobody sees. */
static char *plain_blanks(const char *text)
{
	char *out = g_malloc(strlen(text) + 1), *o = out;

	for (size_t len; *text; text += len) {
		enum sign sign = sign_at(text, &len);
		if (sign == SIGN_BLANK && o > out && o[-1] != ' ')
			*o++ = ' ';
		for (size_t i = 0; sign == SIGN_KEPT && i < len; i++)
			*o++ = text[i];
	}
	if (o > out && o[-1] == ' ')
		o--;
	*o = '\0';
	return out;
}

/* As it stands in the sheet. */
static const char *raw_cell(const struct form_row_place *p, int column)
{
	const GPtrArray *cells = p->sheet->rows->pdata[p->row];

	return column >= 0 && (guint)column < cells->len ? cells->pdata[column] : "";
}

char *form_row_cell(const struct form_row_place *p, int column)
{
	const char *text = raw_cell(p, column);

	/* Spreadsheets say by an apostrophe that what follows is a text and no formula. */
	if (*text == '\'' && text[1] && strchr("=+-@", text[1]))
		text++;
	return headings_is_empty(p->rules->headings, text) ? g_strdup("") : plain_blanks(text);
}

static int column_of(const struct reading *r, enum heading_field field)
{
	return r->place->columns->at[field];
}

static char *cell_of(const struct reading *r, enum heading_field field)
{
	return form_row_cell(r->place, column_of(r, field));
}

/* A missing fact of a form without that column is told at the row's first cell. */
static void complain(struct reading *r, const char *code, enum heading_field field, const char *value)
{
	int column = column_of(r, field);
	g_autofree char *where = form_row_where(r->place, column >= 0 ? column : r->place->columns->first);

	r->row->verdict = MAX(r->row->verdict, form_row_effect(code));
	facts_complain(r->row->complaints, code, where, value && *value ? value : NULL);
}

static char *text_or_null(char *text)
{
	if (*text)
		return text;
	g_free(text);
	return NULL;
}

/* ---- who ---- */

static void read_tckn(struct reading *r)
{
	static const char *const codes[] = {
		[TCKN_REPAIRED] = "tckn_blanks",	 [TCKN_EMPTY] = "tckn_missing",
		[TCKN_NOT_NUMBER] = "tckn_not_number",	 [TCKN_LENGTH] = "tckn_length",
		[TCKN_DIGITS_LOST] = "tckn_digits_lost", [TCKN_CHECK_DIGIT] = "tckn_check_digit",
	};
	g_autofree char *cell = cell_of(r, HEADING_TCKN);
	char digits[12];
	/* as it stands: signs that nobody sees may be in the place of a digit */
	enum tckn_result result = tckn_read(*cell ? raw_cell(r->place, column_of(r, HEADING_TCKN)) : "", digits);

	if (digits[0])
		r->row->tckn = g_strdup(digits);
	if (codes[result])
		complain(r, codes[result], HEADING_TCKN, cell);
}

/* A given name is kept without the titles before it, which are no part of it at the civil registry. */
static char *name_of(struct reading *r, enum heading_field field)
{
	g_autofree char *cell = cell_of(r, field);
	const char *name = form_name_behind_titles(r->place->rules->headings, cell);

	if (name == cell)
		return text_or_null(g_steal_pointer(&cell));
	complain(r, "name_title", field, cell);
	if (column_of(r, HEADING_TITLE) < 0)
		r->row->title = g_strchomp(g_strndup(cell, (gsize)(name - cell)));
	return g_strdup(name);
}

static void split_name(struct reading *r, enum heading_field field)
{
	g_autofree char *whole = name_of(r, field);
	struct form_name name = form_name_split(whole ? whole : "");

	r->row->given_name = name.given;
	r->row->family_name = name.family;
	if (!name.given || !name.family)
		complain(r, "name_missing", field, whole);
	else if (form_name_is_odd(whole))
		complain(r, "name_invalid", field, whole);
	else if (name.in_doubt)
		complain(r, "name_split", field, whole);
}

/* At least one of the two is there, or it is told once. */
static void complain_of_name(struct reading *r, enum heading_field field, const char *name, const char *other)
{
	if (!name)
		complain(r, "name_missing", field, other);
	else if (form_name_is_odd(name))
		complain(r, "name_invalid", field, name);
}

static void read_name(struct reading *r)
{
	const struct form_columns *c = r->place->columns;

	if (c->at[HEADING_GIVEN_NAME] < 0 || c->only_full_name) {
		split_name(r, c->only_full_name ? HEADING_GIVEN_NAME : HEADING_FULL_NAME);
		return;
	}
	r->row->given_name = name_of(r, HEADING_GIVEN_NAME);
	r->row->family_name = text_or_null(cell_of(r, HEADING_FAMILY_NAME));
	complain_of_name(r, HEADING_GIVEN_NAME, r->row->given_name, r->row->family_name);
	if (r->row->given_name || r->row->family_name)
		complain_of_name(r, HEADING_FAMILY_NAME, r->row->family_name, r->row->given_name);
}

static void read_name_key(struct reading *r)
{
	const char *given = r->row->given_name, *family = r->row->family_name;

	if (!given && !family)
		return;
	g_autofree char *whole = g_strjoin(" ", given ? given : "", family ? family : "", NULL);
	r->row->name_key = fold_words(whole);
}

static void read_birth_date(struct reading *r)
{
	g_autofree char *cell = cell_of(r, HEADING_BIRTH_DATE);
	char iso[DATE_ISO_SIZE];
	enum date_result result = date_read(cell, r->place->epoch_1904, iso);

	if (result == DATE_NONE)
		return;
	bool child = result == DATE_OK && g_ascii_strtoll(r->today, NULL, 10) - g_ascii_strtoll(iso, NULL, 10) < 15;
	if (result == DATE_INVALID || child)
		complain(r, "birth_date_invalid", HEADING_BIRTH_DATE, cell);
	else
		r->row->birth_date = g_strdup(iso);
}

/* ---- how to reach ---- */

static void read_email(struct reading *r)
{
	g_autofree char *cell = cell_of(r, HEADING_EMAIL);
	bool mended;

	r->row->email = form_reach_address(cell, &mended);
	if (!*cell)
		complain(r, "email_missing", HEADING_EMAIL, NULL);
	else if (!r->row->email)
		complain(r, "email_invalid", HEADING_EMAIL, cell);
	else if (!form_reach_is_of(r->row->email, r->place->rules->mail_domains))
		complain(r, "email_domain", HEADING_EMAIL, cell);
	else if (mended)
		complain(r, "email_repaired", HEADING_EMAIL, cell);
}

static void read_phone(struct reading *r)
{
	g_autofree char *cell = cell_of(r, HEADING_PHONE);

	r->row->phone = form_reach_mobile(cell);
	if (*cell && !r->row->phone)
		complain(r, "phone_invalid", HEADING_PHONE, cell);
}

static void read_place(struct reading *r)
{
	r->row->unit = text_or_null(cell_of(r, HEADING_UNIT));
	if (column_of(r, HEADING_TITLE) >= 0)
		r->row->title = text_or_null(cell_of(r, HEADING_TITLE));
	r->row->staff_no = text_or_null(cell_of(r, HEADING_STAFF_NO));
}

/* ---- what is asked for ---- */

/* The word or code of a cell, or of its ticked box. */
static const char *value_of(struct reading *r, enum heading_field field, const char *name, const char *unknown)
{
	const char *raw = raw_cell(r->place, column_of(r, field));
	const struct headings *h = r->place->rules->headings;
	const char *value = headings_value(h, name, raw);
	g_autofree char *choice = value || !*raw ? NULL : form_choice_read(raw);

	if (choice)
		value = headings_value(h, name, choice);
	if (!value && !headings_is_empty(h, choice ? choice : raw))
		complain(r, unknown, field, raw);
	return value;
}

static void read_kind(struct reading *r)
{
	guint complaints = r->row->complaints->len;

	r->row->kind = g_strdup(value_of(r, HEADING_KIND, "kind", "kind_unknown"));
	if (!r->row->kind && column_of(r, HEADING_KIND) >= 0 && r->row->complaints->len == complaints)
		complain(r, "kind_missing", HEADING_KIND, NULL);
	if (!g_strcmp0(r->row->kind, "lost"))
		complain(r, "kind_person_paid", HEADING_KIND, NULL);
}

static void read_options(struct reading *r)
{
	const char *years = value_of(r, HEADING_YEARS, "years", "years_unknown");
	const char *yes = value_of(r, HEADING_BACKUP, "backup", "backup_unknown");

	r->row->reader = g_strdup(value_of(r, HEADING_READER, "reader", "reader_unknown"));
	r->row->years = years ? g_ascii_strtoll(years, NULL, 10) : 0;
	r->row->backup = !g_strcmp0(yes, "yes");
	if (r->row->years > 1 && r->row->tckn && tckn_is_foreign(r->row->tckn)) {
		g_autofree char *cell = cell_of(r, HEADING_YEARS);
		complain(r, "years_foreigner", HEADING_YEARS, cell);
		r->row->years = 1;
	}
}

static void read_expires(struct reading *r)
{
	g_autofree char *cell = cell_of(r, HEADING_EXPIRES);
	char iso[DATE_ISO_SIZE];
	enum date_result result = date_read(cell, r->place->epoch_1904, iso);
	const char *kind = r->row->kind ? r->row->kind : "";

	if (result == DATE_OK)
		r->row->expires = g_strdup(iso);
	if (result == DATE_INVALID)
		complain(r, "expires_invalid", HEADING_EXPIRES, cell);
	else if (result == DATE_OK && !strcmp(kind, "renewal") && strcmp(iso, r->today) < 0)
		complain(r, "renewal_but_expired", HEADING_EXPIRES, cell);
	else if (result == DATE_OK && !strcmp(kind, "first"))
		complain(r, "first_with_end_date", HEADING_EXPIRES, cell);
	if (!strcmp(kind, "renewal") && r->row->reader && strcmp(r->row->reader, "none"))
		complain(r, "renewal_with_reader", HEADING_READER, NULL);
}

/* What the facts have no place for is kept as a note: a person decides. */
static void read_notes(struct reading *r)
{
	const struct form_columns *c = r->place->columns;
	g_autoptr(GString) all = g_string_new(NULL);

	for (int i = 0; i < c->n_notes; i++) {
		g_autofree char *cell = form_row_cell(r->place, c->notes[i]);

		if (*cell)
			g_string_append_printf(all, "%s%s%s", all->len ? "; " : "", c->on_reader[i] ? "Kart okuyucu: " : "", cell);
	}
	g_autofree char *spare = form_row_cell(r->place, c->reader_backup);
	if (*spare && g_strcmp0(headings_value(r->place->rules->headings, "backup", spare), "no"))
		g_string_append_printf(all, "%sYedek kart okuyucu: %s", all->len ? "; " : "", spare);
	if (all->len)
		r->row->note = g_strdup(all->str);
}

/* What the charset lost nobody can guess; the file's charset was told or guessed wrong, so the row is written anew. */
static void read_letters(struct reading *r)
{
	for (int field = 0; field < HEADING_COUNT; field++)
		if (strstr(raw_cell(r->place, column_of(r, (enum heading_field)field)), "\xef\xbf\xbd")) {
			g_autofree char *cell = cell_of(r, (enum heading_field)field);
			complain(r, "charset_unknown", (enum heading_field)field, cell);
		}
}

/* What is another's cannot be told from this row's. */
static void read_doubt(struct reading *r)
{
	const GArray *unsure = r->place->sheet->unsure;

	for (guint i = 0; unsure && i < unsure->len; i++)
		if (g_array_index(unsure, guint, i) == r->place->row) {
			complain(r, "row_unsure", HEADING_TCKN, NULL);
			return;
		}
}

void form_row_read(const struct form_row_place *p, struct request_row *row)
{
	static void (*const readers[])(
		struct reading *) = { read_tckn,  read_name, read_name_key, read_birth_date, read_email,   read_phone,
				      read_place, read_kind, read_options,    read_expires, read_notes,
				      read_letters, read_doubt };
	struct reading r = { p, row };

	date_of_unix(p->rules->now, r.today);
	row->where = form_row_where(p, p->columns->first);
	for (size_t i = 0; i < G_N_ELEMENTS(readers); i++)
		readers[i](&r);
}
