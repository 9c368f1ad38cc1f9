/* read: whole mails to facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/read.h"

#define NOW G_GINT64_CONSTANT(1795330800) /* 2026-11-22 */

static struct reader *reader;

static struct facts *read_mail(const char *raw, size_t len)
{
	g_autofree char *exact = len ? g_memdup2(raw, len) : NULL;

	return reader_read(reader, exact ? exact : "", len, NOW);
}

static struct facts *read_text(const char *raw)
{
	return read_mail(raw, strlen(raw));
}

#define SUBJECT "Başvuru: Şişli ığdır İĞÜ çöş, onaylandı mı"
#define BODY "Sayın yetkili, İĞÜŞÖÇ ığüşöç tamamdır."

/* The same words in every dress they come in. The subject is folded base64 words, cut at odd places. */
static const struct { const char *charset, *label, *encoding; bool raw_subject; } dresses[] = {
	{ "utf-8", "utf-8", "8bit", true },
	{ "utf-8", "utf-8", "base64", false },
	{ "utf-8", NULL, "8bit", true },
	{ "utf-8", "iso-8859-9", "base64", false },
	{ "utf-8", "us-ascii", "8bit", true },
	{ "iso-8859-9", "iso-8859-9", "8bit", true },
	{ "iso-8859-9", "iso-8859-9", "base64", false },
	{ "iso-8859-9", "iso-8859-1", "base64", false },
	{ "iso-8859-9", "utf-8", "base64", false },
	{ "iso-8859-9", "us-ascii", "8bit", true },
	{ "iso-8859-9", NULL, "8bit", true },
	{ "iso-8859-9", "iso-8859-3", "base64", false },
	{ "iso-8859-3", "iso-8859-3", "base64", false },
	{ "windows-1254", "windows-1254", "8bit", true },
	{ "windows-1254", "x-unknown", "base64", false },
	{ "windows-1254", NULL, "8bit", true },
};

/* Words of 7, 8, 10 and 11 bytes in turn: most are padded with '=', letters of UTF-8 are cut in two. */
static void append_words(GString *out, const char *label, const char *bytes, gsize len)
{
	static const gsize sizes[] = { 7, 8, 10, 11 };

	for (gsize at = 0, n = 0, i = 0; at < len; at += n, i++) {
		g_autofree char *word = NULL;

		n = MIN(sizes[i % 4], len - at);
		word = g_base64_encode((const guchar *)bytes + at, n);
		g_string_append_printf(out, "%s=?%s?B?%s?=", at ? "\r\n " : "", label, word);
	}
}

static GString *dressed(size_t i, GError **error)
{
	GString *out = g_string_new("From: Deneme <a@b.test>\r\nSubject: ");
	gsize subject_len, body_len;
	g_autofree char *subject = g_convert(SUBJECT, -1, dresses[i].charset, "utf-8", NULL, &subject_len, error);
	g_autofree char *body = g_convert(BODY, -1, dresses[i].charset, "utf-8", NULL, &body_len, error);
	bool base64 = !strcmp(dresses[i].encoding, "base64");

	if (dresses[i].raw_subject)
		g_string_append_len(out, subject, subject_len);
	else
		append_words(out, dresses[i].label, subject, subject_len);
	if (dresses[i].label)
		g_string_append_printf(out, "\r\nContent-Type: text/plain; charset=%s", dresses[i].label);
	g_string_append_printf(out, "\r\nContent-Transfer-Encoding: %s\r\n\r\n", dresses[i].encoding);
	if (base64) {
		g_autofree char *encoded = g_base64_encode((const guchar *)body, body_len);

		g_string_append(out, encoded);
	} else {
		g_string_append_len(out, body, body_len);
	}
	return out;
}

static void test_turkish(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(dresses); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GString) raw = dressed(i, &error);
		g_autoptr(facts_t) f = read_mail(raw->str, raw->len);

		assert_null(error);
		if (strcmp(f->subject, SUBJECT))
			fail_msg("dress %zu: subject \"%s\"", i, f->subject);
		if (strcmp(f->reply->text, BODY))
			fail_msg("dress %zu: text \"%s\"", i, f->reply->text);
	}
}

static void test_header(void **state)
{
	g_autoptr(facts_t) f = read_text("Authentication-Results: mx.test; dmarc=pass header.from=b.test\n"
		"From: \"Bir, Deneme\" <A@B.test>\nTo: X <x@c.test>, y@c.test\nCc: X@c.test\nDelivered-To: z@c.test\n"
		"Message-ID:\n <1@b.test> (x)\nIn-Reply-To: Your message <2@b.test>\nDate: Sun, 22 Nov 2026 09:00:00 +0300\n"
		"Auto-Submitted: auto-generated\n\nBir\n");

	assert_string_equal(f->from, "a@b.test");
	assert_int_equal(f->to->len, 3);
	assert_string_equal(f->to->pdata[2], "z@c.test");
	assert_string_equal(f->message_id, "<1@b.test>");
	assert_string_equal(f->in_reply_to, "<2@b.test>");
	assert_string_equal(f->date, "2026-11-22T09:00:00+03:00");
	assert_true(f->auto_submitted);
	assert_true(f->auth.trusted);
	assert_int_equal(f->signature.verdict, SIGNATURE_NONE);
	assert_null(f->subject);
}

/* A parser that believes the one From and a server that checked the other make a forgery. */
static void test_two_froms(void **state)
{
	static const char *const froms[] = {
		"From: a@b.test\nFrom: c@d.test", "From: a@b.test, c@d.test", "From: <a@b.test> <c@d.test>", "X: y", "From: nobody",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(froms); i++) {
		g_autofree char *raw = g_strconcat("Authentication-Results: mx.test; dmarc=pass header.from=b.test\n",
			froms[i], "\n\nBir\n", NULL);
		g_autoptr(facts_t) f = read_text(raw);

		assert_null(f->from);
		assert_false(f->auth.trusted);
	}
}

static const struct { const char *raw; enum mail_kind kind; } kinds[] = {
	{ "From: bilgi@kamusm.gov.tr\nAuto-Submitted: auto-generated\nSubject: x\n\nx\n", KIND_CA_NOTICE },
	{ "From: a@b.test\nSubject: Ynt: x\n\nonay\n", KIND_REPLY },
	{ "From: a@b.test\nReferences: <x@y.test>\n\nonay\n", KIND_REPLY },
	{ "From: a@b.test\nSubject: x\n\nx\n", KIND_OTHER },
	{ "From: a@b.test\nSubject: Otomatik yanıt: x\n\nx\n", KIND_AUTO_REPLY },
	{ "From: <>\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.test\nAction: failed\n", KIND_BOUNCE },
	{ "", KIND_UNREADABLE }, { "\n\n", KIND_UNREADABLE }, { "no mail at all", KIND_UNREADABLE },
};

static void test_kinds(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autoptr(facts_t) f = read_text(kinds[i].raw);

		if (f->kind != kinds[i].kind)
			fail_msg("case %zu: %s", i, facts_mail_kinds[f->kind]);
		if (f->kind == KIND_UNREADABLE)
			assert_int_equal(f->complaints->len, 1);
	}
}

static void test_over_limit(void **state)
{
	g_autofree char *many = g_strnfill(100000, 'g');
	g_autofree char *raw = g_strconcat("To: ", many, "\n\nx\n", NULL);
	g_autoptr(facts_t) f = read_text(raw);

	assert_int_equal(f->kind, KIND_UNREADABLE);
	assert_string_equal(((struct complaint *)f->complaints->pdata[0])->code, "field_too_long");
}

/* The rest of the attachment is there, its name is a name, its hash is that of all the bytes. */
static void test_parts(void **state)
{
	g_autoptr(facts_t) f = read_text("From: a@b.test\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nBir\n"
		"--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n"
		"Content-Disposition: attachment; filename=\"=?utf-8?B?xZ8=?= =?utf-8?B?xLEucG5n?=\"\n\nYWI=\nYWI=\n--b--\n");
	const struct part *text = f->parts->pdata[0], *picture = f->parts->pdata[1];
	g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "abab", 4);

	assert_int_equal(f->parts->len, 2);
	assert_string_equal(text->path, "1");
	assert_null(text->sha256);
	assert_int_equal(picture->size, 4);
	assert_string_equal(picture->filename, "şı.png");
	assert_string_equal(picture->sha256, hash);
}

/* What verdict_fill need not look at, and what it must. */
#define SIGNED(type) "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nBir\n--b\nContent-Type: " type "\n\nx\n--b--\n"
static const struct { const char *raw; enum signature_verdict verdict; bool receipt; } claims[] = {
	{ "From: a@b.test\n\nSelam\n", SIGNATURE_NONE, false },
	{ SIGNED("image/png"), SIGNATURE_NONE, false },
	{ SIGNED("Application/PKCS7-Signature; name=smime.p7s"), SIGNATURE_ERROR, false },
	{ SIGNED("application/x-pkcs7-signature"), SIGNATURE_ERROR, false },
	{ SIGNED("message/disposition-notification"), SIGNATURE_NONE, true },
	{ "", SIGNATURE_ERROR, false }, /* nothing is known of it */
};

static void test_claims(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(claims); i++) {
		g_autoptr(facts_t) f = read_text(claims[i].raw);

		if (f->signature.verdict != claims[i].verdict || f->read_receipt != claims[i].receipt)
			fail_msg("case %zu: %s", i, facts_signature_verdicts[f->signature.verdict]);
	}
}

#define FORM "T.C. Kimlik No: 10000000146\nAdı: Deneme\nSoyadı: Bir\nE-posta: deneme@b.test\nBaşvuru Türü: İlk\n"

/* Own words cost more than all else that is asked of a text: nobody asks for a machine's, unless they are shown. */
static void test_own_words(void **state)
{
	static const struct { enum mail_kind kind; const char *mail, *own; } cases[] = {
		{ KIND_REPLY, "From: a@b.test\nIn-Reply-To: <1@b.test>\n\nOnay\n> eski\n", "Onay" },
		{ KIND_REPLY, "From: a@b.test\nSubject: [NG-17-ABCDEFGHIJKLMNOP]\n\nOnay\n> eski\n", "Onay" },
		{ KIND_OTHER, "From: a@b.test\n\nEkte form var.\n-- \nDeneme\n", "Ekte form var." },
		{ KIND_REQUEST, "From: a@b.test\nIn-Reply-To: <1@b.test>\nContent-Type: text/plain; charset=utf-8\n\n" FORM "> eski\n",
		  FORM },
		{ KIND_REQUEST, "From: a@b.test\nContent-Type: text/plain; charset=utf-8\n\n" FORM "> eski\n", NULL },
		{ KIND_AUTO_REPLY, "From: a@b.test\nAuto-Submitted: auto-replied\nIn-Reply-To: <1@b.test>\n\nYokum\n> eski\n", NULL },
		{ KIND_AUTO_REPLY, "From: a@b.test\nAuto-Submitted: auto-generated\n\nYokum\n> eski\n", NULL },
		{ KIND_CA_NOTICE, "From: a@kamusm.gov.tr\nIn-Reply-To: <1@b.test>\n\nBilgi\n> eski\n", NULL },
		{ KIND_BOUNCE, "From: MAILER-DAEMON@b.test\nSubject: Undelivered mail\nIn-Reply-To: <1@b.test>\n\nx@b.test: unknown\n", NULL },
	};
	struct reader *busy = reader_new(&(struct reader_options){ .authserv_id = "mx.test" }, NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(facts_t) shown = read_text(cases[i].mail);
		g_autoptr(facts_t) f = reader_read(busy, cases[i].mail, strlen(cases[i].mail), NOW);
		const char *own = cases[i].own ? cases[i].own : "";

		assert_int_equal(f->kind, cases[i].kind);
		assert_non_null(shown->reply->text);
		assert_int_equal(!f->reply->text, !cases[i].own);
		assert_true(g_str_has_prefix(own, f->reply->text ? f->reply->text : "")); /* but for the last line end */
		if (!f->reply->text) {
			g_clear_pointer(&shown->reply->text, g_free);
			shown->reply->cut_line = 0;
		}
		assert_true(shown->parts->len && !f->parts->len);
		g_ptr_array_set_size(shown->parts, 0);
		g_autofree char *one = facts_to_json(f), *other = facts_to_json(shown);
		assert_string_equal(one, other);
	}
	reader_free(busy);
}

static void test_two_readers(void **state)
{
	struct reader_options o = { 0 };
	struct reader *other = reader_new(&o, NULL);
	g_autoptr(facts_t) f = NULL;

	assert_non_null(other);
	reader_free(other);
	f = read_text("From: a@b.test\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nBir\n--b--\n");
	assert_int_equal(f->parts->len, 1);
}

static void test_bad_tables(void **state)
{
	struct reader_options rules = { .rules = "this is no rule\n" }, headings = { .headings = "this is no heading\n" };
	g_autoptr(GError) first = NULL, second = NULL;

	assert_null(reader_new(&rules, &first));
	assert_non_null(first);
	assert_null(reader_new(&headings, &second));
	assert_non_null(second);
}

static int setup(void **state)
{
	struct reader_options o = { .authserv_id = "mx.test", .shown = true };

	reader = reader_new(&o, NULL);
	return reader ? 0 : -1;
}

static int teardown(void **state)
{
	reader_free(reader);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_turkish),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_two_froms),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_over_limit),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_own_words),
		cmocka_unit_test(test_two_readers),
		cmocka_unit_test(test_bad_tables),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
