/* template_error: the quark of the templates room. */
#include "templates/template_error.h"

G_DEFINE_QUARK(nesgate-template-error, template_error)
