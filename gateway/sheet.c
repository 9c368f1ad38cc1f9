/* sheet: see sheet.h.
 *
 * libxlsxwriter 1.1.4 can only write to a file name, so it gets the name of a memfd. Its parts go through
 * temporary files on the way; those are sent to the memory file system too, because they hold identity
 * numbers.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include "gateway/sheet.h"

#define MEMORY_FOLDER "/dev/shm"
/* 1 January 2020: a date of its own would make each run's bytes differ. */
enum { DOCUMENT_TIME = 1577836800 };

enum cell { CELL_TEXT, CELL_DATE, CELL_WORD, CELL_SWITCH, CELL_NUMBER };
struct column { const char *name; enum cell cell; gsize member; double width; };

#define MEMBER(m) G_STRUCT_OFFSET(struct list_person, m)
static const struct column columns[] = {
	{ "tckn",        CELL_TEXT,   MEMBER(tckn),        17 },
	{ "given_name",  CELL_TEXT,   MEMBER(given_name),  20 },
	{ "family_name", CELL_TEXT,   MEMBER(family_name), 20 },
	{ "birth_date",  CELL_DATE,   MEMBER(birth_date),  15 },
	{ "email",       CELL_TEXT,   MEMBER(email),       34 },
	{ "phone",       CELL_TEXT,   MEMBER(phone),       17 },
	{ "unit",        CELL_TEXT,   MEMBER(unit),        34 },
	{ "title",       CELL_TEXT,   MEMBER(title),       20 },
	{ "expires",     CELL_DATE,   MEMBER(expires),     18 },
	{ "kind",        CELL_WORD,   MEMBER(kind),        30 },
	{ "reader",      CELL_WORD,   MEMBER(reader),      27 },
	{ "backup",      CELL_SWITCH, MEMBER(backup),      10 },
	{ "years",       CELL_NUMBER, MEMBER(years),       17 },
};

struct sheet {
	const struct catalog *words;
	lxw_worksheet *page;
	lxw_format *head, *text, *date;
};

/* yyyy-mm-dd that is a day of the calendar. */
static bool iso_day(const char *s, lxw_datetime *out)
{
	if (!s || strlen(s) != 10 || s[4] != '-' || s[7] != '-')
		return false;
	if (strspn(s, "0123456789-") != 10)
		return false;
	if (!g_date_valid_dmy(atoi(s + 8), atoi(s + 5), atoi(s)))
		return false;
	*out = (lxw_datetime){ .year = atoi(s), .month = atoi(s + 5), .day = atoi(s + 8) };
	return out->year >= 1900;
}

static lxw_error put_text(const struct sheet *s, lxw_row_t row, lxw_col_t col, const char *text)
{
	if (!text || !*text)
		return LXW_NO_ERROR;
	/* write_string keeps "=1+1" a string; the text format keeps it one when a person edits the cell. */
	return worksheet_write_string(s->page, row, col, text, s->text);
}

static lxw_error put_cell(const struct sheet *s, lxw_row_t row, lxw_col_t col, const void *member,
			  const struct column *c)
{
	const char *text = c->cell <= CELL_WORD ? *(char *const *)member : NULL;
	lxw_datetime day;

	switch (c->cell) {
	case CELL_DATE:
		if (iso_day(text, &day))
			return worksheet_write_datetime(s->page, row, col, &day, s->date);
		return put_text(s, row, col, text);
	case CELL_WORD:
		return put_text(s, row, col, text ? catalog_word(s->words, c->name, text) : NULL);
	case CELL_SWITCH:
		return put_text(s, row, col, catalog_word(s->words, c->name, *(const bool *)member ? "yes" : "no"));
	case CELL_NUMBER:
		if (*(const gint64 *)member == 0)
			return LXW_NO_ERROR;
		return worksheet_write_number(s->page, row, col, *(const gint64 *)member, NULL);
	default:
		return put_text(s, row, col, text);
	}
}

static lxw_error put_head(const struct sheet *s)
{
	lxw_error bad = LXW_NO_ERROR;
	guint i;

	for (i = 0; i < G_N_ELEMENTS(columns) && !bad; i++) {
		worksheet_set_column(s->page, i, i, columns[i].width, NULL);
		bad = worksheet_write_string(s->page, 0, i, catalog_word(s->words, "column", columns[i].name), s->head);
	}
	worksheet_freeze_panes(s->page, 1, 0);
	return bad;
}

static lxw_error put_people(const struct sheet *s, const GPtrArray *people)
{
	lxw_error bad = put_head(s);
	guint i, j;

	for (i = 0; i < people->len; i++) {
		const char *person = people->pdata[i];

		for (j = 0; j < G_N_ELEMENTS(columns) && !bad; j++)
			bad = put_cell(s, i + 1, j, person + columns[j].member, &columns[j]);
	}
	worksheet_autofilter(s->page, 0, 0, people->len, G_N_ELEMENTS(columns) - 1);
	return bad;
}

static void set_formats(lxw_workbook *book, struct sheet *s)
{
	s->head = workbook_add_format(book);
	format_set_bold(s->head);
	format_set_text_wrap(s->head);
	format_set_bg_color(s->head, 0xD9E2EF);
	s->text = workbook_add_format(book);
	format_set_num_format(s->text, "@");
	s->date = workbook_add_format(book);
	format_set_num_format(s->date, "dd\\.mm\\.yyyy");
	format_set_align(s->date, LXW_ALIGN_LEFT);
}

static lxw_error write_book(const char *file, const GPtrArray *people, const struct catalog *words, const char *title)
{
	lxw_workbook_options options = { .tmpdir = access(MEMORY_FOLDER, W_OK) == 0 ? (char *)MEMORY_FOLDER : NULL };
	lxw_doc_properties properties = { .title = (char *)title, .created = DOCUMENT_TIME };
	lxw_workbook *book = workbook_new_opt(file, &options);
	struct sheet s = { .words = words };
	lxw_error bad, closed;

	if (!book)
		return LXW_ERROR_MEMORY_MALLOC_FAILED;
	workbook_set_properties(book, &properties);
	s.page = workbook_add_worksheet(book, catalog_word(words, "column", "sheet"));
	set_formats(book, &s);
	bad = s.page ? put_people(&s, people) : LXW_ERROR_MEMORY_MALLOC_FAILED;
	closed = workbook_close(book);
	return bad ? bad : closed;
}

static GBytes *read_back(int fd, GError **error)
{
	off_t size = lseek(fd, 0, SEEK_END);
	void *copy;

	if (size > 0) {
		copy = g_malloc(size);
		if (pread(fd, copy, size, 0) == size)
			return g_bytes_new_take(copy, size);
		g_free(copy);
	}
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the list could not be read back from memory");
	return NULL;
}

GBytes *sheet_list(const GPtrArray *people, const struct catalog *words, const char *title, GError **error)
{
	int fd = memfd_create("list", MFD_CLOEXEC);
	g_autofree char *file = g_strdup_printf("/proc/self/fd/%d", fd);
	GBytes *bytes = NULL;
	lxw_error bad;

	if (fd < 0) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "no memory file for the list: %s", g_strerror(errno));
		return NULL;
	}
	bad = write_book(file, people, words, title);
	if (bad)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the list could not be written: %s",
			    lxw_strerror(bad));
	else
		bytes = read_back(fd, error);
	close(fd);
	return bytes;
}
