/* facts: the tables that describe every struct of facts.h, and what follows from them (making,
 * freeing and printing in shape.c, reading in shape_parse.c).
 *
 * The reader that writes this JSON lives in a cage because a stranger's bytes may take it over. So the way
 * back trusts nothing (shape_parse.h): what passes is a well-formed struct facts, whoever wrote it.
 */
#include "parsers/facts.h"
#include "parsers/shape_parse.h"
#include <stddef.h>
#include <string.h>

#define WORD_(N, n) #n,
const char *const facts_mail_kinds[] = { MAIL_KINDS(WORD_) NULL };
const char *const facts_signature_verdicts[] = { SIGNATURE_VERDICTS(WORD_) NULL };
const char *const facts_answers[] = { ANSWERS(WORD_) NULL };
const char *const facts_row_verdicts[] = { ROW_VERDICTS(WORD_) NULL };

#define F(s, t, m) { #m, t, offsetof(struct s, m) }
#define FS(s, t, m, sub) { #m, t, offsetof(struct s, m), &sub##_shape }
#define FW(s, m, w) { #m, WORD, offsetof(struct s, m), NULL, w }
#define SHAPE(s) \
	static void s##_free(void *p); \
	static const struct shape s##_shape = { s##_fields, sizeof(struct s), s##_free }

static const struct shape_field complaint_fields[] = {
	F(complaint, LINE, code), F(complaint, LINE, where), F(complaint, LINE, value), { 0 } };
SHAPE(complaint);

static const struct shape_field part_fields[] = {
	F(part, LINE, path), F(part, LINE, type), F(part, LINE, charset), F(part, LINE, filename),
	F(part, NUMBER, size), F(part, LINE, sha256), { 0 } };
SHAPE(part);

static const struct shape_field signature_fields[] = {
	FW(signature, verdict, facts_signature_verdicts), F(signature, SOME_LINES, signers),
	F(signature, LINE, covers), F(signature, FLAG, from_matches), F(signature, LINE, signed_at),
	F(signature, LINE, reason), { 0 } };
SHAPE(signature);

static const struct shape_field auth_fields[] = {
	F(auth, LINE, authserv_id), F(auth, LINE, spf), F(auth, LINE, dkim), F(auth, LINE, dmarc),
	F(auth, FLAG, trusted), { 0 } };
SHAPE(auth);

static const struct shape_field reply_item_fields[] = {
	F(reply_item, AMOUNT, from), F(reply_item, AMOUNT, to), F(reply_item, FLAG, application),
	F(reply_item, LINE, name), { 0 } };
SHAPE(reply_item);

static const struct shape_field reply_choice_fields[] = {
	FW(reply_choice, answer, facts_answers), F(reply_choice, FLAG, except),
	FS(reply_choice, LIST, items, reply_item), { 0 } };
SHAPE(reply_choice);

static const struct shape_field reply_fields[] = {
	F(reply, TEXT, text), F(reply, AMOUNT, cut_line), F(reply, LINES, tokens),
	FW(reply, answer, facts_answers), FS(reply, SOME, choices, reply_choice), F(reply, LINE, cargo_no),
	F(reply, LINE, ticket), F(reply, LINE, words), F(reply, LINE, others), { 0 } };
SHAPE(reply);

static const struct shape_field bounce_recipient_fields[] = {
	F(bounce_recipient, LINE, address), F(bounce_recipient, LINE, original), F(bounce_recipient, LINE, action),
	F(bounce_recipient, LINE, status), F(bounce_recipient, LINE, reason),
	F(bounce_recipient, FLAG, permanent), F(bounce_recipient, LINE, diagnostic), { 0 } };
SHAPE(bounce_recipient);

static const struct shape_field bounce_fields[] = {
	F(bounce, LINE, original_message_id), FS(bounce, LIST, recipients, bounce_recipient), { 0 } };
SHAPE(bounce);

static const struct shape_field feedback_fields[] = {
	F(feedback, LINE, type), F(feedback, LINE, recipient), { 0 } };
SHAPE(feedback);

static const struct shape_field notice_fields[] = {
	F(notice, LINE, rule), F(notice, LINE, event), F(notice, LINE, needs), F(notice, LINE, application_no),
	F(notice, LINE, tracking_no), F(notice, LINE, date), F(notice, LINE, reason), F(notice, LINE, name_key),
	F(notice, FLAG, forwarded), F(notice, SOME_LINES, to), { 0 } };
SHAPE(notice);

static const struct shape_field request_row_fields[] = {
	F(request_row, LINE, where), F(request_row, LINE, tckn), F(request_row, LINE, given_name),
	F(request_row, LINE, family_name), F(request_row, LINE, birth_date), F(request_row, LINE, email),
	F(request_row, LINE, phone), F(request_row, LINE, unit), F(request_row, LINE, title),
	F(request_row, LINE, staff_no), F(request_row, LINE, kind), F(request_row, LINE, reader),
	F(request_row, FLAG, backup), F(request_row, AMOUNT, years), F(request_row, LINE, expires),
	F(request_row, LINE, note), F(request_row, LINE, name_key), FW(request_row, verdict, facts_row_verdicts),
	FS(request_row, LIST, complaints, complaint), { 0 } };
SHAPE(request_row);

static const struct shape_field request_fields[] = {
	F(request, LINE, unit), F(request, LINE, ticket), F(request, LINE, form),
	F(request, AMOUNT, form_version), FS(request, LIST, rows, request_row), { 0 } };
SHAPE(request);

static const struct shape_field signed_file_fields[] = {
	F(signed_file, LINE, where), F(signed_file, LINE, ending), F(signed_file, LINE, bytes),
	F(signed_file, LINE, container), FW(signed_file, verdict, facts_signature_verdicts),
	F(signed_file, LINE, reason), F(signed_file, LINE, signed_at), F(signed_file, SOME_LINES, signers),
	F(signed_file, SOME_LINES, digests), { 0 } };
SHAPE(signed_file);

static const struct shape_field facts_fields[] = {
	F(facts, LINE, file), FW(facts, kind, facts_mail_kinds), F(facts, LINE, from), F(facts, LINES, to),
	F(facts, LINE, subject), F(facts, LINE, message_id), F(facts, LINE, in_reply_to), F(facts, LINE, date),
	F(facts, FLAG, auto_submitted), F(facts, FLAG, read_receipt), FS(facts, LIST, parts, part),
	FS(facts, SOME, signed_files, signed_file), FS(facts, INSIDE, signature, signature), FS(facts, INSIDE, auth, auth),
	FS(facts, MAYBE, reply, reply), FS(facts, MAYBE, bounce, bounce), FS(facts, MAYBE, feedback, feedback),
	FS(facts, MAYBE, notice, notice), FS(facts, MAYBE, request, request), F(facts, LINE, triage),
	FS(facts, LIST, complaints, complaint), { 0 } };
static const struct shape facts_shape = { facts_fields, sizeof(struct facts), NULL };

#define FREE(s) static void s##_free(void *p) { shape_free(&s##_shape, p); }
FREE(complaint) FREE(part) FREE(signed_file) FREE(signature) FREE(auth) FREE(reply_item) FREE(reply_choice) FREE(reply)
FREE(bounce_recipient) FREE(bounce) FREE(feedback) FREE(notice) FREE(request_row) FREE(request)

struct facts *facts_new(void) { return shape_new(&facts_shape); }
void facts_free(struct facts *f) { shape_free(&facts_shape, f); }
struct request *facts_request_new(void) { return shape_new(&request_shape); }
void facts_request_free(struct request *r) { request_free(r); }
struct reply *facts_reply_new(void) { return shape_new(&reply_shape); }
void facts_reply_free(struct reply *r) { reply_free(r); }
struct reply_choice *facts_reply_choose(struct reply *r, enum answer answer)
{
	struct reply_choice *c = shape_list_add(r->choices, &reply_choice_shape);

	c->answer = answer;
	return c;
}
struct reply_item *facts_reply_choice_add(struct reply_choice *c) { return shape_list_add(c->items, &reply_item_shape); }
struct notice *facts_notice_new(void) { return shape_new(&notice_shape); }
void facts_notice_free(struct notice *n) { notice_free(n); }
GPtrArray *facts_complaints_new(void) { return g_ptr_array_new_with_free_func(complaint_free); }

struct request_row *facts_request_add(struct request *r) { return shape_list_add(r->rows, &request_row_shape); }
struct part *facts_part_add(struct facts *f) { return shape_list_add(f->parts, &part_shape); }
struct signed_file *facts_signed_add(struct facts *f) { return shape_list_add(f->signed_files, &signed_file_shape); }
struct feedback *facts_feedback_add(struct facts *f) { return f->feedback = shape_new(&feedback_shape); }
struct bounce *facts_bounce_add(struct facts *f) { return f->bounce = shape_new(&bounce_shape); }
struct bounce_recipient *facts_bounce_recipient_add(struct bounce *b)
{
	return shape_list_add(b->recipients, &bounce_recipient_shape);
}

struct complaint *facts_complain(GPtrArray *complaints, const char *code, const char *where, const char *value)
{
	struct complaint *c = shape_list_add(complaints, &complaint_shape);

	c->code = g_strdup(code);
	c->where = g_strdup(where);
	c->value = g_strdup(value);
	return c;
}

void facts_append_string(GString *json, const char *text)
{
	if (text)
		shape_append_string(json, text, false);
	else
		g_string_append(json, "null");
}

void facts_append_request(GString *json, const struct request *r)
{
	shape_append(json, &request_shape, r);
}

void facts_append_complaints(GString *json, const GPtrArray *complaints)
{
	shape_append_list(json, &complaint_shape, complaints);
}

char *facts_to_json(const struct facts *f)
{
	size_t text = f->reply && f->reply->text ? strlen(f->reply->text) : 0;
	GString *out = g_string_sized_new(4096 + text + text / 8);

	shape_append(out, &facts_shape, f);
	return g_string_free(out, FALSE);
}

struct facts *facts_from_json(const char *json, size_t len, GError **error)
{
	struct facts *f = facts_new();

	if (!shape_parse(&facts_shape, f, json, len, error))
		g_clear_pointer(&f, facts_free);
	return f;
}
