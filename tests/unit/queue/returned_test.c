/* returned_test: what the sheet for the sender is made of: every row in its order, with the cells as they were written. */
#include "tests/unit/queue/help.h"
#include "queue/returned.h"

static struct request_row *spoil(struct facts *f, int n, enum row_verdict verdict, const char *code, const char *value)
{
	struct request_row *r = add_person(f, n, "renewal");
	r->verdict = verdict;
	facts_complain(r->complaints, code, "Sayfa1!B7", value);
	return r;
}

static const struct complaint *only(const struct request *r, guint row)
{
	const struct request_row *one = r->rows->pdata[row];
	assert_int_equal(one->complaints->len, 1);
	return one->complaints->pdata[0];
}

static void test_rows(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	struct facts *f = request_of(1, 1, "renewal");
	struct request_row *bad = spoil(f, 2, ROW_REFUSED, "tckn_check_digit", "12345678901");
	g_free(bad->tckn);
	bad->tckn = g_strdup("12345678901");
	bad->phone = g_strdup("+90 500 000 00 00");
	spoil(f, 3, ROW_REPAIRED, "tckn_blanks", "100 000 \"3");
	spoil(f, 4, ROW_ACCEPTED, "phone_invalid", "0212 1112233");
	f->request->unit = g_strdup("Birim A");
	f->request->ticket = g_strdup("77");
	apply(w, f);
	assert_sql(w, "123******01", "SELECT complaints->>'$[0].value' FROM request_row WHERE no = 2");
	struct request *r = returned_read(w->db, 1, &error);
	assert_non_null(r);
	assert_string_equal(r->unit, "Birim A");
	assert_string_equal(r->ticket, "77");
	assert_string_equal(r->form, "Sayfa1");
	assert_int_equal(r->rows->len, 4);
	static const enum row_verdict verdicts[] = { ROW_ACCEPTED, ROW_REFUSED, ROW_REPAIRED, ROW_ACCEPTED };
	for (guint i = 0; i < 4; i++)
		assert_int_equal(((struct request_row *)r->rows->pdata[i])->verdict, verdicts[i]);
	const struct request_row *row = r->rows->pdata[1];
	assert_string_equal(row->tckn, "12345678901");
	assert_string_equal(row->phone, "+90 500 000 00 00");
	assert_string_equal(row->family_name, "Kisi2");
	assert_int_equal(row->years, 3);
	assert_null(row->note);
	assert_string_equal(only(r, 1)->code, "tckn_check_digit");
	assert_string_equal(only(r, 1)->where, "Sayfa1!B7");
	assert_string_equal(only(r, 1)->value, "12345678901");
	assert_string_equal(only(r, 2)->value, "100 000 \"3");
	assert_string_equal(only(r, 3)->value, "0212 1112233");
	facts_request_free(r);
}

/* What the queue itself finds stands beside what the reader found. */
static void test_of_the_queue(void **state)
{
	struct world *w = *state;
	apply(w, request_of(1, 1, "renewal"));
	struct facts *f = request_of(1, 2, "renewal");
	g_clear_pointer(&((struct request_row *)f->request->rows->pdata[1])->tckn, g_free);
	apply(w, f);
	struct request *r = returned_read(w->db, 2, NULL);
	assert_non_null(r);
	assert_string_equal(only(r, 0)->code, "effect_same");
	assert_string_equal(only(r, 1)->code, "tckn_empty");
	assert_int_equal(((struct request_row *)r->rows->pdata[1])->verdict, ROW_REFUSED);
	facts_request_free(r);
}

/* Nothing to mend: nothing goes back. */
static void test_not_wanted(void **state)
{
	struct world *w = *state;
	struct facts *f = request_of(2, 1, "renewal");
	spoil(f, 3, ROW_REPAIRED, "tckn_blanks", "100 000 \"3");
	apply(w, request_of(1, 1, "renewal"));
	apply(w, f);
	g_autoptr(GPtrArray) letters = outbox_claim(w->db, 10, NOW, 60, NULL);
	guint receipts = 0;
	for (guint i = 0; i < letters->len; i++) {
		const struct letter *l = letters->pdata[i];
		receipts += strcmp(l->name, "receipt") == 0;
		assert_int_equal(l->marked, strcmp(l->name, "receipt") == 0 && l->request == 2);
	}
	assert_int_equal(receipts, 2);
}

static void test_no_such_request(void **state)
{
	struct world *w = *state;
	GError *error = NULL;
	assert_null(returned_read(w->db, 5, &error));
	assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND));
	g_clear_error(&error);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rows, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(test_of_the_queue, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(test_not_wanted, world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(test_no_such_request, world_setup, world_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
