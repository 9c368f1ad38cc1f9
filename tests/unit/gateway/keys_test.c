/* keys: which key files open a signer, and the one sentence that says why another does not. */
#include "gateway/keys.h"
#include "tests/unit/gateway/peer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <time.h>

struct key_case { const char *certificate, *key, *password; bool legacy; const char *fault, *micalg; };

static const struct key_case cases[] = {
	{"mail-rsa2048.pem", "mail-rsa2048.key", NULL, false, NULL, "sha-256"},
	{"mail-p256.pem", "mail-p256.key", NULL, false, NULL, "sha-256"},
	{"mail-p384.pem", "mail-p384.key", NULL, false, NULL, "sha-384"},
	{"mail-p521.pem", "mail-p521.key", NULL, false, NULL, "sha-512"},
	{"mail-both.pem", NULL, NULL, false, NULL, "sha-256"},
	{"mail-chained.pem", "mail-chain.key", NULL, false, NULL, "sha-256"},
	{"mail-p256.pem", "mail-locked.key", "password", false, NULL, "sha-256"},
	{"mail.p12", NULL, "password", false, NULL, "sha-256"},
	{"mail.p12", NULL, "password", true, NULL, "sha-256"},
	{"mail-legacy.p12", NULL, "password", true, NULL, "sha-256"},
	/* trap 18 */
	{"mail-legacy.p12", NULL, "password", false, "old cipher", NULL},
	{"mail-legacy.p12", NULL, "password-wrong", true, "password does not open", NULL},
	{"mail.p12", NULL, "password-wrong", false, "password does not open", NULL},
	{"mail.p12", NULL, NULL, false, "password does not open", NULL},
	{"mail-p256.pem", "mail-locked.key", NULL, false, "locked and no password file", NULL},
	{"mail-p256.pem", "mail-locked.key", "password-wrong", false, "cannot be opened with this password", NULL},
	{"mail-p256.pem", "mail-p384.key", NULL, false, "does not belong", NULL},
	{"mail-p256.pem", NULL, NULL, false, "no PEM private key", NULL},
	{"mail-p256.key", "mail-p256.key", NULL, false, "no PEM certificate", NULL},
	{"password", NULL, NULL, false, "neither PEM nor PKCS#12", NULL},
	{"missing.pem", "mail-p256.key", NULL, false, "missing.pem", NULL},
	{"mail-p256.pem", "missing.key", NULL, false, "missing.key", NULL},
	{"mail-p256.pem", "mail-p256.key", "missing", false, "missing", NULL},
	{"mail-rsa1024.pem", "mail-rsa1024.key", NULL, false, "shorter than 2048", NULL},
	{"mail-p224.pem", "mail-p224.key", NULL, false, "none of P-256", NULL},
	{"mail-late.pem", "mail-late.key", NULL, false, "has expired", NULL},
	{"mail-purpose.pem", "mail-purpose.key", NULL, false, "does not allow signing e-mail", NULL},
	{"ca.pem", "ca.key", NULL, false, "authority", NULL},
	{"mail-badchain.pem", "mail-p256.key", NULL, false, "issuer certificate", NULL},
};

static struct signer *open_case(const struct key_case *c, gint64 now, GError **error)
{
	g_autofree char *certificate = peer_file(c->certificate);
	g_autofree char *key = c->key ? peer_file(c->key) : NULL;
	g_autofree char *password = c->password ? peer_file(c->password) : NULL;
	struct signer_options o = {certificate, key, password, c->legacy};
	return signer_open(&o, now, error);
}

static void each_file_opens_or_says_why(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct key_case *c = &cases[i];
		g_autoptr(GError) error = NULL;
		struct signer *s = open_case(c, time(NULL) + 1, &error);
		if ((s == NULL) != (c->fault != NULL))
			fail_msg("%s with %s: %s", c->certificate, c->key, error ? error->message : "opened");
		if (!s && (!g_error_matches(error, NET_ERROR, NET_ERROR_KEY) || !strstr(error->message, c->fault)))
			fail_msg("%s with %s: %s", c->certificate, c->key, error->message);
		if (s) {
			assert_string_equal(signer_micalg(s), c->micalg);
			g_autoptr(GBytes) text = g_bytes_new_static("Content-Type: text/plain\r\n\r\nx\r\n", 31);
			g_autoptr(GBytes) der = signer_sign(s, text, &error);
			if (!der)
				fail_msg("%s: %s", c->certificate, error->message);
		}
		signer_close(s);
	}
}

static void dates_are_judged_at_the_given_time(void **state)
{
	g_autoptr(GError) error = NULL;
	gint64 now = time(NULL) + 1;
	struct signer *s = open_case(&cases[1], now, &error);
	gint64 end = signer_expires(s);
	assert_in_range(end, now + 3649LL * 86400, now + 3651LL * 86400);
	signer_close(s);
	assert_null(open_case(&cases[1], end + 1, &error));
	assert_non_null(strstr(error->message, "has expired"));
	g_clear_error(&error);
	assert_null(open_case(&cases[1], now - 86400, &error));
	assert_non_null(strstr(error->message, "not valid yet"));
}

static void addresses_of_the_certificate(void **state)
{
	struct signer *s = open_case(&cases[0], time(NULL) + 1, NULL);
	assert_true(signer_covers(s, "gw@example.test"));
	assert_true(signer_covers(s, "second@example.test"));
	assert_true(signer_covers(s, "GW@Example.Test"));
	assert_false(signer_covers(s, "other@example.test"));
	assert_false(signer_covers(s, "gw@example.test.evil.test"));
	assert_false(signer_covers(s, ""));
	signer_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_file_opens_or_says_why),
		cmocka_unit_test(dates_are_judged_at_the_given_time),
		cmocka_unit_test(addresses_of_the_certificate),
	};
	peer_setup(60);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	peer_teardown();
	return failed;
}
