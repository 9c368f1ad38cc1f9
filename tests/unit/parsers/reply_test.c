/* reply: tokens in subject, references and text; the whole struct. */
#include "parsers/reply.h"
#include "tests/unit/parsers/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define TOKEN "NG-17-ABCDEFGHIJKLMNOP"
#define OTHER "NG-9-234567ABCDEFGHIJ"

static const char *const ours[] = { "gecit.kurum.test", NULL };

static void tokens(void **state)
{
	static const struct { const char *subject, *references, *text; const char *tokens; } cases[] = {
		{ "Ynt: [" TOKEN "] Onay", NULL, NULL, TOKEN },
		{ "YNT: [ng-17-abcdefghijklmnop]", NULL, NULL, TOKEN },
		{ NULL, "<ng-17-abcdefghijklmnop@gecit.kurum.test>", NULL, TOKEN },
		{ NULL, "<x@y>\r\n <NG-17-ABCDEFGHIJKLMNOP@GECIT.KURUM.TEST> <" OTHER "@gecit.kurum.test>",
		  NULL, TOKEN " " OTHER },
		{ NULL, "<" TOKEN "@baska.test>", NULL, "" },
		{ NULL, "<" TOKEN "@gecit.kurum.test.baska.test>", NULL, "" },
		{ NULL, "<" TOKEN ">", NULL, "" },
		{ NULL, TOKEN "@gecit.kurum.test", NULL, "" },
		{ NULL, NULL, "Onay\n> Konu: [" TOKEN "]\n", TOKEN },
		{ "[" TOKEN "]", "<" TOKEN "@gecit.kurum.test>", "[" TOKEN "] [" OTHER "]", TOKEN " " OTHER },
		{ "X" TOKEN, NULL, NULL, "" },
		{ TOKEN "X", NULL, NULL, "" },
		{ "NG-17-ABCDEFGHIJKLMNO", NULL, NULL, "" },
		{ "NG-17-ABCDEFGHIJKLMNO1", NULL, NULL, "" },
		{ "NG--ABCDEFGHIJKLMNOP", NULL, NULL, "" },
		{ "NG-1234567890123456789-ABCDEFGHIJKLMNOP", NULL, NULL, "" },
		{ "NG-", NULL, "NG-17-", "" },
		{ NULL, NULL, NULL, "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct reply *r = reply_read(cases[i].subject, cases[i].references, cases[i].text, ours);
		g_ptr_array_add(r->tokens, NULL);
		g_autofree char *all = g_strjoinv(" ", (char **)r->tokens->pdata);
		assert_string_equal(all, cases[i].tokens);
		facts_reply_free(r);
	}
	struct reply *any = reply_read(NULL, "<" TOKEN "@baska.test>", NULL, NULL);
	assert_int_equal(any->tokens->len, 1);
	facts_reply_free(any);
}

static void own_words_only(void **state)
{
	struct reply *r = reply_read("Ynt: [" TOKEN "]", NULL, "ONAY\n\n> Cevabınız RED ise RED yazın\n", NULL);

	assert_null(r->text); /* until they are asked for */
	reply_own_words(r, test_answers(), "ONAY\n\n> Cevabınız RED ise RED yazın\n");
	reply_own_words(r, test_answers(), "RED"); /* known already */
	assert_string_equal(r->text, "ONAY");
	assert_int_equal(r->cut_line, 3);
	assert_int_equal(r->answer, ANSWER_NONE); /* answer_read reads it */
	facts_reply_free(r);
	r = reply_read(NULL, NULL, "> ONAY\n", NULL);
	reply_own_words(r, test_answers(), "> ONAY\n");
	assert_string_equal(r->text, "");
	assert_int_equal(r->answer, ANSWER_NONE);
	facts_reply_free(r);
	r = reply_read(NULL, NULL, NULL, NULL);
	reply_own_words(r, test_answers(), NULL);
	assert_string_equal(r->text, "");
	facts_reply_free(r);
}

/* A stranger's mail full of tokens makes a short list. */
static void many_tokens(void **state)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (int i = 0; i < 1000; i++)
		g_string_append_printf(text, "[NG-%d-ABCDEFGHIJKLMNOP] ", i);
	struct reply *r = reply_read(NULL, NULL, text->str, NULL);
	assert_int_equal(r->tokens->len, 32);
	facts_reply_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tokens), cmocka_unit_test(own_words_only),
					    cmocka_unit_test(many_tokens) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
