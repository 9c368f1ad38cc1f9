/* simulate_mail: see the header. Each has a Message-ID and a subject of its own: nothing here is a copy by accident. */
#include "gateway/simulate_mail.h"
#include <string.h>

void simulate_mail_asked_by(struct asked_by *a, const struct letter *l)
{
	*a = (struct asked_by){ g_strdup(l->token), g_strdup(l->message_id) };
}

void simulate_mail_asked_by_clear(struct asked_by *a)
{
	g_clear_pointer(&a->token, g_free);
	g_clear_pointer(&a->message_id, g_free);
}

static struct facts *mail(struct world *w, enum mail_kind kind, const char *from)
{
	struct facts *f = facts_new();

	f->kind = kind;
	f->from = g_strdup(from);
	f->auth.trusted = true;
	f->subject = g_strdup_printf("Konu %" G_GUINT64_FORMAT, w->events);
	f->message_id = g_strdup_printf("<%" G_GUINT64_FORMAT "@" SIMULATE_DOMAIN ">", w->events);
	return f;
}

struct facts *simulate_mail_reply(struct world *w, const char *from, const struct asked_by *a, enum answer answer)
{
	struct facts *f = mail(w, KIND_REPLY, from);

	f->reply = facts_reply_new();
	f->reply->text = g_strdup("Deneme");
	f->reply->answer = answer;
	f->in_reply_to = g_strdup(a->message_id);
	if (a->token)
		g_ptr_array_add(f->reply->tokens, g_strdup(a->token));
	return f;
}

void simulate_mail_choose(struct facts *f, enum answer answer, const GPtrArray *applications)
{
	struct reply_choice *c;

	f->reply->answer = ANSWER_PARTIAL;
	c = facts_reply_choose(f->reply, answer);
	for (guint i = 0; i < applications->len; i++) {
		struct reply_item *item = facts_reply_choice_add(c);
		const char *ref = g_ptr_array_index(applications, i);

		item->application = true;
		item->from = item->to = g_ascii_strtoll(ref + strlen("A-"), NULL, 10);
	}
}

struct facts *simulate_mail_signed(struct world *w, const struct asked_by *a, const char *digest)
{
	struct facts *f = simulate_mail_reply(w, simulate_world_officer(w), a, ANSWER_NONE);
	struct signed_file *s = facts_signed_add(f);
	const struct pinned *c = g_ptr_array_index(w->policy.pinned, 0);

	f->kind = KIND_SIGNED_LIST;
	s->where = g_strdup("2");
	s->ending = g_strdup("p7m");
	s->bytes = g_strdup("ZGVuZW1l");
	s->container = g_strdup("enveloping");
	s->verdict = SIGNATURE_VALID;
	g_ptr_array_add(s->signers, g_strdup(c->sha256));
	g_ptr_array_add(s->digests, g_strdup(digest));
	return f;
}

struct facts *simulate_mail_form(struct world *w, const struct unit *from)
{
	struct facts *f = mail(w, KIND_REQUEST, simulate_world_manager(w, from));

	f->request = facts_request_new();
	f->request->form = g_strdup("Sayfa1");
	f->request->ticket = g_strdup_printf("%" G_GUINT64_FORMAT, w->events);
	return f;
}

void simulate_mail_row(struct facts *f, const struct person *p, bool wrong)
{
	struct request_row *r = facts_request_add(f->request);

	r->where = g_strdup_printf("Sayfa1!A%u", f->request->rows->len + 4);
	r->tckn = g_strdup(p->tckn);
	r->given_name = g_strdup(p->given_name);
	r->family_name = g_strdup(p->family_name);
	r->name_key = g_strdup(p->name_key);
	r->birth_date = g_strdup("1980-01-31");
	r->email = g_strdup(p->email);
	r->kind = g_strdup(p->kind);
	r->reader = g_strdup("none");
	r->expires = *p->expires ? g_strdup(p->expires) : NULL;
	r->years = p->tckn[0] == '9' ? 1 : 3;
	if (!wrong)
		return;
	r->tckn[10] = r->tckn[10] == '9' ? '0' : (char)(r->tckn[10] + 1);
	r->verdict = ROW_REFUSED;
	facts_complain(r->complaints, "tckn_check_digit", r->where, r->tckn);
}

struct facts *simulate_mail_unreadable(struct world *w, const struct unit *from)
{
	struct facts *f = mail(w, KIND_OTHER, simulate_world_manager(w, from));

	f->triage = g_strdup("scan");
	return f;
}

static void add_notice(struct facts *f, const struct person *p, const char *event)
{
	struct notice *n = f->notice = facts_notice_new();

	n->event = g_strdup(event);
	n->rule = g_strdup(event);
	n->name_key = g_strdup(p->name_key);
	n->application_no = g_strdup_printf("%" G_GINT64_FORMAT, p->number);
	if (g_strcmp0(event, "ca_shipped") == 0)
		n->tracking_no = g_strdup_printf("KP%" G_GINT64_FORMAT, p->number * 100 + p->stage);
	if (g_strcmp0(event, "ca_missing_papers") == 0)
		n->reason = g_strdup("Deneme belgesi");
}

struct facts *simulate_mail_notice(struct world *w, const struct person *p, const char *event)
{
	g_autofree char *from = g_strconcat("bilgi@", w->policy.ca_domains[0], NULL);
	struct facts *f = mail(w, KIND_CA_NOTICE, from);

	f->auto_submitted = true;
	add_notice(f, p, event);
	g_ptr_array_add(f->to, g_strdup(p->email));
	return f;
}

struct facts *simulate_mail_forward(struct world *w, const struct person *p, const char *event)
{
	struct facts *f = mail(w, KIND_CA_NOTICE, p->email);

	add_notice(f, p, event);
	f->notice->forwarded = true;
	g_ptr_array_add(f->notice->to, g_strdup(p->email));
	return f;
}

struct facts *simulate_mail_bounce(struct world *w, const struct letter *l)
{
	struct facts *f = mail(w, KIND_BOUNCE, "mailer-daemon@" SIMULATE_DOMAIN);
	struct bounce *b = facts_bounce_add(f);
	struct bounce_recipient *r = facts_bounce_recipient_add(b);

	f->auto_submitted = true;
	b->original_message_id = g_strdup(l->message_id);
	r->address = g_strdup(l->to);
	r->action = g_strdup("failed");
	r->permanent = true;
	r->status = g_strdup("5.1.1");
	r->reason = g_strdup("user_unknown");
	return f;
}

struct facts *simulate_mail_absence(struct world *w, const char *from, const char *message_id)
{
	struct facts *f = mail(w, KIND_AUTO_REPLY, from);

	f->auto_submitted = true;
	f->in_reply_to = g_strdup(message_id);
	return f;
}
