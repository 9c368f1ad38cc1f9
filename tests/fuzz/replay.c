/* replay: feeds every file of the given folders to a fuzz target, without a fuzzing engine. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_folder(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	int n = 0;

	for (const char *name; dir && (name = g_dir_read_name(dir)); n++) {
		g_autofree char *path = g_build_filename(folder, name, NULL), *bytes = NULL;
		gsize len;

		if (g_file_get_contents(path, &bytes, &len, NULL))
			LLVMFuzzerTestOneInput((const uint8_t *)bytes, len);
	}
	return n;
}

int main(int argc, char **argv)
{
	int n = 0;

	for (int i = 1; i < argc; i++)
		n += replay_folder(argv[i]);
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	printf("%d inputs replayed\n", n);
	return 0;
}
