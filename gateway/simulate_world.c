/* simulate_world: see the header. Numbers and names are made by rule: nobody can be meant. */
#include "gateway/simulate_world.h"
#include <string.h>
#include "gateway/simulate_staff.h"
#include "queue/apply.h"
#include "queue/calendar.h"
#include "queue/certificate.h"
#include "queue/inbox.h"

#define RATE(name, preset, sentence) { #name, preset, sentence },
const struct rate_row simulate_world_rates[RATES] = {
#include "gateway/simulate.def"
};
#undef RATE

enum { PEOPLE_OF_A_UNIT = 25, UNITS_A_CHANGE = 6 };

/* What officers of the simulation sign with. */
static const struct pinned officer_certificate = { (char *)"simulation", (char *)"CN=Deneme", 0, G_MAXINT64 };

struct event { gint64 at; guint64 no; simulate_act run; void *data; GDestroyNotify done; };
struct later { void (*run)(struct world *w, struct person *p); struct person *person; guint round; };
struct post { struct facts *facts; bool nonsense; };

static guint units_of(gint64 people)
{
	return (guint)(people / PEOPLE_OF_A_UNIT) + 2;
}

char *simulate_world_directory(gint64 people)
{
	GString *csv = g_string_new("address,role,unit,name,from,to\n" SIMULATE_OFFICER ",officer,,Deneme Yetkili,,2026-06-30\n"
				    SIMULATE_OFFICER2 ",officer,,Deneme Vekil,2026-07-01,\n"
				    SIMULATE_REGISTRY ",registry,,Deneme Evrak,,\n");

	for (guint i = 0; i < units_of(people); i++) {
		bool changes = i % UNITS_A_CHANGE == 0;

		g_string_append_printf(csv, "amir%u@" SIMULATE_DOMAIN ",manager,Birim %u,Deneme Amir,,%s\n", i, i,
				       changes ? "2026-06-30" : "");
		if (changes)
			g_string_append_printf(csv, "amir%u.yeni@" SIMULATE_DOMAIN ",manager,Birim %u,Test Amir,2026-07-01,\n", i, i);
	}
	return g_string_free(csv, FALSE);
}

static bool after_change(const struct world *w)
{
	return w->now >= SIMULATE_BEGIN + 181 * SIMULATE_DAY; /* 2026-07-01 */
}

const char *simulate_world_officer(const struct world *w)
{
	return after_change(w) ? SIMULATE_OFFICER2 : SIMULATE_OFFICER;
}

const char *simulate_world_manager(const struct world *w, const struct unit *u)
{
	return after_change(w) ? u->manager2 : u->manager;
}

/* ---- dice ---- */

bool simulate_world_chance(struct world *w, enum rate rate)
{
	return g_rand_double(w->dice) < w->rates[rate];
}

gint64 simulate_world_hours(struct world *w, double least, double most)
{
	return (gint64)(g_rand_double_range(w->dice, least, most) * SIMULATE_HOUR);
}

gint64 simulate_world_at_work(struct world *w, double least, double most)
{
	gint64 at = w->now + simulate_world_hours(w, least, most), open = calendar_next_open(w->policy.calendar, at);

	return open == at ? at : open + simulate_world_hours(w, 0.1, 2);
}

/* ---- people ---- */

/* No two people have the same number, and its check digits are right. */
static void make_tckn(guint no, bool foreigner, char tckn[12])
{
	int d[11] = { 1, 0, 0 }, sum = 0;

	if (foreigner)
		d[0] = d[1] = 9;
	for (int i = 8; i > 2; i--, no /= 10)
		d[i] = (int)(no % 10);
	d[9] = ((7 * (d[0] + d[2] + d[4] + d[6] + d[8]) - (d[1] + d[3] + d[5] + d[7])) % 10 + 10) % 10;
	for (int i = 0; i < 10; i++)
		sum += d[i];
	d[10] = sum % 10;
	for (int i = 0; i < 11; i++)
		tckn[i] = (char)('0' + d[i]);
	tckn[11] = '\0';
}

static void person_free(void *data)
{
	struct person *p = data;

	g_free(p->given_name);
	g_free(p->family_name);
	g_free(p->name_key);
	g_free(p);
}

static void unit_free(void *data)
{
	struct unit *u = data;

	g_free(u->name);
	g_free(u->manager);
	g_free(u->manager2);
	g_ptr_array_unref(u->unread);
	g_free(u);
}

void simulate_world_move(struct world *w, struct person *p)
{
	guint before = p->email ? (guint)(g_ascii_strtoull(strchr(p->email, '.') + 1, NULL, 10) + 1) : 0;

	p->email = g_strdup_printf("kisi%u.%u@" SIMULATE_DOMAIN, p->no, before);
	p->dies_at = 0;
	g_hash_table_insert(w->by_address, p->email, p);
}

/* Letters in names, for a name with digits is no name. */
static char *letters_of(guint no)
{
	GString *s = g_string_new(NULL);

	do
		g_string_prepend_c(s, (char)('a' + no % 26));
	while (no /= 26);
	return g_string_free(s, FALSE);
}

/* A renewal is asked for in the three months before the end, and by some units too late. */
static gint64 expiry(struct world *w, gint64 days)
{
	return calendar_day(SIMULATE_BEGIN) + g_rand_int_range(w->dice, 5, (gint32)days + 100);
}

static struct person *add_person(struct world *w, guint no, gint64 days)
{
	struct person *p = g_new0(struct person, 1);

	p->no = no;
	p->given_name = g_strdup("Deneme");
	p->family_name = letters_of(no);
	p->name_key = g_strconcat("deneme ", p->family_name, NULL);
	p->family_name[0] = g_ascii_toupper(p->family_name[0]);
	make_tckn(no, no % 40 == 7, p->tckn);
	p->unit = g_ptr_array_index(w->units, (guint)g_rand_int_range(w->dice, 0, (gint32)w->units->len));
	p->kind = simulate_world_chance(w, RATE_first) ? "first" : simulate_world_chance(w, RATE_lost) ? "lost" : "renewal";
	if (!g_str_equal(p->kind, "first"))
		calendar_iso(expiry(w, days), p->expires);
	simulate_world_move(w, p);
	p->dies_at = simulate_world_chance(w, RATE_dead) ? w->now + simulate_world_hours(w, 0, 24.0 * (double)days) : 0;
	g_ptr_array_add(w->people, p);
	g_hash_table_insert(w->by_tckn, p->tckn, p);
	g_hash_table_insert(w->by_name, p->name_key, p);
	return p;
}

static void import(struct world *w, const struct person *p)
{
	const struct certificate_entry e = { p->tckn, p->given_name, p->family_name, "1980-01-31", p->unit->name, p->email,
					     p->expires };
	bool known;

	if (*p->expires && simulate_world_chance(w, RATE_imported) && !w->error)
		certificate_import(w->db, &e, &known, &w->error);
}

static void event_free(void *data)
{
	struct event *e = data;

	if (e->done)
		e->done(e->data);
	g_free(e);
}

struct world *simulate_world_new(struct db *db, const struct policy *policy, const struct simulate_setup *s)
{
	struct world *w = g_new0(struct world, 1);

	*w = (struct world){ .db = db, .policy = *policy, .now = SIMULATE_BEGIN, .end = SIMULATE_BEGIN + s->days * SIMULATE_DAY,
			     .dice = g_rand_new_with_seed((guint32)s->seed),
			     .units = g_ptr_array_new_with_free_func(unit_free),
			     .people = g_ptr_array_new_with_free_func(person_free),
			     .lists = g_hash_table_new(NULL, NULL),
			     .by_address = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
			     .by_tckn = g_hash_table_new(g_str_hash, g_str_equal),
			     .by_name = g_hash_table_new(g_str_hash, g_str_equal), .agenda = g_sequence_new(event_free) };
	w->policy.support_address = SIMULATE_SUPPORT;
	w->policy.pinned = w->pinned = g_ptr_array_new();
	g_ptr_array_add(w->pinned, (gpointer)&officer_certificate);
	w->check = simulate_check_new(&w->policy);
	w->staff = simulate_staff_new();
	memcpy(w->rates, s->rates, sizeof w->rates);
	for (guint i = 0; i < units_of(s->people); i++) {
		struct unit *u = g_new0(struct unit, 1);

		u->name = g_strdup_printf("Birim %u", i);
		u->manager = g_strdup_printf("amir%u@" SIMULATE_DOMAIN, i);
		u->manager2 = i % UNITS_A_CHANGE ? g_strdup(u->manager) : g_strdup_printf("amir%u.yeni@" SIMULATE_DOMAIN, i);
		u->unread = g_ptr_array_new();
		g_ptr_array_add(w->units, u);
	}
	for (guint i = 0; i < s->people; i++)
		import(w, add_person(w, i, s->days));
	return w;
}

void simulate_world_free(struct world *w)
{
	if (!w)
		return;
	g_sequence_free(w->agenda);
	g_hash_table_unref(w->lists);
	g_hash_table_unref(w->by_address);
	g_hash_table_unref(w->by_tckn);
	g_hash_table_unref(w->by_name);
	g_ptr_array_unref(w->people);
	g_ptr_array_unref(w->units);
	g_ptr_array_unref(w->pinned);
	simulate_check_free(w->check);
	simulate_staff_free(w->staff);
	g_rand_free(w->dice);
	g_clear_error(&w->error);
	g_free(w);
}

/* ---- the agenda ---- */

static int earlier(gconstpointer a, gconstpointer b, gpointer unused)
{
	const struct event *x = a, *y = b;

	return x->at != y->at ? (x->at < y->at ? -1 : 1) : x->no < y->no ? -1 : x->no > y->no;
}

void simulate_world_at(struct world *w, gint64 at, simulate_act run, void *data, GDestroyNotify done)
{
	struct event *e = g_new(struct event, 1);

	*e = (struct event){ MAX(at, w->now), w->events++, run, data, done };
	g_sequence_insert_sorted(w->agenda, e, earlier, NULL);
}

static void run_later(struct world *w, void *data)
{
	struct later *l = data;

	if (l->person->round == l->round)
		l->run(w, l->person);
}

void simulate_world_later(struct world *w, gint64 at, void (*run)(struct world *w, struct person *p), struct person *p)
{
	struct later *l = g_new(struct later, 1);

	*l = (struct later){ run, p, p->round };
	simulate_world_at(w, at, run_later, l, g_free);
}

gint64 simulate_world_next(const struct world *w)
{
	GSequenceIter *first = g_sequence_get_begin_iter(w->agenda);

	return g_sequence_iter_is_end(first) ? G_MAXINT64 : ((struct event *)g_sequence_get(first))->at;
}

void simulate_world_run_due(struct world *w)
{
	while (!w->error && simulate_world_next(w) <= w->now) {
		GSequenceIter *first = g_sequence_get_begin_iter(w->agenda);
		struct event *e = g_sequence_get(first);

		e->run(w, e->data);
		g_sequence_remove(first);
	}
}

/* ---- mails to the gateway ---- */

static void post_free(void *data)
{
	struct post *p = data;

	facts_free(p->facts);
	g_free(p);
}

static void arrive(struct world *w, void *data)
{
	const struct post *p = data;
	g_autofree char *text = g_strdup_printf("mail %" G_GUINT64_FORMAT, w->mails++);
	g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
	gint64 id = inbox_ingest(w->db, "simulation", raw, w->now, &w->error);

	if (id == 0)
		return;
	simulate_check_mail(w->check, &(struct check_mail){ id, p->facts->from, w->now, p->nonsense });
	if (!apply_mail(w->db, &w->policy, id, p->facts, w->now, &w->error))
		return;
	if (p->facts->bounce)
		simulate_check_dead(w->check, ((struct bounce_recipient *)g_ptr_array_index(p->facts->bounce->recipients, 0))->address);
}

void simulate_world_mail(struct world *w, gint64 at, struct facts *f, bool nonsense)
{
	struct post *p = g_new(struct post, 1);

	*p = (struct post){ f, nonsense };
	simulate_world_at(w, at, arrive, p, post_free);
}
