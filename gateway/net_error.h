/* net_error: the GError domain of tls, imap, smtp, keys and smime; the rows stand in net_error.def. */
#pragma once
#include <glib.h>

#define NET_ERROR_ROW(code, class, meaning) NET_ERROR_##code,
enum net_error {
#include "gateway/net_error.def"
};
#undef NET_ERROR_ROW
#define NET_ERROR (net_error_quark())
GQuark net_error_quark(void);
