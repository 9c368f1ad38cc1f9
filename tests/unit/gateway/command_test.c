/* command: the rows hold what the contract promises, and wrong use ends with the right status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include <fcntl.h>
#include <cmocka.h>
#include "gateway/command.h"
#include "gateway/man.h"

/* The command line is a contract: these names stay. */
static const char *const contract[] = {
	"read", "extract", "run", "ingest", "check", "status", "list", "show", "explain", "approve", "refuse", "redirect",
	"withdraw", "event", "outbox", "retry", "release", "park", "preview", "verify", "reconcile", "journal", "workflow",
};

static void test_contract(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(contract); i++)
		if (!command_find(contract[i]))
			fail_msg("command %s is missing", contract[i]);
	assert_null(command_find("nothing"));
	assert_null(command_find(NULL));
}

static void test_rows(void **state)
{
	for (guint i = 0; command_table[i]; i++) {
		const struct command *k = command_table[i];

		assert_ptr_equal(command_find(k->name), k);
		assert_non_null(k->run);
		assert_true(*k->help && g_ascii_isupper(*k->help) && !g_str_has_suffix(k->help, "."));
		assert_true(k->most == COMMAND_ANY || k->least <= k->most);
		assert_int_equal(*k->arguments != 0, k->most != 0);
	}
}

/* What the call prints is not looked at here; the descriptors are put back. */
static int quiet(const char *line)
{
	g_auto(GStrv) argv = g_strsplit(line, " ", -1);
	int null = open("/dev/null", O_WRONLY), out, err, status;

	fflush(stdout);
	fflush(stderr);
	out = dup(STDOUT_FILENO);
	err = dup(STDERR_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	status = command_main((int)g_strv_length(argv), argv);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	close(null);
	close(out);
	close(err);
	return status;
}

static const struct { const char *line; int status; } calls[] = {
	{ "nesgate", EX_USAGE },
	{ "nesgate --help", EX_OK },
	{ "nesgate --version", EX_OK },
	{ "nesgate nothing", EX_USAGE },
	{ "nesgate --nothing", EX_USAGE },
	{ "nesgate -x", EX_USAGE },
	{ "nesgate -c", EX_USAGE },
	{ "nesgate list --config", EX_USAGE },
	{ "nesgate list --nothing", EX_USAGE },
	{ "nesgate list --help", EX_OK },
	{ "nesgate --help list", EX_OK },
	{ "nesgate show", EX_USAGE },
	{ "nesgate approve", EX_USAGE },
	{ "nesgate event A-1", EX_USAGE },
	{ "nesgate workflow x", EX_USAGE },
	{ "nesgate read", EX_USAGE },
	{ "nesgate read --at nonsense x.eml", EX_USAGE },
	{ "nesgate workflow", EX_OK },
	{ "nesgate --json workflow", EX_OK },
	{ "nesgate workflow --dot --json", EX_OK },
	{ "nesgate explain requested", EX_OK },
	{ "nesgate explain --man nesgate.1", EX_OK },
	{ "nesgate explain --man nothing.1", EX_USAGE },
	{ "nesgate explain", EX_USAGE },
	{ "nesgate explain no_such_word", EX_DATAERR },
	{ "nesgate -c /nonexistent/x.conf list", EX_CONFIG },
	{ "nesgate list -c /nonexistent/x.conf", EX_CONFIG },
	{ "nesgate -c /nonexistent/x.conf check", EX_CONFIG },
	{ "nesgate read /nonexistent/x.eml", EX_DATAERR },
	{ "nesgate extract /nonexistent/x.xlsx", EX_DATAERR },
};

static void test_calls(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(calls); i++) {
		int status = quiet(calls[i].line);

		if (status != calls[i].status)
			fail_msg("%s: %d, want %d", calls[i].line, status, calls[i].status);
	}
}

static const struct { const char *text; char letter; gint64 id; } ids[] = {
	{ "A-7", 'A', 7 }, { "a-7", 'A', 7 }, { "7", 0, 7 }, { "T-12", 'T', 12 },
	{ "T-12", 'A', 0 }, { "A-", 'A', 0 }, { "A", 'A', 0 }, { "", 'A', 0 }, { "", 0, 0 }, { "0", 0, 0 }, { "-1", 0, 0 },
	{ "7x", 0, 0 }, { "A-7x", 'A', 0 }, { " 7", 0, 0 }, { "99999999999999999999", 0, 0 },
};

static void test_ids(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
		if (command_id(ids[i].text, ids[i].letter) != ids[i].id)
			fail_msg("%s", ids[i].text);
}

/* Each command, option and setting stands in its page, and every table mark was replaced. */
static void test_man(void **state)
{
	g_autofree char *commands = man_page("nesgate.1"), *settings = man_page("nesgate.conf.5");

	assert_non_null(commands);
	assert_non_null(settings);
	assert_null(man_page("nothing.1"));
	assert_null(strchr(commands, '@'));
	assert_null(strstr(settings, "@settings@"));
	for (guint i = 0; command_table[i]; i++) {
		g_autofree char *heading = g_strdup_printf("\n.SS %s", command_table[i]->name);

		assert_non_null(strstr(commands, heading));
	}
	for (const struct setting_row *s = config_rows; s->name; s++) {
		g_autofree char *heading = g_strdup_printf(".B %s\n", s->name);

		assert_non_null(strstr(settings, heading));
	}
	for (const char *p = settings; p; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL)
		assert_true(*p != '\'' && strncmp(p, "..", 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_contract), cmocka_unit_test(test_rows),
					    cmocka_unit_test(test_calls), cmocka_unit_test(test_ids),
					    cmocka_unit_test(test_man) };

	g_unsetenv("NESGATE_CONFIG");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
