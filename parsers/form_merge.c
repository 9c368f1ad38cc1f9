/* form_merge: see form_merge.h. */
#include "parsers/form_merge.h"

#include "parsers/fold.h"

#include <string.h>

/* NULL: nothing that would tell this person from another. */
static char *key_of(const struct request_row *row)
{
	if (row->tckn)
		return g_strdup(row->tckn);
	if (!row->given_name || !row->family_name || !row->email)
		return NULL;
	g_autofree char *whole = g_strjoin(" ", row->given_name, row->family_name, row->email, NULL);
	return fold_words(whole);
}

/* Both say something, and not the same. */
static bool differ(const char *a, const char *b)
{
	g_autofree char *x = fold_words(a), *y = fold_words(b);

	return x && y && strcmp(x, y);
}

static bool contradict(const struct request_row *a, const struct request_row *b)
{
	return differ(a->given_name, b->given_name) || differ(a->family_name, b->family_name) || differ(a->email, b->email) ||
		differ(a->birth_date, b->birth_date) || differ(a->phone, b->phone) || differ(a->kind, b->kind) ||
		differ(a->reader, b->reader) || differ(a->expires, b->expires) ||
		(a->years && b->years && a->years != b->years);
}

/* An index of the rows by key: places in the array from 1. */
static GHashTable *index_of(const GPtrArray *rows)
{
	GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < rows->len; i++) {
		g_autofree char *key = key_of(rows->pdata[i]);
		if (key && !g_hash_table_contains(index, key))
			g_hash_table_insert(index, g_steal_pointer(&key), GUINT_TO_POINTER(i + 1));
	}
	return index;
}

/* Keeps the better of the two in the place of the first. The array frees the one that goes. */
static void settle(GPtrArray *rows, guint at, GPtrArray *others, GPtrArray *complaints)
{
	struct request_row *mine = rows->pdata[at], *theirs = others->pdata[0];
	bool theirs_counts = mine->verdict == ROW_REFUSED && theirs->verdict != ROW_REFUSED;
	const struct request_row *dropped = theirs_counts ? mine : theirs;

	if (contradict(mine, theirs))
		facts_complain(complaints, "duplicate_in_form", dropped->where, NULL);
	if (theirs_counts) {
		rows->pdata[at] = theirs;
		others->pdata[0] = mine;
	}
	g_ptr_array_remove_index(others, 0);
}

static void give_unit(struct request *r)
{
	for (guint i = 0; i < r->rows->len; i++) {
		struct request_row *row = r->rows->pdata[i];
		if (!row->unit)
			row->unit = g_strdup(r->unit);
	}
}

static void take_if_none(char **to, char **from)
{
	if (!*to)
		*to = g_steal_pointer(from);
}

struct request *form_merge(struct request *first, struct request *other, GPtrArray *complaints)
{
	if (!first || !other)
		return first ? first : other;
	g_autoptr(GHashTable) index = index_of(first->rows);

	if (g_strcmp0(first->unit, other->unit)) {
		give_unit(first);
		give_unit(other);
	}
	take_if_none(&first->unit, &other->unit);
	take_if_none(&first->ticket, &other->ticket);
	take_if_none(&first->form, &other->form);
	while (other->rows->len) {
		g_autofree char *key = key_of(other->rows->pdata[0]);
		guint at = key ? GPOINTER_TO_UINT(g_hash_table_lookup(index, key)) : 0;
		if (at)
			settle(first->rows, at - 1, other->rows, complaints);
		else
			g_ptr_array_add(first->rows, g_ptr_array_steal_index(other->rows, 0));
	}
	facts_request_free(other);
	return first;
}

static void name_place(char **where, const char *file)
{
	char *whole = *where && **where != '[' ? g_strdup_printf("[%s]%s", file, *where) : g_strdup(*where);

	g_free(*where);
	*where = whole;
}

void form_merge_name(struct request *r, const char *file)
{
	for (guint i = 0; r && file && i < r->rows->len; i++) {
		struct request_row *row = r->rows->pdata[i];
		name_place(&row->where, file);
		for (guint k = 0; k < row->complaints->len; k++)
			name_place(&((struct complaint *)row->complaints->pdata[k])->where, file);
	}
}
