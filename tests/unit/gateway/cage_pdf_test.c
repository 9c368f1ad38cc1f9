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
	const struct CMUnitTest tests[] = { cmocka_unit_test(odd_fonts_in_cage), cmocka_unit_test(corpus_in_cage) };

	return cmocka_run_group_tests(tests, warm_up, NULL);
}
