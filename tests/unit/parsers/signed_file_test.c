/* signed_file, signed_pdf: which attachments carry a signature, and what the signature of a PDF covers. */
#include "parsers/read.h"
#include "parsers/signed_file.h"
#include "parsers/signed_pdf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define OID "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"

static const struct { const char *bytes; size_t len; bool cms, pdf; } heads[] = {
	{ "\x30\x80" OID "\xa0\x80", 15, true, false },
	{ "\x30\x0b" OID, 13, true, false },
	{ "\x30\x82\x01\x00" OID, 15, true, false },
	{ "\x30\x84\x00\x00\x01\x00" OID, 17, true, false },
	{ "\x30\x82\x01\x00" OID, 14, false, false },       /* cut off */
	{ "\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01", 13, false, false }, /* plain data */
	{ "\x31\x0b" OID, 13, false, false },
	{ "\x30\xff" OID, 13, false, false },
	{ "\x30", 1, false, false },
	{ "", 0, false, false },
	{ "%PDF-1.4 /ByteRange [0 1 2 3]", 29, false, true },
	{ "%PDF-1.4 no signature", 21, false, false },
	{ "/ByteRange", 10, false, false },
	{ "\x30\x80" OID "\xa0\x80%PDF-1.7 /ByteRange [0 1 2 3]", 44, true, false }, /* a signed PDF inside of it */
};

static void test_heads(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(heads); i++) {
		g_autofree char *exact = g_memdup2(heads[i].bytes, heads[i].len);
		const char *bytes = exact ? exact : "";

		if (signed_file_is_cms(bytes, heads[i].len) != heads[i].cms || signed_file_is_pdf(bytes, heads[i].len) != heads[i].pdf)
			fail_msg("row %u", i);
	}
}

/* der NULL: no signature covers the file. */
static const struct { const char *file, *der, *octets; } pdfs[] = {
	{ "%PDF/ByteRange[0 27 35 2]AB<616263>CD", "abc", "%PDF/ByteRange[0 27 35 2]ABCD" },
	{ "%PDF /ByteRange[0 28 36 2]AB<616263>CD", "abc", "%PDF /ByteRange[0 28 36 2]ABCD" },
	{ "%PDF /ByteRange [ 0 30 38 2]A<616263>CD", NULL, NULL },
	{ "%PDF /ByteRange [ 0 30 38 2]AB<616263>CD", "abc", "%PDF /ByteRange [ 0 30 38 2]ABCD" },
	{ "%PDF /ByteRange[0 28 36 1]AB<616263>CD", NULL, NULL },                  /* not to the end */
	{ "%PDF /ByteRange[1 28 36 2]AB<616263>CD", NULL, NULL },                  /* not from the beginning */
	{ "%PDF /ByteRange[0 27 36 2]AB<616263>CD", NULL, NULL },                  /* more left out than the signature */
	{ "%PDF /ByteRange[0 28 36 2]AB<6162 63>CD", NULL, NULL },
	{ "%PDF /ByteRange[0 28 36 2]AB<61626x>CD", NULL, NULL },
	{ "%PDF /ByteRange[0 28 36]AB<616263>CD", NULL, NULL },
	{ "%PDF /ByteRange[0 99999999999 36 2]AB<616263>CD", NULL, NULL },
	{ "%PDF /ByteRange", NULL, NULL },
	{ "%PDF /ByteRange[0 1 2 3]/ByteRange[0 47 55 2]AB<616263>CD", "abc", "%PDF /ByteRange[0 1 2 3]/ByteRange[0 47 55 2]ABCD" },
};

static void test_pdfs(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(pdfs); i++) {
		size_t len = strlen(pdfs[i].file);
		g_autofree char *exact = g_memdup2(pdfs[i].file, len);
		struct signed_pdf p;

		if (signed_pdf_find(exact, len, &p) != (pdfs[i].der != NULL))
			fail_msg("row %u: %s", i, p.der ? "found" : "not found");
		if (p.der) {
			assert_memory_equal(g_bytes_get_data(p.der, NULL), pdfs[i].der, strlen(pdfs[i].der));
			assert_int_equal(g_bytes_get_size(p.octets), strlen(pdfs[i].octets));
			assert_memory_equal(g_bytes_get_data(p.octets, NULL), pdfs[i].octets, strlen(pdfs[i].octets));
		}
		signed_pdf_clear(&p);
	}
}

#define CMS64 "MAsGCSqGSIb3DQEHAg=="
#define HEAD "From: a@example.test\r\nTo: b@example.test\r\nSubject: liste\r\nMIME-Version: 1.0\r\n"
#define PART(type, name) "--b\r\nContent-Type: " type "\r\nContent-Transfer-Encoding: base64\r\n" \
	"Content-Disposition: attachment; filename=\"" name "\"\r\n\r\n" CMS64 "\r\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nEktedir\r\n"

static const struct { const char *mail, *kind, *files; } mails[] = {
	{ MIXED PART("application/octet-stream", "L-1.xlsx.p7s") "--b--\r\n", "signed_list", "2:p7s " },
	{ MIXED PART("application/pkcs7-mime", "../../L-1.IMZ") "--b--\r\n", "signed_list", "2:imz " },
	{ MIXED PART("application/octet-stream", "liste.exe") PART("application/octet-stream", "x.p7m") "--b--\r\n", "signed_list", "2:p7m 3:p7m " },
	{ MIXED "--b--\r\n", "other", "" },
	/* A reply is a signed list all the same. */
	{ "In-Reply-To: <1@example.test>\r\n" MIXED PART("application/octet-stream", "x.p7m") "--b--\r\n", "signed_list", "2:p7m " },
	/* The mail's own signature is none of its files. */
	{ HEAD "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\r\n\r\n--b\r\n"
	  "Content-Type: text/plain\r\n\r\nMerhaba\r\n" PART("application/pkcs7-signature", "smime.p7s") "--b--\r\n", "other", "" },
	{ HEAD "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n" CMS64
	  "\r\n", "other", "" },
};

static void test_mails(void **state)
{
	struct reader_options o = { 0 };
	struct reader *r = reader_new(&o, NULL);

	for (guint i = 0; i < G_N_ELEMENTS(mails); i++) {
		g_autoptr(facts_t) f = reader_read(r, mails[i].mail, strlen(mails[i].mail), 1795337400);
		g_autoptr(GString) files = g_string_new(NULL);

		for (guint k = 0; k < f->signed_files->len; k++) {
			const struct signed_file *s = f->signed_files->pdata[k];
			g_string_append_printf(files, "%s:%s ", s->where, s->ending);
			assert_string_equal(s->bytes, CMS64);
			assert_int_equal(s->verdict, SIGNATURE_NONE);
		}
		if (strcmp(files->str, mails[i].files) || strcmp(facts_mail_kinds[f->kind], mails[i].kind))
			fail_msg("row %u: %s, %s", i, facts_mail_kinds[f->kind], files->str);
	}
	reader_free(r);
}

/* Two files that are too much together: the second is named, and has no bytes. */
static void test_room(void **state)
{
	enum { BIG = 1536 * 1024 };
	struct reader_options o = { 0 };
	struct reader *r = reader_new(&o, NULL);
	g_autofree guchar *bytes = g_malloc0(BIG);
	memcpy(bytes, "\x30\x84\x00\x18\x00\x00" OID, 17);
	g_autofree char *base64 = g_base64_encode(bytes, BIG);
	g_autoptr(GString) mail = g_string_new(MIXED);

	for (int i = 0; i < 2; i++) {
		g_string_append(mail, "--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n");
		for (gsize at = 0, len = strlen(base64); at < len; at += 76)
			g_string_append_printf(mail, "%.76s\r\n", base64 + at);
	}
	g_string_append(mail, "--b--\r\n");
	g_autoptr(facts_t) f = reader_read(r, mail->str, mail->len, 1795337400);
	assert_int_equal(f->signed_files->len, 2);
	assert_non_null(((struct signed_file *)f->signed_files->pdata[0])->bytes);
	assert_null(((struct signed_file *)f->signed_files->pdata[1])->bytes);
	reader_free(r);
}

/* What a caged reader says comes back as it was. */
static void test_json(void **state)
{
	struct reader_options o = { 0 };
	struct reader *r = reader_new(&o, NULL);
	g_autoptr(facts_t) f = reader_read(r, mails[0].mail, strlen(mails[0].mail), 1795337400);
	struct signed_file *s = f->signed_files->pdata[0];

	g_ptr_array_add(s->digests, g_strdup("sha256:00"));
	g_ptr_array_add(s->signers, g_strdup("aa"));
	g_autofree char *json = facts_to_json(f);
	g_autoptr(facts_t) back = facts_from_json(json, strlen(json), NULL);
	assert_non_null(back);
	g_autofree char *again = facts_to_json(back);
	assert_string_equal(json, again);
	assert_non_null(strstr(json, "\"signed_files\":[{\"where\":\"2\",\"ending\":\"p7s\",\"bytes\":\"" CMS64 "\",\"verdict\":\"none\""));
	reader_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heads), cmocka_unit_test(test_pdfs), cmocka_unit_test(test_mails), cmocka_unit_test(test_json),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
