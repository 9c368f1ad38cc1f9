/* bounce, feedback: reports about our letters, as RFC 3464 and RFC 5965 shape them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/bounce.h"
#include "parsers/feedback.h"

#define REPORT "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n"
#define STATUS "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\n"
#define ORIGINAL "--b\nContent-Type: message/rfc822\n\nMessage-ID: <1@b.test>\nTo: a@b.test\n\nx\n--b--\n"

static const struct { const char *raw, *facts; } reports[] = {
	{ REPORT STATUS "Final-Recipient: rfc822; Yok@B.test\nAction: failed\nStatus: 5.1.1\n"
		"Diagnostic-Code: smtp; 550 5.1.1 no\n such user\n\n" ORIGINAL,
		"<1@b.test> yok@b.test failed 5.1.1 1 [550 5.1.1 no such user]" },
	{ REPORT STATUS "Final-Recipient: rfc822;<a@b.test>\nAction: Delayed (will retry)\nStatus: 4.4.7 (timeout)\n\n" ORIGINAL,
		"<1@b.test> a@b.test delayed 4.4.7 0 [-]" },
	{ REPORT STATUS "Original-Recipient: rfc822;a@b.test\nAction: delivered\nStatus: 2.0.0\n\n"
		"Final-Recipient: a@c.test\nAction: failed\nStatus: 5.0.0\n\n" ORIGINAL,
		"<1@b.test> a@b.test delivered 2.0.0 0 [-] a@c.test failed 5.0.0 1 [-]" },
	/* The group of the mail forgotten; base64; fields of the original only; status that is none. */
	{ REPORT "--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
		"RmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGFAYi50ZXN0CkFjdGlvbjogZmFpbGVkClN0YXR1czogNS5ub25lCg==\n"
		"--b\nContent-Type: text/rfc822-headers\n\nMessage-Id:\n <2@b.test>\n--b--\n",
		"<2@b.test> a@b.test failed - 0 [-]" },
	{ "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.test\nAction: failed\nStatus: 5.1.1\n",
		"- a@b.test failed 5.1.1 1 [-]" },
	{ REPORT STATUS "--b--\n", "-" },
	/* A report that was forwarded is no report. */
	{ "Content-Type: message/rfc822\n\n" REPORT STATUS "Final-Recipient: rfc822; a@b.test\nAction: failed\n\n--b--\n", NULL },
	{ "Subject: Undelivered Mail Returned to Sender\n\nFinal-Recipient: rfc822; a@b.test\nAction: failed\n", NULL },
};

static const char *word(const char *text)
{
	return text ? text : "-";
}

static char *bounce_shown(const struct bounce *b)
{
	GString *s = g_string_new(word(b->original_message_id));

	for (guint i = 0; i < b->recipients->len; i++) {
		const struct bounce_recipient *r = b->recipients->pdata[i];

		g_string_append_printf(s, " %s %s %s %d [%s]", word(r->address), word(r->action), word(r->status),
			r->permanent, word(r->diagnostic));
	}
	return g_string_free(s, FALSE);
}

static void test_bounces(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(reports); i++) {
		g_autoptr(facts_t) f = facts_new();
		g_autoptr(mime_t) m = mime_open(NULL, reports[i].raw, strlen(reports[i].raw), f->complaints);
		bool found = bounce_read(f, NULL, m);
		g_autofree char *shown = found ? bounce_shown(f->bounce) : NULL;

		if (g_strcmp0(shown, reports[i].facts))
			fail_msg("case %zu: %s", i, shown);
	}
}

#define FEEDBACK "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n" \
	"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: Abuse (x)\nVersion: 1\n"

static const struct { const char *raw, *type, *recipient; } complaints[] = {
	{ FEEDBACK "Original-Rcpt-To: <C@d.test>\n\n" ORIGINAL, "abuse", "c@d.test" },
	{ FEEDBACK "\n" ORIGINAL, "abuse", "a@b.test" },
	{ FEEDBACK "\n--b\nContent-Type: text/rfc822-headers\n\nTo: Deneme <e@f.test>\n--b--\n", "abuse", "e@f.test" },
	{ FEEDBACK "\n--b--\n", "abuse", NULL },
};

static void test_feedback(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(complaints); i++) {
		g_autoptr(facts_t) f = facts_new();
		g_autoptr(mime_t) m = mime_open(NULL, complaints[i].raw, strlen(complaints[i].raw), f->complaints);

		assert_true(feedback_read(f, m));
		assert_string_equal(f->feedback->type, complaints[i].type);
		if (g_strcmp0(f->feedback->recipient, complaints[i].recipient))
			fail_msg("case %zu: %s", i, f->feedback->recipient);
		assert_false(bounce_read(f, NULL, m));
	}
}

static int setup(void **state)
{
	mime_setup();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounces),
		cmocka_unit_test(test_feedback),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
