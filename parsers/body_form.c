/* body_form: see body_form.h.
 *
 * Most mails hold no form, so the looks come in the order of what they cost: digits, then labels in the text, and the HTML
 * only where the text has a label of the identity number.
 */
#include "parsers/body_form.h"

#include "parsers/fields.h"
#include "parsers/form_banner.h"
#include "parsers/form_merge.h"
#include "parsers/form_text.h"
#include "parsers/sheet_html.h"
#include "parsers/subject.h"
#include "parsers/text.h"
#include "parsers/ticket.h"

#include <string.h>

enum { MESSAGES_MAX = 10, LINE_MAX_BEFORE = 300, ADDRESSES_MAX = 1000 };

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
		const char *data;
		size_t len;

		if (strcmp(p->type, "text/html") || p->attachment || p->filename || message_of(p) != message)
			continue;
		data = mime_part_data(p, &len);
		if (len > TEXT_MAX)
			continue;
		g_autofree char *html = charset_to_utf8(b->charset, p->charset, data, len);
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

/* Of a reply the own words; a forward is all the sender's. */
static bool is_answer(const struct body *b)
{
	return b->reply && subject_prefix(b->subject) != SUBJECT_FORWARD;
}

static struct request *read_mail(const struct body *b, const struct form_rules *rules, GPtrArray *complaints)
{
	bool answer = is_answer(b);
	g_autoptr(GPtrArray) found = facts_complaints_new();
	struct request *r = read_words(b, NULL, answer ? b->own_words : b->text, rules, found);

	if (answer && r && !names_in_full(r))
		g_clear_pointer(&r, facts_request_free);
	while (r && found->len)
		g_ptr_array_add(complaints, g_ptr_array_steal_index(found, 0));
	return r;
}

/* The text of a forwarded mail; NULL: none, or KAMU SM's. */
static char *text_of_forward(const struct body *b, const struct mime_part *message)
{
	g_autoptr(fields_t) fields = mime_part_fields(message);
	const char *from = fields_find(fields, "From");
	g_autofree char *line = g_strconcat("From: ", from ? from : "", NULL);
	g_autoptr(GPtrArray) ignored = facts_complaints_new();

	return is_of_ca(b, line) ? NULL : text_of_message(b->charset, b->mime, message, ignored);
}

/* The mails that this one forwards. */
static GPtrArray *messages_of(const struct body *b)
{
	const GPtrArray *parts = mime_parts(b->mime);
	GPtrArray *messages = g_ptr_array_new();

	for (guint i = 0; i < parts->len && messages->len < MESSAGES_MAX; i++)
		if (((const struct mime_part *)parts->pdata[i])->message && !message_of(parts->pdata[i]))
			g_ptr_array_add(messages, parts->pdata[i]);
	return messages;
}

struct request *body_form_read(const struct body *b, const struct form_rules *rules, GPtrArray *complaints)
{
	g_autoptr(GPtrArray) messages = messages_of(b);
	struct request *all = read_mail(b, rules, complaints);

	for (guint i = 0; i < messages->len; i++) {
		g_autofree char *text = text_of_forward(b, messages->pdata[i]);
		all = form_merge(all, read_words(b, messages->pdata[i], text, rules, complaints), complaints);
	}
	return all;
}

static void take_labels(const struct headings *h, const char *text, struct request *r)
{
	if (!text)
		return;
	form_banner_text(r, h, text);
	if (!r->ticket)
		r->ticket = ticket_find(h, text);
}

void body_form_labels(const struct body *b, const struct headings *h, struct request *r)
{
	g_autoptr(GPtrArray) messages = messages_of(b);

	if (!r->ticket && b->subject)
		r->ticket = ticket_find(h, b->subject);
	take_labels(h, is_answer(b) ? b->own_words : b->text, r);
	for (guint i = 0; i < messages->len && (!r->unit || !r->ticket); i++) {
		g_autofree char *text = text_of_forward(b, messages->pdata[i]);
		take_labels(h, text, r);
	}
}
