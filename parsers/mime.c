/* mime: see mime.h. GMime parses what has several parts, or may have: as a part, not as a message, and from its first
 * Content- field on. So it makes no objects of the fields that fields.c reads, nor of their addresses, which is where
 * it recurses, and an mbox line before the header does not hide the parts. Contents are never copied: the parser keeps
 * its stream over the caller's bytes, and a part's content is a range of it.
 */
#include "parsers/mime.h"
#include "parsers/encoded_word.h"
#include "parsers/facts.h"
#include "parsers/mime_guard.h"
#include "parsers/plain_type.h"
#include <gmime/gmime.h>
#include <string.h>

struct mime {
	struct charset *charset;
	struct fields *fields;
	GPtrArray *parts;
	const char *raw;  /* of the part that is being parsed */
	size_t len;
	const char *body; /* what follows the header of the mail */
	size_t body_len;
	bool too_deep;
};

void mime_setup(void)
{
	g_mime_init();
}

static void part_free(void *data)
{
	struct mime_part *p = data;

	g_free(p->path);
	g_free(p->type);
	g_free(p->charset);
	g_free(p->filename);
	g_free(p->boundary);
	g_free(p->id);
	g_clear_pointer(&p->decoded, g_byte_array_unref);
	g_free(p);
}

static const char *raw_header(GMimeObject *object, const char *name)
{
	GMimeHeader *h = g_mime_header_list_get_header(g_mime_object_get_header_list(object), name);

	return h ? g_mime_header_get_raw_value(h) : NULL;
}

/* A label or type: lower-case ASCII without what would break a line of output. */
static char *lower_token(const char *text)
{
	static const char valid[] = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-./:=?^_{|}~";

	return text && *text ? g_strcanon(g_strstrip(g_ascii_strdown(text, -1)), valid, '?') : NULL;
}

static char *filename_of(struct charset *c, const char *disposition, const char *type)
{
	char *name = disposition ? encoded_word_parameter(c, disposition, "filename") : NULL;

	/* RFC 2183 says filename; many say only name on the type. */
	if (!name && type && strchr(type, ';'))
		name = encoded_word_parameter(c, type, "name");
	return name;
}

/* What a part's header says of it, raw. */
struct labels { const char *type, *disposition, *transfer; };

static void describe(struct mime *m, struct mime_part *p, const struct labels *l)
{
	const char *disposition = l->disposition;

	if (disposition)
		p->attachment = !g_ascii_strncasecmp(disposition + strspn(disposition, " \t\r\n"), "attachment", 10);
	p->filename = filename_of(m->charset, disposition, l->type);
	p->transfer = transfer_find(l->transfer);
}

static void describe_object(struct mime *m, struct mime_part *p, GMimeObject *object)
{
	struct labels l = { raw_header(object, "Content-Type"), raw_header(object, "Content-Disposition"),
		raw_header(object, "Content-Transfer-Encoding") };
	GMimeContentType *type = g_mime_object_get_content_type(object);
	g_autofree char *mime_type = g_mime_content_type_get_mime_type(type);

	p->type = lower_token(mime_type);
	p->boundary = g_strdup(g_mime_content_type_get_parameter(type, "boundary"));
	p->charset = lower_token(g_mime_content_type_get_parameter(type, "charset"));
	p->id = g_strdup(g_mime_object_get_content_id(object));
	describe(m, p, &l);
}

static GByteArray *decode(const struct mime_part *p)
{
	GByteArray *decoded = g_byte_array_sized_new(p->content_len);

	transfer_decode(decoded, p->transfer, p->content, p->content_len);
	return decoded;
}

/* The content of an embedded message is its raw text already. */
const char *mime_part_data(const struct mime_part *p, size_t *len)
{
	GByteArray *decoded = p->decoded;

	if (p->message || p->transfer == TRANSFER_PLAIN) {
		*len = p->content_len;
		return p->content;
	}
	if (!decoded) /* whoever may only look at the part may have it decoded */
		decoded = ((struct mime_part *)p)->decoded = decode(p);
	*len = decoded->len;
	return *len ? (const char *)decoded->data : "";
}

struct fields *mime_part_fields(const struct mime_part *p)
{
	size_t len;
	const char *data = mime_part_data(p, &len);

	return fields_parse(data, len);
}

bool mime_part_is_words(const struct mime_part *p)
{
	return !p->attachment && !p->filename && !strncmp(p->type, "text/", 5);
}

/* The range of the raw mail that is the part's content. */
static void set_content(struct mime *m, struct mime_part *p, GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *stream = content ? g_mime_data_wrapper_get_stream(content) : NULL;
	size_t end;

	if (!stream || stream->bound_start < 0 || (size_t)stream->bound_start > m->len)
		return;
	end = stream->bound_end < 0 ? m->len : MIN((size_t)stream->bound_end, m->len);
	p->content = m->raw + stream->bound_start;
	p->content_len = MAX(end, (size_t)stream->bound_start) - stream->bound_start;
}

static struct mime_part *add_part(struct mime *m, const struct mime_part *parent, char *path)
{
	struct mime_part *p = g_new0(struct mime_part, 1);

	p->path = path;
	p->parent = parent;
	p->content = "";
	g_ptr_array_add(m->parts, p);
	return p;
}

/* IMAP's numbers (RFC 9051 6.4.5): a multipart that is the whole of a message adds no number, others do. */
static char *path_below(const char *prefix, int n)
{
	return *prefix ? g_strdup_printf("%s.%d", prefix, n) : g_strdup_printf("%d", n);
}

static void walk(struct mime *m, const struct mime_part *parent, const char *path, GMimeObject *object, int depth);
static void parse(struct mime *m, const struct mime_part *parent, const char *path, int depth);

static void walk_multipart(struct mime *m, const char *path, const struct mime_part *p, GMimeObject *object, int depth)
{
	GMimeMultipart *multi = GMIME_MULTIPART(object);

	for (int i = 0; i < g_mime_multipart_get_count(multi); i++) {
		g_autofree char *below = path_below(path, i + 1);

		walk(m, p, below, g_mime_multipart_get_part(multi, i), depth + 1);
	}
}

/* GMime does not say where an embedded message ends: at the first delimiter of what it stands in. */
static size_t length_to_delimiter(const struct mime *m, const struct mime_part *p)
{
	size_t len = m->raw + m->len - p->content;

	for (const struct mime_part *up = p->parent; up; up = up->parent) {
		g_autofree char *delimiter = up->boundary ? g_strconcat("\n--", up->boundary, NULL) : NULL;
		const char *at = delimiter ? memmem(p->content, len, delimiter, strlen(delimiter)) : NULL;

		if (at)
			len = at - p->content;
	}
	return len > 0 && p->content[len - 1] == '\r' ? len - 1 : len;
}

static void walk_message(struct mime *m, const char *path, struct mime_part *p, GMimeMessagePart *part, int depth)
{
	GMimeMessage *message = g_mime_message_part_get_message(part);
	GMimeObject *inner = message ? g_mime_message_get_mime_part(message) : NULL;
	GMimeHeaderList *headers = message ? g_mime_object_get_header_list(GMIME_OBJECT(message)) : NULL;
	g_autofree char *below = NULL;

	p->message = true;
	if (headers && g_mime_header_list_get_count(headers) > 0) {
		gint64 offset = g_mime_header_get_offset(g_mime_header_list_get_header_at(headers, 0));

		if (offset > 0 && (size_t)offset < m->len) {
			p->content = m->raw + offset;
			p->content_len = length_to_delimiter(m, p);
		}
	}
	if (!inner)
		return;
	below = GMIME_IS_MULTIPART(inner) ? g_strdup(path) : path_below(path, 1);
	walk(m, p, below, inner, depth + 1);
}

static bool is_mail_file(const struct mime_part *p)
{
	size_t n = p->filename ? strlen(p->filename) : 0;

	return n > 4 && !g_ascii_strcasecmp(p->filename + n - 4, ".eml");
}

/* A mail that was saved as a file and attached as one. It is what message/rfc822 is, but may be encoded; what GMime must not see
 * of it, or is no mail, stays a file. */
static void walk_mail_file(struct mime *m, struct mime_part *p, int depth)
{
	struct mime inner = { .charset = m->charset, .parts = m->parts };

	if (p->message || !is_mail_file(p))
		return;
	inner.raw = mime_part_data(p, &inner.len);
	if (inner.len > G_MAXINT || mime_guard_check(inner.raw, inner.len))
		return;
	inner.fields = fields_parse(inner.raw, inner.len);
	if (fields_find(inner.fields, "From")) {
		p->message = true;
		p->content = inner.raw;
		p->content_len = inner.len;
		parse(&inner, p, p->path, depth + 1);
		m->too_deep |= inner.too_deep;
	}
	fields_free(inner.fields);
}

static void walk(struct mime *m, const struct mime_part *parent, const char *path, GMimeObject *object, int depth)
{
	struct mime_part *p;

	if (depth > MIME_GUARD_DEPTH) {
		m->too_deep = true;
		return;
	}
	p = add_part(m, parent, g_strdup(path));
	describe_object(m, p, object);
	if (GMIME_IS_MULTIPART(object))
		walk_multipart(m, path, p, object, depth);
	else if (GMIME_IS_MESSAGE_PART(object))
		walk_message(m, path, p, GMIME_MESSAGE_PART(object), depth);
	else if (GMIME_IS_PART(object))
		set_content(m, p, GMIME_PART(object));
	walk_mail_file(m, p, depth);
}

/* Parsers differ in which of two they believe, so a mail with two is not to be acted upon. */
static void complain_doubled(const struct fields *f, GPtrArray *complaints)
{
	static const char *const once[] = { "From", "Subject", "Content-Type", "Message-ID", "Date" };

	for (size_t i = 0; i < G_N_ELEMENTS(once); i++)
		if (fields_count(f, once[i]) > 1)
			facts_complain(complaints, "doubled_header", once[i], NULL);
}

/* A line that is none, such as an mbox line or a body that no blank line keeps apart, must not be the first that GMime sees. */
static bool is_field(const char *line, const char *end)
{
	const char *p = line;

	while (p < end && *p > ' ' && *p != ':')
		p++;
	return p > line && p < end && *p == ':';
}

static bool is_content_field(const char *line, const char *end)
{
	return end - line > 8 && !g_ascii_strncasecmp(line, "Content-", 8);
}

/* What GMime need not see: the header up to its first Content- field, or to its last field, as without any it sees no part. */
static size_t length_before_type(const char *raw, size_t header)
{
	const char *end = raw + header, *field = raw, *newline;

	for (const char *line = raw; line < end && *line != '\n' && *line != '\r'; line = newline ? newline + 1 : end) {
		newline = memchr(line, '\n', end - line);
		if (is_field(line, end))
			field = line;
		if (is_content_field(line, end))
			break;
	}
	return field - raw;
}

/* A mail that is one part needs no GMime: its content is the body. false: it is not surely so. */
static bool take_lone_part(struct mime *m, const struct mime_part *parent, const char *path, int depth)
{
	struct labels l = { fields_find(m->fields, "Content-Type"), fields_find(m->fields, "Content-Disposition"),
		fields_find(m->fields, "Content-Transfer-Encoding") };
	size_t header = fields_length(m->fields);
	bool sure = depth <= MIME_GUARD_DEPTH && fields_tidy(m->fields) && !fields_find(m->fields, "Content-ID");
	char *type = sure && fields_count(m->fields, "Content-Type") < 2 ? plain_type(l.type) : NULL;
	g_autofree char *charset = type && l.type ? encoded_word_parameter(NULL, l.type, "charset") : NULL;
	struct mime_part *p;

	if (!type)
		return false;
	p = add_part(m, parent, path_below(path, 1));
	p->type = type;
	p->charset = lower_token(charset);
	describe(m, p, &l);
	p->content = m->raw + header;
	p->content_len = m->len - header;
	walk_mail_file(m, p, depth);
	return true;
}

/* m->raw is what GMime sees: its offsets count from there. */
static void parse(struct mime *m, const struct mime_part *parent, const char *path, int depth)
{
	size_t skip = length_before_type(m->raw, fields_length(m->fields));

	if (take_lone_part(m, parent, path, depth))
		return;
	m->raw += skip;
	m->len -= skip;
	GByteArray *bytes = g_byte_array_new_take((guint8 *)m->raw, m->len);
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeObject *root;

	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_mime_parser_set_persist_stream(parser, TRUE);
	root = g_mime_parser_construct_part(parser, NULL);
	if (root) {
		g_autofree char *below = GMIME_IS_MULTIPART(root) ? g_strdup(path) : path_below(path, 1);
		walk(m, parent, below, root, depth);
		g_object_unref(root);
	}
	g_object_unref(parser);
	g_object_unref(stream);
	/* The bytes are the caller's: take them back before the array is freed. */
	g_byte_array_steal(bytes, NULL);
	g_byte_array_unref(bytes);
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
	m->raw = raw;
	m->len = len;
	m->fields = fields_parse(raw, len);
	m->body = raw + MIN(fields_length(m->fields), len);
	m->body_len = len - (size_t)(m->body - raw);
	m->parts = g_ptr_array_new_with_free_func(part_free);
	complain_doubled(m->fields, complaints);
	parse(m, NULL, "", 0);
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

char *mime_body(const struct mime *m)
{
	enum { BODY_MAX = 64 * 1024 };
	char *text = g_utf8_make_valid(m->body, (gssize)MIN(m->body_len, BODY_MAX)), *to = text;

	for (const char *from = text; *from; from++)
		if (*from != '\r')
			*to++ = *from;
	*to = '\0';
	return text;
}
