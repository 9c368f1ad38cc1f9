/* Cells as a form. Input: a byte of options, then text in which tab ends a cell, line feed a row, form feed a sheet; a byte
 * from 0x80 to 0xbf at the beginning of a cell is a heading or a word that forms have, behind which the rest of the cell stands.
 */
#include "tests/fuzz/documents.h"

static const char *const known[] = {
	"TC Kimlik No", "Ad", "Soyad", "Ad Soyad", "Doğum Tarihi", "E-posta", "Cep Telefonu", "Birim", "Unvan", "Sicil No",
	"Başvuru Türü", "Kart Okuyucu Türü", "Yedek", "NES Süresi", "Ödeme Şekli", "NES Bitim Tarihi", "Açıklama", "İdari Görev",
	"10000000146", "10000000146.0", "1.0000000146E+10", "1E+10", "Deneme", "Bir", "Deneme Bir", "01.02.1980", "29252", "01.01.1900",
	"a@b.test", "<A@B.TEST>", "a b@c.test", "0555 555 55 55", "1", "2", "3", "4", "İlk Başvuru", "Kayıp/Çalıntı", "Yenileme",
	"Diğer", "Mini", "Masaüstü", "İstenmiyor", "Evet", "Hayır", "None", "-", "☒ Yenileme ☐ Diğer", "Birim: Fen", "Talep No: 12",
	"2026-12-01", "31.02.1980", "T.C. Kimlik No:", "Adı Soyadı:", "a@c.test", "99", "\xc2\xa0",
};

static void add_cell(struct document *d, GPtrArray *row, const char *text, size_t len)
{
	g_autofree char *valid = NULL;
	g_autoptr(GString) cell = g_string_new(NULL);

	if (len && (guint8)*text >= 0x80 && (guint8)*text < 0xc0) {
		g_string_append(cell, known[(guint8)*text % G_N_ELEMENTS(known)]);
		text++;
		len--;
	}
	valid = g_utf8_make_valid(text, (gssize)len);
	g_string_append(cell, valid);
	g_ptr_array_add(row, g_string_chunk_insert(d->texts, cell->str));
}

static GPtrArray *add_row(struct sheet *s)
{
	GPtrArray *row = g_ptr_array_new();

	g_ptr_array_add(s->rows, row);
	return row;
}

static struct sheet *add_sheet(struct document *d, uint8_t options)
{
	g_autofree char *name = g_strdup_printf("Sayfa%u", d->sheets->len + 1);
	struct sheet *s = document_add_sheet(d, name);

	s->hidden = options & 4 && d->sheets->len == 2;
	s->hidden_row = options & 8 ? g_strdup("Sayfa1!A2") : NULL;
	return s;
}

static void add_sheets(struct document *d, uint8_t options, const char *p, const char *end)
{
	struct sheet *s = add_sheet(d, options);
	GPtrArray *row = add_row(s);

	for (const char *start = p; p <= end; p++) {
		if (p < end && !strchr("\t\n\f", *p))
			continue;
		add_cell(d, row, start, (size_t)(p - start));
		start = p + 1;
		if (p < end && *p == '\f')
			s = add_sheet(d, options);
		if (p < end && *p != '\t')
			row = add_row(s);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	g_autoptr(document_t) d = document_new("a.xlsx");

	if (!len)
		return 0;
	d->epoch_1904 = *data & 1;
	d->text = *data & 2 ? g_utf8_make_valid((const char *)data + 1, (gssize)len - 1) : NULL;
	if (*data & 16)
		g_ptr_array_set_size(d->sheets, 0);
	else
		add_sheets(d, *data, (const char *)data + 1, (const char *)data + len);
	fuzz_check_form(d);
	return 0;
}
