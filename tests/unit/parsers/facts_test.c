/* facts: JSON both ways, and what a caged reader that was taken over may not hand out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/facts.h"

static struct facts *everything(void)
{
	struct facts *f = facts_new();
	struct part *p = facts_part_add(f);
	struct bounce_recipient *b = facts_bounce_recipient_add(facts_bounce_add(f));
	struct request_row *row;

	f->file = g_strdup("x.eml");
	f->kind = KIND_REQUEST;
	f->from = g_strdup("a@b.test");
	f->subject = g_strdup("Şıİğ \"tırnak\" \\ ters");
	g_ptr_array_add(f->to, g_strdup("c@d.test"));
	f->auto_submitted = true;
	p->path = g_strdup("1.2");
	p->size = 123;
	f->signature.verdict = SIGNATURE_PARTIAL;
	g_ptr_array_add(f->signature.signers, g_strdup("a@b.test"));
	f->signature.from_matches = true;
	f->auth.trusted = true;
	f->auth.spf = g_strdup("pass");
	f->reply = facts_reply_new();
	f->reply->text = g_strdup("satır bir\n\tsatır iki\x01");
	f->reply->cut_line = 9;
	f->reply->answer = ANSWER_DONE_E_CONSENT;
	g_ptr_array_add(f->reply->tokens, g_strdup("tok"));
	struct reply_choice *c = facts_reply_choose(f->reply, ANSWER_APPROVE);
	c->except = true;
	struct reply_item *i = facts_reply_choice_add(c);
	i->from = 3;
	i->to = 5;
	facts_reply_choice_add(c)->name = g_strdup("deneme bir");
	b->address = g_strdup("yok@b.test");
	b->permanent = true;
	facts_feedback_add(f)->type = g_strdup("abuse");
	f->notice = facts_notice_new();
	f->notice->rule = g_strdup("kurye");
	f->request = facts_request_new();
	row = facts_request_add(f->request);
	row->where = g_strdup("Sayfa1!A5");
	row->name_key = g_strdup("deneme bir");
	row->years = 3;
	row->backup = true;
	row->verdict = ROW_REPAIRED;
	facts_complain(row->complaints, "tckn_check_digit", "Sayfa1!A5", "1");
	f->triage = g_strdup("scan");
	facts_complain(f->complaints, "doubled_header", "From", NULL);
	return f;
}

static void test_round_trip(void **state)
{
	g_autoptr(facts_t) f = everything();
	g_autofree char *once = facts_to_json(f);
	g_autoptr(GError) error = NULL;
	g_autoptr(facts_t) back = facts_from_json(once, strlen(once), &error);
	g_autofree char *twice = NULL;

	assert_null(error);
	twice = facts_to_json(back);
	assert_string_equal(once, twice);
	assert_null(strchr(once, '\n'));
	assert_string_equal(back->subject, "Şıİğ \"tırnak\" \\ ters");
	assert_string_equal(back->reply->text, "satır bir\n\tsatır iki\x01");
	assert_int_equal(back->reply->answer, ANSWER_DONE_E_CONSENT);
	struct reply_choice *choice = back->reply->choices->pdata[0];
	assert_true(choice->except && choice->answer == ANSWER_APPROVE);
	assert_int_equal(((struct reply_item *)choice->items->pdata[0])->to, 5);
	assert_string_equal(((struct reply_item *)choice->items->pdata[1])->name, "deneme bir");
	assert_int_equal(((struct request_row *)back->request->rows->pdata[0])->verdict, ROW_REPAIRED);
	assert_true(((struct bounce_recipient *)back->bounce->recipients->pdata[0])->permanent);
	assert_string_equal(back->triage, "scan");
}

static void test_exact_text(void **state)
{
	g_autoptr(facts_t) f = facts_new();
	g_autofree char *json = NULL;

	f->kind = KIND_OTHER;
	f->subject = g_strdup("iki\r\nsatır\xff");
	json = facts_to_json(f);
	assert_string_equal(json, "{\"kind\":\"other\",\"to\":[],\"subject\":\"iki  satır\xef\xbf\xbd\",\"auto_submitted\":false,"
		"\"read_receipt\":false,\"parts\":[],\"signature\":{\"verdict\":\"none\",\"from_matches\":false},"
		"\"auth\":{\"trusted\":false},\"complaints\":[]}");
}

static const struct { const char *json; bool good; } back[] = {
	{ "{}", true },
	{ "{\"kind\":\"bounce\"}", true },
	{ "{\"reply\":{\"text\":\"a\\nb\"}}", true },
	{ "{\"k\\u0069nd\":\"bounc\\u0065\"}", true },
	{ "{\"kin\":\"bounce\"}", false },
	{ "{\"kinds\":\"bounce\"}", false },
	{ "{\"kind\":\"bounc\"}", false },
	{ "{\"kind\":\"bounces\"}", false },
	{ "", false },
	{ "[]", false },
	{ "{} {}", false },
	{ "{\"kind\":\"kral\"}", false },
	{ "{\"kind\":3}", false },
	{ "{\"kind\":\"other\",\"kind\":\"reply\"}", false },
	{ "{\"operator\":true}", false },
	{ "{\"from\":null}", false },
	{ "{\"from\":[\"a@b\"]}", false },
	{ "{\"from\":\"a@b\\r\\nBcc: c@d\"}", false },
	{ "{\"subject\":\"a\\u0000b\"}", false },
	{ "{\"subject\":\"\xff\"}", false },
	{ "{\"to\":\"a@b\"}", false },
	{ "{\"to\":[\"a@b\",7]}", false },
	{ "{\"to\":[\"a\\nb\"]}", false },
	{ "{\"auto_submitted\":1}", false },
	{ "{\"parts\":[{\"size\":\"1\"}]}", false },
	{ "{\"parts\":[{\"size\":-1}]}", false },
	{ "{\"parts\":[{\"size\":1.5}]}", false },
	{ "{\"parts\":[{\"size\":99999999999999999999}]}", false },
	{ "{\"parts\":[null]}", false },
	{ "{\"parts\":{}}", false },
	{ "{\"signature\":[]}", false },
	{ "{\"signature\":{\"verdict\":\"valid\",\"verdict\":\"valid\"}}", false },
	{ "{\"reply\":{\"answer\":\"APPROVE\"}}", false },
	{ "{\"request\":{\"rows\":[{\"complaints\":[{\"code\":{}}]}]}}", false },
};

static void test_back(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(back); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(facts_t) f = facts_from_json(back[i].json, strlen(back[i].json), &error);

		if (!!f != back[i].good || !!error == back[i].good)
			fail_msg("%s", back[i].json);
	}
}

/* What stands in a string, and what is read; NULL: nothing. */
static const struct { const char *json, *text; } strings[] = {
	{ "", "" }, { "\\\"", "\"" }, { "\\\\", "\\" }, { "\\\\\\\"\\/b", "\\\"/b" }, { "\\u0131\\ud83d\\ude00.", "ı😀." }, { "şğ", "şğ" },
	{ "\xc5", NULL }, { "\xff", NULL }, { "\\u0131\xff", NULL }, { "\\n", NULL }, { "\\u001f", NULL }, { "\\ud83d", NULL },
	{ "\\x", NULL }, { "\\u00", NULL }, { "\x1f", NULL }, { "\\\"\n", NULL }, { "\\", NULL },
};

/* Read eight bytes at a time, so each stands at each place of the eight. */
static void test_strings(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(strings) * 18; i++) {
		const char *in = strings[i / 18].json, *out = strings[i / 18].text;
		g_autofree char *before = g_strnfill(i % 18, 'a'), *want = out ? g_strconcat(before, out, "b", NULL) : NULL;
		g_autofree char *json = g_strdup_printf("{\"subject\":\"%s%sb\"}", before, in);
		g_autoptr(facts_t) f = facts_from_json(json, strlen(json), NULL);

		if (g_strcmp0(f ? f->subject : NULL, want))
			fail_msg("%s", json);
	}
}

/* Reading recurses; its own limit must hold before the stack ends. */
static void test_deep(void **state)
{
	g_autofree char *json = g_strnfill(1000000, '[');

	assert_null(facts_from_json(json, 1000000, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_exact_text),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_back),
		cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
