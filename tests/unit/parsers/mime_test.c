/* mime, mime_guard: the tree of parts, and what GMime must not see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/facts.h"
#include "parsers/mime.h"
#include "parsers/mime_guard.h"

static GString *repeat(const char *unit, size_t n)
{
	GString *s = g_string_new(NULL);

	while (n--)
		g_string_append(s, unit);
	return s;
}

static char *code_of(const char *before, const char *unit, size_t n, const char *after)
{
	g_autoptr(GString) many = repeat(unit, n);
	g_autofree char *raw = g_strconcat(before, many->str, after, NULL);
	g_autoptr(GPtrArray) complaints = facts_complaints_new();
	g_autoptr(mime_t) m = mime_open(NULL, raw, strlen(raw), complaints);

	if (!m)
		assert_int_equal(complaints->len, 1);
	return g_strdup(m ? "" : ((struct complaint *)complaints->pdata[0])->code);
}

#define NESTED "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "

#define OPEN(b) "Content-Type: multipart/mixed; boundary=" b "\n\n--" b "\n"
#define OPEN5(b) OPEN(b "1") OPEN(b "2") OPEN(b "3") OPEN(b "4") OPEN(b "5")

static const struct { const char *before, *unit; size_t n; const char *after, *code; } hostile[] = {
	/* GMime's stack ends at 60 000 groups; also inside of an embedded message, however it is written. */
	{ "To: ", "g:", 60000, "\n\n", "field_too_long" },
	{ NESTED "message/rfc822\n\nTo: ", "g:", 60000, "\n\nx\n--b--\n", "field_too_long" },
	{ NESTED "\n message/rfc822\n\nTo: ", "g:", 60000, "\n\nx\n--b--\n", "field_too_long" },
	{ NESTED "(x) Message (y)/rfc822\n\nTo: ", "g:", 60000, "\n\nx\n--b--\n", "field_too_long" },
	{ "Content-Type: multipart/digest; boundary=b\n\n--b\n\nTo: ", "g:", 60000, "\n\nx\n--b--\n", "field_too_long" },
	{ "Content-Type: message/rfc822\n\nTo: ", "g:", 60000, "\n\nx\n", "field_too_long" },
	{ "Subject: a\n", " more text in this field\n", 4000, "\n", "field_too_long" },
	/* 113 MB of GMime's memory. */
	{ "", "A: b\n", 1001, "\n", "too_many_fields" },
	{ NESTED "text/plain\n", "A: b\n", 1001, "\nx\n--b--\n", "too_many_fields" },
	{ "", "Subject: 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890\n"
		"X: 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\n",
		490, "\n", "header_too_long" },
	/* 150 MB, and quadratic time. */
	{ "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\n", 1001, "", "too_many_parts" },
	{ "Content-Type: multipart/mixed; boundary=b\n\n", "--x\n", 300000, "", "too_many_parts" },
	{ "", "Content-Type: multipart/mixed; boundary=b\n\n--b\n", 25, "\n", "nested_too_deep" },
	{ "", "From: a@b.test\nContent-Type: text/plain; name=a.eml\n\n", 25, "\n", "nested_too_deep" },
	/* Multiparts that nothing closes, and much below: each line is looked at once, not once a multipart. */
	{ OPEN5("a") OPEN5("b") OPEN5("c"), "\n", 6000000, "", "" },
	/* What is large and honest goes through. */
	{ "Subject: a\n\n", "one line of text: as long as a line is, without any thought of a header or so\n", 10000, "", "" },
	{ NESTED "application/pdf; name=\"message.pdf\"\nContent-Transfer-Encoding: base64\n\n",
		"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\n", 10000, "--b--\n", "" },
	{ "Subject: a\n\n", "a--b\n --b\n-\n-b--\n- -\n", 2000, "-", "" }, /* delimiters begin a line */
	{ "", "A: b\n", 999, "\n", "" },
	{ "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", 999, "--b--\n", "" },
	{ "To: ", "g:", 30000, "\n\n", "" },
	{ NESTED "message/rfc822\n\nTo: ", "g:", 30000, "\n\nx\n--b--\n", "" },
	{ "", "Content-Type: multipart/mixed; boundary=b\n\n--b\n", 19, "\n", "" },
};

static void test_hostile(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++) {
		gint64 begin = g_get_monotonic_time();
		g_autofree char *code = code_of(hostile[i].before, hostile[i].unit, hostile[i].n, hostile[i].after);

		if (strcmp(code, hostile[i].code))
			fail_msg("case %zu: \"%s\", not \"%s\"", i, code, hostile[i].code);
		assert_true(g_get_monotonic_time() - begin < G_USEC_PER_SEC);
	}
}

struct shown { const char *path, *type, *charset, *filename, *data; };

static const struct { const char *raw; struct shown parts[8]; } trees[] = {
	{ "Subject: a\n\nbody\n", { { "1", "text/plain", NULL, NULL, "body\n" } } },
	{ "Subject: a\r\n\r\nbody\r\n", { { "1", "text/plain", NULL, NULL, "body\r\n" } } },
	{ "Subject: a\n", { { "1", "text/plain", NULL, NULL, "" } } },
	{ "Content-Type: TEXT/Plain; charset=\"ISO-8859-9\"\nContent-Transfer-Encoding: quoted-printable\n\n=FE\n",
		{ { "1", "text/plain", "iso-8859-9", NULL, "\xfe\n" } } },
	{ "Content-Type: application/pdf; name*=utf-8''%C5%9F.pdf\nContent-Transfer-Encoding: base64\n\nYWI=\nYWI=\n",
		{ { "1", "application/pdf", NULL, "ş.pdf", "abab" } } },
	{ "Content-Type: multipart/mixed; boundary=\"o\"\n\npreface\n--o\nContent-Type: multipart/alternative; boundary=i\n\n"
		"--i\n\nplain\n--i\nContent-Type: text/html\n\n<p>html\n--i--\n--o\nContent-Type: application/x\n"
		"Content-Disposition: attachment; filename=\"../../etc/passwd\"\n\ndata\n--o--\nepilogue\n",
		{ { "", "multipart/mixed", NULL, NULL, "" }, { "1", "multipart/alternative", NULL, NULL, "" },
		  { "1.1", "text/plain", NULL, NULL, "plain" }, { "1.2", "text/html", NULL, NULL, "<p>html" },
		  { "2", "application/x", NULL, "../../etc/passwd", "data" } } },
	{ "Content-Type: multipart/mixed; boundary=o\n\n--o\n\na\n--o\nContent-Type: message/rfc822\n\n"
		"Subject: inner\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nb\n--i--\n--o--\n",
		{ { "", "multipart/mixed", NULL, NULL, "" }, { "1", "text/plain", NULL, NULL, "a" },
		  { "2", "message/rfc822", NULL, NULL,
			"Subject: inner\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nb\n--i--" },
		  { "2", "multipart/mixed", NULL, NULL, "" }, { "2.1", "text/plain", NULL, NULL, "b" } } },
	{ "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: message/rfc822\n\nSubject: inner\n\nb\n--o--\n",
		{ { "", "multipart/mixed", NULL, NULL, "" },
		  { "1", "message/rfc822", NULL, NULL, "Subject: inner\n\nb" }, { "1.1", "text/plain", NULL, NULL, "b" } } },
	{ "Content-Type: application/octet-stream; name=a.eml\n\nFrom: a@b.test\nContent-Type: text/html; charset=utf-8\n\nb\n",
		{ { "1", "application/octet-stream", NULL, "a.eml", "From: a@b.test\nContent-Type: text/html; charset=utf-8\n\nb\n" },
		  { "1.1", "text/html", "utf-8", NULL, "b\n" } } },
	/* An mbox line is no field and ends no header. */
	{ "From a@b.test Thu Apr 29 23:34:45 2004\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\na\n--o--\n",
		{ { "", "multipart/mixed", NULL, NULL, "" }, { "1", "text/plain", NULL, NULL, "a" } } },
	/* The outer delimiter ends what was left open; an inner boundary that begins like the outer one does not. */
	{ "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: multipart/mixed; boundary=oo\r\n\r\n"
		"--oo\r\n\r\na\r\n--o \t\r\nContent-Type: text/html\r\n--o\r\n\r\n--ox\r\n--o--\r\n",
		{ { "", "multipart/mixed", NULL, NULL, "" }, { "1", "multipart/mixed", NULL, NULL, "" },
		  { "1.1", "text/plain", NULL, NULL, "a" }, { "2", "text/html", NULL, NULL, "" },
		  { "3", "text/plain", NULL, NULL, "--ox" } } },
	{ "Content-Type: multipart/digest; boundary=o\n\n--o\n\nSubject: a\n\nb\n--o\n\n--o\nContent-Type: Text/\n plain (x)\n\n"
		"c\n--o--\nafter\n--o\n\nno part\n",
		{ { "", "multipart/digest", NULL, NULL, "" }, { "1", "message/rfc822", NULL, NULL, "Subject: a\n\nb" },
		  { "1.1", "text/plain", NULL, NULL, "b" }, { "2", "message/rfc822", NULL, NULL, "" }, { "3", "text/plain", NULL, NULL, "c" } } },
	/* No type at all, one that forgot its semicolon, a message that may not be encoded but is. */
	{ "Content-Type: pdf\n\nx\n", { { "1", "application/octet-stream", NULL, NULL, "x\n" } } },
	{ "Content-Type: text/html charset=utf-8\n\nx\n", { { "1", "text/html", NULL, NULL, "x\n" } } },
	{ "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nYWI=\n",
		{ { "1", "message/rfc822", NULL, NULL, "ab" } } },
	/* A blank in the line that should end the header, so that its last line is no field. */
	{ "From: a@b.test\r\n \r\nno field\r\n\r\nend\r\n",
		{ { "1", "text/plain", NULL, NULL, "end\r\n" } } },
	{ "Content-Type: multipart/mixed\n\nno boundary\n", { { "", "multipart/mixed", NULL, NULL, "" } } },
};

static void check_part(size_t tree, const struct mime_part *p, const struct shown *want)
{
	size_t len;
	const char *bytes = mime_part_data(p, &len);
	g_autofree char *data = g_strndup(bytes, len);

	if (strcmp(p->path, want->path) || strcmp(p->type, want->type) || g_strcmp0(p->charset, want->charset) ||
	    g_strcmp0(p->filename, want->filename) || strcmp(data, want->data))
		fail_msg("tree %zu: %s %s %s %s \"%s\"", tree, p->path, p->type, p->charset, p->filename, data);
}

static void test_trees(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(trees); i++) {
		size_t len = strlen(trees[i].raw), n = 0;
		g_autofree char *raw = g_memdup2(trees[i].raw, len);
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		g_autoptr(mime_t) m = mime_open(NULL, raw, len, complaints);
		const GPtrArray *parts = mime_parts(m);

		while (n < 8 && trees[i].parts[n].path)
			n++;
		if (parts->len != n)
			fail_msg("tree %zu: %u parts", i, parts->len);
		for (size_t k = 0; k < n; k++)
			check_part(i, parts->pdata[k], &trees[i].parts[k]);
	}
}

/* GMime takes the last Subject, merges two From, takes the last Content-Type: nobody should have to know. */
static void test_doubled(void **state)
{
	static const char *const names[] = { "From", "Subject", "Content-Type", "Message-ID", "Date" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *raw = g_strdup_printf("%s: text/plain\nX: y\n%s: text/plain\n\nbody\n", names[i], names[i]);
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		g_autoptr(mime_t) m = mime_open(NULL, raw, strlen(raw), complaints);
		const struct complaint *c = complaints->len == 1 ? complaints->pdata[0] : NULL;

		assert_non_null(m);
		assert_non_null(c);
		assert_string_equal(c->code, "doubled_header");
		assert_string_equal(c->where, names[i]);
	}
}

static void test_nul_cuts_nothing(void **state)
{
	static const char raw[] = "Subject: a\0b\n\nbir\0iki\n";
	g_autoptr(GPtrArray) complaints = facts_complaints_new();
	g_autoptr(mime_t) m = mime_open(NULL, raw, sizeof raw - 1, complaints);
	size_t len;
	const char *data = mime_part_data(mime_parts(m)->pdata[0], &len);

	assert_int_equal(len, 8);
	assert_memory_equal(data, "bir\0iki\n", 8);
	assert_string_equal(fields_find(mime_fields(m), "subject"), "a b");
}

static int setup(void **state)
{
	mime_setup();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_trees),
		cmocka_unit_test(test_doubled),
		cmocka_unit_test(test_nul_cuts_nothing),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
