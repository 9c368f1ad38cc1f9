/* directory: six columns, quoted or not (RFC 4180), at most some hundred lines; found by address through a hash. */
#include <string.h>
#include "queue/calendar.h"
#include "queue/directory.h"

enum { ADDRESS, ROLE, UNIT, NAME, FROM, TO, COLUMNS };

struct entry { struct member member; char *from, *to; };

struct directory {
	GPtrArray *entries;     /* in file order */
	GHashTable *by_address; /* address → GPtrArray of borrowed struct entry */
};

static const char *const roles[] = { "manager", "officer", "registry", "operator", "support", NULL };

static void entry_free(void *p)
{
	struct entry *e = p;
	g_free(e->member.address);
	g_free(e->member.role);
	g_free(e->member.unit);
	g_free(e->member.name);
	g_free(e->from);
	g_free(e->to);
	g_free(e);
}

void directory_free(struct directory *d)
{
	if (d == NULL)
		return;
	g_hash_table_unref(d->by_address);
	g_ptr_array_unref(d->entries);
	g_free(d);
}

/* One field from *at, which then stands at the comma or the end. NULL when a quote is not closed. */
static char *take_field(const char **at)
{
	GString *field = g_string_new(NULL);
	const char *p = *at;
	if (*p != '"') {
		gsize n = strcspn(p, ",");
		g_string_append_len(field, p, n);
		*at = p + n;
		return g_strstrip(g_string_free(field, FALSE));
	}
	for (p++; *p != '\0' && (*p != '"' || p[1] == '"'); p++) {
		p += *p == '"';
		g_string_append_c(field, *p);
	}
	if (*p != '"' || (p[1] != ',' && p[1] != '\0')) {
		g_string_free(field, TRUE);
		return NULL;
	}
	*at = p + 1;
	return g_strstrip(g_string_free(field, FALSE));
}

static GPtrArray *split_line(const char *line)
{
	g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(g_free);
	for (;; line++) {
		char *field = take_field(&line);
		if (field == NULL)
			return NULL;
		g_ptr_array_add(fields, field);
		if (*line == '\0')
			return g_steal_pointer(&fields);
	}
}

static bool iso_or_empty(const char *date)
{
	static const char shape[] = "dddd-dd-dd";
	if (*date == '\0')
		return true;
	for (int i = 0; i < 10; i++)
		if (shape[i] == 'd' ? !g_ascii_isdigit(date[i]) : date[i] != '-')
			return false;
	return date[10] == '\0';
}

static bool plain_address(const char *address)
{
	const char *at = strchr(address, '@');
	if (at == NULL || at == address || at[1] == '\0' || strchr(at + 1, '@') != NULL)
		return false;
	for (const char *p = address; *p; p++)
		if ((guchar)*p <= ' ' || *p == 0x7f || strchr("<>,;:\"()", *p))
			return false;
	return true;
}

/* What is wrong with the fields of a line, NULL: nothing. */
static const char *line_fault(const GPtrArray *fields)
{
	if (fields == NULL)
		return "a quote is not closed";
	if (fields->len < 2 || fields->len > COLUMNS)
		return "there should be address,role,unit,name,from,to";
	if (!plain_address(fields->pdata[ADDRESS]))
		return "the first column is no mail address";
	if (!g_strv_contains(roles, fields->pdata[ROLE]))
		return "the role is none of manager, officer, registry, operator, support";
	for (guint i = FROM; i < fields->len; i++)
		if (!iso_or_empty(fields->pdata[i]))
			return "a date is not written as 2026-01-31";
	return NULL;
}

static char *field(const GPtrArray *fields, guint i)
{
	return g_strdup(i < fields->len ? fields->pdata[i] : "");
}

static void add_entry(struct directory *d, const GPtrArray *fields)
{
	struct entry *e = g_new0(struct entry, 1);
	e->member.address = g_ascii_strdown(fields->pdata[ADDRESS], -1);
	e->member.role = field(fields, ROLE);
	e->member.unit = field(fields, UNIT);
	e->member.name = field(fields, NAME);
	e->from = field(fields, FROM);
	e->to = field(fields, TO);
	g_ptr_array_add(d->entries, e);
	GPtrArray *same = g_hash_table_lookup(d->by_address, e->member.address);
	if (same == NULL) {
		same = g_ptr_array_new();
		g_hash_table_insert(d->by_address, e->member.address, same);
	}
	g_ptr_array_add(same, e);
}

struct directory *directory_parse(const char *csv, GError **error)
{
	struct directory *d = g_new0(struct directory, 1);
	d->entries = g_ptr_array_new_with_free_func(entry_free);
	d->by_address = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
	if (g_str_has_prefix(csv, "\xef\xbb\xbf"))
		csv += 3;
	g_auto(GStrv) lines = g_strsplit(csv, "\n", -1);
	for (guint i = 0; lines[i]; i++) {
		const char *line = g_strstrip(lines[i]);
		if (*line == '\0' || *line == '#' || (i == 0 && g_str_has_prefix(line, "address,")))
			continue;
		g_autoptr(GPtrArray) fields = split_line(line);
		const char *fault = g_utf8_validate(line, -1, NULL) ? line_fault(fields) : "it is not UTF-8";
		if (fault == NULL) {
			add_entry(d, fields);
			continue;
		}
		g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_DIRECTORY, "directory, line %u: %s", i + 1, fault);
		directory_free(d);
		return NULL;
	}
	return d;
}

static bool fits(const struct entry *e, const char *role, const char *today)
{
	return (role == NULL || strcmp(e->member.role, role) == 0) && (*e->from == '\0' || strcmp(e->from, today) <= 0) &&
		(*e->to == '\0' || strcmp(e->to, today) >= 0);
}

static const struct member *first_fit(const GPtrArray *entries, const char *role, gint64 now)
{
	char today[11];
	calendar_iso(calendar_day(now), today);
	for (guint i = 0; entries && i < entries->len; i++)
		if (fits(entries->pdata[i], role, today))
			return &((struct entry *)entries->pdata[i])->member;
	return NULL;
}

const struct member *directory_find(const struct directory *d, const char *address, const char *role, gint64 now)
{
	if (address == NULL)
		return NULL;
	g_autofree char *lower = g_ascii_strdown(address, -1);
	return first_fit(g_hash_table_lookup(d->by_address, lower), role, now);
}

const struct member *directory_first(const struct directory *d, const char *role, gint64 now)
{
	return first_fit(d->entries, role, now);
}

GPtrArray *directory_all(const struct directory *d, const char *role, gint64 now)
{
	GPtrArray *all = g_ptr_array_new();
	char today[11];
	calendar_iso(calendar_day(now), today);
	for (guint i = 0; i < d->entries->len; i++) {
		struct entry *e = d->entries->pdata[i];
		if (fits(e, role, today))
			g_ptr_array_add(all, &e->member);
	}
	return all;
}

const struct member *directory_of_unit(const struct directory *d, const char *role, const char *unit, gint64 now)
{
	g_autoptr(GPtrArray) all = directory_all(d, role, now);
	for (guint i = 0; i < all->len; i++) {
		const struct member *m = all->pdata[i];
		if (unit != NULL && *unit != '\0' && strcmp(m->unit, unit) == 0)
			return m;
	}
	return NULL;
}
