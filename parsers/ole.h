/* ole: the streams of a compound file ([MS-CFB]), the container of Office 97 files and of encrypted newer ones.
 *
 * Only what stands directly in the root is seen: the streams of an object that was pasted into a workbook are
 * not the workbook's. Every sector and every entry is visited once; a chain that comes back to itself, leaves the file
 * or is shorter than its stream is damage.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>

struct ole;

/* NULL: no whole compound file. `bytes` stay the caller's and must outlive the result. */
struct ole *ole_open(const char *bytes, size_t len);
void ole_close(struct ole *o); /* NULL is fine */

/* Whether there is a stream or storage of this name (ASCII, letters' case apart). */
bool ole_has(const struct ole *o, const char *name);
/* The stream's bytes, never more than the file has. NULL: no such stream, or a damaged one. */
GBytes *ole_read(const struct ole *o, const char *name);
