/* frame: pieces of bytes with an id on a stream between the keeper and its caged readers: a head, then `length` bytes.
 *
 * The reader's side is in a stranger's hand as soon as a mail breaks a parser: whoever takes its frames believes nothing,
 * and a length over the limit ends the talk before any memory is asked for.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>

struct frame {
	gint64 id;      /* of the mail; never 0 */
	gint64 now;     /* Unix seconds at which the mail is read; 0 in answers */
	guint32 length;
	guint32 mark;   /* FRAME_MARK: a stream out of step is seen at once */
};
enum { FRAME_MARK = 0x4e474631 };

/* What came and was not taken yet. */
struct frame_buffer;
struct frame_buffer *frame_buffer_new(gsize most); /* limit of one frame's length */
void frame_buffer_free(struct frame_buffer *b);
/* One read(2), as large as there is room. Bytes read, 0 at the end of the stream, -1 with errno. */
gssize frame_fill(struct frame_buffer *b, int fd);

enum frame_state { FRAME_WHOLE, FRAME_PART, FRAME_BROKEN };
/* The next whole frame; `bytes` point into the buffer until the next frame_fill. */
enum frame_state frame_next(struct frame_buffer *b, struct frame *head, const char **bytes);
