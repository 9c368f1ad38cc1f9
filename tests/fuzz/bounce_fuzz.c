/* A report of a server, after its From: what it says of a recipient is whole, and stands in the words of facts.h. */
#include "parsers/read.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(const struct bounce_recipient *r)
{
	static const char *const actions[] = { "failed", "delayed", "delivered", "relayed", "expanded", NULL };

	if (!r->action || !g_strv_contains(actions, r->action) || (r->permanent && strcmp(r->action, "failed")))
		abort();
	if (r->address && (!strchr(r->address, '@') || strpbrk(r->address, " \t\r\n<>")))
		abort();
	if (r->status && (!strchr("245", *r->status) || r->status[1] != '.'))
		abort();
	if (!g_strcmp0(r->reason, "expired") && r->permanent)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct reader *reader;
	struct reader_options o = { 0 };

	if (!reader)
		reader = reader_new(&o, NULL);
	g_autoptr(GString) raw = g_string_new("Return-Path: <>\nFrom: MAILER-DAEMON@k.test\nTo: a@k.test\n");
	g_string_append_len(raw, (const char *)data, (gssize)len);
	g_autoptr(facts_t) f = reader_read(reader, raw->str, raw->len, 1795330800);
	for (guint i = 0; f->bounce && i < f->bounce->recipients->len; i++)
		check(f->bounce->recipients->pdata[i]);
	return 0;
}
