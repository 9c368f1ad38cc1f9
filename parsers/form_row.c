/* form_row: one row of a request form to one person with a verdict (see form_row.h).
 *
 * Each fact has a small reader below; form_row_read calls them by a table. A reader keeps what it can say for
 * certain and complains of the rest, with the cell, so that the sender can mend it.
 */
#include "parsers/form_row.h"

#include "parsers/date.h"
#include "parsers/fold.h"
#include "parsers/form_choice.h"
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

/* The length of a blank at p: also the no-break and zero-width ones of office programs; 0: none. */
static size_t blank_length(const char *p)
{
	if ((guchar)*p <= ' ' || *p == 0x7f)
		return 1;
	if ((guchar)*p < 0xc2 || strchr("\xc3\xc4\xc5", *p)) /* the usual letters, told from blanks by one byte */
		return 0;
	gunichar c = g_utf8_get_char_validated(p, -1);
	if (c == (gunichar)-1 || c == (gunichar)-2)
		return 1;
	bool blank = g_unichar_isspace(c) || g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT;
	return blank ? (size_t)(g_utf8_next_char(p) - p) : 0;
}

/* Each run of blanks as one, none at the ends. */
static char *plain_blanks(const char *text)
{
	char *out = g_malloc(strlen(text) + 1), *o = out;
	size_t skip;

	while (*text) {
		skip = blank_length(text);
		if (!skip)
			*o++ = *text++;
		else if (o > out && o[-1] != ' ')
			*o++ = ' ';
		text += skip;
	}
	if (o > out && o[-1] == ' ')
		o--;
	*o = '\0';
	return out;
}

char *form_row_cell(const struct form_row_place *p, int column)
{
	const GPtrArray *cells = p->sheet->rows->pdata[p->row];
	const char *text = column >= 0 && (guint)column < cells->len ? cells->pdata[column] : "";

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
	enum tckn_result result = tckn_read(cell, digits);

	if (digits[0])
		r->row->tckn = g_strdup(digits);
	if (codes[result])
		complain(r, codes[result], HEADING_TCKN, cell);
}

/* The last word is the family name: Turkish forms with one name column leave nothing better to go by. */
static void split_name(struct reading *r, enum heading_field field)
{
	g_autofree char *cell = cell_of(r, field);
	char *blank = strrchr(cell, ' ');

	if (!blank) {
		r->row->given_name = text_or_null(g_strdup(cell));
		return;
	}
	r->row->family_name = g_strdup(blank + 1);
	r->row->given_name = g_strndup(cell, (gsize)(blank - cell));
}

static void read_name(struct reading *r)
{
	const struct form_columns *c = r->place->columns;
	enum heading_field field = HEADING_GIVEN_NAME;

	if (c->at[HEADING_GIVEN_NAME] >= 0 && !c->only_full_name) {
		r->row->given_name = text_or_null(cell_of(r, HEADING_GIVEN_NAME));
		r->row->family_name = text_or_null(cell_of(r, HEADING_FAMILY_NAME));
	} else {
		field = c->only_full_name ? HEADING_GIVEN_NAME : HEADING_FULL_NAME;
		split_name(r, field);
	}
	const char *given = r->row->given_name, *family = r->row->family_name;
	if (given || family) {
		g_autofree char *whole = g_strjoin(" ", given ? given : "", family ? family : "", NULL);
		r->row->name_key = fold_words(whole);
	}
	if (!given || !family)
		complain(r, "name_missing",
			 given && field == HEADING_GIVEN_NAME && !c->only_full_name ? HEADING_FAMILY_NAME
										    : field,
			 given ? given : family);
	else if (strpbrk(given, "0123456789@") || strpbrk(family, "0123456789@"))
		complain(r, "name_invalid", field, given);
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

static bool is_address(const char *a)
{
	const char *at = strchr(a, '@'), *dot = at ? strrchr(at, '.') : NULL;

	if (!at || at == a || strchr(at + 1, '@') || !dot || dot == at + 1 || strlen(dot) < 3 || strlen(a) > 254)
		return false;
	for (const char *p = a; *p; p++)
		if (!g_ascii_isalnum(*p) && !strchr(p < at ? "._%+-'&=!#$*/?^`{|}~@" : ".-@", *p))
			return false;
	return a[0] != '.' && at[-1] != '.' && at[1] != '-' && !strstr(a, "..");
}

/* Removes "mailto:", pointed brackets, a full stop or comma at the end, blanks inside; lower-cases. */
static char *mend_address(const char *cell, bool *mended)
{
	GString *out = g_string_new(NULL);

	*mended = !g_ascii_strncasecmp(cell, "mailto:", 7);
	for (const char *p = *mended ? cell + 7 : cell; *p; p++) {
		bool drop = strchr(" <>", *p) || (!p[1] && strchr(",;.", *p));
		*mended |= drop;
		if (!drop)
			g_string_append_c(out, g_ascii_tolower(*p));
	}
	return g_string_free(out, FALSE);
}

static bool is_our_domain(const struct reading *r, const char *address)
{
	const char *const *domains = r->place->rules->mail_domains;

	for (size_t i = 0; domains && domains[i]; i++)
		if (!g_ascii_strcasecmp(strchr(address, '@') + 1, domains[i]))
			return true;
	return !domains;
}

static void read_email(struct reading *r)
{
	g_autofree char *cell = cell_of(r, HEADING_EMAIL);
	bool mended;
	g_autofree char *address = mend_address(cell, &mended);

	if (!*cell)
		complain(r, "email_missing", HEADING_EMAIL, NULL);
	else if (!is_address(address))
		complain(r, "email_invalid", HEADING_EMAIL, cell);
	else if (!is_our_domain(r, address))
		complain(r, "email_domain", HEADING_EMAIL, cell);
	else if (mended)
		complain(r, "email_repaired", HEADING_EMAIL, cell);
	if (is_address(address))
		r->row->email = g_steal_pointer(&address);
}

/* Turkish mobile numbers: ten digits from 5, with 0, 90, +90 or 0090 in front. */
static void read_phone(struct reading *r)
{
	g_autofree char *cell = cell_of(r, HEADING_PHONE);
	g_autoptr(GString) digits = g_string_new(NULL);
	static const char *const leads[] = { "0090", "90", "0", "" };

	for (const char *p = cell; *p; p++)
		if (g_ascii_isdigit(*p))
			g_string_append_c(digits, *p);
	for (size_t i = 0; i < G_N_ELEMENTS(leads); i++) {
		const char *d = digits->str + strlen(leads[i]);

		if (!g_str_has_prefix(digits->str, leads[i]) || strlen(d) != 10 || *d != '5')
			continue;
		r->row->phone = g_strdup_printf("+90 %.3s %.3s %.2s %.2s", d, d + 3, d + 6, d + 8);
		return;
	}
	if (*cell)
		complain(r, "phone_invalid", HEADING_PHONE, cell);
}

static void read_place(struct reading *r)
{
	r->row->unit = text_or_null(cell_of(r, HEADING_UNIT));
	r->row->title = text_or_null(cell_of(r, HEADING_TITLE));
	r->row->staff_no = text_or_null(cell_of(r, HEADING_STAFF_NO));
}

/* ---- what is asked for ---- */

/* The word or code of a cell, or of its ticked box. `unknown` NULL: nobody minds. */
static const char *value_of(struct reading *r, enum heading_field field, const char *name, const char *unknown)
{
	const GPtrArray *cells = r->place->sheet->rows->pdata[r->place->row];
	int column = column_of(r, field);
	const char *raw = column >= 0 && (guint)column < cells->len ? cells->pdata[column] : "";
	const struct headings *h = r->place->rules->headings;
	const char *value = headings_value(h, name, raw);
	g_autofree char *choice = value || !*raw ? NULL : form_choice_read(raw);

	if (choice)
		value = headings_value(h, name, choice);
	if (!value && unknown && !headings_is_empty(h, choice ? choice : raw))
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
	const char *yes = value_of(r, HEADING_BACKUP, "backup", NULL);

	r->row->reader = g_strdup(value_of(r, HEADING_READER, "reader", "reader_unknown"));
	r->row->years = years ? g_ascii_strtoll(years, NULL, 10) : 0;
	r->row->backup = !g_strcmp0(yes, "yes");
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
	for (int field = 0; field < HEADING_COUNT; field++) {
		g_autofree char *cell = cell_of(r, (enum heading_field)field);
		if (strstr(cell, "\xef\xbf\xbd"))
			complain(r, "charset_unknown", (enum heading_field)field, cell);
	}
}

void form_row_read(const struct form_row_place *p, struct request_row *row)
{
	static void (*const readers[])(
		struct reading *) = { read_tckn,  read_name, read_birth_date, read_email,   read_phone,
				      read_place, read_kind, read_options,    read_expires, read_notes,
				      read_letters };
	struct reading r = { p, row };

	date_of_unix(p->rules->now, r.today);
	row->where = form_row_where(p, p->columns->first);
	for (size_t i = 0; i < G_N_ELEMENTS(readers); i++)
		readers[i](&r);
}
