/* compose: see compose.h. Written by hand, because a signature is over exact bytes: what is signed here
 * is what is sent. */
#include <string.h>
#include "templates/compose.h"
#include "templates/encode.h"

/* Turkey has had no summer time since 2016. */
enum { ZONE_SECONDS = 3 * 3600, ID_MAX = 900, ADDRESS_MAX = 254 };
#define ZONE "+0300"

/* Boundaries begin with =_, which base64 never has, so they cannot occur inside of a part. */
static char *boundary(const char *message_id, const char *of)
{
	g_autofree char *seed = g_strconcat(of, " ", message_id, NULL);
	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, seed, -1);

	return g_strdup_printf("=_%s_%.24s", of, sum);
}

static void open_part(GString *out, const char *between)
{
	g_string_append_printf(out, "--%s\r\n", between);
}

static void close_parts(GString *out, const char *between)
{
	g_string_append_printf(out, "--%s--\r\n", between);
}

/* The canonical form of text has CRLF (RFC 2045, 6.8), also where base64 hides it. */
static void add_text(GString *out, const char *between, const char *subtype, const char *text)
{
	g_autoptr(GString) lines = g_string_sized_new(strlen(text) + 256);
	const char *end;

	for (; *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, '\n');
		g_string_append_len(lines, text, end - text - (end > text && end[-1] == '\r'));
		g_string_append(lines, "\r\n");
	}
	open_part(out, between);
	g_string_append_printf(out, "Content-Type: text/%s; charset=utf-8\r\n"
			       "Content-Transfer-Encoding: base64\r\n\r\n", subtype);
	encode_base64(out, (const guchar *)lines->str, lines->len);
	g_string_append(out, "\r\n");
}

static void add_alternative(GString *out, const struct letter_text *text, const char *message_id)
{
	g_autofree char *between = boundary(message_id, "alt");

	g_string_append_printf(out, "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n", between);
	add_text(out, between, "plain", text->text);
	add_text(out, between, "html", text->html);
	close_parts(out, between);
}

static bool type_ok(const char *type)
{
	const char *slash = strchr(type, '/');

	return slash && slash > type && slash[1] && strlen(type) < 100 &&
		strspn(type, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-_/") == strlen(type) &&
		!strchr(slash + 1, '/');
}

static void add_attachment(GString *out, const char *between, const struct attachment *a)
{
	g_autofree char *name = g_utf8_make_valid(a->filename, -1);
	gsize len;
	const guchar *bytes = g_bytes_get_data(a->bytes, &len);
	char *p;

	for (p = name; *p; p++)
		if ((guchar)*p < 0x20 || strchr("\x7f/\\\"", *p))
			*p = '_';
	open_part(out, between);
	g_string_append_printf(out, "Content-Type: %s", type_ok(a->type) ? a->type : "application/octet-stream");
	encode_parameter(out, "name", name);
	g_string_append(out, "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment");
	encode_parameter(out, "filename", name);
	g_string_append(out, "\r\n\r\n");
	encode_base64(out, bytes, len);
	g_string_append(out, "\r\n");
}

/* What base64 and the frame around it will need, so that the buffer grows once. */
static gsize size_guess(const struct letter_text *text, const struct attachment *attachments, guint n)
{
	gsize size = strlen(text->text) + strlen(text->html) + 2048;
	guint i;

	for (i = 0; i < n; i++)
		size += g_bytes_get_size(attachments[i].bytes) + 512;
	return size + size / 2;
}

GBytes *compose_body(const struct letter_text *text, const struct attachment *attachments, guint n,
		     const char *message_id)
{
	GString *out = g_string_sized_new(size_guess(text, attachments, n));
	g_autofree char *between = boundary(message_id, "mixed");
	guint i;

	if (n) {
		g_string_append_printf(out, "Content-Type: multipart/mixed;\r\n boundary=\"%s\"\r\n\r\n", between);
		open_part(out, between);
	}
	add_alternative(out, text, message_id);
	for (i = 0; i < n; i++) {
		/* The line end before a delimiter belongs to the delimiter. */
		if (i == 0)
			g_string_append(out, "\r\n");
		add_attachment(out, between, &attachments[i]);
	}
	if (n)
		close_parts(out, between);
	return g_string_free_to_bytes(out);
}

static bool refuse(GError **error, const char *name, const char *why)
{
	g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_HEADER, "header %s: %s", name, why);
	return false;
}

static bool control_in(const char *s)
{
	for (; *s; s++)
		if ((guchar)*s < 0x20 || *s == 0x7f)
			return true;
	return false;
}

static bool text_ok(const char *name, const char *value, GError **error)
{
	if (!value)
		return true;
	if (!g_utf8_validate(value, -1, NULL))
		return refuse(error, name, "not UTF-8");
	return control_in(value) ? refuse(error, name, "a control character in the value") : true;
}

/* The plain form only, which every server understands; it also keeps a list of addresses from passing as
 * one. */
static bool address_ok(const char *name, const char *address, GError **error)
{
	const char *at = address ? strchr(address, '@') : NULL, *p;

	if (!address || !text_ok(name, address, error))
		return address ? false : refuse(error, name, "no address");
	if (!at || at == address || !at[1] || strchr(at + 1, '@') || strlen(address) > ADDRESS_MAX)
		return refuse(error, name, "not an address");
	for (p = address; *p; p++)
		if ((guchar)*p >= 0x7f || strchr(" <>()[]\\,;:\"", *p))
			return refuse(error, name, "not a plain ASCII address");
	return true;
}

static bool id_ok(const char *id)
{
	gsize len = strlen(id);

	return len > 4 && len <= ID_MAX && id[0] == '<' && strcspn(id, ">") == len - 1 && !strpbrk(id + 1, " <") &&
		strchr(id, '@') && g_str_is_ascii(id);
}

static bool envelope_ok(const struct envelope *e, const char *micalg, GError **error)
{
	if (!text_ok("From", e->from_name, error) || !text_ok("Subject", e->subject, error) ||
	    !text_ok("Subject", e->token, error) || !text_ok("In-Reply-To", e->in_reply_to, error) ||
	    !text_ok("References", e->references, error))
		return false;
	if (!address_ok("From", e->from, error) || !address_ok("To", e->to, error) ||
	    (e->reply_to && !address_ok("Reply-To", e->reply_to, error)))
		return false;
	if (!e->message_id || control_in(e->message_id) || !id_ok(e->message_id))
		return refuse(error, "Message-ID", "not a Message-ID");
	if (!*micalg || strspn(micalg, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(micalg))
		return refuse(error, "Content-Type", "micalg is not the name of a digest");
	return true;
}

static bool add_date(GString *out, gint64 at, GError **error)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
		"Dec" };
	g_autoptr(GDateTime) t = NULL;

	if (at >= 0 && at < G_MAXINT64 - ZONE_SECONDS)
		t = g_date_time_new_from_unix_utc(at + ZONE_SECONDS);
	if (!t)
		return refuse(error, "Date", "not a time");
	g_string_append_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d " ZONE "\r\n",
			       days[g_date_time_get_day_of_week(t) - 1], g_date_time_get_day_of_month(t),
			       months[g_date_time_get_month(t) - 1], g_date_time_get_year(t),
			       g_date_time_get_hour(t), g_date_time_get_minute(t), g_date_time_get_second(t));
	return true;
}

static void add_subject(GString *out, const struct envelope *e)
{
	g_autofree char *text = e->token ? g_strdup_printf("%s [%s]", e->subject, e->token) : g_strdup(e->subject);

	encode_header(out, "Subject", g_strstrip(text));
}

/* Strangers' Message-IDs: only what has the form of one is repeated. */
static void add_ids(GString *out, const char *name, const char *ids)
{
	g_auto(GStrv) words = g_strsplit(ids ? ids : "", " ", -1);
	guint i, n = 0;

	for (i = 0; words[i]; i++) {
		if (id_ok(words[i]))
			words[n++] = words[i];
		else
			g_free(words[i]);
	}
	for (; n < i; i--)
		words[i - 1] = NULL;
	if (n)
		encode_words(out, name, words);
}

static bool add_headers(GString *out, const struct envelope *e, GError **error)
{
	if (!add_date(out, e->date, error))
		return false;
	encode_address(out, "From", e->from_name, e->from);
	encode_address(out, "To", NULL, e->to);
	if (e->reply_to)
		encode_address(out, "Reply-To", NULL, e->reply_to);
	add_subject(out, e);
	g_string_append_printf(out, "Message-ID: %s\r\n", e->message_id);
	add_ids(out, "In-Reply-To", e->in_reply_to);
	add_ids(out, "References", e->references);
	g_string_append_printf(out, "Auto-Submitted: auto-%s\r\nMIME-Version: 1.0\r\n",
			       e->in_reply_to ? "replied" : "generated");
	return true;
}

GBytes *compose_signed(const struct envelope *e, GBytes *body, GBytes *signature_der, const char *micalg,
		       GError **error)
{
	GString *out;
	g_autofree char *between = NULL;
	gsize len, der_len;
	const char *bytes = g_bytes_get_data(body, &len);
	const guchar *der = g_bytes_get_data(signature_der, &der_len);

	if (!envelope_ok(e, micalg, error))
		return NULL;
	out = g_string_sized_new(len + der_len * 3 / 2 + 4096);
	if (!add_headers(out, e, error)) {
		g_string_free(out, TRUE);
		return NULL;
	}
	between = boundary(e->message_id, "signed");
	g_string_append_printf(out, "Content-Type: multipart/signed; micalg=%s;\r\n"
			       " protocol=\"application/pkcs7-signature\";\r\n"
			       " boundary=\"%s\"\r\n\r\n", micalg, between);
	open_part(out, between);
	g_string_append_len(out, bytes, len);
	g_string_append(out, "\r\n"); /* the delimiter's, not the signed part's */
	open_part(out, between);
	g_string_append(out, "Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n"
			"Content-Transfer-Encoding: base64\r\n"
			"Content-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n");
	encode_base64(out, der, der_len);
	g_string_append(out, "\r\n");
	close_parts(out, between);
	return g_string_free_to_bytes(out);
}
