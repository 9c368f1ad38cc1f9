/* ods_value: see ods_value.h. Dates and times are XML Schema's dateTime and duration (ODF 1.3 part 3, §18.2). */
#include "parsers/ods_value.h"

#include "parsers/number_format.h"

#include <string.h>

/* "1980-01-31", "1980-01-31T09:00:00", "1980-01-31T09:00:00.25" */
static bool append_date(GString *out, const char *value)
{
	static const char shape[] = "0000-00-00T00:00:00";
	size_t n = 0;

	for (; shape[n] && value[n] && (shape[n] == '0' ? g_ascii_isdigit(value[n]) : shape[n] == value[n]); n++)
		;
	if (value[n] == '.' && n == strlen(shape))
		n += 1 + strspn(value + n + 1, "0123456789");
	if (value[n] || (n != strlen("0000-00-00") && n < strlen(shape)))
		return false;
	g_string_append_len(out, value, 10);
	if (n > 10 && strncmp(value + 11, "00:00:00", 8))
		g_string_append_printf(out, " %.8s", value + 11);
	return true;
}

/* "PT09H00M00S" with or without a fraction of a second */
static bool append_time(GString *out, const char *value)
{
	guint parts[3] = { 0 };
	static const char units[] = "HMS";

	if (strncmp(value, "PT", 2))
		return false;
	value += 2;
	for (int i = 0; i < 3; i++) {
		const char *end = value;

		for (parts[i] = 0; g_ascii_isdigit(*end) && end - value < 6; end++)
			parts[i] = parts[i] * 10 + (guint)(*end - '0');
		if (units[i] == 'S' && (*end == '.' || *end == ','))
			end += 1 + strspn(end + 1, "0123456789");
		if (end == value || *end != units[i])
			return false;
		value = end + 1;
	}
	g_string_append_printf(out, "%02u:%02u:%02u", parts[0], parts[1], parts[2]);
	return !*value;
}

static bool append_boolean(GString *out, const char *value)
{
	g_string_append(out, strcmp(value, "true") ? "FALSE" : "TRUE");
	return true;
}

static bool append_number(GString *out, const char *value)
{
	number_format_append(out, value);
	return *value != '\0';
}

static const struct { const char *type; bool (*append)(GString *, const char *); } types[] = {
	{ "float", append_number }, { "percentage", append_number }, { "currency", append_number },
	{ "date", append_date },    { "time", append_time },	     { "boolean", append_boolean },
};

bool ods_value_append(GString *out, const char *type, const char *value)
{
	gsize before = out->len;

	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (!strcmp(types[i].type, type)) {
			bool done = types[i].append(out, value);
			g_string_truncate(out, done ? out->len : before);
			return done;
		}
	return false;
}
