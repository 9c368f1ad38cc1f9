/* reader: the caged process that turns mails into facts. It lives on one socket: mails come in, facts go out (frame.h).
 *
 * All that reading needs is prepared by its parent (nursery.h), because in the cage nothing can be opened.
 */
#pragma once
#include <stdatomic.h>
#include "gateway/smime.h"
#include "parsers/read.h"

/* One page shared with the keeper, of one reader alone. */
struct bench {
	_Atomic gint64 current; /* id of the mail being read; 0: none. Set before, cleared after: who died at what */
};

struct reader_work {
	struct reader *reader;
	const struct anchors *anchors;
	const struct anchors *officers; /* authorities of the officers' certificates; NULL: no chain is asked for */
	struct bench *bench;
	int fd;
	gint64 seconds;  /* of CPU, after which it ends of its own will, so that no mail meets the cage's limit by others' fault */
	guint mails;     /* the same in mails: leaks and fragments of foreign libraries end with it */
};

enum {
	READER_ANSWER_MOST = 4 << 20, /* of one mail's facts */
	READER_TEXT_MOST = 16 * 1024, /* of a reply's text on the way to the keeper */
	READER_MAILS = 1000,
};

/* Facts and the verdict on the signature. Never NULL; free with facts_free. */
struct facts *reader_facts(const struct reader_work *w, const char *raw, gsize len, gint64 now);
/* Until the other end closes, or one of the limits is over. Gives the exit status. */
int reader_serve(const struct reader_work *w);
