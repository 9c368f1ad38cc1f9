/* Spoilt lists: one fault in most rows, written as every kind of file. Each fault is told at its cell and nothing else is,
 * no row is lost, and nothing is changed in silence.
 *
 * What is read may differ from what is written without a complaint only so: blanks and unseen signs around words, several
 * blanks in a row as one; ".0" behind an identity number and "'" before it; the shape of a date; the shape of a phone
 * number; an address in lower case; a word for a code. The generator writes these on purpose and knows what they say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "tests/unit/parsers/people_facts.h"
#include "tests/unit/parsers/people_files.h"
#include "tests/unit/parsers/spoil.h"

enum { SETS = 200 };

static struct headings *headings;
static guint met[G_N_ELEMENTS(faults)];

/* What is not here refuses the row. */
static const struct { const char *code; enum row_verdict verdict; } verdicts[] = {
	{ "tckn_blanks", ROW_REPAIRED }, { "email_repaired", ROW_REPAIRED }, { "name_split", ROW_REPAIRED },
	{ "name_title", ROW_REPAIRED }, { "years_foreigner", ROW_REPAIRED },
	{ "phone_invalid", ROW_ACCEPTED }, { "reader_unknown", ROW_ACCEPTED }, { "years_unknown", ROW_ACCEPTED },
	{ "backup_unknown", ROW_ACCEPTED }, { "expires_invalid", ROW_ACCEPTED }, { "renewal_but_expired", ROW_ACCEPTED },
	{ "first_with_end_date", ROW_ACCEPTED }, { "renewal_with_reader", ROW_ACCEPTED },
};

/* ---- what should be read, in words that a person can compare ---- */

static void append_place(GString *out, guint row, guint column)
{
	g_string_append_printf(out, "Sayfa1!%c%u", (char)('A' + column), row + 1);
}

static enum row_verdict verdict_of(const char *code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(verdicts); i++)
		if (!strcmp(verdicts[i].code, code))
			return verdicts[i].verdict;
	return ROW_REFUSED;
}

static const struct cell *find_cell(const struct list *l, const GArray *row, enum heading_field field)
{
	for (guint i = 0; i < l->n_columns; i++)
		if (l->columns[i] == field)
			return i < row->len ? CELL_AT(row, i) : NULL;
	return NULL;
}

/* A person without any name is told once. */
static bool is_told_already(const struct list *l, const GArray *row, enum heading_field field)
{
	const struct cell *given = find_cell(l, row, HEADING_GIVEN_NAME);

	return field == HEADING_FAMILY_NAME && (!given || !g_strcmp0(given->code, "name_missing"));
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Complaints in order of their words: "E5 email_missing". */
static void append_sorted(GString *out, GPtrArray *lines)
{
	g_ptr_array_sort(lines, by_text);
	for (guint i = 0; i < lines->len; i++)
		g_string_append_printf(out, " %s", (const char *)lines->pdata[i]);
	g_string_append_c(out, '\n');
}

static void expect_row(GString *out, const struct list *l, guint at)
{
	const GArray *row = l->rows->pdata[at];
	g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
	enum row_verdict verdict = ROW_ACCEPTED;
	guint first = 0;

	while (l->columns[first] == HEADING_UNKNOWN)
		first++;
	append_place(out, at, first);
	for (guint i = 0; i < l->n_columns; i++) {
		struct cell absent = { 0 };
		const struct cell *c = i < row->len ? CELL_AT(row, i) : &absent;
		if (c == &absent)
			be_absent(&absent, l->columns[i]);
		append_fact(out, l->columns[i], c->fact);
		if (c->code && !is_told_already(l, row, l->columns[i])) {
			g_autoptr(GString) line = g_string_new(NULL);
			append_place(line, at, i);
			g_string_append_printf(line, " %s", c->code);
			g_ptr_array_add(complaints, g_strdup(line->str));
			verdict = MAX(verdict, verdict_of(c->code));
		}
		clear_cell(&absent);
	}
	g_string_append_printf(out, " %s:", facts_row_verdicts[verdict]);
	append_sorted(out, complaints);
}

static char *expected(const struct list *l, bool hides)
{
	GString *out = g_string_new(NULL), *hidden = g_string_new(NULL);

	for (guint i = l->header + 1; i < l->rows->len; i++) {
		const GArray *row = l->rows->pdata[i];
		guint k = 0;
		if (is_nobody(l, row))
			continue;
		expect_row(out, l, i);
		while (!*CELL_AT(row, k)->text)
			k++;
		if (!hides || hidden->len || !CELL_AT(row, 0)->row_hidden)
			continue;
		g_string_append(hidden, " ");
		append_place(hidden, i, k);
		g_string_append(hidden, " rows_hidden");
	}
	g_string_append_printf(out, "unit [%s] ticket [%s]:%s\n", l->unit ? l->unit : "", l->ticket ? l->ticket : "", hidden->str);
	g_string_free(hidden, TRUE);
	return g_string_free(out, FALSE);
}

/* ---- what was read, in the same words ---- */

static void append_complaints(GString *out, const GPtrArray *complaints)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < complaints->len; i++) {
		const struct complaint *c = complaints->pdata[i];
		g_ptr_array_add(lines, g_strdup_printf("%s %s", c->where, c->code));
	}
	append_sorted(out, lines);
}

static char *read_back(document_t *d, const struct list *l)
{
	static const char *const domains[] = { "kurum.test", NULL };
	struct form_rules rules = { headings, domains, 1795337400 }; /* 22 November 2026 */
	struct request *r = form_from_document(d, &rules, d->complaints);
	GString *out = g_string_new(NULL);

	for (guint i = 0; r && i < r->rows->len; i++) {
		const struct request_row *row = r->rows->pdata[i];
		g_string_append(out, row->where);
		for (guint k = 0; k < l->n_columns; k++) {
			g_autofree char *fact = read_fact(row, l->columns[k]);
			append_fact(out, l->columns[k], fact);
		}
		g_string_append_printf(out, " %s:", facts_row_verdicts[row->verdict]);
		append_complaints(out, row->complaints);
	}
	/* The unit of rows that agree is the form's too; that is no matter of spoilt cells. */
	bool shown = r && l->unit;
	g_string_append_printf(out, "unit [%s] ticket [%s]:", shown && r->unit ? r->unit : "", r && r->ticket ? r->ticket : "");
	append_complaints(out, d->complaints);
	g_string_replace(out, "Tablo 1", "Sayfa1", 0);
	g_string_replace(out, "[Sayfa1.csv]", "", 0);
	facts_request_free(r);
	return g_string_free(out, FALSE);
}

/* ---- comparing ---- */

static const char *fault_of(const GArray *row)
{
	for (guint i = 0; row && i < row->len; i++)
		if (CELL_AT(row, i)->fault)
			return CELL_AT(row, i)->fault;
	return "no fault";
}

/* Rows that differ, and the fault that was put there; of each fault the first. Returns how many rows differ. */
static int show_difference(const struct list *l, const char *should, const char *is)
{
	static GHashTable *shown;
	g_auto(GStrv) a = g_strsplit(should, "\n", -1), b = g_strsplit(is, "\n", -1);
	guint n = 0, at = l->header + 1;

	if (!shown)
		shown = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; a[i] && b[i]; i++, at++) {
		while (at < l->rows->len && is_nobody(l, l->rows->pdata[at]))
			at++;
		const char *fault = fault_of(at < l->rows->len ? l->rows->pdata[at] : NULL);
		n += strcmp(a[i], b[i]) != 0;
		if (strcmp(a[i], b[i]) && g_hash_table_add(shown, (char *)fault))
			printf("%s\n  should be: %s\n  is:        %s\n", fault, a[i], b[i]);
	}
	return (int)n + (g_strv_length(a) != g_strv_length(b));
}

static void spoil_list(GRand *r, struct list *l)
{
	for (guint i = l->header + 1; i < l->rows->len; i++) {
		GArray *row = l->rows->pdata[i];
		if (!is_nobody(l, row) && pick(r, 10))
			met[spoil_row(r, l, row)]++;
	}
}

/* The same person once more is a row of its own: what becomes of it is not for the reader to say. */
static void repeat_person(struct list *l)
{
	const GArray *person = l->rows->pdata[l->header + 1];
	GArray *row = add_row(l);

	for (guint i = 0; i < person->len; i++) {
		struct cell c = *CELL_AT(person, i);
		c.text = g_strdup(c.text);
		c.fact = g_strdup(c.fact);
		g_array_append_val(row, c);
	}
}

static void every_fault_is_told(void **state)
{
	g_autoptr(GRand) r = g_rand_new_with_seed(20261123);
	int wrong = 0;

	for (int set = 0; set < SETS; set++) {
		struct list l = make_list(r);
		spoil_list(r, &l);
		repeat_person(&l);
		for (size_t i = 0; i < G_N_ELEMENTS(containers); i++) {
			g_autofree char *should = expected(&l, containers[i].hides);
			g_autoptr(document_t) d = containers[i].write(&l);
			g_autofree char *is = read_back(d, &l);
			if (!strcmp(should, is))
				continue;
			if (!wrong)
				printf("first in list %d as %s\n", set, containers[i].name);
			wrong += show_difference(&l, should, is);
		}
		g_ptr_array_unref(l.rows);
	}
	assert_int_equal(wrong, 0);
}

/* A fault that was never made was never shown to be told. */
static void every_fault_was_made(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(faults); i++)
		if (met[i] < 10)
			fail_msg("%s: made %u times", faults[i].name, met[i]);
	printf("%d lists, %zu kinds of fault, %zu kinds of file\n", SETS, G_N_ELEMENTS(faults), G_N_ELEMENTS(containers));
}

static bool has_fault(const char *code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(faults); i++)
		if (!g_strcmp0(faults[i].code, code))
			return true;
	return false;
}

/* The complaints of a row that form.h promises. */
static void every_complaint_has_a_fault(void **state)
{
	g_autofree char *text = NULL;

	assert_true(g_file_get_contents("parsers/form.h", &text, NULL, NULL));
	char *from = strstr(text, "Complaint codes of a row."), *to = strstr(text, "Of the form:");
	assert_true(from && to > from);
	*to = '\0';
	g_auto(GStrv) words = g_strsplit_set(from, " ,.:;()*\n", -1);
	for (char **w = words; *w; w++)
		if (strchr(*w, '_') && !has_fault(*w))
			fail_msg("%s: no fault of spoil.h leads to it", *w);
}

static int set_up(void **state)
{
	g_autofree char *text = NULL;

	document_warm_up();
	if (!g_file_get_contents("parsers/headings.table", &text, NULL, NULL))
		return -1;
	headings = headings_parse(text, NULL);
	return headings ? 0 : -1;
}

static int tear_down(void **state)
{
	headings_free(headings);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_fault_is_told), cmocka_unit_test(every_fault_was_made),
					    cmocka_unit_test(every_complaint_has_a_fault) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
