/* Any bytes as the answer of a caged reader: refused, or facts that print and read back the same. */
#include "parsers/facts.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_stable(const struct facts *f)
{
	g_autofree char *once = facts_to_json(f);
	g_autoptr(facts_t) back = facts_from_json(once, strlen(once), NULL);
	g_autofree char *twice = back ? facts_to_json(back) : NULL;

	if (!twice || strcmp(once, twice) || strchr(once, '\n'))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(facts_t) f = facts_from_json((const char *)data, len, &error);

	if (!f != !!error)
		abort();
	if (f)
		check_stable(f);
	return 0;
}
