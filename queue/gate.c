/* gate: three doors, tried in this order, because a person may stand at more than one:
 * KAMU SM by its domain; a reply by the token that only the recipient of our letter has; a member by the directory.
 * A domain or an address counts only when our own server's check, or an S/MIME signature, stands behind it.
 */
#include <string.h>
#include "queue/gate.h"

static bool in_domains(const char *address, const char *const *domains)
{
	const char *at = strrchr(address, '@');
	for (; at && domains && *domains; domains++) {
		gsize host = strlen(at + 1), domain = strlen(*domains);
		if (host < domain || g_ascii_strcasecmp(at + 1 + host - domain, *domains) != 0)
			continue;
		if (host == domain || at[host - domain] == '.')
			return true;
	}
	return false;
}

enum strength gate_strength(const struct facts *f)
{
	if (f->signature.verdict == SIGNATURE_VALID && f->signature.from_matches &&
	    g_strcmp0(f->signature.covers, "part") != 0)
		return STRENGTH_SIGNED;
	return f->auth.trusted ? STRENGTH_AUTHENTICATED : STRENGTH_NONE;
}

static struct speaker nobody(const char *reason)
{
	return (struct speaker){ .strength = STRENGTH_TOLD, .reason = reason };
}

/* The letter knows whom it was written to: questions of people to the office's support, applications' letters to applicants,
 * questions of approval and of cards that came back to officers, lists of paper to the registry. */
static const char *role_of_letter(const struct bound *b)
{
	if (g_strcmp0(b->answers, GATE_WORDS) == 0)
		return "support";
	if (b->answers && strstr(b->answers, "resend")) /* about one application too, and the office's matter */
		return "officer";
	if (b->application != 0)
		return "applicant";
	if (b->submission != 0)
		return "officer";
	if (b->answers && strstr(b->answers, "posted"))
		return "registry";
	return b->answers && strstr(b->answers, "approve") ? "officer" : "manager";
}

/* The support's mailbox is read by several, who may answer from their own: not the address, but the directory has them. */
static bool is_clerk(const struct facts *f, const struct policy *p, const char *role, gint64 now)
{
	return strcmp(role, "support") == 0 && gate_strength(f) != STRENGTH_NONE &&
		directory_find(p->directory, f->from, role, now) != NULL;
}

static struct speaker by_token(const struct facts *f, const struct policy *p, const struct bound *b, gint64 now)
{
	const char *role = role_of_letter(b);
	if (g_ascii_strcasecmp(f->from, b->recipient) != 0 && !is_clerk(f, p, role, now))
		return nobody("token_foreign");
	if (b->expires < now)
		return nobody("token_stale");
	const struct member *member = directory_find(p->directory, f->from, role, now);
	if (member == NULL && strcmp(role, "registry") == 0) /* where the office collects the paper itself */
		member = directory_find(p->directory, f->from, role = "officer", now);
	bool in_no_directory = strcmp(role, "applicant") == 0 || strcmp(role, "support") == 0;
	/* A deputy whose time is over keeps his old letters, but not his office. */
	if (member == NULL && !in_no_directory)
		return nobody("not_allowed");
	return (struct speaker){ .role = role, .strength = MAX(gate_strength(f), STRENGTH_AUTHENTICATED), .member = member };
}

static struct speaker by_directory(const struct facts *f, const struct policy *p, gint64 now)
{
	/* Someone with several roles asks as a manager, signs as an officer, and answers as what he is first. */
	const struct member *m = f->signed_files->len > 0 ? directory_find(p->directory, f->from, "officer", now) : NULL;
	m = m == NULL && f->kind == KIND_REQUEST ? directory_find(p->directory, f->from, "manager", now) : m;
	m = m ? m : directory_find(p->directory, f->from, NULL, now);
	if (m == NULL)
		return nobody("unknown_sender");
	enum strength strength = gate_strength(f);
	if (strength == STRENGTH_NONE)
		return nobody("not_authenticated");
	return (struct speaker){ .role = m->role, .strength = strength, .member = m };
}

struct speaker gate_decide(const struct facts *f, const struct policy *p, const struct bound *bound, gint64 now)
{
	if (f->from == NULL)
		return nobody("no_sender");
	if (in_domains(f->from, p->ca_domains)) {
		enum strength strength = gate_strength(f);
		return strength == STRENGTH_NONE ? nobody("not_authenticated")
						 : (struct speaker){ .role = "ca", .strength = strength };
	}
	if (f->kind == KIND_REQUEST || f->signed_files->len > 0 || bound == NULL) {
		struct speaker s = by_directory(f, p, now);
		if (bound == NULL || s.role != NULL)
			return s;
	}
	return by_token(f, p, bound, now);
}
