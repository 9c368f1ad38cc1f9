/* signed_part: the exact octets that a multipart/signed mail signs (RFC 8551 3.5, RFC 1847 2.1).
 *
 * GMime's re-serialisation is not byte-exact, so the octets are cut from the raw mail between boundary lines.
 */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>

struct signed_part {
	const char *octets;  /* inside the raw mail */
	size_t octets_len;
	GBytes *der;         /* decoded application/pkcs7-signature */
	bool whole;          /* the signed entity is the whole mail, not one part of it */
};

/* false: the mail has no detached S/MIME signature. Release with signed_part_clear. */
bool signed_part_find(const char *raw, size_t len, struct signed_part *out);
void signed_part_clear(struct signed_part *p);
/* A Content-Type of the signature itself; its parameters may follow. */
bool signed_part_is_signature(const char *type);
