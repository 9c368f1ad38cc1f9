/* error: the quark of the queue's errors. */
#include "queue/error.h"

GQuark queue_error_quark(void)
{
	return g_quark_from_static_string("nesgate-queue");
}
