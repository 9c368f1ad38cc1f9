/* sheet: see sheet.h.
 *
 * libxlsxwriter 1.1.4 can only write to a file name, so it gets the name of a memfd. Its parts go through
 * temporary files on the way; those are sent to the memory file system too, because they hold identity
 * numbers.
 */
#include "gateway/sheet.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define MEMORY_FOLDER "/dev/shm"
/* 1 January 2020: a date of its own would make each run's bytes differ. */
enum { DOCUMENT_TIME = 1577836800, PAPER_A4 = 9 };
/* Of a comment's box, in pixels. */
enum { NOTE_WIDTH = 300, NOTE_LINE = 18, NOTE_CHARACTERS = 42 };
/* Of a row whose texts take several lines; in points. */
enum { LINE_HEIGHT = 15, WIDTHS = 32, USUAL_WIDTH = 8 };

enum { BOLD = 1, WRAP = 2, LINES = 4, TOP = 8, MIDDLE = 16, ITALIC = 32 };
static const struct look { lxw_color_t paper, ink; double size; unsigned marks; } looks[] = {
	[SHEET_TITLE]     = { 0,        0x1D3A5F, 15, BOLD },
	[SHEET_LABEL]     = { 0,        0,        0,  BOLD | MIDDLE },
	[SHEET_HINT]      = { 0,        0x475467, 10, ITALIC },
	[SHEET_WORDS]     = { 0,        0,        0,  WRAP | TOP },
	[SHEET_HEAD]      = { 0xD9E2EF, 0x1D3A5F, 0,  BOLD | WRAP | LINES | MIDDLE },
	[SHEET_HEAD_LIST] = { 0xD9E2EF, 0,        0,  BOLD | WRAP },
	[SHEET_CELL]      = { 0,        0,        0,  WRAP | LINES | TOP },
	[SHEET_GOOD]      = { 0xE2F0DA, 0x255E10, 0,  WRAP | LINES | TOP },
	[SHEET_DOUBT]     = { 0xFFEB9C, 0x7A4B00, 0,  WRAP | LINES | TOP },
	[SHEET_WRONG]     = { 0xFFC7CE, 0x9C0006, 0,  WRAP | LINES | TOP },
	[SHEET_INPUT]     = { 0xFFFDF2, 0,        0,  LINES },
	[SHEET_COUNT]     = { 0,        0x8A94A3, 0,  LINES },
};
enum { LOOKS = G_N_ELEMENTS(looks), KINDS = SHEET_NUMBER + 1 };

struct sheet {
	int fd;
	lxw_workbook *book;
	lxw_worksheet *page;
	lxw_format *formats[LOOKS][KINDS]; /* made when first used */
	lxw_error bad;                     /* the first thing that went wrong */
	double widths[WIDTHS];             /* of the page's columns */
	GArray *lines;                     /* guint: how many the page's rows take */
};

static void note(struct sheet *s, lxw_error bad)
{
	if (!s->bad)
		s->bad = bad;
}

/* yyyy-mm-dd that is a day of the calendar. */
static bool iso_day(const char *s, lxw_datetime *out)
{
	if (strlen(s) != 10 || s[4] != '-' || s[7] != '-' || strspn(s, "0123456789-") != 10)
		return false;
	if (!g_date_valid_dmy(atoi(s + 8), atoi(s + 5), atoi(s)))
		return false;
	*out = (lxw_datetime){ .year = atoi(s), .month = atoi(s + 5), .day = atoi(s + 8) };
	return out->year >= 1900;
}

static void set_colours(lxw_format *f, const struct look *l)
{
	if (l->paper)
		format_set_bg_color(f, l->paper);
	if (l->ink)
		format_set_font_color(f, l->ink);
	if (l->size > 0)
		format_set_font_size(f, l->size);
}

static void set_marks(lxw_format *f, unsigned marks)
{
	if (marks & BOLD)
		format_set_bold(f);
	if (marks & ITALIC)
		format_set_italic(f);
	if (marks & WRAP)
		format_set_text_wrap(f);
	if (marks & (TOP | MIDDLE))
		format_set_align(f, marks & TOP ? LXW_ALIGN_VERTICAL_TOP : LXW_ALIGN_VERTICAL_CENTER);
	if (marks & LINES) {
		format_set_border(f, LXW_BORDER_THIN);
		format_set_border_color(f, 0xB8C1CD);
	}
}

static lxw_format *format_of(struct sheet *s, enum sheet_look look, enum sheet_kind kind)
{
	static const char *const numbers[] = { [SHEET_TEXT] = "@", [SHEET_DATE] = "dd\\.mm\\.yyyy" };
	lxw_format **f = &s->formats[look][kind];

	if (*f || (look == SHEET_PLAIN && kind == SHEET_NUMBER))
		return *f;
	*f = workbook_add_format(s->book);
	if (kind != SHEET_NUMBER)
		format_set_num_format(*f, numbers[kind]);
	if (kind == SHEET_DATE)
		format_set_align(*f, LXW_ALIGN_LEFT);
	set_colours(*f, &looks[look]);
	set_marks(*f, looks[look].marks);
	return *f;
}

static bool write_book(struct sheet *s, const char *file, const char *title)
{
	lxw_workbook_options options = { .tmpdir = access(MEMORY_FOLDER, W_OK) == 0 ? (char *)MEMORY_FOLDER : NULL };
	lxw_doc_properties properties = { .title = (char *)title, .created = DOCUMENT_TIME };

	s->book = workbook_new_opt(file, &options);
	if (s->book)
		note(s, workbook_set_properties(s->book, &properties));
	return s->book;
}

struct sheet *sheet_open(const char *title, GError **error)
{
	struct sheet *s = g_new0(struct sheet, 1);
	g_autofree char *file = NULL;

	s->lines = g_array_new(FALSE, TRUE, sizeof(guint));
	s->fd = memfd_create("sheet", MFD_CLOEXEC);
	file = g_strdup_printf("/proc/self/fd/%d", s->fd);
	if (s->fd >= 0 && write_book(s, file, title))
		return s;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "no memory file for a sheet: %s", g_strerror(errno));
	if (s->fd >= 0)
		close(s->fd);
	g_array_unref(s->lines);
	g_free(s);
	return NULL;
}

void sheet_property(struct sheet *s, const char *name, gint64 number)
{
	note(s, workbook_set_custom_property_number(s->book, name, (double)number));
}

/* Office programs differ in whether they make a row as high as its text needs; here all show it whole. */
static void end_page(struct sheet *s)
{
	for (guint i = 0; i < s->lines->len; i++) {
		guint lines = g_array_index(s->lines, guint, i);

		if (lines > 1)
			note(s, worksheet_set_row(s->page, i, LINE_HEIGHT * lines, NULL));
	}
	g_array_set_size(s->lines, 0);
	memset(s->widths, 0, sizeof s->widths);
}

void sheet_page(struct sheet *s, const char *name)
{
	end_page(s);
	s->page = workbook_add_worksheet(s->book, name);
	if (!s->page) {
		note(s, LXW_ERROR_PARAMETER_VALIDATION);
		s->page = workbook_add_worksheet(s->book, NULL);
	}
	worksheet_set_paper(s->page, PAPER_A4);
	worksheet_set_landscape(s->page);
	worksheet_fit_to_pages(s->page, 1, 0);
	worksheet_set_margins(s->page, 0.4, 0.4, 0.5, 0.5);
}

void sheet_width(struct sheet *s, guint column, double width)
{
	note(s, worksheet_set_column(s->page, (lxw_col_t)column, (lxw_col_t)column, width, NULL));
	if (column < WIDTHS)
		s->widths[column] = width;
}

static guint lines_of(const char *text, guint width)
{
	guint lines = 0;
	g_auto(GStrv) all = g_strsplit(text, "\n", -1);

	for (char **l = all; *l; l++)
		lines += 1 + (guint)g_utf8_strlen(*l, -1) / width;
	return lines;
}

/* Of the columns that the cell spans, in letters: a little more of them than of the digits that measure a column. */
static guint width_of(const struct sheet *s, const struct sheet_cell *c)
{
	double sum = 0;

	for (guint i = c->column; i <= MAX(c->to, c->column); i++)
		sum += i < WIDTHS && s->widths[i] > 0 ? s->widths[i] : USUAL_WIDTH;
	return (guint)MAX(sum * 1.1 - 1, 4);
}

static void grow_row(struct sheet *s, const struct sheet_cell *c, const char *text)
{
	guint lines = lines_of(text, width_of(s, c)), *kept;

	if (s->lines->len <= c->row)
		g_array_set_size(s->lines, c->row + 1);
	kept = &g_array_index(s->lines, guint, c->row);
	*kept = MAX(*kept, lines);
}

static void put_comment(struct sheet *s, const struct sheet_cell *c)
{
	lxw_comment_options o = { .width = NOTE_WIDTH, .height = (guint16)(NOTE_LINE * (1 + lines_of(c->comment, NOTE_CHARACTERS))) };

	note(s, worksheet_write_comment_opt(s->page, c->row, (lxw_col_t)c->column, c->comment, &o));
}

static lxw_error put_value(struct sheet *s, const struct sheet_cell *c, const char *text)
{
	lxw_format *f = format_of(s, c->look, c->kind);
	lxw_col_t column = (lxw_col_t)c->column;
	lxw_datetime day;

	if (!*text)
		return c->look == SHEET_PLAIN ? LXW_NO_ERROR : worksheet_write_blank(s->page, c->row, column, f);
	if (c->kind == SHEET_DATE && iso_day(text, &day))
		return worksheet_write_datetime(s->page, c->row, column, &day, f);
	if (c->kind == SHEET_NUMBER)
		return worksheet_write_number(s->page, c->row, column, g_ascii_strtod(text, NULL), f);
	/* write_string keeps "=1+1" a string; the text format keeps it one when a person edits the cell. */
	return worksheet_write_string(s->page, c->row, column, text, format_of(s, c->look, SHEET_TEXT));
}

void sheet_put(struct sheet *s, const struct sheet_cell *c)
{
	const char *text = c->text ? c->text : "";

	if (c->to > c->column)
		note(s, worksheet_merge_range(s->page, c->row, (lxw_col_t)c->column, c->row, (lxw_col_t)c->to, text,
					      format_of(s, c->look, SHEET_TEXT)));
	else
		note(s, put_value(s, c, text));
	if (looks[c->look].marks & WRAP)
		grow_row(s, c, text);
	if (c->comment)
		put_comment(s, c);
}

static guint8 type_of(const struct sheet_rule *r)
{
	if (r->words)
		return LXW_VALIDATION_TYPE_LIST;
	if (r->formula)
		return LXW_VALIDATION_TYPE_CUSTOM_FORMULA;
	return r->least ? LXW_VALIDATION_TYPE_DATE_FORMULA : LXW_VALIDATION_TYPE_ANY;
}

void sheet_rule(struct sheet *s, const struct sheet_rule *r)
{
	lxw_data_validation v = {
		.validate = type_of(r),
		.criteria = r->least ? LXW_VALIDATION_CRITERIA_BETWEEN : LXW_VALIDATION_CRITERIA_NONE,
		.value_list = (char **)r->words,
		.value_formula = (char *)r->formula,
		.minimum_formula = (char *)r->least,
		.maximum_formula = (char *)r->most,
		.input_title = (char *)r->title,
		.input_message = (char *)r->hint,
		.error_title = (char *)r->title,
		.error_message = (char *)r->error,
	};

	note(s, worksheet_data_validation_range(s->page, r->first, (lxw_col_t)r->column, r->last, (lxw_col_t)r->column, &v));
}

void sheet_table(struct sheet *s, const struct sheet_table *t)
{
	worksheet_freeze_panes(s->page, t->head + 1, 0);
	note(s, worksheet_repeat_rows(s->page, t->head, t->head));
	if (t->filter)
		note(s, worksheet_autofilter(s->page, t->head, 0, t->last_row, (lxw_col_t)t->last_column));
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
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "a sheet could not be read back from memory");
	return NULL;
}

GBytes *sheet_close(struct sheet *s, GError **error)
{
	GBytes *bytes = NULL;

	end_page(s);
	note(s, workbook_close(s->book));
	if (s->bad)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "a sheet could not be written: %s", lxw_strerror(s->bad));
	else
		bytes = read_back(s->fd, error);
	close(s->fd);
	g_array_unref(s->lines);
	g_free(s);
	return bytes;
}
