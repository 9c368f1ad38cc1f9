/* An archive. Input: entries, each a byte of options, a byte of length and so many bytes of name, two bytes of length and
 * so many bytes of content; behind an entry whose options are 0xff three bytes at a time are written over the finished
 * archive: where (two bytes) and what. So names, flags and claims are odd, and behind them the headers are damaged.
 */
#include "tests/fuzz/documents.h"

struct input { const uint8_t *data; size_t len; };

static size_t take_byte(struct input *in)
{
	if (!in->len)
		return 0;
	in->len--;
	return *in->data++;
}

static char *take_bytes(struct input *in, size_t *len)
{
	*len = MIN(*len, in->len);
	char *bytes = g_strndup((const char *)in->data, *len);
	in->data += *len;
	in->len -= *len;
	return bytes;
}

/* Bits: 1 deflated, 2 encrypted, 4 claims another size, 8 a name that a form has. */
static void add_entry(struct zip_builder *b, size_t bits, struct input *in)
{
	static const char *const usual[] = { "a.csv", "b.htm", "c/d.xlsx", "content.xml", "xl/workbook.xml", "word/document.xml",
					     "e.txt", "__MACOSX/._a.csv" };
	size_t name_len = take_byte(in);
	const char *known = bits & 8 ? usual[name_len % G_N_ELEMENTS(usual)] : NULL;
	g_autofree char *name = known ? g_strdup(known) : take_bytes(in, &name_len);
	size_t size = take_byte(in);
	size = size << 8 | take_byte(in);
	g_autofree char *content = take_bytes(in, &size);
	struct zip_options o = { bits & 1, bits & 2 ? 1 : 0, bits & 4 ? (guint32)size * 1000 : 0 };

	zip_add(b, name, content, size, o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input in = { data, len };
	struct zip_builder b = { 0 };
	size_t bits = take_byte(&in);

	zip_add_text(&b, "z.csv", "TC;Ad Soyad;E-posta\n10000000146;Deneme Bir;a@b.test\n");
	for (; in.len && bits != 0xff; bits = take_byte(&in))
		add_entry(&b, bits, &in);
	g_autoptr(GBytes) bytes = zip_finish(&b);
	size_t size;
	g_autofree guint8 *archive = g_memdup2(g_bytes_get_data(bytes, &size), g_bytes_get_size(bytes));
	while (in.len >= 3) {
		size_t at = take_byte(&in) << 8;
		at = (at | take_byte(&in)) % size;
		archive[at] = (guint8)take_byte(&in);
	}
	return fuzz_document("a.zip", archive, size);
}
