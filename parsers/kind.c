/* kind: see kind.h. The order of the rows is the rule. A report of non-delivery goes first even from KAMU
 * SM's own server: it speaks of a letter of ours that did not arrive.
 */
#include "parsers/kind.h"
#include "parsers/address.h"
#include <string.h>

struct view {
	const struct facts *f;
	const struct kind_signs *signs;
	const char *const *ca_domains;
};

bool kind_is_from(const char *from, const char *const *domains)
{
	for (; from && domains && *domains; domains++)
		if (address_below(address_domain(from), *domains))
			return true;
	return false;
}

static bool is_bounce(const struct view *v) { return v->f->bounce != NULL; }
static bool is_feedback(const struct view *v) { return v->f->feedback != NULL; }
static bool is_notice(const struct view *v) { return kind_is_from(v->f->from, v->ca_domains); }
static bool is_answer_of_machine(const struct view *v) { return v->signs->automatic == AUTO_REPLY_REPLIED; }
static bool is_request(const struct view *v) { return v->f->request != NULL; }
static bool is_signed(const struct view *v) { return v->f->signed_files->len > 0; }
/* With a token it is an answer to our letter, whatever it quotes. */
static bool is_forward(const struct view *v)
{
	return v->f->notice && v->f->notice->forwarded && !(v->f->reply && v->f->reply->tokens->len);
}
static bool is_machine(const struct view *v) { return v->signs->automatic != AUTO_REPLY_NO; }
static bool is_reply(const struct view *v)
{
	return v->f->reply && (v->f->reply->tokens->len || v->signs->replies);
}

static const struct rule {
	bool (*holds)(const struct view *v);
	enum mail_kind kind;
} rules[] = {
	{ is_bounce, KIND_BOUNCE },
	{ is_feedback, KIND_FEEDBACK_REPORT },
	{ is_notice, KIND_CA_NOTICE },
	{ is_answer_of_machine, KIND_AUTO_REPLY },
	{ is_request, KIND_REQUEST }, /* also a form that somebody has signed */
	{ is_forward, KIND_CA_NOTICE }, /* also when a rule of somebody's mail program forwards */
	{ is_signed, KIND_SIGNED_LIST },
	{ is_machine, KIND_AUTO_REPLY },
	{ is_reply, KIND_REPLY },
};

enum mail_kind kind_find(const struct facts *f, const struct kind_signs *signs, const char *const *ca_domains)
{
	struct view v = { f, signs, ca_domains };

	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
		if (rules[i].holds(&v))
			return rules[i].kind;
	return KIND_OTHER;
}
