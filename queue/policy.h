/* policy: what the institution decided, as the queue needs it. Filled once from the settings; all strings borrowed. */
#pragma once
#include <stdbool.h>
#include "queue/calendar.h"
#include "queue/directory.h"

enum submission_mode { SUBMISSION_GATEWAY_SIGNED, SUBMISSION_OFFICER_SIGNED, SUBMISSION_PORTAL };
/* A certificate that an officer signs lists with. SHA-256 of it in hexadecimal, valid from and until. */
struct pinned { char *sha256, *subject; gint64 from, until; };

struct policy {
	const struct directory *directory;
	const struct calendar *calendar; /* NULL: without leave, from 9 to 17 */
	const char *const *ca_domains;  /* where KAMU SM writes from */
	const char *ca_address;         /* where lists go */
	const char *own_address;        /* our mailbox */
	const char *support_address;    /* who answers people's questions; NULL: the operators */
	const char *own_domain;         /* right side of our Message-IDs */
	enum submission_mode submission; /* how lists reach KAMU SM */
	const char *list_format;        /* xlsx, csv */
	guint list_days;                /* lists are made on these days, bit 0: Monday; 0: at once */
	gint64 list_hour;               /* 0..23, Europe/Istanbul */
	const GPtrArray *pinned;        /* struct pinned; NULL: none */
	GBytes *token_key;              /* HMAC key of reply tokens, at least 32 bytes */
	const char *paper_by;           /* who posts wet-signed paper: registry, office, applicant; NULL: registry */
	gint64 manifest_days;           /* working days before the week's last one, when its manifest goes out */
	gint64 manifest_hour;           /* 0..23, on that day */
	bool ticket_required;
	bool approval_per_request;      /* false: approvals are asked for in a digest made by the clock */
	gint64 approval_digest_hour;    /* 0..23, Europe/Istanbul, when the digest is made */
	gint64 token_days;              /* life of a reply token */
	gint64 park_after;              /* attempts before a mail is parked */
	gint64 storm_letters;           /* of one kind within an hour, before that kind is held; 0: no limit */
	gint64 answers_per_day;         /* to one person (brake.h); 0: no limit */
	gint64 answers_per_subject;     /* the same under one subject; 0: no limit */
	bool quiet_hours;               /* letters that answer no mail wait for working hours */
	gint64 reminder_days;           /* working days between two reminders */
	gint64 max_reminders;           /* before the office hears of the silence */
	const char *manager_digest;     /* when: rhythm.h */
	const char *officer_digest;
	gint64 ca_window_days;          /* before its end KAMU SM renews a certificate */
	gint64 renewal_window_days;     /* units are asked for renewals */
	const char *const *renewal_days; /* days before the end at which the unit's manager is told; plain numbers */
	gint64 uncertain_seconds;       /* how long evidence is awaited before an uncertain letter is sent again */
};
