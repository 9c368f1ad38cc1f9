/* imap: one session against a scripted server, good or hostile in one way (tests/peer/hostile_imap.py). */
#include "gateway/imap.h"
#include "gateway/imap_session.h"
#include "tests/unit/gateway/peer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define PEER "tests/peer/hostile_imap.py"
#define MAX_MAIL (1024 * 1024)

static struct imap *open_with(const struct peer *p, struct imap_options o, GError **error)
{
	g_autofree char *ca = peer_file("ca.pem");
	o.host = "localhost";
	o.port = p->port;
	o.ca_file = ca;
	o.user = o.user ? o.user : "gw@example.test";
	o.password = o.password || o.token ? o.password : "pass \"word\\";
	o.max_mail = MAX_MAIL;
	o.command_seconds = 2;
	o.cancel_fd = -1;
	return imap_open(&o, error);
}

static struct imap *open_selected(const struct peer *p)
{
	g_autoptr(GError) error = NULL;
	struct imap *s = open_with(p, (struct imap_options){.security = IMAP_TLS}, &error);
	if (!s)
		fail_msg("%s", error->message);
	struct imap_folder folder;
	assert_true(imap_select(s, "INBOX", &folder, &error));
	assert_int_equal(folder.uidvalidity, 42);
	assert_int_equal(folder.uidnext, 10);
	assert_int_equal(folder.exists, 4);
	return s;
}

static GArray *uid_array(const guint32 *uids, guint n)
{
	GArray *a = g_array_new(FALSE, FALSE, sizeof(guint32));
	return g_array_append_vals(a, uids, n);
}

static void collect(guint32 uid, GBytes *raw, void *data)
{
	if (raw)
		g_string_append_printf(data, "%u:%zu ", uid, g_bytes_get_size(raw));
	else
		g_string_append_printf(data, "%u:no ", uid);
}

/* --- the way in ------------------------------------------------------------------------------------------------------- */

struct entry_case { const char *security, *mode; int code; const char *says, *sent; };

/* sent: what the log must hold; every case is checked for secrets outside TLS besides. */
static const struct entry_case entries[] = {
	{"tls", "good", -1, NULL, "\ndecoded b'\\x00gw@example.test\\x00pass \"word\\\\'"},
	{"starttls", "good", -1, NULL, "STARTTLS\ntls "},
	{"tls", "login-only", -1, NULL, "LOGIN \"gw@example.test\" \"pass \\\"word\\\\\""},
	{"tls", "nothing", NET_ERROR_LOGIN, "neither AUTH=PLAIN nor LOGIN", NULL},
	{"tls", "login-no", NET_ERROR_LOGIN, " refuses the user name or password of gw@example.test: NO [AUTHENTICATIONFAILED] wrong", NULL},
	{"tls", "login-plain-no", NET_ERROR_LOGIN, "NO go away", NULL},
	{"tls", "login-later", NET_ERROR_CONNECT, " cannot check now the user name or password of gw@example.test: NO [UNAVAILABLE]", NULL},
	{"tls", "login-only-later", NET_ERROR_CONNECT, "[UNAVAILABLE] the list is away", "LOGIN "},
	{"tls", "login-only-no", NET_ERROR_LOGIN, "[AUTHENTICATIONFAILED] wrong", "LOGIN "},
	{"tls", "login-bye", NET_ERROR_CONNECT, "closed the connection", NULL},
	{"tls", "bye", NET_ERROR_CONNECT, "takes no session", NULL},
	{"tls", "preauth", NET_ERROR_TLS, "PREAUTH", NULL},
	{"starttls", "preauth", NET_ERROR_TLS, "PREAUTH", NULL},
	{"starttls", "stripped", NET_ERROR_TLS, "does not offer STARTTLS", NULL},
	{"starttls", "inject", NET_ERROR_TLS, "before TLS; refused", NULL},
	{"starttls", "starttls-no", NET_ERROR_TLS, "refuses it", NULL},
	{"starttls", "cert-wrong", NET_ERROR_TLS, "hostname mismatch", NULL},
	{"starttls", "cert-stranger", NET_ERROR_TLS, "issuer certificate", NULL},
	{"tls", "cert-late", NET_ERROR_TLS, "expired", NULL},
	{"tls", "cap-empty", NET_ERROR_PROTOCOL, "names no capability", NULL},
	{"starttls", "cap-empty", NET_ERROR_PROTOCOL, "names no capability", NULL},
	{"tls", "flood", NET_ERROR_HOSTILE, "more than was asked", NULL},
	{"tls", "longline", NET_ERROR_HOSTILE, "endless line", NULL},
	{"starttls", "garbage", NET_ERROR_PROTOCOL, "not IMAP", NULL},
	{"starttls", "silent", NET_ERROR_TIMEOUT, "in time", NULL},
};

static void enters_safely_or_not_at_all(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(entries); i++) {
		const struct entry_case *c = &entries[i];
		struct peer p = peer_start(PEER, c->security, c->mode);
		g_autoptr(GError) error = NULL;
		struct imap_options o = {.security = strcmp(c->security, "tls") ? IMAP_STARTTLS : IMAP_TLS};
		struct imap *s = open_with(&p, o, &error);
		imap_close(s);
		g_autofree char *sent = peer_stop(&p);
		if ((s != NULL) != (c->code < 0))
			fail_msg("%s %s: %s", c->security, c->mode, s ? "opened" : error->message);
		if (!s && (!g_error_matches(error, NET_ERROR, c->code) || !strstr(error->message, c->says)))
			fail_msg("%s %s: %d %s", c->security, c->mode, error->code, error->message);
		if (c->sent && !strstr(sent, c->sent))
			fail_msg("%s %s sent: %s", c->security, c->mode, sent);
		/* Trap 20: loopback servers take a plain LOGIN; that ours sends none is ours to see to. */
		g_auto(GStrv) lines = g_strsplit(sent, "\n", -1);
		for (char **line = lines; *line; line++)
			if (g_str_has_prefix(*line, "plain ") && (strstr(*line, "LOGIN") || strstr(*line, "AUTH")))
				fail_msg("%s %s sent in the clear: %s", c->security, c->mode, *line);
	}
}

static void enters_with_a_token(void **state)
{
	struct peer p = peer_start(PEER, "tls", "good");
	g_autoptr(GError) error = NULL;
	struct imap *s = open_with(&p, (struct imap_options){.security = IMAP_TLS, .token = "tok.en"}, &error);
	assert_non_null(s);
	imap_close(s);
	g_autofree char *sent = peer_stop(&p);
	g_autofree char *token = g_base64_encode((const guchar *)"user=gw@example.test\1auth=Bearer tok.en\1\1", 41);
	assert_non_null(strstr(sent, "AUTHENTICATE XOAUTH2 "));
	assert_non_null(strstr(sent, token));
	p = peer_start(PEER, "tls", "login-no");
	assert_null(open_with(&p, (struct imap_options){.security = IMAP_TLS, .token = "tok.en"}, &error));
	assert_true(g_error_matches(error, NET_ERROR, NET_ERROR_LOGIN));
	assert_non_null(strstr(error->message, " refuses the token of gw@example.test: "));
	g_free(peer_stop(&p));
}

/* Trap 10. */
static void sends_no_control_character(void **state)
{
	struct peer p = peer_start(PEER, "tls", "good");
	const struct imap_options bad[] = {
		{.user = "a\r\nx LOGOUT"}, {.password = "a\nb"}, {.token = "a\rb"}, {.user = "a\x7f"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;
		assert_null(open_with(&p, bad[i], &error));
		assert_true(g_error_matches(error, NET_ERROR, NET_ERROR_VALUE));
	}
	struct imap *s = open_selected(&p);
	g_autoptr(GArray) uids = uid_array((guint32[]){5}, 1);
	const char *folders[] = {"x\r\nX LOGOUT\r\n", "a\tb", "a\x7f", "\xff", "", "a\xc2\x85"};
	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autoptr(GError) error = NULL;
		struct imap_folder out;
		assert_false(imap_select(s, folders[i], &out, &error));
		assert_true(g_error_matches(error, NET_ERROR, NET_ERROR_VALUE));
		g_clear_error(&error);
		assert_false(imap_move(s, uids, folders[i], &error));
		assert_true(g_error_matches(error, NET_ERROR, NET_ERROR_VALUE));
	}
	const char *keywords[] = {"a b", "a\r\nb", "", "(x", "\\Seen", "a\"b"};
	for (gsize i = 0; i < G_N_ELEMENTS(keywords); i++) {
		g_autoptr(GError) error = NULL;
		assert_false(imap_mark(s, uids, keywords[i], &error));
		assert_true(g_error_matches(error, NET_ERROR, NET_ERROR_VALUE));
	}
	GError *error = NULL;
	assert_true(imap_mark(s, uids, "Done", &error)); /* VALUE leaves the session alive */
	imap_close(s);
	g_autofree char *sent = peer_stop(&p);
	assert_null(strstr(sent, "X LOGOUT"));
}

/* --- mails ------------------------------------------------------------------------------------------------------------ */

static void lists_and_fetches(void **state)
{
	struct peer p = peer_start(PEER, "tls", "good");
	struct imap *s = open_selected(&p);
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) mails = imap_list(s, 6, &error);
	assert_int_equal(mails->len, 3);
	assert_int_equal(g_array_index(mails, struct imap_mail, 0).uid, 6);
	assert_int_equal(g_array_index(mails, struct imap_mail, 1).size, 70020);
	g_autoptr(GArray) none = imap_list(s, 100, &error); /* `100:*` names mail 9 */
	assert_int_equal(none->len, 0);
	g_autoptr(GArray) uids = uid_array((guint32[]){5, 6, 7, 8, 9}, 5);
	g_autoptr(GString) got = g_string_new(NULL);
	assert_true(imap_fetch(s, uids, false, collect, got, &error));
	assert_string_equal(got->str, "5:28 6:44 7:70020 9:0 ");
	g_string_truncate(got, 0);
	g_autoptr(GArray) some = uid_array((guint32[]){5, 7}, 2);
	assert_true(imap_fetch(s, some, true, collect, got, &error));
	assert_string_equal(got->str, "5:17 7:18 ");
	g_autoptr(GArray) nobody = uid_array(NULL, 0);
	assert_true(imap_fetch(s, nobody, false, collect, got, &error));
	imap_close(s);
	g_autofree char *sent = peer_stop(&p);
	assert_non_null(strstr(sent, "UID FETCH 5:9 (UID BODY.PEEK[])"));
	assert_non_null(strstr(sent, "UID FETCH 5,7 (UID BODY.PEEK[HEADER])"));
	assert_null(strstr(sent, "BODY["));
}

static void keep(guint32 uid, GBytes *raw, void *data)
{
	g_ptr_array_add(data, g_bytes_ref(raw));
}

/* The bytes are libetpan's own buffer: they must outlive the session. */
static void bytes_outlive_the_session(void **state)
{
	struct peer p = peer_start(PEER, "tls", "good");
	struct imap *s = open_selected(&p);
	g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_autoptr(GArray) uids = uid_array((guint32[]){5, 6}, 2);
	assert_true(imap_fetch(s, uids, false, keep, kept, NULL));
	imap_close(s);
	g_free(peer_stop(&p));
	assert_memory_equal(g_bytes_get_data(kept->pdata[0], NULL), "Subject: five\r\n\r\nbody five\r\n", 28);
	assert_memory_equal(g_bytes_get_data(kept->pdata[1], NULL), "Subject: six\r\n\r\nbody {99999999}\r\n((((((((\"\r\n", 44);
}

struct fetch_case { const char *mode; int code; const char *says, *got; };

static const struct fetch_case fetches[] = {
	{"eof", NET_ERROR_CONNECT, "closed the connection", ""},          /* trap 7 */
	{"eof-after-one", NET_ERROR_CONNECT, "closed the connection", "5:28 "},
	{"hang", NET_ERROR_TIMEOUT, "in time", ""},
	{"drip", NET_ERROR_TIMEOUT, "in time", ""},
	{"huge", NET_ERROR_HOSTILE, "larger piece", ""},                  /* trap 8 */
	{"wrap", NET_ERROR_HOSTILE, "no size", ""},
	{"nest", NET_ERROR_HOSTILE, "nested deeper", ""},
	{"more", NET_ERROR_HOSTILE, "more than was asked", NULL},
	{"nul", NET_ERROR_HOSTILE, "NUL", ""},
	{"unasked", -1, NULL, "5:28 "},
	{"nil", -1, NULL, "7:70020 "},
	{"expunged", -1, NULL, "5:28 "},
	{"one-no", -1, NULL, "5:28 6:no 7:70020 "},
	{"all-no", -1, NULL, "5:no 6:no 7:no "},
	{"bad", NET_ERROR_PROTOCOL, "says no", ""},
	{"away", NET_ERROR_PROTOCOL, "the store is away", ""},
	{"mid-bye", NET_ERROR_CONNECT, "", ""},
	{"other-tag", NET_ERROR_PROTOCOL, "", ""},
	{"bye-hang", NET_ERROR_TIMEOUT, "", ""},
};

static void hostile_fetches_end(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(fetches); i++) {
		const struct fetch_case *c = &fetches[i];
		struct peer p = peer_start(PEER, "tls", c->mode);
		struct imap *s = open_selected(&p);
		g_autoptr(GError) error = NULL;
		g_autoptr(GArray) mails = imap_list(s, 1, &error);
		g_autoptr(GArray) uids = uid_array((guint32[]){5, 6, 7}, 3);
		g_autoptr(GString) got = g_string_new(NULL);
		gint64 start = g_get_monotonic_time();
		bool ok = imap_fetch(s, uids, false, collect, got, &error);
		if (g_get_monotonic_time() - start > 6 * G_USEC_PER_SEC)
			fail_msg("%s took %d s", c->mode, (int)((g_get_monotonic_time() - start) / G_USEC_PER_SEC));
		if (ok != (c->code < 0) || (c->got && strcmp(got->str, c->got) != 0 && c->code < 0))
			fail_msg("%s: %s, got %s", c->mode, ok ? "ok" : error->message, got->str);
		if (!ok && (!g_error_matches(error, NET_ERROR, c->code) || !strstr(error->message, c->says)))
			fail_msg("%s: %d %s", c->mode, error->code, error->message);
		if (!ok && c->got)
			assert_string_equal(got->str, c->got);
		/* Dead means dead: no second answer is believed. */
		g_autoptr(GError) again = NULL;
		if (!ok)
			assert_null(imap_list(s, 1, &again));
		imap_close(s);
		g_free(peer_stop(&p));
	}
}

/* UIDs first, sizes after: in order, from where it was asked, and a gap costs a range, not a mail nobody asked for. */
static void lists_in_two_steps(void **state)
{
	struct peer p = peer_start(PEER, "tls", "good");
	struct imap *s = open_selected(&p);
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) there = imap_list_uids(s, 6, &error);
	assert_non_null(there);
	assert_int_equal(there->len, 3);
	for (guint i = 0; i < 3; i++)
		assert_int_equal(g_array_index(there, guint32, i), ((guint32[]){6, 7, 9})[i]);
	g_autoptr(GArray) none = imap_list_uids(s, 100, &error); /* `100:*` names mail 9 */
	assert_int_equal(none->len, 0);
	g_autoptr(GArray) some = uid_array((guint32[]){5, 6, 9}, 3);
	guint at = 1;
	g_autoptr(GArray) mails = imap_list_sizes(s, some, &at, &error);
	assert_int_equal(at, 3);
	assert_int_equal(mails->len, 2);
	assert_int_equal(g_array_index(mails, struct imap_mail, 0).uid, 6);
	assert_int_equal(g_array_index(mails, struct imap_mail, 0).size, 44);
	assert_int_equal(g_array_index(mails, struct imap_mail, 1).uid, 9);
	/* A long list with gaps: no line of ours gets long, and nothing is left out or asked for twice. */
	g_autoptr(GArray) odd = g_array_new(FALSE, FALSE, sizeof(guint32));
	for (guint32 uid = 100001; uid < 101001; uid += 2)
		g_array_append_val(odd, uid);
	at = 0;
	for (guint round = 0, before; at < odd->len; round++) {
		before = at;
		g_autoptr(GArray) absent = imap_list_sizes(s, odd, &at, &error);
		assert_non_null(absent);
		assert_int_equal(absent->len, 0);
		assert_true(at > before && at - before <= 200);
	}
	imap_close(s);
	g_autofree char *sent = peer_stop(&p);
	assert_non_null(strstr(sent, "UID SEARCH UID 6:*"));
	assert_non_null(strstr(sent, "UID FETCH 6,9 (UID RFC822.SIZE)"));
	assert_non_null(strstr(sent, "101000") ? NULL : strstr(sent, "100999"));
	g_auto(GStrv) lines = g_strsplit(sent, "\n", -1);
	for (char **l = lines; *l; l++)
		assert_true(strlen(*l) < 4096);
}

static void marks_and_moves(void **state)
{
	struct peer p = peer_start(PEER, "tls", "good");
	struct imap *s = open_selected(&p);
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) uids = uid_array((guint32[]){5, 6, 9}, 3);
	g_autoptr(GArray) nobody = uid_array(NULL, 0);
	assert_true(imap_mark(s, uids, "NesgateDone", &error));
	assert_true(imap_mark(s, nobody, "NesgateDone", &error));
	assert_true(imap_move(s, uids, "\xc4\xb0\xc5\x9flenen & biten", &error));
	assert_int_equal(imap_idle(s, 1, &error), 0); /* our own expunges are no news */
	imap_close(s);
	g_autofree char *sent = peer_stop(&p);
	assert_non_null(strstr(sent, "UID STORE 5:6,9 +FLAGS.SILENT (NesgateDone)"));
	assert_non_null(strstr(sent, "CREATE \"&ATABXw-lenen &- biten\""));
	assert_non_null(strstr(sent, "UID MOVE 5:6,9 \"&ATABXw-lenen &- biten\""));
	assert_null(strstr(sent, "EXPUNGE"));
	assert_null(strstr(sent, "Deleted"));
}

static void moves_without_move(void **state)
{
	struct peer p = peer_start(PEER, "tls", "nomove");
	struct imap *s = open_selected(&p);
	g_autoptr(GArray) uids = uid_array((guint32[]){5}, 1);
	assert_true(imap_move(s, uids, "Done", NULL));
	imap_close(s);
	g_autofree char *sent = peer_stop(&p);
	assert_non_null(strstr(sent, "UID COPY 5 Done"));
	assert_non_null(strstr(sent, "UID STORE 5 +FLAGS.SILENT (NesgateMoved)"));
	assert_null(strstr(sent, "EXPUNGE"));
}

static void says_which_folder_fails(void **state)
{
	struct peer p = peer_start(PEER, "tls", "nocreate");
	struct imap *s = open_selected(&p);
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) uids = uid_array((guint32[]){5}, 1);
	assert_false(imap_move(s, uids, "Done", &error));
	assert_true(g_error_matches(error, NET_ERROR, NET_ERROR_FOLDER));
	imap_close(s);
	s = open_selected(&p);
	struct imap_folder out;
	g_clear_error(&error);
	assert_false(imap_select(s, "Missing", &out, &error));
	assert_true(g_error_matches(error, NET_ERROR, NET_ERROR_FOLDER));
	imap_close(s);
	g_free(peer_stop(&p));
	p = peer_start(PEER, "tls", "nokeywords");
	s = open_selected(&p);
	assert_true(imap_mark(s, uids, "Done", NULL));
	imap_close(s);
	g_autofree char *sent = peer_stop(&p);
	assert_null(strstr(sent, "UID STORE"));
	p = peer_start(PEER, "tls", "nostore");
	s = open_selected(&p);
	assert_true(imap_mark(s, uids, "Done", NULL)); /* the server says NO */
	assert_int_equal(imap_idle(s, 1, NULL), 0);    /* and the session lives on */
	imap_close(s);
	g_free(peer_stop(&p));
}

/* --- waiting ---------------------------------------------------------------------------------------------------------- */

struct idle_case { const char *mode; guint seconds; int result; double least, most; };

/* Trap 9: both orders, one record, and a server that repeats itself. */
static const struct idle_case idles[] = {
	{"exists-before", 5, 1, 0, 1.5},
	{"exists-same", 5, 1, 0, 1},
	{"exists-later", 5, 1, 0.2, 1.5},
	{"exists-repeat", 1, 0, 0.9, 2},
	{"good", 1, 0, 0.9, 2},
	{"noidle", 5, 1, 0, 1},
	{"idle-no", 1, 0, 0.9, 2},
	{"late-exists", 5, 1, 0, 1}, /* announced in the answer to the list itself, then never again */
	{"idle-bye", 5, -1, 0, 1},
	{"idle-eof", 5, -1, 0, 1},
};

static void idle_wakes_and_only_for_news(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(idles); i++) {
		const struct idle_case *c = &idles[i];
		struct peer p = peer_start(PEER, "tls", c->mode);
		struct imap *s = open_selected(&p);
		g_autoptr(GError) error = NULL;
		g_autoptr(GArray) mails = imap_list(s, 1, &error);
		assert_non_null(mails);
		gint64 start = g_get_monotonic_time();
		int r = imap_idle(s, c->seconds, &error);
		double took = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
		if (r != c->result || took < c->least || took > c->most)
			fail_msg("%s: %d after %.2f s %s", c->mode, r, took, error ? error->message : "");
		assert_int_equal(r < 0, error != NULL);
		if (r >= 0) {
			g_autoptr(GArray) after = imap_list(s, 1, &error); /* the session goes on */
			assert_non_null(after);
		}
		imap_close(s);
		g_free(peer_stop(&p));
	}
}

static gpointer cancel_soon(gpointer fd)
{
	guint64 one = 1;
	g_usleep(300000);
	return GINT_TO_POINTER(write(GPOINTER_TO_INT(fd), &one, sizeof one) == sizeof one);
}

static void cancel_ends_idle(void **state)
{
	struct peer p = peer_start(PEER, "tls", "good");
	int way[2];
	assert_int_equal(pipe(way), 0);
	g_autofree char *ca = peer_file("ca.pem");
	struct imap_options o = {"localhost", p.port, IMAP_TLS, ca, "u", "p", NULL, MAX_MAIL, 5, way[0]};
	g_autoptr(GError) error = NULL;
	struct imap *s = imap_open(&o, &error);
	struct imap_folder out;
	assert_true(imap_select(s, "INBOX", &out, &error));
	GThread *thread = g_thread_new("cancel", cancel_soon, GINT_TO_POINTER(way[1]));
	gint64 start = g_get_monotonic_time();
	assert_int_equal(imap_idle(s, 20, &error), -1);
	assert_true(g_error_matches(error, NET_ERROR, NET_ERROR_CANCELLED));
	assert_true(g_get_monotonic_time() - start < 2 * G_USEC_PER_SEC);
	g_thread_join(thread);
	imap_close(s);
	close(way[0]);
	close(way[1]);
	g_free(peer_stop(&p));
}

static const struct { const char *folder, *name; } names[] = {
	{"INBOX", "INBOX"}, {"a & b", "a &- b"}, {"\xc5\x9f", "&AV8-"}, {"~peter/\xe5\x8f\xb0\xe5\x8c\x97", "~peter/&U,BTFw-"},
	{"\xf0\x9f\x98\x80x", "&2D3eAA-x"}, {"\xc4\xb0\xc5\x9fler", "&ATABXw-ler"},
};

static void names_are_modified_utf7(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *name = imap_name_encode(names[i].folder);
		assert_string_equal(name, names[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_modified_utf7),
		cmocka_unit_test(enters_safely_or_not_at_all),
		cmocka_unit_test(enters_with_a_token),
		cmocka_unit_test(sends_no_control_character),
		cmocka_unit_test(lists_and_fetches),
		cmocka_unit_test(bytes_outlive_the_session),
		cmocka_unit_test(hostile_fetches_end),
		cmocka_unit_test(lists_in_two_steps), cmocka_unit_test(marks_and_moves),
		cmocka_unit_test(moves_without_move),
		cmocka_unit_test(says_which_folder_fails),
		cmocka_unit_test(idle_wakes_and_only_for_news),
		cmocka_unit_test(cancel_ends_idle),
	};
	peer_setup(240);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	peer_teardown();
	return failed;
}
