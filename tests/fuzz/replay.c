/* Runs a fuzz target over every file of a folder, so that what the fuzzer once found stays fixed.
 * Needs no fuzzer; a sanitizer build sees the most. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"
#include "tests/fuzz/fuzz.h"

/* Each input in memory of exactly its size, so that reading past its end is caught. */
static void run(const char *bytes, size_t length)
{
    uint8_t *copy = tg_realloc(NULL, length + (length == 0));
    if (length > 0)
        memcpy(copy, bytes, length);
    LLVMFuzzerTestOneInput(copy, length);
    free(copy);
}

static int replay_folder(const char *folder)
{
    DIR *directory = opendir(folder);
    if (directory == NULL)
        return 0;
    int files = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        char *path = tg_path_join(folder, entry->d_name);
        struct tg_text text = {0};
        struct tg_diags diags = {0};
        fprintf(stderr, "%s\n", path); /* a crash shows which file it was */
        if (tg_file_read(path, (size_t)16 << 20, &text, &diags) != TG_OK) {
            fprintf(stderr, "%s\n", diags.items[0].message);
            exit(1);
        }
        run(text.data, text.length);
        files++;
        tg_diags_free(&diags);
        tg_text_free(&text);
        free(path);
    }
    closedir(directory);
    return files;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
        return 2;
    }
    run(NULL, 0);
    int files = replay_folder(argv[1]);
    printf("%d inputs replayed\n", files);
    return files > 0 ? 0 : 1;
}
