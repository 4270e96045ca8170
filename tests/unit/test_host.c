#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "baselines/host.h"
#include "common/file.h"
#include "common/text.h"

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
    int failed = tg_remove_tree(place->folder, &place->diags) != TG_OK;
    tg_diags_free(&place->diags);
    free(place);
    return failed;
}

/* ---- host ---- */

static void write_below(const struct place *place, const char *file, const char *text)
{
    struct tg_diags diags = {0};
    char *path = tg_path_join(place->folder, file);
    char *folder = tg_path_folder(path);
    assert_int_equal(tg_make_folders(folder, &diags), TG_OK);
    assert_int_equal(tg_file_write(path, text, strlen(text), true, &diags), TG_OK);
    free(folder);
    free(path);
}

static void a_host_is_described_from_its_files(void **state)
{
    struct place *place = *state;
    struct tg_arena arena = {0};
    struct tg_host host;
    write_below(place, "proc/cpuinfo",
                "processor\t: 0\nmodel name\t: Some CPU @ 3GHz  \nflags\t\t: fpu hypervisor sse\n");
    write_below(place, "proc/meminfo", "MemTotal:       24684032 kB\nMemFree: 1 kB\n");
    write_below(place, "etc/os-release", "NAME=\"x\"\nPRETTY_NAME=\"A System 12\"\n");
    write_below(place, "sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n");
    write_below(place, "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
    tg_host_read_below(place->folder, &arena, &host);
    assert_string_equal(host.cpu_model, "Some CPU @ 3GHz");
    assert_true(host.memory_bytes == INT64_C(24684032) * 1024);
    assert_string_equal(host.distribution, "A System 12");
    assert_string_equal(host.clock_source, "hpet");
    assert_string_equal(host.governor, "powersave");
    assert_string_equal(host.virtualisation, "vm"); /* the flag, and no name in the firmware */

    write_below(place, "sys/class/dmi/id/sys_vendor", "QEMU\n");
    write_below(place, "run/.containerenv", "");
    tg_host_read_below(place->folder, &arena, &host);
    assert_string_equal(host.virtualisation, "podman on qemu");

    /* Bare metal of a cloud: its vendor in the firmware, no hypervisor in the flags. */
    write_below(place, "proc/cpuinfo", "model name : M\nflags : fpu nohypervisor sse\n");
    write_below(place, "sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
    tg_host_read_below(place->folder, &arena, &host);
    assert_string_equal(host.virtualisation, "podman");
    tg_arena_free(&arena);
}

static void an_unknown_host_is_no_error(void **state)
{
    struct place *place = *state;
    struct tg_arena arena = {0};
    struct tg_host host;
    tg_host_read_below(place->folder, &arena, &host);
    assert_string_equal(host.cpu_model, "unknown");
    assert_string_equal(host.distribution, "unknown");
    assert_string_equal(host.governor, "none");
    assert_string_equal(host.virtualisation, "none");
    assert_int_equal(host.memory_bytes, 0);
    assert_int_equal(strlen(host.fingerprint), 64);
    tg_host_read(&arena, &host);
    assert_true(host.cpus >= 1 && host.memory_bytes > 0);
    tg_arena_free(&arena);
}

static struct tg_host host_of(struct tg_arena *arena, const char *json_text)
{
    struct tg_host host;
    cJSON *json = cJSON_Parse(json_text);
    assert_true(tg_host_from_json(json, arena, &host));
    cJSON_Delete(json);
    return host;
}

#define HOST(cpu, cpus, memory, kernel, distribution)                                              \
    "{\"fingerprint\":\"claimed\",\"cpu_model\":\"" cpu "\",\"cpus\":" cpus                        \
    ",\"memory_bytes\":" memory ",\"architecture\":\"x86_64\",\"kernel\":\"" kernel                \
    "\",\"distribution\":\"" distribution "\",\"clock_source\":\"tsc\",\"governor\":\"none\","     \
    "\"virtualisation\":\"kvm\",\"libraries\":{}}"

static void a_fingerprint_changes_with_what_matters_alone(void **state)
{
    (void)state;
    struct tg_arena arena = {0};
    struct tg_host host =
        host_of(&arena, HOST("AMD EPYC", "2", "25276448768", "6.1.0-28-amd64", "Debian"));
    /* Python: hashlib.sha256 over the fields as baselines/host.h lists them, each text behind its
     * length as 8 bytes little-endian; 25276448768 bytes are 23.54 GiB, so 24. */
    assert_string_equal(host.fingerprint,
                        "1296743d0d1f9c6594fdec8488170ef6af43edbea2c949537985b3cac91eb46a");
    struct tg_host same =
        host_of(&arena, HOST("AMD EPYC", "2", "25769803776", "6.1.0-31-amd64", "Debian 12.9"));
    assert_string_equal(same.fingerprint, host.fingerprint);
    struct tg_host cpu = host_of(&arena, HOST("Xeon", "2", "25276448768", "6.1.0", "Debian"));
    struct tg_host cpus = host_of(&arena, HOST("AMD EPYC", "4", "25276448768", "6.1.0", "Debian"));
    struct tg_host memory =
        host_of(&arena, HOST("AMD EPYC", "2", "24000000000", "6.1.0", "Debian"));
    struct tg_host kernel =
        host_of(&arena, HOST("AMD EPYC", "2", "25276448768", "6.12.0", "Debian"));
    assert_string_not_equal(cpu.fingerprint, host.fingerprint);
    assert_string_not_equal(cpus.fingerprint, host.fingerprint);
    assert_string_not_equal(memory.fingerprint, host.fingerprint);
    assert_string_not_equal(kernel.fingerprint, host.fingerprint);
    assert_null(tg_host_difference(&host, &same, &arena));
    assert_string_equal(tg_host_difference(&host, &cpu, &arena), "CPU AMD EPYC there, Xeon here");
    assert_string_equal(tg_host_difference(&cpus, &host, &arena), "number of CPUs 4 there, 2 here");
    assert_string_equal(tg_host_difference(&memory, &kernel, &arena),
                        "GiB of memory 22 there, 24 here; kernel 6.1 there, 6.12 here");
    assert_string_equal(tg_host_line(&host, &arena),
                        "AMD EPYC, 2 CPUs, 24 GiB, Linux 6.1.0-28-amd64, kvm");
    tg_arena_free(&arena);
}

/* Whatever goes into the fingerprint can be told in words. */
static void each_difference_has_a_name(void **state)
{
    (void)state;
    struct tg_arena arena = {0};
    struct tg_host host, other;
    tg_host_read(&arena, &host);
    cJSON *json = tg_host_to_json(&host);
    static const char *const texts[] = {"cpu_model",    "architecture", "kernel",
                                        "clock_source", "governor",     "virtualisation"};
    static const char *const words[] = {"CPU",          "architecture",       "kernel",
                                        "clock source", "frequency governor", "virtualisation"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        cJSON *changed = cJSON_Duplicate(json, true);
        cJSON_ReplaceItemInObjectCaseSensitive(changed, texts[i], cJSON_CreateString("0.0"));
        assert_true(tg_host_from_json(changed, &arena, &other));
        assert_string_not_equal(other.fingerprint, host.fingerprint);
        const char *difference = tg_host_difference(&other, &host, &arena);
        assert_non_null(difference);
        assert_true(tg_starts_with(difference, words[i]));
        assert_non_null(strstr(difference, " 0.0 there, "));
        cJSON_Delete(changed);
    }
    assert_non_null(tg_host_library(&host, "tailgate"));
    assert_null(tg_host_library(&host, "tail"));
    cJSON_Delete(json);
    tg_arena_free(&arena);
}

static void a_host_survives_its_document(void **state)
{
    (void)state;
    struct tg_arena arena = {0};
    struct tg_host host;
    struct tg_host again;
    tg_host_read(&arena, &host);
    cJSON *json = tg_host_to_json(&host);
    assert_true(tg_host_from_json(json, &arena, &again));
    cJSON *twice = tg_host_to_json(&again);
    assert_true(cJSON_Compare(json, twice, 1));
    assert_true(again.library_count >= 5);
    cJSON_DeleteItemFromObject(json, "clock_source");
    assert_false(tg_host_from_json(json, &arena, &again));
    assert_false(tg_host_from_json(NULL, &arena, &again));
    cJSON_Delete(twice);
    cJSON_Delete(json);
    tg_arena_free(&arena);
}

/* ---- git ---- */

static int run(const char *command)
{
    return system(command); /* NOLINT(cert-env33-c): fixed commands of a test */
}

static void git_facts_are_those_of_the_folder(void **state)
{
    struct place *place = *state;
    struct tg_arena arena = {0};
    struct tg_git git;
    char before[4096];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(place->folder), 0);
    tg_git_read(&arena, &git);
    assert_null(git.commit);
    assert_false(git.dirty);
    if (run("git init -q . 2>/dev/null") == 0) {
        tg_git_read(&arena, &git);
        assert_null(git.commit); /* a repository without a commit */
        assert_int_equal(run("echo a >file; git add file; git -c user.name=t -c user.email=t@t "
                             "-c commit.gpgsign=false commit -q -m x; git rev-parse HEAD >../id.$$;"
                             " mv ../id.$$ .git/answer"),
                         0);
        char *file = tg_path_join(place->folder, ".git/answer");
        struct tg_text answer = {0};
        assert_int_equal(tg_file_read(file, 100, &answer, &place->diags), TG_OK);
        free(file);
        tg_git_read(&arena, &git);
        assert_non_null(git.commit);
        assert_memory_equal(git.commit, answer.data, 40);
        assert_false(git.dirty);
        tg_text_free(&answer);
        assert_int_equal(run("echo untracked >other"), 0);
        tg_git_read(&arena, &git);
        assert_false(git.dirty);
        assert_int_equal(run("echo b >file"), 0);
        tg_git_read(&arena, &git);
        assert_true(git.dirty);
    }
    assert_int_equal(chdir(before), 0);
    tg_arena_free(&arena);
}

/* A git that hangs, and none at all, cost patience but not the run. */
static void a_git_that_hangs_or_lacks_is_no_git(void **state)
{
    struct place *place = *state;
    struct tg_arena arena = {0};
    struct tg_git git;
    char *path = tg_strdup(getenv("PATH"));
    write_below(place, "bin/git", "#!/bin/sh\nexec /bin/sleep 60\n");
    char *bin = tg_path_join(place->folder, "bin");
    char *program = tg_path_join(bin, "git");
    assert_int_equal(chmod(program, 0755), 0);
    setenv("PATH", bin, 1);
    tg_git_read(&arena, &git);
    assert_null(git.commit);
    setenv("PATH", place->folder, 1);
    tg_git_read(&arena, &git);
    assert_null(git.commit);
    setenv("PATH", path, 1);
    free(program);
    free(bin);
    free(path);
    tg_arena_free(&arena);
}

#define IN_PLACE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(a_host_is_described_from_its_files),
        IN_PLACE(an_unknown_host_is_no_error),
        cmocka_unit_test(a_fingerprint_changes_with_what_matters_alone),
        cmocka_unit_test(each_difference_has_a_name),
        cmocka_unit_test(a_host_survives_its_document),
        IN_PLACE(git_facts_are_those_of_the_folder),
        IN_PLACE(a_git_that_hangs_or_lacks_is_no_git),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
