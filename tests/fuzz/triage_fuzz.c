/* Any mail, after its From: what a mail is none for is a word that has a text, and stands only where nobody was read. */
#include "parsers/read.h"
#include "parsers/triage.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(const struct facts *f)
{
	bool people = f->request && f->request->rows->len;

	if (f->triage && (!g_strv_contains(triage_codes, f->triage) || people || f->auto_submitted))
		abort();
	if (f->kind == KIND_UNREADABLE && !f->triage)
		abort();
	if (f->kind == KIND_REQUEST && !people && !f->triage && !f->auto_submitted)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct reader *reader;
	struct reader_options o = { 0 };

	if (!reader)
		reader = reader_new(&o, NULL);
	g_autoptr(GString) raw = g_string_new("From: a@k.test\nMIME-Version: 1.0\n");
	g_string_append_len(raw, (const char *)data, (gssize)len);
	g_autoptr(facts_t) f = reader_read(reader, raw->str, raw->len, 1795330800);
	check(f);
	return 0;
}
