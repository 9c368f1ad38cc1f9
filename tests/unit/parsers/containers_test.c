/* The same people, written as every kind of file of people_files.h, are the same facts.
 *
 * The lists come from a generator with a fixed seed (people_gen.h) and hold right and wrong values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "tests/unit/parsers/people_files.h"
#include "tests/unit/parsers/spoil.h"

enum { SETS = 500 };

static struct headings *headings;

/* Everything that is known of the people, with places and complaints. */
static char *facts_of(document_t *d, guint *rows)
{
	struct form_rules rules = { headings, NULL, 1795337400 }; /* 22 November 2026 */
	struct request *r = form_from_document(d, &rules, d->complaints);
	GString *json = g_string_new(NULL);

	assert_non_null(r);
	*rows = r->rows->len;
	facts_append_request(json, r);
	facts_append_complaints(json, d->complaints);
	g_string_replace(json, "Tablo 1", "Sayfa1", 0);
	g_string_replace(json, "Sayfa 1", "Sayfa1", 0);
	g_string_replace(json, "[Sayfa1.csv]", "", 0);
	facts_request_free(r);
	return g_string_free(json, FALSE);
}

static void compare(const struct list *l, int set, guint *people)
{
	g_autofree char *first = NULL;
	guint rows;

	for (size_t i = 0; i < G_N_ELEMENTS(containers); i++) {
		g_autoptr(document_t) d = containers[i].write(l);
		g_autofree char *facts = facts_of(d, &rows);
		size_t same = 0;

		if (!first)
			first = g_strdup(facts);
		while (facts[same] && facts[same] == first[same])
			same++;
		size_t from = same > 60 ? same - 60 : 0;
		if (strcmp(facts, first))
			fail_msg("set %d, %s: …%.120s… instead of …%.120s…", set, containers[i].name, facts + from, first + from);
	}
	*people += rows;
}

/* Every third person has a fault. Not all kinds of file can hide a row. */
static void spoil_some(GRand *r, struct list *l)
{
	for (guint i = l->header + 1; i < l->rows->len; i++) {
		GArray *row = l->rows->pdata[i];
		if (!is_nobody(l, row) && !pick(r, 3))
			spoil_row(r, l, row);
		CELL_AT(row, 0)->row_hidden = false;
	}
}

static void same_facts(void **state)
{
	g_autoptr(GRand) r = g_rand_new_with_seed(20261122);
	guint people = 0;

	for (int set = 0; set < SETS; set++) {
		struct list l = make_list(r);
		spoil_some(r, &l);
		compare(&l, set, &people);
		g_ptr_array_unref(l.rows);
	}
	assert_true(people > SETS * PEOPLE / 2);
	printf("%d lists of %u people, each as %zu kinds of file\n", SETS, people, G_N_ELEMENTS(containers));
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
	const struct CMUnitTest tests[] = { cmocka_unit_test(same_facts) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
