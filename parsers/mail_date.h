/* mail_date: the Date field (RFC 5322 3.3 and the obsolete zones of 4.3) as ISO 8601 with its own offset. */
#pragma once

/* "2026-11-22T09:00:00+03:00", the caller's; NULL: no date. */
char *mail_date_parse(const char *raw);
