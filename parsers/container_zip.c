/* container_zip: see container_zip.h.
 *
 * Nothing is written anywhere, so a name such as "../../x" is only something to print.
 */
#include "parsers/container_zip.h"

#include "parsers/container.h"

static bool is_passed_over(const char *path, const char *name)
{
	return !*name || *name == '.' || g_str_has_prefix(name, "~$") || g_str_has_prefix(path, "__MACOSX/");
}

static void read_entry(struct container *c, struct unzip *z, size_t i)
{
	g_autofree char *name = container_name(unzip_name(z, i));
	const char *complaint = NULL;
	size_t len;

	if (is_passed_over(unzip_name(z, i), name))
		return;
	g_autofree char *bytes = unzip_read(z, i, &len, &complaint);
	if (complaint)
		container_stop(c, complaint, name);
	else
		container_add(c, name, bytes, len);
}

void container_zip_read(struct document *d, struct unzip *z)
{
	static const struct container_words words = { "zip_nested", "zip_too_many_files" };
	struct container c = { .document = d, .words = &words };

	for (size_t i = 0; i < unzip_count(z) && !c.full; i++)
		read_entry(&c, z, i);
	if (!c.any && !c.full)
		facts_complain(d->complaints, "zip_no_form", d->file, NULL);
}
