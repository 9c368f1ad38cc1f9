/* auto_reply: see auto_reply.h. RFC 3834's own field is missing in much of what Turkish mail systems
 * answer, so their subjects and older fields count too.
 */
#include "parsers/auto_reply.h"
#include <string.h>

static const struct mark {
	const char *field, *value; /* NULL: any value */
	enum auto_reply what;
} marks[] = {
	{ "Auto-Submitted", "auto-replied", AUTO_REPLY_REPLIED },
	{ "X-Autoreply", NULL, AUTO_REPLY_REPLIED },
	{ "X-Autorespond", NULL, AUTO_REPLY_REPLIED },
	{ "X-Autoresponder", NULL, AUTO_REPLY_REPLIED },
	{ "Precedence", "auto_reply", AUTO_REPLY_REPLIED },
	{ "Precedence", "auto-reply", AUTO_REPLY_REPLIED },
	{ "Auto-Submitted", "auto-generated", AUTO_REPLY_GENERATED },
	{ "Auto-Submitted", "auto-notified", AUTO_REPLY_GENERATED },
	{ "Precedence", "bulk", AUTO_REPLY_GENERATED },
	{ "Precedence", "junk", AUTO_REPLY_GENERATED },
	{ "Precedence", "list", AUTO_REPLY_GENERATED },
	{ "X-Auto-Response-Suppress", "all", AUTO_REPLY_GENERATED },
	{ "List-Id", NULL, AUTO_REPLY_GENERATED },
	{ "List-Unsubscribe", NULL, AUTO_REPLY_GENERATED },
};

/* Beginnings of subjects, in the spellings of Outlook, Zimbra and Roundcube; compared byte by byte. */
static const char *const subjects[] = {
	"Otomatik yanıt", "Otomatik Yanıt", "OTOMATİK YANIT", "Otomatik cevap", "Otomatik Cevap",
	"Ofis dışında", "Ofis Dışında", "Automatic reply", "Automatic Reply", "Auto: ", "Autoreply", "AutoReply",
	"Auto-Reply", "Auto reply", "Auto Reply", "Out of Office", "Out of office", "Automatic response", "Vacation",
	"Automatische Antwort", "Abwesen",
};

static bool has_mark(const struct fields *f, const struct mark *mark)
{
	const char *value = fields_find(f, mark->field);
	size_t n = mark->value ? strlen(mark->value) : 0;

	/* A parameter or comment may follow the word. */
	return value && (!n || (!g_ascii_strncasecmp(value, mark->value, n) && !g_ascii_isalpha(value[n])));
}

bool auto_reply_is_read_receipt(const struct mime *m)
{
	const GPtrArray *parts = mime_parts(m);

	for (guint i = 0; i < parts->len; i++)
		if (!strcmp(((const struct mime_part *)parts->pdata[i])->type, "message/disposition-notification"))
			return true;
	return false;
}

bool auto_reply_is_subject(const char *subject)
{
	for (size_t i = 0; subject && i < G_N_ELEMENTS(subjects); i++)
		if (g_str_has_prefix(subject, subjects[i]))
			return true;
	return false;
}

enum auto_reply auto_reply_find(const struct mime *m, const char *subject)
{
	const char *field = fields_find(mime_fields(m), "Auto-Submitted");

	if (auto_reply_is_subject(subject) || auto_reply_is_read_receipt(m))
		return AUTO_REPLY_REPLIED;
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
		if (has_mark(mime_fields(m), &marks[i]))
			return marks[i].what;
	/* Any word but "no" is a machine's (RFC 3834 5). */
	return field && g_ascii_strncasecmp(field, "no", 2) ? AUTO_REPLY_GENERATED : AUTO_REPLY_NO;
}
