/* reader: see the header. Answers are gathered while more mails are in hand and go out at once when none is. */
#include "gateway/reader.h"
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "gateway/frame.h"
#include "gateway/profile.h"
#include "gateway/signed_list.h"
#include "gateway/verdict.h"

enum { GATHER = 32 * 1024, MAIL_MOST = 256 << 20 };

/* Only what a person answered to us is of use behind the cage; the text of other mails stays with their bytes, and with it
 * the password that some of KAMU SM's carry. */
static void cut_text(struct facts *f)
{
	if (f->kind != KIND_REPLY && f->reply)
		g_clear_pointer(&f->reply->text, g_free);
	char *text = f->reply ? f->reply->text : NULL;
	const char *end = text;

	if (!text || strlen(text) <= READER_TEXT_MOST)
		return;
	g_utf8_validate(text, READER_TEXT_MOST, &end); /* a character is not cut in two */
	text[end - text] = '\0';
}

struct facts *reader_facts(const struct reader_work *w, const char *raw, gsize len, gint64 now)
{
	struct facts *f = reader_read(w->reader, raw, len, now);

	verdict_fill(f, raw, len, w->anchors, now);
	signed_list_fill(f, w->officers, now);
	cut_text(f);
	return f;
}

/* Facts that are too many to be carried are worth a complaint, not a dead reader. */
static char *bounded_json(struct facts *f)
{
	char *json = facts_to_json(f);

	if (strlen(json) <= READER_ANSWER_MOST)
		return json;
	g_free(json);
	facts_t *little = facts_new();
	little->kind = KIND_UNREADABLE;
	little->from = g_strdup(f->from);
	little->message_id = g_strdup(f->message_id);
	little->auth.trusted = f->auth.trusted;
	facts_complain(little->complaints, "too_large", NULL, NULL);
	json = facts_to_json(little);
	facts_free(little);
	return json;
}

static void answer(const struct reader_work *w, const struct frame *in, const char *raw, GString *out)
{
	struct frame head = { .id = in->id, .mark = FRAME_MARK };

	gint64 begun = profile_begin();

	w->bench->current = in->id;
	g_autoptr(facts_t) f = reader_facts(w, raw, in->length, in->now);
	g_autofree char *json = bounded_json(f);

	head.length = (guint32)strlen(json);
	g_string_append_len(out, (const char *)&head, sizeof head);
	g_string_append_len(out, json, head.length);
	w->bench->current = 0;
	profile_end(PROFILE_READ, begun, 1);
}

static bool flush(int fd, GString *out)
{
	gsize at = 0;

	while (at < out->len) {
		gssize n = write(fd, out->str + at, out->len - at);

		if (n < 0 && errno != EINTR)
			return false;
		at += n > 0 ? (gsize)n : 0;
	}
	g_string_truncate(out, 0);
	return true;
}

/* All whole frames in the buffer. false: the stream is broken or closed. */
static bool answer_all(const struct reader_work *w, struct frame_buffer *in, GString *out, guint *done)
{
	struct frame head;
	const char *raw;
	enum frame_state state;

	while ((state = frame_next(in, &head, &raw)) == FRAME_WHOLE) {
		answer(w, &head, raw, out);
		(*done)++;
		if (out->len >= GATHER && !flush(w->fd, out))
			return false;
	}
	return flush(w->fd, out) && state == FRAME_PART;
}

static bool used_up(const struct reader_work *w, guint done)
{
	struct timespec cpu;

	return done >= w->mails || (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu) == 0 && cpu.tv_sec >= w->seconds);
}

int reader_serve(const struct reader_work *w)
{
	struct frame_buffer *in = frame_buffer_new(MAIL_MOST);
	g_autoptr(GString) out = g_string_sized_new(GATHER * 2);
	guint done = 0;
	bool well = true;

	while (well && !used_up(w, done)) {
		gssize n = frame_fill(in, w->fd);

		if (n == 0 || (n < 0 && errno != EINTR))
			break;
		well = answer_all(w, in, out, &done);
	}
	frame_buffer_free(in);
	return well ? 0 : 1;
}
