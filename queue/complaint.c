/* complaint: codes, places and values as JSON. A value is what a stranger wrote: it may be an identity number in any field. */
#include <string.h>
#include "queue/complaint.h"

enum { DIGITS_LEAST = 9, DIGITS_MOST = 12, DIGITS_TCKN = 11 };

/* The length of a run of digits; single blanks and marks between them are passed over when `loose`. */
static gsize run_of(const char *text, bool loose, gsize *digits)
{
	gsize n = 0, end = 0;
	for (*digits = 0; text[n] != '\0'; n++) {
		if (g_ascii_isdigit(text[n]))
			++*digits, end = n + 1;
		else if (!loose || n == end + 1 || strchr(" .-/", text[n]) == NULL)
			break;
	}
	return end;
}

/* All but the first three and the last two. */
static void mask_digits(char *text, gsize digits)
{
	for (gsize seen = 0; seen < digits; text++) {
		if (!g_ascii_isdigit(*text))
			continue;
		if (seen >= 3 && seen + 2 < digits)
			*text = '*';
		seen++;
	}
}

/* Where an identity number is looked for, whatever has nearly as many digits is one; elsewhere blanks between the digits are
 * those of telephone numbers and dates, unless there are exactly eleven, the first of them not 0. */
static void mask(char *text, bool tckn)
{
	while (*text != '\0') {
		gsize digits, n = run_of(text, false, &digits);
		bool masked = digits >= DIGITS_LEAST && digits <= DIGITS_MOST;
		if (!masked) {
			gsize loose = run_of(text, true, &digits);
			masked = tckn ? digits >= DIGITS_LEAST : digits == DIGITS_TCKN && *text != '0';
			n = masked ? loose : n;
		}
		if (masked)
			mask_digits(text, digits);
		text += n + (n == 0);
	}
}

static void append_masked(GString *json, const char *name, const char *value, bool tckn)
{
	g_autofree char *masked = g_strdup(value ?: "");
	mask(masked, tckn);
	g_string_append_printf(json, ",\"%s\":", name);
	facts_append_string(json, masked);
}

/* What the reader mends by itself, and where it put what it took it for. */
#define TEXT(member) 's', offsetof(struct request_row, member)
#define NAME 'n', 0
static const struct repair { const char *code; char type; size_t offset; } repairs[] = {
	{ "tckn_blanks", TEXT(tckn) }, { "email_repaired", TEXT(email) }, { "name_split", NAME }, { "name_title", NAME },
	{ "years_foreigner", 'i', offsetof(struct request_row, years) },
};

static const struct repair *find_repair(const char *code)
{
	for (guint i = 0; i < G_N_ELEMENTS(repairs); i++)
		if (g_strcmp0(repairs[i].code, code) == 0)
			return &repairs[i];
	return NULL;
}

/* NULL: nothing was mended. */
static char *read_as(const struct request_row *row, const struct repair *r)
{
	if (row == NULL || r == NULL)
		return NULL;
	if (r->type == 'n')
		return g_strjoin(" / ", row->given_name ?: "", row->family_name ?: "", NULL);
	if (r->type == 'i')
		return g_strdup_printf("%" G_GINT64_FORMAT, G_STRUCT_MEMBER(gint64, row, r->offset));
	return g_strdup(G_STRUCT_MEMBER(char *, row, r->offset));
}

static void append(GString *json, const struct complaint *c, const struct request_row *row)
{
	bool tckn = c->code && g_str_has_prefix(c->code, "tckn");
	g_autofree char *read = read_as(row, find_repair(c->code));
	g_string_append(json, json->len > 1 ? ",{\"complaint\":" : "{\"complaint\":");
	facts_append_string(json, c->code);
	g_string_append(json, ",\"where\":");
	facts_append_string(json, c->where ?: "");
	append_masked(json, "value", c->value, tckn);
	append_masked(json, "read", read, tckn);
	g_string_append_c(json, '}');
}

char *complaint_list(const GPtrArray *complaints, const struct request_row *row, const char *more)
{
	GString *json = g_string_new("[");
	for (guint i = 0; complaints && i < complaints->len; i++)
		append(json, complaints->pdata[i], row);
	if (more != NULL)
		append(json, &(struct complaint){ .code = (char *)more }, NULL);
	g_string_append_c(json, ']');
	return g_string_free(json, FALSE);
}

char *complaint_written(const GPtrArray *complaints, const char *more)
{
	GString *json = g_string_new(NULL);
	facts_append_complaints(json, complaints);
	if (more != NULL) {
		g_string_truncate(json, json->len - 1);
		g_string_append_printf(json, "%s{\"code\":\"%s\"}]", complaints->len ? "," : "", more);
	}
	return g_string_free(json, FALSE);
}

bool complaint_about(const struct request_row *row, const char *prefix)
{
	for (guint i = 0; i < row->complaints->len; i++) {
		const struct complaint *c = row->complaints->pdata[i];
		if (c->code && g_str_has_prefix(c->code, prefix) && find_repair(c->code) == NULL)
			return true;
	}
	return false;
}
