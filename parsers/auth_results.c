/* auth_results: see auth_results.h. */
#include "parsers/auth_results.h"
#include "parsers/address.h"
#include <string.h>

/* One "method=result prop.erty=value ..." between semicolons. */
struct statement {
	char *method, *result;
	GHashTable *properties; /* lower-case name to value */
};

static const char *skip_blanks_and_comments(const char *p)
{
	int depth = 0;

	for (; *p; p++) {
		if (depth && *p == '\\' && p[1])
			p++;
		else if (*p == '(')
			depth++;
		else if (depth && *p == ')')
			depth--;
		else if (!depth && !g_ascii_isspace(*p))
			break;
	}
	return p;
}

/* A quoted string, or what stands before one of `stops`. */
static const char *take_word(GString *word, const char *p, const char *stops)
{
	g_string_truncate(word, 0);
	if (*p != '"') {
		size_t n = strcspn(p, stops);

		g_string_append_len(word, p, n);
		return p + n;
	}
	for (p++; *p && *p != '"'; p++) {
		if (*p == '\\' && p[1])
			p++;
		g_string_append_c(word, *p);
	}
	return *p ? p + 1 : p;
}

static void add_pair(struct statement *s, const char *name, const char *value)
{
	g_autofree char *lower = NULL;

	if (!s->method) {
		s->method = g_ascii_strdown(name, strcspn(name, "/"));
		s->result = g_ascii_strdown(value, -1);
		return;
	}
	/* The first counts: a sender may be able to write into what stands behind. */
	lower = g_ascii_strdown(name, -1);
	if (!g_hash_table_contains(s->properties, lower))
		g_hash_table_insert(s->properties, g_steal_pointer(&lower), g_strdup(value));
}

/* Reads up to the semicolon, which quoted strings and comments do not end. */
static const char *take_statement(struct statement *s, const char *p)
{
	g_autoptr(GString) name = g_string_new(NULL);
	g_autoptr(GString) value = g_string_new(NULL);

	while (*(p = skip_blanks_and_comments(p)) && *p != ';') {
		p = skip_blanks_and_comments(take_word(name, p, "=; \t\r\n(\""));
		if (*p != '=') {
			if (!name->len && *p && *p != ';')
				p++;
			continue;
		}
		/* Signatures stand unquoted in header.b, so '=' is part of a value. */
		p = take_word(value, skip_blanks_and_comments(p + 1), "; \t\r\n(");
		if (name->len)
			add_pair(s, name->str, value->str);
	}
	return p;
}

static const char *property(const struct statement *s, const char *name)
{
	return g_hash_table_lookup(s->properties, name);
}

/* header.i is "@domain" or "user@domain", smtp.mailfrom an address or a domain. */
static bool is_aligned(const char *value, const char *from)
{
	return value && address_aligned(address_domain(value), address_domain(from));
}

struct judge {
	const char *from;
	struct auth *out;
	bool dmarc_failed, aligned, own_user;
};

static void judge_dmarc(struct judge *j, const struct statement *s, bool pass)
{
	j->dmarc_failed |= !strcmp(s->result, "fail");
	j->aligned |= pass && is_aligned(property(s, "header.from"), j->from);
}

static void judge_dkim(struct judge *j, const struct statement *s, bool pass)
{
	const char *d = property(s, "header.d");

	j->aligned |= pass && is_aligned(d ? d : property(s, "header.i"), j->from);
}

static void judge_spf(struct judge *j, const struct statement *s, bool pass)
{
	const char *sender = property(s, "smtp.mailfrom");

	j->aligned |= pass && is_aligned(sender ? sender : property(s, "smtp.mail"), j->from);
}

static void judge_auth(struct judge *j, const struct statement *s, bool pass)
{
	const char *user = property(s, "smtp.auth");

	j->own_user |= pass && user && !g_ascii_strcasecmp(user, j->from);
}

static const struct method {
	const char *name;
	void (*judge)(struct judge *j, const struct statement *s, bool pass);
	size_t result; /* offset in struct auth; auth has none */
} methods[] = {
	{ "dmarc", judge_dmarc, offsetof(struct auth, dmarc) },
	{ "dkim", judge_dkim, offsetof(struct auth, dkim) },
	{ "spf", judge_spf, offsetof(struct auth, spf) },
	{ "auth", judge_auth, G_MAXSIZE },
};

/* Of several results of one method (a mail may be signed twice) "pass" is the one to show. */
static void show_result(struct auth *out, size_t offset, const char *result)
{
	char **slot = (char **)((char *)out + offset);

	if (*slot && strcmp(result, "pass"))
		return;
	g_free(*slot);
	*slot = g_strdup(result);
}

static void judge_statement(struct judge *j, const struct statement *s)
{
	bool pass = s->result && !strcmp(s->result, "pass");

	for (size_t i = 0; s->method && i < G_N_ELEMENTS(methods); i++) {
		if (strcmp(methods[i].name, s->method))
			continue;
		if (methods[i].result != G_MAXSIZE)
			show_result(j->out, methods[i].result, s->result);
		if (j->from)
			methods[i].judge(j, s, pass);
	}
}

static void judge_field(struct judge *j, const char *p)
{
	while (*p == ';') {
		struct statement s = { NULL, NULL, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free) };

		p = take_statement(&s, p + 1);
		judge_statement(j, &s);
		g_hash_table_unref(s.properties);
		g_free(s.method);
		g_free(s.result);
	}
	j->out->trusted = j->own_user || (j->aligned && !j->dmarc_failed);
}

void auth_results_read(const struct fields *f, const char *authserv_id, const char *from, struct auth *out)
{
	g_autoptr(GString) id = g_string_new(NULL);
	struct judge j = { from, out };
	const struct header_field *field;

	for (guint i = 0; authserv_id && (field = fields_at(f, i)); i++) {
		const char *p;

		if (g_ascii_strcasecmp(field->name, "Authentication-Results"))
			continue;
		p = take_word(id, skip_blanks_and_comments(field->value), "; \t\r\n(");
		if (g_ascii_strcasecmp(id->str, authserv_id))
			continue;
		out->authserv_id = g_strdup(authserv_id);
		/* A version may stand before the first semicolon. */
		p = skip_blanks_and_comments(p);
		p += strspn(p, "0123456789");
		judge_field(&j, skip_blanks_and_comments(p));
		return;
	}
}
