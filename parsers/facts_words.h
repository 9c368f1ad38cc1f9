/* facts_words: the enumerations of facts.h and their words, each written once. */
#pragma once

#define MAIL_KINDS(X) X(REQUEST, request) X(CA_NOTICE, ca_notice) X(REPLY, reply) X(BOUNCE, bounce) \
	X(AUTO_REPLY, auto_reply) X(FEEDBACK_REPORT, feedback_report) X(SIGNED_LIST, signed_list) \
	X(OTHER, other) X(UNREADABLE, unreadable)
#define SIGNATURE_VERDICTS(X) X(NONE, none) X(VALID, valid) X(INVALID, invalid) X(UNTRUSTED, untrusted) \
	X(PARTIAL, partial) X(ERROR, error)
#define ANSWERS(X) X(NONE, none) X(APPROVE, approve) X(REFUSE, refuse) X(HOLD, hold) X(DONE_E_SIGN, done_e_sign) \
	X(DONE_E_CONSENT, done_e_consent) X(DONE_WET, done_wet) X(RECEIVED, received) X(POSTED, posted) \
	X(WITHDRAW, withdraw) X(QUESTION, question) X(DONE, done) X(RESEND, resend) X(SEND_AGAIN, send_again) \
	X(PARTIAL, partial)
#define ROW_VERDICTS(X) X(ACCEPTED, accepted) X(REPAIRED, repaired) X(REFUSED, refused)

#define KIND_(N, n) KIND_##N,
#define SIGNATURE_(N, n) SIGNATURE_##N,
#define ANSWER_(N, n) ANSWER_##N,
#define ROW_(N, n) ROW_##N,
enum mail_kind { MAIL_KINDS(KIND_) };
enum signature_verdict { SIGNATURE_VERDICTS(SIGNATURE_) };
enum answer { ANSWERS(ANSWER_) };
enum row_verdict { ROW_VERDICTS(ROW_) };

/* The words above, as they stand in JSON and in the database; NULL-terminated. */
extern const char *const facts_mail_kinds[], *const facts_signature_verdicts[], *const facts_answers[],
	*const facts_row_verdicts[];
