/* unzip: the parts of a zip archive in memory (see unzip.h).
 *
 * Two checks of the same limit: at opening by the directory's claims (cheap, stops honest giants),
 * at reading by the bytes that come out (stops liars). The ratio counts only above 100 KiB because
 * small XML of repeated words packs better than 100:1 in honest files.
 */
#include "parsers/unzip.h"

#include "parsers/zip_guard.h"

#include <glib.h>
#include <string.h>
#include <zip.h>

enum { RATIO_FREE = 100 << 10 };

struct part_entry {
	char *key; /* lower-cased name */
	const char *name;
	zip_uint64_t size, packed;
};

struct unzip {
	struct limits limits;
	zip_t *archive;
	struct part_entry *parts;
	size_t count;
	zip_uint64_t unpacked, claimed;
};

void unzip_close(struct unzip *z)
{
	if (!z)
		return;
	for (size_t i = 0; i < z->count; i++)
		g_free(z->parts[i].key);
	g_free(z->parts);
	zip_discard(z->archive);
	g_free(z);
}

static const char *stat_part(struct unzip *z, size_t i)
{
	struct part_entry *e = &z->parts[i];
	zip_stat_t st;

	if (zip_stat_index(z->archive, i, 0, &st) || !(st.valid & ZIP_STAT_NAME))
		return "zip_damaged";
	if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE)
		return "zip_encrypted";
	e->name = st.name;
	e->key = g_ascii_strdown(st.name, -1);
	e->size = st.size;
	e->packed = st.comp_size;
	if (e->size > z->limits.unpacked || (z->unpacked += e->size) > z->limits.unpacked)
		return "zip_too_large";
	if (e->size > RATIO_FREE && e->size / z->limits.ratio > e->packed)
		return "zip_bomb";
	for (size_t k = 0; k < i; k++)
		if (!strcmp(z->parts[k].key, e->key))
			return "zip_duplicate_part";
	return NULL;
}

static const char *stat_parts(struct unzip *z)
{
	const char *complaint = NULL;
	zip_int64_t n = zip_get_num_entries(z->archive, 0);

	if (n < 0 || (zip_uint64_t)n > z->limits.entries)
		return n < 0 ? "zip_damaged" : "zip_too_many_parts";
	z->parts = g_new0(struct part_entry, (size_t)n + 1);
	for (z->count = 0; z->count < (size_t)n && !complaint;)
		complaint = stat_part(z, z->count), z->count++;
	z->claimed = z->unpacked;
	z->unpacked = 0; /* from here on it counts what really came out */
	return complaint;
}

struct unzip *unzip_open(const struct limits *l, const char *bytes, size_t len, const char **complaint)
{
	zip_source_t *source = zip_source_buffer_create(bytes, len, 0, NULL);
	zip_t *archive = source ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;

	if (!archive) {
		zip_source_free(source);
		*complaint = "zip_damaged";
		return NULL;
	}
	struct unzip *z = g_new0(struct unzip, 1);
	z->limits = *l;
	z->archive = archive;
	*complaint = stat_parts(z);
	if (!*complaint && !zip_guard_passes(bytes, len))
		*complaint = "zip_ambiguous";
	if (*complaint)
		g_clear_pointer(&z, unzip_close);
	return z;
}

size_t unzip_count(const struct unzip *z)
{
	return z->count;
}

size_t unzip_claimed(const struct unzip *z)
{
	return z->claimed;
}

const char *unzip_name(const struct unzip *z, size_t i)
{
	return z->parts[i].name;
}

long unzip_find(const struct unzip *z, const char *name)
{
	for (size_t i = 0; i < z->count; i++)
		if (!g_ascii_strcasecmp(z->parts[i].key, name))
			return (long)i;
	return -1;
}

/* Reads to the end, where libzip compares the checksum. A part larger than it claims is damaged. */
static const char *read_all(zip_file_t *file, char *out, size_t size)
{
	size_t got = 0;
	zip_int64_t n;

	while (got <= size && (n = zip_fread(file, out + got, size + 1 - got)) > 0)
		got += (size_t)n;
	return got != size || n < 0 ? "zip_damaged" : NULL;
}

char *unzip_read(struct unzip *z, size_t i, size_t *len, const char **complaint)
{
	const struct part_entry *e = &z->parts[i];
	zip_file_t *file = zip_fopen_index(z->archive, i, 0);

	if (!file) {
		*complaint = "zip_damaged";
		return NULL;
	}
	g_autofree char *out = g_malloc(e->size + 1); /* at most what is allowed, checked at opening */
	*complaint = read_all(file, out, e->size);
	zip_fclose(file);
	z->unpacked += e->size;
	if (!*complaint && z->unpacked > z->limits.unpacked)
		*complaint = "zip_too_large";
	if (*complaint)
		return NULL;
	out[e->size] = '\0';
	*len = e->size;
	return g_steal_pointer(&out);
}

char *unzip_read_named(struct unzip *z, const char *name, size_t *len, const char **complaint)
{
	long i = unzip_find(z, name);

	*complaint = NULL;
	return i >= 0 ? unzip_read(z, (size_t)i, len, complaint) : NULL;
}
