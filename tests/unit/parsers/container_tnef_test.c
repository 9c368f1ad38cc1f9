/* container_tnef: which attachments come out of a winmail.dat, under which name, and what is said of a broken one. */
#include "parsers/container_tnef.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "parsers/read.h"
#include "tests/unit/parsers/tnef_builder.h"
#include "tests/unit/parsers/zip_builder.h"

#define TABLE "TC;Ad Soyad;E-posta;Başvuru Türü\n10000000146;Deneme Bir;a@b.test;1\n"
#define WIDE_NAME "k\0u\0r\0u\0l\0.\0c\0s\0v\0\0\0"

static document_t *open_tnef(const GString *t)
{
	return document_open("winmail.dat", t->str, t->len);
}

/* The names of the parts and of the complaints, in one line. */
static char *summary(const document_t *d)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < d->parts->len; i++) {
		const document_t *part = d->parts->pdata[i];
		const struct sheet *s = part->sheets->len ? part->sheets->pdata[0] : NULL;
		g_string_append_printf(out, "%s ", s ? s->name : part->file);
	}
	for (guint i = 0; i < d->complaints->len; i++) {
		const struct complaint *c = d->complaints->pdata[i];
		g_string_append_printf(out, "%s@%s ", c->code, c->where);
	}
	return g_strchomp(g_string_free(out, FALSE));
}

static GString *titled(void)
{
	GString *t = tnef_new();

	tnef_attach(t, "C:\\LISTE~1.CSV", TABLE, strlen(TABLE));
	tnef_attach(t, "photo.jpg", "\xff\xd8\xff", 3);
	tnef_attach(t, "b.csv", TABLE, strlen(TABLE));
	return t;
}

/* Properties of every length before those that matter: named by number and by word, many values, fixed ones. */
static GString *long_named(void)
{
	GString *t = tnef_new();
	g_autoptr(GString) p = g_string_new(NULL);

	tnef_number(p, 0x03, 2), tnef_number(p, 0x3705, 2), tnef_number(p, 1, 4);
	tnef_number(p, 0x0b, 2), tnef_number(p, 0x7ffe, 2), tnef_number(p, 1, 4);
	tnef_number(p, 0x40, 2), tnef_number(p, 0x3007, 2), g_string_append_len(p, "12345678", 8);
	tnef_number(p, 0x48, 2), tnef_number(p, 0x3709, 2), g_string_append_len(p, "1234567812345678", 16);
	tnef_number(p, 0x03, 2), tnef_number(p, 0x8001, 2), g_string_append_len(p, "GUIDGUIDGUIDGUID", 16);
	tnef_number(p, 0, 4), tnef_number(p, 7, 4), tnef_number(p, 9, 4);
	tnef_number(p, 0x03, 2), tnef_number(p, 0x8002, 2), g_string_append_len(p, "GUIDGUIDGUIDGUID", 16);
	tnef_number(p, 1, 4), tnef_number(p, 6, 4), g_string_append_len(p, "a\0b\0\0\0..", 8), tnef_number(p, 9, 4);
	tnef_number(p, 0x1003, 2), tnef_number(p, 0x3006, 2), tnef_number(p, 2, 4), tnef_number(p, 1, 4), tnef_number(p, 2, 4);
	tnef_number(p, 0x101e, 2), tnef_number(p, 0x3005, 2), tnef_number(p, 2, 4);
	tnef_number(p, 2, 4), g_string_append_len(p, "a\0..", 4), tnef_number(p, 5, 4), g_string_append_len(p, "abcd\0...", 8);
	tnef_property(p, TNEF_UNICODE, 0x3707, WIDE_NAME, sizeof WIDE_NAME - 1);
	tnef_attach(t, "KURUL~1.CSV", TABLE, strlen(TABLE));
	tnef_properties(t, 9, p);
	return t;
}

static GString *in_properties(void)
{
	GString *t = tnef_new();
	g_autoptr(GString) p = g_string_new(NULL);

	tnef_property(p, TNEF_BINARY, 0x3701, TABLE, strlen(TABLE));
	tnef_property(p, TNEF_STRING8, 0x3707, "\xfe.csv", 6);
	tnef_attach(t, NULL, NULL, 0);
	tnef_properties(t, 2, p);
	return t;
}

/* A mail as attachment: an object behind the name of its interface. */
static GString *wrapped(const GString *inner)
{
	GString *t = tnef_new();
	g_autoptr(GString) p = g_string_new(NULL), object = g_string_new("GUIDGUIDGUIDGUID");

	g_string_append_len(object, inner->str, (gssize)inner->len);
	tnef_property(p, TNEF_OBJECT, 0x3701, object->str, object->len);
	tnef_attach(t, "mail", NULL, 0);
	tnef_properties(t, 1, p);
	return t;
}

static GString *one_deep(void)
{
	g_autoptr(GString) inner = titled();

	return wrapped(inner);
}

static GString *two_deep(void)
{
	g_autoptr(GString) inner = one_deep();

	return wrapped(inner);
}

static GString *with_zip(void)
{
	struct zip_builder b = { 0 };
	GString *t = tnef_new();

	zip_add_text(&b, "dir/a.csv", TABLE);
	zip_add_text(&b, "b.csv", TABLE);
	g_autoptr(GBytes) zip = zip_finish(&b);
	tnef_attach(t, "a.zip", g_bytes_get_data(zip, NULL), g_bytes_get_size(zip));
	return t;
}

static GString *many(void)
{
	GString *t = tnef_new();

	for (int i = 0; i < 22; i++)
		tnef_attach(t, "a.csv", "TC;Ad\n", 6);
	return t;
}

static GString *wrong_sum(void)
{
	GString *t = titled();

	t->str[t->len - 1]++;
	return t;
}

static GString *wrong_property(void)
{
	GString *t = tnef_new();
	g_autoptr(GString) p = g_string_new(NULL);

	tnef_property(p, 0x33, 0x3701, "abc", 3);
	tnef_attach(t, "a.csv", TABLE, strlen(TABLE));
	tnef_properties(t, 1, p);
	return t;
}

/* Four thousand million values of no bytes. */
static GString *endless(void)
{
	GString *t = tnef_new();
	g_autoptr(GString) p = g_string_new(NULL);

	tnef_number(p, 0x101e, 2), tnef_number(p, 0x3005, 2), tnef_number(p, G_MAXUINT32, 4), tnef_number(p, 0, 4);
	tnef_attach(t, "a.csv", TABLE, strlen(TABLE));
	tnef_properties(t, G_MAXUINT32, p);
	return t;
}

static const struct { const char *what; GString *(*make)(void); const char *summary; } cases[] = {
	{ "nothing in it", tnef_new, "" },
	{ "short names", titled, "[LISTE~1.CSV]LISTE~1 [b.csv]b" },
	{ "long name", long_named, "[kurul.csv]kurul" },
	{ "all in properties", in_properties, "[ş.csv]ş" },
	{ "a mail in it", one_deep, "[LISTE~1.CSV]LISTE~1 [b.csv]b" },
	{ "a mail in a mail", two_deep, "nested_too_deep@winmail.dat" },
	{ "an archive in it", with_zip, "[a.zip][a.csv]a [a.zip][b.csv]b a.zip" },
	{ "wrong checksum", wrong_sum, "[LISTE~1.CSV]LISTE~1 tnef_damaged@winmail.dat" },
	{ "unknown type", wrong_property, "[a.csv]a tnef_damaged@winmail.dat" },
	{ "endless values", endless, "[a.csv]a tnef_damaged@winmail.dat" },
};

static void attachments(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) t = cases[i].make();
		g_autoptr(document_t) d = open_tnef(t);
		g_autofree char *got = summary(d);

		assert_string_equal(d->format, "tnef");
		if (strcmp(got, cases[i].summary))
			fail_msg("%s: %s", cases[i].what, got);
	}
}

static void too_many(void **state)
{
	g_autoptr(GString) t = many();
	g_autoptr(document_t) d = open_tnef(t);
	const struct complaint *last = d->complaints->pdata[d->complaints->len - 1];

	assert_int_equal(d->parts->len, 20);
	assert_string_equal(last->code, "too_many_files");
}

/* However short it is cut: no more than stands in it, and a word about it. */
static void cut(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) t = cases[i].make();

		for (size_t len = 6; len < t->len; len++) {
			g_autofree char *exact = g_memdup2(t->str, len);
			document_t *d = document_new("winmail.dat");
			container_tnef_read(d, exact, len);
			assert_true(d->parts->len <= 3);
			document_free(d);
		}
	}
	g_autoptr(GString) t = titled();
	g_autoptr(document_t) d = document_open("winmail.dat", t->str, t->len - 1);
	g_autofree char *got = summary(d);
	assert_string_equal(got, "[LISTE~1.CSV]LISTE~1 tnef_damaged@winmail.dat");
}

static void not_in_an_archive(void **state)
{
	g_autoptr(GString) t = titled();
	struct zip_builder b = { 0 };

	zip_add(&b, "winmail.dat", t->str, t->len, (struct zip_options){ 0 });
	g_autoptr(GBytes) zip = zip_finish(&b);
	g_autoptr(document_t) d = document_open("a.zip", g_bytes_get_data(zip, NULL), g_bytes_get_size(zip));
	g_autofree char *got = summary(d);
	assert_string_equal(got, "zip_nested@winmail.dat");
}

static void in_a_mail(void **state)
{
	static const char *const types[] = { "application/ms-tnef; name=x", "application/vnd.ms-tnef",
					     "application/octet-stream; name=winmail.dat" };
	g_autoptr(GString) t = long_named();
	g_autofree char *coded = g_base64_encode((const guchar *)t->str, t->len);
	struct reader_options o = { 0 };
	struct reader *r = reader_new(&o, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
		g_autofree char *mail = g_strdup_printf("From: a@b.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
			"Merhaba\r\n--b\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--b--\r\n", types[i], coded);
		g_autoptr(facts_t) f = reader_read(r, mail, strlen(mail), 1795330800);
		assert_non_null(f->request);
		assert_int_equal(f->request->rows->len, 1);
		const struct request_row *row = f->request->rows->pdata[0];
		assert_string_equal(row->tckn, "10000000146");
		assert_string_equal(row->where, "[kurul.csv]kurul!A2");
	}
	reader_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attachments), cmocka_unit_test(too_many),  cmocka_unit_test(cut),
		cmocka_unit_test(not_in_an_archive), cmocka_unit_test(in_a_mail),
	};

	document_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
