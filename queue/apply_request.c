/* apply_request: a form from a manager: every row is kept, good ones become applications, the sender hears of each, the
 * officer is asked. Who is on the person-paid path is redirected at once: he does not belong on our list (DOMAIN, rules).
 */
#include <string.h>
#include "queue/apply_inside.h"
#include "queue/calendar.h"
#include "queue/sql.h"

/* Whatever looks like an identity number keeps its first three and last two digits. */
static void append_masked(GString *json, const char *value)
{
	g_autoptr(GString) masked = g_string_new(value);
	for (gsize i = 0; i < masked->len;) {
		gsize n = 0;
		while (g_ascii_isdigit(masked->str[i + n]))
			n++;
		if (n >= 9 && n <= 12)
			memset(masked->str + i + 3, '*', n - 5);
		i += n + (n == 0);
	}
	facts_append_string(json, masked->str);
}

static void append_complaint(GString *json, const char *code, const char *where, const char *value)
{
	g_string_append(json, json->len > 1 ? ",{\"complaint\":" : "{\"complaint\":");
	facts_append_string(json, code);
	g_string_append(json, ",\"where\":");
	facts_append_string(json, where ?: "");
	g_string_append(json, ",\"value\":");
	append_masked(json, value ?: "");
	g_string_append_c(json, '}');
}

char *apply_request_complaints(const GPtrArray *complaints, const char *more)
{
	GString *json = g_string_new("[");
	for (guint i = 0; complaints && i < complaints->len; i++) {
		const struct complaint *c = complaints->pdata[i];
		append_complaint(json, c->code, c->where, c->value);
	}
	if (more != NULL)
		append_complaint(json, more, NULL, NULL);
	g_string_append_c(json, ']');
	return g_string_free(json, FALSE);
}

/* The cells as they were written, for the sender's own sheet: what must be mended there must be seen whole. */
static char *written(const GPtrArray *complaints, const char *more)
{
	GString *json = g_string_new(NULL);
	facts_append_complaints(json, complaints);
	if (more != NULL) {
		g_string_truncate(json, json->len - 1);
		g_string_append_printf(json, "%s{\"code\":\"%s\"}]", complaints->len ? "," : "", more);
	}
	return g_string_free(json, FALSE);
}

struct verdict { const char *word, *complaint; struct asked asked; bool wanted; };

static bool complains(const struct request_row *row, const char *code)
{
	for (guint i = 0; i < row->complaints->len; i++)
		if (strcmp(((const struct complaint *)row->complaints->pdata[i])->code, code) == 0)
			return true;
	return false;
}

/* Lost, stolen, blocked: the application is made, so that the journal has it, and led off our road. */
static bool redirect(struct apply *a, const struct request_row *row, struct verdict *v, GError **error)
{
	struct act gateway = a->act;
	gateway.role = "gateway";
	gateway.strength = STRENGTH_OPERATOR;
	struct moved moved;
	v->word = facts_row_verdicts[ROW_REFUSED];
	v->complaint = complains(row, "kind_person_paid") ? NULL : "kind_person_paid"; /* said once */
	return v->asked.duplicate || application_move(&gateway, v->asked.application, "redirect", &moved, error);
}

static bool judge(struct apply *a, gint64 request, gint64 no, const struct request_row *row, struct verdict *v, GError **error)
{
	*v = (struct verdict){ .word = facts_row_verdicts[row->verdict] };
	if (row->verdict == ROW_REFUSED)
		return true;
	if (row->tckn == NULL || strlen(row->tckn) != 11) {
		/* Without it there is no person; a reader that says otherwise is not believed. */
		v->word = facts_row_verdicts[ROW_REFUSED];
		v->complaint = "tckn_empty";
		return true;
	}
	if (!application_ask(&a->act, request, no, row, &v->asked, error))
		return false;
	if (g_strcmp0(row->kind, "lost") == 0)
		return redirect(a, row, v, error);
	v->wanted = !v->asked.duplicate;
	return true;
}

static bool add_row(struct apply *a, gint64 request, gint64 no, const struct request_row *r, bool *wanted, GError **error)
{
	struct verdict v;
	if (!judge(a, request, no, r, &v, error))
		return false;
	g_autofree char *complaints = r->complaints->len || v.complaint
		? apply_request_complaints(r->complaints, v.complaint) : NULL;
	g_autofree char *whole = complaints ? written(r->complaints, v.complaint) : NULL;
	*wanted |= v.wanted;
	return sql_run(a->act.db, error, "request_row_add", "ii" "ssssssssss" "ss" "ii" "ss" "sss" "ii", request, no, r->where,
		       r->tckn, r->given_name, r->family_name, r->birth_date, r->email, r->phone, r->unit, r->title,
		       r->staff_no, r->kind, r->reader, (gint64)r->backup, r->years, r->expires, r->note, v.word,
		       complaints ?: "[]", whole, v.asked.application, (gint64)v.asked.duplicate) >= 0;
}

bool apply_request_ask(const struct act *a, gint64 request, bool *asked, GError **error)
{
	const struct member *officer = directory_first(a->policy->directory, "officer", a->now);
	*asked = officer != NULL;
	if (officer == NULL)
		return true;
	return letter_owe_approval(a, officer->address, request, 0, error);
}

static bool ask_officer(struct apply *a, gint64 request, GError **error)
{
	bool asked;
	if (sql_run(a->act.db, error, "request_asks", "i", request) < 0)
		return false;
	return !a->act.policy->approval_per_request || apply_request_ask(&a->act, request, &asked, error);
}

static const char *unit_of(const struct apply *a, const struct request *r)
{
	if (r->unit && *r->unit)
		return r->unit;
	return a->speaker.member ? a->speaker.member->unit : NULL;
}

bool apply_request_mail(struct apply *a, GError **error)
{
	const struct facts *f = a->facts;
	const char *role = a->speaker.role;
	if (g_strcmp0(role, "manager") != 0 && g_strcmp0(role, "officer") != 0)
		return apply_says(a, "waits_for_person", role ? "not_allowed" : a->speaker.reason);
	if (f->request == NULL || f->request->rows->len == 0)
		return apply_other_not_read(a, f->complaints->len ? NULL : "empty_form", error);
	const struct request *r = f->request;
	if (sql_run(a->act.db, error, "request_add", "isissssi", a->act.mail, f->from, (gint64)a->act.strength, unit_of(a, r),
		    r->ticket, r->form, f->message_id, a->act.now) < 0)
		return false;
	gint64 request = sql_last_id(a->act.db);
	bool wanted = false;
	for (guint i = 0; i < r->rows->len; i++)
		if (!add_row(a, request, (gint64)i + 1, r->rows->pdata[i], &wanted, error))
			return false;
	if (!letter_owe_receipt(&a->act, request, f->from, f->message_id, error))
		return false;
	apply_says(a, "applied", wanted ? NULL : "nothing_new");
	return !wanted || ask_officer(a, request, error);
}
