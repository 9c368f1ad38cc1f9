/* letter: every letter we owe passes letter_owe, which gives it its id, token and Message-ID.
 *
 * What a letter says is chosen in statements.sql (context_…) and written down here once and for all.
 */
#include <string.h>
#include "queue/brake.h"
#include "queue/calendar.h"
#include "queue/context.h"
#include "queue/journal.h"
#include "queue/letter.h"
#include "queue/sql.h"
#include "queue/token.h"

#define FORM "form" /* no answer of facts_answers: what comes is a request, or words for a person */
#define COLLECTED "received,posted,question"
#define DONE "done_e_sign,done_e_consent,done_wet,"

/* to: applicant, manager or officer of the application that an edge moved; NULL: the letter has its own function.
 * answers "": no answer is awaited, and the subject carries no token. at_once: an alarm, which goes out at any hour. */
static const struct kind { const char *name, *to, *answers; bool at_once; } kinds[] = {
	{ "receipt", NULL, "" },
	{ "approval", NULL, "approve,refuse,hold" },
	{ "ca_list", NULL, "" },
	{ "submitted", "applicant", DONE "withdraw,question" },
	{ "invited", "applicant", DONE "withdraw,question" },
	{ "paper_due", "applicant", "done_e_sign,done_e_consent,posted,withdraw,question" },
	{ "paper_in", "applicant", "" },
	{ "paper_sent", "applicant", "" },
	{ "filed", "applicant", "" },
	{ "deficient", "applicant", DONE "withdraw,question" },
	{ "produced", "applicant", "" },
	{ "shipped", "applicant", "received,question" },
	{ "returned", "applicant", "" },
	{ "returned_office", "officer", "resend,received,question" },
	{ "delivered", "applicant", "done,question" },
	{ "first_day", "applicant", "done,question" },
	{ "cancelled", "applicant", "" },
	{ "withdrawn", "applicant", "" },
	{ "redirected", "applicant", "" },
	{ "ended", "manager", "" },
	{ "refused", NULL, "" },
	{ "manifest", NULL, COLLECTED },
	{ "not_possible", NULL, "" },
	{ "not_read", NULL, FORM },
	{ "also_requested", NULL, "" },
	{ "question", NULL, GATE_WORDS },
	{ "question_received", NULL, "" },
	{ "answered", NULL, "" },
	{ "list_to_sign", NULL, LETTER_SIGNATURE },
	{ "list_for_portal", NULL, "done,posted,done_e_sign,question" },
	{ "list_not_accepted", NULL, "" },
	{ "list_failed", NULL, "", true },
	{ "list_uncertain", NULL, "received,send_again,question", true },
	{ "address_dead", NULL, FORM },
	{ "alarm", NULL, "", true },
	{ "reminder", NULL, "" },
	{ "manager_digest", NULL, "" },
	{ "officer_digest", NULL, "" },
	{ "expiring", NULL, "" },
	{ "cancel_near", "applicant", DONE "withdraw,question" },
};

static const struct kind *find_kind(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	g_error("letter.c has no row for letter %s", name);
}

/* What goes into a header of ours must not break it. */
static bool plain(const char *text, gsize longest)
{
	for (const char *p = text; *p; p++)
		if ((guchar)*p <= ' ' || (guchar)*p >= 0x7f)
			return false;
	return *text != '\0' && strlen(text) <= longest;
}

static bool plain_address(const char *address)
{
	return address != NULL && plain(address, 254) && address[0] != '@' && strchr(address, '@') != NULL &&
		strpbrk(address, "<>,;\"") == NULL;
}

static const char *plain_id(const char *id)
{
	return id != NULL && id[0] == '<' && g_str_has_suffix(id, ">") && plain(id, 900) ? id : NULL;
}

bool letter_next(const struct act *a, gint64 *id, GError **error)
{
	return sql_get(a->db, id, error, "letter_next", "");
}

static bool no_address(const struct act *a, const struct owed *owed, GError **error)
{
	struct act told = *a;
	told.note = owed->name;
	return journal_add(&told, "no_address", &(struct about){ .application = owed->application }, error);
}

/* Whoever has just written may be answered at any hour; all others are left in peace until work begins. */
static gint64 due_at(const struct act *a, const struct owed *owed)
{
	bool answer = a->mail != 0 && a->by_name != NULL && g_ascii_strcasecmp(a->by_name, owed->to) == 0;
	if (!a->policy->quiet_hours || answer || find_kind(owed->name)->at_once)
		return a->now;
	return calendar_next_open(a->policy->calendar, a->now);
}

static bool insert(const struct act *a, const struct owed *owed, const struct bound *b, const char *context, GError **error)
{
	char code[TOKEN_CODE_SIZE];
	token_code(a->policy->token_key, b, code);
	g_autofree char *message_id = token_message_id(b->letter, code, a->policy->own_domain);
	g_autofree char *token = *b->answers ? token_subject(b->letter, code) : NULL;
	gint64 to_ca = strcmp(owed->name, "ca_list") == 0;
	return sql_run(a->db, error, "letter_add", "issi" "sss" "ii" "ss" "iiiiii", b->letter, owed->name, owed->to, to_ca,
		       message_id, token, b->answers, b->version, b->expires, plain_id(owed->in_reply_to),
		       plain_id(owed->references), a->mail, owed->request, owed->application, owed->submission,
		       a->now, due_at(a, owed)) >= 0 &&
		(context == NULL || sql_run(a->db, error, "letter_context_add", "is", b->letter, context) >= 0);
}

bool letter_owe(const struct act *a, const struct owed *owed, const char *context, GError **error)
{
	if (!plain_address(owed->to))
		return no_address(a, owed, error);
	gint64 id = owed->id;
	if (id == 0 && !letter_next(a, &id, error))
		return false;
	const struct bound b = { .letter = id, .request = owed->request, .application = owed->application,
				 .version = owed->version, .submission = owed->submission, .recipient = (char *)owed->to,
				 .answers = (char *)(owed->answers ?: find_kind(owed->name)->answers),
				 .expires = a->now + a->policy->token_days * 86400 };
	return insert(a, owed, &b, context, error) && brake_count(a, owed->name, error);
}

/* A letter about people whom c->to asked for goes to him while he is in the directory; then to who leads his unit, or the officer. */
static bool to_who_asked(const struct act *a, struct context *c, gint64 request, gint64 application, GError **error)
{
	const struct directory *d = a->policy->directory;
	g_autofree char *unit = NULL;
	if (c->to == NULL || directory_find(d, c->to, NULL, a->now) != NULL)
		return true;
	if (!sql_get_text(a->db, &unit, error, "request_sender_unit", "ii", request, application))
		return false;
	const struct member *m = unit ? directory_of_unit(d, "manager", unit, a->now) : NULL;
	m = m ? m : directory_first(d, "officer", a->now);
	if (m != NULL) {
		g_free(c->to);
		c->to = g_strdup(m->address);
	}
	return true;
}

/* Managers of other units who asked for the person, each in the thread of his receipt. */
static bool tell_other_units(const struct act *a, struct owed owed, const char *context, GError **error)
{
	GError *failure = NULL;
	g_autoptr(sql_t) s = sql_start(a->db, "application_other_units", "i", owed.application);
	while (sql_next(s, &failure)) {
		struct context c = { .to = g_strdup(sql_text(s, 0)) };
		owed.references = sql_text(s, 1);
		bool ok = to_who_asked(a, &c, sql_int(s, 2), 0, error);
		owed.to = c.to;
		ok = ok && letter_owe(a, &owed, context, error);
		g_free(c.to);
		if (!ok)
			return false;
	}
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}

static bool owe_about(const struct act *a, const char *name, gint64 application, GError **error)
{
	g_auto(context_t) c = { 0 };
	const struct kind *k = find_kind(name);
	const struct member *officer = directory_first(a->policy->directory, "officer", a->now);
	if (k->to == NULL)
		return true;
	if (!context_read(&c, sql_start(a->db, "context_application", "iiss", application, a->now, k->to,
					officer ? officer->address : NULL), NULL, NULL, error))
		return false;
	if (strcmp(k->to, "manager") == 0 && !to_who_asked(a, &c, 0, application, error))
		return false;
	/* All letters to one person about one application are one thread, and it begins with the first of them. */
	struct owed owed = { .name = name, .to = c.to, .application = application, .version = c.version,
			     .references = c.message_id };
	return letter_owe(a, &owed, c.json, error) &&
		(strcmp(k->to, "manager") != 0 || tell_other_units(a, owed, c.json, error));
}

bool letter_owe_edge(const struct act *a, const char *letters, gint64 application, GError **error)
{
	g_auto(GStrv) names = g_strsplit(letters, " ", -1);
	for (guint i = 0; *letters && names[i]; i++)
		if (!owe_about(a, names[i], application, error))
			return false;
	return true;
}

bool letter_owe_manifest(const struct act *a, const char *to, gint64 batch, GError **error)
{
	g_auto(context_t) c = { 0 };
	struct owed owed = { .name = "manifest", .to = to };
	return letter_next(a, &owed.id, error) &&
		context_read(&c, sql_start(a->db, "context_manifest", "i", batch),
			     sql_start(a->db, "context_manifest_rows", "i", batch), "people", error) &&
		letter_owe(a, &owed, c.json, error) &&
		sql_run(a->db, error, "paper_letter", "ii", batch, owed.id) >= 0;
}

bool letter_owe_receipt(const struct act *a, gint64 request, const char *to, const char *message_id, GError **error)
{
	g_auto(context_t) c = { 0 };
	gint64 wanted = a->policy->ticket_required;
	if (!context_read(&c, sql_start(a->db, "context_receipt", "ii", request, wanted),
			  sql_start(a->db, "context_receipt_rows", "i", request), "rows", error))
		return false;
	struct owed owed = { .name = "receipt", .to = to, .request = request, .in_reply_to = message_id,
			     .references = message_id };
	return letter_owe(a, &owed, c.json, error);
}

/* The requests name the letter, and the letter's words come from the requests: so the row first, then the mark, then the words. */
bool letter_owe_approval(const struct act *a, const char *officer, gint64 first, gint64 before, GError **error)
{
	g_auto(context_t) c = { 0 };
	struct owed owed = { .name = "approval", .to = officer, .request = first };
	gint64 id;
	if (!letter_next(a, &id, error) || !letter_owe(a, &owed, NULL, error))
		return false;
	gint64 marked = before == 0 ? sql_run(a->db, error, "request_ask", "ii", first, id)
				    : sql_run(a->db, error, "request_ask_all", "ii", id, before);
	return marked >= 0 && context_read(&c, sql_start(a->db, "context_approval", "i", id),
					   sql_start(a->db, "context_approval_rows", "i", id), "people", error) &&
		sql_run(a->db, error, "letter_context_add", "is", id, c.json) >= 0;
}

/* `first`: the form whose applications they are; `request`: the same, or another unit's that asked for some of them. */
static bool owe_refused(const struct act *a, gint64 request, gint64 first, GError **error)
{
	g_auto(context_t) c = { 0 };
	if (!context_read(&c, sql_start(a->db, "context_refused", "iisii", request, a->now, a->note, first, a->mail),
			  sql_start(a->db, "context_refused_rows", "iiii", request, a->now, first, a->mail), "people", error) ||
	    !to_who_asked(a, &c, request, 0, error))
		return false;
	struct owed owed = { .name = "refused", .to = c.to, .request = request, .in_reply_to = c.message_id,
			     .references = c.message_id };
	return letter_owe(a, &owed, c.json, error);
}

bool letter_owe_refused(const struct act *a, gint64 request, GError **error)
{
	GError *failure = NULL;
	if (!owe_refused(a, request, request, error))
		return false;
	g_autoptr(sql_t) s = sql_start(a->db, "refused_also", "iii", request, a->now, a->mail);
	while (sql_next(s, &failure))
		if (!owe_refused(a, sql_int(s, 0), request, error))
			return false;
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}

bool letter_owe_not_possible(const struct act *a, const struct not_possible *n, GError **error)
{
	g_auto(context_t) c = { 0 };
	if (!context_read(&c, sql_start(a->db, "context_not_possible", "ssssss", n->to, n->ref, n->answer, n->reason, n->state,
					n->subject), NULL, NULL, error))
		return false;
	struct owed owed = { .name = "not_possible", .to = n->to, .in_reply_to = n->in_reply_to,
			     .references = n->in_reply_to };
	return letter_owe(a, &owed, c.json, error);
}

bool letter_asked_back(const struct act *a, const struct not_possible *n, gint64 since, bool *asked, GError **error)
{
	gint64 times;
	bool ok = sql_get(a->db, &times, error, "letter_asked_back", "siss", n->to, since, n->reason, n->ref);
	*asked = ok && times > 0;
	return ok;
}

/* [{"line":"…"}]: a letter prints a line break inside of a value as a blank. Empty lines go. */
static char *lines_of(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GString *json = g_string_new("[");
	for (char **l = lines; *l; l++) {
		if (*g_strstrip(*l) == '\0')
			continue;
		g_string_append(json, json->len > 1 ? ",{\"line\":" : "{\"line\":");
		facts_append_string(json, *l);
		g_string_append_c(json, '}');
	}
	return g_string_free(g_string_append_c(json, ']'), FALSE);
}

bool letter_owe_question(const struct act *a, const struct bound *from, const struct question *q, GError **error)
{
	g_auto(context_t) c = { 0 };
	gint64 unclear = q->unclear;
	g_autofree char *lines = lines_of(q->text);
	if (!context_read(&c, sql_start(a->db, "context_question", "iissssi", from->letter, from->version, q->ref, q->asker,
					q->subject, lines, unclear), NULL, NULL, error))
		return false;
	struct owed owed = { .name = "question", .to = a->policy->support_address, .request = from->request,
			     .application = from->application, .version = from->version };
	return letter_owe(a, &owed, c.json, error);
}

bool letter_owe_question_received(const struct act *a, const struct bound *from, const struct question *q, bool *owed, GError **error)
{
	enum { DAY = 86400 };
	g_auto(context_t) c = { 0 };
	gint64 told;
	if (!sql_get(a->db, &told, error, "letter_said_since", "ssi", "question_received", q->asker, a->now - DAY))
		return false;
	*owed = told == 0;
	if (told != 0)
		return true;
	if (!context_read(&c, sql_start(a->db, "context_question_received", "is", from->letter, q->ref), NULL, NULL, error))
		return false;
	struct owed one = { .name = "question_received", .to = q->asker, .request = from->request, .application = from->application,
			    .in_reply_to = q->in_reply_to, .references = c.message_id };
	return letter_owe(a, &one, c.json, error);
}

bool letter_owe_answered(const struct act *a, const struct bound *question, const char *text, GError **error)
{
	g_auto(context_t) c = { 0 };
	g_autofree char *lines = lines_of(text);
	if (!context_read(&c, sql_start(a->db, "context_answered", "is", question->letter, lines), NULL, NULL, error))
		return false;
	/* Below the letter that was asked about: an answer to it still finds that one by its References. */
	struct owed owed = { .name = "answered", .to = c.to, .request = question->request, .application = question->application,
			     .in_reply_to = c.message_id, .references = c.message_id };
	return letter_owe(a, &owed, c.json, error);
}

bool letter_owe_not_read(const struct act *a, const struct not_read *n, GError **error)
{
	g_auto(context_t) c = { 0 };
	if (!context_read(&c, sql_start(a->db, "context_not_read", "sssis", n->to, n->subject, n->complaints, a->now, n->triage),
			  NULL, NULL, error))
		return false;
	struct owed owed = { .name = "not_read", .to = n->to, .in_reply_to = n->in_reply_to, .references = n->in_reply_to };
	return letter_owe(a, &owed, c.json, error);
}

bool letter_owe_also(const struct act *a, gint64 first, gint64 other, GError **error)
{
	g_auto(context_t) c = { 0 };
	if (!context_read(&c, sql_start(a->db, "context_also", "ii", first, other),
			  sql_start(a->db, "context_also_rows", "ii", first, other), "people", error) ||
	    !to_who_asked(a, &c, first, 0, error))
		return false;
	/* It goes on where the manager was told of the application: below the receipt. */
	struct owed owed = { .name = "also_requested", .to = c.to, .request = first, .in_reply_to = c.message_id,
			     .references = c.message_id };
	return letter_owe(a, &owed, c.json, error);
}

bool letter_owe_address_dead(const struct act *a, gint64 application, const char *reason, GError **error)
{
	g_auto(context_t) c = { 0 };
	if (!context_read(&c, sql_start(a->db, "context_address_dead", "is", application, reason), NULL, NULL, error) ||
	    !to_who_asked(a, &c, 0, application, error))
		return false;
	struct owed owed = { .name = "address_dead", .to = c.to, .in_reply_to = c.message_id, .references = c.message_id };
	return letter_owe(a, &owed, c.json, error);
}

bool letter_owe_alarm(const struct act *a, const char *officer, const char *kind, GError **error)
{
	g_auto(context_t) c = { 0 };
	if (!context_read(&c, sql_start(a->db, "context_alarm", "s", kind), NULL, NULL, error))
		return false;
	struct owed owed = { .name = "alarm", .to = officer };
	return letter_owe(a, &owed, c.json, error) && sql_run(a->db, error, "brake_alarmed", "si", kind, a->now) >= 0;
}

bool letter_wants_form(const struct bound *b)
{
	return g_strcmp0(b->answers, FORM) == 0;
}

bool letter_is_manifest(const struct bound *b)
{
	return b->application == 0 && g_strcmp0(b->answers, COLLECTED) == 0;
}

void letter_bound_clear(struct bound *b)
{
	g_clear_pointer(&b->recipient, g_free);
	g_clear_pointer(&b->answers, g_free);
}

bool letter_bound(const struct act *a, const char *text, struct bound *b, bool *found, GError **error)
{
	static const struct sql_column columns[] = {
		{ 'i', offsetof(struct bound, letter) }, { 'i', offsetof(struct bound, request) },
		{ 'i', offsetof(struct bound, application) }, { 'i', offsetof(struct bound, version) },
		{ 's', offsetof(struct bound, recipient) }, { 's', offsetof(struct bound, answers) },
		{ 'i', offsetof(struct bound, expires) }, { 'i', offsetof(struct bound, submission) }, { 0 },
	};
	GError *failure = NULL;
	char code[TOKEN_CODE_SIZE];
	gint64 letter;
	*found = false;
	if (!token_split(text, &letter, code))
		return true;
	g_autoptr(sql_t) s = sql_start(a->db, "letter_bound", "i", letter);
	if (sql_next(s, &failure)) {
		sql_fill(s, columns, b);
		*found = token_matches(a->policy->token_key, b, code);
	}
	if (!*found)
		letter_bound_clear(b);
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}

bool letter_evidence(const struct act *a, gint64 letter, const char *what, GError **error)
{
	gint64 changed = sql_run(a->db, error, "letter_evidence", "iis", letter, a->now, what);
	if (changed <= 0)
		return changed == 0;
	struct act told = *a;
	told.note = what;
	return journal_add(&told, "letter_sent", &(struct about){ .letter = letter }, error);
}
