/* bounce, feedback: reports about our letters, as RFC 3464 and RFC 5965 shape them, and as servers write them otherwise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/bounce_verdict.h"
#include "parsers/feedback.h"
#include "parsers/read.h"

#define REPORT "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n"
#define STATUS "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\n"
#define ORIGINAL "--b\nContent-Type: message/rfc822\n\nMessage-ID: <1@b.test>\nTo: a@b.test\n\nx\n--b--\n"

static const struct { const char *raw, *facts; } reports[] = {
	{ REPORT STATUS "Final-Recipient: rfc822; Yok@B.test\nAction: failed\nStatus: 5.1.1\n"
		"Diagnostic-Code: smtp; 550 5.1.1 no\n such user\n\n" ORIGINAL,
		"<1@b.test> yok@b.test failed 5.1.1 1 user_unknown [550 5.1.1 no such user]" },
	/* Waiting is no failure; nor is it one to have waited in vain, but then nobody tries any more. */
	{ REPORT STATUS "Final-Recipient: rfc822; a@b.test\nAction: failed\nStatus: 4.4.1\n"
		"Diagnostic-Code: smtp; connect to b.test: Connection timed out\n\n" ORIGINAL,
		"<1@b.test> a@b.test delayed 4.4.1 0 expired [connect to b.test: Connection timed out]" },
	{ REPORT STATUS "Final-Recipient: rfc822; a@b.test\nAction: expired\n\n" ORIGINAL, "<1@b.test> a@b.test delayed - 0 expired [-]" },
	{ REPORT STATUS "Final-Recipient: rfc822; a@b.test\nAction: failed\nStatus: 4.2.2\n\n" ORIGINAL,
		"<1@b.test> a@b.test failed 4.2.2 0 mailbox_full [-]" },
	/* Two recipients in one group; a status that says less than the words. */
	{ REPORT STATUS "Final-Recipient: rfc822; a@b.test\nAction: failed\nStatus: 5.1.2\nFinal-Recipient: rfc822; c@b.test\n"
		"Action: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 550 5.7.1 User unknown\n\n" ORIGINAL,
		"<1@b.test> a@b.test failed 5.1.2 1 host_unknown [-] c@b.test failed 5.7.1 1 user_unknown [550 5.7.1 User unknown]" },
	/* The boundary is another: the fields stand in the text. */
	{ "From: MAILER-DAEMON@b.test\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report; boundary=c\n\n"
		STATUS "Final-Recipient: rfc822; a@b.test\nAction: failed\nStatus: 5.1.1\n\n" ORIGINAL,
		"<1@b.test> a@b.test failed 5.1.1 1 user_unknown [-]" },
	{ REPORT STATUS "Final-Recipient: rfc822;<a@b.test>\nAction: Delayed (will retry)\nStatus: 4.4.7 (timeout)\n\n" ORIGINAL,
		"<1@b.test> a@b.test delayed 4.4.7 0 - [-]" },
	{ REPORT STATUS "Original-Recipient: rfc822;a@b.test\nAction: delivered\nStatus: 2.0.0\n\n"
		"Final-Recipient: a@c.test\nAction: failed\nStatus: 5.0.0\n\n" ORIGINAL,
		"<1@b.test> a@b.test delivered 2.0.0 0 - [-] a@c.test failed 5.0.0 1 - [-]" },
	/* The group of the mail forgotten; base64; fields of the original only; status that is none. */
	{ REPORT "--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
		"RmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGFAYi50ZXN0CkFjdGlvbjogZmFpbGVkClN0YXR1czogNS5ub25lCg==\n"
		"--b\nContent-Type: text/rfc822-headers\n\nMessage-Id:\n <2@b.test>\n--b--\n",
		"<2@b.test> a@b.test failed - 0 - [-]" },
	{ "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.test\nAction: failed\nStatus: 5.1.1\n",
		"- a@b.test failed 5.1.1 1 user_unknown [-]" },
	/* Led on to another address, or not. */
	{ REPORT STATUS "Original-Recipient: rfc822;Eski@b.test\nFinal-Recipient: rfc822; a@b.test\nAction: failed\n\n"
		"Original-Recipient: rfc822;b@b.test\nFinal-Recipient: rfc822; b@b.test\nAction: failed\n\n"
		"Original-Recipient: rfc822;c@b.test\nAction: failed\n--b--\n",
		"- a@b.test<eski@b.test failed - 0 - [-] b@b.test failed - 0 - [-] c@b.test failed - 0 - [-]" },
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

		g_string_append_printf(s, " %s%s%s %s %s %d %s [%s]", word(r->address), r->original ? "<" : "", r->original ? r->original : "", word(r->action), word(r->status),
			r->permanent, word(r->reason), word(r->diagnostic));
	}
	return g_string_free(s, FALSE);
}

static struct reader *reader;

static void test_bounces(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(reports); i++) {
		g_autoptr(facts_t) f = reader_read(reader, reports[i].raw, strlen(reports[i].raw), 0);
		g_autofree char *shown = f->bounce ? bounce_shown(f->bounce) : NULL;

		if (g_strcmp0(shown, reports[i].facts))
			fail_msg("case %zu: %s", i, shown);
		assert_int_equal(f->kind == KIND_BOUNCE, reports[i].facts != NULL);
	}
}

/* ---- in words ---- */

#define DAEMON "From: Mail Delivery System <MAILER-DAEMON@mx.test>\nTo: biz@b.test\n"
#define QUIET "Return-Path: <>\nFrom: bilgi@b.test\nTo: biz@b.test\n"
#define PERSON "From: Deneme Bir <deneme@b.test>\nTo: biz@b.test\n"
#define COPY "\n------ This is a copy of the message. ------\n\nMessage-ID: <3@b.test>\nTo: baska@b.test\nSubject: x\n\nx\n"

/* address action status reason; NULL: no report. */
static const struct { const char *raw, *shown; } words[] = {
	{ DAEMON "Subject: Mail delivery failed: returning message to sender\n\nThe following address(es) failed:\n\n"
		"  Yok@B.test\n    host mx.b.test [192.0.2.2]: 550 5.1.1 <yok@b.test>... User unknown\n" COPY,
		"<3@b.test> yok@b.test failed 5.1.1 user_unknown" },
	{ DAEMON "X-Failed-Recipients: a@b.test, c@b.test\nSubject: x\n\na@b.test: 552 5.2.2 full\n\nc@b.test: no such user\n" COPY,
		"<3@b.test> a@b.test failed 5.2.2 mailbox_full c@b.test failed 5.1.1 user_unknown" },
	{ DAEMON "Subject: failure notice\n\n<a@b.test>:\n192.0.2.1 does not like recipient.\nRemote host said: 553 sorry\n" COPY,
		"<3@b.test> a@b.test failed 5.0.0 -" },
	{ DAEMON "Subject: Warning: message 1 delayed 24 hours\n\nThe address to which the message has not yet been delivered is:\n\n"
		"  a@b.test\n    Delay reason: 450 busy, connection timed out\n\nDelivery attempts will continue.\n",
		"- a@b.test delayed 4.0.0 -" },
	{ DAEMON "Subject: Undeliverable\n\n<a@b.test>:\nI'm not going to try again; this message has been in the queue too long.\n",
		"- a@b.test delayed 5.4.7 expired" },
	{ DAEMON "Subject: Teslim edilemedi: Deneme\n\nİletiniz şu alıcıya teslim edilemedi:\n\na@b.test\n\nBöyle bir kullanıcı yok.\n",
		"- a@b.test failed 5.1.1 user_unknown" },
	{ DAEMON "Subject: =?utf-8?Q?=C4=B0letilemeyen?= posta\n\nAlıcının kutusu dolu: <a@b.test>\n", "- a@b.test failed 5.2.2 mailbox_full" },
	/* Nobody is named: whom the letter was for. Addresses for help are nobody's. */
	{ DAEMON "Subject: Undeliverable mail\n\nIt could not be delivered. For help contact destek@mx.test\n" COPY,
		"<3@b.test> baska@b.test failed 5.0.0 -" },
	{ DAEMON "Subject: Undeliverable mail\n\n<boyle-bir-user-unknown@b.test>\n", "- boyle-bir-user-unknown@b.test failed 5.0.0 -" },
	/* Without such a From, more must be there. */
	{ QUIET "Subject: Undeliverable Message\n\nMessage could not be delivered.\nTo: a@b.test\n", "- a@b.test failed 5.0.0 -" },
	{ QUIET "Subject: Haber\n\nKartınız teslim edilemedi.\n", NULL },
	{ QUIET "Subject: Otomatik yanıt: Teslim edilemedi\n\nteslim edilemedi 550 5.1.1 <a@b.test>\n", NULL },
	{ PERSON "Subject: Teslim edilemedi\n\nKart bana teslim edilemedi, ne yapmalıyım?\n", NULL },
	{ PERSON "Subject: Ynt: Teslim edilemedi\n\nteslim edilemedi\n550 5.1.1 <a@b.test> User unknown\n", NULL },
	{ PERSON "Subject: Fwd: Undelivered Mail Returned to Sender\n\n<a@b.test>: host said: 550 5.1.1 User unknown\n", NULL },
	{ "Return-Path: <>\nFrom: bilgi@kamusm.gov.tr\nTo: biz@b.test\nSubject: Teslim edilemedi\n\nKartınız teslim edilemedi.\n", NULL },
	{ "From: postmaster@kamusm.gov.tr\nSubject: Undeliverable: Liste\n\n<a@kamusm.gov.tr>: User unknown\n",
		"- a@kamusm.gov.tr failed 5.1.1 user_unknown" },
};

static char *words_shown(const struct bounce *b)
{
	GString *s = g_string_new(word(b->original_message_id));

	for (guint i = 0; i < b->recipients->len; i++) {
		const struct bounce_recipient *r = b->recipients->pdata[i];

		g_string_append_printf(s, " %s %s %s %s", word(r->address), word(r->action), word(r->status), word(r->reason));
	}
	return g_string_free(s, FALSE);
}

static void check_words(size_t i, const char *raw, const char *ends)
{
	g_autoptr(facts_t) f = reader_read(reader, raw, strlen(raw), 0);
	g_autofree char *shown = f->bounce ? words_shown(f->bounce) : NULL;

	if (g_strcmp0(shown, words[i].shown))
		fail_msg("case %zu (%s): %s", i, ends, shown);
}

static void test_words(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		g_auto(GStrv) lines = g_strsplit(words[i].raw, "\n", -1);
		g_autofree char *crlf = g_strjoinv("\r\n", lines), *cr = g_strjoinv("\r", lines);

		check_words(i, words[i].raw, "LF");
		check_words(i, crlf, "CRLF");
		check_words(i, cr, "CR");
	}
}

static const struct { const char *text, *status; } statuses[] = {
	{ "550 5.1.1 no", "5.1.1" }, { "x (#5.1.10)", "5.1.10" }, { "550 no", "5.0.0" }, { "said: 421 later", "4.0.0" },
	{ "host [192.5.1.1] 554-no", "5.0.0" }, { "version 5.1.1.2", NULL }, { "5.1.2026", NULL }, { "RFC5321.450", NULL },
	{ "450 then 5.2.1", "5.2.1" }, { "590 people", NULL }, { "", NULL }, { "5.", NULL }, { "5.1.", NULL },
};

static void test_statuses(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
		g_autofree char *status = bounce_verdict_status(statuses[i].text);

		if (g_strcmp0(status, statuses[i].status))
			fail_msg("%s: %s", statuses[i].text, status);
	}
}

/* What our own server says at once, of a letter's reader. */
static const struct { const char *answer, *reason; } answers[] = {
	{ "550 5.1.1 <a@b.test>: Recipient address rejected: User unknown in virtual mailbox table", "user_unknown" },
	{ "550 User unknown", "user_unknown" },
	{ "550-5.1.1 The email account\n550 5.1.1 that you tried", "user_unknown" },
	{ "554 5.7.1 <sender.a@b.test>: Recipient address rejected: no such user", "user_unknown" },
	{ "550 5.1.10 null MX", "user_unknown" },
	{ "550 5.1.0 no", "user_unknown" },
	{ "550 5.1.2 no", "host_unknown" },
	{ "550 5.1.0 <us@b.test>: Sender address rejected: User unknown in local recipient table", NULL },
	{ "553 5.1.8 <us@b.test>: Sender address rejected: Domain not found", NULL },
	{ "550 5.1.7 invalid address", NULL },
	{ "450 4.1.1 User unknown", NULL },
	{ "552 5.2.2 quota", NULL },
	{ "550 5.7.1 spam", NULL },
	{ "550 no", NULL },
	{ "", NULL },
};

static void test_answers(void **state)
{
	g_autoptr(GBytes) table = g_resources_lookup_data("/nesgate/parsers/bounce.table", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	g_autofree char *text = g_strndup(g_bytes_get_data(table, NULL), g_bytes_get_size(table));
	struct bounce_words *w = bounce_words_parse(text, NULL);

	assert_non_null(w);
	for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
		const char *reason = bounce_verdict_of_answer(answers[i].answer, w);

		if (g_strcmp0(reason, answers[i].reason))
			fail_msg("%s: %s", answers[i].answer, reason);
	}
	bounce_words_free(w);
}

#define FEEDBACK "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n" \
	"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: Abuse (x)\nVersion: 1\n"

static const struct { const char *raw, *type, *recipient; } complaints[] = {
	{ FEEDBACK "Original-Rcpt-To: <C@d.test>\n\n" ORIGINAL, "abuse", "c@d.test" },
	{ FEEDBACK "\n" ORIGINAL, "abuse", "a@b.test" },
	{ FEEDBACK "\n--b\nContent-Type: text/rfc822-headers\n\nTo: Deneme <e@f.test>\n--b--\n", "abuse", "e@f.test" },
	{ FEEDBACK "\n--b--\n", "abuse", NULL },
	{ "Content-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: <a@b.test>\nTo: c@d.test\n\nx\n", "abuse", "a@b.test" },
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
	}
}

static int setup(void **state)
{
	struct reader_options o = { 0 };

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
		cmocka_unit_test(test_bounces),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_feedback),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
