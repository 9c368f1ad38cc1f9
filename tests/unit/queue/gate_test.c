/* gate_test: whose word counts: forged senders, foreign and old tokens, deputies, domains that only look alike. */
#include "tests/unit/queue/help.h"
#include "queue/gate.h"
#include "queue/token.h"

enum { PLAIN, TRUSTED, SIGNED, SIGNED_OTHER, SIGNED_PART };

static const struct row {
	enum mail_kind kind;
	const char *from;
	int how;
	char bound; /* 0: no token; o: officer's letter, a: applicant's, r: a receipt, x: an old one, e: of an officer of the past */
	const char *role;
	enum strength strength;
	const char *reason;
} rows[] = {
	{ KIND_REQUEST, MANAGER, TRUSTED, 0, "manager", STRENGTH_AUTHENTICATED, NULL },
	{ KIND_REQUEST, MANAGER, SIGNED, 0, "manager", STRENGTH_SIGNED, NULL },
	{ KIND_REQUEST, MANAGER, PLAIN, 0, NULL, STRENGTH_TOLD, "not_authenticated" },
	{ KIND_REQUEST, MANAGER, SIGNED_OTHER, 0, NULL, STRENGTH_TOLD, "not_authenticated" },
	{ KIND_REQUEST, MANAGER, SIGNED_PART, 0, NULL, STRENGTH_TOLD, "not_authenticated" },
	{ KIND_REQUEST, OFFICER, TRUSTED, 0, "officer", STRENGTH_AUTHENTICATED, NULL },
	{ KIND_REQUEST, "biri@ornek.edu.tr", TRUSTED, 0, NULL, STRENGTH_TOLD, "unknown_sender" },
	{ KIND_REQUEST, "kisi@ornek.edu.tr", TRUSTED, 'a', "applicant", STRENGTH_AUTHENTICATED, NULL },
	{ KIND_REQUEST, "eski@ornek.edu.tr", TRUSTED, 0, NULL, STRENGTH_TOLD, "unknown_sender" },
	{ KIND_REQUEST, NULL, TRUSTED, 0, NULL, STRENGTH_TOLD, "no_sender" },
	{ KIND_CA_NOTICE, CA, TRUSTED, 0, "ca", STRENGTH_AUTHENTICATED, NULL },
	{ KIND_CA_NOTICE, "x@mail.kamusm.gov.tr", TRUSTED, 0, "ca", STRENGTH_AUTHENTICATED, NULL },
	{ KIND_CA_NOTICE, "x@KAMUSM.gov.tr", TRUSTED, 0, "ca", STRENGTH_AUTHENTICATED, NULL },
	{ KIND_CA_NOTICE, CA, PLAIN, 0, NULL, STRENGTH_TOLD, "not_authenticated" },
	{ KIND_CA_NOTICE, "x@notkamusm.gov.tr", TRUSTED, 0, NULL, STRENGTH_TOLD, "unknown_sender" },
	{ KIND_CA_NOTICE, "x@kamusm.gov.tr.example.org", TRUSTED, 0, NULL, STRENGTH_TOLD, "unknown_sender" },
	{ KIND_REPLY, OFFICER, PLAIN, 'o', "officer", STRENGTH_AUTHENTICATED, NULL },
	{ KIND_REPLY, OFFICER, SIGNED, 'o', "officer", STRENGTH_SIGNED, NULL },
	{ KIND_REPLY, OFFICER, PLAIN, 0, NULL, STRENGTH_TOLD, "not_authenticated" },
	{ KIND_REPLY, MANAGER, TRUSTED, 'o', NULL, STRENGTH_TOLD, "token_foreign" },
	{ KIND_REPLY, "kisi@ornek.edu.tr", PLAIN, 'a', "applicant", STRENGTH_AUTHENTICATED, NULL },
	{ KIND_REPLY, "baska@ornek.edu.tr", TRUSTED, 'a', NULL, STRENGTH_TOLD, "token_foreign" },
	{ KIND_REPLY, "kisi@ornek.edu.tr", TRUSTED, 'x', NULL, STRENGTH_TOLD, "token_stale" },
	{ KIND_REPLY, MANAGER, PLAIN, 'r', "manager", STRENGTH_AUTHENTICATED, NULL },
	{ KIND_REPLY, "eski@ornek.edu.tr", TRUSTED, 'e', NULL, STRENGTH_TOLD, "not_allowed" },
};

static struct bound bound_of(char what)
{
	struct bound b = { .letter = 5, .expires = what == 'x' ? NOW - 1 : NOW };
	b.recipient = (char *)(what == 'o' ? OFFICER : what == 'r' ? MANAGER : what == 'e' ? "eski@ornek.edu.tr" : "kisi@ornek.edu.tr");
	b.answers = (char *)(what == 'o' || what == 'e' ? "approve,refuse,hold" : what == 'r' ? "" : "done_wet,withdraw");
	b.application = what == 'a' || what == 'x' ? 3 : 0;
	b.request = b.application ? 0 : 1;
	return b;
}

static void test_rows(void **state)
{
	struct world *w = *state;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct row *r = &rows[i];
		struct facts *f = mail_of(r->kind, r->from);
		f->auth.trusted = r->how == TRUSTED;
		f->signature.verdict = r->how >= SIGNED ? SIGNATURE_VALID : SIGNATURE_NONE;
		f->signature.from_matches = r->how == SIGNED || r->how == SIGNED_PART;
		f->signature.covers = g_strdup(r->how == SIGNED_PART ? "part" : "whole");
		struct bound b = bound_of(r->bound);
		struct speaker s = gate_decide(f, &w->policy, r->bound ? &b : NULL, NOW);
		if (g_strcmp0(s.role, r->role) || s.strength != r->strength || g_strcmp0(s.reason, r->reason))
			fail_msg("row %u: %s, %d, %s", i, s.role, s.strength, s.reason);
		facts_free(f);
	}
}

static void test_token_binds_everything(void **state)
{
	struct world *w = *state;
	const struct bound right = { .letter = 7, .request = 1, .application = 2, .version = 3, .recipient = (char *)"a@b",
				     .answers = (char *)"approve", .expires = 1000 };
	char code[TOKEN_CODE_SIZE], other[TOKEN_CODE_SIZE];
	token_code(w->policy.token_key, &right, code);
	assert_true(token_matches(w->policy.token_key, &right, code));
	struct bound wrong[7];
	for (int i = 0; i < 7; i++)
		wrong[i] = right;
	wrong[0].letter++;
	wrong[1].request++;
	wrong[2].application++;
	wrong[3].version++;
	wrong[4].expires++;
	wrong[5].recipient = (char *)"a@c";
	wrong[6].answers = (char *)"approve,refuse";
	for (int i = 0; i < 7; i++)
		assert_false(token_matches(w->policy.token_key, &wrong[i], code));
	g_autoptr(GBytes) key = g_bytes_new_static("0123456789abcdef0123456789abcdeX", 32);
	token_code(key, &right, other);
	assert_string_not_equal(code, other);
	assert_false(token_matches(w->policy.token_key, &right, other));
	assert_false(token_matches(w->policy.token_key, &right, "short"));
}

static const struct { const char *text; gint64 letter; } splits[] = {
	{ "NG-12-ABCDEFGHIJKLMN27", 12 }, { "ng-12-abcdefghijklmn27", 12 }, { "<ng-12-abcdefghijklmn27@ornek.edu.tr>", 12 },
	{ "NG-012-ABCDEFGHIJKLMN27", 0 }, { "NG-12-ABCDEFGHIJKLMN2", 0 },    { "NG-12-ABCDEFGHIJKLMN277", 0 },
	{ "NG-12-ABCDEFGHIJKLMN18", 0 },  { "NG--ABCDEFGHIJKLMN27", 0 },     { "NG-1234567890123456789012-ABCDEFGHIJKLMN27", 0 },
	{ "<x-12-abcdefghijklmn27@a>", 0 }, { "NG-12-ABCDEFGHIJKLMN27@", 0 }, { "", 0 }, { NULL, 0 }, { "N", 0 }, { "NG", 0 },
};

static void test_split(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(splits); i++) {
		char code[TOKEN_CODE_SIZE];
		gint64 letter = 0;
		bool ok = token_split(splits[i].text, &letter, code);
		if (ok != (splits[i].letter != 0) || (ok && (letter != splits[i].letter || strcmp(code, "ABCDEFGHIJKLMN27") != 0)))
			fail_msg("%s: %d, %s", splits[i].text, (int)letter, ok ? code : "no");
	}
}

static const struct { const char *csv; int line; } wrong_lines[] = {
	{ "a@b.tr,king\n", 1 },           { "a@b.tr,manager\nx,manager\n", 2 }, { "a@b.tr\n", 1 },
	{ "a@b.tr,manager,,,01.02.2026\n", 1 }, { "a@b.tr,manager,\"open\n", 1 }, { "a@b.tr,manager,,,,,\n", 1 },
	{ "a b@c.tr,manager\n", 1 },      { "a@b@c,manager\n", 1 },             { "\n\na@b.tr,manager,\"x\"y\n", 3 },
	{ "a@b.tr,manager,\xff\n", 1 },
};

static void test_directory(void **state)
{
	static const char csv[] = "\xef\xbb\xbf" "address,role,unit,name,from,to\r\n# a remark\r\n\r\n"
		"Bir@Ornek.edu.tr,manager,\"Birim, \"\"A\"\"\",Deneme,2026-01-01,2026-11-22\r\n"
		"bir@ornek.edu.tr , officer,,,,\r\niki@ornek.edu.tr,officer\n";
	GError *error = NULL;
	struct directory *d = directory_parse(csv, &error);
	assert_null(error);
	const struct member *m = directory_find(d, "BIR@ornek.edu.tr", NULL, NOW);
	assert_string_equal(m->role, "manager");
	assert_string_equal(m->unit, "Birim, \"A\"");
	assert_string_equal(directory_find(d, "bir@ornek.edu.tr", NULL, NOW + 86400)->role, "officer");
	assert_null(directory_find(d, "bir@ornek.edu.tr", "manager", NOW + 86400));
	assert_null(directory_find(d, "uc@ornek.edu.tr", NULL, NOW));
	assert_null(directory_find(d, NULL, NULL, NOW));
	assert_string_equal(directory_first(d, "officer", NOW)->address, "bir@ornek.edu.tr");
	assert_null(directory_first(d, "registry", NOW));
	directory_free(d);
	for (guint i = 0; i < G_N_ELEMENTS(wrong_lines); i++) {
		g_autofree char *place = g_strdup_printf("line %d:", wrong_lines[i].line);
		assert_null(directory_parse(wrong_lines[i].csv, &error));
		assert_true(g_error_matches(error, QUEUE_ERROR, QUEUE_ERROR_DIRECTORY));
		if (!strstr(error->message, place))
			fail_msg("row %u: %s", i, error->message);
		g_clear_error(&error);
	}
}

#define WITH_WORLD(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(test_rows), WITH_WORLD(test_token_binds_everything), cmocka_unit_test(test_split),
		cmocka_unit_test(test_directory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
