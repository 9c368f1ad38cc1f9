/* seal: see the header. */
#include "gateway/seal.h"
#include <string.h>
#include "gateway/fault.h"
#include "gateway/profile.h"
#include "gateway/sheet_form.h"
#include "gateway/sheet_list.h"
#include "gateway/sheet_marked.h"
#include "gateway/signer.h"
#include "queue/certificate.h"
#include "queue/list_file.h"
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

/* Attachments of one letter; at most a list and the signature that belongs to it. */
struct attached { struct attachment files[2]; guint n; };

static const char *type_of(const char *name)
{
	return g_str_has_suffix(name, ".xlsx") ? XLSX_TYPE : g_str_has_suffix(name, ".csv") ? "text/csv"
	     : g_str_has_suffix(name, ".pdf") ? "application/pdf" : "application/octet-stream";
}

static void add_file(struct attached *all, char *name, GBytes *bytes)
{
	all->files[all->n++] = (struct attachment){ name, type_of(name), bytes };
}

static GBytes *make_list(const struct sealer *s, struct db *db, gint64 submission, const struct list_file *f, GError **error)
{
	g_autoptr(GPtrArray) people = outbox_list_people(db, submission, error);
	g_autofree char *title = g_strdup_printf("L-%" G_GINT64_FORMAT, submission);
	const struct sheet_list o = { s->catalog, title, g_str_equal(s->config->list_codes, "numbers") };

	if (!people)
		return NULL;
	return g_str_equal(f->format, "csv") ? sheet_list_csv(people, &o) : sheet_list_xlsx(people, &o, error);
}

/* The list's file: what was kept, or made now and kept from now on. */
static bool attach_plain(const struct sealer *s, struct db *db, gint64 submission, struct attached *out, GError **error)
{
	g_auto(list_file_t) f = { 0 };

	if (!list_file_plain(db, submission, &f, error))
		return false;
	if (!f.bytes) {
		g_autoptr(GBytes) made = make_list(s, db, submission, &f, error);

		list_file_clear(&f);
		if (!made || !list_file_keep(db, submission, made, &f, error))
			return false;
	}
	add_file(out, g_steal_pointer(&f.name), g_steal_pointer(&f.bytes));
	return true;
}

/* KAMU SM gets what the officer signed in the place of the list, or beside it. */
static bool attach_list(const struct sealer *s, struct db *db, const struct letter *l, struct attached *out, GError **error)
{
	g_auto(list_file_t) f = { 0 };
	bool with_list = true;

	if (l->to_ca && !list_file_signed(db, l->submission, &f, &with_list, error))
		return false;
	with_list = with_list || !f.bytes;
	if (with_list && !attach_plain(s, db, l->submission, out, error))
		return false;
	if (f.bytes)
		add_file(out, g_steal_pointer(&f.name), g_steal_pointer(&f.bytes));
	return true;
}

/* The sender's own list with the wrong cells marked. */
static bool attach_marked(const struct sealer *s, struct db *db, const struct letter *l, struct attached *out, GError **error)
{
	g_autofree char *ref = g_strdup_printf("T-%" G_GINT64_FORMAT, l->request);
	struct request *r = returned_read(db, l->request, error);
	GBytes *bytes = r ? sheet_marked(r, s->catalog, ref, error) : NULL;

	if (bytes)
		add_file(out, g_strdup_printf("talep-%s-sonuc.xlsx", ref), bytes);
	facts_request_free(r);
	return bytes != NULL;
}

/* A form with the people whose renewal is asked for; nothing when there are none. */
static bool attach_renewals(const struct sealer *s, struct db *db, const struct letter *l, struct attached *out, GError **error)
{
	const struct config *c = s->config;
	struct request *r = certificate_form(db, l->id, error);
	struct sheet_form f = { .institution = c->institution, .office = c->office, .to = c->from, .support = c->support };
	bool wanted = r && r->rows->len > 0;

	if (wanted)
		f.people = r->rows;
	GBytes *bytes = wanted ? sheet_form(&f, s->catalog, error) : NULL;
	if (bytes)
		add_file(out, g_strdup("yenileme-formu.xlsx"), bytes);
	facts_request_free(r);
	return r && (!wanted || bytes);
}

static bool attach(const struct sealer *s, struct db *db, const struct letter *l, struct attached *out, GError **error)
{
	if (l->submission && !g_str_equal(l->name, "list_failed") && !g_str_equal(l->name, "list_uncertain")) /* words alone */
		return attach_list(s, db, l, out, error);
	if (l->marked)
		return attach_marked(s, db, l, out, error);
	if (g_str_equal(l->name, "manager_digest"))
		return attach_renewals(s, db, l, out, error);
	return true;
}

static void attached_clear(struct attached *all)
{
	for (guint i = 0; i < all->n; i++) {
		g_free((char *)all->files[i].filename);
		g_bytes_unref(all->files[i].bytes);
	}
}

static GBytes *sign_and_wrap(const struct sealer *s, const struct letter *l, const char *subject, GBytes *body, gint64 now,
			     GError **error)
{
	gint64 begun = profile_begin();
	g_autoptr(GBytes) der = signer_sign(s->signer, body, error);
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
	struct attached files = { .n = 0 };
	g_autoptr(GBytes) body = NULL;
	GBytes *mail = NULL;
	gint64 begun = profile_begin();

	fault_point("compose");
	if (text && attach(s, db, l, &files, error)) {
		body = compose_body(text, files.files, files.n, l->message_id);
		profile_end(PROFILE_COMPOSE, begun, 1);
		mail = sign_and_wrap(s, l, text->subject, body, now, error);
	}
	letter_text_free(text);
	attached_clear(&files);
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
