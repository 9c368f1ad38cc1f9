/* document: a file that somebody sent, as sheets, fields and text, whatever program wrote it.
 *
 * What a file is is told by its bytes; the name only decides what is said about it. A file that cannot
 * or may not be read gives a complaint, never a guess. Each format is one file behind one row of the
 * table in document.c.
 *
 * Complaint codes of this file: document_empty, encrypted, macro_file, format_xls_old, format_xlsb, format_doc, format_pdf,
 * format_msg, image_only, format_unsupported; others come from unzip.h, xml.h, container_zip.h, and the sheet_ and doc_
 * files.
 */
#pragma once
#include "parsers/facts.h"
#include "parsers/limits.h"

/* A cell's text is what a person sees in it, but for dates, which are ISO (1980-01-31, with a time
 * "1980-01-31 09:00:00"), and for long whole numbers, which keep their digits. Empty cells are "". */
struct sheet {
	char *name;
	bool hidden;
	char *hidden_row, *hidden_column; /* the first cell with a text in a hidden one: "Sayfa1!C5"; NULL: none */
	GPtrArray *rows; /* GPtrArray of const char *: row i is the sheet's row i+1, cell j its column j+1 */
	GPtrArray *places; /* NULL, or as `rows`: what to say instead of "Sayfa1!C5"; cells and rows may be missing */
	GArray *unsure;    /* NULL, or guint: rows that may have words of another, or lack some of their own */
};

/* A field of a fillable form. `label` is what programs show for its name; NULL: nothing else. */
struct field { char *name, *value, *label; };

struct document {
	char *file;         /* the name it came with */
	const char *format; /* "xlsx"; NULL: not known */
	bool epoch_1904;    /* serial numbers that stand as plain numbers count from 1904 */
	GPtrArray *sheets;  /* struct sheet */
	GPtrArray *fields;  /* struct field */
	char *text;         /* NULL: none */
	GPtrArray *parts;   /* struct document: the files inside of an archive */
	GPtrArray *complaints;
	GStringChunk *texts; /* owns the cells' texts */
	struct limits limits;
};

/* Never NULL. The bytes stay the caller's. The one without limits takes the usual ones. */
struct document *document_open(const char *filename, const char *bytes, size_t len);
struct document *document_open_within(const struct limits *l, const char *filename, const char *bytes, size_t len);
void document_free(struct document *d);

/* For the format files: an empty document; a new sheet at its end. */
struct document *document_new(const char *filename);
struct sheet *document_add_sheet(struct document *d, const char *name);

/* Whether a mail's attachment is worth opening as a form: office documents, PDF, CSV, archives; not pictures. */
bool document_is_form_candidate(const char *mime_type, const char *filename, const char *bytes, size_t len);

/* One line of JSON in the shape of `nesgate extract`. `request` may be NULL. */
char *document_to_json(const struct document *d, const struct request *request);

/* Prepares the libraries' process-wide tables, so that reading inside a cage makes no odd system call. */
void document_warm_up(void);

typedef struct document document_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(document_t, document_free)
