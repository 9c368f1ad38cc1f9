/* feedback: see feedback.h. Who complained often stands only in the returned mail, as providers hide the
 * rest. */
#include "parsers/feedback.h"
#include "parsers/address.h"
#include "parsers/bounce_address.h"
#include <string.h>

static const struct mime_part *find(const struct mime *m, const char *type)
{
	const GPtrArray *parts = mime_parts(m);

	for (guint i = 0; i < parts->len; i++) {
		const struct mime_part *p = parts->pdata[i];

		if (!strcmp(p->type, type))
			return p;
	}
	return NULL;
}

static char *recipient_of(const struct mime *m, const struct fields *report)
{
	static const char *const names[] = { "Original-Rcpt-To", "Removal-Recipient" };
	const struct mime_part *original = find(m, "message/rfc822");
	g_autoptr(fields_t) header = NULL;
	const char *to;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *value = fields_find(report, names[i]);
		char *address = value ? bounce_address(value) : NULL;

		if (address)
			return address;
	}
	if (!original)
		original = find(m, "text/rfc822-headers");
	if (!original)
		return NULL;
	header = mime_part_fields(original);
	to = fields_find(header, "To");
	return to ? bounce_address(to) : NULL;
}

/* What Hotmail sends instead: the letter alone, with a field of its own in it. */
static bool read_hotmail(struct facts *f, const struct mime *m)
{
	g_autofree char *recipient = bounce_address_original(m, "X-HmXmrOriginalRecipient");

	if (!recipient)
		return false;
	facts_feedback_add(f);
	f->feedback->type = g_strdup("abuse");
	f->feedback->recipient = bounce_address(recipient);
	return true;
}

bool feedback_read(struct facts *f, const struct mime *m)
{
	const struct mime_part *p = find(m, "message/feedback-report");
	g_autoptr(fields_t) report = NULL;
	const char *type;

	if (!p)
		return read_hotmail(f, m);
	report = mime_part_fields(p);
	type = fields_find(report, "Feedback-Type");
	facts_feedback_add(f);
	f->feedback->type = type ? g_ascii_strdown(type, strcspn(type, " \t\r\n;(")) : NULL;
	f->feedback->recipient = recipient_of(m, report);
	return true;
}
