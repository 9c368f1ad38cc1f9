/* doc_pdf: see doc_pdf.h.
 *
 * poppler brings thirty libraries, which would cost each of our processes half of its start and megabytes. So it is loaded
 * at the first PDF, and only the processes that read files ever meet one.
 *
 * poppler-glib tells that a button is on, but not which name the file gives to that; what is printed beside it says it better.
 */
#include "parsers/doc_pdf.h"

#include "parsers/pdf_layout.h"

#include <dlfcn.h>
#include <poppler.h>
#include <string.h>

#define LIBRARY "libpoppler-glib.so.8"
#define CALLS(X) \
	X(poppler_document_new_from_bytes) X(poppler_document_get_n_pages) X(poppler_document_get_page) X(poppler_page_get_size) \
	X(poppler_page_get_text) X(poppler_page_get_text_layout) X(poppler_page_get_form_field_mapping) \
	X(poppler_page_free_form_field_mapping) X(poppler_form_field_get_field_type) X(poppler_form_field_get_name) \
	X(poppler_form_field_get_alternate_ui_name) X(poppler_form_field_text_get_text) X(poppler_form_field_text_is_password) \
	X(poppler_form_field_button_get_button_type) X(poppler_form_field_button_get_state) \
	X(poppler_form_field_choice_get_n_items) X(poppler_form_field_choice_get_item) \
	X(poppler_form_field_choice_is_item_selected) X(poppler_form_field_choice_get_text) \
	X(poppler_document_get_attachments) X(poppler_attachment_save_to_callback)

enum { PAGES = 200, FIELDS = 20000, CHOSEN = 500, CHARACTERS = 4 << 20, VALUE_BYTES = 32767, CHOICES = 2000,
       ATTACHED = 8, ATTACHED_BYTES = 4 << 20 };

static struct {
	bool loaded;
#define CALL(name) __typeof__(&name) name;
	CALLS(CALL)
#undef CALL
} lib;

static void say_nothing(const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
}

/* What poppler finds wrong with a stranger's file it tells the log, line after line. */
bool doc_pdf_warm_up(void)
{
	void *handle = lib.loaded ? NULL : dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);

	if (!handle)
		return lib.loaded;
	lib.loaded = true;
#define FIND(name) lib.loaded = (lib.name = (__typeof__(&name))dlsym(handle, #name)) && lib.loaded;
	CALLS(FIND)
#undef FIND
	g_log_set_handler("Poppler", G_LOG_LEVEL_MASK | G_LOG_FLAG_RECURSION, say_nothing, NULL);
	return lib.loaded;
}

struct reading {
	struct document *document;
	struct pdf_layout *layout;
	GHashTable *fields; /* name -> struct field, both the document's */
	GArray *words;      /* struct pdf_word, of this page */
	guint printed;      /* how many of them are not fields */
	size_t characters, widgets, chosen;
};

static const char *keep(struct reading *r, const char *text, size_t len)
{
	g_autofree char *valid = g_utf8_make_valid(text, (gssize)MIN(len, VALUE_BYTES));

	return g_string_chunk_insert(r->document->texts, valid);
}

static void complain_once(struct reading *r, const char *code)
{
	for (guint i = 0; i < r->document->complaints->len; i++)
		if (!strcmp(((struct complaint *)r->document->complaints->pdata[i])->code, code))
			return;
	facts_complain(r->document->complaints, code, r->document->file, NULL);
}

/* ---- printed words ---- */

static void add_printed(struct reading *r, const char *text, size_t len, const PopplerRectangle *box)
{
	struct pdf_word w = { box->x1, box->y1, box->x2, box->y2 };

	if (!len)
		return;
	w.text = keep(r, text, len);
	g_array_append_val(r->words, w);
}

/* Letters far apart are two words, whether there is a blank between them or not. */
static bool is_apart(const PopplerRectangle *word, const PopplerRectangle *letter)
{
	double height = word->y2 - word->y1, gap = letter->x1 - word->x2;

	return gap > 0.35 * height || gap < -height || ABS(letter->y1 - word->y1) > 0.5 * height;
}

static void extend(PopplerRectangle *word, const PopplerRectangle *letter)
{
	word->x1 = MIN(word->x1, letter->x1);
	word->x2 = MAX(word->x2, letter->x2);
	word->y1 = MIN(word->y1, letter->y1);
	word->y2 = MAX(word->y2, letter->y2);
}

static void split_words(struct reading *r, const char *text, const PopplerRectangle *letters, guint n)
{
	PopplerRectangle box = { 0 };
	const char *from = NULL, *p = text;

	for (guint i = 0; *p && i < n && r->characters < CHARACTERS; i++, p = g_utf8_next_char(p), r->characters++) {
		bool blank = g_unichar_isspace(g_utf8_get_char(p)) || g_unichar_iscntrl(g_utf8_get_char(p));

		if (from && (blank || is_apart(&box, &letters[i]))) {
			add_printed(r, from, (size_t)(p - from), &box);
			from = NULL;
		}
		if (from)
			extend(&box, &letters[i]);
		else if (!blank)
			box = letters[i];
		if (!from && !blank)
			from = p;
	}
	if (from)
		add_printed(r, from, (size_t)(p - from), &box);
}

static void read_printed(struct reading *r, PopplerPage *page)
{
	g_autofree char *text = lib.poppler_page_get_text(page);
	g_autofree PopplerRectangle *letters = NULL;
	guint n = 0;

	if (text && *text && lib.poppler_page_get_text_layout(page, &letters, &n))
		split_words(r, text, letters, n);
	r->printed = r->words->len;
}

/* ---- fields ---- */

static void append_choice(GString *value, char *item)
{
	if (item && value->len < VALUE_BYTES)
		g_string_append_printf(value, "%s%s", value->len ? ", " : "", item);
	g_free(item);
}

/* What is shown, not what the file's maker takes it for. */
static char *choice_of(PopplerFormField *f)
{
	GString *value = g_string_new(NULL);
	int n = MIN(lib.poppler_form_field_choice_get_n_items(f), CHOICES);

	for (int i = 0; i < n; i++)
		if (lib.poppler_form_field_choice_is_item_selected(f, i))
			append_choice(value, lib.poppler_form_field_choice_get_item(f, i));
	if (!value->len)
		append_choice(value, lib.poppler_form_field_choice_get_text(f));
	return g_string_free(value, FALSE);
}

static bool is_beside(const struct pdf_word *w, const struct pdf_word *box, double from)
{
	double middle = (w->y1 + w->y2) / 2, height = box->y2 - box->y1, gap = w->x1 - from;

	return middle > box->y1 - height / 4 && middle < box->y2 + height / 4 && gap > -height / 4 && gap < 1.5 * height;
}

/* The words printed at its right, one after the other. */
static char *words_beside(const struct reading *r, const struct pdf_word *box)
{
	enum { WORDS = 8 };
	GString *out = g_string_new(NULL);
	double from = box->x2;

	for (int n = 0; n < WORDS; n++) {
		const struct pdf_word *next = NULL;
		for (guint i = 0; i < r->printed; i++) {
			const struct pdf_word *w = &g_array_index(r->words, struct pdf_word, i);
			if (is_beside(w, box, from) && (!next || w->x1 < next->x1))
				next = w;
		}
		if (!next)
			break;
		g_string_append_printf(out, "%s%s", out->len ? " " : "", next->text);
		from = next->x2 + 0.1;
	}
	return g_string_free(out, FALSE);
}

/* NULL: it says nothing that we want. `word` is where it stands; its text is set for boxes. */
static char *button_of(struct reading *r, PopplerFormField *f, struct pdf_word *word)
{
	PopplerFormButtonType type = lib.poppler_form_field_button_get_button_type(f);
	bool on = type != POPPLER_FORM_BUTTON_PUSH && lib.poppler_form_field_button_get_state(f);

	if (type == POPPLER_FORM_BUTTON_PUSH)
		return NULL;
	word->box = true;
	word->text = on ? "☒" : "☐";
	bool radio = on && type == POPPLER_FORM_BUTTON_RADIO;
	g_autofree char *words = radio && r->chosen++ < CHOSEN ? words_beside(r, word) : NULL;
	if (r->chosen > CHOSEN)
		complain_once(r, "pdf_too_many_fields");
	return !on ? NULL : words && *words ? g_steal_pointer(&words) : g_strdup("X");
}

static char *text_of(PopplerFormField *f)
{
	char *text = lib.poppler_form_field_text_is_password(f) ? NULL : lib.poppler_form_field_text_get_text(f);

	return text ? text : g_strdup("");
}

/* Kids of one field say the same each, or are empty. Which of two different values counts nobody can tell; the last
 * is kept, as other readers of forms do. */
static void add_field(struct reading *r, PopplerFormField *f, const char *name, const char *value)
{
	struct field *field = g_hash_table_lookup(r->fields, name);

	if (!field) {
		g_autofree char *label = lib.poppler_form_field_get_alternate_ui_name(f);
		field = g_new0(struct field, 1);
		field->name = g_strdup(name);
		field->label = label ? g_utf8_make_valid(label, -1) : NULL;
		g_ptr_array_add(r->document->fields, field);
		g_hash_table_insert(r->fields, field->name, field);
	}
	if (field->value && *field->value && *value && strcmp(field->value, value))
		facts_complain(r->document->complaints, "pdf_field_twice", name, NULL);
	if (!field->value || *value) {
		g_free(field->value);
		field->value = g_strdup(value);
	}
}

/* Of a tall field the text stands at its top. */
static struct pdf_word place_of(const PopplerRectangle *area, double page_height)
{
	enum { LINE = 14, TALL = 40 };
	struct pdf_word w = { area->x1, page_height - area->y2, area->x2, page_height - area->y1 };
	double middle = w.y2 - w.y1 > TALL ? w.y1 + LINE : (w.y1 + w.y2) / 2;
	double half = MIN(w.y2 - w.y1, LINE) / 2;

	w.y1 = middle - half;
	w.y2 = middle + half;
	return w;
}

static void read_field(struct reading *r, const PopplerFormFieldMapping *m, double page_height)
{
	struct pdf_word word = place_of(&m->area, page_height);
	PopplerFormFieldType type = lib.poppler_form_field_get_field_type(m->field);
	g_autofree char *name = lib.poppler_form_field_get_name(m->field), *value = NULL;

	if (type == POPPLER_FORM_FIELD_BUTTON)
		value = button_of(r, m->field, &word);
	else if (type == POPPLER_FORM_FIELD_TEXT)
		value = text_of(m->field);
	else if (type == POPPLER_FORM_FIELD_CHOICE)
		value = choice_of(m->field);
	if (value) {
		word.field = keep(r, name ? name : "", strlen(name ? name : ""));
		const char *kept = keep(r, value, strlen(value));
		word.text = word.box ? word.text : kept;
		add_field(r, m->field, word.field, kept);
	}
	if (word.text)
		g_array_append_val(r->words, word);
}

/* poppler gives the last first. */
static void read_fields(struct reading *r, PopplerPage *page)
{
	GList *all = g_list_reverse(lib.poppler_page_get_form_field_mapping(page));
	double width, height;

	lib.poppler_page_get_size(page, &width, &height);
	for (GList *m = all; m && r->widgets < FIELDS; m = m->next, r->widgets++)
		read_field(r, m->data, height);
	if (r->widgets >= FIELDS)
		complain_once(r, "pdf_too_many_fields");
	lib.poppler_page_free_form_field_mapping(all);
}

/* ---- the document ---- */

static void read_page(struct reading *r, PopplerPage *page)
{
	g_array_set_size(r->words, 0);
	read_printed(r, page);
	read_fields(r, page);
	pdf_layout_page(r->layout, r->words);
}

static void read_pages(struct reading *r, PopplerDocument *pdf)
{
	int n = lib.poppler_document_get_n_pages(pdf);

	for (int i = 0; i < MIN(n, PAGES) && r->characters < CHARACTERS; i++) {
		g_autoptr(GObject) page = (GObject *)lib.poppler_document_get_page(pdf, i);
		if (page)
			read_page(r, (PopplerPage *)page);
	}
	if (n > PAGES)
		complain_once(r, "too_many_pages");
	if (r->characters >= CHARACTERS)
		complain_once(r, "too_much_text");
}

/* Such a file has one page for other programs, which says that they cannot show it. */
static bool is_xfa(const struct document *d, const char *bytes, size_t len)
{
	static const char words[] = "may not be able to display this type of document";

	if (d->fields->len)
		return false;
	return (d->text && strstr(d->text, words)) || memmem(bytes, len, "/XFA", 4);
}

static void judge(struct document *d, const char *bytes, size_t len)
{
	if (is_xfa(d, bytes, len))
		facts_complain(d->complaints, "pdf_xfa", d->file, NULL);
	else if (!d->text && !d->fields->len)
		facts_complain(d->complaints, "pdf_scan", d->file, NULL);
}

void doc_pdf_read(struct document *d, const char *bytes, size_t len)
{
	g_autoptr(GBytes) all = g_bytes_new_static(bytes, len);
	g_autoptr(GError) error = NULL;

	if (!doc_pdf_warm_up()) {
		facts_complain(d->complaints, "format_pdf", d->file, NULL);
		return;
	}
	g_autoptr(GObject) pdf = (GObject *)lib.poppler_document_new_from_bytes(all, NULL, &error);
	if (!pdf) {
		facts_complain(d->complaints, error->code == POPPLER_ERROR_ENCRYPTED ? "encrypted" : "damaged", d->file, NULL);
		return;
	}
	struct reading r = { d, pdf_layout_new(d), g_hash_table_new(g_str_hash, g_str_equal),
			     g_array_new(FALSE, FALSE, sizeof(struct pdf_word)) };
	read_pages(&r, (PopplerDocument *)pdf);
	pdf_layout_end(r.layout);
	g_hash_table_unref(r.fields);
	g_array_unref(r.words);
	judge(d, bytes, len);
}

/* ---- attached files ---- */

static gboolean take_bytes(const gchar *bytes, gsize len, gpointer all, GError **error)
{
	if (((GByteArray *)all)->len + len <= ATTACHED_BYTES) {
		g_byte_array_append(all, (const guint8 *)bytes, (guint)len);
		return TRUE;
	}
	g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "an attached file is too large");
	return FALSE;
}

static void take_attached(GPtrArray *files, PopplerAttachment *one)
{
	GByteArray *bytes = g_byte_array_new();
	bool whole = files->len < ATTACHED && lib.poppler_attachment_save_to_callback(one, take_bytes, bytes, NULL);

	if (whole)
		g_ptr_array_add(files, g_byte_array_free_to_bytes(bytes));
	else
		g_byte_array_unref(bytes);
}

GPtrArray *doc_pdf_attached(const char *bytes, size_t len)
{
	GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_autoptr(GBytes) all = g_bytes_new_static(bytes, len);
	g_autoptr(GObject) pdf = doc_pdf_warm_up() ? (GObject *)lib.poppler_document_new_from_bytes(all, NULL, NULL) : NULL;
	GList *list = pdf ? lib.poppler_document_get_attachments((PopplerDocument *)pdf) : NULL;

	for (GList *l = list; l; l = l->next)
		take_attached(files, l->data);
	g_list_free_full(list, g_object_unref);
	return files;
}
