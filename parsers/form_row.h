/* form_row: one row of a request form to one person with a verdict. The complaint codes stand in form.h. */
#pragma once
#include "parsers/form.h"
#include "parsers/form_header.h"

struct form_row_place {
	const struct form_rules *rules;
	const struct form_columns *columns;
	const struct sheet *sheet;
	guint row; /* from 0 */
	bool epoch_1904;
};

/* The cell's text without blanks around it, "" for cells that say nothing; g_free. */
char *form_row_cell(const struct form_row_place *p, int column);
/* "Sayfa1!A5"; g_free. */
char *form_row_where(const struct form_row_place *p, int column);

/* What a complaint of a row makes of it: REFUSED, REPAIRED, or ACCEPTED when it is only told. */
enum row_verdict form_row_effect(const char *code);

/* Fills an empty row. */
void form_row_read(const struct form_row_place *p, struct request_row *row);
