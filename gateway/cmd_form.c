/* cmd_form: `form`: our blank request form as a file, to be given to units. Settings are taken when they are there, for the name of
 * the institution and the address; without them the form says nothing of either.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>
#include "gateway/command.h"
#include "gateway/sheet_form.h"

static const struct command_option options[] = {
	{ "force", NULL, "write over a file that is there" },
	{ 0 }
};

static bool settings(struct command_context *c, struct sheet_form *f, GError **error)
{
	if (!c->config_named && !g_file_test(c->config_path, G_FILE_TEST_EXISTS))
		return true;
	if (!command_open(c, NEEDS_CONFIG, error))
		return false;
	*f = (struct sheet_form){ .institution = c->config->institution, .office = c->config->office, .to = c->config->from,
				  .support = c->config->support };
	return true;
}

static GBytes *make(const struct sheet_form *f, GError **error)
{
	struct catalog *words = catalog_new(error);
	GBytes *bytes = words ? sheet_form(f, words, error) : NULL;

	if (words)
		catalog_free(words);
	return bytes;
}

/* Nobody's data is in it, so it may be read as other files are. */
static int save(const char *path, GBytes *bytes, bool force)
{
	GError *error = NULL;
	mode_t kept;

	if (!force && g_file_test(path, G_FILE_TEST_EXISTS)) {
		fprintf(stderr, "nesgate: %s is there already; --force writes over it\n", path);
		return EX_DATAERR;
	}
	kept = umask(022);
	g_file_set_contents_full(path, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes),
				 G_FILE_SET_CONTENTS_CONSISTENT, 0644, &error);
	umask(kept);
	if (!error)
		return EX_OK;
	command_fail(error);
	return EX_DATAERR;
}

static int run_form(struct command_context *c, int argc, char **argv)
{
	struct sheet_form f = { 0 };
	g_autoptr(GBytes) bytes = NULL;
	GError *error = NULL;

	if (!settings(c, &f, &error) || !(bytes = make(&f, &error)))
		return command_fail(error);
	if (!g_str_equal(argv[1], "-"))
		return save(argv[1], bytes, command_value(c, "force"));
	fwrite(g_bytes_get_data(bytes, NULL), 1, g_bytes_get_size(bytes), stdout);
	return EX_OK;
}

const struct command cmd_form = { "form", "FILE|-", "The blank request form for units, .xlsx", NEEDS_NOTHING, run_form, options,
	1, 1 };
