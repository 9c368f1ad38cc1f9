/* pending: items are few, and mails with several rows many: so what is open is read once for a mail, and rows are compared here. */
#include <string.h>
#include "queue/calendar.h"
#include "queue/complaint.h"
#include "queue/journal.h"
#include "queue/pending.h"
#include "queue/sql.h"

enum { DAYS = 5 }; /* working days until the manager is to be reminded */

/* Who is meant, as far as it can be compared: a sound identity number alone, else the wrong one and the name, else the address
 * too. With names and addresses of people whose numbers are known, one could be taken for another. */
struct item { gint64 id; bool whole; char *tckn, *name_key, *email, *ticket, *unit; };

struct pending {
	const struct act *act;
	const struct pending_mail *mail;
	GPtrArray *items; /* struct item, open ones only */
	char *ticket, *unit; /* of what was settled */
};

static void item_free(void *p)
{
	struct item *i = p;
	g_free(i->tckn);
	g_free(i->name_key);
	g_free(i->email);
	g_free(i->ticket);
	g_free(i->unit);
	g_free(i);
}

void pending_free(struct pending *p)
{
	if (p == NULL)
		return;
	g_ptr_array_unref(p->items);
	g_free(p->ticket);
	g_free(p->unit);
	g_free(p);
}

struct pending *pending_open(const struct act *a, const struct pending_mail *m, GError **error)
{
	static const struct sql_column columns[] = {
		{ 'i', offsetof(struct item, id) },       { 'f', offsetof(struct item, whole) }, { 's', offsetof(struct item, tckn) },
		{ 's', offsetof(struct item, name_key) }, { 's', offsetof(struct item, email) }, { 's', offsetof(struct item, ticket) },
		{ 's', offsetof(struct item, unit) },     { 0 },
	};
	GError *failure = NULL;
	g_autoptr(pending_t) p = g_new0(struct pending, 1);
	p->act = a;
	p->mail = m;
	p->items = g_ptr_array_new_with_free_func(item_free);
	g_autoptr(sql_t) s = sql_start(a->db, "pending_open", "ssii", m->sender, m->sender_unit, m->letter, m->thread);
	while (sql_next(s, &failure)) {
		struct item *i = g_new0(struct item, 1);
		sql_fill(s, columns, i);
		g_ptr_array_add(p->items, i);
	}
	if (failure == NULL)
		return g_steal_pointer(&p);
	g_propagate_error(error, failure);
	return NULL;
}

/* What is waited for: a row, or with NULL a whole mail, and why; `letter` (0: none) told it. */
struct wait { const struct request_row *row; const char *reason; gint64 letter; };

static bool journal(const struct act *a, const char *event, gint64 item, const struct about *about, GError **error)
{
	struct act told = *a;
	g_autofree char *note = g_strdup_printf("P-%" G_GINT64_FORMAT "%s%s", item, a->note ? " " : "", a->note ?: "");
	told.note = note;
	return journal_add(&told, event, about, error);
}

static struct item *find(const struct pending *p, const char *key, size_t offset)
{
	for (guint i = 0; key && *key && i < p->items->len; i++) {
		struct item *item = p->items->pdata[i];
		if (!item->whole && g_strcmp0(G_STRUCT_MEMBER(char *, item, offset), key) == 0)
			return item;
	}
	return NULL;
}

static struct item *find_person(const struct pending *p, const struct item *who)
{
	return find(p, who->tckn, offsetof(struct item, tckn)) ?: find(p, who->name_key, offsetof(struct item, name_key)) ?:
		find(p, who->email, offsetof(struct item, email));
}

static struct item *find_whole(const struct pending *p)
{
	for (guint i = 0; i < p->items->len; i++)
		if (((struct item *)p->items->pdata[i])->whole)
			return p->items->pdata[i];
	return NULL;
}

static struct item *item_of(const struct request_row *row)
{
	bool sound = row->tckn && *row->tckn && !complaint_about(row, "tckn");
	bool named = row->name_key && *row->name_key && !complaint_about(row, "name");
	struct item *i = g_new0(struct item, 1);
	i->tckn = g_strdup(row->tckn);
	i->name_key = sound || !named ? NULL : g_strdup(row->name_key);
	i->email = sound || named ? NULL : g_strdup(row->email);
	return i;
}

static gint64 due(const struct act *a)
{
	return calendar_after(a->policy->calendar, a->now, DAYS);
}

static bool add(struct pending *p, struct item *i, const struct wait *w, GError **error)
{
	const struct act *a = p->act;
	const struct pending_mail *m = p->mail;
	const struct request_row *row = w->row;
	g_autofree char *name = row ? g_strjoin(" ", row->given_name ?: "", row->family_name ?: "", NULL) : g_strdup("");
	if (sql_run(a->db, error, "pending_add", "is" "ssss" "ii" "sssss" "iii", (gint64)i->whole, w->reason, m->sender,
		    m->sender_unit, m->unit ?: m->sender_unit, m->ticket, a->mail, m->request, row ? row->where : NULL,
		    g_strstrip(name), i->tckn, i->name_key, i->email, w->letter, a->now, due(a)) < 0)
		return false;
	i->id = sql_last_id(a->db);
	return true;
}

/* Takes `fresh`: it becomes an item, unless the same is `known` and open. */
static bool open_or_count(struct pending *p, struct item *known, struct item *fresh, const struct wait *w, gint64 *id, GError **error)
{
	struct act told = *p->act;
	struct about about = { .letter = w->letter, .place = w->row ? w->row->where : NULL };
	told.note = w->reason;
	if (known != NULL) {
		item_free(fresh);
		*id = known->id;
		return sql_run(told.db, error, "pending_again", "isiisi", known->id, w->reason, told.mail, w->letter, about.place,
			       due(&told)) >= 0 &&
			journal(&told, "pending_again", known->id, &about, error);
	}
	g_ptr_array_add(p->items, fresh);
	bool ok = add(p, fresh, w, error);
	*id = fresh->id;
	return ok && journal(&told, "pending_opened", fresh->id, &about, error);
}

bool pending_wait(struct pending *p, const struct request_row *row, const char *reason, gint64 *item, GError **error)
{
	struct item *who = item_of(row);
	struct wait w = { row, reason, 0 };
	*item = 0;
	if (who->tckn == NULL && who->name_key == NULL && who->email == NULL) {
		item_free(who);
		return true;
	}
	return open_or_count(p, find_person(p, who), who, &w, item, error);
}

bool pending_unreadable(struct pending *p, const char *reason, gint64 letter, GError **error)
{
	gint64 id;
	struct item *mail = g_new0(struct item, 1);
	struct wait w = { NULL, reason, letter };
	mail->whole = true;
	return open_or_count(p, find_whole(p), mail, &w, &id, error);
}

static void inherit(char **mine, char **of_item)
{
	if (*mine == NULL)
		*mine = g_steal_pointer(of_item);
}

static bool settle(struct pending *p, struct item *i, const struct about *about, GError **error)
{
	const struct act *a = p->act;
	bool ok = sql_run(a->db, error, "pending_end", "iii", i->id, a->now, a->mail) >= 0 &&
		journal(a, "pending_settled", i->id, about, error);
	inherit(&p->ticket, &i->ticket);
	inherit(&p->unit, &i->unit);
	g_ptr_array_remove(p->items, i);
	return ok;
}

bool pending_settle(struct pending *p, const struct request_row *row, gint64 application, gint64 *item, GError **error)
{
	const struct item who = { .tckn = row->tckn, .name_key = row->name_key, .email = row->email };
	struct item *i = find_person(p, &who);
	struct about about = { .application = application, .place = row->where };
	*item = i ? i->id : 0;
	return i == NULL || settle(p, i, &about, error);
}

bool pending_readable(struct pending *p, GError **error)
{
	const struct pending_mail *m = p->mail;
	for (struct item *i = find_whole(p); i != NULL; i = find_whole(p))
		if (!settle(p, i, &(struct about){ 0 }, error))
			return false;
	if ((m->ticket || p->ticket == NULL) && (m->unit || p->unit == NULL))
		return true;
	return sql_run(p->act->db, error, "request_inherit", "iss", m->request, m->ticket ?: p->ticket, m->unit ?: p->unit) >= 0;
}

static bool close_by_hand(const struct act *operator, gint64 item, GError **error)
{
	gint64 there, changed = sql_run(operator->db, error, "pending_end", "iii", item, operator->now, (gint64)0);
	if (changed > 0)
		return journal(operator, "pending_closed", item, &(struct about){ 0 }, error);
	if (changed == 0 && sql_get(operator->db, &there, error, "pending_exists", "i", item))
		g_set_error(error, QUEUE_ERROR, there ? QUEUE_ERROR_REFUSED : QUEUE_ERROR_NOT_FOUND,
			    there ? "P-%" G_GINT64_FORMAT " is closed already" : "there is no P-%" G_GINT64_FORMAT, item);
	return false;
}

bool pending_close(struct db *db, const struct pending_end *end, gint64 now, GError **error)
{
	const struct act operator = { .db = db, .now = now, .role = "operator", .strength = STRENGTH_OPERATOR,
				      .by_name = end->by, .note = end->note };
	return sql_enter(db, error) && sql_leave(db, close_by_hand(&operator, end->item, error), error);
}
