/* sheet_field: see sheet_field.h. The order is that of the fullest form in use. */
#include "gateway/sheet_field.h"

#define MEMBER(m) G_STRUCT_OFFSET(struct request_row, m)
const struct sheet_field sheet_fields[] = {
	{ "tckn",        SHEET_FIELD_TEXT,   15, MEMBER(tckn) },
	{ "given_name",  SHEET_FIELD_TEXT,   17, MEMBER(given_name) },
	{ "family_name", SHEET_FIELD_TEXT,   17, MEMBER(family_name) },
	{ "birth_date",  SHEET_FIELD_DATE,   15, MEMBER(birth_date) },
	{ "email",       SHEET_FIELD_TEXT,   31, MEMBER(email) },
	{ "phone",       SHEET_FIELD_TEXT,   19, MEMBER(phone) },
	{ "unit",        SHEET_FIELD_TEXT,   28, MEMBER(unit) },
	{ "title",       SHEET_FIELD_TEXT,   16, MEMBER(title) },
	{ "staff_no",    SHEET_FIELD_TEXT,   12, MEMBER(staff_no) },
	{ "kind",        SHEET_FIELD_WORD,   22, MEMBER(kind) },
	{ "expires",     SHEET_FIELD_DATE,   13, MEMBER(expires) },
	{ "reader",      SHEET_FIELD_WORD,   16, MEMBER(reader) },
	{ "backup",      SHEET_FIELD_SWITCH, 9,  MEMBER(backup) },
	{ "years",       SHEET_FIELD_YEARS,  11, MEMBER(years) },
	{ "note",        SHEET_FIELD_TEXT,   28, MEMBER(note) },
	{ 0 },
};

char *sheet_field_text(const struct sheet_field *f, const struct request_row *row, const struct catalog *words)
{
	const void *member = (const char *)row + f->member;
	const char *text = f->kind <= SHEET_FIELD_WORD ? *(char *const *)member : NULL;
	gint64 years = f->kind == SHEET_FIELD_YEARS ? *(const gint64 *)member : 0;
	g_autofree char *digits = years ? g_strdup_printf("%" G_GINT64_FORMAT, years) : NULL;

	if (f->kind == SHEET_FIELD_SWITCH)
		text = *(const bool *)member ? "yes" : "no";
	if (f->kind == SHEET_FIELD_YEARS)
		text = digits;
	if (!text || f->kind < SHEET_FIELD_WORD)
		return g_strdup(text);
	return g_strdup(catalog_word(words, f->name, text));
}

enum sheet_kind sheet_field_cell(const struct sheet_field *f)
{
	return f->kind == SHEET_FIELD_DATE ? SHEET_DATE : SHEET_TEXT;
}
