/* word_table: the tables of words that this room reads with a text: lines of `name = word | word`, blank lines, # remarks. */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>

/* One word of a line, both without blanks around; NULL, or what is wrong with it ("an unknown name"). */
typedef const char *(*word_table_row)(void *data, const char *name, const char *word);

/* False with `error`: "file:line: what is wrong". */
bool word_table_read(const char *text, const char *file, word_table_row row, void *data, GError **error);
