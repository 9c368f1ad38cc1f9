/* facts_signed: an attachment with an electronic signature on or in it; a part of facts.h, where the rules for all facts stand.
 *
 * The parsers find it (signed_file.h); what the signature is worth is added by who can tell (gateway/signed_list.h).
 */
#pragma once
#include <glib.h>
#include "parsers/facts_words.h"

struct signed_file {
	char *where;         /* its part of the mail, "1.2" */
	char *ending;        /* of its file name, one of signed_file.c's: "p7s" */
	char *bytes;         /* the whole file in base64; NULL: too large to be carried */
	char *container;     /* detached: the signed file is elsewhere; enveloping: it is inside; pdf */
	enum signature_verdict verdict; /* NONE: not looked at */
	char *reason, *signed_at;
	GPtrArray *signers;  /* char *: SHA-256 of each signer's certificate, hexadecimal */
	GPtrArray *digests;  /* char *: of the file that is signed, "sha256:<hexadecimal>", also sha384, sha512; of a PDF, those of
	                      * the files attached inside of it */
};

struct facts;
struct signed_file *facts_signed_add(struct facts *f); /* a new one at the end, owned by f */
