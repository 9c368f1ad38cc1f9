/* verdict: a signature's worth, on mails that openssl signs here with keys made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include "gateway/verdict.h"

enum { HOUR = 3600 };
static const char body[] = "Content-Type: text/plain\r\n\r\nMerhaba\r\n";

struct fixture { char *folder; struct anchors *anchors, *others; gint64 now; };

static void sh(const char *folder, const char *script)
{
	g_autoptr(GError) error = NULL;
	const char *argv[] = { "/bin/sh", "-ec", script, NULL };
	int status = -1;

	assert_true(g_spawn_sync(folder, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
				 NULL, NULL, &status, &error));
	assert_int_equal(status, 0);
}

static struct anchors *load(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	struct anchors *a = anchors_load(path, NULL);

	assert_non_null(a);
	return a;
}

static int set_up(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	g_autofree char *path = NULL;

	f->folder = g_dir_make_tmp("verdict_XXXXXX", NULL);
	f->now = g_get_real_time() / G_USEC_PER_SEC;
	path = g_build_filename(f->folder, "body", NULL);
	assert_true(g_file_set_contents(path, body, -1, NULL));
	sh(f->folder,
	   "for ca in a b; do openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -subj /CN=$ca"
	   " -keyout $ca.key -out $ca.pem -addext basicConstraints=critical,CA:true -addext keyUsage=keyCertSign,cRLSign; done\n"
	   "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Deneme -keyout s.key -out s.csr\n"
	   "printf 'subjectAltName=email:a@b.test\\nextendedKeyUsage=emailProtection\\nkeyUsage=digitalSignature\\n' > ext\n"
	   "openssl x509 -req -in s.csr -CA a.pem -CAkey a.key -CAcreateserial -days 9 -extfile ext -out s.pem\n"
	   "openssl cms -sign -binary -in body -signer s.pem -inkey s.key -outform DER -out der\n"
	   "openssl base64 -in der -out der64\n");
	f->anchors = load(f->folder, "a.pem");
	f->others = load(f->folder, "b.pem");
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	anchors_free(f->anchors);
	anchors_free(f->others);
	sh(f->folder, "rm -f ./*");
	g_rmdir(f->folder);
	g_free(f->folder);
	g_free(f);
	return 0;
}

static char *signed_part(const struct fixture *f, const char *content)
{
	g_autofree char *path = g_build_filename(f->folder, "der64", NULL), *der = NULL;
	g_auto(GStrv) lines = NULL;

	assert_true(g_file_get_contents(path, &der, NULL, NULL));
	lines = g_strsplit(der, "\n", -1);
	g_free(der);
	der = g_strjoinv("\r\n", lines);
	return g_strdup_printf("Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=s\r\n"
			       "\r\n--s\r\n%s\r\n--s\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n"
			       "Content-Transfer-Encoding: base64\r\n\r\n%s\r\n--s--\r\n", content, der);
}

static char *whole_mail(const struct fixture *f, const char *content)
{
	g_autofree char *part = signed_part(f, content);

	return g_strconcat("From: a@b.test\r\nMIME-Version: 1.0\r\n", part, NULL);
}

static char *part_mail(const struct fixture *f, const char *content)
{
	g_autofree char *part = signed_part(f, content);

	return g_strconcat("From: a@b.test\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n", part,
			   "\r\n--m\r\nContent-Type: text/plain\r\n\r\nnot signed\r\n--m--\r\n", NULL);
}

static const struct {
	char *(*make)(const struct fixture *f, const char *content);
	const char *content, *from;
	bool others; /* the authority of somebody else is believed */
	gint64 later;
	enum signature_verdict want;
	const char *covers;
	bool from_matches;
} cases[] = {
	{ whole_mail, body, "a@b.test", false, HOUR, SIGNATURE_VALID, "whole", true },
	{ whole_mail, body, "A@B.test", false, HOUR, SIGNATURE_VALID, "whole", true },
	{ whole_mail, body, "c@b.test", false, HOUR, SIGNATURE_VALID, "whole", false },
	{ whole_mail, body, NULL, false, HOUR, SIGNATURE_VALID, "whole", false },
	{ part_mail, body, "a@b.test", false, HOUR, SIGNATURE_PARTIAL, "part", true },
	{ whole_mail, "Content-Type: text/plain\r\n\r\nChanged\r\n", "a@b.test", false, HOUR, SIGNATURE_INVALID, "whole", true },
	{ whole_mail, body, "a@b.test", true, HOUR, SIGNATURE_UNTRUSTED, "whole", true },
	{ whole_mail, body, "a@b.test", false, 30 * 24 * HOUR, SIGNATURE_UNTRUSTED, "whole", true },
};

static void test_verdicts(void **state)
{
	struct fixture *fx = *state;

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *raw = cases[i].make(fx, cases[i].content);
		g_autoptr(facts_t) f = facts_new();

		f->from = g_strdup(cases[i].from);
		f->signature.verdict = SIGNATURE_ERROR; /* as the reader leaves what claims one */
		verdict_fill(f, raw, strlen(raw), cases[i].others ? fx->others : fx->anchors, fx->now + cases[i].later);
		if (f->signature.verdict != cases[i].want)
			fail_msg("case %u: %s (%s)", i, facts_signature_verdicts[f->signature.verdict], f->signature.reason);
		assert_string_equal(f->signature.covers, cases[i].covers);
		/* Of a broken signature no address is promised; a good one names its signer. */
		if (f->signature.verdict == SIGNATURE_VALID || f->signature.verdict == SIGNATURE_PARTIAL) {
			assert_int_equal(f->signature.signers->len, 1);
			assert_int_equal(f->signature.from_matches, cases[i].from_matches);
			assert_non_null(f->signature.signed_at);
		} else {
			assert_non_null(f->signature.reason);
		}
	}
}

static void test_none(void **state)
{
	static const char raw[] = "From: a@b.test\r\n\r\nplain\r\n";
	struct fixture *fx = *state;
	g_autoptr(facts_t) f = facts_new();

	verdict_fill(f, raw, strlen(raw), fx->anchors, fx->now);
	assert_int_equal(f->signature.verdict, SIGNATURE_NONE);
	f->signature.verdict = SIGNATURE_ERROR; /* a claim with nothing behind it */
	verdict_fill(f, raw, strlen(raw), fx->anchors, fx->now);
	assert_int_equal(f->signature.verdict, SIGNATURE_NONE);
	assert_null(f->signature.covers);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_verdicts), cmocka_unit_test(test_none) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
