/* crew_test: readers that die, loop, eat memory, reach for files and sockets, answer nonsense, too much or for another mail. Each
 * costs the one mail it was at: every other mail is read, whatever waited behind it, and the next one within a second.
 * Every reader here is a process in the real cage, forked by the real nursery.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>
#include "gateway/clock.h"
#include "gateway/crew.h"
#include "gateway/frame.h"
#include "tests/unit/parsers/zip_builder.h"

enum { READERS = 2, MAILS = 60, LIMIT_MS = 20000 };

/* A reader for tests: the mail's first word says what it does. */
static void put_frame(int fd, gint64 id, const char *json, guint32 length, guint32 mark)
{
	struct frame head = { .id = id, .length = length, .mark = mark };

	if (write(fd, &head, sizeof head) < 0 || write(fd, json, strlen(json)) < 0)
		_exit(9);
}

static void put(int fd, gint64 id, const char *json)
{
	put_frame(fd, id, json, (guint32)strlen(json), FRAME_MARK);
}

static void spin(gint64 ms)
{
	for (gint64 end = clock_monotonic_ms() + ms; clock_monotonic_ms() < end;)
		;
}

static void eat(void)
{
	enum { PIECE = 1 << 20 };

	for (volatile int go = 1; go;)
		memset(g_malloc(PIECE), 1, PIECE);
}

/* Could it have a file, of any kind, in any way? */
static bool has_file(void)
{
	return open("/etc/passwd", O_RDONLY) >= 0 || open("/tmp/crew_test", O_WRONLY | O_CREAT, 0600) >= 0 ||
	       access("/etc/passwd", R_OK) == 0;
}

static void act(const struct reader_work *w, const struct frame *in, const char *mail)
{
	static const char well[] = "{\"kind\":\"other\"}";

	w->bench->current = in->id;
	if (g_str_has_prefix(mail, "die"))
		abort();
	if (g_str_has_prefix(mail, "loop"))
		spin(G_MAXINT);
	if (g_str_has_prefix(mail, "slow"))
		spin(800);
	if (g_str_has_prefix(mail, "eat"))
		eat();
	if (g_str_has_prefix(mail, "socket") && socket(AF_INET, SOCK_STREAM, 0) >= 0)
		put(w->fd, in->id, well);
	if (g_str_has_prefix(mail, "child") && fork() >= 0)
		put(w->fd, in->id, well);
	if (g_str_has_prefix(mail, "file") && has_file())
		put(w->fd, in->id + 1000, well);
	else if (g_str_has_prefix(mail, "garbage"))
		put(w->fd, in->id, "{\"kind\":");
	else if (g_str_has_prefix(mail, "shape"))
		put(w->fd, in->id, "{\"kind\":7}");
	else if (g_str_has_prefix(mail, "other"))
		put(w->fd, in->id + 1000, well);
	else if (g_str_has_prefix(mail, "much"))
		put_frame(w->fd, in->id, "{", READER_ANSWER_MOST + 1, FRAME_MARK);
	else if (g_str_has_prefix(mail, "noise"))
		put_frame(w->fd, in->id, "{}", 2, 0);
	else
		put(w->fd, in->id, well);
	w->bench->current = 0;
	if (g_str_has_prefix(mail, "retire"))
		_exit(0);
}

static int serve(const struct reader_work *w)
{
	struct frame_buffer *in = frame_buffer_new(1 << 20);
	struct frame head;
	const char *mail;

	while (frame_fill(in, w->fd) > 0)
		while (frame_next(in, &head, &mail) == FRAME_WHOLE)
			act(w, &head, mail);
	return 0;
}

/* Dies before it has taken anything. */
static int stillborn(const struct reader_work *w)
{
	return 1;
}

struct seen { guint facts, failures; gint64 failed; char *reason; };

static void done(gint64 id, struct facts *facts, const char *reason, void *data)
{
	struct seen *s = data;

	if (facts) {
		s->facts++;
		facts_free(facts);
		return;
	}
	s->failures++;
	s->failed = id;
	g_free(s->reason);
	s->reason = g_strdup(reason);
}

static char *domains[] = { NULL };

static struct config settings(void)
{
	return (struct config){ .authserv_id = (char *)"mx", .own_domain = (char *)"example.test",
				.mail_domains = domains, .ca_domains = domains, .reader_mib = 128, .reader_seconds = 1 };
}

/* Gives `mails` and turns until all are done. false: the crew gave up. */
static bool run(struct crew *c, const char *special, guint at, guint mails)
{
	struct pollfd polls[CREW_POLLS];
	gint64 until = clock_monotonic_ms() + LIMIT_MS;
	bool well = true;

	for (guint i = 0; i < mails; i++) {
		g_autoptr(GBytes) raw = g_bytes_new_static(i == at ? special : "well", strlen(i == at ? special : "well") + 1);

		crew_give(c, i + 1, raw, 0);
	}
	while (well && crew_mails(c) && clock_monotonic_ms() < until) {
		int ms = -1;
		guint n = crew_polls(c, polls, &ms);

		poll(polls, n, ms);
		well = crew_turn(c, polls, n);
	}
	return well;
}

static const struct { const char *mail, *reason; } cases[] = {
	{ "well", NULL },
	{ "slow", NULL },
	{ "retire", NULL },
	{ "file", NULL }, /* it is refused, and the reader goes on */
	{ "die", "reader_died" },
#ifndef __SANITIZE_ADDRESS__ /* the sanitizer needs terabytes of address space, and lets its own calls through */
	{ "eat", "reader_died" },
#endif
	{ "socket", "reader_died" },
	{ "child", "reader_died" },
	{ "loop", "reader_overran" },
	{ "garbage", "reader_garbage" },
	{ "shape", "reader_garbage" },
	{ "other", "reader_garbage" },
	{ "much", "reader_garbage" },
	{ "noise", "reader_garbage" },
};

static void each_costs_one_mail(void **state)
{
	struct config c = settings();
	struct nursery *n = nursery_start(&c, serve, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct seen seen = { 0 };
		struct crew_options o = { n, READERS, c.reader_seconds, done, &seen };
		struct crew *crew = crew_new(&o);
		guint bad = cases[i].reason ? 1 : 0;

		assert_true(run(crew, cases[i].mail, 3, MAILS));
		if (seen.failures != bad || seen.facts != MAILS - bad || (bad && seen.failed != 4) ||
		    g_strcmp0(seen.reason, cases[i].reason) != 0)
			fail_msg("%s: %u facts, %u failures, mail %d, %s", cases[i].mail, seen.facts, seen.failures,
				 (int)seen.failed, seen.reason);
		assert_int_equal(crew_bytes(crew), 0);
		g_free(seen.reason);
		crew_free(crew);
	}
	nursery_stop(n);
}

/* With one reader and no other to help: from the moment a mail is given up, or read, to the next one's facts. */
static void the_next_is_served_within_a_second(void **state)
{
	struct config c = settings();
	struct nursery *n = nursery_start(&c, serve, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct seen seen = { 0 };
		struct crew_options o = { n, 1, c.reader_seconds, done, &seen };
		struct crew *crew = crew_new(&o);
		gint64 since;

		assert_true(run(crew, cases[i].mail, 0, 1));
		since = clock_monotonic_ms();
		assert_true(run(crew, "well", 0, 1));
		if (seen.facts != (cases[i].reason ? 1 : 2) || clock_monotonic_ms() - since >= 1000)
			fail_msg("%s: %u facts, the next after %d ms", cases[i].mail, seen.facts, (int)(clock_monotonic_ms() - since));
		g_free(seen.reason);
		crew_free(crew);
	}
	nursery_stop(n);
}

/* What waits behind a slow mail is read long before that mail's time is over. */
static void slow_holds_up_nobody(void **state)
{
	struct config c = settings();
	struct nursery *n = nursery_start(&c, serve, NULL);
	struct seen seen = { 0 };
	struct crew_options o = { n, READERS, 8, done, &seen };
	struct crew *crew = crew_new(&o);
	struct pollfd polls[CREW_POLLS];
	gint64 begun = clock_monotonic_ms();

	for (guint i = 0; i < MAILS; i++) {
		g_autoptr(GBytes) raw = g_bytes_new_static(i ? "well" : "loop", 5);

		crew_give(crew, i + 1, raw, 0);
	}
	while (seen.facts < MAILS - 1 && clock_monotonic_ms() - begun < LIMIT_MS) {
		int ms = -1;
		guint k = crew_polls(crew, polls, &ms);

		poll(polls, k, ms);
		assert_true(crew_turn(crew, polls, k));
	}
	assert_true(clock_monotonic_ms() - begun < 4000);
	assert_int_equal(crew_mails(crew), 1);
	assert_int_equal(seen.failures, 0);
	crew_free(crew);
	nursery_stop(n);
}

static void gives_up_when_none_lives(void **state)
{
	struct config c = settings();
	struct nursery *n = nursery_start(&c, stillborn, NULL);
	struct seen seen = { 0 };
	struct crew_options o = { n, READERS, c.reader_seconds, done, &seen };
	struct crew *crew = crew_new(&o);

	assert_false(run(crew, "well", 0, 2));
	assert_int_equal(seen.failures, 0); /* no mail is to blame */
	crew_free(crew);
	nursery_stop(n);
}

static const char turkish[] =
	"From: A@Example.test\r\nTo: gw@example.test\r\nSubject: =?utf-8?B?xZ8=?= =?utf-8?B?xLE=?=\r\nMessage-ID: <1@x>\r\n\r\ntamam\r\n";

#ifndef __SANITIZE_ADDRESS__
/* A form that unpacks to more than the reader may hold. */
static char *heavy_mail(void)
{
	struct zip_builder b = { 0 };
	g_autofree char *zeros = g_malloc0(100 << 20);

	zip_add(&b, "xl/workbook.xml", zeros, 100 << 20, (struct zip_options){ .deflate = TRUE });
	g_autoptr(GBytes) zip = zip_finish(&b);
	g_autofree char *coded = g_base64_encode(g_bytes_get_data(zip, NULL), g_bytes_get_size(zip));
	return g_strconcat("From: a@example.test\r\nContent-Type: application/zip; name=a.xlsx\r\nContent-Transfer-Encoding: base64\r\n\r\n",
			   coded, "\r\n", NULL);
}

/* The real reader, in the real cage, brought to its limit of memory by settings that allow it; the next mail is read. */
static void real_reader_meets_its_limit(void **state)
{
	struct config c = settings();
	struct seen seen = { 0 };
	g_autofree char *heavy = heavy_mail();
	gint64 since;

	c.max_unpacked_mib = 1024;
	c.max_entries = 1000;
	c.max_ratio = 10000;
	c.max_files = 20;
	struct nursery *n = nursery_start(&c, reader_serve, NULL);
	struct crew_options o = { n, 1, 5, done, &seen };
	struct crew *crew = crew_new(&o);

	assert_true(run(crew, heavy, 0, 1));
	assert_int_equal(seen.failures, 1);
	assert_string_equal(seen.reason, "reader_died");
	since = clock_monotonic_ms();
	assert_true(run(crew, "From: a@example.test\r\n\r\ntamam\r\n", 0, 1));
	assert_true(clock_monotonic_ms() - since < 1000);
	assert_int_equal(seen.facts, 1);
	g_free(seen.reason);
	crew_free(crew);
	nursery_stop(n);
}
#endif

static void keep_facts(gint64 id, struct facts *facts, const char *reason, void *data)
{
	*(struct facts **)data = facts;
}

/* The real reader, in the real cage. */
static void reads(void **state)
{
	struct config c = settings();
	struct nursery *n = nursery_start(&c, reader_serve, NULL);
	struct facts *f = NULL;
	struct crew_options o = { n, 1, 5, keep_facts, &f };
	struct crew *crew = crew_new(&o);

	assert_true(run(crew, turkish, 0, 1));
	assert_non_null(f);
	assert_string_equal(f->from, "a@example.test");
	assert_string_equal(f->subject, "\xc5\x9f\xc4\xb1");
	facts_free(f);
	crew_free(crew);
	nursery_stop(n);
}

/* The nursery and its readers must not find the token key in their memory; nursery_start's caller keeps it. */
static int looks_for_key(const struct reader_work *w)
{
	extern const char *crew_test_key;
	guint32 clean = memcmp(crew_test_key, "very secret key of thirty-two by", 32) != 0;
	struct frame head = { .id = 1, .length = 16, .mark = clean ? FRAME_MARK : 0 };

	if (write(w->fd, &head, sizeof head) < 0 || write(w->fd, "{\"kind\":\"other\"}", 16) < 0)
		return 9;
	spin(200);
	return 0;
}

const char *crew_test_key;

static void readers_hold_no_key(void **state)
{
	struct config c = settings();
	struct nursery *n;
	struct seen seen = { 0 };
	struct crew_options o = { NULL, 1, 1, done, &seen };
	struct crew *crew;

	c.token_key = g_bytes_new("very secret key of thirty-two by", 32);
	g_autoptr(GBytes) kept = g_bytes_ref(c.token_key); /* so that the reader may look where the key was */
	crew_test_key = g_bytes_get_data(kept, NULL);
	n = nursery_start(&c, looks_for_key, NULL);
	o.nursery = n;
	crew = crew_new(&o);
	assert_true(run(crew, "well", 0, 1));
	assert_int_equal(seen.facts, 1);
	assert_memory_equal(crew_test_key, "very secret", 11);
	crew_free(crew);
	nursery_stop(n);
	g_bytes_unref(c.token_key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_costs_one_mail),
		cmocka_unit_test(the_next_is_served_within_a_second),
		cmocka_unit_test(slow_holds_up_nobody),
#ifndef __SANITIZE_ADDRESS__
		cmocka_unit_test(real_reader_meets_its_limit),
#endif
		cmocka_unit_test(gives_up_when_none_lives),
		cmocka_unit_test(reads),
		cmocka_unit_test(readers_hold_no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
