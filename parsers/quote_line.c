/* quote_line: what one line of a reply is (see quote_line.h).
 *
 * A mail of 40 kB has a thousand lines and nearly all are plain text: they are told by a byte or two, and only
 * suspects are folded and looked up.
 */
#include "parsers/quote_line.h"

#include "parsers/fold.h"

#include <string.h>

/* Bytes, of lines as they are typed. */
enum { LABEL_MAX = 28, DEVICE_MAX = 120, SHORT_DEVICE = 40, NOTICE_HEAD = 8, NOTICE_START = 40 };

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
/* A full stop may follow. */
static const char *const device_ends[] = { "nderildi", "nderilmi\xc5\x9ftir" };

/* What a line may be by its first byte, so that nearly all lines are not asked for it. */
enum { DRAWN = 1, ORIGINAL = 2, NOTICE = 4, DEVICE = 8 };
static const guint8 firsts[256] = {
	['-'] = DRAWN | ORIGINAL, ['*'] = DRAWN | ORIGINAL, ['_'] = DRAWN, ['='] = DRAWN, ['+'] = DRAWN, ['~'] = DRAWN,
	['#'] = DRAWN, [0xe1] = DRAWN, [0xe2] = DRAWN, [0xc4] = ORIGINAL, ['('] = DEVICE, ['<'] = DEVICE, [0xe5] = DEVICE,
	['B'] = ORIGINAL | NOTICE, ['b'] = ORIGINAL | NOTICE, ['Y'] = ORIGINAL | NOTICE, ['y'] = ORIGINAL | NOTICE,
	['D'] = NOTICE | DEVICE, ['d'] = NOTICE | DEVICE, ['G'] = NOTICE | DEVICE, ['g'] = NOTICE | DEVICE,
	['S'] = NOTICE | DEVICE, ['s'] = NOTICE | DEVICE, ['T'] = NOTICE, ['t'] = NOTICE,
	['E'] = DEVICE, ['e'] = DEVICE, ['F'] = DEVICE, ['f'] = DEVICE, ['I'] = DEVICE, ['i'] = DEVICE, ['V'] = DEVICE,
	['v'] = DEVICE,
};

static bool starts(const char *at, size_t len, const char *with)
{
	size_t n;

	if ((*at | 0x20) != (*with | 0x20) || (at[1] | 0x20) != (with[1] | 0x20)) /* nearly always */
		return false;
	n = strlen(with);
	return len >= n && !g_ascii_strncasecmp(at, with, n);
}

static bool ends(const char *at, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len > n && !memcmp(at + len - n, with, n);
}

/* "iPhone'umdan gönderildi", "Windows için Posta ile gönderildi". */
static bool is_device_end(const char *at, size_t len)
{
	static const char *const words[] = { "mdan g", "mden g", " Posta ", "telefonumdan", "Outlook" };

	if (!len || (at[len - 1] != 'i' && at[len - 1] != 'r') || (!ends(at, len, device_ends[0]) && !ends(at, len, device_ends[1])))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (memmem(at, len, words[i], strlen(words[i])))
			return true;
	return false;
}

static bool is_device(const char *at, size_t len, bool begins)
{
	if (len > DEVICE_MAX)
		return false;
	if (len < SHORT_DEVICE && len > 12 && !memcmp(at + len - 12, " from mobile", 12))
		return true;
	if (memchr(at, 'O', len) && memmem(at, len, "Outlook", 7) && memmem(at, len, " edinin", 7))
		return true;
	for (size_t i = 0; begins && i < G_N_ELEMENTS(device_starts); i++)
		if (starts(at, len, device_starts[i]))
			return true;
	return is_device_end(at, len - (at[len - 1] == '.'));
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

/* Of the first `len` bytes: whether they are such a beginning, or as far as they go may be one. */
static bool begins_notice(const char *at, size_t len, bool may)
{
	char key[2 * NOTICE_START];

	fold_key_into(key, sizeof key, at, len);
	for (size_t i = 0; i < G_N_ELEMENTS(notice_starts); i++) {
		const char *k = key, *start = notice_starts[i];

		while (*k && *k == *start)
			k++, start++;
		if (!*start || (may && !*k))
			return true;
	}
	return false;
}

/* "Bu e-posta ve ekleri gizlidir …" and its kin. */
static bool is_notice(const char *at, size_t len)
{
	if (!begins_notice(at, MIN(len, NOTICE_HEAD), true) || !begins_notice(at, MIN(len, NOTICE_START), false))
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
	if (len < 10 || len > 160 || at[1] != '-' || !strchr("-*", at[0]) || !strchr("-*", at[len - 1]) ||
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
		if (*words[i] == *word && !strcmp(words[i], word))
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
	guint8 may = firsts[(guchar)*l->at];
	if (may & DRAWN && is_delimiter(l->at, l->len))
		return QUOTE_DELIMITER;
	if (may & ORIGINAL && is_original(l->at, l->len))
		return QUOTE_ORIGINAL;
	if (is_header(l))
		return QUOTE_HEADER;
	if (may & NOTICE && is_notice(l->at, l->len))
		return QUOTE_NOTICE;
	return is_device(l->at, l->len, may & DEVICE) ? QUOTE_DEVICE : QUOTE_TEXT;
}
