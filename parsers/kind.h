/* kind: who speaks, and by that what a mail is. Decided before any rule against mail loops: KAMU SM's own
 * mails are machine-made and must not be taken for noise.
 */
#pragma once
#include "parsers/auto_reply.h"
#include "parsers/facts.h"

struct kind_signs {
	enum auto_reply automatic;
	bool replies; /* the mail says it answers another: In-Reply-To, References, or its subject */
};

/* From what is already in `f`: from, bounce, feedback, request, signed_files, reply, notice. `ca_domains` NULL-terminated. */
enum mail_kind kind_find(const struct facts *f, const struct kind_signs *signs, const char *const *ca_domains);
bool kind_is_from(const char *from, const char *const *domains);
