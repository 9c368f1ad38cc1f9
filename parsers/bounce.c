/* bounce: see bounce.h. A part of type message/delivery-status is believed whoever sends it; where there is none, or none that names
 * anybody, the words are asked. Broken structures leave the fields of such a part in the text: they count there too.
 */
#include "parsers/bounce.h"
#include "parsers/bounce_address.h"
#include "parsers/bounce_verdict.h"
#include "parsers/encoded_word.h"
#include <string.h>

enum { RECIPIENTS_MAX = 1000 };

static const char *after_type(const char *value)
{
	const char *semicolon = strchr(value, ';');

	return semicolon ? semicolon + 1 : value;
}

/* "5.1.1", whatever stands behind it (RFC 3463 2). */
static char *status_of(const char *value)
{
	const char *p = value + strspn(value, " \t\r\n");
	size_t n = strspn(p, "0123456789.");
	const char *dot = memchr(p, '.', n);

	if (!n || !strchr("245", *p) || dot != p + 1 || !g_ascii_isdigit(p[2]) || !memchr(p + 2, '.', n - 2))
		return NULL;
	return g_strndup(p, MIN(n, 9));
}

static char *word_of(const char *value)
{
	const char *p = value + strspn(value, " \t\r\n");

	return g_ascii_strdown(p, strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-"));
}

/* Takes both. */
static void name_recipient(struct bounce_recipient *r, char *final, char *original)
{
	g_autofree char *other = original;

	r->address = final ? final : g_steal_pointer(&other);
	if (g_strcmp0(r->address, other))
		r->original = g_steal_pointer(&other);
}

static void add_recipient(struct bounce *out, const struct bounce_mail *b, const struct fields *group)
{
	const char *final = fields_find(group, "Final-Recipient"), *original = fields_find(group, "Original-Recipient");
	const char *action = fields_find(group, "Action"), *status = fields_find(group, "Status");
	const char *diagnostic = fields_find(group, "Diagnostic-Code");
	struct bounce_recipient *r;

	if ((!final && !original && !action) || out->recipients->len >= RECIPIENTS_MAX)
		return;
	r = facts_bounce_recipient_add(out);
	name_recipient(r, final ? bounce_address(final) : NULL, original ? bounce_address(original) : NULL);
	r->action = action ? word_of(action) : NULL;
	r->status = status ? status_of(status) : NULL;
	r->diagnostic = diagnostic ? encoded_word_decode(b->charset, after_type(diagnostic)) : NULL;
	bounce_verdict(r, b->words);
}

static size_t line_length(const char *p, size_t len)
{
	const char *end = memchr(p, '\n', len);

	return end ? (size_t)(end + 1 - p) : len;
}

/* A group ends at its blank line, or where a forgetful server begins the next recipient. */
static size_t group_length(const char *p, size_t len)
{
	static const char final[] = "Final-Recipient:";
	bool seen = false;

	for (size_t at = 0, n; at < len; at += n) {
		n = line_length(p + at, len - at);
		if (strspn(p + at, " \t\r") + 1 >= n && at)
			return at + n;
		if (n < sizeof final - 1 || g_ascii_strncasecmp(p + at, final, sizeof final - 1))
			continue;
		if (seen)
			return at;
		seen = true;
	}
	return len;
}

/* The first group tells of the mail, each other one of a recipient; some systems forget the first. */
static void read_status(struct bounce *out, const struct bounce_mail *b, const char *data, size_t len)
{
	g_autofree char *text = g_strndup(data, len);

	len = strlen(text);
	for (size_t at = 0, n; at < len; at += n) {
		n = group_length(text + at, len - at);
		g_autoptr(fields_t) group = fields_parse(text + at, n);

		add_recipient(out, b, group);
	}
}

/* From the beginning of the group that the first such field stands in. */
static void read_text(const struct bounce_mail *b, struct bounce *out)
{
	static const char *const names[] = { "final-recipient:", "original-recipient:" };
	const char *group = b->text;
	bool found = false;

	for (const char *line = b->text; line && *line && !found;) {
		size_t n = line_length(line, strlen(line));

		for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
			found |= !g_ascii_strncasecmp(line, names[i], strlen(names[i]));
		if (*line == '\n')
			group = line + 1;
		line += n;
	}
	if (found)
		read_status(out, b, group, strlen(group));
}

static bool is_status(const struct mime_part *p)
{
	return !strcmp(p->type, "message/delivery-status") || !strcmp(p->type, "message/global-delivery-status");
}

/* `own`: of the mail itself, else of reports it encloses. */
static const struct mime_part *next_status(const struct mime *m, bool own, guint *i)
{
	const GPtrArray *parts = mime_parts(m);

	while (*i < parts->len) {
		const struct mime_part *p = parts->pdata[(*i)++];

		if (is_status(p) && bounce_address_is_own(p) == own)
			return p;
	}
	return NULL;
}

static void read_parts(struct bounce *out, const struct bounce_mail *b, bool own)
{
	const struct mime_part *p;

	for (guint i = 0; (p = next_status(b->m, own, &i));) {
		size_t len;
		const char *data = mime_part_data(p, &len);

		read_status(out, b, data, len);
	}
}

static void read_own(const struct bounce_mail *b, struct bounce *out) { read_parts(out, b, true); }
static void read_enclosed(const struct bounce_mail *b, struct bounce *out) { read_parts(out, b, false); }

static bool names_anyone(const struct bounce *out)
{
	for (guint i = 0; i < out->recipients->len; i++)
		if (((struct bounce_recipient *)out->recipients->pdata[i])->address)
			return true;
	return false;
}

static char *original_id(const struct bounce_mail *b)
{
	static const char *const names[] = { "In-Reply-To", "References" };
	char *id = bounce_address_original(b->m, "Message-ID");

	if (!id)
		id = bounce_text_message_id(b->text);
	for (size_t i = 0; i < G_N_ELEMENTS(names) && !id; i++) {
		const char *value = fields_find(mime_fields(b->m), names[i]);
		const char *open = value ? strrchr(value, '<') : NULL, *close = open ? strchr(open, '>') : NULL;

		id = close ? g_strndup(open, (gsize)(close + 1 - open)) : NULL;
	}
	return id;
}

bool bounce_read(struct facts *f, const struct bounce_mail *b)
{
	static void (*const sources[])(const struct bounce_mail *, struct bounce *) = {
		read_own, read_text, bounce_text_read, read_enclosed, bounce_text_read_returned,
	};

	if (!next_status(b->m, true, &(guint){ 0 }) && !bounce_text_is_report(b))
		return false;
	struct bounce *out = facts_bounce_add(f);
	for (size_t i = 0; i < G_N_ELEMENTS(sources) && !names_anyone(out); i++) {
		g_ptr_array_set_size(out->recipients, 0);
		sources[i](b, out);
	}
	out->original_message_id = original_id(b);
	return true;
}
