/* seal: see the header. */
#include "gateway/seal.h"
#include <string.h>
#include "gateway/fault.h"
#include "gateway/profile.h"
#include "gateway/sheet_list.h"
#include "gateway/sheet_marked.h"
#include "queue/returned.h"
#include "templates/compose.h"

#define XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

struct sealer {
	const struct config *config;
	struct catalog *catalog;
	struct signer *signer;
	char *common;
};

struct sealer *sealer_open(const struct config *c, gint64 now, GError **error)
{
	struct sealer *s = g_new0(struct sealer, 1);
	struct signer_options o = {
		.certificate = c->sign_certificate,
		.key = c->sign_key,
		.password_file = c->sign_password,
		.legacy_pkcs12 = c->sign_legacy,
	};

	s->config = c;
	s->common = config_common(c);
	s->catalog = catalog_new(error);
	if (s->catalog && config_private(c->sign_key ? c->sign_key : c->sign_certificate, error))
		s->signer = signer_open(&o, now, error);
	if (s->signer)
		return s;
	sealer_close(s);
	return NULL;
}

void sealer_close(struct sealer *s)
{
	if (!s)
		return;
	if (s->signer)
		signer_close(s->signer);
	if (s->catalog)
		catalog_free(s->catalog);
	g_free(s->common);
	g_free(s);
}

bool sealer_ready(const struct sealer *s, gint64 now, GError **error)
{
	if (now < signer_expires(s->signer))
		return true;
	g_set_error(error, NET_ERROR, NET_ERROR_KEY, "the certificate %s is over; letters wait until there is a new one",
		    s->config->sign_certificate);
	return false;
}

/* The list's file. */
static bool attach_list(const struct sealer *s, struct db *db, const struct letter *l, const char *title, struct attachment *out,
			GError **error)
{
	g_autoptr(GPtrArray) people = outbox_list_people(db, l->submission, error);

	out->filename = g_strdup_printf("L-%" G_GINT64_FORMAT ".xlsx", l->submission);
	if (people)
		out->bytes = sheet_list(people, s->catalog, title, error);
	return out->bytes;
}

/* The sender's own list with the wrong cells marked; nothing when there is none. */
static bool attach_marked(const struct sealer *s, struct db *db, const struct letter *l, struct attachment *out, GError **error)
{
	g_autofree char *ref = g_strdup_printf("T-%" G_GINT64_FORMAT, l->request);
	struct request *r = returned_read(db, l->request, error);
	bool wanted = r && sheet_marked_wanted(r);

	out->filename = g_strdup_printf("talep-%s-sonuc.xlsx", ref);
	if (wanted)
		out->bytes = sheet_marked(r, s->catalog, ref, error);
	facts_request_free(r);
	return r && (!wanted || out->bytes);
}

static bool attach(const struct sealer *s, struct db *db, const struct letter *l, const char *title, struct attachment *out,
		   GError **error)
{
	out->type = XLSX_TYPE;
	if (l->submission)
		return attach_list(s, db, l, title, out, error);
	if (l->request && g_str_equal(l->name, "receipt"))
		return attach_marked(s, db, l, out, error);
	return true;
}

static GBytes *sign_and_wrap(const struct sealer *s, const struct letter *l, const char *subject, GBytes *body, gint64 now,
			     GError **error)
{
	gint64 begun = profile_begin();
	g_autoptr(GBytes) der = smime_sign(s->signer, body, error);
	struct envelope e = {
		.from_name = s->config->office,
		.from = s->config->from,
		.to = l->to,
		.subject = subject,
		.token = l->token,
		.message_id = l->message_id,
		.in_reply_to = l->in_reply_to,
		.references = l->references,
		.date = now,
	};

	profile_end(PROFILE_SIGN, begun, 1);
	fault_point("sign");
	return der ? compose_signed(&e, body, der, signer_micalg(s->signer), error) : NULL;
}

GBytes *seal_letter(const struct sealer *s, struct db *db, const struct letter *l, gint64 now, GError **error)
{
	struct letter_text *text = catalog_render(s->catalog, l->name, s->common, l->context, error);
	struct attachment sheet = { NULL, NULL, NULL };
	g_autoptr(GBytes) body = NULL;
	GBytes *mail = NULL;
	gint64 begun = profile_begin();

	fault_point("compose");
	if (text && attach(s, db, l, text->subject, &sheet, error)) {
		body = compose_body(text, &sheet, sheet.bytes ? 1 : 0, l->message_id);
		profile_end(PROFILE_COMPOSE, begun, 1);
		mail = sign_and_wrap(s, l, text->subject, body, now, error);
	}
	letter_text_free(text);
	g_free((char *)sheet.filename);
	g_clear_pointer(&sheet.bytes, g_bytes_unref);
	return mail;
}

/* A Content-Type field in the header of the whole mail; in the body it would prove nothing. */
bool seal_is_signed(GBytes *mail)
{
	static const char field[] = "\r\nContent-Type: multipart/signed;";
	gsize len;
	const char *bytes = g_bytes_get_data(mail, &len);
	const char *end = memmem(bytes, len, "\r\n\r\n", 4);

	return end && memmem(bytes, (gsize)(end - bytes), field, sizeof field - 1);
}
