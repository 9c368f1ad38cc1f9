/* replies_tr: Turkish replies, whole mails. Every answer of tests/corpus/replies_tr/answers.txt in the dress of every mail
 * program of clients.txt, in turn in each charset and transfer encoding; and the quote line wrapped at every place.
 * Each cut must be right, and no answer may be another than its label says.
 */
#include "parsers/read.h"
#include "tests/unit/parsers/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define FOLDER "tests/corpus/replies_tr/"

struct labelled { char *label, *text; };
struct client { char *name, *text; };

static GPtrArray *answers, *clients, *clients_html;
static char *letter, *marked_letter;
static struct reader *reader;

static char *file(const char *name)
{
	g_autofree char *path = g_strconcat(FOLDER, name, NULL);
	char *text = NULL;

	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

static char *replaced(const char *text, const char *what, const char *by)
{
	g_auto(GStrv) pieces = g_strsplit(text, what, -1);

	return g_strjoinv(by, pieces);
}

static void load_answers(void)
{
	g_autofree char *text = file("answers.txt");
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	answers = g_ptr_array_new();
	for (char **l = lines; *l; l++) {
		char *bar = strstr(*l, " | ");

		if (!bar || **l == '#')
			continue;
		struct labelled *a = g_new(struct labelled, 1);
		a->label = g_strndup(*l, (gsize)(bar - *l));
		a->text = replaced(bar + 3, "\\n", "\n");
		g_ptr_array_add(answers, a);
	}
}

static GPtrArray *load_clients(const char *name)
{
	g_autofree char *text = file(name);
	g_auto(GStrv) blocks = g_strsplit(text, "\n== ", -1);
	GPtrArray *all = g_ptr_array_new();

	for (char **b = blocks + 1; *b; b++) {
		char *newline = strchr(*b, '\n');
		struct client *c = g_new(struct client, 1);

		c->name = g_strndup(*b, (gsize)(newline - *b));
		c->text = g_strdup(newline + 1);
		g_ptr_array_add(all, c);
	}
	return all;
}

static int set_up(void **state)
{
	load_answers();
	clients = load_clients("clients.txt");
	clients_html = load_clients("clients_html.txt");
	letter = g_strchomp(file("letter.txt"));
	g_autofree char *marked = replaced(letter, "\n", "\n> ");
	marked_letter = g_strconcat("> ", marked, NULL);
	reader = reader_new(&(struct reader_options){ 0 }, NULL);
	return reader ? 0 : -1;
}

/* The text of a reply; *quote_line: the program's own line, NULL: it has none. */
static char *dress(const struct client *c, const char *own, const char *line_instead, char **quote_line)
{
	g_autofree char *a = replaced(c->text, "@OWN@", own), *b = replaced(a, "@>QUOTE@", marked_letter);
	g_autofree char *whole = replaced(b, "@QUOTE@", letter);
	char *open = strstr(whole, "<<\n"), *close = open ? strstr(open, "\n>>\n") : NULL;

	if (!close)
		return g_steal_pointer(&whole);
	g_autofree char *line = g_strndup(open + 3, (gsize)(close - open - 3));
	char *text = g_strdup_printf("%.*s%s%s", (int)(open - whole), whole, line_instead ? line_instead : line, close + 3);
	if (quote_line)
		*quote_line = g_steal_pointer(&line);
	return text;
}

/* ---- mails ---- */

static const struct { const char *charset, *label; } charsets[] = {
	{ "utf-8", "; charset=utf-8" }, { "iso-8859-9", "; charset=iso-8859-9" }, { "iso-8859-3", "; charset=iso-8859-3" },
	{ "windows-1254", "; charset=windows-1254" }, { "utf-8", "" }, { "windows-1254", "" },
	{ "windows-1254", "; charset=iso-8859-9" }, { "utf-8", "; charset=us-ascii" },
};

static void append_qp(GString *out, const char *bytes, gsize len)
{
	for (gsize i = 0, column = 0; i < len; i++) {
		guchar c = (guchar)bytes[i];

		if (c == '\n') {
			g_string_append(out, "\r\n");
			column = 0;
			continue;
		}
		if (column > 70) {
			g_string_append(out, "=\r\n");
			column = 0;
		}
		bool plain = c > ' ' && c < 0x7f && c != '=';
		if (plain || (c == ' ' && i + 1 < len && bytes[i + 1] != '\n'))
			g_string_append_c(out, (char)c);
		else
			g_string_append_printf(out, "=%02X", c);
		column += plain ? 1 : 3;
	}
}

static void append_base64(GString *out, const char *bytes, gsize len)
{
	g_autofree char *all = g_base64_encode((const guchar *)bytes, len);

	for (gsize i = 0, n = strlen(all); i < n; i += 76)
		g_string_append_printf(out, "%.76s\r\n", all + i);
}

static const char *const encodings[] = { "quoted-printable", "base64", "8bit" };

/* The mail number n of all; a text that its charset does not hold goes as UTF-8. */
static GString *mail_of(const char *text, const char *type, guint n)
{
	const char *label = charsets[n % G_N_ELEMENTS(charsets)].label;
	const char *encoding = encodings[n / G_N_ELEMENTS(charsets) % G_N_ELEMENTS(encodings)];
	gsize len = 0;
	g_autofree char *bytes = g_convert(text, -1, charsets[n % G_N_ELEMENTS(charsets)].charset, "utf-8", NULL, &len, NULL);
	GString *mail = g_string_new("From: Deneme Bir <kisi1@kurum.test>\r\nTo: nes@kurum.test\r\n"
				     "Subject: Ynt: Onay\r\nIn-Reply-To: <a@kurum.test>\r\nMIME-Version: 1.0\r\n");

	if (!bytes) {
		bytes = g_strdup(text);
		len = strlen(text);
		label = "; charset=utf-8";
	}
	g_string_append_printf(mail, "Content-Type: %s%s\r\nContent-Transfer-Encoding: %s\r\n\r\n", type, label, encoding);
	if (*encoding == 'q')
		append_qp(mail, bytes, len);
	else if (*encoding == 'b')
		append_base64(mail, bytes, len);
	else
		g_string_append_len(mail, bytes, (gssize)len);
	return mail;
}

static char *own_words(const char *text, const char *type, guint n, char **answer)
{
	g_autoptr(GString) mail = mail_of(text, type, n);
	g_autoptr(facts_t) f = reader_read(reader, mail->str, mail->len, 0);

	assert_non_null(f->reply);
	*answer = test_answer_line(f->reply);
	return g_steal_pointer(&f->reply->text);
}

static char *normal(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **l = lines; *l; l++)
		g_strchomp(*l);
	return g_strstrip(g_strjoinv("\n", lines));
}

/* ---- the measures ---- */

struct count { guint mails, cuts, unknown, wrong; };

static bool is_none(const char *answer)
{
	return !strcmp(answer, "none");
}

static void judge(struct count *c, const struct labelled *a, const char *answer, const char *dress_name)
{
	bool may_be_none = *a->label == '?';

	if (!strcmp(a->label + may_be_none, answer) || (may_be_none && is_none(answer)))
		return;
	/* A question that is not told from silence is asked again too. */
	if (is_none(answer) || (is_none(a->label) && !strcmp(answer, "question")))
		c->unknown++;
	else
		c->wrong++;
	print_error("%s: \"%s\" is %s, not %s\n", dress_name, a->text, answer, a->label);
}

static void read_one(struct count *c, const struct labelled *a, const char *name, const char *text)
{
	const char *type = strchr(name, '/') ? "text/html" : "text/plain";
	g_autofree char *answer = NULL, *got = own_words(text, type, c->mails++, &answer);
	g_autofree char *is = normal(got), *should = normal(a->text);

	if (strcmp(is, should)) {
		c->cuts++;
		print_error("%s: cut to \"%s\", not \"%s\"\n", name, is, should);
	}
	judge(c, a, answer, name);
}

static void all_replies(void **state)
{
	struct count c = { 0 };

	for (guint i = 0; i < answers->len; i++)
		for (guint k = 0; k < clients->len; k++) {
			const struct labelled *a = answers->pdata[i];
			const struct client *client = clients->pdata[k];
			g_autofree char *text = dress(client, a->text, NULL, NULL);

			read_one(&c, a, client->name, text);
		}
	printf("%u answers, %u mails: %u cut wrong, %u not known, %u taken for another\n", answers->len, c.mails, c.cuts,
	       c.unknown, c.wrong);
	assert_true(answers->len >= 300);
	assert_int_equal(c.cuts, 0);
	assert_int_equal(c.wrong, 0);
	assert_int_equal(c.unknown, 0);
}

/* The same in mails that have nothing but HTML. */
static void html_replies(void **state)
{
	struct count c = { 0 };

	for (guint i = 0; i < answers->len; i++)
		for (guint k = 0; k < clients_html->len; k++) {
			const struct labelled *a = answers->pdata[i];
			const struct client *client = clients_html->pdata[k];
			g_autofree char *escaped = g_markup_escape_text(a->text, -1), *own = replaced(escaped, "\n", "<br>");
			g_autofree char *text = replaced(client->text, "@OWN@", own);
			g_autofree char *name = g_strconcat("html/", client->name, NULL);

			read_one(&c, a, name, text);
		}
	printf("%u HTML mails: %u cut wrong, %u not known, %u taken for another\n", c.mails, c.cuts, c.unknown, c.wrong);
	assert_int_equal(c.cuts + c.unknown + c.wrong, 0);
}

/* Between any two characters of the line, inside names, addresses and dates; at a blank the blank goes. */
static void wrap_client(struct count *c, const struct client *client)
{
	static struct labelled onay = { (char *)"approve", (char *)"Onay." };
	g_autofree char *line = NULL, *once = dress(client, onay.text, NULL, &line);

	for (const char *p = line ? g_utf8_next_char(line) : ""; *p; p = g_utf8_next_char(p)) {
		g_autofree char *wrapped = g_strdup_printf("%.*s\n%s", (int)(p - line), line, p + (*p == ' '));
		g_autofree char *text = dress(client, onay.text, wrapped, NULL);

		read_one(c, &onay, client->name, text);
	}
}

static void wrapped_everywhere(void **state)
{
	struct count c = { 0 };

	for (guint k = 0; k < clients->len; k++)
		wrap_client(&c, clients->pdata[k]);
	printf("%u wrapped mails: %u cut wrong, %u not known, %u taken for another\n", c.mails, c.cuts, c.unknown, c.wrong);
	assert_true(c.mails > 1000);
	assert_int_equal(c.cuts + c.unknown + c.wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(all_replies), cmocka_unit_test(html_replies),
					    cmocka_unit_test(wrapped_everywhere) };
	return cmocka_run_group_tests(tests, set_up, NULL);
}
