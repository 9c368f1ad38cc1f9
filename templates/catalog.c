/* catalog: the letters of the resource bundle, parsed once.
 *
 * The layout is not a template of its own: each letter's HTML is spliced into its source before parsing,
 * and the letter's subject into its title. So one walk writes the whole part, and a name that the layout
 * uses is checked in every letter.
 */
#include <string.h>
#include <gio/gio.h>
#include "templates/catalog.h"
#include "templates/render.h"
#include "templates/wrap.h"

#define FOLDER "/nesgate/templates/tr"
#define SUBJECT "Subject: "
#define HTML_LINE "\n=== html\n"

/* RFC 3676 wants 78 at most; two are left for a quote mark. */
enum { TEXT_COLUMNS = 76 };

struct letter_templates { struct template *subject, *text, *html; };

struct catalog {
	struct words *words;
	GHashTable *letters; /* name -> struct letter_templates */
	char **names;
};

static void letter_templates_free(void *p)
{
	struct letter_templates *l = p;

	template_free(l->subject);
	template_free(l->text);
	template_free(l->html);
	g_free(l);
}

static char *load(const char *file, gsize *len, GError **error)
{
	g_autofree char *path = g_strdup_printf(FOLDER "/%s", file);
	g_autoptr(GBytes) bytes = g_resources_lookup_data(path, 0, error);
	char *text;

	if (!bytes)
		return NULL;
	*len = g_bytes_get_size(bytes);
	text = g_strndup(g_bytes_get_data(bytes, NULL), *len);
	if (strlen(text) == *len && g_utf8_validate(text, *len, NULL))
		return text;
	g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX, "%s is not UTF-8", file);
	g_free(text);
	return NULL;
}

/* `name` with the subject and body of one letter in their places. */
static char *splice(const char *layout, const char *subject, const char *body)
{
	g_auto(GStrv) at_title = g_strsplit(layout, "{{{title}}}", 2);
	g_autofree char *titled = g_strjoinv(subject, at_title);
	g_auto(GStrv) at_body = g_strsplit(titled, "{{{body}}}", 2);

	return g_strjoinv(body, at_body);
}

static bool layout_ok(const char *layout, GError **error)
{
	if (strstr(layout, "{{{title}}}") && strstr(layout, "{{{body}}}"))
		return true;
	g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX, "layout.html has no place for the title or the body");
	return false;
}

/* The HTML alone is parsed first, only so that a mistake in it is reported with the letter's own lines. */
static struct template *html_parse(const char *file, const char *layout, const char *subject, const char *html,
				   GError **error)
{
	g_autofree char *label = g_strdup_printf("%s(html)", file), *whole = splice(layout, subject, html);
	struct template *alone = template_parse(label, html, strlen(html), error);

	if (!alone)
		return NULL;
	template_free(alone);
	g_free(label);
	label = g_strdup_printf("%s(html in layout)", file);
	return template_parse(label, whole, strlen(whole), error);
}

static struct template *part_parse(const char *file, const char *part, const char *source, GError **error)
{
	g_autofree char *label = g_strdup_printf("%s(%s)", file, part);

	return template_parse(label, source, strlen(source), error);
}

static struct letter_templates *letter_parse(const char *file, char *mail, const char *layout, GError **error)
{
	struct letter_templates *l = NULL;
	char *text = strstr(mail, "\n\n"), *html = strstr(mail, HTML_LINE);
	const char *subject = mail + strlen(SUBJECT);

	if (!g_str_has_prefix(mail, SUBJECT) || !text || !html || text + 1 >= html || memchr(mail, '\n', text - mail)) {
		g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_SYNTAX,
			    "%s: not a Subject line, an empty line, text, `=== html`, HTML", file);
		return NULL;
	}
	*text = 0;
	text += strlen("\n\n");
	html[1] = 0; /* the text keeps its last line end */
	html += strlen(HTML_LINE);
	l = g_new0(struct letter_templates, 1);
	l->subject = part_parse(file, "subject", subject, error);
	l->text = l->subject ? part_parse(file, "text", text, error) : NULL;
	l->html = l->text ? html_parse(file, layout, subject, html, error) : NULL;
	if (l->html)
		return l;
	letter_templates_free(l);
	return NULL;
}

static bool letter_load(struct catalog *c, const char *file, const char *layout, GError **error)
{
	gsize len;
	g_autofree char *mail = load(file, &len, error);
	struct letter_templates *l = mail ? letter_parse(file, mail, layout, error) : NULL;

	if (!l)
		return false;
	g_hash_table_insert(c->letters, g_strndup(file, strlen(file) - strlen(".mail")), l);
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool catalog_load(struct catalog *c, GError **error)
{
	g_auto(GStrv) files = g_resources_enumerate_children(FOLDER, 0, error);
	gsize len, words_len = 0;
	g_autofree char *layout = files ? load("layout.html", &len, error) : NULL;
	g_autofree char *words = layout && layout_ok(layout, error) ? load("words.txt", &words_len, error) : NULL;
	guint i;

	c->words = words ? words_new(words, words_len, error) : NULL;
	if (!c->words)
		return false;
	for (i = 0; files[i]; i++)
		if (g_str_has_suffix(files[i], ".mail") && !letter_load(c, files[i], layout, error))
			return false;
	c->names = (char **)g_hash_table_get_keys_as_array(c->letters, &i);
	qsort(c->names, i, sizeof *c->names, by_name);
	return true;
}

struct catalog *catalog_new(GError **error)
{
	struct catalog *c = g_new0(struct catalog, 1);

	c->letters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, letter_templates_free);
	if (catalog_load(c, error))
		return c;
	catalog_free(c);
	return NULL;
}

void catalog_free(struct catalog *c)
{
	if (!c)
		return;
	g_free(c->names);
	g_hash_table_unref(c->letters);
	words_free(c->words);
	g_free(c);
}

const char *const *catalog_letters(const struct catalog *c)
{
	return (const char *const *)c->names;
}

struct letter_text *catalog_render(const struct catalog *c, const char *letter, const char *common, const char *context,
				   GError **error)
{
	const struct letter_templates *l = g_hash_table_lookup(c->letters, letter);
	struct letter_text *t = NULL;
	struct context *x;
	g_autofree char *text = NULL;

	if (!l) {
		g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_UNKNOWN_LETTER, "there is no letter %s", letter);
		return NULL;
	}
	x = context_new(common, context, c->words, error);
	if (!x)
		return NULL;
	t = g_new0(struct letter_text, 1);
	t->subject = render_template(l->subject, x, RENDER_HEADER, error);
	text = t->subject ? render_template(l->text, x, RENDER_TEXT, error) : NULL;
	t->text = text ? wrap_lines(text, TEXT_COLUMNS) : NULL;
	t->html = text ? render_template(l->html, x, RENDER_HTML, error) : NULL;
	context_free(x);
	if (!t->html)
		g_clear_pointer(&t, letter_text_free);
	return t;
}

void letter_text_free(struct letter_text *t)
{
	if (!t)
		return;
	g_free(t->subject);
	g_free(t->text);
	g_free(t->html);
	g_free(t);
}

const char *catalog_word(const struct catalog *c, const char *key, const char *value)
{
	const char *word = words_find(c->words, key, strlen(key), value);

	return word ? word : value;
}
