/* render: the Mustache specification's modules comments, interpolation, inverted and sections, case by case
 * under its names, in our own words; then what is ours: unknown names, modes, labels, limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "templates/render.h"

/* `want` NULL: the specification prints nothing for the missing name, here it is UNKNOWN_NAME. */
struct spec { const char *name, *data, *template, *want; };

static const struct spec comments[] = {
	{ "Inline", "{}", "12{{! word! }}34", "1234" },
	{ "Multiline", "{}", "12{{!\n one\n two...\n}}34\n", "1234\n" },
	{ "Standalone", "{}", "a\n{{! word! }}\nb\n", "a\nb\n" },
	{ "Indented Standalone", "{}", "a\n  {{! word }}\nb\n", "a\nb\n" },
	{ "Standalone Line Endings", "{}", "|\r\n{{! word }}\r\n|", "|\r\n|" },
	{ "Standalone Without Previous Line", "{}", "  {{! word }}\n.", "." },
	{ "Standalone Without Newline", "{}", ".\n  {{! word }}", ".\n" },
	{ "Multiline Standalone", "{}", "a\n{{!\nword\n}}\nb\n", "a\nb\n" },
	{ "Indented Multiline Standalone", "{}", "a\n  {{!\n    word\n  }}\nb\n", "a\nb\n" },
	{ "Indented Inline", "{}", "  12 {{! 34 }}\n", "  12 \n" },
	{ "Surrounding Whitespace", "{}", "12 {{! word }} 34", "12  34" },
	{ "Variable Name Collision", "{\"! a\":1,\"!a\":2,\"a\":3}", "<{{! a }}><{{!a}}>", "<><>" },
};

static const struct spec interpolation[] = {
	{ "No Interpolation", "{}", "from {Mustache}!\n", "from {Mustache}!\n" },
	{ "Basic Interpolation", "{\"who\":\"world\"}", "Hello, {{who}}.\n", "Hello, world.\n" },
	{ "No Re-interpolation", "{\"a\":\"{{b}}\",\"b\":\"x\"}", "{{a}}: {{b}}", "{{b}}: x" },
	{ "HTML Escaping", "{\"c\":\"& \\\" < >\"}", "{{c}}\n", "&amp; &quot; &lt; &gt;\n" },
	{ "Triple Mustache", "{\"c\":\"& \\\" < >\"}", "{{{c}}}\n", "& \" < >\n" },
	{ "Ampersand", "{\"c\":\"& \\\" < >\"}", "{{&c}}\n", "& \" < >\n" },
	{ "Basic Integer Interpolation", "{\"n\":85}", "{{n}} a", "85 a" },
	{ "Triple Mustache Integer Interpolation", "{\"n\":85}", "{{{n}}} a", "85 a" },
	{ "Ampersand Integer Interpolation", "{\"n\":85}", "{{&n}} a", "85 a" },
	{ "Basic Decimal Interpolation", "{\"n\":1.210}", "{{n}} a", "1.21 a" },
	{ "Triple Mustache Decimal Interpolation", "{\"n\":1.210}", "{{{n}}} a", "1.21 a" },
	{ "Ampersand Decimal Interpolation", "{\"n\":1.210}", "{{&n}} a", "1.21 a" },
	{ "Basic Null Interpolation", "{\"n\":null}", "({{n}})", "()" },
	{ "Triple Mustache Null Interpolation", "{\"n\":null}", "({{{n}}})", "()" },
	{ "Ampersand Null Interpolation", "{\"n\":null}", "({{&n}})", "()" },
	{ "Basic Context Miss Interpolation", "{}", "({{n}})", NULL },
	{ "Triple Mustache Context Miss Interpolation", "{}", "({{{n}}})", NULL },
	{ "Ampersand Context Miss Interpolation", "{}", "({{&n}})", NULL },
	{ "Dotted Names - Basic", "{\"p\":{\"n\":\"x\"}}", "{{p.n}}={{#p}}{{n}}{{/p}}", "x=x" },
	{ "Dotted Names - Triple Mustache", "{\"p\":{\"n\":\"x\"}}", "{{{p.n}}}={{#p}}{{{n}}}{{/p}}", "x=x" },
	{ "Dotted Names - Ampersand", "{\"p\":{\"n\":\"x\"}}", "{{&p.n}}={{#p}}{{&n}}{{/p}}", "x=x" },
	{ "Dotted Names - Arbitrary Depth", "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"n\":\"x\"}}}}}}", "{{a.b.c.d.e.n}}", "x" },
	{ "Dotted Names - Broken Chains", "{\"a\":{}}", "{{a.b.c}}", NULL },
	{ "Dotted Names - Broken Chain Resolution", "{\"a\":{\"b\":{}},\"c\":{\"n\":\"x\"}}", "{{a.b.c.n}}", NULL },
	{ "Dotted Names - Initial Resolution",
	  "{\"a\":{\"b\":{\"c\":{\"n\":\"x\"}}},\"b\":{\"c\":{\"n\":\"wrong\"}}}", "{{#a}}{{b.c.n}}{{/a}}", "x" },
	{ "Dotted Names - Leading Dot", "{\"b\":{\"n\":\"x\"},\"n\":\"wrong\"}", "{{#b}}{{.n}}{{/b}}", "x" },
	{ "Dotted Names - Leading Dot, miss", "{\"b\":{\"m\":1},\"n\":\"wrong\"}", "{{#b}}{{.n}}{{/b}}", NULL },
	{ "Dotted Names - Context Precedence", "{\"a\":{\"b\":{}},\"b\":{\"c\":\"wrong\"}}", "{{#a}}{{b.c}}{{/a}}", NULL },
	{ "Dotted Names are never single keys", "{\"a.b\":\"c\",\"a\":{\"b\":\"d\"}}", "{{a.b}}", "d" },
	{ "Implicit Iterators - Basic", "{\"l\":\"world\"}", "{{#l}}Hello, {{.}}{{/l}}", "Hello, world" },
	{ "Implicit Iterators - HTML Escaping", "{\"l\":\"& <\"}", "{{#l}}{{.}}{{/l}}", "&amp; &lt;" },
	{ "Implicit Iterators - Triple Mustache", "{\"l\":\"& <\"}", "{{#l}}{{{.}}}{{/l}}", "& <" },
	{ "Implicit Iterators - Ampersand", "{\"l\":\"& <\"}", "{{#l}}{{&.}}{{/l}}", "& <" },
	{ "Implicit Iterators - Basic Integer", "{\"l\":85}", "{{#l}}{{.}}{{/l}}", "85" },
	{ "Interpolation - Surrounding Whitespace", "{\"s\":\"-\"}", "| {{s}} |", "| - |" },
	{ "Triple Mustache - Surrounding Whitespace", "{\"s\":\"-\"}", "| {{{s}}} |", "| - |" },
	{ "Ampersand - Surrounding Whitespace", "{\"s\":\"-\"}", "| {{&s}} |", "| - |" },
	{ "Interpolation - Standalone", "{\"s\":\"-\"}", "  {{s}}\n", "  -\n" },
	{ "Triple Mustache - Standalone", "{\"s\":\"-\"}", "  {{{s}}}\n", "  -\n" },
	{ "Ampersand - Standalone", "{\"s\":\"-\"}", "  {{&s}}\n", "  -\n" },
	{ "Interpolation With Padding", "{\"s\":\"-\"}", "|{{ s }}|", "|-|" },
	{ "Triple Mustache With Padding", "{\"s\":\"-\"}", "|{{{ s }}}|", "|-|" },
	{ "Ampersand With Padding", "{\"s\":\"-\"}", "|{{& s }}|", "|-|" },
};

static const struct spec inverted[] = {
	{ "Falsey", "{\"b\":false}", "{{^b}}yes{{/b}}", "yes" },
	{ "Null is falsey", "{\"b\":null}", "{{^b}}yes{{/b}}", "yes" },
	{ "Truthy", "{\"b\":true}", "{{^b}}no{{/b}}", "" },
	{ "Context", "{\"c\":{\"n\":\"x\"}}", "{{^c}}{{n}}{{/c}}", "" },
	{ "List", "{\"l\":[{\"n\":1},{\"n\":2}]}", "{{^l}}{{n}}{{/l}}", "" },
	{ "Empty List", "{\"l\":[]}", "{{^l}}yes{{/l}}", "yes" },
	{ "Doubled", "{\"b\":false,\"two\":\"2\"}", "{{^b}}\n* 1\n{{/b}}\n* {{two}}\n{{^b}}\n* 3\n{{/b}}\n", "* 1\n* 2\n* 3\n" },
	{ "Nested (Falsey)", "{\"b\":false}", "| A {{^b}}B {{^b}}C{{/b}} D{{/b}} E |", "| A B C D E |" },
	{ "Nested (Truthy)", "{\"b\":true}", "| A {{^b}}B {{^b}}C{{/b}} D{{/b}} E |", "| A  E |" },
	{ "Context Misses", "{}", "[{{^n}}x{{/n}}]", NULL },
	{ "Dotted Names - Truthy", "{\"a\":{\"b\":{\"c\":true}}}", "[{{^a.b.c}}x{{/a.b.c}}]", "[]" },
	{ "Dotted Names - Falsey", "{\"a\":{\"b\":{\"c\":false}}}", "[{{^a.b.c}}x{{/a.b.c}}]", "[x]" },
	{ "Dotted Names - Broken Chains", "{\"a\":{}}", "[{{^a.b.c}}x{{/a.b.c}}]", NULL },
	{ "Surrounding Whitespace", "{\"b\":false}", " | {{^b}}\t|\t{{/b}} | \n", " | \t|\t | \n" },
	{ "Internal Whitespace", "{\"b\":false}", " | {{^b}} {{! word }}\n {{/b}} | \n", " |  \n  | \n" },
	{ "Indented Inline Sections", "{\"b\":false}", " {{^b}}N{{/b}}\n {{^b}}W{{/b}}\n", " N\n W\n" },
	{ "Standalone Lines", "{\"b\":false}", "| a\n{{^b}}\n|\n{{/b}}\n| b\n", "| a\n|\n| b\n" },
	{ "Standalone Indented Lines", "{\"b\":false}", "| a\n  {{^b}}\n|\n  {{/b}}\n| b\n", "| a\n|\n| b\n" },
	{ "Standalone Line Endings", "{\"b\":false}", "|\r\n{{^b}}\r\n{{/b}}\r\n|", "|\r\n|" },
	{ "Standalone Without Previous Line", "{\"b\":false}", "  {{^b}}\n^{{/b}}\n/", "^\n/" },
	{ "Standalone Without Newline", "{\"b\":false}", "^{{^b}}\n/\n  {{/b}}", "^\n/\n" },
	{ "Padding", "{\"b\":false}", "|{{^ b }}={{/ b }}|", "|=|" },
};

static const struct spec sections[] = {
	{ "Truthy", "{\"b\":true}", "{{#b}}yes{{/b}}", "yes" },
	{ "Falsey", "{\"b\":false}", "{{#b}}no{{/b}}", "" },
	{ "Null is falsey", "{\"b\":null}", "{{#b}}no{{/b}}", "" },
	{ "Context", "{\"c\":{\"n\":\"x\"}}", "{{#c}}Hi {{n}}.{{/c}}", "Hi x." },
	{ "Parent contexts", "{\"a\":\"1\",\"b\":\"wrong\",\"s\":{\"b\":\"2\"},\"c\":{\"d\":\"3\"}}", "{{#s}}{{a}}, {{b}}, {{c.d}}{{/s}}", "1, 2, 3" },
	{ "Variable test", "{\"f\":\"x\"}", "{{#f}}{{.}} is {{f}}{{/f}}", "x is x" },
	{ "List Contexts", "{\"t\":[{\"n\":{\"u\":\"A\",\"l\":\"a\"},\"m\":[{\"o\":\"1\",\"b\":[{\"p\":\"x\"},{\"p\":\"y\"}]}]}]}",
	  "{{#t}}{{#m}}{{n.l}}{{o}}.{{#b}}{{n.u}}{{o}}{{p}}.{{/b}}{{/m}}{{/t}}", "a1.A1x.A1y." },
	{ "Deeply Nested Contexts", "{\"a\":{\"one\":1},\"b\":{\"two\":2},\"c\":{\"three\":3,\"d\":{\"four\":4,\"five\":5}}}",
	  "{{#a}}\n{{one}}\n{{#b}}\n{{one}}{{two}}\n{{#c}}\n{{one}}{{two}}{{three}}\n{{#d}}\n{{one}}{{four}}\n{{#five}}\n"
	  "{{four}}{{five}}\n{{four}}{{.}}6{{.}}\n{{/five}}\n{{four}}\n{{/d}}\n{{three}}\n{{/c}}\n{{two}}\n{{/b}}\n{{one}}\n{{/a}}\n",
	  "1\n12\n123\n14\n45\n4565\n4\n3\n2\n1\n" },
	{ "List", "{\"l\":[{\"i\":1},{\"i\":2},{\"i\":3}]}", "{{#l}}{{i}}{{/l}}", "123" },
	{ "Empty List", "{\"l\":[]}", "{{#l}}no{{/l}}", "" },
	{ "Strings Not Lists", "{\"s\":\"123\"}", "{{#s}}x{{/s}}", "x" },
	{ "Doubled", "{\"b\":true,\"two\":\"2\"}", "{{#b}}\n* 1\n{{/b}}\n* {{two}}\n{{#b}}\n* 3\n{{/b}}\n", "* 1\n* 2\n* 3\n" },
	{ "Nested (Truthy)", "{\"b\":true}", "| A {{#b}}B {{#b}}C{{/b}} D{{/b}} E |", "| A B C D E |" },
	{ "Nested (Falsey)", "{\"b\":false}", "| A {{#b}}B {{#b}}C{{/b}} D{{/b}} E |", "| A  E |" },
	{ "Context Misses", "{}", "[{{#n}}x{{/n}}]", NULL },
	{ "Implicit Iterator - String", "{\"l\":[\"a\",\"b\",\"c\"]}", "{{#l}}({{.}}){{/l}}", "(a)(b)(c)" },
	{ "Implicit Iterator - Integer", "{\"l\":[1,2,3]}", "{{#l}}({{.}}){{/l}}", "(1)(2)(3)" },
	{ "Implicit Iterator - Decimal", "{\"l\":[1.10,2.20,5.50]}", "{{#l}}({{.}}){{/l}}", "(1.1)(2.2)(5.5)" },
	{ "Implicit Iterator - Array", "{\"l\":[[1,2,3],[\"a\",\"b\"]]}", "{{#l}}({{#.}}{{.}}{{/.}}){{/l}}", "(123)(ab)" },
	{ "Implicit Iterator - HTML Escaping", "{\"l\":[\"&\",\"<\"]}", "{{#l}}({{.}}){{/l}}", "(&amp;)(&lt;)" },
	{ "Implicit Iterator - Triple mustache", "{\"l\":[\"&\",\"<\"]}", "{{#l}}({{{.}}}){{/l}}", "(&)(<)" },
	{ "Implicit Iterator - Ampersand", "{\"l\":[\"&\",\"<\"]}", "{{#l}}({{&.}}){{/l}}", "(&)(<)" },
	{ "Implicit Iterator - Root-level", "{\"v\":\"x\"}", "{{#.}}({{v}}){{/.}}", "(x)" },
	{ "Dotted Names - Truthy", "{\"a\":{\"b\":{\"c\":true}}}", "[{{#a.b.c}}x{{/a.b.c}}]", "[x]" },
	{ "Dotted Names - Falsey", "{\"a\":{\"b\":{\"c\":false}}}", "[{{#a.b.c}}x{{/a.b.c}}]", "[]" },
	{ "Dotted Names - Broken Chains", "{\"a\":{}}", "[{{#a.b.c}}x{{/a.b.c}}]", NULL },
	{ "Surrounding Whitespace", "{\"b\":true}", " | {{#b}}\t|\t{{/b}} | \n", " | \t|\t | \n" },
	{ "Internal Whitespace", "{\"b\":true}", " | {{#b}} {{! word }}\n {{/b}} | \n", " |  \n  | \n" },
	{ "Indented Inline Sections", "{\"b\":true}", " {{#b}}Y{{/b}}\n {{#b}}G{{/b}}\n", " Y\n G\n" },
	{ "Standalone Lines", "{\"b\":true}", "| a\n{{#b}}\n|\n{{/b}}\n| b\n", "| a\n|\n| b\n" },
	{ "Indented Standalone Lines", "{\"b\":true}", "| a\n  {{#b}}\n|\n  {{/b}}\n| b\n", "| a\n|\n| b\n" },
	{ "Standalone Line Endings", "{\"b\":true}", "|\r\n{{#b}}\r\n{{/b}}\r\n|", "|\r\n|" },
	{ "Standalone Without Previous Line", "{\"b\":true}", "  {{#b}}\n#{{/b}}\n/", "#\n/" },
	{ "Standalone Without Newline", "{\"b\":true}", "#{{#b}}\n/\n  {{/b}}", "#\n/\n" },
	{ "Padding", "{\"b\":true}", "|{{# b }}={{/ b }}|", "|=|" },
};

static struct words *words;

static int set_up(void **state)
{
	static const char text[] = "# a comment\n\nkind.renewal = Yenileme\ncomplaint.a_b=Olmadı = olmaz\n";

	words = words_new(text, strlen(text), NULL);
	return words ? 0 : -1;
}

static int tear_down(void **state)
{
	words_free(words);
	return 0;
}

static char *render(const char *data, const char *source, enum render_mode mode, GError **error)
{
	struct template *t = template_parse("t", source, strlen(source), error);
	struct context *c = t ? context_new(NULL, data, words, error) : NULL;
	char *out = c ? render_template(t, c, mode, error) : NULL;

	context_free(c);
	template_free(t);
	return out;
}

static void check_specs(const struct spec *specs, guint n)
{
	guint i;

	for (i = 0; i < n; i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *got = render(specs[i].data, specs[i].template, RENDER_HTML, &error);

		if (specs[i].want ? g_strcmp0(got, specs[i].want) != 0 :
		    !g_error_matches(error, TEMPLATE_ERROR, TEMPLATE_ERROR_UNKNOWN_NAME))
			fail_msg("%s: got %s (%s)", specs[i].name, got ? got : "nothing", error ? error->message : "no error");
		if (error)
			assert_null(got);
	}
}

static void test_spec(void **state)
{
	check_specs(comments, G_N_ELEMENTS(comments));
	check_specs(interpolation, G_N_ELEMENTS(interpolation));
	check_specs(inverted, G_N_ELEMENTS(inverted));
	check_specs(sections, G_N_ELEMENTS(sections));
}

static void test_syntax(void **state)
{
	static const struct { const char *source; guint line; } cases[] = {
		{ "{{a", 1 }, { "a\nb{{", 2 }, { "{{{a}}", 1 }, { "{{}}", 1 }, { "{{ }}", 1 }, { "{{#}}{{/}}", 1 }, { "{{a b}}", 1 },
		{ "{{a..b}}", 1 }, { "{{a.}}", 1 }, { "{{..}}", 1 }, { "{{şey}}", 1 }, { "{{a\n}b}}", 1 },
		{ "\n\n{{#a}}", 3 }, { "{{/a}}", 1 }, { "{{#a}}{{#b}}{{/a}}{{/b}}", 1 }, { "{{#a}}\n{{/b}}", 2 },
		{ "{{>a}}", 1 }, { "{{=<% %>=}}", 1 }, { "{{<a}}", 1 }, { "{{$a}}", 1 }, { "{{*a}}", 1 }, { "{{%a}}", 1 },
		{ "{{!a\nb\n}}\n{{", 4 },
		{ "{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}", 1 },
		{ "\xff", 1 },
	};
	guint i;

	for (i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *prefix = g_strdup_printf("t:%u: ", cases[i].line);

		assert_null(template_parse("t", cases[i].source, strlen(cases[i].source), &error));
		if (!g_error_matches(error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX) || !g_str_has_prefix(error->message, prefix))
			fail_msg("%s: %s", cases[i].source, error ? error->message : "no error");
	}
}

static void test_modes(void **state)
{
	static const struct { enum render_mode mode; const char *data, *source, *want; } cases[] = {
		{ RENDER_TEXT, "{\"a\":\"<&'\\\">\"}", "{{a}}", "<&'\">" },
		{ RENDER_HTML, "{\"a\":\"<&'\\\">\"}", "{{a}}", "&lt;&amp;&#39;&quot;&gt;" },
		{ RENDER_HEADER, "{\"a\":\"<&'\\\">ş\"}", "{{a}}", "<&'\">ş" },
		{ RENDER_TEXT, "{\"a\":\"x\\r\\ny\\t\\u0007\\u007fz\"}", "{{a}}", "x  y   z" },
		{ RENDER_HTML, "{\"a\":\"x\\ny\"}", "{{a}}", "x y" },
		{ RENDER_TEXT, "{\"a\":\"x\\ny\"}", "{{{a}}}", "x\ny" },
		{ RENDER_HEADER, "{\"a\":\"x\\ny\"}", "{{a}}", NULL },
		{ RENDER_HEADER, "{\"a\":\"x\\ry\"}", "{{a}}", NULL },
		{ RENDER_HEADER, "{\"a\":\"x\\ry\"}", "{{{a}}}", NULL },
		{ RENDER_HEADER, "{\"a\":\"\\u0000\"}", "a", NULL },
		{ RENDER_HEADER, "{\"a\":\"\\t\"}", "{{a}}", NULL },
		{ RENDER_HEADER, "{\"a\":\"\\u007f\"}", "{{a}}", NULL },
		{ RENDER_HEADER, "{\"a\":\"\\u0085\"}", "{{a}}", NULL },
		{ RENDER_HEADER, "{\"a\":\"\\u2028\"}", "{{a}}", NULL },
		{ RENDER_HEADER, "{}", "a\nb", NULL },
	};
	guint i;

	for (i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *got = render(cases[i].data, cases[i].source, cases[i].mode, &error);

		if (g_strcmp0(got, cases[i].want) != 0 || !got != !!error)
			fail_msg("case %u: %s", i, got ? got : error->message);
	}
}

static void test_labels(void **state)
{
	static const struct spec cases[] = {
		{ "word", "{\"kind\":\"renewal\"}", "{{kind}} {{kind_label}}", "renewal Yenileme" },
		{ "word of the inner object", "{\"kind\":\"x\",\"l\":[{\"kind\":\"renewal\"}]}", "{{#l}}{{kind_label}}{{/l}}", "Yenileme" },
		{ "word with = in it", "{\"complaint\":\"a_b\"}", "{{complaint_label}}", "Olmadı = olmaz" },
		{ "dotted", "{\"a\":{\"kind\":\"renewal\"}}", "{{a.kind_label}}", "Yenileme" },
		{ "section", "{\"kind\":\"renewal\"}", "{{#kind_label}}({{.}}){{/kind_label}}", "(Yenileme)" },
		{ "own label wins", "{\"kind\":\"renewal\",\"kind_label\":\"x\"}", "{{kind_label}}", "x" },
		{ "no such word", "{\"kind\":\"y\"}", "{{kind_label}}", NULL },
		{ "empty word", "{\"kind\":\"\"}", "{{kind_label}}", NULL },
		{ "no string", "{\"kind\":3}", "{{kind_label}}", NULL },
		{ "date", "{\"received_on\":\"2026-11-22\"}", "{{received_on_label}}", "22.11.2026" },
		{ "date, other names", "{\"expires\":\"2026-01-02\",\"a_date\":\"2025-12-31\"}", "{{expires_label}} {{a_date_label}}", "02.01.2026 31.12.2025" },
		{ "date in a section", "{\"a_on\":\"2026-11-22\"}", "{{#a_on_label}}{{.}}{{/a_on_label}}", "22.11.2026" },
		{ "time of our zone", "{\"a_on\":\"2026-11-22T23:59:00+03:00\"}", "{{a_on_label}}", "22.11.2026" },
		{ "time of another zone", "{\"a_on\":\"2026-11-22T23:59:00Z\"}", "{{a_on_label}}", NULL },
		{ "no date", "{\"a_on\":\"22.11.2026\"}", "{{a_on_label}}", NULL },
		{ "empty date", "{\"a_on\":\"\"}", "{{a_on_label}}", NULL },
		{ "no date's name", "{\"aon\":\"2026-11-22\"}", "{{aon_label}}", NULL },
	};

	check_specs(cases, G_N_ELEMENTS(cases));
}

static void test_truth(void **state)
{
	static const struct spec cases[] = {
		{ "empty string", "{\"a\":\"\"}", "{{#a}}x{{/a}}{{^a}}y{{/a}}", "y" },
		{ "zero", "{\"a\":0}", "{{#a}}x{{/a}}{{^a}}y{{/a}}", "y" },
		{ "0.0", "{\"a\":0.0}", "{{#a}}x{{/a}}{{^a}}y{{/a}}", "y" },
		{ "-1", "{\"a\":-1}", "{{#a}}{{a}}{{/a}}", "-1" },
		{ "empty object", "{\"a\":{}}", "{{#a}}x{{/a}}", "x" },
		{ "string 0", "{\"a\":\"0\"}", "{{#a}}x{{/a}}", "x" },
		{ "booleans print", "{\"a\":true,\"b\":false}", "{{a}} {{b}}", "true false" },
	};

	check_specs(cases, G_N_ELEMENTS(cases));
}

static void expect_context_error(const char *data, const char *source)
{
	g_autoptr(GError) error = NULL;

	assert_null(render(data, source, RENDER_TEXT, &error));
	if (!g_error_matches(error, TEMPLATE_ERROR, TEMPLATE_ERROR_CONTEXT))
		fail_msg("%s: %s", source, error ? error->message : "no error");
}

static void test_limits(void **state)
{
	g_autoptr(GString) list = g_string_new("{\"a\":[0");
	guint i;

	expect_context_error("{\"a\":{}}", "{{a}}");
	expect_context_error("{\"a\":[]}", "{{a}}");
	for (i = 0; i < 3000; i++)
		g_string_append(list, ",1");
	g_string_append(list, "]}");
	/* Nine million turns without a word, and 27 MB of words. */
	expect_context_error(list->str, "{{#a}}{{#a}}{{^a}}{{/a}}{{/a}}{{/a}}");
	expect_context_error(list->str, "{{#a}}{{#a}}123{{/a}}{{/a}}");
}

static void test_unknown_name_is_told(void **state)
{
	g_autoptr(GError) error = NULL;

	assert_null(render("{\"a\":1}", "{{a}}\n{{#a}}\n{{b.c}}{{/a}}", RENDER_TEXT, &error));
	assert_string_equal(error->message, "t:3: nobody has the name b.c");
}

static void test_words_errors(void **state)
{
	static const char *const bad[] = { "a.b", "a.b =", "= x", "ab = x", "A.b = x", "a.b = x\na.b = y" };
	guint i;

	for (i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;

		assert_null(words_new(bad[i], strlen(bad[i]), &error));
		assert_true(g_error_matches(error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX));
	}
	assert_null(words_find(words, "kind", 4, "a-value-that-is-longer-than-any-word-of-the-program-can-be-because-nobody-would-"
			       "ever-write-such-a-long-word-into-a-file-of-words"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spec), cmocka_unit_test(test_syntax), cmocka_unit_test(test_modes), cmocka_unit_test(test_labels),
		cmocka_unit_test(test_truth), cmocka_unit_test(test_limits), cmocka_unit_test(test_unknown_name_is_told),
		cmocka_unit_test(test_words_errors),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
