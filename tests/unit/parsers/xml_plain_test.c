/* xml_plain: what is plain is heard as libxml2 hears it; what is not calls nobody. */
#include "parsers/xml_plain.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static bool on_open(void *context, const char *name, const struct xml_element *e)
{
	g_string_append_printf(context, "<%s", name);
	for (int i = 0; i < e->count; i++) {
		const unsigned char **a = e->attributes + (size_t)i * 5;
		g_string_append_printf(context, " %s=%.*s", (const char *)a[0], (int)(a[4] - a[3]), (const char *)a[3]);
	}
	g_string_append_c(context, '>');
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

/* A comment at the end makes it libxml2's. */
static void plain(void **state)
{
	static const struct { const char *xml, *heard; } cases[] = {
		{ "<r/>", "<r></r>" },
		{ "<r />\r\n", "<r></r>" },
		{ "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<r></r>", "<r></r>" },
		{ "<?xml version='1.0' encoding='UTF-8'?>\n<r> a\n\tb </r>\n", "<r> a\n\tb </r>" },
		{ "<x:r xmlns:x='u' xmlns=\"v\"><x:b x:a='1'>t</x:b></x:r>", "<r><b a=1>t</b></r>" },
		{ "<r a=\"1=/?;\"\n\tb=''\r\nc='ş' />", "<r a=1=/?; b= c=ş></r>" },
		{ "<r xml:space='preserve'> </r>", "<r space=preserve> </r>" },
		{ "<row r='1'><c r='A1' t='inlineStr'><is><t>Ad&#305; &#x15F;</t></is></c></row>",
		  "<row r=1><c r=A1 t=inlineStr><is><t>Adı ş</t></is></c></row>" },
		{ "<r>&lt;&gt;&amp;&quot;&apos;&#13;&#x1F600;</r>", "<r><>&\"'\r😀</r>" },
		{ "<r>'\"/=?!]x]-- ; şğ</r>", "<r>'\"/=?!]x]-- ; şğ</r>" },
		{ "<a_1.b-c><d/><d/></a_1.b-c>", "<a_1.b-c><d></d><d></d></a_1.b-c>" },
		{ "<r><b>1</b><stop>never</stop></r>", "<r><b>1</b><stop>" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) heard = g_string_new(NULL), beside = g_string_new(NULL);
		g_autofree char *commented = g_strconcat(cases[i].xml, "<!---->", NULL);

		assert_true(xml_plain_walk(cases[i].xml, strlen(cases[i].xml), &handlers, heard));
		assert_string_equal(heard->str, cases[i].heard);
		assert_null(xml_walk(commented, strlen(commented), &handlers, beside));
		assert_string_equal(heard->str, beside->str);
	}
}

static bool keep_name(void *context, const char *name, const struct xml_element *e)
{
	g_ptr_array_add(context, (char *)name);
	return true;
}

static void drop_name(void *context, const char *name)
{
	GPtrArray *names = context;

	assert_string_equal(names->pdata[names->len - 1], name);
	g_ptr_array_set_size(names, (int)names->len - 1);
}

static void say_names(void *context, const char *text, size_t len)
{
	GPtrArray *names = context;
	GString *path = g_string_new(NULL);

	for (guint i = 0; i < names->len; i++)
		g_string_append(path, names->pdata[i]);
	assert_memory_equal(path->str, text, len);
	assert_int_equal(path->len, len);
	g_string_free(path, TRUE);
}

/* The text of each element is the names of all that are open around it. */
static void names_live(void **state)
{
	static const struct xml_handlers keeping = { keep_name, drop_name, say_names };
	static const char xml[] = "<a>a<b>ab<x:c>abc</x:c><d/>ab<e>abe</e></b>a</a>";
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	assert_true(xml_plain_walk(xml, sizeof xml - 1, &keeping, names));
	assert_int_equal(names->len, 0);
}

static void assert_left(const char *xml, size_t len)
{
	g_autoptr(GString) heard = g_string_new(NULL);
	g_autofree char *exact = g_memdup2(xml, len); /* a sanitizer sees who reads behind it */

	if (xml_plain_walk(exact, len, &handlers, heard) || heard->len)
		fail_msg("%s was read as %s", xml, heard->str);
}

static void left_to_libxml2(void **state)
{
	static const char *const cases[] = {
		"", " ", "no xml", " <r/>", "<r", "<r>", "<r a", "<r a=", "<r a='", "<r a='1'", "<r/", "<r></", "<r></r", "<r>&", "<r>&#", "<r>&#1",
		"<r><b></r>", "<r><b></b ></r>", "<r></rr>", "<r></r></r>", "<r/><r/>", "<r/>x", "</r>", "<>", "< r/>", "<1/>", "<r 1='a'/>",
		"<r a='1'b='2'/>", "<r a='1' a='2'/>", "<r x:a='1' y:a='2'/>", "<r a = '1'/>", "<r a=1/>", "<r a='<'/>", "<r a='&amp;'/>",
		"<r a='\n'/>", "<r a='>'/>", "<r a=\"'\"/>", "<r>></r>", "<r / >", "<a:b:c/>", "<a:/>", "<:a/>", "<xmlns:a/>", "<ş/>", "<r>]]></r>", "<r>a\rb</r>",
		"<r>&nbsp;</r>", "<r>&lt</r>", "<r>&#;</r>", "<r>&#x;</r>", "<r>&#0;</r>", "<r>&#xD800;</r>", "<r>&#xFFFE;</r>",
		"<r>&#x110000;</r>", "<r>&#00000305;</r>", "<r>&#3a;</r>", "<r>\x01</r>", "<r>\xff</r>", "<r>\xc5</r>", "<r>\xed\xa0\x80</r>",
		"<r a='\xfe'/>", "<r>\xef\xbf\xbf</r>", "\xef\xbb\xbf<r/>", "<!DOCTYPE r><r/>", "<r><!-- c --></r>", "<r><?p x?></r>",
		"<r><![CDATA[x]]></r>", "<?xml version='1.1'?><r/>", "<?xml version='1.0' encoding='iso-8859-9'?><r>\xfe</r>",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_left(cases[i], strlen(cases[i]));
	assert_left("<r>\0</r>", 8);
}

/* Each # becomes a number of its own. */
static char *repeated(const char *before, const char *one, int n, const char *after)
{
	GString *out = g_string_new(before);

	while (n--) {
		g_autofree char *number = g_strdup_printf("%d", n);

		g_string_append(out, one);
		if (strchr(one, '#'))
			g_string_replace(out, "#", number, 1);
	}
	g_string_append(out, after);
	return g_string_free(out, FALSE);
}

/* Each is still plain with one less. */
static void limits(void **state)
{
	static const struct { const char *before, *one, *middle, *last, *after; int most; } cases[] = {
		{ "", "<a>", "<b/>", "</a>", "", 99 },
		{ "<r ", "a#='1' ", "", "", "/>", 24 },
		{ "<", "a", "", "", "/>", 48 },
		{ "<r>", "0123456789abcdef", "", "", "</r>", (8 << 20) / 16 - 1 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		for (int more = 0; more < 2; more++) {
			g_autofree char *head = repeated(cases[i].before, cases[i].one, cases[i].most + more, cases[i].middle);
			g_autofree char *tail = repeated("", cases[i].last, cases[i].most + more, cases[i].after);
			g_autofree char *xml = g_strconcat(head, tail, NULL);
			static const struct xml_handlers nobody;

			assert_int_equal(xml_plain_walk(xml, strlen(xml), &nobody, NULL), !more);
			assert_null(xml_walk(xml, strlen(xml), &nobody, NULL));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(plain), cmocka_unit_test(names_live),
					    cmocka_unit_test(left_to_libxml2), cmocka_unit_test(limits) };

	xml_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
