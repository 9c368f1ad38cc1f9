/* xml: elements and text come in order; DOCTYPE, broken and deep documents do not pass. */
#include "parsers/xml.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static bool on_open(void *context, const char *name, const struct xml_element *e)
{
	g_autofree char *a = xml_attribute_dup(e, "a");

	g_string_append_printf(context, "<%s%s%s>", name, a ? " a=" : "", a ? a : "");
	return strcmp(name, "stop") != 0;
}

static void on_close(void *context, const char *name)
{
	g_string_append_printf(context, "</%s>", name);
}

static void on_text(void *context, const char *text, size_t len)
{
	g_string_append_len(context, text, (gssize)len);
}

static const struct xml_handlers handlers = { on_open, on_close, on_text };

static void walks(void **state)
{
	static const struct { const char *xml, *heard; } cases[] = {
		{ "<r/>", "<r></r>" },
		{ "<?xml version='1.0'?><x:r xmlns:x='u'><x:b x:a='1'>t</x:b></x:r>", "<r><b a=1>t</b></r>" },
		{ "<r a='&#350;&amp;&lt;'>&#305;&quot;<![CDATA[<&]]></r>", "<r a=Ş&<>ı\"<&</r>" },
		{ "<?xml version='1.0' encoding='iso-8859-9'?><r>\xfe\xf0</r>", "<r>şğ</r>" },
		{ "\xef\xbb\xbf<r> a </r>", "<r> a </r>" },
		{ "<r><stop/>never</r>", "<r><stop>" },
		{ "<r><!-- c --><?pi x?>t</r>", "<r>t</r>" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) heard = g_string_new(NULL);
		assert_null(xml_walk(cases[i].xml, strlen(cases[i].xml), &handlers, heard));
		assert_string_equal(heard->str, cases[i].heard);
	}
}

static void refused(void **state)
{
	static const struct { const char *xml, *code; } cases[] = {
		{ "<!DOCTYPE r><r/>", "xml_doctype" },
		{ "<!DOCTYPE r [<!ENTITY a 'x'>]><r>&a;</r>", "xml_doctype" },
		{ "<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r/>", "xml_doctype" },
		{ "<!DOCTYPE r [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]><r/>", "xml_doctype" },
		{ "<r>&undeclared;</r>", "xml_broken" },
		{ "<r><b></r>", "xml_broken" },
		{ "<r>", "xml_broken" },
		{ "", "xml_broken" },
		{ "no xml", "xml_broken" },
		{ "<r a='1' a='2'/>", "xml_broken" },
		{ "<r>\xff\xfe</r>", "xml_broken" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) heard = g_string_new(NULL);
		const char *complaint = xml_walk(cases[i].xml, strlen(cases[i].xml), &handlers, heard);
		if (!complaint || strcmp(complaint, cases[i].code))
			fail_msg("%s gave %s", cases[i].xml, complaint);
	}
}

/* UTF-16 hides the word DOCTYPE from those who look for its bytes. */
static void doctype_in_utf16(void **state)
{
	const char *xml = "<!DOCTYPE r [<!ENTITY a 'x'>]><r>&a;</r>";
	g_autoptr(GByteArray) wide = g_byte_array_new();
	g_autoptr(GString) heard = g_string_new(NULL);

	g_byte_array_append(wide, (const guint8 *)"\xff\xfe", 2);
	for (const char *p = xml; *p; p++)
		g_byte_array_append(wide, (const guint8[]){ (guint8)*p, 0 }, 2);
	assert_string_equal(xml_walk((const char *)wide->data, wide->len, &handlers, heard), "xml_doctype");
	assert_string_equal(heard->str, "");
}

static void deep(void **state)
{
	g_autoptr(GString) xml = g_string_new(NULL);
	g_autoptr(GString) heard = g_string_new(NULL);

	for (int i = 0; i < 100000; i++)
		g_string_append(xml, "<a>");
	assert_string_equal(xml_walk(xml->str, xml->len, &handlers, heard), "xml_broken");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(walks), cmocka_unit_test(refused),
		cmocka_unit_test(doctype_in_utf16), cmocka_unit_test(deep) };
	xml_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
