/* quote_line: what one line of a reply is (see quote_line.h).
 *
 * A mail of 40 kB has a thousand lines and nearly all are plain text: they are told by a byte or two, and only
 * suspects are folded and looked up.
 */
#include "parsers/quote_line.h"

#include "parsers/fold.h"

#include <string.h>

enum { MAX_JOIN = 5, LABEL_MAX = 28 };

/* Folded names of the fields that programs print above a quote. The first group names the sender. */
static const char *const sender_labels[] = {
	"from", "gonderen", "kimden", "de", "von", "van", "da", "fra", "fran", "od", "от", "expediteur",
	"remitente", "发件人"
};
static const char *const other_labels[] = {
	"sent", "to", "cc", "bcc", "subject", "date", "replyto", "importance", "attachments", "gonderildi",
	"gonderilenler", "gonderimtarihi", "gonderilmetarihi", "gonderme", "kime", "bilgi", "konu", "tarih",
	"yanitla", "yanitadresi", "onem", "ekler", "gizli", "a", "envoye", "objet", "gesendet", "an",
	"betreff", "datum", "aan", "verzonden", "onderwerp", "inviato", "oggetto", "risposta", "data", "til",
	"emne", "sendt", "skickat", "till", "amne", "para", "assunto", "enviado", "enviadoel", "asunto", "do",
	"temat", "wyslano", "кому", "тема", "дата", "отправлено"
};

static const char *const verbs[] = {
	"yazdi", "yazmis", "wrote", "writes", "schrieb", "ecrit", "escribio", "scritto", "schreef",
	"geschreven", "skrev", "escreveu", "napisal", "napisał", "пишет", "написал", "пише", "написав", "写道",
	"寫道"
};
/* How an attribution begins when it does not begin with the day or the writer. */
static const char *const starters[] = {
	"on ", "at ", "am ", "le ", "el ", "il ", "op ", "den ", "em ", "w dniu ", "dnia ", "понедельник",
	"вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"
};

static const char *const originals[] = {
	"original message", "originalmessage", "ozgun ileti", "ozgun mesaj", "orijinal mesaj",
	"orijinal ileti", "original ileti", "forwarded message", "forwarded by", "yonlendirilmis",
	"yonlendirilen", "iletilmis", "iletilen", "ursprungliche nachricht", "mensaje original",
	"message d'origine", "message original", "messaggio originale", "oorspronkelijk bericht",
	"originalnachricht", " wrote"
};
static const char *const forwards[] = {
	"Begin forwarded message:", "İletilen ileti başlangıcı:", "Yönlendirilen ileti başlangıcı:"
};

static const char *const device_starts[] = {
	"sent from", "sent via", "sent with", "sent by", "<<sent", "(sent from", "get outlook",
	"envoy\xc3\xa9 depuis", "von meinem", "verzonden met", "verzonden vanaf", "sendt fra",
	"enviado desde", "enviado do", "inviato da", "from my iphone", "skickat fr"
};
static const char *const device_ends[] = {
	"nderildi", "nderildi.", "nderilmi\xc5\x9ftir.", "nderilmi\xc5\x9ftir"
};

static bool starts(const char *at, size_t len, const char *with)
{
	size_t n;

	if ((*at | 0x20) != (*with | 0x20)) /* nearly always */
		return false;
	n = strlen(with);
	return len >= n && !g_ascii_strncasecmp(at, with, n);
}

static bool is_device(const char *at, size_t len)
{
	if (len > 120)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(device_starts); i++)
		if (starts(at, len, device_starts[i]))
			return true;
	for (size_t i = 0; i < G_N_ELEMENTS(device_ends); i++) {
		size_t n = strlen(device_ends[i]);
		if (len > n && at[len - 1] == device_ends[i][n - 1] && !memcmp(at + len - n, device_ends[i], n))
			return memmem(at, len, "mdan g", 6) || memmem(at, len, "mden g", 6) ||
			       memmem(at, len, " Posta ", 7) || memmem(at, len, "telefonumdan", 12) ||
			       memmem(at, len, "Outlook", 7);
	}
	return false;
}

/* Nothing but signs of which people draw lines. */
static bool is_delimiter(const char *at, size_t len)
{
	size_t n = 0;

	for (; n < len; n++)
		if (!strchr("-_=+~#*", at[n]))
			break;
	return (n == len && len >= 2) || (len == 3 && !memcmp(at, "\xe1\x90\xa7", 3)) ||
		(len == 3 && !memcmp(at, "\xe2\x80\x94", 3));
}

static bool is_original(const char *at, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(forwards); i++)
		if (starts(at, len, forwards[i]))
			return true;
	if (len < 10 || len > 160 || !strchr("-*", at[0]) || at[1] != '-' || !strchr("-*", at[len - 1]) ||
	    at[len - 2] != '-')
		return false;
	g_autofree char *line = g_strndup(at, len);
	g_autofree char *folded = fold_ascii(line);
	for (size_t i = 0; i < G_N_ELEMENTS(originals); i++)
		if (strstr(folded, originals[i]))
			return true;
	return false;
}

/* The folded field name of "*From:* …" in `key`; false: no field at all. */
static bool read_label(const char *at, size_t len, char *key, size_t size)
{
	const char *colon = memchr(at, ':', MIN(len, LABEL_MAX));

	if (!colon)
		return false;
	fold_key_into(key, size, at, (size_t)(colon - at));
	return *key != '\0';
}

static bool is_in(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(words[i], word))
			return true;
	return false;
}

bool quote_line_is_sender(const struct quote_line *l)
{
	char key[2 * LABEL_MAX];

	return read_label(l->at, l->len, key, sizeof key) && is_in(sender_labels, G_N_ELEMENTS(sender_labels), key);
}

static bool is_header(const struct quote_line *l)
{
	char key[2 * LABEL_MAX];

	return read_label(l->at, l->len, key, sizeof key) &&
	       (is_in(sender_labels, G_N_ELEMENTS(sender_labels), key) ||
		is_in(other_labels, G_N_ELEMENTS(other_labels), key));
}

enum quote_kind quote_line_kind(const struct quote_line *l)
{
	if (!l->len)
		return QUOTE_EMPTY;
	if (*l->at == '>')
		return QUOTE_QUOTED;
	if (is_delimiter(l->at, l->len))
		return QUOTE_DELIMITER;
	if (is_original(l->at, l->len))
		return QUOTE_ORIGINAL;
	if (is_header(l))
		return QUOTE_HEADER;
	return is_device(l->at, l->len) ? QUOTE_DEVICE : QUOTE_TEXT;
}

/* ---- "On … somebody wrote:" ---- */

static bool has_verb(const char *folded)
{
	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (strstr(folded, verbs[i]))
			return true;
	return false;
}

/* "4 haz 2019 …", "2016-02-03 …", "20 окт. 2016 …": the day stands first. */
static bool starts_with_day(const char *folded)
{
	size_t digits = strspn(folded, "0123456789");

	if (digits == 4)
		return strchr("-/.", folded[4]) && g_ascii_isdigit(folded[5]);
	return (digits == 1 || digits == 2) && (folded[digits] == ' ' || folded[digits] == '.') &&
		!g_ascii_isdigit(folded[digits + 1]);
}

/* "Ad Soyad <a@b> … yazdı:". Without a name in front, or without the opening bracket, a line is missing above. */
static bool starts_with_writer(const char *folded)
{
	const char *open = strchr(folded, '<'), *close = strchr(folded, '>');

	if (!open || !close || close < open || !strchr(open, '@'))
		return false;
	return open > folded || strstr(folded, "adresine sahip");
}

static bool is_whole_attribution(const char *folded)
{
	const char *on = strstr(folded, "tarihinde "), *open = strchr(folded, '<');

	if (on && g_str_has_prefix(on, "tarihinde sunu yazdi")) /* the writer stands before the day */
		return starts_with_writer(folded);
	if ((on && open && on < open) || (!on && strstr(folded, "sunu yazdi"))) /* the day stands before the writer */
		return on && starts_with_day(folded) && has_verb(folded);
	if (starts_with_day(folded) && (has_verb(folded) || strchr(folded, '@')))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(starters); i++)
		if (g_str_has_prefix(folded, starters[i]))
			return has_verb(folded) && strpbrk(folded, "0123456789@");
	return starts_with_writer(folded) && has_verb(folded);
}

static bool ends_with_colon(const struct quote_line *l)
{
	return l->len &&
	       (l->at[l->len - 1] == ':' || (l->len >= 3 && !memcmp(l->at + l->len - 3, "\xef\xbc\x9a", 3)));
}

/* Old Gmail's, which have no verb and no colon: "2013/7/20 Ad Soyad <a@b>", "2016-03-03 17:21 GMT+01:00 Ad Soyad". */
static bool is_bare_attribution(const struct quote_line *l)
{
	if (l->len < 12 || l->len > 200 || !g_ascii_isdigit(l->at[0]) || !strchr("-/", l->at[4]))
		return false;
	return (l->at[l->len - 1] == '>' && memchr(l->at, '@', l->len)) ||
		(l->len > 22 && !memcmp(l->at + 17, "GMT", 3));
}

/* Lines are joined upwards until they make a whole; the fewest lines that do are it. */
int quote_line_attribution(const struct quote_line *lines, int last)
{
	g_autoptr(GString) joined = NULL;

	if (is_bare_attribution(&lines[last]))
		return last;
	if (!ends_with_colon(&lines[last]) || lines[last].len > 400)
		return -1;
	joined = g_string_new(NULL);
	for (int i = last; i >= 0 && last - i < MAX_JOIN; i--) {
		if (lines[i].kind == QUOTE_EMPTY || (lines[i].kind == QUOTE_QUOTED && i < last) || lines[i].len > 400)
			break;
		if (joined->len)
			g_string_prepend_c(joined, ' ');
		g_string_prepend_len(joined, lines[i].at, (gssize)lines[i].len);
		g_autofree char *folded = fold_ascii(joined->str);
		if (is_whole_attribution(folded))
			return i;
	}
	return -1;
}
