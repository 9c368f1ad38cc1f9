/* verdict: see the header. The octets come from the raw mail, because GMime's own writing of a part is not byte-exact. */
#include "gateway/verdict.h"
#include "gateway/clock.h"
#include "parsers/signed_part.h"

static const enum signature_verdict verdicts[] = {
	[SMIME_VALID] = SIGNATURE_VALID,
	[SMIME_INVALID] = SIGNATURE_INVALID,
	[SMIME_UNTRUSTED] = SIGNATURE_UNTRUSTED,
	[SMIME_ERROR] = SIGNATURE_ERROR,
};

/* facts.from is the only From address; with several it is NULL and no signer speaks for all of them. */
static bool from_matches(const struct facts *f, const GPtrArray *signers)
{
	for (guint i = 0; f->from && signers && i < signers->len; i++)
		if (!g_ascii_strcasecmp(f->from, g_ptr_array_index(signers, i)))
			return true;
	return false;
}

static void take(struct facts *f, const struct smime_result *r, bool whole)
{
	struct signature *s = &f->signature;

	s->verdict = verdicts[r->verdict];
	if (s->verdict == SIGNATURE_VALID && !whole)
		s->verdict = SIGNATURE_PARTIAL;
	s->covers = g_strdup(whole ? "whole" : "part");
	for (guint i = 0; r->signers && i < r->signers->len; i++)
		g_ptr_array_add(s->signers, g_strdup(g_ptr_array_index(r->signers, i)));
	s->from_matches = from_matches(f, r->signers);
	s->signed_at = r->signed_at > 0 ? clock_iso(r->signed_at) : NULL;
	s->reason = g_strdup(r->reason);
	if (s->verdict == SIGNATURE_PARTIAL && !s->reason)
		s->reason = g_strdup("only one part of the mail is signed");
}

void verdict_fill(struct facts *f, const char *raw, gsize len, const struct anchors *a, gint64 at)
{
	struct signed_part part = { 0 };

	if (f->signature.verdict == SIGNATURE_NONE)
		return;
	f->signature.verdict = SIGNATURE_NONE;
	if (!signed_part_find(raw, len, &part))
		return;
	struct smime_result result = smime_verify(a, part.octets, part.octets_len, part.der, at);

	take(f, &result, part.whole);
	smime_result_clear(&result);
	signed_part_clear(&part);
}
