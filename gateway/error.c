/* error: the .def files of the rooms as one table, and the exit status of each class. */
#include "gateway/error.h"
#include <sysexits.h>
#include "gateway/config.h"
#include "gateway/net_error.h"
#include "queue/error.h"
#include "templates/catalog.h"

#define QUEUE_ERROR_ROW(code, class, meaning) { "queue", #code, #class, meaning, queue_error_quark, QUEUE_ERROR_##code },
#define NET_ERROR_ROW(code, class, meaning) { "net", #code, #class, meaning, net_error_quark, NET_ERROR_##code },
#define CONFIG_ROW(code, meaning) { "config", #code, "halt", meaning, config_error_quark, CONFIG_ERROR_##code }
#define TEMPLATE_ROW(code, class, meaning) \
	{ "templates", #code, #class, meaning, template_error_quark, TEMPLATE_ERROR_##code }

const struct error_row error_rows[] = {
#include "queue/error.def"
#include "gateway/net_error.def"
	CONFIG_ROW(FILE, "the settings file, or a file it names, cannot be read, or others may read a secret"),
	CONFIG_ROW(SYNTAX, "the settings file breaks the grammar of libconfig at that line"),
	CONFIG_ROW(SETTING, "a setting is unknown, doubled, missing, or its value is outside its limits"),
	TEMPLATE_ROW(SYNTAX, halt, "a letter's template breaks the grammar of templates"),
	TEMPLATE_ROW(UNKNOWN_NAME, refuse, "the letter uses a name for which there is no value; a hole in a letter is never sent"),
	TEMPLATE_ROW(UNKNOWN_LETTER, refuse, "there is no letter of that name"),
	TEMPLATE_ROW(CONTEXT, refuse, "the values kept for this letter are not what its template needs"),
	TEMPLATE_ROW(HEADER, refuse, "a header value holds a control character and is not sent"),
	{ 0 },
};

static const char *const words[] = { [ERROR_RETRY] = "retry", [ERROR_REFUSE] = "refuse", [ERROR_HALT] = "halt" };

/* NULL: an error of a library or of the system. */
static const struct error_row *row_of(const GError *error)
{
	for (const struct error_row *r = error_rows; r->name; r++)
		if (g_error_matches(error, r->domain(), r->code))
			return r;
	return NULL;
}

enum error_class error_class_of(const GError *error)
{
	const struct error_row *row = row_of(error);

	for (guint i = 0; row && i < G_N_ELEMENTS(words); i++)
		if (g_str_equal(words[i], row->class))
			return (enum error_class)i;
	return ERROR_RETRY;
}

/* Rows with a room go before those without. A server that does not answer is a service that is down: 69 tells a script more
 * than 75, which says that our own database or disk was in the way. */
static const struct { const char *class, *room; int status; } exits[] = {
	{ "retry", "net", EX_UNAVAILABLE },
	{ "retry", NULL, EX_TEMPFAIL },
	{ "halt", NULL, EX_CONFIG },
	{ "refuse", NULL, EX_DATAERR },
};

int error_status(const GError *error)
{
	const struct error_row *r = row_of(error);

	for (guint i = 0; r && i < G_N_ELEMENTS(exits); i++)
		if (g_str_equal(exits[i].class, r->class) && (!exits[i].room || g_str_equal(exits[i].room, r->room)))
			return exits[i].status;
	return EX_DATAERR;
}
