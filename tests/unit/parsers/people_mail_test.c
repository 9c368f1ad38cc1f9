/* The same people in the words of a mail: line by line, as a table of tabs, and both in a forward, inline and as a part.
 *
 * Every fact is read, every fault is told in its row, and nothing else is. Lists come from people_gen.h; places are of no matter here.
 */
#include "parsers/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "tests/unit/parsers/people_facts.h"
#include "tests/unit/parsers/spoil.h"

enum { SETS = 500 };

static struct reader *reader;

/* ---- writing ---- */

static char *on_one_line(const char *text)
{
	char *line = g_strdup(text);

	return g_strdelimit(line, "\n\t", ' ');
}

static void append_banners(GString *out, const struct list *l)
{
	for (guint r = 0; r < l->header; r++) {
		const GArray *row = l->rows->pdata[r];
		for (guint i = 0; i < row->len; i++)
			g_string_append_printf(out, "%s ", CELL_AT(row, i)->text);
		g_string_append_c(out, '\n');
	}
}

/* "Kimlik No: 1", one block a person; what is not given may have no line, but for the number. */
static char *as_labels(const struct list *l, GRand *r)
{
	GString *out = g_string_new("Sayın yetkili,\n\n");
	bool sparse = pick(r, 2);

	append_banners(out, l);
	g_string_append_c(out, '\n');
	for (guint i = l->header + 1; i < l->rows->len; i++) {
		const GArray *row = l->rows->pdata[i];
		for (guint k = 0; k < row->len && !is_nobody(l, row); k++) {
			g_autofree char *value = on_one_line(CELL_AT(row, k)->text);
			if (l->columns[k] != HEADING_UNKNOWN && (*value || !sparse || l->columns[k] == HEADING_TCKN))
				g_string_append_printf(out, "%s: %s\n", seen_headings[l->columns[k]][0], value);
		}
		g_string_append_c(out, '\n');
	}
	return g_string_free(g_string_append(out, "İyi çalışmalar\n"), FALSE);
}

static char *as_table(const struct list *l, GRand *r)
{
	GString *out = g_string_new("Sayın yetkili,\n\n");

	append_banners(out, l);
	for (guint i = l->header; i < l->rows->len; i++) {
		const GArray *row = l->rows->pdata[i];
		for (guint k = 0; k < row->len; k++) {
			g_autofree char *value = on_one_line(CELL_AT(row, k)->text);
			g_string_append_printf(out, "%s%s", k ? "\t" : "", value);
		}
		g_string_append_c(out, '\n');
	}
	return g_string_free(g_string_append(out, "\nİyi çalışmalar\n"), FALSE);
}

#define TEXT "Content-Type: text/plain; charset=utf-8\n\n"
#define OLD_HEADER "-----Özgün İleti-----\nGönderen: Birim <birim@kurum.test>\nGönderildi: 21 Kasım 2026\nKime: x <x@kurum.test>\nKonu: Talep\n\n"
#define PART "Content-Type: multipart/mixed; boundary=b\n\n--b\n" TEXT "Bilgilerinize\n--b\nContent-Type: message/rfc822\n\n" \
	"From: Birim <birim@kurum.test>\nSubject: Talep\n" TEXT

static const struct { const char *name, *head, *tail; } mails[] = {
	{ "mail", "Subject: Talep\n" TEXT, "" },
	{ "inline forward", "Subject: =?utf-8?q?=C4=B0lt=3A_Talep?=\n" TEXT "Bilgilerinize\n\n" OLD_HEADER, "" },
	{ "forwarded part", "Subject: Fwd: Talep\n" PART, "\n--b--\n" },
};
static const struct { const char *name; char *(*write)(const struct list *l, GRand *r); } shapes[] = {
	{ "labels", as_labels }, { "table", as_table },
};

/* ---- comparing ---- */

/* The unit that stands once above blocks of lines is of all who have none. */
static char *expected(const struct list *l, bool blocks)
{
	GString *out = g_string_new(NULL);

	for (guint i = l->header + 1; i < l->rows->len; i++) {
		const GArray *row = l->rows->pdata[i];
		for (guint k = 0; k < row->len && !is_nobody(l, row); k++)
			append_fact(out, l->columns[k], CELL_AT(row, k)->fact || l->columns[k] != HEADING_UNIT || !blocks ? CELL_AT(row, k)->fact
															   : l->unit);
		for (guint k = 0; k < row->len; k++)
			if (CELL_AT(row, k)->code)
				g_string_append_printf(out, " !%s", CELL_AT(row, k)->code);
		if (!is_nobody(l, row))
			g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}

static void append_codes(GString *out, const GPtrArray *complaints)
{
	for (guint i = 0; i < complaints->len; i++)
		g_string_append_printf(out, " !%s", ((const struct complaint *)complaints->pdata[i])->code);
}

static char *read_back(const char *mail, const struct list *l)
{
	g_autoptr(facts_t) f = reader_read(reader, mail, strlen(mail), 1795337400); /* 22 November 2026 */
	GString *out = g_string_new(NULL);

	for (guint i = 0; f->request && i < f->request->rows->len; i++) {
		const struct request_row *row = f->request->rows->pdata[i];
		for (guint k = 0; k < l->n_columns; k++) {
			g_autofree char *fact = read_fact(row, l->columns[k]);
			append_fact(out, l->columns[k], fact);
		}
		append_codes(out, row->complaints);
		g_string_append_c(out, '\n');
	}
	append_codes(out, f->complaints);
	return g_string_free(out, FALSE);
}

static void compare(const struct list *l, size_t shape, size_t mail, GRand *r)
{
	g_autofree char *words = shapes[shape].write(l, r), *should = expected(l, shape == 0);
	g_autofree char *raw = g_strconcat("From: Soran <s@kurum.test>\nMIME-Version: 1.0\n", mails[mail].head, words, mails[mail].tail, NULL);
	g_autofree char *is = read_back(raw, l);
	g_auto(GStrv) a = g_strsplit(should, "\n", -1), b = g_strsplit(is, "\n", -1);

	for (guint i = 0; a[i] || b[i]; i++)
		if (g_strcmp0(a[i], b[i]))
			fail_msg("%s, %s, person %u\nshould be:%s\nis:       %s", shapes[shape].name, mails[mail].name, i, a[i], b[i]);
}

/* Every third person has a fault in one cell; rows have no other shape in words. */
static void spoil_cells(GRand *r, struct list *l)
{
	for (guint i = l->header + 1; i < l->rows->len; i++) {
		GArray *row = l->rows->pdata[i];
		const struct fault *f = &PICK(r, faults);
		bool fits = f->field != HEADING_UNKNOWN && !is_nobody(l, row) && !pick(r, 3);
		for (guint k = 0; k < row->len && fits; k++)
			if (spoil_with(f, &(struct spoil){ r, l, row, k }))
				break;
	}
}

static void the_same_people(void **state)
{
	g_autoptr(GRand) r = g_rand_new_with_seed(20261124);

	for (int set = 0; set < SETS; set++) {
		struct list l = make_list(r);
		spoil_cells(r, &l);
		for (size_t shape = 0; shape < G_N_ELEMENTS(shapes); shape++)
			compare(&l, shape, (size_t)set % G_N_ELEMENTS(mails), r);
		g_ptr_array_unref(l.rows);
	}
	printf("%d lists of %d people\n", SETS, PEOPLE);
}

static int set_up(void **state)
{
	static const char *const domains[] = { "kurum.test", NULL };
	struct reader_options o = { .mail_domains = domains };

	reader = reader_new(&o, NULL);
	return reader ? 0 : -1;
}

static int tear_down(void **state)
{
	reader_free(reader);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_same_people) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
