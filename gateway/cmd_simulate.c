/* cmd_simulate: `simulate`: a year (or other time) in a few seconds, and whether the promises held. It works in a temporary folder that
 * goes with it; of the settings, when there are some, the office's decisions are taken and nothing else: no address, no key, no data.
 */
#include <glib/gstdio.h>
#include <signal.h>
#include <sysexits.h>
#include "gateway/command.h"
#include "gateway/simulate.h"
#include "gateway/simulate_report.h"

enum { DAYS_MOST = 3000, PEOPLE_MOST = 50000, VIOLATED = 1 };

static const struct command_option options[] = {
	{ "days", "N", "how long; else 365" },
	{ "people", "M", "how many; else 2000" },
	{ "seed", "N", "the same seed plays the same time; else 1" },
	{ "rate", "NAME=SHARE...", "how often something happens, 0 to 1; several times; help: lists all" },
	{ 0 }
};

static volatile sig_atomic_t stopped;

static void on_signal(int signal)
{
	stopped = signal;
}

static bool number(struct command_context *c, const char *option, gint64 least, gint64 most, gint64 *value)
{
	const char *text = command_value(c, option);
	guint64 n;

	if (!text)
		return true;
	if (!g_ascii_string_to_unsigned(text, 10, (guint64)least, (guint64)most, &n, NULL)) {
		command_usage(c, "--%s %s is no number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, option, text, least, most);
		return false;
	}
	*value = (gint64)n;
	return true;
}

static bool set_rate(struct command_context *c, const char *word, double rates[RATES])
{
	g_auto(GStrv) parts = g_strsplit(word, "=", 2);
	char *end = NULL;
	double share = parts[0] && parts[1] ? g_ascii_strtod(parts[1], &end) : -1;

	for (guint i = 0; i < RATES; i++) {
		if (g_strcmp0(simulate_world_rates[i].name, parts[0]) != 0)
			continue;
		if (end && end != parts[1] && *end == '\0' && share >= 0 && share <= 1) {
			rates[i] = share;
			return true;
		}
		command_usage(c, "--rate %s: write NAME=SHARE with a share from 0 to 1", word);
		return false;
	}
	command_usage(c, "%s is no rate; --rate help lists all", parts[0] ? parts[0] : "");
	return false;
}

static bool set_rates(struct command_context *c, double rates[RATES])
{
	const char *text = command_value(c, "rate");
	g_auto(GStrv) words = g_strsplit(text ? text : "", ",", -1);

	for (guint i = 0; i < RATES; i++)
		rates[i] = simulate_world_rates[i].preset;
	for (char **word = words; *word; word++)
		if (!set_rate(c, *word, rates))
			return false;
	return true;
}

static int list_rates(void)
{
	for (guint i = 0; i < RATES; i++)
		printf("%-12s %-6g %s\n", simulate_world_rates[i].name, simulate_world_rates[i].preset, simulate_world_rates[i].sentence);
	return EX_OK;
}

/* ---- the settings ---- */

static const char presets[] =
	"data = \"data\"; directory = \"directory.csv\"; institution = \"Deneme\"; office = \"Deneme\"; paper_to = \"Deneme\";\n"
	"mail_domains = [ \"" SIMULATE_DOMAIN "\" ]; authserv_id = \"x\"; from = \"nes@" SIMULATE_DOMAIN "\";\n"
	"support = \"" SIMULATE_SUPPORT "\";\n"
	"imap = { host = \"x\"; user = \"x\"; password_file = \"x\"; }; smtp = { host = \"x\"; }; sign = { certificate = \"x\"; };\n"
	"ca = { address = \"liste@kamusm.gov.tr\"; paper_address = \"Deneme\"; };\n";

/* Those that are given; else all at their defaults, in the temporary folder. */
static bool settings(struct command_context *c, const char *folder, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "nesgate.conf", NULL), *who = g_build_filename(folder, "directory.csv", NULL);

	if (c->config_named || g_file_test(c->config_path, G_FILE_TEST_EXISTS))
		return command_open(c, NEEDS_CONFIG, error);
	if (!g_file_set_contents(path, presets, -1, error) || !g_file_set_contents(who, "address,role,unit,name,from,to\n", -1, error))
		return false;
	c->config = config_load(path, error);
	return c->config != NULL;
}

static void remove_folder(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);

	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			remove_folder(path);
		else
			g_unlink(path);
	}
	g_clear_pointer(&dir, g_dir_close);
	g_rmdir(folder);
}

/* ---- the run ---- */

static int play(struct command_context *c, struct simulation *s, GError **error)
{
	guint violations = 0;

	if (!simulate_run(s, error))
		return EX_SOFTWARE;
	if (stopped)
		return EX_TEMPFAIL;
	if (!simulate_report_print(s->world, c->json, &violations, error))
		return EX_SOFTWARE;
	return violations > 0 ? VIOLATED : EX_OK;
}

static int with_queue(struct command_context *c, const char *folder, const struct simulate_setup *setup, GError **error)
{
	struct policy policy = config_policy(c->config);
	g_autofree char *common = config_common(c->config), *csv = simulate_world_directory(setup->people);
	struct directory *directory = directory_parse(csv, error);
	struct db *db = directory ? db_open(folder, DB_SCRATCH, error) : NULL;
	struct catalog *catalog = db ? catalog_new(error) : NULL;
	struct simulation s = { .catalog = catalog, .common = common, .stop = &stopped };
	int status = EX_SOFTWARE;

	policy.directory = directory;
	if (catalog) {
		s.world = simulate_world_new(db, &policy, setup);
		status = play(c, &s, error);
		simulate_world_free(s.world);
		catalog_free(catalog);
	}
	db_close(db);
	if (directory)
		directory_free(directory);
	return status;
}

static int in_folder(struct command_context *c, const struct simulate_setup *setup)
{
	GError *error = NULL;
	g_autofree char *folder = g_dir_make_tmp("nesgate-simulate-XXXXXX", &error);
	struct sigaction act = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND };
	int status = EX_SOFTWARE;

	if (!folder)
		return command_fail(error);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	if (settings(c, folder, &error))
		status = with_queue(c, folder, setup, &error);
	remove_folder(folder);
	if (stopped)
		raise(stopped); /* ends as if nothing had been to tidy up */
	return error ? command_fail(error) : status;
}

static int run_simulate(struct command_context *c, int argc, char **argv)
{
	double rates[RATES];
	struct simulate_setup setup = { .people = 2000, .days = 365, .seed = 1, .rates = rates };

	if (g_strcmp0(command_value(c, "rate"), "help") == 0)
		return list_rates();
	if (!number(c, "days", 1, DAYS_MOST, &setup.days) || !number(c, "people", 1, PEOPLE_MOST, &setup.people) ||
	    !number(c, "seed", 0, G_MAXUINT32, &setup.seed) || !set_rates(c, rates))
		return EX_USAGE;
	return in_folder(c, &setup);
}

const struct command cmd_simulate = { "simulate", "",
	"Plays a year with made-up people who answer, forget and err; what became of everyone, 1 when a promise was broken",
	NEEDS_NOTHING, run_simulate, options, 0, 0 };
