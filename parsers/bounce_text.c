/* bounce_text: see bounce_text.h.
 *
 * Who was not reached is asked in turn of: X-Failed-Recipients; lines that begin with an address; lines that speak of a
 * recipient; any other line. The first that knows an answer is believed.
 */
#include "parsers/bounce_text.h"
#include "parsers/address.h"
#include "parsers/auto_reply.h"
#include "parsers/bounce_address.h"
#include "parsers/bounce_verdict.h"
#include "parsers/fold.h"
#include "parsers/subject.h"
#include <string.h>

enum { OWN_MAX = 16 * 1024, HEAD_MAX = 4096, DIAGNOSTIC_MAX = 500, RECIPIENTS_MAX = 100 };

/* ---- who speaks ---- */

static bool is_empty_path(const char *value)
{
	const char *p = value + strspn(value, " \t\r\n<");

	return !*p || *p == '>' || !g_ascii_strncasecmp(p, "MAILER-DAEMON", 13);
}

enum voice {
	NOBODY, /* a person, as far as the header says */
	QUIET,  /* no answer is wanted: a server, or a program that writes notices */
	SERVER, /* From says so */
};

static enum voice voice_of(const struct bounce_mail *b)
{
	const char *path = fields_find(mime_fields(b->m), "Return-Path");
	g_autofree char *from = b->from ? fold_words(b->from) : NULL;

	if (bounce_words_has(b->words, BOUNCE_SPEAKER, from))
		return SERVER;
	return path && is_empty_path(path) && !b->writes_notices ? QUIET : NOBODY;
}

/* What stands before the returned letter. */
static char *own_words(const struct bounce_mail *b)
{
	GString *own = g_string_new(NULL);

	for (const char *line = b->text; line && *line && own->len < OWN_MAX;) {
		size_t n = strcspn(line, "\n");
		g_autofree char *start = g_strndup(line, MIN(n, 120)), *folded = fold_words(start);

		if (own->len && bounce_words_begins(b->words, BOUNCE_ORIGINAL, folded))
			break;
		g_string_append_len(own, line, (gssize)n);
		g_string_append_c(own, '\n');
		line += n + (line[n] == '\n');
	}
	return g_string_free(own, FALSE);
}

/* "[Postmaster] Delivery …", "mx.k.test Mail delivery …": the first words may be a name. */
static bool subject_says(const struct bounce_mail *b)
{
	g_autofree char *folded = b->subject ? fold_words(b->subject) : NULL;
	const char *p = folded;

	for (int i = 0; p && i < 5; i++) {
		if (bounce_words_begins(b->words, BOUNCE_SUBJECT, p))
			return true;
		p = strchr(p, ' ');
		p = p ? p + 1 : NULL;
	}
	return false;
}

static bool has_evidence(const struct bounce_mail *b, const char *own)
{
	g_autofree char *status = bounce_verdict_status(own);
	g_autofree char *returned = status ? NULL : bounce_address_original(b->m, "Message-ID");

	return status || returned;
}

bool bounce_text_is_report(const struct bounce_mail *b)
{
	enum voice voice = voice_of(b);
	bool subject = subject_says(b);

	if ((voice == NOBODY && (!subject || subject_prefix(b->subject) != SUBJECT_NONE)) || auto_reply_is_subject(b->subject))
		return false;
	if (fields_find(mime_fields(b->m), "X-Failed-Recipients") || (voice == SERVER && subject))
		return true;
	bool believed = voice == SERVER || (voice == QUIET && subject);
	if (!believed && !has_evidence(b, b->text)) /* nearly always, and cheaper than what follows */
		return false;
	g_autofree char *own = own_words(b), *head = g_strndup(own, HEAD_MAX), *folded = fold_words(head);
	return bounce_words_has(b->words, BOUNCE_BODY, folded) && (believed || has_evidence(b, own));
}

/* ---- whom it could not reach ---- */

struct found { char *address; size_t at; }; /* at: where the words about it begin */

static void found_free(void *p)
{
	g_free(((struct found *)p)->address);
	g_free(p);
}

static void add(GPtrArray *list, char *address, size_t at)
{
	bool known = !address || list->len >= RECIPIENTS_MAX;

	for (guint i = 0; !known && i < list->len; i++)
		known = !strcmp(((struct found *)list->pdata[i])->address, address);
	if (known) {
		g_free(address);
		return;
	}
	struct found *f = g_new(struct found, 1);
	*f = (struct found){ address, at };
	g_ptr_array_add(list, f);
}

struct line { const char *text; size_t len, at; };
struct search {
	const struct bounce_mail *b;
	const char *own;
	GPtrArray *senders; /* char *: whom the report goes to */
	GPtrArray *list;    /* struct found */
};

static bool is_sender(const struct search *s, const char *address)
{
	return g_ptr_array_find_with_equal_func(s->senders, address, g_str_equal, NULL);
}

/* "  * <a@b>:", ">>> a@b", "a@b on Thu", "Recipient: <a@b>". With other words behind, it may be the sender who is spoken to. */
static void at_beginning(const struct search *s, const struct line *l)
{
	static const char *const labels[] = { "recipient address:", "recipient:" };
	size_t i = strspn(l->text, " \t*>-\"<'"), used;

	for (size_t k = 0; k < G_N_ELEMENTS(labels); k++)
		if (!g_ascii_strncasecmp(l->text + i, labels[k], strlen(labels[k])))
			i += strlen(labels[k]);
	i += strspn(l->text + i, " \t\"<'");
	char *address = i < l->len ? bounce_address_at(l->text + i, l->len - i, &used) : NULL;
	bool alone = address && (i + used >= l->len || strchr(">:\"'", l->text[i + used]));

	if (address && !alone && is_sender(s, address))
		g_clear_pointer(&address, g_free);
	add(s->list, address, l->at);
}

static void anywhere(const struct search *s, const struct line *l)
{
	for (size_t i = 0, used; i < l->len; i += used ? used : 1) {
		bool inside = i && bounce_address_goes_on(l->text[i - 1]);
		char *address = inside ? NULL : bounce_address_at(l->text + i, l->len - i, &used);

		if (!address)
			used = 0;
		else if (is_sender(s, address))
			g_clear_pointer(&address, g_free);
		add(s->list, address, l->at);
	}
}

static void in_words_about_it(const struct search *s, const struct line *l)
{
	g_autofree char *line = g_strndup(l->text, l->len), *folded = fold_words(line);
	bool code = g_ascii_isdigit(*line) && g_ascii_isdigit(line[1]) && g_ascii_isdigit(line[2]);

	if ((code || bounce_words_has(s->b->words, BOUNCE_POINTS, folded)) && !bounce_words_has(s->b->words, BOUNCE_CONTACT, folded))
		anywhere(s, l);
}

static void in_other_words(const struct search *s, const struct line *l)
{
	g_autofree char *line = g_strndup(l->text, l->len), *folded = fold_words(line);

	if (!bounce_words_has(s->b->words, BOUNCE_CONTACT, folded))
		anywhere(s, l);
}

typedef void (*look)(const struct search *s, const struct line *l);

static void each_line(const struct search *s, look look_at)
{
	for (const char *line = s->own; *line && s->list->len < RECIPIENTS_MAX;) {
		size_t n = strcspn(line, "\n");

		if (memchr(line, '@', n))
			look_at(s, &(struct line){ line, n, (size_t)(line - s->own) });
		line += n + (line[n] == '\n');
	}
}

static GPtrArray *addresses_of(const char *value)
{
	return value ? address_list(value) : g_ptr_array_new_with_free_func(g_free);
}

static void in_header(const struct search *s)
{
	g_autoptr(GPtrArray) addresses = addresses_of(fields_find(mime_fields(s->b->m), "X-Failed-Recipients"));

	for (guint i = 0; i < addresses->len; i++) {
		const char *at = strstr(s->own, addresses->pdata[i]);
		add(s->list, g_strdup(addresses->pdata[i]), at ? (size_t)(at - s->own) : 0);
	}
}

static GPtrArray *find_recipients(const struct bounce_mail *b, const char *own)
{
	static const look looks[] = { at_beginning, in_words_about_it, in_other_words };
	g_autoptr(GPtrArray) senders = addresses_of(fields_find(mime_fields(b->m), "To"));
	struct search s = { b, own, senders, g_ptr_array_new_with_free_func(found_free) };

	in_header(&s);
	for (size_t i = 0; i < G_N_ELEMENTS(looks) && !s.list->len; i++)
		each_line(&s, looks[i]);
	return s.list;
}

/* ---- what became of it ---- */

/* From the address to the next one; a server that tells of one failure may do so before it. */
static char *words_about(const char *own, const GPtrArray *list, guint i)
{
	size_t from = ((struct found *)list->pdata[i])->at, to = strlen(own);

	if (i + 1 < list->len && ((struct found *)list->pdata[i + 1])->at > from)
		to = ((struct found *)list->pdata[i + 1])->at;
	g_autofree char *words = g_strndup(own + from, MIN(to - from, 4 * DIAGNOSTIC_MAX));
	GString *out = g_string_new(NULL);
	for (const char *p = words; *p && out->len < DIAGNOSTIC_MAX;) {
		size_t n = strcspn(p, " \t\r\n");
		g_string_append_len(out, p, (gssize)n);
		p += n + strspn(p + n, " \t\r\n");
		if (*p)
			g_string_append_c(out, ' ');
	}
	char *text = g_utf8_make_valid(out->str, (gssize)out->len);
	g_string_free(out, TRUE);
	return text;
}

/* What the report says of the letter as a whole counts where nothing is said of the one recipient. */
static void read_one(const struct bounce_mail *b, const char *own, const char *said, struct bounce_recipient *r)
{
	bool delivered = bounce_words_has(b->words, BOUNCE_DELIVERED, said);
	bool delayed = bounce_words_has(b->words, BOUNCE_DELAYED, said);

	r->action = g_strdup(delivered ? "delivered" : delayed ? "delayed" : "failed");
	bounce_verdict(r, b->words);
	if (!r->reason && !delivered) {
		g_autofree char *about = g_steal_pointer(&r->diagnostic);

		r->diagnostic = g_strconcat(b->subject ? b->subject : "", " ", own, NULL);
		bounce_verdict(r, b->words);
		g_free(r->diagnostic);
		r->diagnostic = g_steal_pointer(&about);
	}
	bounce_verdict_assume(r);
}

static void read_list(const struct bounce_mail *b, const char *own, const GPtrArray *list, struct bounce *out)
{
	g_autofree char *head = g_strndup(own, HEAD_MAX);
	g_autofree char *all = g_strconcat(b->subject ? b->subject : "", "\n", head, NULL), *said = fold_words(all);

	for (guint i = 0; i < list->len; i++) {
		struct bounce_recipient *r = facts_bounce_recipient_add(out);

		r->address = g_strdup(((struct found *)list->pdata[i])->address);
		r->diagnostic = words_about(own, list, i);
		read_one(b, own, said, r);
	}
}

void bounce_text_read(const struct bounce_mail *b, struct bounce *out)
{
	g_autofree char *own = own_words(b);
	g_autoptr(GPtrArray) list = find_recipients(b, own);

	read_list(b, own, list, out);
}

/* ---- the returned letter ---- */

/* A line of its header in the text; the first in it, as forms that do not mark where it begins are met too. */
static char *returned_field(const char *text, const char *name)
{
	for (const char *line = text; line && *line;) {
		size_t n = strcspn(line, "\n");
		const char *p = line + strspn(line, " \t");

		if (!g_ascii_strncasecmp(p, name, strlen(name)))
			return g_strndup(p + strlen(name), (gsize)(line + n - p) - strlen(name));
		line += n + (line[n] == '\n');
	}
	return NULL;
}

char *bounce_text_message_id(const char *text)
{
	g_autofree char *value = returned_field(text, "message-id:");
	char *open = value ? strchr(value, '<') : NULL, *close = open ? strchr(open, '>') : NULL;

	return close ? g_strndup(open, (gsize)(close + 1 - open)) : NULL;
}

void bounce_text_read_returned(const struct bounce_mail *b, struct bounce *out)
{
	g_autofree char *own = own_words(b);
	char *to = bounce_address_original(b->m, "To");
	g_autofree char *value = to ? to : returned_field(b->text, "to:");
	g_autoptr(GPtrArray) addresses = addresses_of(value);
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(found_free);

	for (guint i = 0; i < addresses->len; i++)
		add(list, g_strdup(addresses->pdata[i]), 0);
	read_list(b, own, list, out);
}
