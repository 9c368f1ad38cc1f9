/* Any bytes as an HTML file, and, where they are text, as the HTML body of a mail. */
#include "parsers/sheet_html.h"
#include "tests/fuzz/documents.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	g_autoptr(GString) file = g_string_new("<html>");

	g_string_append_len(file, (const char *)data, (gssize)len);
	fuzz_document("a.htm", file->str, file->len);
	if (!g_utf8_validate_len((const char *)data, len, NULL))
		return 0;
	g_autofree char *text = g_strndup((const char *)data, len);
	g_autoptr(document_t) d = sheet_html_open("body", text, strlen(text));
	fuzz_check_form(d);
	return 0;
}
