/* tls_resolve: host name to addresses within a time. getaddrinfo has no time limit of its own, so it runs
 * in a thread that may be left behind. */
#pragma once
#include <glib.h>
#include <netdb.h>

/* NULL: CONNECT, TIMEOUT or CANCELLED. Free with freeaddrinfo. `cancel_fd` -1: none. */
struct addrinfo *tls_resolve(const char *host, guint port, int cancel_fd, guint seconds, GError **error);
