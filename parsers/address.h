/* address: the addresses of a header field (RFC 5322 3.4), lower-cased, without names, groups and comments.
 *
 * No recursion: nesting of groups and comments is the sender's choice. What has no '@' is no address.
 */
#pragma once
#include <glib.h>

/* char *, in their order; never NULL, owned by the caller. Two in angles in one place count as two: a mail
 * that could be read in two ways must not be read in one. */
GPtrArray *address_list(const char *raw);
/* What stands after the '@' of an address or is the whole of a domain; inside `address`. */
const char *address_domain(const char *address);
/* One domain is the other or a subdomain of it, in either direction (relaxed alignment, RFC 7489 3.1). */
gboolean address_aligned(const char *domain, const char *other);
/* `domain` is `parent` or below it. */
gboolean address_below(const char *domain, const char *parent);
