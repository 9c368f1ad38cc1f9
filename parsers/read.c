/* read: see read.h. The order in reader_read is the story of a mail: structure, header, documents, words,
 * kind. */
#include "parsers/read.h"
#include "parsers/address.h"
#include "parsers/answer.h"
#include "parsers/auth_results.h"
#include "parsers/body_form.h"
#include "parsers/bounce.h"
#include "parsers/document.h"
#include "parsers/encoded_word.h"
#include "parsers/feedback.h"
#include "parsers/form_merge.h"
#include "parsers/forward.h"
#include "parsers/kind.h"
#include "parsers/mail_date.h"
#include "parsers/mime.h"
#include "parsers/notice.h"
#include "parsers/notice_draft.h"
#include "parsers/reply.h"
#include "parsers/signed_file.h"
#include "parsers/signed_part.h"
#include "parsers/subject.h"
#include "parsers/text.h"
#include "parsers/ticket.h"
#include "parsers/triage.h"
#include <string.h>

struct reader {
	struct limits limits;
	struct charset *charset;
	struct headings *headings;
	struct notice_rules *rules;
	struct triage_words *triage;
	struct answer_words *answers;
	struct bounce_words *bounce;
	char *authserv_id;
	char **mail_domains, **ca_domains, **own_domains; /* NULL: any */
	bool shown;
};

static char *built_in(const char *path)
{
	g_autoptr(GBytes) data = g_resources_lookup_data(path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	gsize n;
	const char *text = data ? g_bytes_get_data(data, &n) : NULL;

	return text ? g_strndup(text, n) : g_strdup("");
}

static bool load_rules(struct reader *r, const struct reader_options *o, GError **error)
{
	g_autofree char *rules = o->rules ? g_strdup(o->rules) : built_in("/nesgate/parsers/kamusm.rules");
	g_autofree char *headings = built_in("/nesgate/parsers/headings.table");
	g_autofree char *triage = built_in("/nesgate/parsers/triage.table");
	g_autofree char *answers = built_in("/nesgate/parsers/answers.table");
	g_autofree char *bounce = built_in("/nesgate/parsers/bounce.table");

	r->rules = notice_rules_parse(rules, error);
	r->triage = r->rules ? triage_words_parse(triage, error) : NULL;
	r->answers = r->triage ? answer_words_parse(answers, error) : NULL;
	r->bounce = r->answers ? bounce_words_parse(bounce, error) : NULL;
	r->headings = r->bounce ? headings_parse(headings, error) : NULL;
	return r->headings && (!o->headings || headings_add(r->headings, o->headings, error));
}

struct reader *reader_new(const struct reader_options *o, GError **error)
{
	static const char *const kamusm[] = { "kamusm.gov.tr", NULL };
	struct reader *r = g_new0(struct reader, 1);

	mime_setup();
	document_warm_up();
	r->charset = charset_new();
	r->authserv_id = g_strdup(o->authserv_id);
	r->limits = o->limits ? *o->limits : LIMITS_USUAL;
	r->shown = o->shown;
	r->mail_domains = g_strdupv((char **)o->mail_domains);
	r->own_domains = g_strdupv((char **)o->own_domains);
	r->ca_domains = g_strdupv((char **)(o->ca_domains ? o->ca_domains : kamusm));
	if (!load_rules(r, o, error))
		g_clear_pointer(&r, reader_free);
	return r;
}

void reader_free(struct reader *r)
{
	if (!r)
		return;
	notice_rules_free(r->rules);
	headings_free(r->headings);
	triage_words_free(r->triage);
	answer_words_free(r->answers);
	bounce_words_free(r->bounce);
	charset_free(r->charset);
	g_free(r->authserv_id);
	g_strfreev(r->mail_domains);
	g_strfreev(r->ca_domains);
	g_strfreev(r->own_domains);
	g_free(r);
}

static char *decoded(struct reader *r, const char *raw)
{
	return raw ? encoded_word_decode(r->charset, raw) : NULL;
}

/* The first "<...>" of Message-ID or In-Reply-To; what has none is kept as it is. */
static char *message_id(struct reader *r, const char *raw)
{
	g_autofree char *text = decoded(r, raw);
	char *from = text ? strchr(text, '<') : NULL, *to = from ? strchr(from, '>') : NULL;

	return to ? g_strndup(from, to + 1 - from) : text && *text ? g_steal_pointer(&text) : NULL;
}

/* Two From fields or two addresses in one: nobody knows who speaks, so nobody does. */
static char *only_from(const struct fields *fields)
{
	const char *raw = fields_count(fields, "From") == 1 ? fields_find(fields, "From") : NULL;
	g_autoptr(GPtrArray) list = raw ? address_list(raw) : NULL;

	return list && list->len == 1 ? g_strdup(list->pdata[0]) : NULL;
}

static void add_addresses(GPtrArray *to, const char *raw)
{
	g_autoptr(GPtrArray) list = address_list(raw);

	for (guint i = 0; i < list->len; i++)
		if (!g_ptr_array_find_with_equal_func(to, list->pdata[i], g_str_equal, NULL))
			g_ptr_array_add(to, g_strdup(list->pdata[i]));
}

static void read_to(struct facts *f, const struct fields *fields)
{
	static const char *const names[] = { "To", "Cc", "Delivered-To", "X-Original-To", "Resent-From" };
	enum { TO_MAX = 200 }; /* looked through for doubles, so bounded */
	const struct header_field *field;

	for (guint i = 0; (field = fields_at(fields, i)) && f->to->len < TO_MAX; i++)
		for (size_t k = 0; k < G_N_ELEMENTS(names); k++)
			if (!g_ascii_strcasecmp(field->name, names[k]))
				add_addresses(f->to, field->value);
	if (f->to->len > TO_MAX)
		g_ptr_array_set_size(f->to, TO_MAX);
}

static void read_header(struct reader *r, struct facts *f, const struct fields *fields)
{
	const char *date = fields_find(fields, "Date");

	f->from = only_from(fields);
	read_to(f, fields);
	f->subject = decoded(r, fields_find(fields, "Subject"));
	f->message_id = message_id(r, fields_find(fields, "Message-ID"));
	f->in_reply_to = message_id(r, fields_find(fields, "In-Reply-To"));
	f->date = date ? mail_date_parse(date) : NULL;
	auth_results_read(fields, r->authserv_id, f->from, &f->auth);
}

static bool is_multipart(const struct mime_part *p)
{
	return !strncmp(p->type, "multipart/", 10);
}

/* A hash is for knowing a file again. */
static void list_part(struct facts *f, const struct mime_part *p)
{
	struct part *part = facts_part_add(f);
	size_t len;
	const char *data = mime_part_data(p, &len);

	part->path = g_strdup(p->path);
	part->type = g_strdup(p->type);
	part->charset = g_strdup(p->charset);
	part->filename = g_strdup(p->filename);
	part->size = len;
	if (!mime_part_is_words(p) && !p->message)
		part->sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)data, len);
}

static void take_complaints(GPtrArray *to, GPtrArray *from)
{
	while (from->len)
		g_ptr_array_add(to, g_ptr_array_steal_index(from, 0));
}

/* One mail is one request, in which each person counts once. */
static void read_form(struct reader *r, struct facts *f, const struct mime_part *p, gint64 now, struct triage *t)
{
	struct form_rules rules = { r->headings, (const char *const *)r->mail_domains, now };
	size_t len;
	const char *data = mime_part_data(p, &len);
	g_autoptr(document_t) d = document_open_within(&r->limits, p->filename, data, len);
	struct request *request = form_from_document(d, &rules, f->complaints);

	if (!request)
		triage_document(t, p->filename ? p->filename : p->path, d);
	take_complaints(f->complaints, d->complaints);
	if (f->request)
		form_merge_name(request, p->filename ? p->filename : p->path);
	f->request = form_merge(f->request, request, f->complaints);
}

static bool may_be_form(const struct mime_part *p)
{
	size_t len;
	const char *data;

	if (mime_part_is_words(p) || p->message)
		return false;
	data = mime_part_data(p, &len);
	return document_is_form_candidate(p->type, p->filename, data, len);
}

static void read_parts(struct reader *r, struct facts *f, const struct mime *m, gint64 now, struct triage *t)
{
	const GPtrArray *parts = mime_parts(m);
	size_t documents = 0;

	for (guint i = 0; i < parts->len; i++) {
		const struct mime_part *p = parts->pdata[i];

		if (is_multipart(p))
			continue;
		/* Checked outside of this room, which has no keys; only a mail that claims one is taken apart for it. */
		if (signed_part_is_signature(p->type))
			f->signature.verdict = SIGNATURE_ERROR;
		if (r->shown)
			list_part(f, p);
		if (!may_be_form(p))
			continue;
		if (documents++ < r->limits.files)
			read_form(r, f, p, now, t);
		else if (documents == r->limits.files + 1)
			facts_complain(f->complaints, "too_many_files", p->filename ? p->filename : p->path, NULL);
	}
}

static char *references_of(const struct fields *fields)
{
	const char *references = fields_find(fields, "References"), *in_reply_to = fields_find(fields, "In-Reply-To");

	return g_strconcat(references ? references : "", " ", in_reply_to ? in_reply_to : "", NULL);
}

/* What KAMU SM or a machine that answers or returns a letter says is no form, however like one. */
static bool may_have_form(const struct reader *r, const struct facts *f, enum auto_reply automatic)
{
	return automatic != AUTO_REPLY_REPLIED && !f->bounce && !f->feedback &&
	       !kind_is_from(f->from, (const char *const *)r->ca_domains);
}

static void read_body_form(struct reader *r, struct facts *f, const struct body *b, gint64 now)
{
	struct form_rules rules = { r->headings, (const char *const *)r->mail_domains, now };

	f->request = form_merge(f->request, body_form_read(b, &rules, f->complaints), f->complaints);
	if (f->request)
		body_form_labels(b, r->headings, f->request);
}

static void read_report(struct reader *r, struct facts *f, const struct mime *m, const char *text)
{
	bool empty = !text || !text[strspn(text, " \t\n")];
	g_autofree char *body = empty ? mime_body(m) : NULL;
	struct bounce_mail b = { m, r->charset, r->bounce, fields_find(mime_fields(m), "From"), f->subject, empty ? body : text,
				 kind_is_from(f->from, (const char *const *)r->ca_domains) };

	if (!f->feedback)
		bounce_read(f, &b);
}

/* Of the mails of KAMU SM that this one holds the first that a rule knows; before all others one with a secret. */
static struct notice *read_forwarded(struct reader *r, const GPtrArray *forwards)
{
	struct notice *best = NULL;

	for (guint i = 0; i < forwards->len; i++) {
		const struct forward *w = forwards->pdata[i];
		struct notice *n = notice_match(r->rules, w->from, w->subject, w->text);

		n = n ? n : facts_notice_new();
		n->forwarded = true;
		for (guint k = 0; k < w->to->len; k++)
			g_ptr_array_add(n->to, g_strdup(w->to->pdata[k]));
		if (!best || (notice_is_secret(n) && !notice_is_secret(best)) || (n->event && !best->event)) {
			facts_notice_free(best);
			best = g_steal_pointer(&n);
		}
		facts_notice_free(n);
	}
	return best;
}

static struct notice *read_notice(struct reader *r, const struct facts *f, const struct mime *m, const char *text)
{
	if (kind_is_from(f->from, (const char *const *)r->ca_domains))
		return notice_match(r->rules, f->from, f->subject, text);
	g_autoptr(GPtrArray) forwards = forward_find(r->charset, m, text, (const char *const *)r->ca_domains);
	return read_forwarded(r, forwards);
}

/* A forward beside a form, an answer or a report says nothing; but a secret is one wherever it stands, and no
 * word that may be it leaves this room. */
static void keep_secret(struct facts *f)
{
	if (f->kind != KIND_CA_NOTICE && !notice_is_secret(f->notice))
		g_clear_pointer(&f->notice, facts_notice_free);
	if (!f->notice || !notice_is_secret(f->notice) || !f->reply)
		return;
	g_clear_pointer(&f->reply->text, g_free);
	g_clear_pointer(&f->reply->words, g_free);
}

static void read_answer(const struct reader *r, struct reply *reply)
{
	answer_read(r->answers, reply);
	reply->ticket = ticket_answer(r->headings, reply->text);
}

/* What a person has to say: to us, or to be told why there is no form in it. Most mails are a machine's. */
static void read_own_words(const struct reader *r, struct facts *f, const char *text, bool asked)
{
	if (f->reply && (asked || r->shown))
		reply_own_words(f->reply, r->answers, text);
}

static void read_words(struct reader *r, struct facts *f, const struct mime *m, gint64 now, struct triage *t)
{
	g_autofree char *text = text_of_mail(r->charset, m, f->complaints);
	g_autofree char *references = references_of(mime_fields(m));
	struct kind_signs signs = { auto_reply_find(m, f->subject) };

	read_report(r, f, m, text);
	f->reply = reply_read(f->subject, references, text, (const char *const *)r->own_domains);
	/* An answer may be an attachment and a token. */
	if (!text && !f->reply->tokens->len)
		g_clear_pointer(&f->reply, facts_reply_free);
	signs.replies = strspn(references, " \t\r\n") < strlen(references) || subject_prefix(f->subject) == SUBJECT_REPLY;
	f->auto_submitted = signs.automatic != AUTO_REPLY_NO;
	f->read_receipt = auto_reply_is_read_receipt(m);
	bool form = may_have_form(r, f, signs.automatic), answers = signs.replies || (f->reply && f->reply->tokens->len);
	read_own_words(r, f, text, form && answers);
	struct body b = { r->charset, m, f->subject, text, f->reply ? f->reply->text : NULL, answers, (const char *const *)r->ca_domains };
	if (form)
		read_body_form(r, f, &b, now);
	f->notice = read_notice(r, f, m, text);
	f->kind = kind_find(f, &signs, (const char *const *)r->ca_domains);
	read_own_words(r, f, text, f->kind == KIND_REPLY || triage_is_asked(f));
	if (f->kind == KIND_REPLY)
		read_answer(r, f->reply);
	keep_secret(f);
	triage_decide(t, f, &(struct triage_mail){ r->triage, m, text });
}

static struct facts *unreadable(struct facts *f, struct triage *t)
{
	f->kind = KIND_UNREADABLE;
	f->signature.verdict = SIGNATURE_ERROR; /* it may claim one */
	triage_decide(t, f, &(struct triage_mail){ 0 });
	return f;
}

/* Mails that went through old Macs or careless programs have CR alone as line ends; NULL: not so. */
static char *with_line_feeds(const char *raw, size_t len)
{
	if (!memchr(raw, '\r', len) || memchr(raw, '\n', len))
		return NULL;
	char *out = g_memdup2(raw, len);
	for (char *p = out; (p = memchr(p, '\r', len - (size_t)(p - out)));)
		*p = '\n';
	return out;
}

struct facts *reader_read(struct reader *r, const char *raw, size_t len, gint64 now)
{
	g_autofree char *converted = with_line_feeds(raw, len);
	raw = converted ? converted : raw;
	struct facts *f = facts_new();
	g_autoptr(triage_t) t = triage_new();
	g_autoptr(mime_t) m = mime_open(r->charset, raw, len, f->complaints);

	if (!m)
		return unreadable(f, t);
	if (!fields_at(mime_fields(m), 0)) {
		facts_complain(f->complaints, "no_header", NULL, NULL);
		return unreadable(f, t);
	}
	read_header(r, f, mime_fields(m));
	read_parts(r, f, m, now, t);
	signed_file_find(f, m);
	feedback_read(f, m);
	read_words(r, f, m, now, t);
	return f;
}

char *reader_notice_draft(struct reader *r, const char *raw, size_t len)
{
	g_autoptr(GPtrArray) ignored = facts_complaints_new();
	g_autoptr(mime_t) m = mime_open(r->charset, raw, len, ignored);
	g_autofree char *text = m ? text_of_mail(r->charset, m, ignored) : NULL, *from = NULL, *subject = NULL;

	if (!m)
		return NULL;
	from = only_from(mime_fields(m));
	subject = decoded(r, fields_find(mime_fields(m), "Subject"));
	if (kind_is_from(from, (const char *const *)r->ca_domains))
		return notice_draft(subject, text);
	g_autoptr(GPtrArray) forwards = forward_find(r->charset, m, text, (const char *const *)r->ca_domains);
	const struct forward *first = forwards->len ? forwards->pdata[0] : NULL;
	return first ? notice_draft(first->subject, first->text) : NULL;
}

char *reader_extract(struct reader *r, const char *name, const char *bytes, size_t len, gint64 now)
{
	struct form_rules rules = { r->headings, (const char *const *)r->mail_domains, now };
	g_autoptr(document_t) d = document_open_within(&r->limits, name, bytes, len);
	struct request *request = form_from_document(d, &rules, d->complaints);
	char *json = document_to_json(d, request);

	facts_request_free(request);
	return json;
}
