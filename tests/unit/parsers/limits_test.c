/* limits: each limit, lowered, is met by a document that the usual ones let through; and a mail's documents are held to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "parsers/document.h"
#include "parsers/read.h"
#include "tests/unit/parsers/zip_builder.h"

static GBytes *text(void)
{
	return g_bytes_new_static("TC;Ad;Soyad;E-posta\n1;2;3;4\n5;6;7;8\n", 36);
}

static GBytes *archive(void)
{
	struct zip_builder b = { 0 };
	g_autofree char *zeros = g_malloc0(110 << 10);

	for (int i = 0; i < 12; i++) {
		g_autofree char *name = g_strdup_printf("%d.csv", i);
		zip_add_text(&b, name, "TC;Ad\n1;2\n");
	}
	zip_add(&b, "rest", zeros, 110 << 10, (struct zip_options){ 0 });
	return zip_finish(&b);
}

/* Packs to about a seventh. */
static GBytes *dense(void)
{
	struct zip_builder b = { 0 };
	g_autoptr(GString) rows = g_string_new("TC;Ad\n");

	for (guint i = 0; rows->len < 200 << 10; i++)
		g_string_append_printf(rows, "%u;Deneme Bir;Deneme Bir;Deneme Bir;Deneme Bir\n", i);
	zip_add(&b, "a.csv", rows->str, rows->len, (struct zip_options){ .deflate = TRUE });
	return zip_finish(&b);
}

#define LOWERED(member, value) G_STRUCT_OFFSET(struct limits, member), value
static const struct {
	const char *name, *code;
	GBytes *(*make)(void);
	size_t offset, value;
} cases[] = {
	{ "a.csv", "too_many_rows", text, LOWERED(rows, 2) },
	{ "a.csv", "too_many_columns", text, LOWERED(columns, 3) },
	{ "a.csv", "too_many_cells", text, LOWERED(cells, 5) },
	{ "a.csv", "too_much_text", text, LOWERED(text, 20) },
	{ "a.zip", "zip_too_large", archive, LOWERED(unpacked, 100 << 10) },
	{ "a.zip", "zip_too_many_parts", archive, LOWERED(entries, 12) },
	{ "a.zip", "zip_too_many_files", archive, LOWERED(files, 11) },
	{ "a.zip", "zip_bomb", dense, LOWERED(ratio, 3) },
};

static bool complains(const GPtrArray *complaints, const char *code)
{
	for (guint i = 0; i < complaints->len; i++)
		if (!strcmp(((const struct complaint *)complaints->pdata[i])->code, code))
			return true;
	return false;
}

static void each_is_held(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct limits low = LIMITS_USUAL;
		g_autoptr(GBytes) bytes = cases[i].make();
		gsize len;
		const char *data = g_bytes_get_data(bytes, &len);

		*(size_t *)((char *)&low + cases[i].offset) = cases[i].value;
		g_autoptr(document_t) usual = document_open(cases[i].name, data, len);
		g_autoptr(document_t) held = document_open_within(&low, cases[i].name, data, len);
		assert_int_equal(usual->complaints->len, 0);
		if (!complains(held->complaints, cases[i].code))
			fail_msg("%s: not told", cases[i].code);
	}
}

/* Limits go down into an archive, to what stands in it. */
static void go_inside(void **state)
{
	struct limits low = LIMITS_USUAL;
	g_autoptr(GBytes) bytes = archive();
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);

	low.rows = 1;
	g_autoptr(document_t) d = document_open_within(&low, "a.zip", data, len);
	assert_true(complains(d->complaints, "too_many_rows"));
}

static void hold_for_a_mail(void **state)
{
	static const char head[] = "From: a@b.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
	static const char part[] = "--b\r\nContent-Type: text/csv; name=a.csv\r\n\r\nTC;Ad\r\n1;2\r\n3;4\r\n";
	g_autofree char *mail = g_strconcat(head, part, part, part, "--b--\r\n", NULL);
	struct limits low = LIMITS_USUAL;

	low.files = 2;
	low.rows = 2;
	struct reader_options o = { .limits = &low }, usual = { 0 };
	struct reader *r = reader_new(&o, NULL), *other = reader_new(&usual, NULL);
	g_autoptr(facts_t) f = reader_read(r, mail, strlen(mail), 0), all = reader_read(other, mail, strlen(mail), 0);
	assert_true(complains(f->complaints, "too_many_files"));
	assert_true(complains(f->complaints, "too_many_rows"));
	assert_false(complains(all->complaints, "too_many_files"));
	assert_false(complains(all->complaints, "too_many_rows"));
	reader_free(r);
	reader_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_held),
		cmocka_unit_test(go_inside),
		cmocka_unit_test(hold_for_a_mail),
	};

	document_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
