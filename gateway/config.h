/* config: the settings, one libconfig file; the rows stand in config.def and make the struct, the parser, `check`, the manual
 * page and `explain`. Unknown and doubled names are errors with a line number. Paths of secrets, never secrets.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include "parsers/limits.h"
#include "queue/policy.h"

#define CONFIG_TYPE_TEXT   char *
#define CONFIG_TYPE_PATH   char *
#define CONFIG_TYPE_NUMBER gint64
#define CONFIG_TYPE_SWITCH gint64
#define CONFIG_TYPE_LIST   char **  /* NULL-terminated */
#define CONFIG_TYPE_WORD   char *   /* one of the allowed words */
struct config {
#define SETTING(kind, member, name, preset, least, most, sentence) CONFIG_TYPE_##kind member;
#include "gateway/config.def"
#undef SETTING
	struct directory *who;   /* config.directory, parsed */
	struct calendar *work;   /* work.…, parsed */
	GPtrArray *pinned;       /* config.officer_certificate: struct pinned; NULL: not set */
	guint list_weekdays;     /* config.list_days: bit 0: Monday */
	GBytes *token_key;       /* data/token.key, made at first start */
	char *own_domain;        /* of `from` */
};

#define CONFIG_ERROR (config_error_quark())
enum config_error { CONFIG_ERROR_FILE, CONFIG_ERROR_SYNTAX, CONFIG_ERROR_SETTING };
GQuark config_error_quark(void);

/* Relative paths are taken from the folder of the file. NULL with one clear sentence (file:line: what). */
struct config *config_load(const char *path, GError **error);
void config_free(struct config *c);
/* The queue's part of it; strings stay the config's. */
struct policy config_policy(const struct config *c);
/* How much of a document readers read. */
struct limits config_limits(const struct config *c);
/* JSON object of what every letter may print: institution, office, support, from, ca_paper_address, paper_to,
 * and the truth value self_post: the applicant posts his paper. Free with g_free. */
char *config_common(const struct config *c);
/* First line of a secret's file, without the line end; refuses files that others may read. */
char *config_secret(const char *path, GError **error);
/* Is this file there, and readable by us and not by others? For keys, which their own room reads. */
bool config_private(const char *path, GError **error);
/* Wipes the token key from this process's memory: for children that must not hold it, before they meet strangers' bytes. */
void config_forget(struct config *c);

/* The rows, for check, explain and the manual. */
struct setting_row { const char *kind, *name, *preset, *sentence; };
extern const struct setting_row config_rows[]; /* ends with a NULL name */
