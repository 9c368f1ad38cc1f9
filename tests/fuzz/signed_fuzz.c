/* Any bytes as a file that an officer signed: CMS or PDF, from finding it in a mail to what its signature is worth. */
#include "gateway/signed_list.h"
#include "parsers/signed_file.h"
#include "parsers/signed_pdf.h"
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void look(const struct signed_file *s)
{
	if (s->verdict == SIGNATURE_NONE || !s->container || (s->verdict == SIGNATURE_VALID) == (s->reason != NULL))
		abort();
	if (s->verdict != SIGNATURE_VALID && s->verdict != SIGNATURE_UNTRUSTED && (s->signers->len || s->digests->len))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	g_autoptr(facts_t) f = facts_new();
	struct signed_file *s = facts_signed_add(f);
	struct signed_pdf p;

	if (signed_pdf_find((const char *)data, len, &p) && g_bytes_get_size(p.octets) + 2 > len)
		abort();
	signed_pdf_clear(&p);
	if (signed_file_is_cms((const char *)data, len) && signed_file_is_pdf((const char *)data, len))
		abort();
	s->bytes = g_base64_encode(data, len);
	signed_list_fill(f, NULL, 1795337400);
	look(s);
	return 0;
}
