#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/hash.h"

struct place { /* a folder of its own */
    char folder[64];
    struct tg_diags diags;
};

static int set_up(void **state)
{
    struct place *place = tg_calloc(1, sizeof *place);
    snprintf(place->folder, sizeof place->folder, "/tmp/tailgate-test-XXXXXX");
    if (!mkdtemp(place->folder))
        return -1;
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char *command = tg_format("rm -rf '%s'", place->folder);
    int failed = system(command); /* NOLINT(cert-env33-c): what is tested does not clean up */
    free(command);
    tg_diags_free(&place->diags);
    free(place);
    return failed;
}

/* Paths in the place, by small rotation; valid for the next seven calls. */
static const char *in(const struct place *place, const char *name)
{
    static char paths[8][256];
    static size_t next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", place->folder, name);
    return path;
}

static void put(struct place *place, const char *name, const char *text)
{
    FILE *file = fopen(in(place, name), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void check_contents(struct place *place, const char *name, const char *expected)
{
    char text[256] = "";
    FILE *file = fopen(in(place, name), "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(text, expected);
}

static size_t entries(struct place *place, const char *name)
{
    size_t count = 0;
    DIR *folder = opendir(in(place, name));
    assert_non_null(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count - 2; /* . and .. */
}

static void reading_appends_up_to_a_limit(void **state)
{
    struct place *place = *state;
    struct tg_text text = {0};
    put(place, "f", "hello");
    assert_int_equal(tg_file_read(in(place, "f"), 5, &text, &place->diags), TG_OK);
    assert_int_equal(tg_file_read(in(place, "f"), 5, &text, &place->diags), TG_OK);
    assert_string_equal(text.data, "hellohello");
    assert_int_equal(place->diags.count, 0);
    assert_int_equal(tg_file_read(in(place, "f"), 4, &text, &place->diags), TG_INVALID);
    assert_int_equal(tg_file_read(in(place, "g"), 4, &text, &place->diags), TG_SYSTEM);
    assert_int_equal(tg_file_read(place->folder, 4, &text, &place->diags), TG_INVALID);
    assert_int_equal(tg_file_read("/dev/zero", 4, &text, &place->diags), TG_INVALID);
    assert_int_equal(place->diags.errors, 4);
    assert_non_null(strstr(place->diags.items[1].message, "No such file"));
    tg_text_free(&text);
}

static void writing_never_replaces_unasked(void **state)
{
    struct place *place = *state;
    assert_int_equal(tg_file_write(in(place, "f"), "one", 3, false, &place->diags), TG_OK);
    check_contents(place, "f", "one");
    assert_int_equal(tg_file_write(in(place, "f"), "two", 3, false, &place->diags), TG_SYSTEM);
    check_contents(place, "f", "one");
    assert_non_null(strstr(place->diags.items[0].message, "File exists"));
    assert_int_equal(tg_file_write(in(place, "f"), "three", 5, true, &place->diags), TG_OK);
    check_contents(place, "f", "three");
    assert_int_equal(tg_file_write(in(place, "empty"), "", 0, true, &place->diags), TG_OK);
    check_contents(place, "empty", "");
    assert_int_equal(tg_file_write(in(place, "no/f"), "x", 1, true, &place->diags), TG_SYSTEM);
    assert_int_equal(entries(place, "."), 2); /* no temporary file is left */
    /* A dangling link is an existing name, too. */
    assert_int_equal(symlink("nowhere", in(place, "link")), 0);
    assert_int_equal(tg_file_write(in(place, "link"), "x", 1, false, &place->diags), TG_SYSTEM);
    assert_false(tg_path_exists(in(place, "nowhere")));
}

/* A limit on the size of files fails a write half-way, as a full disk does. */
static void a_failed_write_leaves_the_old_file(void **state)
{
    struct place *place = *state;
    char bytes[5000] = {0};
    struct rlimit old;
    put(place, "f", "old");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    struct rlimit tiny = {.rlim_cur = 1000, .rlim_max = old.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tiny), 0);
    enum tg_status status = tg_file_write(in(place, "f"), bytes, sizeof bytes, true, &place->diags);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, TG_SYSTEM);
    check_contents(place, "f", "old");
    assert_int_equal(entries(place, "."), 1);
}

static void folders_are_made_with_their_parents(void **state)
{
    struct place *place = *state;
    struct stat info;
    assert_int_equal(tg_make_folders(in(place, "a/b//c/"), &place->diags), TG_OK);
    assert_int_equal(tg_make_folders(in(place, "a/b/c"), &place->diags), TG_OK);
    assert_int_equal(stat(in(place, "a/b/c"), &info), 0);
    assert_true(S_ISDIR(info.st_mode));
    assert_int_equal(tg_make_folders("/", &place->diags), TG_OK);
    assert_int_equal(tg_make_folders(".", &place->diags), TG_OK);
    assert_int_equal(place->diags.count, 0);
    put(place, "file", "");
    assert_int_equal(tg_make_folders(in(place, "file"), &place->diags), TG_SYSTEM);
    assert_int_equal(tg_make_folders(in(place, "file/x"), &place->diags), TG_SYSTEM);
    assert_int_equal(tg_make_folders("", &place->diags), TG_SYSTEM);
}

static void a_writable_folder_is_probed_without_a_trace(void **state)
{
    struct place *place = *state;
    assert_int_equal(tg_check_writable_folder(in(place, "new"), &place->diags), TG_OK);
    assert_int_equal(entries(place, "new"), 0);
    /* /proc takes no files, not even root's. */
    assert_int_equal(tg_check_writable_folder("/proc/self", &place->diags), TG_SYSTEM);
    assert_int_equal(tg_check_writable_folder("/proc/no/such", &place->diags), TG_SYSTEM);
}

static void a_tree_is_removed_but_not_what_links_point_to(void **state)
{
    struct place *place = *state;
    assert_int_equal(tg_make_folders(in(place, "t/a/b"), &place->diags), TG_OK);
    assert_int_equal(tg_make_folders(in(place, "kept"), &place->diags), TG_OK);
    put(place, "t/a/b/f", "x");
    put(place, "kept/f", "x");
    assert_int_equal(symlink("../kept", in(place, "t/link")), 0);
    assert_int_equal(tg_remove_tree(in(place, "t"), &place->diags), TG_OK);
    assert_false(tg_path_exists(in(place, "t")));
    check_contents(place, "kept/f", "x");
    assert_int_equal(tg_remove_tree(in(place, "t"), &place->diags), TG_OK);
    assert_int_equal(tg_remove_tree(in(place, "kept/f"), &place->diags), TG_OK);
    assert_int_equal(entries(place, "kept"), 0);
    assert_int_equal(place->diags.count, 0);
}

static void a_folder_is_copied_file_by_file(void **state)
{
    struct place *place = *state;
    struct tg_diags *diags = &place->diags;
    assert_int_equal(tg_make_folders(in(place, "from/sub"), diags), TG_OK);
    assert_int_equal(tg_make_folders(in(place, "to"), diags), TG_OK);
    put(place, "from/one", "1");
    put(place, "from/empty", "");
    char *bytes = tg_calloc(1, 300000);
    for (size_t i = 0; i < 300000; i++)
        bytes[i] = (char)(i * 7 + i / 251);
    assert_int_equal(tg_file_write(in(place, "from/big"), bytes, 300000, false, diags), TG_OK);
    free(bytes);
    assert_int_equal(symlink("one", in(place, "from/link")), 0);
    assert_int_equal(tg_copy_folder(in(place, "from"), in(place, "to"), diags), TG_OK);
    assert_int_equal(entries(place, "to"), 3);
    check_contents(place, "to/one", "1");
    check_contents(place, "to/empty", "");
    char from[TG_HASH_TEXT];
    char to[TG_HASH_TEXT];
    assert_int_equal(tg_hash_file(in(place, "from/big"), from, diags), TG_OK);
    assert_int_equal(tg_hash_file(in(place, "to/big"), to, diags), TG_OK);
    assert_string_equal(from, to);
    assert_int_equal(diags->count, 0);
    /* Existing files are not written over. */
    assert_int_equal(tg_copy_folder(in(place, "from"), in(place, "to"), diags), TG_SYSTEM);
    assert_int_equal(tg_copy_folder(in(place, "none"), in(place, "to"), diags), TG_SYSTEM);
    assert_int_equal(tg_copy_folder(in(place, "from"), in(place, "none"), diags), TG_SYSTEM);
}

static void files_are_hashed_as_by_sha256sum(void **state)
{
    struct place *place = *state;
    char digest[TG_HASH_TEXT];
    put(place, "f", "abc");
    assert_int_equal(tg_hash_file(in(place, "f"), digest, &place->diags), TG_OK);
    assert_string_equal(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(tg_hash_file(in(place, "g"), digest, &place->diags), TG_SYSTEM);
    assert_int_equal(tg_hash_file(place->folder, digest, &place->diags), TG_SYSTEM);
}

static void check_join(const char *dir, const char *name, const char *expected)
{
    char *path = tg_path_join(dir, name);
    assert_string_equal(path, expected);
    free(path);
}

static void check_folder(const char *path, const char *expected)
{
    char *folder = tg_path_folder(path);
    assert_string_equal(folder, expected);
    free(folder);
}

static void paths_are_joined_and_taken_apart(void **state)
{
    (void)state;
    check_join("a", "b", "a/b");
    check_join("a/", "b", "a/b");
    check_join("/", "b", "/b");
    check_join("a", "/b", "/b");
    check_join("", "b", "b");
    check_join(NULL, "b", "b");
    check_folder("a/b", "a");
    check_folder("/a", "/");
    check_folder("a", ".");
    check_folder("/a/b/c", "/a/b");
}

static void check_upwards(const char *name, const char *expected)
{
    char *found = tg_path_find_upwards(name);
    if (expected)
        assert_string_equal(found, expected);
    else
        assert_null(found);
    free(found);
}

static void the_nearest_folder_upwards_is_found(void **state)
{
    struct place *place = *state;
    char *start = getcwd(NULL, 0);
    assert_int_equal(tg_make_folders(in(place, "a/b/c"), &place->diags), TG_OK);
    assert_int_equal(tg_file_write(in(place, "mark"), "", 0, false, &place->diags), TG_OK);
    assert_int_equal(tg_file_write(in(place, "a/b/mark"), "", 0, false, &place->diags), TG_OK);
    assert_int_equal(chdir(in(place, "a/b/c")), 0);
    check_upwards("mark", "..");
    check_upwards("no-such-file-anywhere", NULL);
    check_upwards("tmp", "../../../../.."); /* of the root */
    assert_int_equal(chdir(in(place, "a/b")), 0);
    check_upwards("mark", ".");
    assert_int_equal(chdir(in(place, "a")), 0);
    check_upwards("mark", "..");
    assert_int_equal(chdir(start), 0);
    free(start);
}

#define IN_PLACE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(reading_appends_up_to_a_limit),
        IN_PLACE(writing_never_replaces_unasked),
        IN_PLACE(a_failed_write_leaves_the_old_file),
        IN_PLACE(folders_are_made_with_their_parents),
        IN_PLACE(a_writable_folder_is_probed_without_a_trace),
        IN_PLACE(a_tree_is_removed_but_not_what_links_point_to),
        IN_PLACE(a_folder_is_copied_file_by_file),
        IN_PLACE(files_are_hashed_as_by_sha256sum),
        IN_PLACE(the_nearest_folder_upwards_is_found),
        cmocka_unit_test(paths_are_joined_and_taken_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
