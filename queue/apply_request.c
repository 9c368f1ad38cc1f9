/* apply_request: a form from a manager: every row is kept, good ones become applications or say something new of one, refused
 * ones wait for the corrected sheet; the sender hears of each, the officer is asked. Who is on the person-paid path is
 * redirected at once: he does not belong on our list (DOMAIN, rules).
 */
#include <string.h>
#include "queue/again.h"
#include "queue/apply_inside.h"
#include "queue/complaint.h"
#include "queue/sql.h"

/* One form on its way in. */
struct intake { struct apply *a; struct form form; struct pending *pending; bool wanted, also; };
struct verdict { const char *word, *complaint; struct asked asked; gint64 item; bool redirected; };

static bool is_refused(const struct verdict *v)
{
	return strcmp(v->word, facts_row_verdicts[ROW_REFUSED]) == 0;
}

/* Lost, stolen, blocked: the application is made, so that the journal has it, and led off our road. Another unit's is left. */
static bool redirect(struct apply *a, const struct request_row *row, struct verdict *v, GError **error)
{
	struct act gateway = act_by_gateway(&a->act);
	struct moved moved;
	v->word = facts_row_verdicts[ROW_REFUSED];
	v->complaint = complaint_about(row, "kind_person_paid") ? NULL : "kind_person_paid"; /* said once */
	if (strcmp(v->asked.effect, "asked") != 0 && strcmp(v->asked.effect, "same") != 0)
		return true;
	bool ok = application_move(&gateway, v->asked.application, "redirect", &moved, error);
	v->redirected = ok && moved.edge != NULL;
	return ok;
}

/* Refused for nothing but its kind, so that it is known who is led off our road, and where he can be told. */
static bool only_lost(const struct request_row *row)
{
	return g_strcmp0(row->kind, "lost") == 0 && !complaint_about(row, "tckn") && !complaint_about(row, "name") &&
		!complaint_about(row, "email") && !complaint_about(row, "duplicate_in_form");
}

static bool judge(struct intake *in, gint64 no, const struct request_row *row, struct verdict *v, GError **error)
{
	*v = (struct verdict){ .word = facts_row_verdicts[row->verdict] };
	if (row->verdict == ROW_REFUSED && !only_lost(row))
		return true;
	if (row->tckn == NULL || strlen(row->tckn) != 11) {
		/* Without it there is no person; a reader that says otherwise is not believed. */
		v->word = facts_row_verdicts[ROW_REFUSED];
		v->complaint = "tckn_empty";
		return true;
	}
	if (!application_ask(&in->a->act, &(struct asking){ &in->form, no, row }, &v->asked, error))
		return false;
	in->also |= g_strcmp0(v->asked.effect, "also") == 0;
	if (g_strcmp0(row->kind, "lost") == 0)
		return redirect(in->a, row, v, error);
	in->wanted |= g_strcmp0(v->asked.effect, "asked") == 0 || g_strcmp0(v->asked.effect, "updated") == 0;
	return true;
}

/* A refused row waits, unless no corrected one can come: the person goes another way, or stands in another row. */
static bool wait_or_settle(struct intake *in, const struct request_row *row, struct verdict *v, GError **error)
{
	if (!is_refused(v))
		return pending_settle(in->pending, row, v->asked.application, &v->item, error);
	if (g_strcmp0(row->kind, "lost") == 0 || complaint_about(row, "kind_person_paid") || complaint_about(row, "duplicate_in_form"))
		return true;
	const struct complaint *first = row->complaints->len ? row->complaints->pdata[0] : NULL;
	return pending_wait(in->pending, row, v->complaint ?: first ? first->code : "unreadable", &v->item, error);
}

static bool store(struct intake *in, gint64 no, const struct request_row *r, const struct verdict *v, GError **error)
{
	struct act *act = &in->a->act;
	bool told = r->complaints->len > 0 || v->complaint != NULL, updated = g_strcmp0(v->asked.effect, "updated") == 0;
	g_autofree char *complaints = told ? complaint_list(r->complaints, r, v->complaint) : NULL;
	g_autofree char *whole = told ? complaint_written(r->complaints, v->complaint) : NULL;
	const char *unit = r->unit == NULL && updated ? in->form.unit : r->unit;
	return sql_run(act->db, error, "request_row_add", "ii" "ssssssssss" "ss" "ii" "ss" "sss" "issisi", in->form.id, no, r->where,
		       r->tckn, r->given_name, r->family_name, r->birth_date, r->email, r->phone, unit, r->title, r->staff_no,
		       r->kind, r->reader, (gint64)r->backup, r->years, r->expires, r->note, v->word, complaints ?: "[]", whole,
		       v->asked.application, v->asked.effect, v->asked.changes, updated ? v->asked.before : 0, r->name_key,
		       v->item) >= 0 &&
		(!updated || again_keep(act, sql_last_id(act->db), v->asked.before, error));
}

/* Who is led off our road hears of it once his row is kept, for the letter is made of it. */
static bool tell_redirected(const struct intake *in, const struct verdict *v, GError **error)
{
	return !v->redirected || letter_owe_edge(&in->a->act, "redirected", v->asked.application, error);
}

static bool add_row(struct intake *in, gint64 no, const struct request_row *row, GError **error)
{
	struct verdict v;
	bool ok = judge(in, no, row, &v, error) && wait_or_settle(in, row, &v, error) && store(in, no, row, &v, error) &&
		tell_redirected(in, &v, error);
	g_free(v.asked.changes);
	return ok;
}

bool apply_request_ask(const struct act *a, gint64 request, bool *asked, GError **error)
{
	const struct member *officer = directory_first(a->policy->directory, "officer", a->now);
	*asked = officer != NULL;
	if (officer == NULL)
		return true;
	return letter_owe_approval(a, officer->address, request, 0, error);
}

/* A form asks, until its rows have shown that nothing in it is new. */
static bool ask_officer(const struct apply *a, gint64 request, bool wanted, GError **error)
{
	bool asked;
	if (!wanted)
		return sql_run(a->act.db, error, "request_asks_nothing", "i", request) >= 0;
	return !a->act.policy->approval_per_request || apply_request_ask(&a->act, request, &asked, error);
}

static const char *given(const char *text)
{
	return text && *text ? text : NULL;
}

void apply_request_mail_of(const struct apply *a, struct pending_mail *m)
{
	const struct request *r = a->facts->request;
	*m = (struct pending_mail){ .sender = a->facts->from, .sender_unit = a->speaker.member ? given(a->speaker.member->unit) : NULL,
				    .letter = a->bound.letter, .thread = a->bound.request,
				    .unit = r ? given(r->unit) : NULL, .ticket = r ? given(r->ticket) : NULL };
}

static bool take_rows(struct intake *in, GError **error)
{
	const GPtrArray *rows = in->a->facts->request->rows;
	for (guint i = 0; i < rows->len; i++)
		if (!add_row(in, (gint64)i + 1, rows->pdata[i], error))
			return false;
	return pending_readable(in->pending, error) && (!in->also || again_tell(&in->a->act, &in->form, error));
}

static bool take_in(struct apply *a, struct pending_mail *m, GError **error)
{
	const struct facts *f = a->facts;
	g_autofree char *complaints = complaint_list(f->complaints, NULL, NULL);
	if (sql_run(a->act.db, error, "request_add", "isissssiss", a->act.mail, f->from, (gint64)a->act.strength,
		    m->unit ?: m->sender_unit, m->ticket, f->request->form, f->message_id, a->act.now, m->sender_unit,
		    complaints) < 0)
		return false;
	m->request = sql_last_id(a->act.db);
	g_autoptr(pending_t) pending = pending_open(&a->act, m, error);
	struct intake in = { .a = a, .pending = pending,
			     .form = { m->request, m->sender, m->sender_unit, m->unit, strcmp(a->speaker.role, "officer") == 0 } };
	if (pending == NULL || !take_rows(&in, error) ||
	    !letter_owe_receipt(&a->act, m->request, f->from, f->message_id, error))
		return false;
	apply_says(a, "applied", in.wanted ? NULL : "nothing_new");
	return ask_officer(a, m->request, in.wanted, error);
}

bool apply_request_mail(struct apply *a, GError **error)
{
	const struct facts *f = a->facts;
	const char *role = a->speaker.role;
	struct pending_mail m;
	if (g_strcmp0(role, "manager") != 0 && g_strcmp0(role, "officer") != 0)
		return apply_says(a, "waits_for_person", role ? "not_allowed" : a->speaker.reason);
	if (f->request == NULL || f->request->rows->len == 0)
		return apply_other_not_read(a, f->complaints->len ? NULL : "empty_form", error);
	apply_request_mail_of(a, &m);
	return take_in(a, &m, error);
}
