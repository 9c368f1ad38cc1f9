/* triage: mails as units send them when they do not send the form, and mails that only look so. */
#include "parsers/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/triage.h"
#include "templates/catalog.h"
#include "tests/unit/parsers/zip_builder.h"

#define NOW G_GINT64_CONSTANT(1795330800) /* 2026-11-22 */
#define HEAD "TC;Ad;Soyad;E-posta;Başvuru Türü\n"
#define ROW1 "10000000146;Deneme;Bir;a@k.test;1\n"
#define LABELS "T.C. Kimlik No: 10000000146\nAdı: Deneme\nSoyadı: Bir\nE-posta: a@k.test\nBaşvuru Türü: İlk başvuru\n"

static struct reader *reader;

static int set_up(void **state)
{
	struct reader_options o = { 0 };

	reader = reader_new(&o, NULL);
	return reader ? 0 : -1;
}

static int tear_down(void **state)
{
	reader_free(reader);
	return 0;
}

/* ---- files ---- */

static GBytes *text_bytes(const char *text)
{
	return g_bytes_new(text, strlen(text));
}

static GBytes *good_csv(void) { return text_bytes(HEAD ROW1); }
static GBytes *empty_csv(void) { return text_bytes(HEAD); }
static GBytes *other_csv(void) { return text_bytes("Tarih;Konu;Sayı\n01.02.2026;Toplantı;3\n"); }
static GBytes *nothing(void) { return g_bytes_new(NULL, 0); }
static GBytes *icon(void) { return text_bytes("\x89PNG\r\n\x1a\n icon"); }
static GBytes *vcard(void) { return text_bytes("BEGIN:VCARD\nEND:VCARD\n"); }
static GBytes *noise(void) { return text_bytes("PK\3\4 that is all"); }
static GBytes *line(void) { return text_bytes("\nGizlilik uyarısı\n"); }
static GBytes *wrapping(void) { return g_bytes_new("\x78\x9f\x3e\x22\x01\x00", 6); }
static GBytes *rar(void) { return text_bytes("Rar!\x1a\x07\x01 x"); }
static GBytes *broken_pdf(void) { return text_bytes("%PDF-1.4\n%nothing\n"); }

/* "Ü" and "ı" of DOS, which mean nothing in Windows: what is in the row cannot be told. */
static GBytes *dos_csv(void) { return text_bytes("TC;Ad;Soyad;E-posta;Tur\n10000000146;\x9an\x8dl;Bir;a@k.test;1\n"); }
static GBytes *dos_other(void) { return text_bytes("S\x8dra;Ad\x8d;\x9anvan\n1;Deneme;M\x81" "d\x81r\n"); }

static GBytes *large(const char *start, size_t len)
{
	guint8 *bytes = g_malloc(len);

	for (size_t i = 0; i < len; i++)
		bytes[i] = (guint8)(i * 7 + i / 251);
	memcpy(bytes, start, strlen(start));
	return g_bytes_new_take(bytes, len);
}

static GBytes *jpeg(void) { return large("\xff\xd8\xff\xe0", 60000); }
static GBytes *banner(void) { return large("\x89PNG\r\n", 150000); }
static GBytes *tiff(void) { return large("II*", 60000); }

static GBytes *workbook(void)
{
	struct zip_builder z = { 0 };

	zip_add_workbook(&z, ZIP_WORKBOOK("", ZIP_SHEET1),
			 "<worksheet><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>Toplantı notu</t></is></c></row></sheetData></worksheet>",
			 NULL, NULL);
	return zip_finish(&z);
}

static GBytes *with_macros(void)
{
	struct zip_builder z = { 0 };

	zip_add_workbook(&z, ZIP_WORKBOOK("", ZIP_SHEET1), "<worksheet/>", NULL, NULL);
	zip_add_text(&z, "xl/vbaProject.bin", "x");
	return zip_finish(&z);
}

static GBytes *bomb(void)
{
	struct zip_builder z = { 0 };
	g_autofree char *blanks = g_strnfill(2000000, ' ');

	zip_add_text(&z, "[Content_Types].xml", "<Types/>");
	zip_add_text(&z, "xl/_rels/workbook.xml.rels", ZIP_RELATIONS);
	zip_add_text(&z, "xl/workbook.xml", ZIP_WORKBOOK("", ZIP_SHEET1));
	zip_add(&z, "xl/worksheets/sheet1.xml", blanks, 2000000, (struct zip_options){ .deflate = TRUE });
	return zip_finish(&z);
}

static GBytes *locked_zip(void)
{
	struct zip_builder z = { 0 };

	zip_add(&z, "liste.xlsx", "xxxxxxxxxxxxxxxxxxxx", 20, (struct zip_options){ .flags = 1 });
	return zip_finish(&z);
}

static GBytes *zip_of_pictures(void)
{
	struct zip_builder z = { 0 };

	zip_add_text(&z, "1.jpg", "\xff\xd8\xff\xe0 x");
	return zip_finish(&z);
}

/* ---- mails ---- */

#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define ATTACHED "attachment"
struct file { const char *type, *name, *disposition, *id; GBytes *(*make)(void); };

struct mail {
	const char *what, *header, *text, *html; /* header: more of it; a subject in any case */
	struct file files[3];
	const char *expected; /* kind, triage, complaints with their places */
};

static void append_file(GString *out, const struct file *f)
{
	g_autoptr(GBytes) bytes = f->make();
	g_autofree char *base64 = g_base64_encode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));

	g_string_append_printf(out, "--b\nContent-Type: %s; name=\"%s\"\nContent-Transfer-Encoding: base64\n", f->type, f->name);
	if (f->disposition)
		g_string_append_printf(out, "Content-Disposition: %s; filename=\"%s\"\n", f->disposition, f->name);
	if (f->id)
		g_string_append_printf(out, "Content-ID: <%s>\n", f->id);
	g_string_append_printf(out, "\n%s\n", base64);
}

static char *written(const struct mail *m)
{
	GString *out = g_string_new("From: Birim <birim@k.test>\nDate: Sun, 22 Nov 2026 09:00:00 +0300\nMessage-ID: <1@k.test>\nMIME-Version: 1.0\n");

	g_string_append_printf(out, "%s\nContent-Type: multipart/mixed; boundary=b\n\n", m->header);
	if (m->text)
		g_string_append_printf(out, "--b\nContent-Type: text/plain; charset=utf-8\n\n%s\n", m->text);
	if (m->html)
		g_string_append_printf(out, "--b\nContent-Type: text/html; charset=utf-8\n\n%s\n", m->html);
	for (size_t i = 0; i < G_N_ELEMENTS(m->files) && m->files[i].make; i++)
		append_file(out, &m->files[i]);
	return g_string_free(g_string_append(out, "--b--\n"), FALSE);
}

static char *shown(const char *raw, size_t len)
{
	struct facts *f = reader_read(reader, raw, len, NOW);
	GString *out = g_string_new(facts_mail_kinds[f->kind]);

	g_string_append_printf(out, " %s", f->triage ? f->triage : "-");
	for (guint i = 0; i < f->complaints->len; i++) {
		const struct complaint *c = f->complaints->pdata[i];
		g_string_append_printf(out, " %s@%s", c->code, c->where ? c->where : c->value ? c->value : "");
	}
	facts_free(f);
	return g_string_free(out, FALSE);
}

#define TALEP "Subject: E-imza talep formu"
#define EKTE "Sayın yetkili,\n\nTalep formu ektedir.\n\nSaygılarımla\n"
#define REPLY "Subject: Ynt: E-imza talep formunuz\nIn-Reply-To: <5@gw.test>"
#define DRIVE "https://drive.google.com/file/d/1abc/view?usp=sharing"

static const struct mail forms[] = {
	{ "password", TALEP, EKTE, NULL, { { "application/zip", "liste.zip", ATTACHED, NULL, locked_zip } }, "other password zip_encrypted@liste.zip" },
	{ "macros", TALEP, EKTE, NULL, { { XLSX, "form.xlsm", ATTACHED, NULL, with_macros } }, "other macro macro_file@form.xlsm" },
	{ "a bomb", TALEP, EKTE, NULL, { { XLSX, "form.xlsx", ATTACHED, NULL, bomb } }, "other too_large zip_bomb@form.xlsx" },
	{ "a scan", TALEP, EKTE, NULL, { { "image/tiff", "tarama.tif", ATTACHED, NULL, tiff } }, "other scan image_only@tarama.tif" },
	{ "a photo", TALEP, EKTE, NULL, { { "image/jpeg", "IMG_1234.jpg", ATTACHED, NULL, jpeg } }, "other photo image_only@IMG_1234.jpg" },
	{ "a photo, no word", "Subject: ", NULL, NULL, { { "image/jpeg", "image0.jpeg", "inline", "u-1", jpeg } }, "other photo image_only@image0.jpeg" },
	{ "a photo of no type", TALEP, EKTE, NULL, { { "application/octet-stream", "IMG_1.HEIC", ATTACHED, NULL, jpeg } }, "other photo image_only@IMG_1.HEIC" },
	{ "a photo named otherwise", TALEP, EKTE, NULL, { { "application/pdf", "form.pdf", ATTACHED, NULL, jpeg } }, "other photo image_only@form.pdf" },
	{ "a picture of the form, pasted", TALEP, NULL, "<p>Form listesi:</p><img src=\"cid:image001.png@01\">", { { "image/png", "image001.png", "inline", "image001.png@01", banner } }, "other photo image_only@image001.png" },
	{ "an empty form", TALEP, EKTE, NULL, { { "text/csv", "form.csv", ATTACHED, NULL, empty_csv } }, "request empty_form form_empty@form" },
	{ "an empty form and its scan", TALEP, EKTE, NULL, { { "text/csv", "form.csv", ATTACHED, NULL, empty_csv }, { "image/tiff", "a.tif", ATTACHED, NULL, tiff } }, "request scan form_empty@form image_only@a.tif" },
	{ "letters lost", TALEP, EKTE, NULL, { { "text/csv", "form.csv", ATTACHED, NULL, dos_other } }, "other charset charset_unknown@form.csv" },
	{ "letters lost in the mail", TALEP, "S\xef\xbf\xbdn yetkili, talep listesi: Deneme Bir\n", NULL, { { 0 } }, "other charset charset_unknown@" },
	{ "damaged", TALEP, EKTE, NULL, { { XLSX, "form.xlsx", ATTACHED, NULL, noise } }, "other unreadable zip_damaged@form.xlsx" },
	{ "no byte in it", TALEP, EKTE, NULL, { { XLSX, "form.xlsx", ATTACHED, NULL, nothing } }, "other unreadable document_empty@form.xlsx" },
	{ "not of our kinds", TALEP, EKTE, NULL, { { "application/x-rar", "form.rar", ATTACHED, NULL, rar } }, "other unreadable format_unsupported@form.rar" },
	{ "another document", TALEP, EKTE, NULL, { { XLSX, "toplanti.xlsx", ATTACHED, NULL, workbook } }, "other wrong_document no_form@toplanti.xlsx" },
	{ "another table", TALEP, EKTE, NULL, { { "text/csv", "gelen.csv", ATTACHED, NULL, other_csv } }, "other wrong_document no_form@gelen.csv" },
	{ "an archive of pictures", TALEP, EKTE, NULL, { { "application/zip", "form.zip", ATTACHED, NULL, zip_of_pictures } }, "other wrong_document zip_no_form@form.zip" },
	{ "two archives of pictures", TALEP, EKTE, NULL, { { "application/zip", "1.zip", ATTACHED, NULL, zip_of_pictures }, { "application/zip", "2.zip", ATTACHED, NULL, zip_of_pictures } }, "other wrong_document zip_no_form@1.zip zip_no_form@2.zip" },
	{ "a letter and a photo", TALEP, EKTE, NULL, { { XLSX, "yazi.xlsx", ATTACHED, NULL, workbook }, { "image/jpeg", "form.jpg", ATTACHED, NULL, jpeg } }, "other photo no_form@yazi.xlsx image_only@form.jpg" },
	{ "a link", TALEP, "Form: " DRIVE "\n", NULL, { { 0 } }, "other cloud_link cloud_link@drive.google.com" },
	{ "a link in HTML", TALEP, NULL, "<p>Form <a HREF='https://kurum-my.sharepoint.com/:x:/g/1'>burada</a></p>", { { 0 } }, "other cloud_link cloud_link@kurum-my.sharepoint.com" },
	{ "a link inside a link", TALEP, "https://safe.k.test/?url=https%3A%2F%2F1drv.ms%2Fx%2Fs\n", NULL, { { 0 } }, "other cloud_link cloud_link@1drv.ms" },
	{ "a link and another file", TALEP, DRIVE, NULL, { { XLSX, "x.xlsx", ATTACHED, NULL, workbook } }, "other cloud_link no_form@x.xlsx cloud_link@drive.google.com" },
	{ "forgotten", TALEP, EKTE, NULL, { { 0 } }, "other nothing_attached" },
	{ "forgotten, thanks", "Subject: E-imza", "Form ektedir, teşekkür ederim.\n", NULL, { { 0 } }, "other nothing_attached" },
	{ "a request in words", "Subject: E-imza talebi", "Birimimiz için e-imza istiyoruz.\n", NULL, { { 0 } }, "other nothing_attached" },
	{ "in capitals", "Subject: ILGI", "LİSTE İLİŞİKTEDİR\n", NULL, { { 0 } }, "other nothing_attached" },
	{ "forgotten, with a logo", TALEP, NULL, "<p>Form ektedir</p><img src=\"cid:image001.png@01\">", { { "image/png", "image001.png", "inline", "image001.png@01", icon } }, "other nothing_attached" },
	{ "forgotten, with a line of Exchange", TALEP, EKTE, NULL, { { "text/plain", "ATT00001.txt", ATTACHED, NULL, line } }, "other nothing_attached" },
	{ "a picture and a line of Exchange", TALEP, EKTE, NULL, { { "image/jpeg", "a.jpg", ATTACHED, NULL, jpeg }, { "text/plain", "ATT00001.txt", ATTACHED, NULL, line } }, "other photo image_only@a.jpg" },
	{ "words in a file", TALEP, EKTE, NULL, { { "text/plain", "not.txt", ATTACHED, NULL, line } }, "other wrong_document no_form@not.txt" },
	{ "forgotten, with Outlook's wrapping", TALEP, EKTE, NULL, { { "application/ms-tnef", "winmail.dat", ATTACHED, NULL, wrapping } }, "other nothing_attached" },
	{ "forgotten, with a card", TALEP, EKTE, NULL, { { "text/x-vcard", "soran.vcf", ATTACHED, NULL, vcard } }, "other nothing_attached" },
	{ "an answer of a scan", REPLY, "Ekte gönderiyorum.\n", NULL, { { "image/tiff", "a.tif", ATTACHED, NULL, tiff } }, "reply scan image_only@a.tif" },
	{ "an answer that forgets", REPLY, "Düzeltilmiş hali ektedir.\n", NULL, { { 0 } }, "reply nothing_attached" },
	{ "a PDF that is none", TALEP, EKTE, NULL, { { "application/pdf", "form.pdf", ATTACHED, NULL, broken_pdf } }, NULL },
};

/* Nothing is wrong, or nobody meant a form. */
static const struct mail others[] = {
	{ "a form", TALEP, EKTE, NULL, { { "text/csv", "form.csv", ATTACHED, NULL, good_csv } }, "request -" },
	{ "a form and a logo", TALEP, NULL, "<p>Form ektedir</p><img src=\"cid:l\">", { { "text/csv", "form.csv", ATTACHED, NULL, good_csv }, { "image/png", "logo.png", "inline", "l", icon } }, "request -" },
	{ "a form and its scan", TALEP, EKTE, NULL, { { "image/tiff", "imzali.tif", ATTACHED, NULL, tiff }, { "text/csv", "form.csv", ATTACHED, NULL, good_csv } }, "request -" },
	{ "a form and a locked file", TALEP, EKTE, NULL, { { "text/csv", "form.csv", ATTACHED, NULL, good_csv }, { "application/zip", "x.zip", ATTACHED, NULL, locked_zip } }, "request - zip_encrypted@x.zip" },
	{ "a form and a link", TALEP, "Ayrıca: " DRIVE "\n", NULL, { { "text/csv", "form.csv", ATTACHED, NULL, good_csv } }, "request -" },
	{ "a form in words", TALEP, LABELS, NULL, { { 0 } }, "request -" },
	{ "thanks", "Subject: E-imza", "Talebimizi aldığınız için teşekkür ederiz.\n", NULL, { { 0 } }, "other -" },
	{ "thanks, large banner", "Subject: Bilgi", NULL, "<p>Tamam, sağ olun.</p><img src=\"cid:b\">", { { "image/png", "image002.png", "inline", "b", banner } }, "other -" },
	{ "thanks, unnamed icon", "Subject: Bilgi", "İyi günler\n", NULL, { { "image/png", "ikon.png", "inline", NULL, icon } }, "other -" },
	{ "a question", "Subject: E-imza", "Başvurumuz ne durumda?\n", NULL, { { 0 } }, "other -" },
	{ "where is it", "Subject: Form", "Talep formunu nereden alabiliriz\n", NULL, { { 0 } }, "other -" },
	{ "the weather", "Subject: Merhaba", "Bugün hava güzel.\n", NULL, { { 0 } }, "other -" },
	{ "our own page", "Subject: Merhaba", "Bilgi: https://bidb.k.test/eimza ve https://google.com/drive\n", NULL, { { 0 } }, "other -" },
	{ "a host that ends alike", "Subject: Merhaba", "https://notdropbox.com/x https://dropbox.com.k.test/\n", NULL, { { 0 } }, "other -" },
	{ "a picture from a cloud", "Subject: Merhaba", NULL, "<img src=\"" DRIVE "\"><a href='https://k.test/'>k</a>", { { 0 } }, "other -" },
	{ "an approval", REPLY, "ONAY\nDeğerlendirme ektedir.\n", NULL, { { 0 } }, "reply -" },
	{ "an answer that asks", REPLY, "Listede kimler vardı\n", NULL, { { 0 } }, "reply -" },
	{ "a link in what is quoted", REPLY, "Aldım.\n\n> " DRIVE "\n", NULL, { { 0 } }, "reply -" },
	{ "a machine", TALEP "\nAuto-Submitted: auto-generated", EKTE, NULL, { { 0 } }, "auto_reply -" },
	{ "an absence", "Subject: Otomatik yanıt: Form", EKTE, NULL, { { "image/tiff", "a.tif", ATTACHED, NULL, tiff } }, "auto_reply -" },
};

static void check(const struct mail *m)
{
	g_autofree char *raw = written(m), *got = shown(raw, strlen(raw));

	if (m->expected ? strcmp(got, m->expected) != 0 : !strstr(got, "form.pdf"))
		fail_msg("%s:\n got      %s\n expected %s", m->what, got, m->expected);
}

static void test_meant(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
		check(&forms[i]);
}

static void test_not_meant(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		check(&others[i]);
}

static void test_notice(void **state)
{
	static const char raw[] = "From: bilgi@kamusm.gov.tr\nSubject: Form\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n" EKTE;
	g_autofree char *got = shown(raw, strlen(raw));

	assert_string_equal(got, "ca_notice -");
}

/* What cannot be taken apart at all is a mail all the same. */
static void test_unreadable(void **state)
{
	g_autofree char *long_line = g_strnfill(200000, 'x');
	g_autofree char *raw = g_strconcat("From: a@k.test\nSubject: ", long_line, "\n\nx\n", NULL);
	g_autofree char *none = shown("\n\nx", 3), *huge = shown(raw, strlen(raw));

	assert_true(g_str_has_prefix(none, "unreadable unreadable no_header"));
	assert_true(g_str_has_prefix(huge, "unreadable unreadable "));
}

/* A row with letters that are lost goes nowhere, and its cell is told. */
static void test_lost_letters_in_a_row(void **state)
{
	static const struct mail m = { "", TALEP, EKTE, NULL, { { "text/csv", "form.csv", ATTACHED, NULL, dos_csv } }, NULL };
	g_autofree char *raw = written(&m);
	g_autoptr(facts_t) f = reader_read(reader, raw, strlen(raw), NOW);

	assert_non_null(f->request);
	const struct request_row *row = f->request->rows->pdata[0];
	const struct complaint *c = row->complaints->pdata[row->complaints->len - 1];
	assert_int_equal(row->verdict, ROW_REFUSED);
	assert_string_equal(c->code, "charset_unknown");
	assert_string_equal(c->where, "form!B2");
}

/* Each word has its sentences, in the width of a subject. */
static void test_texts(void **state)
{
	static const char *const keys[] = { "triage", "triage_why", "triage_first", "triage_then" };
	struct catalog *c = catalog_new(NULL);

	assert_non_null(c);
	for (size_t i = 0; triage_codes[i]; i++)
		for (size_t k = 0; k < G_N_ELEMENTS(keys); k++) {
			const char *word = catalog_word(c, keys[k], triage_codes[i]);
			if (!strcmp(word, triage_codes[i]) || (k == 0 && g_utf8_strlen(word, -1) > 50))
				fail_msg("%s.%s: %s", keys[k], triage_codes[i], word);
		}
	catalog_free(c);
}

static const struct { const char *table; bool good; } tables[] = {
	{ "", true }, { "# x\n\nform = a | b\n", true }, { "attached = |\n", true },
	{ "form a\n", false }, { "forms = a\n", false }, { "= a\n", false },
};

static void test_tables(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
		g_autoptr(GError) error = NULL;
		struct triage_words *w = triage_words_parse(tables[i].table, &error);
		if (!!w != tables[i].good || !!error == tables[i].good)
			fail_msg("%s", tables[i].table);
		triage_words_free(w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meant), cmocka_unit_test(test_not_meant), cmocka_unit_test(test_notice),
		cmocka_unit_test(test_unreadable), cmocka_unit_test(test_lost_letters_in_a_row), cmocka_unit_test(test_texts),
		cmocka_unit_test(test_tables),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
