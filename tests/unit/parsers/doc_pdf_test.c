/* doc_pdf: fields and text of PDF files, and what is said of those that hold none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/parsers/pdf_form.h"

static const char *value_of(const document_t *d, const char *name)
{
	const char *value = NULL;

	for (guint i = 0; i < d->fields->len; i++) {
		const struct field *f = d->fields->pdata[i];
		if (!strcmp(f->name, name)) {
			assert_null(value); /* once */
			value = f->value;
		}
	}
	return value;
}

static void add_radios(struct pdf_builder *b, const char *name, int on, double y)
{
	static const char *const words[] = { "İlk başvuru", "Kayıp", "Yenileme" };
	g_autofree char *t = pdf_string(name);
	int group = pdf_object(b, NULL), kids[3];

	for (int i = 0; i < 3; i++) {
		kids[i] = pdf_box(b, NULL, group, i == on, 200 + i * 100, y);
		pdf_text(b, 214 + i * 100, y + 9, 10, words[i]);
	}
	b->objects->pdata[group - 1] = g_strdup_printf("<</FT/Btn/Ff 49152/T%s/V/S%d/Kids[%d 0 R %d 0 R %d 0 R]>>", t, 200 + on * 100, kids[0],
		kids[1], kids[2]);
	pdf_root_field(b, group);
}

static void fields(void **state)
{
	struct pdf_builder b = pdf_begin(600, 400);
	int parent = pdf_object(&b, NULL), kid = pdf_widget(&b, "/Parent 4 0 R/FT/Tx/T(b)/TU(Kimlik)/V(\xfe\xff\x01\x5e\x01\x31)", 10, 10, 50, 14);

	b.objects->pdata[parent - 1] = g_strdup_printf("<</T(a)/Kids[%d 0 R]>>", kid);
	pdf_root_field(&b, parent);
	pdf_field(&b, "Adı", "Şaban Ğ. İıçöü 😀", 10, 30);
	pdf_field(&b, "empty", "", 10, 50);
	pdf_box(&b, "on", 0, true, 10, 70);
	pdf_box(&b, "off", 0, false, 30, 70);
	pdf_root_field(&b, pdf_widget(&b, "/FT/Ch/Ff 131072/T(choice)/Opt[[(1)(first)][(3)(renewal)]]/V(3)", 10, 90, 50, 14));
	pdf_root_field(&b, pdf_widget(&b, "/FT/Ch/Ff 393216/T(edit)/Opt[(a)]/V(other)", 80, 90, 50, 14));
	pdf_root_field(&b, pdf_widget(&b, "/FT/Ch/Ff 2097152/T(many)/Opt[(a)(b)(c)]/V[(a)(c)]", 80, 120, 50, 40));
	pdf_root_field(&b, pdf_widget(&b, "/FT/Tx/Ff 8192/T(PIN)/V(1234)", 10, 120, 50, 14));
	pdf_root_field(&b, pdf_widget(&b, "/FT/Sig/T(signature)/V<</Type/Sig>>", 10, 140, 50, 14));
	pdf_root_field(&b, pdf_widget(&b, "/FT/Btn/Ff 65536/T(send)", 10, 160, 50, 14));
	add_radios(&b, "radio", 2, 200);
	g_autoptr(document_t) d = finish(&b);

	assert_string_equal(d->format, "pdf");
	assert_int_equal(d->complaints->len, 0);
	assert_string_equal(value_of(d, "a.b"), "Şı");
	assert_string_equal(((struct field *)d->fields->pdata[0])->label, "Kimlik");
	assert_string_equal(value_of(d, "Adı"), "Şaban Ğ. İıçöü 😀");
	assert_string_equal(value_of(d, "empty"), "");
	assert_string_equal(value_of(d, "on"), "X");
	assert_null(value_of(d, "off"));
	assert_string_equal(value_of(d, "choice"), "renewal");
	assert_string_equal(value_of(d, "edit"), "other");
	assert_string_equal(value_of(d, "many"), "a, c");
	assert_string_equal(value_of(d, "PIN"), "");
	assert_string_equal(value_of(d, "radio"), "Yenileme");
	assert_null(value_of(d, "signature"));
	assert_null(value_of(d, "send"));
	assert_null(strstr(d->text, "1234"));
}

/* ---- forms of fields ---- */

static void by_names(void **state)
{
	static const struct { const char *fields[16], *expected; } cases[] = {
		{ { "TC Kimlik No", ID1, "Ad Soyad", "Deneme Bir", "E-posta", "a@k.test", "Başvuru Türü", "3", "Birim", "Fen" },
		  "TC Kimlik No|" ID1 "|Deneme|Bir|a@k.test|renewal|" },
		{ { "form1[0].#subform[0].AdSoyad[0]", "Deneme Bir", "form1[0].#subform[0].TC[0]", ID1, "form1[0].#subform[1].Eposta[0]", "yok" },
		  "form1[0].#subform[0].TC[0]|" ID1 "|Deneme|Bir||| !email_invalid@form1[0].#subform[1].Eposta[0]" },
		{ { "tckn_1", ID1, "tckn_2", ID2, "Ad Soyad 1", "Deneme Bir", "Ad Soyad 2", "Test İki", "E-posta.1", "a@k.test", "E-posta.2", "b@" },
		  "tckn_1|" ID1 "|Deneme|Bir|a@k.test||; tckn_2|" ID2 "|Test|İki||| !email_invalid@E-posta.2" },
		{ { "Satir1.TC", ID1, "Satir1.Ad", "Deneme", "Satir1.Soyad", "Bir", "Satir1.E-posta", "a@k.test", "Satir2.TC", "",
		    "Satir2.Ad", "", "Satir2.Soyad", "" },
		  "Satir1.TC|" ID1 "|Deneme|Bir|a@k.test||" },
		{ { "T.C. Kimlik NoRow1", ID1, "Ad SoyadRow1", "Deneme Bir", "E-postaRow1", "a@k.test", "T.C. Kimlik NoRow2", ID2,
		    "Ad SoyadRow2", "Test İki", "E-postaRow2", "b@k.test" },
		  "T.C. Kimlik NoRow1|" ID1 "|Deneme|Bir|a@k.test||; T.C. Kimlik NoRow2|" ID2 "|Test|İki|b@k.test||" },
		{ { "TC 1", ID1, "Ad Soyad 2", "Deneme Bir", "E-posta 3", "a@k.test" }, "TC 1|" ID1 "|Deneme|Bir|a@k.test||" },
		{ { "Table1[0].Row1[0].TC[0]", ID1, "Table1[0].Row1[0].Ad[0]", "Deneme", "Table1[0].Row1[1].TC[0]", ID2, "Table1[0].Row1[1].Ad[0]", "Test" },
		  "Table1[0].Row1[0].TC[0]|" ID1 "|Deneme|||| !name_missing@Table1[0].Row1[0].Ad[0] !email_missing@Table1[0].Row1[0].TC[0];"
		  " Table1[0].Row1[1].TC[0]|" ID2 "|Test|||| !name_missing@Table1[0].Row1[1].Ad[0] !email_missing@Table1[0].Row1[1].TC[0]" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct pdf_builder b = pdf_begin(600, 800);
		for (int k = 0; k < 16 && cases[i].fields[k]; k += 2)
			pdf_field(&b, cases[i].fields[k], cases[i].fields[k + 1], 100, 20 + 20 * k);
		g_autoptr(document_t) d = finish(&b);
		expect_form(d, cases[i].expected);
	}
}

static void by_labels_and_boxes(void **state)
{
	struct pdf_builder b = pdf_begin(600, 400);

	pdf_root_field(&b, pdf_widget(&b, "/FT/Tx/T(Text1)/TU(TC Kimlik No)/V(" ID1 ")", 100, 20, 100, 14));
	pdf_root_field(&b, pdf_widget(&b, "/FT/Tx/T(Text2)/TU(Ad Soyad)/V(Deneme Bir)", 100, 40, 100, 14));
	pdf_root_field(&b, pdf_widget(&b, "/FT/Tx/T(Text3)/TU(E-posta)/V(a@k.test)", 100, 60, 100, 14));
	pdf_box(&b, "Yenileme", 0, true, 100, 80);
	pdf_box(&b, "Kayıp", 0, false, 150, 80);
	g_autoptr(document_t) d = finish(&b);

	expect_form(d, "Text1|" ID1 "|Deneme|Bir|a@k.test|renewal|");
}

/* The names say nothing: what is printed beside the fields does. */
static void by_printed_labels(void **state)
{
	static const char *const lines[] = { "T.C. Kimlik No", ID1, "Ad Soyad :", "Deneme Bir", "E-posta", "a@k.test" };
	struct pdf_builder b = pdf_begin(600, 400);

	pdf_text(&b, 200, 20, 14, "NES TALEP FORMU");
	for (int i = 0; i < 6; i += 2) {
		g_autofree char *name = g_strdup_printf("Text%d", i);
		pdf_text(&b, 50, 50 + 10 * i, 10, lines[i]);
		pdf_field(&b, name, lines[i + 1], 160, 40 + 10 * i);
	}
	pdf_text(&b, 50, 108, 10, "Başvuru Türü");
	add_radios(&b, "Group", 2, 100);
	g_autoptr(document_t) d = finish(&b);

	expect_form(d, "2. satır|" ID1 "|Deneme|Bir|a@k.test|renewal|");
}

/* A table drawn of fields that only their maker understands: complaints name the field. */
static void table_of_fields(void **state)
{
	struct pdf_builder b = pdf_begin(600, 400);
	static const char *const values[] = { ID1, "Deneme Bir", "a@", "3", "" };

	for (int i = 0; i < 5; i++) {
		static const char *const words[] = { "TC", "Ad Soyad", "E-posta", "Başvuru Türü", "Not" };
		g_autofree char *name = g_strdup_printf("f%c", 'a' + i);
		pdf_text(&b, 20 + i * 100, 50, 10, words[i]);
		pdf_field(&b, name, values[i], 18 + i * 100, 60);
	}
	g_autoptr(document_t) d = finish(&b);

	expect_form(d, "fa|" ID1 "|Deneme|Bir||renewal| !email_invalid@fc");
}

/* ---- what holds nothing ---- */

static void expect_code(document_t *d, const char *code)
{
	g_autofree char *form = form_of(d), *expected = code ? g_strdup_printf(" !!%s", code) : g_strdup("");

	assert_string_equal(form, expected);
}

static void refusals(void **state)
{
	static const char wait[] = "If this is not replaced, your PDF viewer may not be able to display this type of document.";
	struct pdf_builder scan = pdf_begin(100, 100), xfa = pdf_begin(800, 100), words = pdf_begin(100, 100), many = pdf_begin(100, 100);

	pdf_text(&xfa, 10, 10, 10, wait);
	pdf_text(&words, 10, 10, 10, "Merhaba");
	pdf_text(&many, 10, 10, 10, "Merhaba");
	for (int i = 0; i < 200; i++)
		pdf_end_page(&many);
	g_autoptr(document_t) s = finish(&scan), x = finish(&xfa), w = finish(&words), m = finish(&many);
	g_autoptr(document_t) bad = document_open("a.pdf", "%PDF-1.7 x", 10), before = document_open("a.pdf", "\n%PDF-1.7 x", 11);
	expect_code(s, "pdf_scan");
	expect_code(x, "pdf_xfa");
	expect_code(w, NULL);
	expect_code(m, "too_many_pages");
	expect_code(bad, "damaged");
	expect_code(before, "damaged");
}

static document_t *open_bytes(GBytes *bytes)
{
	return document_open("a.pdf", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static GBytes *small_form(const char *more)
{
	struct pdf_builder b = pdf_begin(600, 400);

	b.more = more;
	pdf_field(&b, "TC Kimlik No", ID1, 100, 20);
	pdf_field(&b, "Ad Soyad", "Deneme Bir", 100, 40);
	pdf_field(&b, "E-posta", "a@k.test", 100, 60);
	pdf_root_field(&b, pdf_widget(&b, "/FT/Sig/T(signature)/V<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached"
		"/ByteRange[0 10 20 10]/Contents<00>>>", 10, 140, 50, 14));
	pdf_end_page(&b);
	return pdf_finish(&b);
}

#define SMALL_FORM "TC Kimlik No|" ID1 "|Deneme|Bir|a@k.test||"

/* Offsets that are wrong, and a file that lost its end: what is left is found without them. */
static void signed_and_damaged(void **state)
{
	g_autoptr(GBytes) whole = small_form("/Perms<</DocMDP 4 0 R>>"), moved = NULL, cut = NULL;
	gsize len;
	const char *bytes = g_bytes_get_data(whole, &len);
	const char *xref = g_strstr_len(bytes, (gssize)len, "\nxref\n");
	g_autofree char *text = g_strdup_printf("%%PDF-1.7\n%% one line more\n%.*s", (int)(len - 9), bytes + 9);

	assert_non_null(xref);
	moved = g_bytes_new(text, strlen(text));
	g_autofree char *lost = g_strdup_printf("%.*s\ntrailer<</Root 1 0 R>>", (int)(xref - bytes), bytes);
	cut = g_bytes_new(lost, strlen(lost));
	g_autoptr(document_t) d = open_bytes(whole), m = open_bytes(moved), c = open_bytes(cut);
	expect_form(d, SMALL_FORM);
	expect_form(m, SMALL_FORM);
	expect_form(c, SMALL_FORM);
}

static void xfa_by_key(void **state)
{
	struct pdf_builder b = pdf_begin(600, 400);

	b.more = "/X<</XFA[(template)(x)]>>";
	pdf_text(&b, 10, 10, 10, "Merhaba");
	g_autoptr(document_t) only = finish(&b);
	g_autoptr(GBytes) both = small_form("/X<</XFA[(template)(x)]>>");
	g_autoptr(document_t) d = open_bytes(both);
	expect_code(only, "pdf_xfa");
	expect_form(d, SMALL_FORM);
}

/* Locked for opening is refused; locked for printing alone can be read. Made by another program, where there is one. */
static void passwords(void **state)
{
	static const char *const words[] = { "", "user" };
	g_autofree char *qpdf = g_find_program_in_path("qpdf"), *folder = g_dir_make_tmp("nesgate-XXXXXX", NULL);
	g_autofree char *plain = g_build_filename(folder, "a.pdf", NULL), *locked = g_build_filename(folder, "b.pdf", NULL);
	g_autoptr(GBytes) form = small_form("");

	if (!qpdf)
		printf("skipped: no qpdf\n");
	g_file_set_contents(plain, g_bytes_get_data(form, NULL), (gssize)g_bytes_get_size(form), NULL);
	for (size_t i = 0; qpdf && i < G_N_ELEMENTS(words); i++) {
		char *const command[] = { qpdf, (char *)"--encrypt", (char *)words[i], (char *)"owner", (char *)"256", (char *)"--", plain, locked, NULL };
		g_autofree char *bytes = NULL;
		gsize len;
		assert_true(g_spawn_sync(NULL, (char **)command, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, NULL, NULL));
		assert_true(g_file_get_contents(locked, &bytes, &len, NULL));
		g_autoptr(document_t) d = document_open("a.pdf", bytes, len);
		*words[i] ? expect_code(d, "encrypted") : expect_form(d, SMALL_FORM);
	}
	remove(plain);
	remove(locked);
	remove(folder);
}

/* Two fields of one name with two values. */
static void field_twice(void **state)
{
	struct pdf_builder b = pdf_begin(600, 400);

	pdf_field(&b, "TC Kimlik No", ID1, 100, 20);
	pdf_field(&b, "TC Kimlik No", ID1, 100, 40);
	pdf_field(&b, "Ad Soyad", "Test İki", 100, 60);
	pdf_field(&b, "Ad Soyad", "", 100, 80);
	pdf_field(&b, "Ad Soyad", "Deneme Bir", 100, 100);
	pdf_field(&b, "E-posta", "a@k.test", 100, 120);
	g_autoptr(document_t) d = finish(&b);
	expect_form(d, SMALL_FORM " !!pdf_field_twice");
}

/* Each chosen button looks for its words: not for ever. */
static void many_buttons(void **state)
{
	struct pdf_builder b = pdf_begin(600, 400);

	for (int i = 0; i < 501; i++) {
		g_autofree char *name = g_strdup_printf("radio %d", i);
		add_radios(&b, name, 0, 10);
	}
	g_autoptr(document_t) d = finish(&b);
	expect_code(d, "pdf_too_many_fields");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields), cmocka_unit_test(by_names), cmocka_unit_test(by_labels_and_boxes),
		cmocka_unit_test(by_printed_labels), cmocka_unit_test(table_of_fields),
		cmocka_unit_test(refusals), cmocka_unit_test(signed_and_damaged),
		cmocka_unit_test(xfa_by_key), cmocka_unit_test(passwords), cmocka_unit_test(field_twice),
		cmocka_unit_test(many_buttons),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
