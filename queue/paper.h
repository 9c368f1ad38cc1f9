/* paper: wet-signed forms go to KAMU SM once a week, on the week's last working day. A week's post is a paper_batch; its
 * letter, the manifest, goes to whoever collects the paper, and his answers move the people on it.
 */
#pragma once
#include "queue/act.h"

/* The paper is in: the next post that has not gone takes it. */
bool paper_catch(const struct act *a, gint64 application, GError **error);

/* Who collects paper today; NULL: nobody, each applicant posts his own. */
const struct member *paper_collector(const struct act *a);

/* The end (ISO) of the week whose manifest is to be out by now; false: not yet, or nobody collects. */
bool paper_manifest_due(const struct act *a, char closes_on[11]);
/* That week's manifest, when it is not out and there is anybody to be on it. */
bool paper_manifest(const struct act *gateway, const char *closes_on, bool *did, GError **error);

/* The manifest's answer: the paper of these applications (gint64; NULL: what is in) was `received`, or `posted` with this number
 * (NULL: none was given). *moved: how many; *reason: the word why none. */
struct paper_word { gint64 letter; const GArray *people; const char *event, *cargo_no; };
bool paper_answer(const struct act *a, const struct paper_word *said, guint *moved, const char **reason, GError **error);
