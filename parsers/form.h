/* form: the people of a request form, out of the cells of a document.
 *
 * Each sheet has its header (form_header.h) and lines above it (form_banner.h). Rows below that name nobody are passed
 * over; a header that comes again counts from there. A row's verdict is ACCEPTED, REPAIRED (a fact was mended and should be
 * confirmed) or REFUSED; its complaints say what and in which cell. A sheet without a header, and the text of a document
 * whose tables hold nobody, may be a form of labels and values (form_text.h).
 *
 * Complaint codes of a row. Refused: tckn_missing, tckn_not_number, tckn_length, tckn_digits_lost, tckn_check_digit,
 * name_missing, name_invalid, email_missing, email_invalid, email_domain, birth_date_invalid, kind_missing,
 * kind_unknown, kind_person_paid (lost, stolen or changed name: the person applies alone), charset_unknown (in any cell: a
 * sign that stands for a lost letter). Repaired: tckn_blanks, email_repaired, name_split (in doubt where the family name
 * begins), name_title (left out), years_foreigner (made one year). Only told: phone_invalid, reader_unknown,
 * backup_unknown, years_unknown, expires_invalid, renewal_but_expired (wet signature only), first_with_end_date,
 * renewal_with_reader.
 * Of the form: form_empty, header_incomplete, sheet_hidden (not read), rows_hidden and columns_hidden (read), row_ignored,
 * row_unsure (it refuses a row whose cells a PDF does not tell apart for sure), those of form_merge.h. Of our own blank form,
 * which carries a version: form_version_old, form_version_new (both only told).
 */
#pragma once
#include "parsers/document.h"
#include "parsers/headings.h"

/* Of the blank form that `nesgate form` writes; counted up when its columns or words change. */
enum { FORM_VERSION = 1 };

/* What a form of `version` is told where `current` is in use: a complaint code. NULL: nothing, or no form of ours (0). */
const char *form_version_complaint(gint64 version, gint64 current);

struct form_rules {
	const struct headings *headings;
	const char *const *mail_domains; /* NULL: any; form_reach_is_of */
	gint64 now;                      /* Unix seconds: what is expired, who can be born */
};

/* NULL: there is no form in it. Complaints of the form are added to `complaints`. facts_request_free. */
struct request *form_from_document(const struct document *d, const struct form_rules *rules, GPtrArray *complaints);
