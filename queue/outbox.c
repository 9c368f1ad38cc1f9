/* outbox: a letter's way to the server. Every move of a row names the states it may come from, so that a postman who
 * overslept his lease finds nothing to change.
 */
#include "queue/journal.h"
#include "queue/outbox.h"
#include "queue/sql.h"

static void letter_free(void *p)
{
	struct letter *l = p;
	char *texts[] = { l->name, l->to, l->context, l->message_id, l->token, l->in_reply_to, l->references };
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	g_clear_pointer(&l->frozen, g_bytes_unref);
	g_free(l);
}

#define COLUMN(type, member) { type, offsetof(struct letter, member) }
static const struct sql_column letter_columns[] = {
	COLUMN('i', id), COLUMN('s', name), COLUMN('s', to), COLUMN('f', to_ca), COLUMN('s', context),
	COLUMN('s', message_id), COLUMN('s', token), COLUMN('s', in_reply_to), COLUMN('s', references),
	COLUMN('i', request), COLUMN('i', submission), COLUMN('i', owed_at), COLUMN('i', attempts), COLUMN('b', frozen),
	COLUMN('f', marked), { 0 },
};

static bool collect(struct db *db, gint64 to_ca, gint64 max, gint64 now, GPtrArray *all, GError **error)
{
	GError *failure = NULL;
	g_autoptr(sql_t) s = sql_start(db, "outbox_claimable", "iii", to_ca, now, max);
	while (sql_next(s, &failure)) {
		struct letter *l = g_new0(struct letter, 1);
		sql_fill(s, letter_columns, l);
		g_ptr_array_add(all, l);
	}
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}

static bool claim(struct db *db, guint max, gint64 now, gint64 lease, GPtrArray *all, GError **error)
{
	if (sql_run(db, error, "outbox_lost_journal", "i", now) < 0 || sql_run(db, error, "outbox_lost", "i", now) < 0 ||
	    !collect(db, 1, 1, now, all, error) || !collect(db, 0, (gint64)max - all->len, now, all, error))
		return false;
	for (guint i = 0; i < all->len; i++) {
		struct letter *l = all->pdata[i];
		l->attempts++;
		if (sql_run(db, error, "outbox_claim", "iii", l->id, now + lease, sql_holder(db)) < 0)
			return false;
	}
	return true;
}

GPtrArray *outbox_claim(struct db *db, guint max, gint64 now, gint64 lease, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(letter_free);
	gint64 next;
	/* Most looks find nothing: they need not wait for those who write. */
	if (!sql_get(db, &next, error, "outbox_next", "i", now))
		return NULL;
	if (next != 0)
		return g_steal_pointer(&all);
	if (!sql_enter_lightly(db, error))
		return NULL;
	return sql_leave(db, claim(db, max, now, lease, all, error), error) ? g_steal_pointer(&all) : NULL;
}

/* attempts is the fence: whoever claimed the letter after us has counted it up. */
static bool freeze(struct db *db, const GPtrArray *letters, gint64 now, GError **error)
{
	for (guint i = 0; i < letters->len; i++) {
		const struct letter *l = letters->pdata[i];
		g_assert(l->frozen != NULL);
		gint64 ours = sql_run(db, error, "outbox_sending", "iii", l->id, l->attempts, now);
		if (ours == 0)
			g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_REFUSED,
				    "letter L-%" G_GINT64_FORMAT " is no longer ours: the lease was over", l->id);
		if (ours <= 0 || sql_run(db, error, "letter_bytes_add", "ib", l->id, l->frozen) < 0)
			return false;
	}
	return true;
}

bool outbox_freeze(struct db *db, const GPtrArray *letters, gint64 now, GError **error)
{
	return sql_enter(db, error) && sql_leave(db, freeze(db, letters, now, error), error);
}

/* RFC 5321 4.5.4.1 wants patience of four to five days; the first tries come sooner for a short break of the server. */
static const gint64 waits[] = { 60, 5 * 60, 15 * 60, 3600, 4 * 3600, 86400 };
enum { GIVE_UP_AFTER = 5 * 86400 };

static bool note(struct db *db, const struct delivery *d, const char *event, gint64 now, GError **error)
{
	struct act a = { .db = db, .now = now, .role = "gateway", .strength = STRENGTH_OPERATOR, .note = d->answer };
	return journal_add(&a, event, &(struct about){ .letter = d->letter }, error);
}

static bool move_to(struct db *db, const char *statement, const struct delivery *d, gint64 now, GError **error)
{
	return sql_run(db, error, statement, "iisi", d->letter, (gint64)d->code, d->answer, now) >= 0;
}

static bool defer(struct db *db, const struct delivery *d, gint64 now, GError **error)
{
	gint64 deferrals, first;
	if (!sql_get(db, &deferrals, error, "outbox_deferrals", "i", d->letter) ||
	    !sql_get(db, &first, error, "outbox_first_try", "i", d->letter))
		return false;
	if (first != 0 && now - first >= GIVE_UP_AFTER)
		return move_to(db, "outbox_failed", d, now, error) && note(db, d, "letter_out_of_time", now, error);
	gint64 due = now + waits[MIN((guint64)deferrals, G_N_ELEMENTS(waits) - 1)];
	return move_to(db, "outbox_deferred", d, now, error) && sql_run(db, error, "outbox_due", "ii", d->letter, due) >= 0;
}

static const struct { const char *statement, *event; } moves[] = {
	[OUTCOME_SENT] = { "outbox_sent", NULL },
	[OUTCOME_FAILED] = { "outbox_failed", "letter_failed" },
	[OUTCOME_UNCERTAIN] = { "outbox_uncertain", "letter_uncertain" },
	[OUTCOME_UNTRIED] = { "outbox_untried", NULL },
};

static bool record(struct db *db, const GPtrArray *deliveries, gint64 now, GError **error)
{
	for (guint i = 0; i < deliveries->len; i++) {
		const struct delivery *d = deliveries->pdata[i];
		const char *event = d->outcome == OUTCOME_DEFERRED ? NULL : moves[d->outcome].event;
		bool ok = d->outcome == OUTCOME_DEFERRED ? defer(db, d, now, error)
							 : move_to(db, moves[d->outcome].statement, d, now, error);
		if (!ok || (event && !note(db, d, event, now, error)) ||
		    (d->address_fault && sql_run(db, error, "outbox_address_fault", "is", d->letter, d->address_fault) < 0))
			return false;
	}
	return true;
}

bool outbox_record(struct db *db, const GPtrArray *deliveries, gint64 now, GError **error)
{
	return sql_enter(db, error) && sql_leave(db, record(db, deliveries, now, error), error);
}

static bool recover(struct db *db, gint64 holder, gint64 now, GError **error)
{
	static const char *const steps[] = { "outbox_recover_journal", "outbox_recover_sending", "outbox_recover_held" };
	for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
		if (sql_run(db, error, steps[i], "ii", holder, now) < 0)
			return false;
	return true;
}

bool outbox_recover(struct db *db, gint64 holder, gint64 now, GError **error)
{
	return sql_enter(db, error) && sql_leave(db, recover(db, holder, now, error), error);
}

bool outbox_spoil(struct db *db, gint64 letter, const char *reason, gint64 now, GError **error)
{
	const struct delivery d = { .letter = letter, .answer = (char *)reason };
	return sql_enter(db, error) && sql_leave(db, move_to(db, "outbox_spoiled", &d, now, error) &&
						 note(db, &d, "letter_spoiled", now, error), error);
}

gint64 outbox_next(struct db *db, gint64 now, GError **error)
{
	gint64 next;
	return sql_get(db, &next, error, "outbox_next", "i", now) ? next : -1;
}

static bool retry(struct db *db, gint64 letter, const char *by, gint64 now, GError **error)
{
	gint64 there, changed = sql_run(db, error, "outbox_retry", "ii", letter, now);
	struct act a = { .db = db, .now = now, .role = "operator", .strength = STRENGTH_OPERATOR, .by_name = by };
	if (changed > 0)
		return journal_add(&a, "letter_retry", &(struct about){ .letter = letter }, error);
	if (changed == 0 && sql_get(db, &there, error, "letter_exists", "i", letter))
		g_set_error(error, QUEUE_ERROR, there ? QUEUE_ERROR_REFUSED : QUEUE_ERROR_NOT_FOUND,
			    there ? "letter %" G_GINT64_FORMAT " is on its way or sent" : "there is no letter %" G_GINT64_FORMAT,
			    letter);
	return false;
}

bool outbox_retry(struct db *db, gint64 letter, const char *by, gint64 now, GError **error)
{
	return sql_enter(db, error) && sql_leave(db, retry(db, letter, by, now, error), error);
}

static void person_free(void *p)
{
	struct list_person *l = p;
	char *texts[] = { l->tckn, l->given_name, l->family_name, l->birth_date, l->email, l->phone, l->unit, l->title, l->kind,
			  l->reader, l->expires };
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	g_free(l);
}

#define PERSON(type, member) { type, offsetof(struct list_person, member) }
static const struct sql_column person_columns[] = {
	PERSON('s', tckn), PERSON('s', given_name), PERSON('s', family_name), PERSON('s', birth_date), PERSON('s', email),
	PERSON('s', phone), PERSON('s', unit), PERSON('s', title), PERSON('s', kind), PERSON('s', reader),
	PERSON('s', expires), PERSON('f', backup), PERSON('i', years), { 0 },
};

GPtrArray *outbox_list_people(struct db *db, gint64 submission, GError **error)
{
	GError *failure = NULL;
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(person_free);
	g_autoptr(sql_t) s = sql_start(db, "outbox_list_people", "i", submission);
	while (sql_next(s, &failure)) {
		struct list_person *l = g_new0(struct list_person, 1);
		sql_fill(s, person_columns, l);
		g_ptr_array_add(all, l);
	}
	if (failure == NULL)
		return g_steal_pointer(&all);
	g_propagate_error(error, failure);
	return NULL;
}
