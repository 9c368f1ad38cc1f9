/* body_form: see body_form.h.
 *
 * Most mails hold no form, so the looks come in the order of what they cost: digits, then labels in the text, and the HTML
 * only where the text has a label of the identity number.
 */
#include "parsers/body_form.h"

#include "parsers/fields.h"
#include "parsers/fold.h"
#include "parsers/form_merge.h"
#include "parsers/form_text.h"
#include "parsers/sheet_html.h"
#include "parsers/text.h"

#include <string.h>

enum { MESSAGES_MAX = 10, LINE_MAX_BEFORE = 300, ADDRESSES_MAX = 1000 };

/* "İlt:", "FW:", "Fwd[2]:" stand first; a forward of a reply is a forward. */
static bool is_forward(const char *subject)
{
	static const char *const prefixes[] = { "fwd", "fw", "ilt", "iletildi", "iletilen" };
	g_autofree char *folded = fold_ascii(subject ? subject : "");
	const char *start = folded + strspn(folded, " \t");

	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
		const char *p = start + strlen(prefixes[i]);

		if (!g_str_has_prefix(start, prefixes[i]))
			continue;
		if (*p == '[' || *p == '(')
			p += 1 + strspn(p + 1, "0123456789])");
		if (p[strspn(p, " ")] == ':')
			return true;
	}
	return false;
}

/* An address of the domain, or of one below it, behind a label on the line: "Gönderen: KAMU SM <a@b>". */
static bool is_line_of(const char *at, const char *text, const char *domain)
{
	const char *line = at;

	if (at == text || !strchr("@.", at[-1]) || g_ascii_isalnum(at[strlen(domain)]))
		return false;
	while (line > text && line[-1] != '\n' && at - line < LINE_MAX_BEFORE)
		line--;
	return memchr(line, ':', (size_t)(at - line)) != NULL;
}

static bool is_of_ca(const struct body *b, const char *text)
{
	g_autofree char *lower = g_ascii_strdown(text, -1);

	for (const char *const *domain = b->ca_domains; domain && *domain; domain++) {
		const char *at = lower;
		for (int n = 0; n < ADDRESSES_MAX && (at = strstr(at, *domain)); n++, at++)
			if (is_line_of(at, lower, *domain))
				return true;
	}
	return false;
}

static struct request *read_document(struct document *d, const struct form_rules *rules, GPtrArray *complaints)
{
	struct request *r = form_from_document(d, rules, complaints);

	document_free(d);
	return r;
}

static struct request *read_text(const char *text, const struct form_rules *rules, GPtrArray *complaints)
{
	struct document *d = document_new(NULL);

	d->text = g_strdup(text);
	return read_document(d, rules, complaints);
}

/* ---- tables of HTML ---- */

/* NULL is the mail itself. */
static const struct mime_part *message_of(const struct mime_part *p)
{
	for (p = p->parent; p; p = p->parent)
		if (p->message)
			return p;
	return NULL;
}

/* Unit and ticket may stand beside the table, in the words. */
static struct request *read_html(const struct body *b, const struct mime_part *message, const char *words,
				 const struct form_rules *rules, GPtrArray *complaints)
{
	const GPtrArray *parts = mime_parts(b->mime);

	for (guint i = 0; i < parts->len; i++) {
		const struct mime_part *p = parts->pdata[i];

		if (strcmp(p->type, "text/html") || p->attachment || p->filename || p->len > TEXT_MAX || message_of(p) != message)
			continue;
		g_autofree char *html = charset_to_utf8(b->charset, p->charset, p->data, p->len);
		struct document *d = sheet_html_open(NULL, html, strlen(html));
		g_free(d->text);
		d->text = g_strdup(words);
		struct request *r = read_document(d, rules, complaints);
		if (r && r->rows->len)
			return r;
		facts_request_free(r);
	}
	return NULL;
}

/* ---- one mail's words ---- */

/* Complaints are the form's; where there is none there is nothing to complain of. The HTML of a reply holds the quotes. */
static struct request *read_words(const struct body *b, const struct mime_part *message, const char *words,
				  const struct form_rules *rules, GPtrArray *complaints)
{
	if (!words || !form_text_is_possible(words) || is_of_ca(b, words))
		return NULL;
	g_autoptr(GPtrArray) found = facts_complaints_new();
	struct request *r = read_text(words, rules, found);

	if (!r && words != b->own_words && form_text_has_number_label(rules->headings, words)) {
		g_ptr_array_set_size(found, 0);
		r = read_html(b, message, words, rules, found);
	}
	while (r && found->len)
		g_ptr_array_add(complaints, g_ptr_array_steal_index(found, 0));
	return r;
}

static bool names_in_full(const struct request *r)
{
	for (guint i = 0; r && i < r->rows->len; i++) {
		const struct request_row *row = r->rows->pdata[i];
		if (row->tckn && row->given_name && row->family_name && row->email && row->kind)
			return true;
	}
	return false;
}

static struct request *read_mail(const struct body *b, const struct form_rules *rules, GPtrArray *complaints)
{
	bool answer = b->reply && !is_forward(b->subject);
	g_autoptr(GPtrArray) found = facts_complaints_new();
	struct request *r = read_words(b, NULL, answer ? b->own_words : b->text, rules, found);

	if (answer && r && !names_in_full(r))
		g_clear_pointer(&r, facts_request_free);
	while (r && found->len)
		g_ptr_array_add(complaints, g_ptr_array_steal_index(found, 0));
	return r;
}

static struct request *read_message(const struct body *b, const struct mime_part *message, const struct form_rules *rules,
				    GPtrArray *complaints)
{
	g_autoptr(fields_t) fields = fields_parse(message->content, message->content_len);
	const char *from = fields_find(fields, "From");
	g_autofree char *line = g_strconcat("From: ", from ? from : "", NULL);

	if (is_of_ca(b, line))
		return NULL;
	g_autoptr(GPtrArray) ignored = facts_complaints_new();
	g_autofree char *text = text_of_message(b->charset, b->mime, message, ignored);
	return read_words(b, message, text, rules, complaints);
}

struct request *body_form_read(const struct body *b, const struct form_rules *rules, GPtrArray *complaints)
{
	const GPtrArray *parts = mime_parts(b->mime);
	struct request *all = read_mail(b, rules, complaints);
	int messages = 0;

	for (guint i = 0; i < parts->len && messages < MESSAGES_MAX; i++) {
		const struct mime_part *p = parts->pdata[i];

		if (!p->message || message_of(p))
			continue;
		messages++;
		all = form_merge(all, read_message(b, p, rules, complaints), complaints);
	}
	return all;
}
