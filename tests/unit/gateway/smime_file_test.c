/* smime_file: signatures on files, made here by openssl with keys made here, and what may be wrong with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include "gateway/signed_list.h"
#include "gateway/smime_file.h"

enum { DAY = 86400 };

struct fixture { char *folder; struct anchors *root, *other; char *card; gint64 now; };

static void sh(const char *folder, const char *script)
{
	const char *argv[] = { "/bin/sh", "-ec", script, NULL };
	int status = -1;

	assert_true(g_spawn_sync(folder, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
				 NULL, NULL, &status, NULL));
	assert_int_equal(status, 0);
}

static char *path_of(const struct fixture *f, const char *name)
{
	return g_build_filename(f->folder, name, NULL);
}

static GBytes *slurp(const struct fixture *f, const char *name)
{
	g_autofree char *path = path_of(f, name);
	char *bytes;
	gsize n;

	assert_true(g_file_get_contents(path, &bytes, &n, NULL));
	return g_bytes_new_take(bytes, n);
}

static struct anchors *anchors(const struct fixture *f, const char *name)
{
	g_autofree char *path = path_of(f, name);
	struct anchors *a = smime_file_anchors(path, NULL);

	assert_non_null(a);
	return a;
}

static int set_up(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);

	f->folder = g_dir_make_tmp("smime_file_XXXXXX", NULL);
	sh(f->folder,
	   "printf 'the list' > list\n"
	   "for ca in root other; do openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -days 9 -subj /CN=$ca"
	   " -keyout $ca.key -out $ca.pem -addext basicConstraints=critical,CA:true -addext keyUsage=keyCertSign; done\n"
	   /* As qualified certificates are: for documents, not for mail. */
	   "printf 'keyUsage=critical,nonRepudiation\\nextendedKeyUsage=1.3.6.1.4.1.311.10.3.12\\n' > ext\n"
	   "for c in card second; do openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Deneme-$c -keyout $c.key -out $c.csr\n"
	   "openssl x509 -req -in $c.csr -CA root.pem -CAkey root.key -CAcreateserial -days 9 -extfile ext -out $c.pem; done\n"
	   "s='openssl cms -sign -binary -in list -outform DER -inkey card.key -signer card.pem'\n"
	   "$s -out detached; $s -nodetach -out inside; $s -md sha512 -out sha512; $s -md sha1 -out sha1; $s -noattr -out noattr\n"
	   "$s -nodetach -noattr -out inside-noattr; $s -nodetach -stream -out indefinite; $s -nocerts -out nocerts\n"
	   "$s -signer second.pem -inkey second.key -out two\n"
	   "openssl cms -data_create -in list -outform DER -out data; : > empty; cat card.pem second.pem > both.pem\n");
	f->now = g_get_real_time() / G_USEC_PER_SEC;
	f->root = anchors(f, "root.pem");
	f->other = anchors(f, "other.pem");
	g_autofree char *path = path_of(f, "card.pem");
	g_autoptr(GPtrArray) pinned = smime_file_pinned(path, NULL);
	assert_int_equal(pinned->len, 1);
	const struct pinned *c = pinned->pdata[0];
	assert_string_equal(c->subject, "CN=Deneme-card");
	assert_true(c->from <= f->now && c->until > f->now + 8 * DAY && c->until < f->now + 10 * DAY);
	f->card = g_strdup(c->sha256);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	g_autofree char *script = g_strdup_printf("rm -r '%s'", f->folder);

	sh("/", script);
	anchors_free(f->root);
	anchors_free(f->other);
	g_free(f->folder);
	g_free(f->card);
	g_free(f);
	return 0;
}

static const struct {
	const char *file, *content; /* content NULL: not at hand */
	bool other;                 /* anchors that know nobody */
	gint64 later;
	enum smime_verdict verdict;
	bool inside;
	const char *digest;         /* its name; NULL: none is believed */
	guint signers;
} cases[] = {
	{ "detached", NULL, false, 0, SMIME_VALID, false, "sha256", 1 },
	{ "detached", "list", false, 0, SMIME_VALID, false, "sha256", 1 },
	{ "detached", "card.pem", false, 0, SMIME_INVALID, false, NULL, 0 },
	{ "detached", NULL, true, 0, SMIME_UNTRUSTED, false, "sha256", 1 },
	{ "detached", NULL, false, 30 * DAY, SMIME_UNTRUSTED, false, "sha256", 1 },
	{ "inside", NULL, false, 0, SMIME_VALID, true, "sha256", 1 },
	{ "inside", "list", false, 0, SMIME_INVALID, true, NULL, 0 },
	{ "indefinite", NULL, false, 0, SMIME_VALID, true, "sha256", 1 },
	{ "sha512", NULL, false, 0, SMIME_VALID, false, "sha512", 1 },
	{ "two", NULL, false, 0, SMIME_VALID, false, "sha256", 2 },
	{ "sha1", NULL, false, 0, SMIME_INVALID, false, NULL, 0 },
	{ "noattr", NULL, false, 0, SMIME_INVALID, false, NULL, 0 },
	{ "inside-noattr", NULL, false, 0, SMIME_INVALID, true, NULL, 0 },
	{ "nocerts", NULL, false, 0, SMIME_INVALID, false, NULL, 0 },
	{ "data", NULL, false, 0, SMIME_ERROR, false, NULL, 0 },
	{ "empty", NULL, false, 0, SMIME_ERROR, false, NULL, 0 },
	{ "list", NULL, false, 0, SMIME_ERROR, false, NULL, 0 },
};

static void test_verdicts(void **state)
{
	const struct fixture *f = *state;

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) der = slurp(f, cases[i].file), content = cases[i].content ? slurp(f, cases[i].content) : NULL;
		struct smime_file r = smime_file_verify(cases[i].other ? f->other : f->root, der, content, f->now + cases[i].later);

		if (r.verdict != cases[i].verdict || r.inside != cases[i].inside || r.signers->len != cases[i].signers)
			fail_msg("row %u: verdict %d (%s), inside %d, signers %u", i, r.verdict, r.reason, r.inside, r.signers->len);
		assert_int_equal(r.reason == NULL, r.verdict == SMIME_VALID);
		assert_int_equal(r.digest != NULL, cases[i].digest != NULL);
		if (r.digest)
			assert_true(g_str_has_prefix(r.digest, cases[i].digest) && r.digest[6] == ':' && ABS(r.signed_at - f->now) < DAY);
		if (r.signers->len == 1)
			assert_string_equal(r.signers->pdata[0], f->card);
		smime_file_clear(&r);
	}
}

static void test_digest(void **state)
{
	const struct fixture *f = *state;
	g_autoptr(GBytes) der = slurp(f, "detached");
	struct smime_file r = smime_file_verify(NULL, der, NULL, f->now);
	g_autofree char *hex = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "the list", -1);

	assert_string_equal(r.digest + strlen("sha256:"), hex);
	smime_file_clear(&r);
}

/* Not one byte of a signature that carries its file may be another. What is not signed, a certificate's own signature for one,
 * is not looked at without anchors. */
static void test_every_byte(void **state)
{
	const struct fixture *f = *state;
	g_autoptr(GBytes) der = slurp(f, "inside");
	gsize n;
	const guint8 *bytes = g_bytes_get_data(der, &n);
	guint taken = 0;

	for (gsize i = 0; i < n; i++) {
		g_autofree guint8 *copy = g_memdup2(bytes, n);
		copy[i] ^= 1;
		g_autoptr(GBytes) other = g_bytes_new(copy, n);
		struct smime_file r = smime_file_verify(f->root, other, NULL, f->now);
		bool is_card = r.signers->len == 1 && g_str_equal(r.signers->pdata[0], f->card);
		g_autofree char *hex = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "the list", -1);

		taken += r.verdict == SMIME_VALID && is_card;
		if (r.verdict == SMIME_VALID && is_card && strcmp(r.digest + 7, hex) != 0)
			fail_msg("byte %zu", i);
		smime_file_clear(&r);
	}
	assert_true(taken < 40); /* numbers of versions, and the like */
}

static void test_pinned(void **state)
{
	const struct fixture *f = *state;
	static const struct { const char *file; guint n; } files[] = { { "both.pem", 2 }, { "list", 0 }, { "card.key", 0 }, { "none", 0 } };

	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *path = path_of(f, files[i].file);
		g_autoptr(GPtrArray) all = smime_file_pinned(path, &error);

		assert_int_equal(all ? all->len : 0, files[i].n);
		assert_int_equal(all == NULL, error != NULL);
		assert_true(!error || strstr(error->message, files[i].file));
	}
}

/* From a mail's attachment to facts. */
static void test_facts(void **state)
{
	const struct fixture *f = *state;
	static const struct { const char *file, *container; enum signature_verdict verdict; guint digests; } files[] = {
		{ "detached", "detached", SIGNATURE_VALID, 1 },
		{ "inside", "enveloping", SIGNATURE_VALID, 1 },
		{ "noattr", "detached", SIGNATURE_INVALID, 0 },
		{ "list", "detached", SIGNATURE_ERROR, 0 },
		{ NULL, NULL, SIGNATURE_ERROR, 0 }, /* too large to be carried */
	};
	g_autoptr(facts_t) facts = facts_new();

	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		struct signed_file *s = facts_signed_add(facts);
		g_autoptr(GBytes) bytes = files[i].file ? slurp(f, files[i].file) : NULL;
		s->bytes = bytes ? g_base64_encode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)) : NULL;
	}
	signed_list_fill(facts, f->root, f->now);
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		const struct signed_file *s = facts->signed_files->pdata[i];
		assert_int_equal(s->verdict, files[i].verdict);
		assert_int_equal(s->digests->len, files[i].digests);
		assert_int_equal(s->signers->len, files[i].digests);
		assert_int_equal(g_strcmp0(s->container, files[i].container), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts), cmocka_unit_test(test_digest), cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_pinned), cmocka_unit_test(test_facts),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
