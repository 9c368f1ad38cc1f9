/* form_text: see form_text.h.
 *
 * A line may hold several labels ("TC: 1, Ad Soyad: b"): what stands before a colon is a label if it is one as a whole,
 * or from the last comma, semicolon, bar, tab or double blank on. Everything else is somebody's sentence.
 */
#include "parsers/form_text.h"

#include "parsers/form_pairs.h"

#include <string.h>

enum { TEXT_BYTES = 1 << 20, LINE_BYTES = 2000, LABEL_BYTES = 120, LABELS_A_LINE = 32, DIGITS = 9, BANNER_LINES = 20,
	TABLE_COLUMNS = 64, LINES = 20000, ROWS_TO_LABEL = 200 };

static bool is_label(const struct headings *h, const char *text)
{
	if (!*text || strlen(text) > LABEL_BYTES)
		return false;
	return headings_column(h, text) != HEADING_UNKNOWN || headings_value(h, "label", text);
}

/* Telephone numbers begin with 0 or +. */
bool form_text_is_possible(const char *text)
{
	int digits = 0;

	for (const char *p = text; (p = strpbrk(p, "0123456789")); digits = 0) {
		bool telephone = *p == '0' || (p > text && p[-1] == '+');

		for (; g_ascii_isdigit(*p) || *p == ' ' || *p == '.' || *p == '-'; p++)
			digits += g_ascii_isdigit(*p);
		if (digits >= DIGITS && !telephone)
			return true;
	}
	return false;
}

/* Bits of the headings that stand between line ends, tabs, colons and the like. */
static guint labels_in(const struct headings *h, const char *text)
{
	static const char ends[] = "\n\t:;|";
	guint labels = 0;

	for (const char *p = text; *p; p += strspn(p, ends)) {
		size_t len = strcspn(p, ends);
		g_autofree char *label = len && len <= LABEL_BYTES ? g_strndup(p, len) : NULL;
		enum heading_field field = label ? headings_column(h, label) : HEADING_UNKNOWN;
		if (field != HEADING_UNKNOWN)
			labels |= FORM_PAIRS_BIT(field);
		p += len;
	}
	return labels;
}

bool form_text_has_number_label(const struct headings *h, const char *text)
{
	return labels_in(h, text) & FORM_PAIRS_BIT(HEADING_TCKN);
}

/* ---- lines of text ---- */

struct lines {
	const struct headings *headings;
	struct form_pairs *pairs;
	const char *place; /* NULL: the line's number */
	char *waiting;     /* a label whose value may stand on the next line */
	guint number, waiting_from;
	bool beside; /* values stand behind their labels: then none is waited for over a blank line */
};

static void add(struct lines *l, const char *label, const char *value, guint number)
{
	g_autofree char *place = l->place ? g_strdup(l->place) : g_strdup_printf("%u. satır", number);

	form_pairs_add(l->pairs, label, value, place, -1);
}

static void wait_for_value(struct lines *l, const char *label)
{
	l->waiting = g_strdup(label);
	l->waiting_from = l->number;
}

/* A value on this line, or "" when there is none. */
static void flush(struct lines *l, const char *value)
{
	if (l->waiting)
		add(l, l->waiting, value, *value ? l->number : l->waiting_from);
	g_clear_pointer(&l->waiting, g_free);
}

/* A label at the end of the first `len` bytes; *start is where it begins. NULL: none. */
static char *label_before(const struct headings *h, const char *text, size_t len, size_t *start)
{
	g_autofree char *whole = g_strstrip(g_strndup(text, len));

	*start = 0;
	if (is_label(h, whole))
		return g_steal_pointer(&whole);
	for (size_t i = len; i > 1; i--) {
		bool parted = strchr(",;|\t/", text[i - 1]) || (text[i - 1] == ' ' && text[i - 2] == ' ');
		if (!parted)
			continue;
		g_autofree char *part = g_strstrip(g_strndup(text + i, len - i));
		if (!*part)
			continue;
		*start = i;
		return is_label(h, part) ? g_steal_pointer(&part) : NULL;
	}
	return NULL;
}

/* The value ends where the next label begins, without the comma between. */
static void add_value(struct lines *l, const char *label, const char *value, size_t len)
{
	while (len && strchr(",;|\t/ ", value[len - 1]))
		len--;
	g_autofree char *text = g_strstrip(g_strndup(value, len));
	add(l, label, text, l->number);
}

static const char *find_separator(const char *p)
{
	const char *at = strpbrk(p, ":=\t");
	const char *dash = strstr(p, " - ");

	return dash && (!at || dash < at) ? dash + 1 : at;
}

/* "Ad: x", "Ad\t: x", "Ad := x"; in "Not: =1+1" the second sign is the value's. */
static const char *behind_separator(const char *p)
{
	p += *p == '-';
	p += strspn(p, "\t ");
	p += strspn(p, ":=");
	return p + strspn(p, "\t ");
}

/* Its labels with their values. False: no label in it. */
static bool read_labels(struct lines *l, const char *line)
{
	g_autofree char *label = NULL;
	const char *value = line, *p = line;
	bool found = false;

	for (int n = 0; n < LABELS_A_LINE && (p = find_separator(p)); n++, p++) {
		size_t start;
		g_autofree char *next = label_before(l->headings, value, (size_t)(p - value), &start);
		if (!next)
			continue;
		found = true;
		flush(l, "");
		if (label)
			add_value(l, label, value, start);
		g_free(label);
		label = g_steal_pointer(&next);
		value = behind_separator(p);
		p = value - 1;
	}
	l->beside |= label && *value;
	if (label && *value)
		add(l, label, value, l->number);
	else if (label)
		wait_for_value(l, label);
	return found;
}

/* "Adres: …", a label that is none of ours. */
static bool is_other_label(const char *text)
{
	const char *colon = strchr(text, ':');

	return colon && colon - text < LABEL_BYTES && (!colon[1] || colon[1] == ' ');
}

/* Without what mail programs and people put before: quote marks, bullets, "1)", "2." and "3-". */
static char *without_bullet(char *line)
{
	char *p = line + strspn(line, "> \t*-+#");
	size_t digits = strspn(p, "0123456789");

	if (!strncmp(p, "•", strlen("•")))
		p += strlen("•");
	else if (digits && digits < 3 && p[digits] && strchr(").-", p[digits]) && p[digits + 1] == ' ')
		p += digits + 1;
	return g_strstrip(p);
}

/* A label and nothing behind it, not even a ticked box or a dash. */
static bool is_bare_label(const struct headings *h, const char *text)
{
	const char *colon = strchr(text, ':');

	return is_label(h, text) && (!colon || !colon[1 + strspn(colon + 1, " \t*")]);
}

/* A line without a colon may be a label of its own, its value below: so some programs write a table as text. */
static void read_line(struct lines *l, char *line)
{
	char *text = without_bullet(line);

	l->number++;
	if (!*text && l->beside)
		flush(l, "");
	if (!*text || strlen(text) > LINE_BYTES)
		return;
	if (is_bare_label(l->headings, text)) {
		flush(l, "");
		wait_for_value(l, text);
	} else if (!read_labels(l, text)) {
		flush(l, is_other_label(text) ? "" : text);
	}
}

/* ---- a table in the text, its cells parted by tabs ---- */

static GPtrArray *cells_of(struct document *d, const char *line)
{
	g_auto(GStrv) parts = g_strsplit(line, "\t", TABLE_COLUMNS);
	GPtrArray *row = g_ptr_array_new();

	for (char **p = parts; *p; p++)
		g_ptr_array_add(row, g_string_chunk_insert(d->texts, g_strstrip(*p)));
	return row;
}

/* Whether the line names an identity number and a name or an address. */
static bool is_header(const struct headings *h, const char *line)
{
	g_auto(GStrv) parts = strchr(line, '\t') ? g_strsplit(line, "\t", TABLE_COLUMNS) : NULL;
	bool number = false, who = false;

	for (char **p = parts; p && *p; p++) {
		enum heading_field field = strlen(*p) < LABEL_BYTES ? headings_column(h, *p) : HEADING_UNKNOWN;
		number |= field == HEADING_TCKN;
		who |= field == HEADING_GIVEN_NAME || field == HEADING_FULL_NAME || field == HEADING_EMAIL;
	}
	return number && who;
}

static void add_line(struct document *d, struct sheet *s, const char *line, guint number)
{
	GPtrArray *row = cells_of(d, line), *places = g_ptr_array_new();
	g_autofree char *place = g_strdup_printf("%u. satır", number);
	char *kept = g_string_chunk_insert(d->texts, place);

	for (guint i = 0; i < row->len; i++)
		g_ptr_array_add(places, kept);
	g_ptr_array_add(s->rows, row);
	g_ptr_array_add(s->places, places);
}

static bool is_blank(const char *line)
{
	return !line[strspn(line, " \t\r>")];
}

/* Below the table and apart from it: good wishes, a signature. A row of one cell stands right below the others. */
static bool is_apart(const char *line, bool apart)
{
	return (apart || is_blank(line)) && !strchr(line, '\t') && !form_text_is_possible(line);
}

static struct document *read_table(const struct headings *h, char **lines, guint n)
{
	guint header = 0, first = 0;
	bool apart = false;

	while (header < n && !is_header(h, lines[header]))
		header++;
	while (first < n && (first <= header || !strchr(lines[first], '\t') || !form_text_is_possible(lines[first])))
		first++;
	if (first >= n)
		return NULL;
	struct document *d = document_new(NULL);
	struct sheet *s = document_add_sheet(d, "Metin");
	s->places = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	for (guint i = header > BANNER_LINES ? header - BANNER_LINES : 0; i < MIN(n, header + LINES); i++) {
		apart = i > header && is_apart(lines[i], apart);
		if (!apart)
			add_line(d, s, lines[i], i + 1);
	}
	return d;
}

/* Pointers into the text, which is cut at its line ends. */
static GPtrArray *lines_of(char *text)
{
	GPtrArray *lines = g_ptr_array_new();

	for (char *end; (end = strchr(text, '\n')); text = end + 1) {
		*end = '\0';
		g_ptr_array_add(lines, text);
	}
	g_ptr_array_add(lines, text);
	return lines;
}

/* Bits of the labels in the lines up to the next blank one. */
static guint labels_of_block(const struct headings *h, const GPtrArray *lines, guint from)
{
	guint labels = 0;

	for (guint i = from; i < lines->len && !is_blank(lines->pdata[i]); i++)
		labels |= labels_in(h, lines->pdata[i]);
	return labels;
}

struct document *form_text_read(const struct headings *h, const char *text)
{
	if (!form_text_is_possible(text))
		return NULL;
	g_autofree char *start = g_strndup(text, TEXT_BYTES);
	g_autoptr(GPtrArray) all = lines_of(start);
	struct document *table = read_table(h, (char **)all->pdata, all->len);
	if (table)
		return table;
	g_autoptr(form_pairs_t) pairs = form_pairs_new(h);
	struct lines l = { h, pairs };
	for (guint i = 0; i < all->len; i++) {
		guint labels = is_blank(all->pdata[i]) ? labels_of_block(h, all, i + 1) : 0;
		if (labels & FORM_PAIRS_BIT(HEADING_TCKN))
			flush(&l, "");
		if (labels)
			form_pairs_part(pairs, labels);
		read_line(&l, all->pdata[i]);
	}
	flush(&l, "");
	return form_pairs_document(pairs, "Metin");
}

/* ---- label beside value in the cells of a sheet ---- */

struct turning {
	const struct headings *headings;
	const struct sheet *sheet;
	struct form_pairs *pairs;
	bool beside; /* people stand beside each other, a label at the left is of all */
};

static const char *cell_at(const GPtrArray *row, guint i)
{
	return i < row->len ? row->pdata[i] : "";
}

static char *place_of(const struct turning *t, guint row, guint column)
{
	char letters[8] = "", *l = letters + 7;

	for (guint c = column + 1; c > 0; c = (c - 1) / 26)
		*--l = (char)('A' + (c - 1) % 26);
	return g_strdup_printf("%s!%s%u", t->sheet->name, l, row + 1);
}

static void put(struct turning *t, guint r, guint column, const char *label, const char *value)
{
	g_autofree char *place = place_of(t, r, column);

	form_pairs_add(t->pairs, label, value, place, t->beside ? (int)column : -1);
}

/* "Ad Soyad: …" in one cell, perhaps on several lines. */
static void read_cell(struct turning *t, guint r, guint column)
{
	g_autofree char *place = place_of(t, r, column);
	g_autofree char *text = g_strdup(cell_at(t->sheet->rows->pdata[r], column));
	g_autoptr(GPtrArray) all = lines_of(text);
	struct lines l = { t->headings, t->pairs, place };

	for (guint i = 0; i < all->len; i++)
		read_line(&l, all->pdata[i]);
	flush(&l, "");
}

/* The label's value is the first cell behind it that says something and is no label itself; *i moves there. */
static void take_beside(struct turning *t, guint r, guint *i)
{
	const GPtrArray *row = t->sheet->rows->pdata[r];
	const char *label = row->pdata[*i];
	guint next = *i + 1;

	while (next < row->len && !*cell_at(row, next))
		next++;
	bool is_value = next < row->len && headings_column(t->headings, cell_at(row, next)) == HEADING_UNKNOWN;
	put(t, r, is_value ? next : *i, label, is_value ? cell_at(row, next) : "");
	if (is_value)
		*i = next;
}

static void turn_row(struct turning *t, guint r)
{
	const GPtrArray *row = t->sheet->rows->pdata[r];

	if (t->beside) {
		bool labelled = is_label(t->headings, cell_at(row, 0));
		for (guint i = 1; labelled && i < row->len; i++)
			put(t, r, i, row->pdata[0], row->pdata[i]);
		return;
	}
	for (guint i = 0; i < row->len; i++) {
		if (is_bare_label(t->headings, row->pdata[i]))
			take_beside(t, r, &i);
		else if (strchr(row->pdata[i], ':'))
			read_cell(t, r, i);
	}
}

/* Whether the sheet has a label of the identity number near its top; *beside: with several numbers behind it. */
static bool has_number_label(const struct headings *h, const struct sheet *s, bool *beside)
{
	for (guint r = 0; r < MIN(s->rows->len, ROWS_TO_LABEL); r++) {
		const GPtrArray *row = s->rows->pdata[r];
		int numbers = 0;

		for (guint i = 0; i < row->len; i++) {
			g_autofree char *label = g_strndup(row->pdata[i], strcspn(row->pdata[i], ":"));
			if (headings_column(h, label) != HEADING_TCKN)
				continue;
			for (guint k = 1; i == 0 && k < row->len; k++)
				numbers += form_text_is_possible(row->pdata[k]);
			*beside = numbers > 1;
			return true;
		}
	}
	return false;
}

static bool is_blank_row(const GPtrArray *row)
{
	for (guint i = 0; i < row->len; i++)
		if (!is_blank(row->pdata[i]))
			return false;
	return true;
}

static guint labels_of_rows(const struct turning *t, guint from)
{
	guint labels = 0;

	for (guint r = from; r < t->sheet->rows->len && !is_blank_row(t->sheet->rows->pdata[r]); r++) {
		const GPtrArray *row = t->sheet->rows->pdata[r];
		for (guint i = 0; i < row->len; i++)
			labels |= labels_in(t->headings, row->pdata[i]);
	}
	return labels;
}

struct document *form_text_turn(const struct headings *h, const struct sheet *s)
{
	g_autoptr(form_pairs_t) pairs = form_pairs_new(h);
	struct turning t = { h, s, pairs };

	if (!has_number_label(h, s, &t.beside))
		return NULL;
	for (guint r = 0; r < s->rows->len; r++) {
		if (!t.beside && is_blank_row(s->rows->pdata[r]))
			form_pairs_part(pairs, labels_of_rows(&t, r + 1));
		turn_row(&t, r);
	}
	return form_pairs_document(pairs, s->name);
}
