/* container_zip, form_merge: archives with forms inside, and two forms that become one request. */
#include "parsers/form.h"
#include "parsers/form_merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "tests/unit/parsers/zip_builder.h"

#define ID1 "10000000146"
#define ID2 "58111528012"
#define HEAD "TC;Ad;Soyad;E-posta;Başvuru Türü\n"
#define ONE ID1 ";Deneme;Bir;a@k.test;1\n"
#define TWO ID2 ";Test;İki;b@k.test;3\n"
#define NESTED "\1nested"

static struct form_rules rules;

static int set_up(void **state)
{
	g_autofree char *text = NULL;

	document_warm_up();
	if (!g_file_get_contents("parsers/headings.table", &text, NULL, NULL))
		return -1;
	rules = (struct form_rules){ headings_parse(text, NULL), NULL, 1795337400 }; /* 22 November 2026 */
	return rules.headings ? 0 : -1;
}

static int tear_down(void **state)
{
	headings_free((struct headings *)rules.headings);
	return 0;
}

/* "where tckn kind; …", then complaints. */
static char *shown(const document_t *d)
{
	struct request *r = form_from_document(d, &rules, d->complaints);
	GString *out = g_string_new(r && r->unit ? r->unit : NULL);

	for (guint i = 0; r && i < r->rows->len; i++) {
		const struct request_row *row = r->rows->pdata[i];
		g_string_append_printf(out, "%s%s %s %s", i ? "; " : out->len ? ": " : "", row->where, row->tckn ? row->tckn : "-",
				       row->kind ? row->kind : "-");
		for (guint k = 0; k < row->complaints->len; k++) {
			const struct complaint *c = row->complaints->pdata[k];
			g_string_append_printf(out, " !%s@%s", c->code, c->where);
		}
	}
	for (guint i = 0; i < d->complaints->len; i++) {
		const struct complaint *c = d->complaints->pdata[i];
		g_string_append_printf(out, "%s!%s@%s", out->len ? " " : "", c->code, c->where);
	}
	facts_request_free(r);
	return g_string_free(out, FALSE);
}

struct file { const char *name, *text; };

static void add_file(struct zip_builder *b, const struct file *f)
{
	struct zip_builder inner = { 0 };

	if (strcmp(f->text, NESTED)) {
		zip_add(b, f->name, f->text, strlen(f->text), (struct zip_options){ .deflate = TRUE });
		return;
	}
	zip_add_text(&inner, "a.csv", HEAD ONE);
	g_autoptr(GBytes) bytes = zip_finish(&inner);
	zip_add(b, f->name, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), (struct zip_options){ 0 });
}

static document_t *open_files(const struct file *files)
{
	struct zip_builder b = { 0 };

	for (; files->name; files++)
		add_file(&b, files);
	g_autoptr(GBytes) bytes = zip_finish(&b);
	return document_open("a.zip", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void archives(void **state)
{
	static const struct { struct file files[5]; const char *expected; } cases[] = {
		{ { { "a.csv", HEAD ONE TWO } }, "[a.csv]a!A2 " ID1 " first; [a.csv]a!A3 " ID2 " renewal" },
		{ { { "dir/", "" }, { "dir/a.csv", HEAD ONE }, { "b.csv", HEAD TWO } },
		  "[a.csv]a!A2 " ID1 " first; [b.csv]b!A2 " ID2 " renewal" },
		/* a person in two files counts once; what contradicts is told; a good row takes the place of a bad one */
		{ { { "a.csv", HEAD ONE }, { "b.csv", HEAD TWO ONE } }, "[a.csv]a!A2 " ID1 " first; [b.csv]b!A2 " ID2 " renewal" },
		{ { { "a.csv", HEAD ONE }, { "b.csv", HEAD ID1 ";Deneme;Bir;a@k.test;3\n" } },
		  "[a.csv]a!A2 " ID1 " first !duplicate_in_form@[b.csv]b!A2" },
		{ { { "a.csv", HEAD ID1 ";Deneme;Bir;a@k.test;?\n" }, { "b.csv", HEAD ONE } }, "[b.csv]b!A2 " ID1 " first" },
		{ { { "a.csv", HEAD "1;Deneme;Bir;a@k.test;1\n" }, { "b.csv", HEAD "12;DENEME;BİR;a@k.test;1\n" } },
		  "[a.csv]a!A2 - first !tckn_length@[a.csv]a!A2" },
		/* units stay with their forms */
		{ { { "a.csv", "Birim: Fizik;;\n" HEAD ONE }, { "b.csv", "Birim: Kimya;;\n" HEAD TWO } },
		  "Fizik: [a.csv]a!A3 " ID1 " first; [b.csv]b!A3 " ID2 " renewal" },
		/* names as others would have them */
		{ { { "../../etc/a.csv", HEAD ONE } }, "[a.csv]a!A2 " ID1 " first" },
		{ { { "C:\\x\\a.csv", HEAD ONE } }, "[a.csv]a!A2 " ID1 " first" },
		{ { { "a]!\n.csv", HEAD ONE } }, "[a___.csv]a___!A2 " ID1 " first" },
		/* left by other systems and programs */
		{ { { "__MACOSX/a.csv", "x" }, { "~$a.csv", "x" }, { ".a.csv", "x" }, { "a.csv", HEAD ONE } }, "[a.csv]a!A2 " ID1 " first" },
		/* complaints name the file */
		{ { { "a.pdf", "%PDF-1.7 x" }, { "b.csv", HEAD ONE } }, "[b.csv]b!A2 " ID1 " first !damaged@a.pdf" },
		{ { { "a.csv", HEAD } }, "!form_empty@[a.csv]a" },
		{ { { "a.docx", "PK\3\4 torn" }, { "b.csv", HEAD ONE } }, "[b.csv]b!A2 " ID1 " first !zip_damaged@a.docx" },
		/* nothing to read, or one archive too deep */
		{ { { "a.exe", "x" }, { "b.jpg", "\xff\xd8\xff\xe0" } }, "!zip_no_form@a.zip" },
		{ { { "dir/", "" } }, "!zip_no_form@a.zip" },
		{ { { "b.zip", NESTED } }, "!zip_nested@b.zip" },
		{ { { "b.xlsx", NESTED }, { "a.csv", HEAD ONE } }, "[a.csv]a!A2 " ID1 " first !zip_nested@b.xlsx" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = open_files(cases[i].files);
		g_autofree char *text = shown(d);
		assert_string_equal(d->format, "zip");
		assert_string_equal(text, cases[i].expected);
	}
}

/* A text in an archive: its lines are told with the file. A workbook keeps its own epoch. */
static void kinds_inside(void **state)
{
	struct zip_builder b = { 0 }, docx = { 0 }, xlsx = { 0 };

	zip_add_text(&docx, "word/document.xml", "<d><p><t>TC: " ID2 "</t></p><p><t>Ad Soyad: Test İki</t></p><p><t>E-posta: b@k.test</t></p></d>");
	g_autoptr(GBytes) text = zip_finish(&docx);
	zip_add_workbook(&xlsx, ZIP_WORKBOOK("date1904='1'", ZIP_SHEET1),
			 "<a><row><c t='str'><v>TC</v></c><c t='str'><v>Ad Soyad</v></c><c t='str'><v>Doğum Tarihi</v></c></row>"
			 "<row><c><v>" ID1 "</v></c><c t='str'><v>Deneme Bir</v></c><c><v>27788</v></c></row></a>", NULL, NULL);
	g_autoptr(GBytes) book = zip_finish(&xlsx);
	zip_add(&b, "a.docx", g_bytes_get_data(text, NULL), g_bytes_get_size(text), (struct zip_options){ 0 });
	zip_add(&b, "b.xlsx", g_bytes_get_data(book, NULL), g_bytes_get_size(book), (struct zip_options){ 0 });
	g_autoptr(GBytes) bytes = zip_finish(&b);
	g_autoptr(document_t) d = document_open("a.zip", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	struct request *r = form_from_document(d, &rules, d->complaints);
	assert_int_equal(r->rows->len, 2);
	assert_string_equal(((struct request_row *)r->rows->pdata[0])->where, "[a.docx]1. satır");
	assert_string_equal(((struct request_row *)r->rows->pdata[1])->where, "[b.xlsx]Sayfa1!A2");
	assert_string_equal(((struct request_row *)r->rows->pdata[1])->birth_date, "1980-01-30");
	facts_request_free(r);
	g_autofree char *json = document_to_json(d, NULL);
	assert_non_null(strstr(json, "\"sheets\":[{\"name\":\"[b.xlsx]Sayfa1\",\"rows\":[["));
}

static document_t *open_many(int files, const char *text, size_t len, double seconds)
{
	struct zip_builder b = { 0 };

	for (int i = 0; i < files; i++) {
		g_autofree char *name = g_strdup_printf("%d.csv", i);
		zip_add(&b, name, text, len, (struct zip_options){ 0 });
	}
	g_autoptr(GBytes) bytes = zip_finish(&b);
	gint64 start = g_get_monotonic_time();
	document_t *d = document_open("a.zip", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	assert_true((double)(g_get_monotonic_time() - start) < seconds * G_USEC_PER_SEC);
	return d;
}

static char *codes_of(const document_t *d)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < d->complaints->len; i++) {
		const char *code = ((const struct complaint *)d->complaints->pdata[i])->code;
		if (!strstr(out->str, code))
			g_string_append_printf(out, "%s%s", out->len ? " " : "", code);
	}
	return g_string_free(out, FALSE);
}

static void giants(void **state)
{
	g_autoptr(GString) rows = g_string_new(HEAD);
	g_autoptr(GRand) random = g_rand_new_with_seed(1);

	while (rows->len < 3 << 20)
		g_string_append_printf(rows, "%u;%u;%u\n", g_rand_int(random), g_rand_int(random), g_rand_int(random));
	g_autoptr(document_t) many = open_many(30, HEAD ONE, strlen(HEAD ONE), 1);
	g_autofree char *many_codes = codes_of(many);
	assert_string_equal(many_codes, "zip_too_many_files");
	assert_int_equal(many->parts->len, 20);
	g_autoptr(document_t) heavy = open_many(18, rows->str, rows->len, 3);
	g_autofree char *heavy_codes = codes_of(heavy);
	assert_string_equal(heavy_codes, "too_many_rows too_much_text");
	assert_true(heavy->parts->len < 18);
}

/* Archives of office programs in it that together unpack to more than one may. */
static void bombs(void **state)
{
	struct zip_builder b = { 0 };
	g_autofree char *zeros = g_malloc0(90 << 10);

	for (int i = 0; i < 20; i++) {
		g_autofree char *name = g_strdup_printf("%d.docx", i);
		struct zip_builder inner = { 0 };
		zip_add_text(&inner, "word/document.xml", "<a/>");
		for (int k = 0; k < 40; k++) {
			g_autofree char *part = g_strdup_printf("%d", k);
			zip_add(&inner, part, zeros, 90 << 10, (struct zip_options){ .deflate = TRUE });
		}
		g_autoptr(GBytes) bytes = zip_finish(&inner);
		zip_add(&b, name, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), (struct zip_options){ 0 });
	}
	g_autoptr(GBytes) bytes = zip_finish(&b);
	g_autoptr(document_t) d = document_open("a.zip", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	g_autofree char *codes = codes_of(d);
	assert_string_equal(codes, "zip_too_large");
	assert_true(d->parts->len > 10 && d->parts->len < 20);
}

static void merge_of_nothing(void **state)
{
	struct request *r = facts_request_new();

	assert_null(form_merge(NULL, NULL, NULL));
	assert_ptr_equal(form_merge(r, NULL, NULL), r);
	assert_ptr_equal(form_merge(NULL, r, NULL), r);
	facts_request_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(archives), cmocka_unit_test(kinds_inside), cmocka_unit_test(giants),
					    cmocka_unit_test(bombs), cmocka_unit_test(merge_of_nothing) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
