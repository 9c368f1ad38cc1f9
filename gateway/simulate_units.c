/* simulate_units: see the header. A unit collects a week's people into one form. */
#include "gateway/simulate_units.h"
#include <string.h>
#include "gateway/simulate_mail.h"
#include "gateway/table.h"
#include "queue/calendar.h"

enum { FORM_DAYS = 7 };

struct form { struct unit *unit; GPtrArray *people; gint64 at; bool careful; /* nothing is wrong in it */ };

static void form_free(void *data)
{
	struct form *f = data;

	g_ptr_array_unref(f->people);
	g_free(f);
}

static struct form *form_new(struct unit *u, bool careful)
{
	struct form *f = g_new0(struct form, 1);

	*f = (struct form){ u, g_ptr_array_new(), 0, careful };
	return f;
}

/* Whom a digest has reminded him of stands in a form already. */
static void leave_out_asked(struct form *f)
{
	for (guint i = f->people->len; i > 0; i--)
		if (((struct person *)g_ptr_array_index(f->people, i - 1))->asked)
			g_ptr_array_remove_index(f->people, i - 1);
}

static void send(struct world *w, void *data)
{
	struct form *form = data;
	guint times = !form->careful && simulate_world_chance(w, RATE_double) ? 2 : 1;
	gint64 at = w->now;

	if (!form->careful)
		leave_out_asked(form);
	if (form->people->len == 0)
		return;
	if (!form->careful && simulate_world_chance(w, RATE_unreadable)) {
		g_ptr_array_extend(form->unit->unread, form->people, NULL, NULL);
		simulate_world_mail(w, at, simulate_mail_unreadable(w, form->unit), false);
		return;
	}
	for (struct facts *f; times > 0; times--, at += SIMULATE_DAY) {
		f = simulate_mail_form(w, form->unit);
		for (guint i = 0; i < form->people->len; i++) {
			struct person *p = g_ptr_array_index(form->people, i);

			bool may_be_wrong = !form->careful && !g_str_equal(p->kind, "lost");

			p->asked = true;
			simulate_mail_row(f, p, may_be_wrong && simulate_world_chance(w, RATE_wrong_row));
		}
		simulate_world_mail(w, at, f, false);
	}
}

static void send_later(struct world *w, gint64 at, struct form *f)
{
	simulate_world_at(w, at, send, f, form_free);
}

static void send_one(struct world *w, struct unit *u, struct person *p, gint64 at)
{
	struct form *f = form_new(u, true);

	g_ptr_array_add(f->people, p);
	send_later(w, at, f);
}

/* ---- the year's plan ---- */

/* Somewhere from three months before the end of the certificate to just after it; without one, at any time. */
static gint64 day_of(struct world *w, const struct person *p)
{
	gint64 begin = calendar_day(w->now), end = calendar_day(w->end), expires, day;

	if (!*p->expires || !calendar_parse(p->expires, &expires))
		return g_rand_int_range(w->dice, (gint32)begin, (gint32)end);
	day = expires - g_rand_int_range(w->dice, -10, 80);
	return MAX(day, begin);
}

/* The form of this unit and week, made when there is none. */
static struct form *form_of(struct world *w, GHashTable *forms, struct unit *u, gint64 day)
{
	g_autofree char *key = g_strdup_printf("%s %" G_GINT64_FORMAT, u->name, day / FORM_DAYS);
	struct form *f = g_hash_table_lookup(forms, key);

	if (!f) {
		f = form_new(u, false);
		f->at = day * CALENDAR_DAY - CALENDAR_OFFSET + simulate_world_hours(w, 8, 19);
		g_hash_table_insert(forms, g_steal_pointer(&key), f);
	}
	return f;
}

void simulate_units_begin(struct world *w)
{
	g_autoptr(GHashTable) forms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) all = g_ptr_array_new();

	for (guint i = 0; i < w->people->len; i++) {
		struct person *p = g_ptr_array_index(w->people, i);
		gint64 day = day_of(w, p);
		struct form *f = form_of(w, forms, p->unit, day);
		struct unit *other = g_ptr_array_index(w->units, i % w->units->len);

		if (f->people->len == 0)
			g_ptr_array_add(all, f);
		g_ptr_array_add(f->people, p);
		if (other != p->unit && simulate_world_chance(w, RATE_two_units))
			send_one(w, other, p, day * CALENDAR_DAY + simulate_world_hours(w, 24, 500));
	}
	for (guint i = 0; i < all->len; i++)
		send_later(w, ((struct form *)g_ptr_array_index(all, i))->at, g_ptr_array_index(all, i));
}

/* ---- letters to managers ---- */

struct names { struct world *world; struct form *form; };

static void take(struct names *n, const char *json)
{
	g_autofree char *name = table_text(json, "name"), *key = name ? g_ascii_strdown(name, -1) : NULL;
	struct person *p = key ? g_hash_table_lookup(n->world->by_name, key) : NULL;

	if (p && !g_ptr_array_find(n->form->people, p, NULL))
		g_ptr_array_add(n->form->people, p);
}

static void take_refused(const char *json, void *data)
{
	g_autofree char *verdict = table_text(json, "verdict"), *kind = table_text(json, "kind");

	if (g_strcmp0(verdict, "refused") == 0 && g_strcmp0(kind, "lost") != 0)
		take(data, json);
}

static void take_any(const char *json, void *data)
{
	take(data, json);
}

/* He gives them new addresses. */
static void take_dead(const char *json, void *data)
{
	struct names *n = data;
	g_autofree char *email = table_text(json, "email");
	struct person *p = email ? g_hash_table_lookup(n->world->by_address, email) : NULL;

	if (p && g_str_equal(p->email, email))
		simulate_world_move(n->world, p);
	if (p)
		take(n, json);
}

/* Whose renewal the digest asks for, with the end date that it names. */
static void take_renewal(const char *json, void *data)
{
	struct names *n = data;
	g_autofree char *asked = table_text(json, "asked"), *expires = table_text(json, "expires_on");
	guint before = n->form->people->len;
	struct person *p;

	if (g_strcmp0(asked, "yes") != 0)
		return;
	take(n, json);
	if (n->form->people->len == before)
		return;
	p = g_ptr_array_index(n->form->people, before);
	g_strlcpy(p->expires, expires, sizeof p->expires);
	if (g_str_equal(p->kind, "first"))
		p->kind = "renewal";
}

/* The form that could not be read comes once more, typed. */
static void take_unread(struct world *w, struct form *f)
{
	g_ptr_array_extend(f->people, f->unit->unread, NULL, NULL);
	g_ptr_array_set_size(f->unit->unread, 0);
}

static void send_if_any(struct world *w, struct form *f, double least, double most)
{
	if (f->people->len > 0)
		send_later(w, simulate_world_at_work(w, least, most), f);
	else
		form_free(f);
}

static void on_receipt(struct world *w, struct unit *u, const struct letter *l)
{
	struct names n = { w, form_new(u, true) };

	table_members(l->context, "rows", take_refused, &n);
	send_if_any(w, n.form, 4, 100);
}

static void on_not_read(struct world *w, struct unit *u, const struct letter *l)
{
	struct form *f = form_new(u, true);

	take_unread(w, f);
	send_if_any(w, f, 1, 50);
}

static void on_address_dead(struct world *w, struct unit *u, const struct letter *l)
{
	struct names n = { w, form_new(u, true) };

	take_dead(l->context, &n);
	send_if_any(w, n.form, 4, 100);
}

static void on_digest(struct world *w, struct unit *u, const struct letter *l)
{
	struct names n = { w, form_new(u, true) };

	table_members(l->context, "rows", take_any, &n);
	table_members(l->context, "dead", take_dead, &n);
	table_members(l->context, "renewals", take_renewal, &n);
	take_unread(w, n.form);
	send_if_any(w, n.form, 1, 50);
}

static void on_ended(struct world *w, struct unit *u, const struct letter *l)
{
	struct names n = { w, form_new(u, true) };

	if (simulate_world_chance(w, RATE_again))
		take_any(l->context, &n);
	send_if_any(w, n.form, 48, 900);
}

static const struct { const char *letter; void (*read)(struct world *w, struct unit *u, const struct letter *l); } readers[] = {
	{ "receipt", on_receipt }, { "not_read", on_not_read }, { "address_dead", on_address_dead },
	{ "manager_digest", on_digest }, { "ended", on_ended },
};

static bool is_manager_of(const struct unit *u, const char *address)
{
	return g_str_equal(u->manager, address) || g_str_equal(u->manager2, address);
}

bool simulate_units_read(struct world *w, const struct letter *l)
{
	struct unit *u = NULL;

	for (guint i = 0; i < w->units->len && !u; i++)
		if (is_manager_of(g_ptr_array_index(w->units, i), l->to))
			u = g_ptr_array_index(w->units, i);
	if (u && !g_str_equal(simulate_world_manager(w, u), l->to)) {
		simulate_check_violated(w->check, "former_manager", l->name);
		return true;
	}
	for (guint i = 0; u && i < G_N_ELEMENTS(readers); i++)
		if (g_str_equal(readers[i].letter, l->name) && !simulate_world_chance(w, RATE_forget))
			readers[i].read(w, u, l);
	return u != NULL;
}
