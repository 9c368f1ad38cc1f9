/* bounces of some seventy mail systems, beside what another reader of bounces (Sisimai) makes of them: the figures that may not
 * fall. Skipped where the corpus is not there.
 */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/read.h"

enum { KINDS, REPORTS, WORDS, CLASSES, FIGURES };

/* Of a hundred; KINDS whether it is a bounce, REPORTS and WORDS the recipients of mails with and without a delivery status. */
static const struct { const char *what; int least; } figures[FIGURES] = {
	{ "kinds", 98 }, { "recipients of delivery reports", 97 }, { "recipients of free forms", 90 }, { "classes", 97 },
};
static struct { int right, all; } counts[FIGURES];
static struct reader *reader;
static json_t *expected;

static char *corpus(const char *name)
{
	const char *root = g_getenv("NESGATE_CORPUS");

	return g_build_filename(root ? root : "../shared/corpus", "bounces", name, NULL);
}

static void count(int figure, bool right)
{
	counts[figure].right += right;
	counts[figure].all++;
}

/* Only line ends differ. */
static char *with_ends(const char *raw, gsize len, const char *end, gsize *out_len)
{
	GString *out = g_string_sized_new(len + len / 16);

	for (gsize i = 0; i < len; i++)
		if (raw[i] == '\n' || (raw[i] == '\r' && (i + 1 == len || raw[i + 1] != '\n')))
			g_string_append(out, end);
		else if (raw[i] != '\r')
			g_string_append_c(out, raw[i]);
	*out_len = out->len;
	return g_string_free(out, FALSE);
}

static struct facts *read_with(const char *raw, gsize len, const char *end)
{
	gsize n;
	g_autofree char *bytes = with_ends(raw, len, end, &n);

	return reader_read(reader, bytes, n, 1795330800);
}

static const char *field(const json_t *entry, const char *name)
{
	return json_string_value(json_object_get(entry, name));
}

static const struct bounce_recipient *find(const struct bounce *b, const char *address)
{
	for (guint i = 0; b && i < b->recipients->len; i++) {
		const struct bounce_recipient *r = b->recipients->pdata[i];
		if (r->address && !g_ascii_strcasecmp(r->address, address))
			return r;
	}
	return NULL;
}

static void check_recipients(const char *name, const struct bounce *b, const json_t *want, int figure)
{
	size_t i, right = 0;
	json_t *entry;

	json_array_foreach(want, i, entry) {
		const struct bounce_recipient *r = find(b, field(entry, "recipient"));
		const char *action = field(entry, "action"), *status = field(entry, "status");

		if (!r)
			continue;
		right++;
		if (strcmp(action, "failed") && (!strcmp(r->action, "failed") || r->permanent))
			fail_msg("%s: %s is %s, not failed", name, r->address, action);
		count(CLASSES, r->status && *r->status == *status);
	}
	if (json_array_size(want))
		count(figure, b && right == json_array_size(want) && b->recipients->len == right);
}

static void check_feedback(const char *name, const struct facts *f, const json_t *want)
{
	const json_t *first = json_array_get(want, 0);
	const char *recipient = field(first, "recipient");
	/* Sisimai's own word for an address that was taken out. */
	bool none = g_str_has_prefix(recipient, "undisclosed-");

	if (f->kind != KIND_FEEDBACK_REPORT || g_strcmp0(f->feedback->type, field(first, "feedbacktype")) ||
	    g_strcmp0(f->feedback->recipient, none ? NULL : recipient))
		fail_msg("%s: not %s of %s", name, field(first, "feedbacktype"), recipient);
}

static void check_one(const char *name, const struct facts *f, bool status)
{
	const json_t *want = json_object_get(expected, name);

	if (g_str_has_prefix(name, "arf-")) {
		check_feedback(name, f, want);
	} else if (g_str_has_prefix(name, "rfc3834-")) {
		if (f->kind != KIND_AUTO_REPLY)
			fail_msg("%s: %s", name, facts_mail_kinds[f->kind]);
	} else {
		count(KINDS, f->kind == KIND_BOUNCE);
		check_recipients(name, f->bounce, want, status ? REPORTS : WORDS);
	}
}

/* What is said of the report, without sizes. */
static char *said(const struct facts *f)
{
	GString *s = g_string_new(facts_mail_kinds[f->kind]);

	if (f->bounce)
		g_string_append_printf(s, " %s", f->bounce->original_message_id);
	for (guint i = 0; f->bounce && i < f->bounce->recipients->len; i++) {
		const struct bounce_recipient *r = f->bounce->recipients->pdata[i];
		g_string_append_printf(s, " %s %s %s %s", r->address, r->action, r->status, r->reason);
	}
	return g_string_free(s, FALSE);
}

static void check_file(const char *name, const char *path, bool bounce)
{
	static const char *const ends[] = { "\r\n", "\r" };
	g_autofree char *raw = NULL;
	gsize len;

	assert_true(g_file_get_contents(path, &raw, &len, NULL));
	g_autoptr(facts_t) f = read_with(raw, len, "\n");
	g_autofree char *as_lf = said(f);
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autoptr(facts_t) other = read_with(raw, len, ends[i]);
		g_autofree char *as_other = said(other);
		if (strcmp(as_lf, as_other))
			fail_msg("%s: %s, with other line ends %s", name, as_lf, as_other);
	}
	if (bounce)
		check_one(name, f, memmem(raw, len, "message/delivery-status", 23) || memmem(raw, len, "message/global-d", 16));
	else if (f->kind == KIND_BOUNCE)
		fail_msg("%s is no bounce", name);
}

static int check_folder(const char *folder, bool bounce)
{
	g_autofree char *path = corpus(folder);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;
	int n = 0;

	for (; dir && (name = g_dir_read_name(dir)); n++) {
		g_autofree char *file = g_build_filename(path, name, NULL);
		check_file(name, file, bounce);
	}
	return n;
}

static void test_corpus(void **state)
{
	struct reader_options o = { 0 };
	g_autofree char *path = corpus("expected.json");

	expected = json_load_file(path, 0, NULL);
	if (!expected) {
		print_message("skipped: no %s\n", path);
		return;
	}
	reader = reader_new(&o, NULL);
	assert_true(check_folder("bsd", true) > 0);
	assert_true(check_folder("not", false) > 0);
	for (int i = 0; i < FIGURES; i++) {
		print_message("%s: %d of %d\n", figures[i].what, counts[i].right, counts[i].all);
		if (counts[i].right * 100 < figures[i].least * counts[i].all)
			fail_msg("%s: fewer than %d in a hundred", figures[i].what, figures[i].least);
	}
	reader_free(reader);
	json_decref(expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_corpus) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
