/* notify: sd_notify(3)'s protocol: one datagram of NAME=value lines to the socket in $NOTIFY_SOCKET. Without it: nothing. */
#pragma once
#include <glib.h>
/* READY=1, STOPPING=1, WATCHDOG=1, STATUS=… ; lost silently when nobody listens. */
void notify_send(const char *state);
/* Half of $WATCHDOG_USEC in milliseconds, the pace systemd recommends; 0: no watchdog, or not meant for this process. */
gint64 notify_watchdog_ms(void);
