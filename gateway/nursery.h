/* nursery: the process that readers are forked from. It prepares everything reading needs once (rules, tables, converters,
 * anchors), outside the cage and without a secret, so a new reader costs one fork and shares its memory.
 *
 * It is forked by the keeper before the keeper opens anything that a reader must not hold.
 */
#pragma once
#include "gateway/config.h"
#include "gateway/reader.h"

struct nursery;
/* `serve`: what a reader does in the cage (reader_serve; tests give others). NULL: rules, headings or anchors are
 * wrong, with the sentence; nothing else fails here. */
struct nursery *nursery_start(struct config *c, int (*serve)(const struct reader_work *w), GError **error);
void nursery_stop(struct nursery *n); /* all its readers die with it */
/* Readable: it is dead, and with it all readers. */
int nursery_fd(const struct nursery *n);

struct child { int fd; int pidfd; struct bench *bench; };
/* A new reader on bench 0..15, which no living reader has. false: the nursery is dead. */
bool nursery_fork(struct nursery *n, guint bench, struct child *out);
