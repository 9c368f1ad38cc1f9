/* config_test: each wrong settings file gives one sentence with its place; a right one gives every value; secrets stay secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gstdio.h>
#include <cmocka.h>
#include "gateway/config.h"

static const char good[] =
	"data = \"data\";\n"
	"directory = \"directory.csv\";\n"
	"institution = \"Deneme \\\"Kurumu\\\"\";\n"
	"office = \"Ofis\";\n"
	"support = \"1234\";\n"
	"mail_domains = ( \"example.test\", \"sub.example.test\" );\n"
	"authserv_id = \"mx.example.test\";\n"
	"from = \"Gateway@Example.Test\";\n"
	"imap: { host = \"localhost\"; user = \"gw\"; password_file = \"secret\"; };\n"
	"smtp: { host = \"localhost\"; };\n"
	"sign: { certificate = \"/abs/cert.pem\"; };\n"
	"ca: { address = \"ca@example.test\"; paper_address = \"Adres\"; };\n"
	"paper_to = \"Evrak\";\n";

static char *folder;

static char *place(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static void put(const char *name, const char *text, int mode)
{
	g_autofree char *path = place(name);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	assert_int_equal(chmod(path, (mode_t)mode), 0);
}

static struct config *load(const char *text, GError **error)
{
	g_autofree char *path = place("nesgate.conf");

	put("nesgate.conf", text, 0644);
	return config_load(path, error);
}

static int make(void **state)
{
	folder = g_dir_make_tmp("config_test_XXXXXX", NULL);
	put("directory.csv", "address,role,unit,name,from,to\nm@example.test,manager,Birim,Deneme Bir,,\n", 0644);
	put("secret", "word \r\nsecond line\n", 0600);
	return folder ? 0 : -1;
}

static int clean(void **state)
{
	static const char *const names[] = { "nesgate.conf", "directory.csv", "secret", "data/token.key", "data", "" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = place(names[i]);

		g_remove(path);
	}
	g_free(folder);
	return 0;
}

static void loads(void **state)
{
	GError *error = NULL;
	struct config *c = load(good, &error);
	g_autofree char *data = place("data"), *key = place("data/token.key"), *common = NULL;
	struct policy p;
	struct limits l;
	struct stat st;

	assert_null(error);
	assert_string_equal(c->data, data);
	assert_string_equal(c->sign_certificate, "/abs/cert.pem");
	assert_string_equal(c->mail_domains[1], "sub.example.test");
	assert_null(c->mail_domains[2]);
	assert_string_equal(c->own_domain, "example.test");
	assert_string_equal(c->imap_security, "tls");
	assert_int_equal(c->imap_port, 993);
	assert_int_equal(c->ticket_required, 0);
	assert_string_equal(c->ca_domains[0], "kamusm.gov.tr");
	assert_null(c->smtp_user);
	assert_int_equal(g_bytes_get_size(c->token_key), 32);
	assert_int_equal(stat(key, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(data, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	p = config_policy(c);
	assert_true(p.approval_per_request);
	assert_int_equal(p.uncertain_seconds, 3600);
	l = config_limits(c);
	assert_memory_equal(&l, &LIMITS_USUAL, sizeof l); /* what a document is held to without settings */
	common = config_common(c);
	assert_string_equal(common, "{\"institution\":\"Deneme \\\"Kurumu\\\"\",\"office\":\"Ofis\",\"support\":\"1234\","
				    "\"from\":\"Gateway@Example.Test\",\"ca_paper_address\":\"Adres\",\"paper_to\":\"Evrak\",\"self_post\":false}");
	config_free(c);
}

static void key_is_kept(void **state)
{
	struct config *first = load(good, NULL), *second = load(good, NULL);
	g_autofree char *path = place("data/token.key");
	GError *error = NULL;

	assert_true(g_bytes_equal(first->token_key, second->token_key));
	config_forget(first);
	assert_null(first->token_key);
	config_free(first);
	config_free(second);
	chmod(path, 0644);
	assert_null(load(good, &error));
	assert_non_null(strstr(error->message, "token.key may be used by others"));
	g_clear_error(&error);
	put("data/token.key", "short", 0600);
	assert_null(load(good, &error));
	assert_non_null(strstr(error->message, "too short to be a key"));
	g_error_free(error);
	g_remove(path);
}

/* `after` is put behind the good file (its line 14); or `instead` replaces `cut`. */
static const struct { const char *cut, *instead, *after, *sentence; int code; } wrongs[] = {
	{ NULL, NULL, "colour = 1;\n", "nesgate.conf:14: there is no setting colour", CONFIG_ERROR_SETTING },
	{ NULL, NULL, "readers: { seconds = 1; };\n", "nesgate.conf:14: there is no setting readers", CONFIG_ERROR_SETTING },
	{ NULL, NULL, "reader: { hours = 1; };\n", "nesgate.conf:14: there is no setting reader.hours", CONFIG_ERROR_SETTING },
	{ NULL, NULL, "office = \"b\";\n", "nesgate.conf:14: duplicate setting name", CONFIG_ERROR_SYNTAX },
	{ NULL, NULL, "readers = ;\n", "nesgate.conf:14: syntax error", CONFIG_ERROR_SYNTAX },
	{ NULL, NULL, "readers = 17;\n", "nesgate.conf:14: readers = 17 is outside 1 to 16", CONFIG_ERROR_SETTING },
	{ NULL, NULL, "readers = \"2\";\n", "nesgate.conf:14: readers wants a number", CONFIG_ERROR_SETTING },
	{ NULL, NULL, "readers = 2.5;\n", "nesgate.conf:14: readers wants a number", CONFIG_ERROR_SETTING },
	{ NULL, NULL, "ticket_required = 1;\n", "nesgate.conf:14: ticket_required wants true or false", CONFIG_ERROR_SETTING },
	{ NULL, NULL, "approval = \"never\";\n", "nesgate.conf:14: approval is one of: request, digest", CONFIG_ERROR_SETTING },
	{ NULL, NULL, "headings = 5;\n", "nesgate.conf:14: headings wants text in quotes", CONFIG_ERROR_SETTING },
	{ NULL, NULL, "headings = \"\";\n", "nesgate.conf:14: headings is empty", CONFIG_ERROR_SETTING },
	{ "support = \"1234\"", "support = \"a\\nb\"", "", "nesgate.conf:5: support holds a control character", CONFIG_ERROR_SETTING },
	{ "support = \"1234\";", "", "", "nesgate.conf: support is not set", CONFIG_ERROR_SETTING },
	{ "mail_domains = ( \"example.test\", ", "mail_domains = ( 5, ", "", "mail_domains wants texts in quotes only", CONFIG_ERROR_SETTING },
	{ "Gateway@Example.Test", "gateway", "", "from = \"gateway\" is no address", CONFIG_ERROR_SETTING },
	{ "password_file = \"secret\";", "", "", "one of imap.password_file and imap.token_file", CONFIG_ERROR_SETTING },
	{ "password_file = \"secret\";", "password_file = \"a\"; token_file = \"b\";", "", "one of imap.password_file and", CONFIG_ERROR_SETTING },
	{ "smtp: { host = \"localhost\"; }", "smtp: { host = \"localhost\"; user = \"u\"; }", "", "with smtp.user, one of", CONFIG_ERROR_SETTING },
	{ "directory.csv", "nobody.csv", "", "nobody.csv", CONFIG_ERROR_FILE },
};

static void names_what_is_wrong(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(wrongs); i++) {
		g_auto(GStrv) pieces = g_strsplit(good, wrongs[i].cut ? wrongs[i].cut : "\x01", 2);
		g_autofree char *base = g_strjoinv(wrongs[i].instead ? wrongs[i].instead : "", pieces);
		g_autofree char *text = g_strconcat(base, wrongs[i].after, NULL);
		GError *error = NULL;

		assert_null(load(text, &error));
		assert_int_equal(error->domain, CONFIG_ERROR);
		if (!strstr(error->message, wrongs[i].sentence))
			fail_msg("case %zu: \"%s\" does not say \"%s\"", i, error->message, wrongs[i].sentence);
		assert_int_equal(error->code, wrongs[i].code);
		g_error_free(error);
	}
}

static void missing_file(void **state)
{
	GError *error = NULL;

	assert_null(config_load("/nonexistent/nesgate.conf", &error));
	assert_string_equal(error->message, "settings file /nonexistent/nesgate.conf cannot be read");
	g_error_free(error);
}

static void secrets(void **state)
{
	g_autofree char *path = place("secret"), *word = config_secret(path, NULL);
	GError *error = NULL;

	assert_string_equal(word, "word ");
	chmod(path, 0640);
	assert_true(config_private(path, NULL));
	chmod(path, 0604);
	assert_null(config_secret(path, &error));
	assert_non_null(strstr(error->message, "may be used by others"));
	g_clear_error(&error);
	put("secret", "\nword\n", 0600);
	assert_null(config_secret(path, &error));
	assert_non_null(strstr(error->message, "empty first line"));
	g_clear_error(&error);
	assert_null(config_secret(folder, &error));
	assert_non_null(strstr(error->message, "is no file"));
	g_clear_error(&error);
	assert_false(config_private("/nonexistent", &error));
	g_error_free(error);
}

/* Every row can be found by name, has a sentence, and a preset that its own kind accepts. */
static void rows_are_whole(void **state)
{
	guint n = 0;

	for (const struct setting_row *r = config_rows; r->name; r++, n++) {
		assert_true(strlen(r->sentence) > 10);
		assert_non_null(r->kind);
	}
	assert_true(n > 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads),
		cmocka_unit_test(key_is_kept),
		cmocka_unit_test(names_what_is_wrong),
		cmocka_unit_test(missing_file),
		cmocka_unit_test(secrets),
		cmocka_unit_test(rows_are_whole),
	};

	return cmocka_run_group_tests(tests, make, clean);
}
