/* simulate_check_test: each rule of a simulated year is broken once, and kept once. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "gateway/simulate_check.h"

#define MONDAY 1795413600 /* 2026-11-23 09:00 in Istanbul */
enum { HOUR = 3600, DAY = 86400 };
#define ONE "bir@kurum.test"
#define TWO "iki@kurum.test"

/* Two letters, in hours from Monday 9:00; attempts of the second. rule: what the second breaks, NULL: nothing. */
static const struct { const char *name, *to; int at; const char *name2, *to2; int at2, attempts; const char *digest, *rule; } cases[] = {
	{ "reminder", ONE, 0, "reminder", ONE, 2, 1, NULL, "two_reminders_a_day" },
	{ "reminder", ONE, 0, "reminder", TWO, 2, 1, NULL, NULL },
	{ "reminder", ONE, 0, "reminder", ONE, 24, 1, NULL, NULL },
	{ "reminder", ONE, 0, "filed", ONE, 2, 1, NULL, NULL },
	{ "manager_digest", ONE, 0, "manager_digest", ONE, 4 * 24, 1, "weekly:mon", "two_digests_a_week" },
	{ "manager_digest", ONE, 24, "manager_digest", ONE, 7 * 24, 1, "weekly:mon", NULL },
	{ "manager_digest", ONE, 0, "manager_digest", ONE, 24, 1, "daily", NULL },
	{ "manager_digest", ONE, 0, "manager_digest", ONE, 1, 1, "daily", "two_digests_a_week" },
	{ "filed", ONE, 0, "filed", ONE, 9, 1, NULL, "outside_working_hours" },
	{ "filed", ONE, 0, "filed", ONE, 5 * 24, 1, NULL, "outside_working_hours" },
	{ "filed", ONE, 0, "filed", ONE, 9, 2, NULL, NULL },
	{ "filed", ONE, 0, "alarm", ONE, 9, 1, NULL, NULL },
	{ "filed", ONE, 0, "filed", "tok@kurum.test", 1, 1, NULL, "dead_address" },
	{ "filed", ONE, 0, "not_possible", "yazan@kurum.test", 10, 1, NULL, NULL }, /* he wrote at that moment */
	{ "filed", ONE, 0, "not_possible", "yazan@kurum.test", 11, 1, NULL, "outside_working_hours" },
};

static void give(struct check *c, const char *name, const char *to, int hours, int attempts)
{
	const gint64 at = MONDAY + (gint64)hours * HOUR;
	const struct letter l = { .id = 7, .name = (char *)name, .to = (char *)to, .owed_at = at, .attempts = attempts };

	simulate_check_letter(c, &l, at);
}

static void test_rules(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct policy policy = { .manager_digest = cases[i].digest };
		struct check *c = simulate_check_new(&policy);
		struct check_totals t;

		simulate_check_dead(c, "tok@kurum.test");
		simulate_check_mail(c, &(struct check_mail){ 1, "yazan@kurum.test", MONDAY + 10 * HOUR, false });
		give(c, cases[i].name, cases[i].to, cases[i].at, 1);
		give(c, cases[i].name2, cases[i].to2, cases[i].at2, cases[i].attempts);
		simulate_check_totals(c, &t);
		if (t.violations->len != (cases[i].rule ? 1 : 0))
			fail_msg("case %u: %u violations", i, t.violations->len);
		if (cases[i].rule)
			assert_string_equal(((struct check_violation *)g_ptr_array_index(t.violations, 0))->rule, cases[i].rule);
		assert_int_equal(t.sent, 2);
		simulate_check_free(c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rules) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
