/* mime: see mime.h. The lines are gone through by a descent: a part reads its header and, when it is a multipart or a
 * message, the parts below; each ends at the first delimiter line of anything that it stands in. Contents are
 * never copied: a part's content is a range of the caller's bytes.
 *
 * GMime did this once, for a third of the time of all reading; and of a mail that begins with an mbox line it saw
 * no part at all, while fields.c read its header well. One opinion of what a header is cannot be played against another.
 */
#include "parsers/mime.h"
#include "parsers/encoded_word.h"
#include "parsers/facts.h"
#include "parsers/mime_guard.h"
#include <string.h>

struct mime {
	struct charset *charset;
	struct fields *fields; /* of the mail itself */
	GPtrArray *parts;
	const char *raw, *at, *end; /* at: not gone through yet */
	bool too_deep;
};

/* Where a part ends. */
struct stop {
	const struct mime_part *of; /* whose delimiter line was met; NULL: the mail's end */
	const char *text_end;       /* the line end before a delimiter belongs to the delimiter */
	bool closes;                /* the multipart too */
	bool blank;                 /* no delimiter: the blank line that ends a header */
};

static void part_free(void *data)
{
	struct mime_part *p = data;

	g_free(p->path);
	g_free(p->type);
	g_free(p->charset);
	g_free(p->filename);
	g_free(p->boundary);
	g_clear_pointer(&p->decoded, g_byte_array_unref);
	g_free(p);
}

/* A label or type: lower-case ASCII without what would break a line of output. */
static char *lower_token(const char *text)
{
	static const char valid[] = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-./:=?^_{|}~";

	return text && *text ? g_strcanon(g_strstrip(g_ascii_strdown(text, -1)), valid, '?') : NULL;
}

static bool has_subtype(const char *type)
{
	const char *slash = strchr(type, '/');

	return slash && slash > type && slash[1];
}

/* "type/subtype" without comments and parameters. What is no type is only bytes (RFC 2045 5.2 says text, but none who
 * writes so means that). */
static char *type_of(const char *value, const char *otherwise)
{
	g_autoptr(GString) type = g_string_sized_new(32);
	int comment = 0;

	if (!value)
		return g_strdup(otherwise);
	for (; *value && (comment || *value != ';'); value++) {
		comment += *value == '(';
		if (comment)
			comment -= *value == ')';
		else if (!strchr(" \t\r\n", *value))
			g_string_append_c(type, *value);
		else if (has_subtype(type->str)) /* ";" forgotten before a parameter */
			break;
	}
	return has_subtype(type->str) ? lower_token(type->str) : g_strdup("application/octet-stream");
}

static char *parameter(struct charset *c, const char *value, const char *name)
{
	return value && strcasestr(value, name) ? encoded_word_parameter(c, value, name) : NULL;
}

static bool is_multipart(const struct mime_part *p)
{
	return !strncmp(p->type, "multipart/", 10);
}

static bool is_message(const struct mime_part *p)
{
	static const char *const types[] = { "message/rfc822", "message/global", "message/news", "message/rfc2822", NULL };

	return g_strv_contains(types, p->type);
}

static void describe(struct mime *m, struct mime_part *p, const struct fields *fields)
{
	const char *disposition = fields_find(fields, "Content-Disposition"), *type = fields_find(fields, "Content-Type");
	bool digest = p->parent && !strcmp(p->parent->type, "multipart/digest");
	g_autofree char *charset = parameter(m->charset, type, "charset");

	p->type = type_of(type, digest ? "message/rfc822" : "text/plain");
	p->charset = lower_token(charset);
	if (is_multipart(p))
		p->boundary = parameter(m->charset, type, "boundary");
	if (disposition)
		p->attachment = !g_ascii_strncasecmp(disposition + strspn(disposition, " \t\r\n"), "attachment", 10);
	/* RFC 2183 says filename; many say only name on the type. */
	p->filename = parameter(m->charset, disposition, "filename");
	if (!p->filename)
		p->filename = parameter(m->charset, type, "name");
	p->transfer = transfer_find(fields_find(fields, "Content-Transfer-Encoding"));
	p->message = is_message(p) && p->transfer == TRANSFER_PLAIN; /* RFC 2046 5.2.1: an encoded one is none */
}

static void set_content(struct mime_part *p, size_t len)
{
	p->len = p->content_len = len;
	if (p->transfer == TRANSFER_PLAIN)
		return;
	p->decoded = g_byte_array_sized_new(p->content_len);
	transfer_decode(p->decoded, p->transfer, p->content, p->content_len);
	p->len = p->decoded->len;
	p->data = p->len ? (const char *)p->decoded->data : "";
}

/* IMAP's numbers (RFC 9051 6.4.5): a multipart that is the whole of a message adds no number, others do. */
static char *path_below(const char *prefix, int n)
{
	return *prefix ? g_strdup_printf("%s.%d", prefix, n) : g_strdup_printf("%d", n);
}

static int depth_of(const struct mime_part *p)
{
	int n = 0;

	while ((p = p->parent))
		n++;
	return n;
}

static bool is_delimiter(const char *line, const char *end, const char *boundary, bool *closes)
{
	size_t n = strlen(boundary);
	const char *p = line + 2 + n;

	if (!n || p > end || memcmp(line + 2, boundary, n))
		return false;
	*closes = end - p >= 2 && p[0] == '-' && p[1] == '-';
	p += *closes ? 2 : 0;
	while (p < end && strchr(" \t\r\n", *p))
		p++;
	return p == end;
}

static const char *before_line(const struct mime *m, const char *line)
{
	if (line > m->raw && line[-1] == '\n')
		line--;
	return line > m->raw && line[-1] == '\r' ? line - 1 : line;
}

static bool is_blank_line(const char *line, const char *next)
{
	return *line == '\n' || (next - line == 2 && *line == '\r');
}

/* The part, from `inside` outwards, whose delimiter the line is. The innermost one that fits is meant. */
static const struct mime_part *delimited(const struct mime_part *inside, const char *line, const char *next, bool *closes)
{
	if (next - line < 2 || line[0] != '-' || line[1] != '-')
		return NULL;
	for (; inside; inside = inside->parent)
		if (inside->boundary && is_delimiter(line, next, inside->boundary, closes))
			return inside;
	return NULL;
}

/* Goes past the next delimiter line, or in a header its blank line. */
static struct stop next_stop(struct mime *m, const struct mime_part *inside, bool header)
{
	struct stop stop = { NULL, m->end };

	for (const char *line = m->at, *next; line < m->end && (inside || header); line = next) {
		const char *newline = memchr(line, '\n', m->end - line);

		m->at = next = newline ? newline + 1 : m->end;
		stop.of = delimited(inside, line, next, &stop.closes);
		stop.blank = header && is_blank_line(line, next);
		if (stop.of || stop.blank) {
			stop.text_end = stop.of ? before_line(m, line) : next;
			return stop;
		}
	}
	m->at = m->end;
	return stop;
}

static struct stop read_entity(struct mime *m, const struct mime_part *parent, const char *prefix, int number);

static struct stop read_multipart(struct mime *m, const struct mime_part *p)
{
	struct stop stop = next_stop(m, p, false);

	for (int n = 1; stop.of == p && !stop.closes; n++)
		stop = read_entity(m, p, p->path, n);
	return stop.of == p ? next_stop(m, p->parent, false) : stop; /* after its end nothing of it counts */
}

static struct stop read_body(struct mime *m, const struct mime_part *p)
{
	if (is_multipart(p))
		return read_multipart(m, p);
	return p->message ? read_entity(m, p, p->path, 0) : next_stop(m, p->parent, false);
}

/* The part at m->at, header and all, up to where it stops. `number` 0: it is the whole of a message. */
static struct stop read_entity(struct mime *m, const struct mime_part *parent, const char *prefix, int number)
{
	const char *begin = m->at;
	struct stop stop = next_stop(m, parent, true);
	size_t len = MAX(stop.text_end, begin) - begin;
	g_autoptr(fields_t) fields = fields_parse(begin, len);
	struct mime_part *p = g_new0(struct mime_part, 1);

	g_ptr_array_add(m->parts, p);
	p->parent = parent;
	p->content = p->data = begin + len;
	describe(m, p, fields);
	if (!parent)
		m->fields = g_steal_pointer(&fields);
	p->path = number || !is_multipart(p) ? path_below(prefix, MAX(number, 1)) : g_strdup(prefix);
	if (depth_of(p) > MIME_GUARD_DEPTH) {
		m->too_deep = true;
		return (struct stop){ NULL, m->end };
	}
	if (stop.blank)
		stop = read_body(m, p);
	if (!is_multipart(p))
		set_content(p, MAX(stop.text_end, p->content) - p->content);
	return stop;
}

/* Parsers differ in which of two they believe, so a mail with two is not to be acted upon. */
static void complain_doubled(const struct fields *f, GPtrArray *complaints)
{
	static const char *const once[] = { "From", "Subject", "Content-Type", "Message-ID", "Date" };

	for (size_t i = 0; i < G_N_ELEMENTS(once); i++)
		if (fields_count(f, once[i]) > 1)
			facts_complain(complaints, "doubled_header", once[i], NULL);
}

struct mime *mime_open(struct charset *c, const char *raw, size_t len, GPtrArray *complaints)
{
	const char *bad = len > G_MAXINT ? "mail_too_large" : mime_guard_check(raw, len);
	g_autoptr(mime_t) m = NULL;

	if (bad) {
		facts_complain(complaints, bad, NULL, NULL);
		return NULL;
	}
	m = g_new0(struct mime, 1);
	m->charset = c;
	m->parts = g_ptr_array_new_with_free_func(part_free);
	m->raw = m->at = raw;
	m->end = raw + len;
	read_entity(m, NULL, "", 0);
	complain_doubled(m->fields, complaints);
	if (m->too_deep) {
		facts_complain(complaints, "nested_too_deep", NULL, NULL);
		return NULL;
	}
	return g_steal_pointer(&m);
}

void mime_close(struct mime *m)
{
	if (!m)
		return;
	g_ptr_array_unref(m->parts);
	fields_free(m->fields);
	g_free(m);
}

const struct fields *mime_fields(const struct mime *m)
{
	return m->fields;
}

const GPtrArray *mime_parts(const struct mime *m)
{
	return m->parts;
}
