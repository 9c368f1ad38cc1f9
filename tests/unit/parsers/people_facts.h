/* people_facts: what a list of people (people_gen.h) says and what was read of it, in the same words. Header only. */
#pragma once
#include "parsers/facts.h"
#include "tests/unit/parsers/people_gen.h"

/* " email=[a@b.test]"; nothing for columns that no fact has. */
static inline void append_fact(GString *out, enum heading_field field, const char *fact)
{
	static const char *const names[] = {
#define NAME(N, n) #n,
		HEADING_FIELDS(NAME)
#undef NAME
	};

	if (field < HEADING_COUNT && field != HEADING_POST && field != HEADING_PAYMENT)
		g_string_append_printf(out, " %s=[%s]", names[field], fact ? fact : "");
}

/* g_free. */
static inline char *read_fact(const struct request_row *row, enum heading_field field)
{
	const char *const facts[HEADING_COUNT] = {
		[HEADING_TCKN] = row->tckn, [HEADING_GIVEN_NAME] = row->given_name, [HEADING_FAMILY_NAME] = row->family_name,
		[HEADING_BIRTH_DATE] = row->birth_date, [HEADING_EMAIL] = row->email, [HEADING_PHONE] = row->phone,
		[HEADING_UNIT] = row->unit, [HEADING_TITLE] = row->title, [HEADING_STAFF_NO] = row->staff_no, [HEADING_KIND] = row->kind,
		[HEADING_READER] = row->reader, [HEADING_BACKUP] = row->backup ? "yes" : "no", [HEADING_EXPIRES] = row->expires,
		[HEADING_NOTE] = row->note,
	};

	if (field == HEADING_YEARS)
		return row->years ? g_strdup_printf("%d", (int)row->years) : NULL;
	if (field == HEADING_FULL_NAME && row->given_name)
		return g_strjoin(" ", row->given_name, row->family_name, NULL);
	return field < HEADING_COUNT ? g_strdup(facts[field]) : NULL;
}
