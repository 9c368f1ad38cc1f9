/* net_error: the quark of the network and key errors; their rows stand in net_error.def. */
#include "gateway/net_error.h"

G_DEFINE_QUARK(nesgate-net-error, net_error)
