/* kind, auto_reply: who speaks comes before any rule against loops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/kind.h"

static const struct { const char *header; enum auto_reply what; } automatic[] = {
	{ "Auto-Submitted: auto-replied", AUTO_REPLY_REPLIED },
	{ "Auto-Submitted: auto-replied; owner=x", AUTO_REPLY_REPLIED },
	{ "Auto-Submitted: Auto-Generated (x)", AUTO_REPLY_GENERATED },
	{ "Auto-Submitted: auto-unknown", AUTO_REPLY_GENERATED },
	{ "Auto-Submitted: no", AUTO_REPLY_NO },
	{ "Auto-Submitted: No (person)", AUTO_REPLY_NO },
	{ "Precedence: bulk", AUTO_REPLY_GENERATED },
	{ "Precedence: auto_reply", AUTO_REPLY_REPLIED },
	{ "Precedence: first-class", AUTO_REPLY_NO },
	{ "X-Autoreply: yes", AUTO_REPLY_REPLIED },
	{ "X-Auto-Response-Suppress: All", AUTO_REPLY_GENERATED },
	{ "X-Auto-Response-Suppress: DR, OOF, AutoReply", AUTO_REPLY_NO },
	{ "List-Id: <l.test>", AUTO_REPLY_GENERATED },
	{ "Subject: Otomatik yanıt: Başvuru", AUTO_REPLY_REPLIED },
	{ "Subject: Otomatik Yanıt", AUTO_REPLY_REPLIED },
	{ "Subject: Ynt: Otomatik yanıt sorusu", AUTO_REPLY_NO },
	{ "Content-Type: message/disposition-notification", AUTO_REPLY_REPLIED },
	{ "Subject: x", AUTO_REPLY_NO },
};

static void test_automatic(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(automatic); i++) {
		g_autofree char *raw = g_strconcat(automatic[i].header, "\n\nx\n", NULL);
		g_autoptr(facts_t) f = facts_new();
		g_autoptr(mime_t) m = mime_open(NULL, raw, strlen(raw), f->complaints);

		if (auto_reply_find(m, fields_find(mime_fields(m), "Subject")) != automatic[i].what)
			fail_msg("%s", automatic[i].header);
	}
}

enum { BOUNCE = 1, FEEDBACK = 2, REQUEST = 4, TEXT = 8, TOKEN = 16, ANSWERS = 32 };

static const struct { const char *from; int has; enum auto_reply automatic; enum mail_kind kind; } cases[] = {
	{ "bilgi@kamusm.test", TEXT, AUTO_REPLY_GENERATED, KIND_CA_NOTICE },
	{ "bilgi@posta.kamusm.test", TEXT | ANSWERS, AUTO_REPLY_REPLIED, KIND_CA_NOTICE },
	{ "bilgi@kamusm.test", TEXT | REQUEST, AUTO_REPLY_NO, KIND_CA_NOTICE },
	{ "bilgi@sahtekamusm.test", TEXT, AUTO_REPLY_NO, KIND_OTHER },
	{ "kamusm.test@x.test", TEXT, AUTO_REPLY_NO, KIND_OTHER },
	{ "mailer-daemon@kamusm.test", TEXT | BOUNCE, AUTO_REPLY_REPLIED, KIND_BOUNCE },
	{ "a@b.test", BOUNCE | FEEDBACK | REQUEST | TEXT | TOKEN, AUTO_REPLY_REPLIED, KIND_BOUNCE },
	{ "a@b.test", FEEDBACK | TEXT, AUTO_REPLY_NO, KIND_FEEDBACK_REPORT },
	{ "a@b.test", REQUEST | TEXT, AUTO_REPLY_REPLIED, KIND_AUTO_REPLY },
	{ "a@b.test", TEXT | TOKEN, AUTO_REPLY_REPLIED, KIND_AUTO_REPLY },
	{ "a@b.test", REQUEST | TEXT, AUTO_REPLY_GENERATED, KIND_REQUEST },
	{ "a@b.test", REQUEST | TEXT | ANSWERS, AUTO_REPLY_NO, KIND_REQUEST },
	{ "a@b.test", TEXT, AUTO_REPLY_GENERATED, KIND_AUTO_REPLY },
	{ "a@b.test", TEXT | TOKEN, AUTO_REPLY_NO, KIND_REPLY },
	{ "a@b.test", TEXT | ANSWERS, AUTO_REPLY_NO, KIND_REPLY },
	{ "a@b.test", ANSWERS, AUTO_REPLY_NO, KIND_OTHER },
	{ "a@b.test", TEXT, AUTO_REPLY_NO, KIND_OTHER },
	{ NULL, TEXT, AUTO_REPLY_NO, KIND_OTHER },
};

static struct facts *facts_with(int has)
{
	struct facts *f = facts_new();

	if (has & BOUNCE)
		facts_bounce_add(f);
	if (has & FEEDBACK)
		facts_feedback_add(f);
	if (has & REQUEST)
		f->request = facts_request_new();
	if (has & TEXT)
		f->reply = facts_reply_new();
	if (has & TOKEN)
		g_ptr_array_add(f->reply->tokens, g_strdup("t"));
	return f;
}

static void test_kinds(void **state)
{
	static const char *const ca[] = { "kamusm.test", NULL };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(facts_t) f = facts_with(cases[i].has);
		struct kind_signs signs = { cases[i].automatic, cases[i].has & ANSWERS };
		enum mail_kind kind;

		f->from = g_strdup(cases[i].from);
		kind = kind_find(f, &signs, ca);
		if (kind != cases[i].kind)
			fail_msg("case %zu: %s", i, facts_mail_kinds[kind]);
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
		cmocka_unit_test(test_automatic),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
