/* cage_pdf: PDF files read as a reader reads them: in the cage, where poppler can open nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <gio/gio.h>
#include "gateway/cage.h"
#include "parsers/doc_pdf.h"
#include "tests/unit/parsers/pdf_builder.h"

enum { WELL = 42, MIB = 512 };

/* Text in a font that is not in the file, a font of Japan whose tables are not on this machine, a picture, a broken one. */
static GBytes *odd_fonts(void)
{
	struct pdf_builder b = pdf_begin(600, 400);

	pdf_text(&b, 10, 20, 10, "Şişli");
	g_string_append(b.content, "q 100 0 0 100 0 0 cm BI /W 2 /H 2 /CS/G /BPC 8 ID abcd EI Q /Q Do BT /J 10 Tf <82A0> Tj ET");
	pdf_object(&b, g_strdup("<</Type/Font/Subtype/Type0/BaseFont/Ryumin-Light/Encoding/90ms-RKSJ-H/DescendantFonts["
		"<</Type/Font/Subtype/CIDFontType0/BaseFont/Ryumin-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>>>]>>"));
	pdf_end_page(&b);
	char *page = b.objects->pdata[5];
	char *at = strstr(page, "/F 3 0 R");
	b.objects->pdata[5] = g_strdup_printf("%.*s/F 3 0 R/J 4 0 R%s", (int)(at - page), page, at + strlen("/F 3 0 R"));
	g_free(page);
	return pdf_finish(&b);
}

static int read_caged(const char *name, GBytes *bytes)
{
	int how = 0, keep[] = { STDERR_FILENO };
	struct cage cage = { .memory_mib = MIB, .cpu_seconds = 10, .keep = keep, .kept = 1 };
	pid_t pid = fork();

	if (pid == 0) {
		if (!cage_enter(&cage))
			_exit(1);
		document_t *d = document_open(name, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
		_exit(d->text || d->fields->len ? WELL : 2);
	}
	waitpid(pid, &how, 0);
	return how;
}

/* What the nursery reads before it forks. */
static int warm_up(void **state)
{
	struct pdf_builder b = pdf_begin(9, 9);

	pdf_end_page(&b);
	g_autoptr(GBytes) bytes = pdf_finish(&b);
	document_free(document_open("a.pdf", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)));
	return doc_pdf_warm_up() ? 0 : -1;
}

static void odd_fonts_in_cage(void **state)
{
	g_autoptr(GBytes) bytes = odd_fonts();
	int how = read_caged("a.pdf", bytes);

	assert_true(WIFEXITED(how));
	assert_int_equal(WEXITSTATUS(how), WELL);
}

/* ---- files that would eat the machine ---- */

static GBytes *packed(const void *bytes, gsize len, int times)
{
	g_autoptr(GConverter) zip = G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9));
	g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable(), out = g_converter_output_stream_new(memory, zip);

	for (int i = 0; i < times; i++)
		assert_true(g_output_stream_write_all(out, bytes, len, NULL, NULL, NULL));
	assert_true(g_output_stream_close(out, NULL, NULL));
	return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(memory));
}

static char *stream_of(const char *keys, GBytes *data)
{
	gsize len;
	const unsigned char *bytes = g_bytes_get_data(data, &len);
	GString *out = g_string_new(NULL);

	g_string_printf(out, "<<%s/Length %zu/Filter[/ASCIIHexDecode/FlateDecode]>>stream\n", keys, 2 * len + 1);
	for (gsize i = 0; i < len; i++)
		g_string_append_printf(out, "%02X", bytes[i]);
	return g_string_free(g_string_append(out, ">\nendstream"), FALSE);
}

static char *inflating(const char *keys, const char *unit, int mib)
{
	g_autoptr(GString) block = g_string_new(NULL);

	while (block->len < 1 << 20)
		g_string_append(block, unit);
	g_autoptr(GBytes) data = packed(block->str, block->len, mib);
	return stream_of(keys, data);
}

static void use_as_content(struct pdf_builder *b, char *object)
{
	int n = pdf_object(b, object);
	g_autofree char *contents = g_strdup_printf("/Contents %d 0 R", n);

	pdf_end_page(b);
	char *page = b->objects->pdata[b->objects->len - 1], *at = strstr(page, "/Contents ");
	b->objects->pdata[b->objects->len - 1] = g_strdup_printf("%.*s%s%s", (int)(at - page), page, contents, strchr(at, 'R') + 1);
	g_free(page);
}

static GBytes *many_letters(void)
{
	struct pdf_builder b = pdf_begin(600, 400);

	use_as_content(&b, inflating("", "BT /F 9 Tf 9 9 Td (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj ET ", 128));
	return pdf_finish(&b);
}

static GBytes *deep_brackets(void)
{
	struct pdf_builder b = pdf_begin(600, 400);

	use_as_content(&b, inflating("", "[[[[[[[[[[[[[[[[<<<<<<<<(((((((((((", 8));
	return pdf_finish(&b);
}

static GBytes *object_stream(void)
{
	struct pdf_builder b = pdf_begin(600, 400);

	pdf_object(&b, inflating("/Type/ObjStm/N 500000/First 10000000", "9 9 ", 512));
	pdf_text(&b, 10, 20, 10, "Test");
	pdf_end_page(&b);
	return pdf_finish(&b);
}

/* A tree of pages that doubles forty times, and one that holds itself. */
static GBytes *page_tree(bool ring)
{
	struct pdf_builder b = pdf_begin(600, 400);
	int first = 0, last = 0;

	for (int i = 0; i < 40; i++) {
		last = pdf_object(&b, NULL);
		first = first ? first : last;
	}
	for (int i = first; i <= last; i++) {
		int next = i < last ? i + 1 : ring ? first : last + 2;
		b.objects->pdata[i - 1] = g_strdup_printf("<</Type/Pages/Count 1099511627776/Kids[%d 0 R %d 0 R]>>", next, next);
	}
	pdf_text(&b, 10, 20, 10, "Test");
	pdf_end_page(&b);
	g_string_printf(b.pages, "%d 0 R", first);
	b.page_count = 2000000000;
	return pdf_finish(&b);
}

static GBytes *big_picture(void)
{
	struct pdf_builder b = pdf_begin(600, 400);
	char *picture = inflating("/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceRGB", "0123456789", 64);

	pdf_text(&b, 10, 20, 10, "Test");
	g_string_append(b.content, "q 500 0 0 300 0 0 cm /P Do Q ");
	int n = pdf_object(&b, picture);
	pdf_end_page(&b);
	char *page = b.objects->pdata[b.objects->len - 1], *at = strstr(page, "/Font");
	b.objects->pdata[b.objects->len - 1] = g_strdup_printf("%.*s/XObject<</P %d 0 R>>%s", (int)(at - page), page, n, at);
	g_free(page);
	return pdf_finish(&b);
}

/* Each ends by itself or is ended by a limit, and soon; the next file is read as if nothing had been. */
static void bombs_in_cage(void **state)
{
	struct { const char *name; GBytes *bytes; bool well; } bombs[] = {
		{ "many letters", many_letters(), false }, { "deep brackets", deep_brackets(), false },
		{ "object stream", object_stream(), true }, { "page tree", page_tree(false), false }, { "page ring", page_tree(true), false },
		{ "big picture", big_picture(), true },
	};
	g_autoptr(GBytes) next = odd_fonts();

	for (size_t i = 0; i < G_N_ELEMENTS(bombs); i++) {
		gint64 from = g_get_monotonic_time();
		int how = read_caged("a.pdf", bombs[i].bytes), after = read_caged("a.pdf", next);
		double seconds = (double)(g_get_monotonic_time() - from) / 1e6;
		printf("%s, %zu KiB: %s %d after %.1f s\n", bombs[i].name, g_bytes_get_size(bombs[i].bytes) >> 10,
		       WIFEXITED(how) ? "ends with" : "killed by", WIFEXITED(how) ? WEXITSTATUS(how) : WTERMSIG(how), seconds);
		assert_true(WIFEXITED(after) && WEXITSTATUS(after) == WELL);
		assert_true(!bombs[i].well || (WIFEXITED(how) && WEXITSTATUS(how) == WELL));
		assert_true(seconds < 60);
		g_bytes_unref(bombs[i].bytes);
	}
}

static void corpus_in_cage(void **state)
{
	const char *corpus = g_getenv("NESGATE_CORPUS");
	g_autofree char *folder = g_build_filename(corpus ? corpus : "../shared/corpus", "documents", "pdf-forms", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	int n = 0;

	if (!dir)
		printf("skipped: no %s\n", folder);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
		gsize len;
		if (!g_str_has_suffix(name, ".pdf") || !g_file_get_contents(path, &text, &len, NULL))
			continue;
		g_autoptr(GBytes) bytes = g_bytes_new(text, len);
		int how = read_caged(name, bytes);
		if (!WIFEXITED(how) || WEXITSTATUS(how) != WELL)
			fail_msg("%s: ended with %x", name, (unsigned)how);
		n++;
	}
	assert_true(!dir || n);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(odd_fonts_in_cage), cmocka_unit_test(corpus_in_cage),
					   cmocka_unit_test(bombs_in_cage) };

	return cmocka_run_group_tests(tests, warm_up, NULL);
}
