/* frame: see the header. Many small frames come with one read; a large one gets the room it needs, for as long as it is there. */
#include "gateway/frame.h"
#include <string.h>
#include <unistd.h>

enum { ROOM = 256 * 1024 };

struct frame_buffer {
	char *data;
	gsize size, at, end; /* not taken yet: data[at..end) */
	gsize most;
};

struct frame_buffer *frame_buffer_new(gsize most)
{
	struct frame_buffer *b = g_new0(struct frame_buffer, 1);

	b->most = most;
	return b;
}

void frame_buffer_free(struct frame_buffer *b)
{
	if (!b)
		return;
	g_free(b->data);
	g_free(b);
}

/* Bytes that the first frame needs in all; a head at least. */
static gsize wanted(const struct frame_buffer *b)
{
	struct frame head;

	if (b->end - b->at < sizeof head)
		return sizeof head;
	memcpy(&head, b->data + b->at, sizeof head);
	return sizeof head + MIN(head.length, b->most);
}

/* Leftovers go to the front; the buffer is as large as the frame in hand needs and shrinks again after a large one. */
static void make_room(struct frame_buffer *b)
{
	gsize left = b->end - b->at, size = MAX(ROOM, wanted(b));

	if (b->at && left)
		memmove(b->data, b->data + b->at, left);
	b->at = 0;
	b->end = left;
	if (size > b->size || (b->size > ROOM && size == ROOM && left <= ROOM / 2)) {
		b->data = g_realloc(b->data, size);
		b->size = size;
	}
}

gssize frame_fill(struct frame_buffer *b, int fd)
{
	gssize n;

	make_room(b);
	n = read(fd, b->data + b->end, b->size - b->end);
	if (n > 0)
		b->end += (gsize)n;
	return n;
}

enum frame_state frame_next(struct frame_buffer *b, struct frame *head, const char **bytes)
{
	if (b->end - b->at < sizeof *head)
		return FRAME_PART;
	memcpy(head, b->data + b->at, sizeof *head);
	if (head->mark != FRAME_MARK || head->id <= 0 || head->length > b->most)
		return FRAME_BROKEN;
	if (b->end - b->at - sizeof *head < head->length)
		return FRAME_PART;
	*bytes = b->data + b->at + sizeof *head;
	b->at += sizeof *head + head->length;
	return FRAME_WHOLE;
}
