/* cmd_import: `import certificates`: a list of end dates, as an office or KAMU SM keeps one, into the queue, so that the next cycle
 * begins in time. Read like a form, with the same headings; only number, name, address, unit and end date count.
 *
 * The file is read in this very process: whoever types the command has chosen it. A file is one transaction.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include "gateway/command.h"
#include "gateway/table.h"
#include "parsers/fold.h"
#include "parsers/form_row.h"
#include "queue/certificate.h"

struct import {
	struct command_context *c;
	struct headings *headings;
	struct table *report;
	guint taken, known, refused;
};

static struct headings *load_headings(const struct config *c, GError **error)
{
	g_autoptr(GBytes) table = g_resources_lookup_data("/nesgate/parsers/headings.table", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	g_autofree char *text = g_strndup(g_bytes_get_data(table, NULL), g_bytes_get_size(table)), *own = NULL;
	struct headings *h = headings_parse(text, error);

	if (!c->headings || (g_file_get_contents(c->headings, &own, NULL, error) && headings_add(h, own, error)))
		return h;
	headings_free(h);
	return NULL;
}

/* The directory's spelling of a unit; NULL: it has no manager. */
static const char *unit_of(const struct import *m, const char *written)
{
	g_autoptr(GPtrArray) managers = directory_all(m->c->config->who, "manager", m->c->now);
	g_autofree char *key = fold_key(written ? written : "");

	for (guint i = 0; *key && i < managers->len; i++) {
		const struct member *manager = managers->pdata[i];
		g_autofree char *unit = fold_key(manager->unit);

		if (g_str_equal(unit, key))
			return manager->unit;
	}
	return NULL;
}

static const char *complaint_with(const struct request_row *row, const char *prefix)
{
	for (guint i = 0; i < row->complaints->len; i++) {
		const struct complaint *c = row->complaints->pdata[i];

		if (g_str_has_prefix(c->code, prefix) && form_row_effect(c->code) == ROW_REFUSED)
			return c->code;
	}
	return NULL;
}

/* Why the row is of no use; NULL: it is. Without an address or a known unit it still is: the other is told. */
static const char *fault_of(const struct request_row *row)
{
	const char *fault = complaint_with(row, "tckn_");

	if (fault || !row->tckn)
		return fault ? fault : "tckn_missing";
	fault = complaint_with(row, "name_");
	return fault || row->expires ? fault : "expires_invalid";
}

static void tell(struct import *m, const struct request_row *row, const char *unit, const char *result, const char *reason)
{
	const char *tckn = row->tckn && strlen(row->tckn) == 11 ? row->tckn : NULL;
	g_autofree char *masked = tckn ? g_strdup_printf("%.3s******%s", tckn, tckn + 9) : NULL;
	g_autofree char *name = g_strdup_printf("%s %s", row->given_name ? row->given_name : "",
						row->family_name ? row->family_name : "");
	g_autofree char *line = table_object("where", row->where, "name", g_strstrip(name), "tckn", masked, "expires", row->expires,
					     "unit", unit, "result", result, "reason", reason, NULL);

	table_add(line, m->report);
}

static bool take(struct import *m, const struct request_row *row, GError **error)
{
	const char *fault = fault_of(row), *unit = unit_of(m, row->unit), *email = complaint_with(row, "email_");
	struct certificate_entry e = { row->tckn, row->given_name, row->family_name, row->birth_date, unit,
				       email ? NULL : row->email, row->expires };
	bool known = false;

	if (!fault && !certificate_import(m->c->db, &e, &known, error))
		return false;
	*(fault ? &m->refused : known ? &m->known : &m->taken) += 1;
	tell(m, row, unit, fault ? "refused" : known ? "known" : "taken", fault ? fault : !unit ? "unit_unknown" : email);
	return true;
}

static bool take_all(struct import *m, const char *name, const struct request *r, GError **error)
{
	if (!db_begin(m->c->db, error))
		return false;
	for (guint i = 0; i < r->rows->len; i++)
		if (!take(m, r->rows->pdata[i], error)) {
			db_rollback(m->c->db);
			return false;
		}
	return db_commit(m->c->db, error);
}

static int import_file(struct import *m, const char *name)
{
	g_autofree char *bytes = NULL;
	g_autoptr(GPtrArray) complaints = facts_complaints_new();
	struct limits limits = config_limits(m->c->config);
	struct form_rules rules = { m->headings, (const char *const *)m->c->config->mail_domains, m->c->now };
	GError *error = NULL;
	struct request *r;
	gsize len;
	bool ok;

	if (!g_file_get_contents(name, &bytes, &len, &error)) {
		command_fail(error);
		return EX_DATAERR;
	}
	g_autoptr(document_t) d = document_open_within(&limits, name, bytes, len);
	r = form_from_document(d, &rules, complaints);
	ok = r && r->rows->len && take_all(m, name, r, &error);
	if (!r || !r->rows->len)
		fprintf(stderr, "nesgate: %s holds no list with headings for the identity number, the name and the end date\n", name);
	facts_request_free(r);
	if (error)
		return command_fail(error);
	return ok && !m->refused ? EX_OK : EX_DATAERR;
}

static int run_import(struct command_context *c, int argc, char **argv)
{
	struct import m = { .c = c };
	GError *error = NULL;
	int worst = EX_OK;

	if (!g_str_equal(argv[1], "certificates"))
		return command_usage(c, "%s cannot be imported; certificates can", argv[1]);
	m.headings = load_headings(c->config, &error);
	if (!m.headings)
		return command_fail(error);
	m.report = table_new(stdout, c->json ? TABLE_JSON : TABLE_COLUMNS, "where name tckn expires unit result reason");
	for (int i = 2; i < argc; i++) {
		int status = import_file(&m, argv[i]);

		worst = MAX(worst, status);
	}
	table_end(m.report);
	headings_free(m.headings);
	fprintf(stderr, "%u taken, %u known, %u refused\n", m.taken, m.known, m.refused);
	return worst;
}

const struct command cmd_import = { "import", "certificates FILE...",
	"Certificates and their end dates from .xlsx, .csv and other lists; what became of each row", NEEDS_DB_WRITE, run_import, NULL, 2,
	COMMAND_ANY };
