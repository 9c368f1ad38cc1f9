/* quote_line: what one line of a reply is (see quote_line.h).
 *
 * A mail of 40 kB has a thousand lines and nearly all are plain text: they are told by a byte or two, and only
 * suspects are folded and looked up.
 */
#include "parsers/quote_line.h"

#include "parsers/fold.h"

#include <string.h>

/* Bytes, of lines as they are typed. */
enum { LABEL_MAX = 28, DEVICE_MAX = 120, SHORT_DEVICE = 40, NOTICE_START = 40 };

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
	"enviado desde", "enviado do", "inviato da", "from my iphone", "skickat fr", "get [outlook",
	"diese nachricht wurde von meinem", "\xe5\xbe\x9e\xe6\x88\x91\xe7\x9a\x84"
};
/* Keys of beginnings of what mail servers hang below a letter, and folded words of which one must stand in the line too. */
static const char *const notice_starts[] = {
	"yasaluyari", "gizlilik", "bueposta", "buileti", "bumesaj", "buelektronikposta", "bumail", "disclaimer", "thisemail",
	"thismessage", "theinformationcontained", "sorumluluk"
};
static const char *const notice_words[] = {
	"gizli", "ekleri", "ekler", "ozel", "alicisi", "aliciya", "virus", "sorumlulu", "confidential", "intended", "yasal",
	"attachment", "disclaimer", "uyari"
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
	if (len > DEVICE_MAX)
		return false;
	if (len < SHORT_DEVICE && len > 12 && !memcmp(at + len - 12, " from mobile", 12))
		return true;
	if (memmem(at, len, "Outlook", 7) && memmem(at, len, " edinin", 7))
		return true;
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

static bool begins_notice(const char *at, size_t len)
{
	char key[2 * NOTICE_START];

	fold_key_into(key, sizeof key, at, MIN(len, NOTICE_START));
	for (size_t i = 0; i < G_N_ELEMENTS(notice_starts); i++)
		if (*key == *notice_starts[i] && g_str_has_prefix(key, notice_starts[i]))
			return true;
	return false;
}

/* "Bu e-posta ve ekleri gizlidir …" and its kin. */
static bool is_notice(const char *at, size_t len)
{
	if (!strchr("YGBDTSygbdts", *at) || !begins_notice(at, len))
		return false;
	g_autofree char *line = g_strndup(at, len), *folded = fold_ascii(line);
	for (size_t i = 0; i < G_N_ELEMENTS(notice_words); i++)
		if (strstr(folded, notice_words[i]))
			return true;
	return false;
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
	if (is_notice(l->at, l->len))
		return QUOTE_NOTICE;
	return is_device(l->at, l->len) ? QUOTE_DEVICE : QUOTE_TEXT;
}
