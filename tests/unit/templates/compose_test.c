/* compose: what was written is read again by two parsers that did not write it, GMime and Python's email
 * package. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <gmime/gmime.h>
#include "templates/compose.h"
#include "templates/encode.h"

#define LONG_SUBJECT "Ön başvurunuz açıldı, ığdırışĞÜĞÇÖÇÜŞİçöşiğüiğÖÇŞÜĞÇŞÖĞÜİÇŞÖİĞÜÇŞÖİĞÜÇÖŞĞÜİÇŞÖ formu doldurunuz: A-7"
static struct letter_text letter = { (char *)"konu", (char *)"Sayın Deneme Bir,\n\nFrom the start\n.\nş", (char *)"<p>Şey &amp;</p>\r\n<p>\n" };
static const struct envelope plain = {
	.from_name = "Örnek Üniversitesi Bilgi İşlem Daire Başkanlığı", .from = "eimza@ornek.edu.tr", .to = "deneme.bir@ornek.edu.tr",
	.reply_to = "yanit@ornek.edu.tr", .subject = LONG_SUBJECT, .token = "NG-abcdef0123456789", .message_id = "<1.a@ornek.edu.tr>",
	.in_reply_to = "<x@y>", .references = "<a@b>  <x@y> junk <z@z", .date = 1795000000,
};

static GBytes *signature(void)
{
	return g_bytes_new_static("\x30\x82\x00\xff" "signature", 13);
}

static GBytes *make(const struct envelope *e, GBytes *body)
{
	g_autoptr(GBytes) der = signature();
	g_autoptr(GError) error = NULL;
	GBytes *mail = compose_signed(e, body, der, "sha-256", &error);

	if (!mail)
		fail_msg("%s", error->message);
	return mail;
}

static char *text_of(GBytes *b)
{
	return g_strndup(g_bytes_get_data(b, NULL), g_bytes_get_size(b));
}

/* CRLF only, and lines no longer than `most`. */
static void check_lines(GBytes *bytes, gsize most)
{
	g_autofree char *text = text_of(bytes);
	const char *line = text, *end;

	assert_int_equal(strlen(text), g_bytes_get_size(bytes));
	for (; *line; line = end + 2) {
		end = strpbrk(line, "\r\n");
		assert_non_null(end);
		assert_true(end[0] == '\r' && end[1] == '\n');
		if ((gsize)(end - line) > most)
			fail_msg("a line of %zu: %s", (gsize)(end - line), line);
	}
	for (line = text; *line; line++)
		assert_true((unsigned char)*line < 0x7f);
}

static GMimeMessage *parse(GBytes *mail)
{
	gsize len;
	const char *bytes = g_bytes_get_data(mail, &len);
	GMimeStream *s = g_mime_stream_mem_new_with_buffer(bytes, len);
	GMimeParser *p = g_mime_parser_new_with_stream(s);
	GMimeMessage *m = g_mime_parser_construct_message(p, NULL);

	g_object_unref(p);
	g_object_unref(s);
	assert_non_null(m);
	return m;
}

static void expect_content(GMimeObject *part, const char *type, const void *want, gsize len)
{
	GMimeStream *s = g_mime_stream_mem_new();
	GByteArray *got;
	g_autofree char *is = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(part));

	assert_string_equal(is, type);
	g_mime_data_wrapper_write_to_stream(g_mime_part_get_content((GMimePart *)part), s);
	got = g_mime_stream_mem_get_byte_array((GMimeStreamMem *)s);
	assert_int_equal(got->len, len);
	assert_memory_equal(got->data, want, len);
	g_object_unref(s);
}

static void test_headers(void **state)
{
	g_autoptr(GBytes) body = compose_body(&letter, NULL, 0, plain.message_id), mail = make(&plain, body);
	GMimeMessage *m = parse(mail);
	InternetAddress *from = internet_address_list_get_address(g_mime_message_get_from(m), 0);
	GDateTime *date = g_mime_message_get_date(m);

	check_lines(mail, 78);
	assert_string_equal(g_mime_message_get_subject(m), LONG_SUBJECT " [NG-abcdef0123456789]");
	assert_string_equal(internet_address_get_name(from), plain.from_name);
	assert_string_equal(((InternetAddressMailbox *)from)->addr, plain.from);
	assert_string_equal(g_mime_message_get_message_id(m), "1.a@ornek.edu.tr");
	assert_string_equal(g_mime_object_get_header((GMimeObject *)m, "To"), plain.to);
	assert_string_equal(g_mime_object_get_header((GMimeObject *)m, "Reply-To"), plain.reply_to);
	assert_string_equal(g_mime_object_get_header((GMimeObject *)m, "In-Reply-To"), "<x@y>");
	assert_string_equal(g_mime_object_get_header((GMimeObject *)m, "References"), "<a@b> <x@y>");
	assert_string_equal(g_mime_object_get_header((GMimeObject *)m, "Auto-Submitted"), "auto-replied");
	assert_string_equal(g_mime_object_get_header((GMimeObject *)m, "MIME-Version"), "1.0");
	assert_string_equal(g_mime_object_get_header((GMimeObject *)m, "Date"), "Wed, 18 Nov 2026 14:06:40 +0300");
	assert_true(g_date_time_to_unix(date) == plain.date);
	g_object_unref(m);
}

static void test_without_the_optional(void **state)
{
	struct envelope e = { .from = "a@b.tr", .to = "c@d.tr", .subject = "Konu", .message_id = "<1@b>", .date = 0 };
	g_autoptr(GBytes) body = compose_body(&letter, NULL, 0, e.message_id), mail = make(&e, body);
	g_autofree char *text = text_of(mail);

	assert_true(g_str_has_prefix(text, "Date: Thu, 1 Jan 1970 03:00:00 +0300\r\nFrom: a@b.tr\r\nTo: c@d.tr\r\nSubject: Konu\r\n"
					   "Message-ID: <1@b>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"));
}

/* The bytes between the delimiters are exactly the bytes that were signed (RFC 1847). */
static void test_signed_octets(void **state)
{
	g_autoptr(GBytes) body = compose_body(&letter, NULL, 0, plain.message_id), mail = make(&plain, body);
	g_autofree char *text = text_of(mail), *inside = text_of(body), *want = NULL;
	GMimeMessage *m = parse(mail);
	GMimeObject *top = g_mime_message_get_mime_part(m);
	const char *boundary = g_mime_object_get_content_type_parameter(top, "boundary");

	assert_true(GMIME_IS_MULTIPART_SIGNED(top));
	assert_string_equal(g_mime_object_get_content_type_parameter(top, "protocol"), "application/pkcs7-signature");
	assert_string_equal(g_mime_object_get_content_type_parameter(top, "micalg"), "sha-256");
	want = g_strdup_printf("\r\n\r\n--%s\r\n%s\r\n--%s\r\nContent-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n", boundary, inside,
			       boundary);
	assert_non_null(strstr(text, want));
	assert_null(strstr(inside, boundary));
	assert_true(g_str_has_suffix(inside, "--\r\n"));
	expect_content(g_mime_multipart_get_part((GMimeMultipart *)top, 1), "application/pkcs7-signature", "\x30\x82\x00\xff" "signature", 13);
	g_object_unref(m);
}

static GMimeMultipart *inside(GMimeMessage *m)
{
	return (GMimeMultipart *)g_mime_multipart_get_part((GMimeMultipart *)g_mime_message_get_mime_part(m), 0);
}

#define TEXT_CRLF "Sayın Deneme Bir,\r\n\r\nFrom the start\r\n.\r\nş\r\n"
#define HTML_CRLF "<p>Şey &amp;</p>\r\n<p>\r\n"

static void expect_alternative(GMimeMultipart *alt)
{
	g_autofree char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type((GMimeObject *)alt));

	assert_string_equal(type, "multipart/alternative");
	assert_int_equal(g_mime_multipart_get_count(alt), 2);
	expect_content(g_mime_multipart_get_part(alt, 0), "text/plain", TEXT_CRLF, strlen(TEXT_CRLF));
	expect_content(g_mime_multipart_get_part(alt, 1), "text/html", HTML_CRLF, strlen(HTML_CRLF));
	assert_string_equal(g_mime_object_get_content_type_parameter(g_mime_multipart_get_part(alt, 0), "charset"), "utf-8");
}

static void test_body(void **state)
{
	g_autoptr(GBytes) body = compose_body(&letter, NULL, 0, plain.message_id), mail = make(&plain, body);
	GMimeMessage *m = parse(mail);

	expect_alternative(inside(m));
	g_object_unref(m);
}

static void test_attachments(void **state)
{
	static const struct { const char *name, *type, *want_name, *want_type; } cases[] = {
		{ "liste.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "liste.xlsx",
		  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
		{ "Başvuru listesi güz.xlsx", "text/csv", "Başvuru listesi güz.xlsx", "text/csv" },
		{ "Çok çok uzun adı olan bir başvuru listesi, şubat ığdırışĞÜĞÇÖÇÜŞİçöşiğüiğÖÇŞÜĞÇŞÖĞÜİÇŞÖİĞÜÇŞÖİĞÜ.xlsx", "a/b",
		  "Çok çok uzun adı olan bir başvuru listesi, şubat ığdırışĞÜĞÇÖÇÜŞİçöşiğüiğÖÇŞÜĞÇŞÖĞÜİÇŞÖİĞÜÇŞÖİĞÜ.xlsx", "a/b" },
		{ "../a\"b\\c\r\nX: y", "a/b\r\nX: y", ".._a_b_c__X: y", "application/octet-stream" },
	};
	guchar bytes[256];
	struct attachment a[G_N_ELEMENTS(cases)];
	g_autoptr(GBytes) body = NULL, mail = NULL;
	GMimeMessage *m;
	guint i;

	for (i = 0; i < sizeof bytes; i++)
		bytes[i] = i;
	for (i = 0; i < G_N_ELEMENTS(a); i++)
		a[i] = (struct attachment){ cases[i].name, cases[i].type, g_bytes_new_static(bytes, sizeof bytes - i) };
	body = compose_body(&letter, a, G_N_ELEMENTS(a), plain.message_id);
	mail = make(&plain, body);
	check_lines(mail, 90);
	m = parse(mail);
	assert_int_equal(g_mime_multipart_get_count(inside(m)), 1 + G_N_ELEMENTS(a));
	expect_alternative((GMimeMultipart *)g_mime_multipart_get_part(inside(m), 0));
	for (i = 0; i < G_N_ELEMENTS(a); i++) {
		GMimeObject *part = g_mime_multipart_get_part(inside(m), i + 1);

		expect_content(part, cases[i].want_type, bytes, sizeof bytes - i);
		assert_string_equal(g_mime_part_get_filename((GMimePart *)part), cases[i].want_name);
		assert_string_equal(g_mime_object_get_content_type_parameter(part, "name"), cases[i].want_name);
		assert_null(g_mime_object_get_header(part, "X"));
		g_bytes_unref(a[i].bytes);
	}
	g_object_unref(m);
}

static void test_same_bytes(void **state)
{
	g_autoptr(GBytes) b1 = compose_body(&letter, NULL, 0, plain.message_id), b2 = compose_body(&letter, NULL, 0, plain.message_id);
	g_autoptr(GBytes) b3 = compose_body(&letter, NULL, 0, "<2.a@ornek.edu.tr>"), m1 = make(&plain, b1), m2 = make(&plain, b2);

	assert_true(g_bytes_equal(m1, m2));
	assert_false(g_bytes_equal(b1, b3));
}

static void refuse(const struct envelope *e, const char *micalg, const char *what)
{
	g_autoptr(GBytes) body = compose_body(&letter, NULL, 0, "<1@b>"), der = signature();
	g_autoptr(GError) error = NULL;

	if (compose_signed(e, body, der, micalg, &error))
		fail_msg("taken: %s", what);
	assert_true(g_error_matches(error, TEMPLATE_ERROR, TEMPLATE_ERROR_HEADER));
}

#define WITH(member, value) do { \
		struct envelope e = plain; \
		e.member = (value); \
		refuse(&e, "sha-256", #member); \
	} while (0)

static void test_refused(void **state)
{
	static const char *const controls[] = { "a\r\nBcc: x@y", "a\nb", "a\rb", "a\tb", "a\x7f", "\x01", "\xff" };
	static const char *const addresses[] = { "", "a", "@b", "a@", "a@b@c", "a@b, c@d", "a b@c", "<a@b>", "a@b>", "a@b\r\nX: y", "ş@b.tr",
		"a@b;c@d", "\"a\"@b", "a(x)@b" };
	static const char *const ids[] = { "", "a@b", "<a@b", "a@b>", "<ab>", "<a@b> <c@d>", "<a@b>\r\nX: y", "<a b@c>", "<ş@b>", "<<a@b>" };
	guint i;

	for (i = 0; i < G_N_ELEMENTS(controls); i++) {
		WITH(subject, controls[i]);
		WITH(from_name, controls[i]);
		WITH(token, controls[i]);
		WITH(references, controls[i]);
		WITH(in_reply_to, controls[i]);
	}
	for (i = 0; i < G_N_ELEMENTS(addresses); i++) {
		WITH(to, addresses[i]);
		WITH(from, addresses[i]);
		WITH(reply_to, addresses[i]);
	}
	for (i = 0; i < G_N_ELEMENTS(ids); i++)
		WITH(message_id, ids[i]);
	WITH(to, NULL);
	WITH(message_id, NULL);
	WITH(date, -1);
	WITH(date, G_MAXINT64);
	refuse(&plain, "sha-256\r\nX: y", "micalg");
	refuse(&plain, "", "micalg");
}

/* Encoded words: at most 75 characters, whole characters, padded at the very end only. */
static void check_encoded_words(const char *header)
{
	const char *p = header, *end, *next;

	while ((p = strstr(p, "=?utf-8?B?"))) {
		g_autofree char *word = NULL;
		g_autofree guchar *bytes = NULL;
		gsize len;

		end = strstr(p + 10, "?=");
		assert_non_null(end);
		assert_true(end + 2 - p <= 75);
		word = g_strndup(p + 10, end - p - 10);
		next = strstr(end, "=?utf-8?B?");
		if (next && strchr(word, '='))
			fail_msg("padding inside of %s", header);
		bytes = g_base64_decode(word, &len);
		assert_true(g_utf8_validate((char *)bytes, len, NULL));
		p = end + 2;
	}
}

static void test_subjects(void **state)
{
	static const char *const pieces[] = { "kısa", "ş", "A-7", "=?utf-8?q?x?=", "çığlıkçığlığaışğüöÇŞÖĞÜİışğüöçÇŞÖĞÜİışğüöçÇŞÖĞÜİ", "  ",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "😀😀😀", "[x]", "\"q\"",
		"a?=b", "=", "şşşşşşşşşşşşşşşşşşşş" };
	guint i, j, seed = 1;

	for (i = 0; i < 3000; i++) {
		g_autoptr(GString) subject = g_string_new(NULL), out = g_string_new(NULL);
		g_autofree char *unfolded = NULL, *got = NULL;
		g_autoptr(GBytes) bytes = NULL;
		g_auto(GStrv) lines = NULL;

		for (j = 0; j <= i % 9; j++) {
			seed = seed * 1103515245u + 12345u;
			g_string_append_printf(subject, "%s%s", j ? " " : "", pieces[(seed >> 16) % G_N_ELEMENTS(pieces)]);
		}
		g_strstrip(subject->str);
		subject->len = strlen(subject->str);
		encode_header(out, "Subject", subject->str);
		bytes = g_bytes_new(out->str, out->len);
		check_lines(bytes, 78);
		check_encoded_words(out->str);
		assert_null(strstr(out->str, "\r\n \r\n"));
		lines = g_strsplit(out->str, "\r\n", -1);
		unfolded = g_strjoinv("", lines);
		got = g_mime_utils_header_decode_text(NULL, unfolded + strlen("Subject: "));
		assert_string_equal(got, subject->str);
	}
}

static void test_base64(void **state)
{
	guchar bytes[200];
	guint i;

	for (i = 0; i < sizeof bytes; i++)
		bytes[i] = i * 7;
	for (i = 0; i < sizeof bytes; i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		g_autofree guchar *back = NULL;
		gsize len;

		encode_base64(out, bytes, i);
		assert_true(i == 0 ? out->len == 0 : g_str_has_suffix(out->str, "\r\n"));
		assert_true(out->len <= 78 || out->str[76] == '\r');
		back = g_base64_decode(out->str, &len);
		assert_int_equal(len, i);
		assert_memory_equal(back, bytes, i);
	}
}

static void test_python_reads_it(void **state)
{
	static const char script[] = "import sys,email,email.policy,email.header as h\n"
		"m=email.message_from_binary_file(open(sys.argv[1],'rb'),policy=email.policy.default)\n"
		/* The new policy leaves a blank between two encoded words of a phrase (RFC 2047 6.2 says: none); the old one reads right. */
		"f=email.message_from_binary_file(open(sys.argv[1],'rb'))['from']\n"
		"a=[p for p in m.walk() if p.get_filename()]\n"
		"assert not any(p.defects for p in m.walk()), [p.defects for p in m.walk()]\n"
		"print(m['subject'],h.make_header(h.decode_header(f)),m['date'].datetime.isoformat(),m.get_body(('plain',)).get_content().splitlines()[0],"
		"a[0].get_filename(),a[0].get_payload(decode=True)==bytes(range(200)),sep='|',end='')\n";
	char *argv[] = { (char *)"/usr/bin/python3", (char *)"-X", (char *)"utf8", (char *)"-c", (char *)script, NULL, NULL };
	guchar bytes[200];
	struct attachment a = { "Başvuru listesi.xlsx", "application/octet-stream", NULL };
	g_autofree char *out = NULL, *file = NULL;
	g_autoptr(GBytes) body = NULL, mail = NULL;
	guint i;
	int fd;

	if (!g_file_test(argv[0], G_FILE_TEST_IS_EXECUTABLE)) {
		print_message("skipped: no /usr/bin/python3\n");
		return;
	}
	for (i = 0; i < sizeof bytes; i++)
		bytes[i] = i;
	a.bytes = g_bytes_new_static(bytes, sizeof bytes);
	body = compose_body(&letter, &a, 1, plain.message_id);
	mail = make(&plain, body);
	fd = g_file_open_tmp("compose_test.XXXXXX", &file, NULL);
	assert_true(fd >= 0 && g_file_set_contents(file, g_bytes_get_data(mail, NULL), g_bytes_get_size(mail), NULL));
	argv[5] = file;
	assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, NULL, NULL));
	assert_string_equal(out, LONG_SUBJECT " [NG-abcdef0123456789]|Örnek Üniversitesi Bilgi İşlem Daire Başkanlığı <eimza@ornek.edu.tr>|"
				 "2026-11-18T14:06:40+03:00|Sayın Deneme Bir,|Başvuru listesi.xlsx|True");
	g_close(fd, NULL);
	remove(file);
	g_bytes_unref(a.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers), cmocka_unit_test(test_without_the_optional), cmocka_unit_test(test_signed_octets),
		cmocka_unit_test(test_body), cmocka_unit_test(test_attachments), cmocka_unit_test(test_same_bytes), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_subjects), cmocka_unit_test(test_base64), cmocka_unit_test(test_python_reads_it),
	};

	g_mime_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
