/* template_error: the one GError domain of the templates room. */
#pragma once
#include <glib.h>

#define TEMPLATE_ERROR (template_error_quark())
GQuark template_error_quark(void);
enum template_error { TEMPLATE_ERROR_SYNTAX, TEMPLATE_ERROR_UNKNOWN_NAME, TEMPLATE_ERROR_UNKNOWN_LETTER, TEMPLATE_ERROR_CONTEXT,
	TEMPLATE_ERROR_HEADER };
