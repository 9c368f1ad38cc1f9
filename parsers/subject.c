/* subject: see subject.h. Words of Turkish, English, German and Scandinavian programs, folded. */
#include "parsers/subject.h"

#include "parsers/fold.h"

#include <string.h>

enum { LOOKED_AT = 40 };

static const struct { const char *word; enum subject_prefix what; } prefixes[] = {
	{ "re", SUBJECT_REPLY },      { "ynt", SUBJECT_REPLY },   { "cvp", SUBJECT_REPLY },	   { "yan", SUBJECT_REPLY },
	{ "yanit", SUBJECT_REPLY },   { "cevap", SUBJECT_REPLY }, { "aw", SUBJECT_REPLY },	   { "sv", SUBJECT_REPLY },
	{ "fwd", SUBJECT_FORWARD },   { "fw", SUBJECT_FORWARD },  { "ilt", SUBJECT_FORWARD },	   { "wg", SUBJECT_FORWARD },
	{ "iletildi", SUBJECT_FORWARD }, { "iletilen", SUBJECT_FORWARD },
};

/* A number may stand between, as in "Re[2]:". */
static bool ends_prefix(const char *p)
{
	if (*p == '[' || *p == '(')
		p += 1 + strspn(p + 1, "0123456789])");
	return p[strspn(p, " ")] == ':';
}

enum subject_prefix subject_prefix(const char *subject)
{
	g_autofree char *beginning = g_strndup(subject ? subject : "", LOOKED_AT);
	g_autofree char *folded = fold_ascii(beginning);
	const char *start = folded + strspn(folded, " \t");

	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (g_str_has_prefix(start, prefixes[i].word) && ends_prefix(start + strlen(prefixes[i].word)))
			return prefixes[i].what;
	return SUBJECT_NONE;
}
