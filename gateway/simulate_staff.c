/* simulate_staff: see the header. Who forgot a letter comes back to it when a reminder or a digest comes.
 *
 * The signed paper goes with the week's post whatever the gateway knows of it.
 */
#include "gateway/simulate_staff.h"
#include <string.h>
#include "gateway/simulate_ca.h"
#include "gateway/simulate_mail.h"
#include "gateway/simulate_phone.h"
#include "gateway/table.h"
#include "queue/brake.h"
#include "queue/calendar.h"
#include "queue/list_file.h"
#include "queue/outbox.h"

/* A letter of approval on the officer's desk. */
struct question { struct asked_by asked; char *officer; GPtrArray *applications; };

struct staff {
	GPtrArray *desk;          /* struct question */
	GPtrArray *tray;          /* struct person: paper that waits for the week's post */
	struct asked_by manifest; /* the last one; no token: none */
	char *collector;          /* whom it went to */
	GHashTable *listed;       /* name_key → "A-7", of that manifest */
	bool unsaid;              /* its post has gone, and nobody told the gateway */
};

static void question_free(void *data)
{
	struct question *q = data;

	simulate_mail_asked_by_clear(&q->asked);
	g_ptr_array_unref(q->applications);
	g_free(q->officer);
	g_free(q);
}

struct staff *simulate_staff_new(void)
{
	struct staff *s = g_new0(struct staff, 1);

	s->desk = g_ptr_array_new_with_free_func(question_free);
	s->tray = g_ptr_array_new();
	s->listed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return s;
}

void simulate_staff_free(struct staff *s)
{
	g_ptr_array_unref(s->desk);
	g_ptr_array_unref(s->tray);
	g_hash_table_unref(s->listed);
	simulate_mail_asked_by_clear(&s->manifest);
	g_free(s->collector);
	g_free(s);
}

/* ---- the officer ---- */

/* What is put off stays on the desk. Whose time is over answers no more. */
static void decide(struct world *w, void *data)
{
	struct question *q = data, *later;
	const struct { enum answer answer; GPtrArray *who; } piles[] = {
		{ ANSWER_APPROVE, g_ptr_array_new() }, { ANSWER_REFUSE, g_ptr_array_new() },
		{ ANSWER_HOLD, g_ptr_array_new_with_free_func(g_free) },
	};
	struct facts *f;

	if (!g_str_equal(q->officer, simulate_world_officer(w)))
		return;
	f = simulate_mail_reply(w, q->officer, &q->asked, ANSWER_APPROVE);
	for (guint i = 0; i < q->applications->len; i++) {
		guint pile = simulate_world_chance(w, RATE_refuse) ? 1 : simulate_world_chance(w, RATE_hold) ? 2 : 0;
		char *ref = g_ptr_array_index(q->applications, i);

		g_ptr_array_add(piles[pile].who, pile == 2 ? g_strdup(ref) : ref);
	}
	for (guint i = 0; i < G_N_ELEMENTS(piles); i++)
		if (piles[i].who->len == q->applications->len)
			f->reply->answer = piles[i].answer;
		else if (piles[i].who->len > 0)
			simulate_mail_choose(f, piles[i].answer, piles[i].who);
	simulate_world_mail(w, w->now + 60, f, false);
	g_ptr_array_unref(piles[0].who);
	g_ptr_array_unref(piles[1].who);
	if (piles[2].who->len == 0) {
		g_ptr_array_unref(piles[2].who);
		return;
	}
	later = g_new(struct question, 1);
	*later = (struct question){ { g_strdup(q->asked.token), g_strdup(q->asked.message_id) }, g_strdup(q->officer), piles[2].who };
	g_ptr_array_add(w->staff->desk, later);
}

static void clear_desk(struct world *w, const struct letter *l)
{
	struct staff *s = w->staff;

	while (s->desk->len > 0 && !simulate_world_chance(w, RATE_forget))
		simulate_world_at(w, simulate_world_at_work(w, 0.5, 6), decide, g_ptr_array_steal_index(s->desk, 0), question_free);
}

static void take_application(const char *json, void *data)
{
	g_ptr_array_add(data, table_text(json, "application"));
}

static void on_approval(struct world *w, const struct letter *l)
{
	struct question *q = g_new(struct question, 1);

	q->officer = g_strdup(l->to);
	q->applications = g_ptr_array_new_with_free_func(g_free);
	simulate_mail_asked_by(&q->asked, l);
	table_members(l->context, "people", take_application, q->applications);
	if (simulate_world_chance(w, RATE_forget))
		g_ptr_array_add(w->staff->desk, q);
	else
		simulate_world_at(w, simulate_world_at_work(w, 0.5, 30), decide, q, question_free);
}

static void on_portal(struct world *w, const struct letter *l)
{
	struct asked_by a = { l->token, l->message_id };

	simulate_world_mail(w, simulate_world_at_work(w, 1, 30), simulate_mail_reply(w, l->to, &a, ANSWER_DONE), false);
	simulate_ca_list(w, l->submission);
}

/* The officer asks KAMU SM by telephone. */
static void on_uncertain(struct world *w, const struct letter *l)
{
	struct asked_by a = { l->token, l->message_id };
	bool there = g_hash_table_contains(w->lists, GSIZE_TO_POINTER((gsize)l->submission));
	enum answer answer = there ? ANSWER_RECEIVED : ANSWER_SEND_AGAIN;

	simulate_world_mail(w, simulate_world_at_work(w, 1, 30), simulate_mail_reply(w, l->to, &a, answer), false);
}

/* A card came back; its officer has it sent again. */
struct errand { struct asked_by asked; char *officer; struct person *person; };

static void errand_free(void *data)
{
	struct errand *e = data;

	simulate_mail_asked_by_clear(&e->asked);
	g_free(e->officer);
	g_free(e);
}

static void send_again(struct world *w, void *data)
{
	const struct errand *e = data;

	if (e->person->stage != STAGE_BACK || !g_str_equal(e->officer, simulate_world_officer(w)))
		return;
	simulate_ca_send(w, e->person);
	simulate_world_mail(w, w->now + 60, simulate_mail_reply(w, e->officer, &e->asked, ANSWER_RESEND), false);
}

static void on_returned(struct world *w, const struct letter *l)
{
	g_autofree char *name = table_text(l->context, "name"), *key = name ? g_ascii_strdown(name, -1) : NULL;
	struct person *p = key ? g_hash_table_lookup(w->by_name, key) : NULL;
	struct errand *e;

	if (!p || simulate_world_chance(w, RATE_forget))
		return;
	e = g_new(struct errand, 1);
	*e = (struct errand){ .officer = g_strdup(l->to), .person = p };
	simulate_mail_asked_by(&e->asked, l);
	simulate_world_at(w, simulate_world_at_work(w, 4, 240), send_again, e, errand_free);
}

/* The list's file is made when its letter is sealed: here it is any bytes, and the signature is made over their digest. */
static void on_list_to_sign(struct world *w, const struct letter *l)
{
	struct asked_by a = { l->token, l->message_id };
	g_autofree char *text = g_strdup_printf("list %" G_GINT64_FORMAT, l->submission), *sum = NULL, *digest = NULL;
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_auto(list_file_t) kept = { 0 };

	if (w->error || !list_file_keep(w->db, l->submission, bytes, &kept, &w->error))
		return;
	sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, kept.bytes);
	digest = g_strconcat("sha256:", sum, NULL);
	simulate_world_mail(w, simulate_world_at_work(w, 1, 30), simulate_mail_signed(w, &a, digest), false);
}

static void release(struct world *w, void *kind)
{
	brake_release(w->db, kind, "simulation", w->now, &w->error);
}

static void on_alarm(struct world *w, const struct letter *l)
{
	char *kind = table_text(l->context, "letter");

	if (kind)
		simulate_world_at(w, simulate_world_at_work(w, 0.2, 3), release, kind, g_free);
}

/* ---- paper ---- */

void simulate_staff_paper(struct world *w, struct person *p)
{
	if (p->stage == STAGE_PAPER)
		g_ptr_array_add(w->staff->tray, p);
}

/* Says whose paper of the last manifest is there. */
static void say_received(struct world *w, gint64 at)
{
	struct staff *s = w->staff;
	g_autoptr(GPtrArray) there = g_ptr_array_new();
	struct facts *f;

	for (guint i = 0; i < s->tray->len; i++) {
		const struct person *p = g_ptr_array_index(s->tray, i);
		char *ref = g_hash_table_lookup(s->listed, p->name_key);

		if (ref)
			g_ptr_array_add(there, ref);
	}
	if (!s->manifest.token || there->len == 0)
		return;
	f = simulate_mail_reply(w, s->collector, &s->manifest, ANSWER_RECEIVED);
	if (there->len < g_hash_table_size(s->listed))
		simulate_mail_choose(f, ANSWER_RECEIVED, there);
	simulate_world_mail(w, at, f, false);
}

static void say_posted(struct world *w, gint64 at)
{
	struct staff *s = w->staff;
	struct facts *f = simulate_mail_reply(w, s->collector, &s->manifest, ANSWER_POSTED);

	f->reply->cargo_no = g_strdup_printf("%" G_GINT64_FORMAT, 5000000 + w->now / SIMULATE_DAY);
	s->unsaid = false;
	simulate_world_mail(w, at, f, false);
}

static void take_listed(const char *json, void *data)
{
	struct staff *s = data;
	g_autofree char *name = table_text(json, "name");

	g_hash_table_insert(s->listed, g_ascii_strdown(name, -1), table_text(json, "application"));
}

static void receive(struct world *w, void *unused)
{
	say_received(w, w->now);
}

static void on_manifest(struct world *w, const struct letter *l)
{
	struct staff *s = w->staff;

	simulate_mail_asked_by_clear(&s->manifest);
	simulate_mail_asked_by(&s->manifest, l);
	g_free(s->collector);
	s->collector = g_strdup(l->to);
	s->unsaid = false;
	g_hash_table_remove_all(s->listed);
	table_members(l->context, "people", take_listed, s);
	if (!simulate_world_chance(w, RATE_forget))
		simulate_world_at(w, simulate_world_at_work(w, 1, 5), receive, NULL, NULL);
}

static void week_post(struct world *w, void *unused)
{
	struct staff *s = w->staff;
	gint64 week = calendar_week_end(w->policy.calendar, calendar_day(w->now) - calendar_weekday(calendar_day(w->now)) + 7);

	if (s->manifest.token && simulate_world_chance(w, RATE_forget)) {
		s->unsaid = true;
	} else if (s->manifest.token) {
		say_received(w, w->now);
		say_posted(w, w->now + 600);
	}
	for (guint i = 0; i < s->tray->len; i++)
		simulate_world_later(w, simulate_world_at_work(w, 48, 96), simulate_ca_form, g_ptr_array_index(s->tray, i));
	g_ptr_array_set_size(s->tray, 0);
	simulate_world_at(w, calendar_closing(w->policy.calendar, week) - 5400, week_post, NULL, NULL);
}

/* A reminder to whoever has forgotten the paper. */
static void remember(struct world *w, const struct letter *l)
{
	if (w->staff->unsaid && !simulate_world_chance(w, RATE_forget))
		say_posted(w, simulate_world_at_work(w, 0.5, 6));
	clear_desk(w, l);
}

/* ---- support, operators ---- */

static void on_question(struct world *w, const struct letter *l)
{
	struct asked_by a = { l->token, l->message_id };

	if (!simulate_world_chance(w, RATE_forget))
		simulate_world_mail(w, simulate_world_at_work(w, 0.5, 10), simulate_mail_reply(w, l->to, &a, ANSWER_NONE), false);
}

static void retry(struct world *w, void *data)
{
	GError *ignored = NULL; /* what has gone meanwhile needs nothing */

	outbox_retry(w->db, (gint64)GPOINTER_TO_SIZE(data), "simulation", w->now, &ignored);
	g_clear_error(&ignored);
}

void simulate_staff_retry(struct world *w, gint64 letter)
{
	simulate_world_at(w, simulate_world_at_work(w, 1, 30), retry, GSIZE_TO_POINTER((gsize)letter), NULL);
}

void simulate_staff_begin(struct world *w)
{
	gint64 week = calendar_week_end(w->policy.calendar, calendar_day(w->now));

	simulate_world_at(w, calendar_closing(w->policy.calendar, week) - 5400, week_post, NULL, NULL);
	simulate_phone_begin(w);
}

static const struct { const char *letter; void (*read)(struct world *w, const struct letter *l); } readers[] = {
	{ "approval", on_approval }, { "list_for_portal", on_portal }, { "list_to_sign", on_list_to_sign }, { "alarm", on_alarm },
	{ "list_uncertain", on_uncertain }, { "returned_office", on_returned },
	{ "manifest", on_manifest }, { "reminder", remember }, { "officer_digest", clear_desk }, { "question", on_question },
};

bool simulate_staff_read(struct world *w, const struct letter *l)
{
	static const char *const all[] = { SIMULATE_OFFICER, SIMULATE_OFFICER2, SIMULATE_REGISTRY, SIMULATE_SUPPORT, NULL };

	if (!g_strv_contains(all, l->to))
		return false;
	for (guint i = 0; i < G_N_ELEMENTS(readers); i++)
		if (g_str_equal(readers[i].letter, l->name))
			readers[i].read(w, l);
	return true;
}
