/* signed_list: see the header. */
#include "gateway/signed_list.h"
#include "gateway/clock.h"
#include "gateway/smime_file.h"
#include "parsers/doc_pdf.h"
#include "parsers/signed_pdf.h"
#include "parsers/signed_file.h"

static const enum signature_verdict verdicts[] = {
	[SMIME_VALID] = SIGNATURE_VALID,
	[SMIME_INVALID] = SIGNATURE_INVALID,
	[SMIME_UNTRUSTED] = SIGNATURE_UNTRUSTED,
	[SMIME_ERROR] = SIGNATURE_ERROR,
};

static void say(struct signed_file *s, enum signature_verdict verdict, const char *reason)
{
	s->verdict = verdict;
	s->reason = g_strdup(reason);
}

static void take(struct signed_file *s, const struct smime_file *f)
{
	say(s, verdicts[f->verdict], f->reason);
	s->signed_at = f->signed_at > 0 ? clock_iso(f->signed_at) : NULL;
	for (guint i = 0; i < f->signers->len; i++)
		g_ptr_array_add(s->signers, g_strdup(f->signers->pdata[i]));
}

static void fill_cms(struct signed_file *s, GBytes *bytes, const struct anchors *a, gint64 at)
{
	struct smime_file f = smime_file_verify(a, bytes, NULL, at);

	take(s, &f);
	s->container = g_strdup(f.inside ? "enveloping" : "detached");
	if (f.digest)
		g_ptr_array_add(s->digests, g_strdup(f.digest));
	smime_file_clear(&f);
}

/* The list travels in a signed PDF as an attached file: what its pages show is not compared with anything. */
static void take_attached(struct signed_file *s, const char *bytes, gsize len)
{
	g_autoptr(GPtrArray) files = doc_pdf_attached(bytes, len);

	for (guint i = 0; i < files->len; i++) {
		g_autofree char *hex = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, files->pdata[i]);

		g_ptr_array_add(s->digests, g_strconcat("sha256:", hex, NULL));
	}
}

static void fill_pdf(struct signed_file *s, GBytes *whole, const struct anchors *a, gint64 at)
{
	struct signed_pdf p;
	gsize len;
	const char *bytes = g_bytes_get_data(whole, &len);

	s->container = g_strdup("pdf");
	if (!signed_pdf_find(bytes, len, &p)) {
		say(s, SIGNATURE_INVALID, "no signature covers the whole file");
		return;
	}
	struct smime_file f = smime_file_verify(a, p.der, p.octets, at);
	take(s, &f);
	if (f.verdict == SMIME_VALID || f.verdict == SMIME_UNTRUSTED)
		take_attached(s, bytes, len);
	smime_file_clear(&f);
	signed_pdf_clear(&p);
}

void signed_list_fill(struct facts *f, const struct anchors *a, gint64 at)
{
	for (guint i = 0; i < f->signed_files->len; i++) {
		struct signed_file *s = f->signed_files->pdata[i];
		gsize len = 0;
		guchar *bytes = s->bytes ? g_base64_decode(s->bytes, &len) : NULL;
		g_autoptr(GBytes) whole = bytes ? g_bytes_new_take(bytes, len) : NULL;

		if (!whole)
			say(s, SIGNATURE_ERROR, "the file is too large");
		else
			(signed_file_is_pdf((const char *)bytes, len) ? fill_pdf : fill_cms)(s, whole, a, at);
	}
}
