/* form_pairs: see form_pairs.h.
 *
 * The sheet that comes out has the labels as they were written for its header, so that it needs no words of its own.
 */
#include "parsers/form_pairs.h"

#include <string.h>

enum { MAX_PEOPLE = 5000, MAX_BANNER = 20, DIGITS = 9 };

struct value { char *text, *place; };

struct person {
	struct value values[HEADING_COUNT]; /* text NULL: no such label */
	struct value twin;                  /* a second HEADING_BACKUP */
	int key;
	enum heading_field starter;
};

struct form_pairs {
	const struct headings *headings;
	GPtrArray *people;           /* struct person */
	GPtrArray *banner;           /* char *: label, value, label, … */
	char *labels[HEADING_COUNT]; /* the first of each */
	struct value unit;           /* that stands apart from the people */
	bool full, has_twin, in_blocks;
	guint parted; /* bits of the labels behind a gap; 0: no gap */
};

static void person_free(void *p)
{
	struct person *person = p;

	for (int i = 0; i < HEADING_COUNT; i++) {
		g_free(person->values[i].text);
		g_free(person->values[i].place);
	}
	g_free(person->twin.text);
	g_free(person->twin.place);
	g_free(person);
}

struct form_pairs *form_pairs_new(const struct headings *h)
{
	struct form_pairs *p = g_new0(struct form_pairs, 1);

	p->headings = h;
	p->people = g_ptr_array_new_with_free_func(person_free);
	p->banner = g_ptr_array_new_with_free_func(g_free);
	return p;
}

void form_pairs_free(struct form_pairs *p)
{
	if (!p)
		return;
	g_ptr_array_unref(p->people);
	g_ptr_array_unref(p->banner);
	g_free(p->unit.text);
	g_free(p->unit.place);
	for (int i = 0; i < HEADING_COUNT; i++)
		g_free(p->labels[i]);
	g_free(p);
}

/* ---- whose is a value ---- */

static bool has(const struct person *p, enum heading_field field)
{
	return p->values[field].text != NULL;
}

static bool says(const struct person *p, enum heading_field field)
{
	return has(p, field) && *p->values[field].text;
}

static bool is_who(enum heading_field field)
{
	return field == HEADING_TCKN || field == HEADING_GIVEN_NAME || field == HEADING_FAMILY_NAME ||
		field == HEADING_FULL_NAME;
}

/* As long as there is no identity number, a label met twice is somebody else's: who asks stands above who is meant. */
static bool begins_another(const struct person *p, enum heading_field field)
{
	if (!has(p, field))
		return false;
	if (field == HEADING_NOTE || field == HEADING_BACKUP)
		return false;
	return is_who(field) || field == p->starter || !has(p, HEADING_TCKN);
}

static bool says_who_again(const struct person *p, guint labels)
{
	for (int i = 0; i < HEADING_COUNT; i++)
		if (labels & FORM_PAIRS_BIT(i) && is_who((enum heading_field)i) && has(p, (enum heading_field)i))
			return true;
	return false;
}

static struct person *person_of(struct form_pairs *p, enum heading_field field, int key)
{
	struct person *last = p->people->len ? p->people->pdata[p->people->len - 1] : NULL;

	for (guint i = 0; key >= 0 && i < p->people->len; i++)
		if (((struct person *)p->people->pdata[i])->key == key)
			return p->people->pdata[i];
	bool parted = last && says_who_again(last, p->parted);
	p->parted = 0;
	if (key < 0 && last && !parted && !begins_another(last, field))
		return last;
	if (p->people->len >= MAX_PEOPLE) {
		p->full = true;
		return NULL;
	}
	last = g_new0(struct person, 1);
	last->key = key;
	last->starter = field;
	g_ptr_array_add(p->people, last);
	return last;
}

/* The first value counts, but for notes, which are all kept. */
static void take(struct value *v, const char *text, const char *place)
{
	if (!v->text) {
		v->text = g_strdup(text);
		v->place = g_strdup(place);
	} else if (*text && strlen(v->text) < 2000) {
		char *both = g_strconcat(v->text, *v->text ? "; " : "", text, NULL);
		g_free(v->text);
		v->text = both;
	}
}

/* A second "Yedek" is of the card reader: it goes behind the first, under the same heading (form_header.h). */
static void take_twin(struct form_pairs *p, struct person *who, const char *value, const char *place)
{
	p->has_twin = true;
	if (!who->twin.text)
		take(&who->twin, value, place);
}

static bool is_only_unit(const struct person *p)
{
	for (int i = 0; i < HEADING_COUNT; i++)
		if (has(p, (enum heading_field)i) != (i == HEADING_UNIT))
			return false;
	return true;
}

void form_pairs_part(struct form_pairs *p, guint labels)
{
	p->parted = labels;
	if (!(labels & FORM_PAIRS_BIT(HEADING_TCKN)))
		return;
	p->in_blocks = true;
	for (guint n = p->people->len; n && is_only_unit(p->people->pdata[n - 1]); n--) {
		struct value *unit = &((struct person *)p->people->pdata[n - 1])->values[HEADING_UNIT];
		g_free(p->unit.text);
		g_free(p->unit.place);
		p->unit = *unit;
		*unit = (struct value){ 0 };
		g_ptr_array_set_size(p->people, (int)n - 1);
	}
}

void form_pairs_add(struct form_pairs *p, const char *label, const char *value, const char *place, int person)
{
	enum heading_field field = headings_column(p->headings, label);
	const char *above = strlen(label) < 80 ? headings_value(p->headings, "label", label) : NULL;

	if (above && field == HEADING_UNKNOWN && p->banner->len < 2 * MAX_BANNER) {
		g_ptr_array_add(p->banner, g_strdup(label));
		g_ptr_array_add(p->banner, g_strdup(value));
	}
	struct person *who = field == HEADING_UNKNOWN ? NULL : person_of(p, field, person);
	if (!who)
		return;
	if (!p->labels[field])
		p->labels[field] = g_strdup(label);
	if (!has(who, field) || field == HEADING_NOTE)
		take(&who->values[field], value, place);
	else if (field == HEADING_BACKUP && has(who, HEADING_READER))
		take_twin(p, who, value, place);
}

/* ---- is it a form ---- */

static bool is_named(const struct person *p)
{
	return says(p, HEADING_GIVEN_NAME) || says(p, HEADING_FULL_NAME) || says(p, HEADING_EMAIL);
}

/* A number that we masked ourselves and that somebody quotes is no application. */
static bool is_certain(const struct person *p)
{
	int digits = 0;

	for (const char *c = says(p, HEADING_TCKN) ? p->values[HEADING_TCKN].text : ""; *c; c++) {
		if (*c == '*')
			return false;
		digits += g_ascii_isdigit(*c);
	}
	return digits >= DIGITS && is_named(p);
}

static guint count_people(const struct form_pairs *p, bool *certain)
{
	guint n = 0;

	*certain = false;
	for (guint i = 0; i < p->people->len; i++) {
		const struct person *person = p->people->pdata[i];
		n += has(person, HEADING_TCKN);
		*certain |= is_certain(person);
	}
	return n;
}

/* ---- the sheet ---- */

struct making {
	const struct form_pairs *pairs;
	struct document *document;
	struct sheet *sheet;
};

static void add_cell(struct making *m, GPtrArray *row, GPtrArray *places, const struct value *v)
{
	g_ptr_array_add(row, v->text ? g_string_chunk_insert(m->document->texts, v->text) : (char *)"");
	g_ptr_array_add(places, v->place ? g_string_chunk_insert(m->document->texts, v->place) : NULL);
}

static void add_row(struct making *m, const struct value *values, guint n)
{
	GPtrArray *row = g_ptr_array_new(), *places = g_ptr_array_new();

	for (guint i = 0; i < n; i++)
		add_cell(m, row, places, &values[i]);
	g_ptr_array_add(m->sheet->rows, row);
	g_ptr_array_add(m->sheet->places, places);
}

static void add_banner(struct making *m)
{
	const GPtrArray *banner = m->pairs->banner;

	for (guint i = 0; i + 1 < banner->len; i += 2)
		add_row(m, (struct value[]){ { banner->pdata[i] }, { banner->pdata[i + 1] } }, 2);
}

/* A unit that stands before the first of several people is of all of them. It goes to each that has none. */
static const struct value *unit_of_all(const struct form_pairs *p)
{
	const struct person *first = p->people->len ? p->people->pdata[0] : NULL;
	const struct person *second = p->people->len > 1 ? p->people->pdata[1] : NULL;

	if (p->in_blocks)
		return p->unit.text ? &p->unit : NULL;
	if (!first || !says(first, HEADING_UNIT) || !second)
		return NULL;
	return first->starter == HEADING_UNIT && second->starter != HEADING_UNIT ? &first->values[HEADING_UNIT] : NULL;
}

/* Only columns that somebody has a label for: a form without a column is read otherwise than one with an empty one. */
static void add_person(struct making *m, const struct person *person, const struct value *unit)
{
	struct value values[HEADING_COUNT + 1];
	guint n = 0;

	for (int i = 0; i < HEADING_COUNT; i++) {
		if (!m->pairs->labels[i])
			continue;
		values[n] = person ? person->values[i] : (struct value){ m->pairs->labels[i] };
		if (person && i == HEADING_UNIT && unit && !says(person, HEADING_UNIT))
			values[n] = *unit;
		n++;
		if (i == HEADING_BACKUP && m->pairs->has_twin)
			values[n++] = person ? person->twin : (struct value){ m->pairs->labels[i] };
	}
	add_row(m, values, n);
}

static void tell_ignored(struct document *d, const struct person *p)
{
	static const enum heading_field who[] = { HEADING_FULL_NAME, HEADING_GIVEN_NAME, HEADING_EMAIL };

	for (size_t i = 0; i < G_N_ELEMENTS(who); i++)
		if (says(p, who[i])) {
			facts_complain(d->complaints, "row_ignored", p->values[who[i]].place, p->values[who[i]].text);
			return;
		}
}

struct document *form_pairs_document(const struct form_pairs *p, const char *name)
{
	const struct value *unit = unit_of_all(p);
	bool certain;

	if (!count_people(p, &certain) || !certain)
		return NULL;
	struct making m = { p, document_new(NULL) };
	m.sheet = document_add_sheet(m.document, name);
	m.sheet->places = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	add_banner(&m);
	add_person(&m, NULL, NULL);
	for (guint i = 0; i < p->people->len; i++) {
		const struct person *person = p->people->pdata[i];
		if (has(person, HEADING_TCKN))
			add_person(&m, person, unit);
		else
			tell_ignored(m.document, person);
	}
	if (p->full)
		facts_complain(m.document->complaints, "too_many_rows", name, NULL);
	return m.document;
}
