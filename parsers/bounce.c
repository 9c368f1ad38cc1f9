/* bounce: see bounce.h. A report's fields are written by every mail system in its own way: types before
 * addresses are left out or wrong, statuses carry comments; only what looks like a value is taken.
 */
#include "parsers/bounce.h"
#include "parsers/address.h"
#include "parsers/encoded_word.h"
#include <string.h>

enum { RECIPIENTS_MAX = 1000 };

static const char *after_type(const char *value)
{
	const char *semicolon = strchr(value, ';');

	return semicolon ? semicolon + 1 : value;
}

char *bounce_address(const char *value)
{
	g_autoptr(GPtrArray) list = address_list(after_type(value));

	return list->len ? g_strdup(list->pdata[0]) : NULL;
}

/* "5.1.1", whatever stands around it (RFC 3463 2). */
static char *status_of(const char *value)
{
	const char *p = value + strspn(value, " \t\r\n");
	size_t n = strspn(p, "0123456789.");
	const char *dot = memchr(p, '.', n);

	if (!strchr("245", *p) || dot != p + 1 || !g_ascii_isdigit(p[2]) || !memchr(p + 2, '.', n - 2))
		return NULL;
	return g_strndup(p, MIN(n, 9));
}

static char *word_of(const char *value)
{
	const char *p = value + strspn(value, " \t\r\n");

	return g_ascii_strdown(p, strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-"));
}

static void add_recipient(struct facts *f, struct charset *c, const struct fields *group)
{
	const char *final = fields_find(group, "Final-Recipient"), *original = fields_find(group, "Original-Recipient");
	const char *action = fields_find(group, "Action"), *status = fields_find(group, "Status");
	const char *diagnostic = fields_find(group, "Diagnostic-Code");
	struct bounce_recipient *r;

	if ((!final && !original && !action) || f->bounce->recipients->len >= RECIPIENTS_MAX)
		return;
	r = facts_bounce_recipient_add(f->bounce);
	r->address = final ? bounce_address(final) : NULL;
	if (!r->address && original)
		r->address = bounce_address(original);
	r->action = action ? word_of(action) : NULL;
	r->status = status ? status_of(status) : NULL;
	r->diagnostic = diagnostic ? encoded_word_decode(c, after_type(diagnostic)) : NULL;
	r->permanent = r->status && r->status[0] == '5' && (!r->action || !strcmp(r->action, "failed"));
}

/* The first group tells of the mail, each other one of a recipient; some systems forget the first. */
static void read_status(struct facts *f, struct charset *c, const struct mime_part *p)
{
	for (size_t at = 0; at < p->len;) {
		g_autoptr(fields_t) group = fields_parse(p->data + at, p->len - at);

		add_recipient(f, c, group);
		at += fields_length(group);
	}
}

/* Parts that belong to this mail, not to one inside it. */
static bool is_own(const struct mime_part *p)
{
	for (const struct mime_part *up = p->parent; up; up = up->parent)
		if (up->message)
			return false;
	return true;
}

char *bounce_original_message_id(const struct mime *m)
{
	const GPtrArray *parts = mime_parts(m);

	for (guint i = 0; i < parts->len; i++) {
		const struct mime_part *p = parts->pdata[i];
		g_autoptr(fields_t) header = NULL;
		const char *id;

		if (!is_own(p) || (!p->message && strcmp(p->type, "text/rfc822-headers")))
			continue;
		header = fields_parse(p->data, p->len);
		id = fields_find(header, "Message-ID");
		if (id)
			return encoded_word_decode(NULL, id);
	}
	return NULL;
}

static bool is_status(const struct mime_part *p)
{
	return !strcmp(p->type, "message/delivery-status") || !strcmp(p->type, "message/global-delivery-status");
}

bool bounce_read(struct facts *f, struct charset *c, const struct mime *m)
{
	const GPtrArray *parts = mime_parts(m);

	for (guint i = 0; i < parts->len; i++) {
		const struct mime_part *p = parts->pdata[i];

		if (!is_own(p) || !is_status(p))
			continue;
		if (!f->bounce)
			facts_bounce_add(f);
		read_status(f, c, p);
	}
	if (f->bounce)
		f->bounce->original_message_id = bounce_original_message_id(m);
	return f->bounce != NULL;
}
