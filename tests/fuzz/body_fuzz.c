/* The text of a mail, up to a NUL; then its HTML: as forms of labels and values, as a forward, as a reply. The first byte chooses. */
#include "parsers/read.h"
#include "tests/fuzz/documents.h"

static void check(struct reader *r, const char *mail)
{
	g_autoptr(facts_t) f = reader_read(r, mail, strlen(mail), 1795330800);
	g_autofree char *json = facts_to_json(f);

	if (!g_utf8_validate(json, -1, NULL) || strchr(json, '\n'))
		abort();
	for (guint i = 0; f->request && i < f->request->rows->len; i++)
		fuzz_check_row(f->request->rows->pdata[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct reader *r;
	static const struct reader_options o = { 0 };
	static const char *const heads[] = {
		"Subject: Talep\n", "Subject: Ilt: Talep\n", "Subject: Ynt: Talep\nIn-Reply-To: <a@b.test>\n", "Subject: Fwd: Re: x\n",
	};

	if (!r)
		r = reader_new(&o, NULL);
	if (!r || !len)
		return 0;
	const uint8_t *nul = memchr(data, 0, len);
	size_t text = nul ? (size_t)(nul - data) : len;
	g_autoptr(GString) mail = g_string_new("From: a@b.test\nMIME-Version: 1.0\n");
	g_string_append(mail, heads[*data % G_N_ELEMENTS(heads)]);
	g_string_append(mail, "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n");
	g_string_append_len(mail, (const char *)data + MIN(1, text), (gssize)(text - MIN(1, text)));
	g_string_append(mail, *data & 4 ? "\n--b\nContent-Type: message/rfc822\n\nFrom: c@d.test\nContent-Type: text/html\n\n"
					: "\n--b\nContent-Type: text/html; charset=utf-8\n\n");
	if (nul)
		g_string_append_len(mail, (const char *)nul + 1, (gssize)(len - text - 1));
	g_string_append(mail, "\n--b--\n");
	check(r, mail->str);
	return 0;
}
