/* form_choice: see form_choice.h. A box belongs to the words behind it, or, where the cell begins with words, before it. */
#include "parsers/form_choice.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

static const struct box { const char *text; bool ticked; } boxes[] = {
	{ "☐", false }, { "☒", true }, { "☑", true }, { "[ ]", false }, { "[]", false }, { "( )", false }, { "()", false },
	{ "[x]", true }, { "[X]", true }, { "(x)", true }, { "(X)", true }, { "( X )", true }, { "( x )", true }, { "(  )", false },
};

static const struct box *box_at(const char *p)
{
	for (size_t i = 0; i < G_N_ELEMENTS(boxes); i++)
		if (g_str_has_prefix(p, boxes[i].text))
			return &boxes[i];
	return NULL;
}

/* The next box from p on; NULL: none. */
static const char *find_box(const char *p, const struct box **box)
{
	for (*box = NULL; *p; p++)
		if (strchr("[(\xe2", *p) && (*box = box_at(p)))
			return p;
	return NULL;
}

char *form_choice_read(const char *cell)
{
	const struct box *box, *next;
	const char *p = find_box(cell, &box), *words = cell;
	g_autofree char *chosen = NULL;

	if (!p)
		return NULL;
	bool before = strspn(cell, " \t\r\n") < (size_t)(p - cell);
	while (p) {
		const char *behind = p + strlen(box->text), *after = find_box(behind, &next);
		const char *from = before ? words : behind, *to = before ? p : after ? after : behind + strlen(behind);
		if (box->ticked && chosen)
			return NULL;
		if (box->ticked)
			chosen = g_strstrip(g_strndup(from, (gsize)(to - from)));
		words = behind;
		p = after;
		box = next;
	}
	return chosen ? g_strdup(*chosen ? chosen : "X") : g_strdup("");
}
