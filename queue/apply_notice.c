/* apply_notice: KAMU SM says something about one application. It writes to the applicant, so the recipient or the name in
 * the text is often all the mail gives; and it says things twice. What cannot be placed without doubt waits for a person.
 *
 * A notice that somebody forwards is his word, not KAMU SM's. An applicant's word about his own application moves what the
 * workflow lets move by it (told); anybody else's is written down for the person who decides.
 */
#include <string.h>
#include "queue/apply_inside.h"
#include "queue/card.h"
#include "queue/certificate.h"
#include "queue/journal.h"
#include "queue/sql.h"

/* Who is meant, and by what: its number in the mail, the address of a recipient or, of a forward, of the sender; the name. */
struct candidate {
	gint64 application;
	const struct edge *edge; /* of the notice; NULL: none */
	bool can_move, said_already;
	bool addressed, named, own;
};

enum found_by { BY_ADDRESS, BY_NAME, BY_SENDER };

/* What is good to know and moves nothing. */
static const char *const heard[] = { "ca_confirmed", "ca_first_day", "ca_end_near", "ca_payment", NULL };

static struct candidate *candidate_at(const GArray *all, guint i)
{
	return &g_array_index(all, struct candidate, i);
}

static struct candidate *candidate_of(const struct apply *a, GArray *all, gint64 application, const char *state)
{
	const char *event = a->facts->notice->event;
	const struct edge *e = workflow_edge(state, event, a->act.role);
	struct candidate new = { .application = application, .edge = e, .can_move = e != NULL && e->strength <= a->act.strength,
				 .said_already = workflow_leads_to(event, "ca", state) };
	for (guint i = 0; i < all->len; i++)
		if (candidate_at(all, i)->application == application)
			return candidate_at(all, i);
	g_array_append_val(all, new);
	return candidate_at(all, all->len - 1);
}

struct look { const char *statement, *key; enum found_by by; };

static bool look_up(struct apply *a, GArray *all, const struct look *l, GError **error)
{
	GError *failure = NULL;
	g_autoptr(sql_t) s = sql_start(a->act.db, l->statement, "ss", l->key, a->facts->notice->application_no);
	while (sql_next(s, &failure)) {
		struct candidate *c = candidate_of(a, all, sql_int(s, 0), sql_text(s, 1));
		c->addressed = c->addressed || l->by != BY_NAME;
		c->named = c->named || l->by == BY_NAME;
		c->own = c->own || l->by == BY_SENDER;
	}
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}

static bool look_up_addresses(struct apply *a, GArray *all, GError **error)
{
	const struct notice *n = a->facts->notice;
	const GPtrArray *to = n->forwarded ? n->to : a->facts->to;
	for (guint i = 0; i < to->len; i++)
		if (!look_up(a, all, &(struct look){ "application_by_email", to->pdata[i], BY_ADDRESS }, error))
			return false;
	return true;
}

/* By number when the mail has one that we know, else by the people it names. */
static GArray *find(struct apply *a, GError **error)
{
	const struct notice *n = a->facts->notice;
	g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(struct candidate));
	struct look number = { "application_by_number", n->application_no, BY_ADDRESS };
	struct look name = { "application_by_name", n->name_key, BY_NAME };
	struct look sender = { "application_by_email", a->facts->from, BY_SENDER };
	bool ok = number.key == NULL || look_up(a, all, &number, error);
	if (ok && all->len == 0)
		ok = look_up_addresses(a, all, error) && (name.key == NULL || look_up(a, all, &name, error));
	ok = ok && (!n->forwarded || look_up(a, all, &sender, error));
	return ok ? g_steal_pointer(&all) : NULL;
}

static guint count(const GArray *all, bool addressed, bool named)
{
	guint n = 0;
	for (guint i = 0; i < all->len; i++)
		n += (!addressed || candidate_at(all, i)->addressed) && (!named || candidate_at(all, i)->named);
	return n;
}

/* The one that is meant. Who fits by address and by name goes before who fits by one; when these two are different people
 * nobody is meant. Of several the only one that the notice can move. NULL and a reason: a person must say. */
static const struct candidate *choose(const GArray *all, const char **reason)
{
	bool both = count(all, true, true) > 0;
	const struct candidate *best = NULL;
	guint movable = 0;
	*reason = "several_fit";
	if (all->len == 0)
		*reason = "nobody_fits";
	if (!both && count(all, true, false) > 0 && count(all, false, true) > 0)
		return NULL;
	for (guint i = 0; i < all->len; i++) {
		const struct candidate *c = candidate_at(all, i);
		if (both && !(c->addressed && c->named))
			continue;
		movable += c->can_move;
		if (best == NULL || c->can_move)
			best = c;
	}
	return movable > 1 ? NULL : best;
}

static bool note(struct apply *a, gint64 application, GError **error)
{
	const struct notice *n = a->facts->notice;
	a->act.note = n->reason ?: n->date;
	bool ok = journal_add(&a->act, n->event, &(struct about){ .application = application }, error);
	a->act.note = NULL;
	return ok;
}

/* Numbers and reasons first: the letter that the step owes wants to tell them. */
static bool step(struct apply *a, gint64 application, const char *event, GError **error)
{
	const struct notice *n = a->facts->notice;
	struct moved moved;
	a->act.note = n->reason;
	bool ok = sql_run(a->act.db, error, "application_learn", "isss", application, n->application_no, n->tracking_no,
			  n->reason) >= 0 &&
		application_step(&a->act, application, event, &moved, error);
	a->act.note = NULL;
	if (!ok)
		return false;
	return moved.edge ? apply_says(a, "applied", NULL) : apply_says(a, "waits_for_person", "no_edge");
}

/* Who forwards is somebody to us: of the directory, or an applicant. */
static bool is_known(const struct apply *a, const GArray *all)
{
	bool known = a->speaker.role != NULL;
	for (guint i = 0; i < all->len; i++)
		known = known || candidate_at(all, i)->own;
	return known;
}

/* A colleague's word is kept with the application. */
static bool told_by_another(struct apply *a, gint64 application, GError **error)
{
	a->act.role = a->speaker.role ?: "applicant";
	return note(a, application, error) && apply_says(a, "waits_for_person", "told");
}

/* A step that stays where it is and has its letter already, of the same parcel: KAMU SM says it twice. */
static bool said_twice(struct apply *a, const struct candidate *c, bool *twice, GError **error)
{
	gint64 told = 0;
	bool stays = c->can_move && strcmp(c->edge->from, c->edge->to) == 0;
	bool ok = !stays || sql_get(a->act.db, &told, error, "notice_told", "iss", c->application, c->edge->letters,
				    a->facts->notice->tracking_no);
	*twice = told != 0;
	return ok;
}

/* The step that is to be made; NULL: it was told already, is none from here, or is a first day that lies ahead. */
static bool event_of(struct apply *a, const struct candidate *c, const char **event, GError **error)
{
	const struct notice *n = a->facts->notice;
	bool twice;
	if (strcmp(n->event, "ca_first_day") == 0)
		return card_first_day(&a->act, c->application, c->can_move, n->date, event, error);
	bool ok = said_twice(a, c, &twice, error);
	*event = ok && c->can_move && !twice ? n->event : NULL;
	return ok;
}

static bool about_one(struct apply *a, const struct candidate *c, GError **error)
{
	const struct notice *n = a->facts->notice;
	const char *event;
	if (n->forwarded && !c->own)
		return told_by_another(a, c->application, error);
	if (!event_of(a, c, &event, error))
		return false;
	if (event != NULL)
		return step(a, c->application, event, error);
	if (!note(a, c->application, error))
		return false;
	if (g_strv_contains(heard, n->event))
		return apply_says(a, "noted", "for_information");
	return c->said_already ? apply_says(a, "no_change", "already") : apply_says(a, "waits_for_person", "no_edge");
}

/* When the present certificate ends is good to know of people without an application, too. Who forwards speaks of his own. */
static bool learn_end(struct apply *a, const GArray *all, const struct candidate *one, GError **error)
{
	const struct notice *n = a->facts->notice;
	g_autoptr(GPtrArray) sender = g_ptr_array_new();
	g_ptr_array_add(sender, a->facts->from);
	if (strcmp(n->event, "ca_end_near") != 0 || (one == NULL ? all->len > 0 : n->forwarded && !one->own))
		return true;
	const struct certificate_end end = { one ? one->application : 0, n->forwarded ? sender : a->facts->to, n->date };
	return certificate_heard(&a->act, &end, error);
}

static bool about_whom(struct apply *a, const GArray *all, GError **error)
{
	const struct notice *n = a->facts->notice;
	const char *reason;
	const struct candidate *one = choose(all, &reason);
	if (!learn_end(a, all, one, error))
		return false;
	if (n->forwarded && !is_known(a, all))
		return apply_says(a, "waits_for_person", a->speaker.reason);
	if (one != NULL)
		return about_one(a, one, error);
	if (!n->forwarded && g_strv_contains(heard, n->event))
		return apply_says(a, "noted", "for_information");
	return apply_says(a, "waits_for_person", reason);
}

/* Why the mail's own sender is not believed; NULL: he is, and `a` says as whom and how strongly. */
static const char *not_believed(struct apply *a)
{
	const struct notice *n = a->facts->notice;
	bool forwarded = n != NULL && n->forwarded;
	if (!forwarded && g_strcmp0(a->speaker.role, "ca") != 0)
		return a->speaker.reason ?: "not_allowed";
	if (forwarded && gate_strength(a->facts) == STRENGTH_NONE)
		return a->speaker.reason ?: "not_authenticated";
	if (forwarded) {
		a->act.role = "applicant";
		a->act.strength = STRENGTH_TOLD;
	}
	return NULL;
}

bool apply_notice_mail(struct apply *a, GError **error)
{
	const struct notice *n = a->facts->notice;
	if (apply_notice_is_secret(a))
		return apply_says(a, "noted", "ca_password");
	const char *reason = not_believed(a);
	if (reason != NULL)
		return apply_says(a, "waits_for_person", reason);
	if (n == NULL || n->event == NULL || *n->event == '\0')
		return apply_says(a, "waits_for_person", "ca_unrecognised");
	if (g_strcmp0(n->needs, "signed") == 0 && a->act.strength < STRENGTH_SIGNED)
		return apply_says(a, "waits_for_person", "not_signed");
	g_autoptr(GArray) all = find(a, error);
	return all != NULL && about_whom(a, all, error);
}

bool apply_notice_is_secret(const struct apply *a)
{
	const struct notice *n = a->facts->notice;
	return n != NULL && g_strcmp0(n->event, "ca_password") == 0;
}
