/* form_name: see form_name.h. Capitals for the family name are the rule of Turkish official writing. */
#include "parsers/form_name.h"

#include <string.h>

enum { TITLE_BYTES = 40 };

const char *form_name_behind_titles(const struct headings *h, const char *cell)
{
	const char *name = cell;

	for (;;) {
		size_t len = strcspn(name, " .");
		char word[TITLE_BYTES];

		if (len >= sizeof word || !name[len])
			return name;
		g_strlcpy(word, name, len + 1);
		const char *behind = name + len + strspn(name + len, " .");
		if (!*behind)
			return cell;
		if (!headings_is_title(h, word))
			return name;
		name = behind;
	}
}

bool form_name_is_odd(const char *name)
{
	return strpbrk(name, "0123456789@") != NULL;
}

static bool is_in_capitals(const char *word, size_t len)
{
	bool letters = false;

	for (const char *p = word; p < word + len; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (g_unichar_islower(c))
			return false;
		letters |= g_unichar_isupper(c);
	}
	return letters;
}

/* Where the last words in capitals begin; NULL: there are none, or all are. */
static const char *find_capitals(const char *name)
{
	const char *start = NULL, *word = name + strlen(name);

	if (is_in_capitals(name, strcspn(name, " ")))
		return NULL;
	while (word > name) {
		const char *end = word;
		while (word > name && word[-1] != ' ')
			word--;
		if (!is_in_capitals(word, (size_t)(end - word)))
			break;
		start = word;
		word -= word > name;
	}
	return start;
}

static char *piece(const char *from, const char *to)
{
	char *text = g_strstrip(g_strndup(from, (gsize)(to - from)));

	if (!*text)
		g_clear_pointer(&text, g_free);
	return text;
}

struct form_name form_name_split(const char *name)
{
	const char *end = name + strlen(name), *comma = strchr(name, ','), *last = strrchr(name, ' '), *capitals = find_capitals(name);

	if (comma)
		return (struct form_name){ piece(comma + 1, end), piece(name, comma), true };
	if (!last)
		return (struct form_name){ piece(name, end), NULL };
	const char *family = capitals ? capitals : last;
	return (struct form_name){ piece(name, family), piece(family, end), !capitals && strchr(name, ' ') != last };
}
