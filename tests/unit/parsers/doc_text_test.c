/* doc_text: which text files are tables and which are text, and that a form in either is read, whatever its charset. */
#include "parsers/doc_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/read.h"

#define BYTES(a) a, sizeof a - 1
#define LABELS "Birim: Fizik, Kimya; Merkez\r\nT.C. Kimlik No: 10000000146\r\nAdı Soyadı: Deneme Bir\r\nE-posta: a@b.test\r\nBaşvuru Türü: ilk başvuru\r\n"
#define TABLE(d) "Birim: Fizik\n\nTC" d "Ad Soyad" d "E-posta" d "Tür\n10000000146" d "Deneme Bir" d "a@b.test" d "1\n10000000078" d "Test İki" d "b@b.test" d "1\n"

static const struct { const char *what, *bytes; size_t len; guint sheets; const char *text; } cases[] = {
	{ "labels", BYTES("Ad: X\r\nSoyad: Y\rTC: 1"), 0, "Ad: X\nSoyad: Y\nTC: 1" },
	{ "a sentence with commas", BYTES("Bir, iki, üç.\nDört, beş.\nSon satır budur.\n"), 0, "Bir, iki, üç.\nDört, beş.\nSon satır budur.\n" },
	{ "one line", BYTES("a;b;c;d\n"), 0, "a;b;c;d\n" },
	{ "semicolons", BYTES("a;b;c\n1;2;3\n"), 1, NULL },
	{ "tabs", BYTES("a\tb\tc\r\n\r\n1\t2\t3\r\n"), 1, NULL },
	{ "commas", BYTES("liste\na,b,c\n1,2,3\n4,5,6\n"), 1, NULL },
	{ "two columns", BYTES("a;b\n1;2\n"), 0, "a;b\n1;2\n" },
	{ "windows-1254", BYTES("Ba\xfevuru T\xfcr\xfc: 1"), 0, "Başvuru Türü: 1" },
	{ "utf-16", BYTES("\xff\xfe" "a\0:\0 \0\x5f\1"), 0, "a: ş" },
	{ "mark", BYTES("\xef\xbb\xbf" "a: ş"), 0, "a: ş" },
};

static void tables_and_texts(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = document_new("a.txt");

		doc_text_read(d, cases[i].bytes, cases[i].len);
		if (d->sheets->len != cases[i].sheets || g_strcmp0(d->text, cases[i].text) || d->complaints->len)
			fail_msg("%s: %u sheets, %s", cases[i].what, d->sheets->len, d->text);
	}
}

static void long_ones_are_cut(void **state)
{
	g_autoptr(GString) text = g_string_new("a");
	g_autoptr(document_t) d = document_new("a.txt");

	while (text->len < 2 << 20)
		g_string_append(text, "ş");
	doc_text_read(d, text->str, text->len);
	assert_int_equal(strlen(d->text), (1 << 20) - 1);
	assert_string_equal(((const struct complaint *)d->complaints->pdata[0])->code, "text_too_long");
}

static char *mail_of(const char *type, const char *content)
{
	return g_strdup_printf("From: a@b.test\r\nSubject: Talep\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nMerhaba\r\n--b\r\n"
			       "Content-Type: %s\r\n\r\n%s\r\n--b--\r\n", type, content);
}

static void forms_in_a_mail(void **state)
{
	static const struct { const char *type, *content; guint people; } mails[] = {
		{ "text/plain; charset=utf-8; name=form.txt", LABELS, 1 },
		{ "text/plain; charset=utf-8\r\nContent-Disposition: attachment", LABELS, 1 },
		{ "application/octet-stream; name=form.txt", LABELS, 1 },
		{ "text/plain; name=a", TABLE(";"), 2 },
		{ "text/plain; name=a.txt", TABLE(","), 2 },
		{ "text/plain; name=a.txt", TABLE("\t"), 2 },
		{ "application/octet-stream; name=Talep.EML", "From: b@b.test\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" LABELS, 1 },
		{ "application/octet-stream; name=a.eml", "From: b@b.test\r\nContent-Type: text/csv; name=a.csv\r\n\r\n" TABLE(";"), 2 },
		{ "application/octet-stream; name=a.eml", "From: b@kamusm.gov.tr\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" LABELS, 0 },
		{ "application/octet-stream; name=a.eml", LABELS, 0 }, /* no mail */
		{ "text/plain; name=disclaimer.txt", "Bu ileti gizlidir.\r\n", 0 },
	};
	struct reader_options o = { 0 };
	struct reader *r = reader_new(&o, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(mails); i++) {
		g_autofree char *mail = mail_of(mails[i].type, mails[i].content);
		g_autoptr(facts_t) f = reader_read(r, mail, strlen(mail), 1795330800);
		guint people = f->request ? f->request->rows->len : 0;

		if (people != mails[i].people)
			fail_msg("%s: %u people", mails[i].type, people);
		for (guint k = 0; k < people; k++)
			if (((const struct request_row *)f->request->rows->pdata[k])->verdict != ROW_ACCEPTED)
				fail_msg("%s: row %u is not accepted", mails[i].type, k);
	}
	reader_free(r);
}

/* The parts of a mail that was attached as a file, in base64. */
static void mail_file_has_parts(void **state)
{
	static const char inner[] = "From: b@b.test\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nSelam\r\n--i\r\n"
				    "Content-Type: text/csv; name=a.csv\r\n\r\n" TABLE(";") "\r\n--i--\r\n";
	static const char *const paths[] = { "1", "2", "2.1", "2.2" };
	g_autofree char *coded = g_base64_encode((const guchar *)inner, sizeof inner - 1);
	g_autofree char *mail = mail_of("application/octet-stream; name=a.eml\r\nContent-Transfer-Encoding: base64", coded);
	struct reader_options o = { .shown = true };
	struct reader *r = reader_new(&o, NULL);
	g_autoptr(facts_t) f = reader_read(r, mail, strlen(mail), 1795330800);

	assert_int_equal(f->parts->len, G_N_ELEMENTS(paths));
	for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
		assert_string_equal(((const struct part *)f->parts->pdata[i])->path, paths[i]);
	assert_non_null(f->request);
	assert_int_equal(f->request->rows->len, 2);
	reader_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_and_texts),
		cmocka_unit_test(long_ones_are_cut),
		cmocka_unit_test(forms_in_a_mail),
		cmocka_unit_test(mail_file_has_parts),
	};

	document_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
