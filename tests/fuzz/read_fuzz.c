/* Any bytes as a mail: the reader must come to an end, and its facts must come back through JSON. */
#include "parsers/read.h"
#include "parsers/signed_part.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void read_mail(struct reader *r, const char *raw, size_t len)
{
	g_autoptr(facts_t) f = reader_read(r, raw, len, 1795330800);
	g_autofree char *json = facts_to_json(f);
	g_autoptr(facts_t) back = facts_from_json(json, strlen(json), NULL);

	if (!back)
		abort();
}

static void find_signature(const char *raw, size_t len)
{
	struct signed_part p;
	bool found = signed_part_find(raw, len, &p);

	if (found && (p.octets < raw || p.octets + p.octets_len > raw + len))
		abort();
	signed_part_clear(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct reader *r;
	struct reader_options o = { .authserv_id = "mx.test", .shown = true };

	if (!r)
		r = reader_new(&o, NULL);
	if (!r)
		abort();
	read_mail(r, (const char *)data, len);
	find_signature((const char *)data, len);
	return 0;
}
