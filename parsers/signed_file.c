/* signed_file: see signed_file.h. The bytes travel with the facts, because the signed file is sent on and whoever does
 * that never takes a stranger's mail apart.
 */
#include "parsers/signed_file.h"
#include <string.h>

enum { FILES_MOST = 8, BYTES_MOST = 2 << 20, PDF_HEAD = 1024 };

/* A SEQUENCE of any length, definite or not, that begins with the OBJECT IDENTIFIER of signed data (RFC 5652 5.1). */
bool signed_file_is_cms(const char *bytes, size_t len)
{
	static const guint8 type[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02 };
	const guint8 *p = (const guint8 *)bytes;

	if (len < 2 || p[0] != 0x30)
		return false;
	size_t head = 2 + (p[1] > 0x80 ? p[1] & 0x7f : 0);
	return head <= 10 && len >= head + sizeof type && memcmp(p + head, type, sizeof type) == 0;
}

/* A PDF that lies in a CMS file stands near its beginning, as a PDF may: the outer signature is the one to look at. */
bool signed_file_is_pdf(const char *bytes, size_t len)
{
	return memmem(bytes, MIN(len, PDF_HEAD), "%PDF-", 5) && memmem(bytes, len, "/ByteRange", 10) &&
	       !signed_file_is_cms(bytes, len);
}

/* The second part of a multipart/signed is the mail's own signature, and a mail that is one CMS file is S/MIME too. */
static bool is_of_mail(const struct mime_part *p)
{
	return strstr(p->type, "pkcs7-") != NULL && (!p->parent || !strcmp(p->parent->type, "multipart/signed"));
}

/* Only a known ending goes into the name of a file of ours; the first is for what has none. */
static const char *const endings[] = { "p7m", "p7s", "imz", "p7", "pdf" };

static const char *ending_of(const struct mime_part *p, bool pdf)
{
	const char *dot = p->filename ? strrchr(p->filename, '.') : NULL;

	for (size_t i = 0; dot && !pdf && i < G_N_ELEMENTS(endings); i++)
		if (!g_ascii_strcasecmp(dot + 1, endings[i]))
			return endings[i];
	return pdf ? "pdf" : endings[0];
}

/* `room`: how many bytes may still be carried. */
static void add(struct facts *f, const struct mime_part *p, bool pdf, size_t *room)
{
	struct signed_file *s = facts_signed_add(f);
	size_t len;
	const char *data = mime_part_data(p, &len);

	s->where = g_strdup(p->path);
	s->ending = g_strdup(ending_of(p, pdf));
	if (len > *room)
		return;
	s->bytes = g_base64_encode((const guchar *)data, len);
	*room -= len;
}

void signed_file_find(struct facts *f, const struct mime *m)
{
	const GPtrArray *parts = mime_parts(m);
	size_t room = BYTES_MOST;

	for (guint i = 0; i < parts->len && f->signed_files->len < FILES_MOST; i++) {
		const struct mime_part *p = parts->pdata[i];
		const char *data;
		size_t len;
		bool pdf;

		if (mime_part_is_words(p) || p->message || is_of_mail(p))
			continue;
		data = mime_part_data(p, &len);
		pdf = signed_file_is_pdf(data, len);
		if (pdf || signed_file_is_cms(data, len))
			add(f, p, pdf, &room);
	}
}
