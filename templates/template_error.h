/* template_error: the one GError domain of the templates room. */
#pragma once
#include <glib.h>

#define TEMPLATE_ERROR (template_error_quark())
GQuark template_error_quark(void);
enum template_error {
	TEMPLATE_ERROR_SYNTAX,         /* a letter, the layout or words.txt is written wrong: our own mistake, found at start */
	TEMPLATE_ERROR_UNKNOWN_NAME,   /* a letter uses a name that its context does not have */
	TEMPLATE_ERROR_UNKNOWN_LETTER, /* there is no letter of that name */
	TEMPLATE_ERROR_CONTEXT,        /* the context is not JSON, or a list stands where a value should, or it is too long */
	TEMPLATE_ERROR_HEADER,         /* a header value holds what would break the header */
};
