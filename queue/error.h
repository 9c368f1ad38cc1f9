/* error: the one GError domain of the queue; the rows stand in error.def. */
#pragma once
#include <glib.h>

#define QUEUE_ERROR_ROW(code, class, meaning) QUEUE_ERROR_##code,
enum queue_error {
#include "queue/error.def"
};
#undef QUEUE_ERROR_ROW
#define QUEUE_ERROR (queue_error_quark())
GQuark queue_error_quark(void);
