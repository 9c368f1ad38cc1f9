/* html_text, text: the words of a mail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/facts.h"
#include "parsers/html_text.h"
#include "parsers/text.h"

static const struct { const char *html, *text; } pages[] = {
	{ "<p>Bir</p><p>İki</p>", "Bir\n\nİki" },
	{ "Bir<br>İki<br/><br>Üç", "Bir\nİki\n\nÜç" },
	{ "<div>Bir</div>\n<div>İki</div>", "Bir\nİki" },
	{ "<b>B</b>ir  iki\n\tüç&nbsp;dört", "Bir iki üç dört" },
	{ "<style>p{}</style><script>x()</script><title>t</title>Bir<!-- yorum -->", "Bir" },
	{ "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc" },
	{ "Tamam<blockquote>eski<br>söz</blockquote>son", "Tamam\n\n> eski\n> söz\nson" },
	{ "<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>> b" },
	{ "a<hr>b", "a\n\n________________________________\nb" },
	{ "&#351;&ccedil;&lt;&amp;", "şç<&" },
	{ "<meta http-equiv=Content-Type content='text/html; charset=iso-8859-9'><p>Şişli</p>", "Şişli" },
	{ "<ul><li>a<li>b</ul>", "a\nb" },
	{ "", "" }, { "  \n", "" }, { "<p></p>", "" }, { "yalnız söz", "yalnız söz" },
};

static void test_pages(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
		g_autofree char *text = html_text(pages[i].html, strlen(pages[i].html));

		if (strcmp(text, pages[i].text))
			fail_msg("page %zu: \"%s\", not \"%s\"", i, text, pages[i].text);
	}
}

static void test_deep_page(void **state)
{
	g_autoptr(GString) html = g_string_new(NULL);
	g_autofree char *text = NULL;

	for (int i = 0; i < 200000; i++)
		g_string_append(html, "<div>");
	text = html_text(html->str, html->len);
	assert_string_equal(text, "");
}

#define MIXED "Content-Type: multipart/mixed; boundary=o\n\n"
#define ALTERNATIVE "Content-Type: multipart/alternative; boundary=i\n\n"
#define HTML "Content-Type: text/html\n\n"

static const struct { const char *raw, *text; } mails[] = {
	{ "A: b\n\nBir\n", "Bir\n" },
	{ "A: b\n\nBir\r\niki\ruc\r\n", "Bir\niki\nuc\n" },
	{ "A: b\n\nBir\r\r\n\r\niki\r", "Bir\n\n\niki\n" },
	{ HTML "<p>Bir", "Bir" },
	{ ALTERNATIVE "--i\n\nBir\n--i\n" HTML "<p>HTML\n--i--\n", "Bir" },
	{ ALTERNATIVE "--i\n" HTML "<p>HTML\n--i\n\nBir\n--i--\n", "Bir" },
	{ ALTERNATIVE "--i\n\n \n--i\n" HTML "<p>HTML\n--i--\n", "HTML" },
	{ MIXED "--o\n" ALTERNATIVE "--i\n\nBir\n--i\n" HTML "x\n--i--\n--o\n\nimza\n--o--\n", "Bir\nimza" },
	{ MIXED "--o\n" HTML "<p>Bir\n--o\n\nimza\n--o--\n", "Bir\nimza" },
	{ MIXED "--o\nContent-Disposition: attachment\n\nek\n--o\n\nBir\n--o--\n", "Bir" },
	{ MIXED "--o\nContent-Type: text/plain; name=a.txt\n\nek\n--o--\n", NULL },
	{ MIXED "--o\nContent-Type: message/rfc822\n\nA: b\n\neski\n--o--\n", NULL },
	{ "Content-Type: application/pdf\n\nx\n", NULL },
	{ "A: b\n", "" },
};

static void test_mails(void **state)
{
	mime_setup();
	for (size_t i = 0; i < G_N_ELEMENTS(mails); i++) {
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		g_autoptr(mime_t) m = mime_open(NULL, mails[i].raw, strlen(mails[i].raw), complaints);
		g_autofree char *text = text_of_mail(NULL, m, complaints);

		if (g_strcmp0(text, mails[i].text))
			fail_msg("mail %zu: \"%s\"", i, text);
	}
}

static void test_too_long(void **state)
{
	g_autofree char *body = g_strnfill(TEXT_MAX + 1, 'a');
	g_autofree char *raw = g_strconcat("A: b\n\n", body, NULL);
	g_autoptr(GPtrArray) complaints = facts_complaints_new();
	g_autoptr(mime_t) m = NULL;
	g_autofree char *text = NULL;

	mime_setup();
	m = mime_open(NULL, raw, strlen(raw), complaints);
	text = text_of_mail(NULL, m, complaints);
	assert_int_equal(strlen(text), TEXT_MAX);
	assert_string_equal(((struct complaint *)complaints->pdata[0])->code, "text_too_long");
}

/* libxml2 compares each attribute of a tag with all before it: forty thousand take seconds. */
static void test_too_complex(void **state)
{
	g_autoptr(GString) raw = g_string_new("Content-Type: text/html\n\n<p");
	g_autoptr(GPtrArray) complaints = facts_complaints_new();
	g_autoptr(mime_t) m = NULL;
	g_autofree char *text = NULL;

	for (int i = 0; i < 1000; i++)
		g_string_append_printf(raw, " a%d=\"\"", i);
	g_string_append(raw, ">ONAY");
	mime_setup();
	m = mime_open(NULL, raw->str, raw->len, complaints);
	text = text_of_mail(NULL, m, complaints);
	assert_string_equal(text ? text : "", "");
	assert_string_equal(((struct complaint *)complaints->pdata[0])->code, "html_too_complex");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_deep_page),
		cmocka_unit_test(test_mails),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_too_complex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
