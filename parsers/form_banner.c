/* form_banner: see form_banner.h. */
#include "parsers/form_banner.h"

#include <string.h>

enum { LABEL_BYTES = 80, UNIT_BYTES = 200, TICKET_BYTES = 60, LINES = 200 };

static bool is_ticket(const char *value)
{
	return strlen(value) <= TICKET_BYTES && strpbrk(value, "0123456789");
}

static bool is_unit(const char *value)
{
	return strlen(value) <= UNIT_BYTES;
}

static const struct { const char *name; size_t member; bool (*fits)(const char *value); } labels[] = {
	{ "unit", G_STRUCT_OFFSET(struct request, unit), is_unit },
	{ "ticket", G_STRUCT_OFFSET(struct request, ticket), is_ticket },
};

static void take(struct request *r, const char *name, const char *value)
{
	g_autofree char *text = g_strstrip(g_strdup(value));

	for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
		char **member = G_STRUCT_MEMBER_P(r, labels[i].member);
		if (!strcmp(labels[i].name, name) && !*member && labels[i].fits(text))
			*member = g_steal_pointer(&text);
	}
}

static void take_version(struct request *r, const char *value)
{
	gint64 version = g_ascii_strtoll(value, NULL, 10);

	if (!r->form_version)
		r->form_version = CLAMP(version, 0, G_MAXINT32);
}

static const char *next_text(const GPtrArray *row, guint i)
{
	for (i++; i < row->len; i++)
		if (*(const char *)row->pdata[i])
			return row->pdata[i];
	return NULL;
}

static void read_cell(struct request *r, const struct headings *h, const GPtrArray *row, guint i)
{
	const char *cell = row->pdata[i], *colon = strchr(cell, ':');
	size_t len = colon ? (size_t)(colon - cell) : strlen(cell);
	g_autofree char *before = len && len < LABEL_BYTES ? g_strndup(cell, len) : NULL;
	const char *name = before ? headings_value(h, "label", before) : NULL;
	const char *inside = colon && !headings_is_empty(h, colon + 1) ? colon + 1 : next_text(row, i);

	if (!name || !inside || headings_is_empty(h, inside))
		return;
	if (!strcmp(name, "form_version"))
		take_version(r, inside);
	else
		take(r, name, inside);
}

void form_banner_row(struct request *r, const struct headings *h, const GPtrArray *row)
{
	for (guint i = 0; i < row->len; i++)
		read_cell(r, h, row, i);
}

/* A tab or three blanks part what stands beside each other on a line. */
static void read_line(struct request *r, const struct headings *h, const char *line)
{
	if (!strpbrk(line, ":\t") && !strstr(line, "   ")) /* one cell and no value in it */
		return;
	g_autofree char *parted = g_strdup(line + strspn(line, "> \t*-"));
	g_autoptr(GPtrArray) row = g_ptr_array_new();
	char *cell = parted;

	for (char *p = parted; (p = strpbrk(p, " \t")); p++) {
		size_t gap = strspn(p, " \t");
		if (gap < 3 && !memchr(p, '\t', gap))
			continue;
		*p = '\0';
		g_ptr_array_add(row, cell);
		cell = p + gap;
		p = cell - 1;
	}
	g_ptr_array_add(row, cell);
	form_banner_row(r, h, row);
}

void form_banner_text(struct request *r, const struct headings *h, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", LINES);

	for (guint i = 0; lines[i] && i + 1 < LINES; i++)
		read_line(r, h, lines[i]);
}
