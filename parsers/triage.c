/* triage: see triage.h. Everything that is found sets a bit; the lowest bit is the word.
 *
 * What is no part of a form must not count: the pictures of a signature, the signature of a mail, a visiting card. So a
 * picture is told by where it stands and how it is named before its being there means anything.
 */
#include "parsers/triage.h"
#include <string.h>

enum cause {
#define CAUSE_(N, n) N,
	TRIAGE_CODES(CAUSE_)
#undef CAUSE_
	CAUSES
};

const char *const triage_codes[] = {
#define NAME_(N, n) #n,
	TRIAGE_CODES(NAME_)
#undef NAME_
	NULL
};

enum { ICON_MAX = 10 * 1024, BANNER_MAX = 100 * 1024, LETTERS_MAX = 1000 };
#define LOST_LETTER "\xef\xbf\xbd"

/* Complaints that have a word of their own. A file with any other complaint is unreadable. */
static const struct { const char *complaint; enum cause cause; } meanings[] = {
	{ "encrypted", PASSWORD },        { "zip_encrypted", PASSWORD },
	{ "macro_file", MACRO },
	{ "zip_bomb", TOO_LARGE },        { "zip_too_large", TOO_LARGE },   { "zip_too_many_parts", TOO_LARGE },
	{ "too_large", TOO_LARGE },       { "mail_too_large", TOO_LARGE },
	{ "form_version_old", OLD_FORM },
	{ "pdf_scan", SCAN },             { "image_only", PHOTO },
	{ "form_empty", EMPTY_FORM },     { "charset_unknown", CHARSET },   { "zip_no_form", WRONG_DOCUMENT },
};

struct triage *triage_new(void)
{
	struct triage *t = g_new0(struct triage, 1);

	t->complaints = facts_complaints_new();
	return t;
}

void triage_free(struct triage *t)
{
	if (t)
		g_ptr_array_unref(t->complaints);
	g_free(t);
}

static void note(struct triage *t, enum cause cause, const char *complaint, const char *where, const char *value)
{
	t->causes |= 1u << cause;
	if (complaint)
		facts_complain(t->complaints, complaint, where, value);
}

/* False: no complaint of them has a word. */
static bool note_complaints(struct triage *t, const GPtrArray *complaints)
{
	bool known = false;

	for (guint i = 0; i < complaints->len; i++)
		for (size_t k = 0; k < G_N_ELEMENTS(meanings); k++)
			if (!strcmp(((const struct complaint *)complaints->pdata[i])->code, meanings[k].complaint)) {
				note(t, meanings[k].cause, NULL, NULL, NULL);
				known = true;
			}
	return known;
}

/* ---- documents ---- */

static bool sheet_lost_letters(const struct sheet *s)
{
	for (guint r = 0; r < MIN(s->rows->len, LETTERS_MAX); r++) {
		const GPtrArray *row = s->rows->pdata[r];
		for (guint c = 0; c < row->len; c++)
			if (strstr(row->pdata[c], LOST_LETTER))
				return true;
	}
	return false;
}

/* Of text files: what others lose, as PDF does, is the file's own doing. */
static bool lost_letters(const struct document *d)
{
	static const char *const formats[] = { "csv", "html", "text", NULL };
	bool plain = d->format && g_strv_contains(formats, d->format), lost = plain && d->text && strstr(d->text, LOST_LETTER);

	for (guint i = 0; plain && i < d->sheets->len && !lost; i++)
		lost = sheet_lost_letters(d->sheets->pdata[i]);
	for (guint i = 0; i < d->parts->len && !lost; i++)
		lost = lost_letters(d->parts->pdata[i]);
	return lost;
}

static bool begins(const char *text, const char *prefix)
{
	return !g_ascii_strncasecmp(text, prefix, strlen(prefix));
}

/* Exchange puts what stands behind an attachment into ATT00001.txt. */
static bool added_by_server(const char *name)
{
	return begins(name, "ATT0") && strspn(name + 3, "0123456789") == 5 && name[8] == '.';
}

/* Outlook's winmail.dat most often holds only how the mail should look. */
static bool is_wrapping(const struct document *d)
{
	return !g_strcmp0(d->format, "tnef") && !d->parts->len && !d->complaints->len;
}

void triage_document(struct triage *t, const char *name, const struct document *d)
{
	if (added_by_server(name) || is_wrapping(d))
		return;
	if (lost_letters(d))
		note(t, CHARSET, "charset_unknown", name, NULL);
	else if (!d->complaints->len)
		note(t, WRONG_DOCUMENT, "no_form", name, NULL);
	else if (!note_complaints(t, d->complaints))
		note(t, UNREADABLE, NULL, NULL, NULL);
}

/* ---- what else is attached ---- */

static bool is_picture(const struct mime_part *p)
{
	static const char *const suffixes[] = { ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".heic", ".heif", ".tif", ".tiff" };
	const char *dot = p->filename ? strrchr(p->filename, '.') : NULL;

	for (size_t i = 0; dot && i < G_N_ELEMENTS(suffixes); i++)
		if (!g_ascii_strcasecmp(dot, suffixes[i]))
			return true;
	return begins(p->type, "image/");
}

/* What a scanner writes; no telephone does. */
static bool is_scan(const struct mime_part *p)
{
	const char *dot = p->filename ? strrchr(p->filename, '.') : NULL;

	return begins(p->type, "image/tif") || (dot && begins(dot, ".tif"));
}

/* What mail programs add on their own, and what a mail's words are made of. */
static bool is_no_file(const struct mime_part *p)
{
	static const char *const types[] = { "multipart/", "application/pkcs7-", "application/x-pkcs7-", "application/pgp-",
		"text/calendar", "text/vcard", "text/x-vcard", "text/directory", "message/" };

	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (begins(p->type, types[i]))
			return true;
	return p->message || mime_part_is_words(p);
}

static bool is_html(const struct mime_part *p)
{
	return !p->attachment && !p->filename && !strcmp(p->type, "text/html");
}

static bool shown_by_html(const struct mime *m, const struct mime_part *picture)
{
	const GPtrArray *parts = mime_parts(m);
	g_autofree char *link = picture->id ? g_strconcat("cid:", picture->id, NULL) : NULL;

	for (guint i = 0; link && i < parts->len; i++) {
		const struct mime_part *p = parts->pdata[i];
		size_t len;
		const char *html = is_html(p) ? mime_part_data(p, &len) : NULL;

		if (html && memmem(html, len, link, strlen(link)))
			return true;
	}
	return false;
}

/* Outlook calls the pictures of a signature image001.png, on the web Outlook-name.png. */
static bool named_by_outlook(const char *name)
{
	if (!name)
		return true;
	return begins(name, "outlook-") || (begins(name, "image0") && strspn(name + 5, "0123456789") == 3 && name[8] == '.');
}

static bool inside_related(const struct mime_part *p)
{
	return p->parent && !strcmp(p->parent->type, "multipart/related");
}

static bool is_decoration(const struct mime *m, const struct mime_part *p, size_t len, bool meant)
{
	bool shown = inside_related(p) || named_by_outlook(p->filename) || shown_by_html(m, p);

	/* A form may be pasted into a mail as a picture; it is large then, and the mail speaks of it. */
	return shown ? len < BANNER_MAX || !meant : !p->attachment && len < ICON_MAX;
}

/* What is opened in search of a form was noted then. */
static void note_part(struct triage *t, const struct mime *m, const struct mime_part *p, bool meant)
{
	const char *name = p->filename ? p->filename : p->path, *data;
	size_t len;

	if (is_no_file(p))
		return;
	data = mime_part_data(p, &len);
	if (!len || document_is_form_candidate(p->type, p->filename, data, len))
		return;
	if (!is_picture(p))
		note(t, UNREADABLE, "format_unsupported", name, NULL);
	else if (!is_decoration(m, p, len, meant))
		note(t, is_scan(p) ? SCAN : PHOTO, "image_only", name, NULL);
}

/* ---- words ---- */

/* Of a reply only the own words: what it quotes is another's. */
static char *find_cloud(const struct facts *f, const struct triage_mail *m)
{
	const char *text = f->kind == KIND_REPLY ? f->reply->text : m->text;
	const GPtrArray *parts = f->kind == KIND_REPLY ? NULL : mime_parts(m->mime);
	char *host = text ? triage_words_cloud(m->words, text, strlen(text), NULL) : NULL;

	for (guint i = 0; parts && i < parts->len && !host; i++) {
		const struct mime_part *p = parts->pdata[i];
		size_t len;
		const char *html = is_html(p) ? mime_part_data(p, &len) : NULL;

		host = html ? triage_words_cloud(m->words, html, len, "href") : NULL;
	}
	return host;
}

static void note_words(struct triage *t, const struct facts *f, const struct triage_mail *m)
{
	bool reply = f->kind == KIND_REPLY;
	const char *text = f->reply ? f->reply->text : NULL;
	enum triage_speech speech = triage_words_speech(m->words, reply ? NULL : f->subject, text);
	bool meant = speech == TRIAGE_ATTACHED || (speech == TRIAGE_FORM && !reply);
	const GPtrArray *parts = mime_parts(m->mime);
	g_autofree char *host = find_cloud(f, m);

	for (guint i = 0; i < parts->len; i++)
		note_part(t, m->mime, parts->pdata[i], meant);
	if (host)
		note(t, CLOUD_LINK, "cloud_link", NULL, host);
	if (meant && text && strstr(text, LOST_LETTER))
		note(t, CHARSET, "charset_unknown", NULL, NULL);
	if (meant && !t->causes)
		note(t, NOTHING_ATTACHED, NULL, NULL, NULL);
}

bool triage_is_asked(const struct facts *f)
{
	static const bool kinds[] = { [KIND_REQUEST] = true, [KIND_REPLY] = true, [KIND_SIGNED_LIST] = true,
				      [KIND_OTHER] = true, [KIND_UNREADABLE] = true };

	if (f->kind >= G_N_ELEMENTS(kinds) || !kinds[f->kind] || f->auto_submitted)
		return false;
	if (f->request && f->request->rows->len)
		return false;
	return f->kind != KIND_REPLY || f->reply->answer == ANSWER_NONE;
}

void triage_decide(struct triage *t, struct facts *f, const struct triage_mail *m)
{
	if (!triage_is_asked(f))
		return;
	note_complaints(t, f->complaints);
	if (f->kind == KIND_UNREADABLE)
		note(t, UNREADABLE, NULL, NULL, NULL);
	else
		note_words(t, f, m);
	for (int i = 0; i < CAUSES && !f->triage; i++)
		if (t->causes & 1u << i)
			f->triage = g_strdup(triage_codes[i]);
	while (f->triage && t->complaints->len)
		g_ptr_array_add(f->complaints, g_ptr_array_steal_index(t->complaints, 0));
}
