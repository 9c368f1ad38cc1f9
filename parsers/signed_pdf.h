/* signed_pdf: the signature that covers a PDF, and what it covers (ISO 32000-1 12.8.1, PAdES: ETSI EN 319 142-1). */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>

struct signed_pdf {
	GBytes *der;    /* the CMS, with the zeros that fill its place */
	GBytes *octets; /* the file without that place */
};

/* The signature that covers the whole file; false: there is none, and then the file may say anything. Release with
 * signed_pdf_clear. */
bool signed_pdf_find(const char *bytes, size_t len, struct signed_pdf *out);
void signed_pdf_clear(struct signed_pdf *p);
