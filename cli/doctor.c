#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baselines/host.h"
#include "baselines/result_store.h"
#include "cli/cli.h"
#include "cli/library.h"
#include "common/file.h"
#include "common/json.h"
#include "common/program.h"
#include "common/units.h"
#include "reports/layout/text_table.h"
#include "runner/drive/room.h"

static const char help[] =
    "Usage: tailgate doctor [--json]\n"
    "\n"
    "Checks whether this machine is fit to measure on, and what Tailgate needs is there.\n"
    "\n"
    "  --json   as JSON\n"
    "  --help   show this\n"
    "\n"
    "The exit code is 0 unless a line says \"fail\"; then it is 4.\n";

enum health { HEALTH_OK, HEALTH_WARN, HEALTH_FAIL };
static const char *const health_words[] = {"ok", "warn", "fail"};

struct finding {
    enum health health;
    const char *check;
    const char *text;   /* what was found */
    const char *advice; /* what to do about it, NULL when ok */
};

struct checkup {
    struct tg_arena arena;
    struct finding findings[32];
    size_t count;
};

static void note(struct checkup *checkup, enum health health, const char *check, const char *text,
                 const char *advice)
{
    if (checkup->count == sizeof checkup->findings / sizeof *checkup->findings)
        abort();
    checkup->findings[checkup->count++] = (struct finding){
        health, check, tg_arena_strdup(&checkup->arena, text), health == HEALTH_OK ? NULL : advice};
}

static bool one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

/* ---- the machine ---- */

static void check_processor(struct checkup *checkup, const struct tg_host *host)
{
    static const char *const quick_clocks[] = {"tsc", "arch_sys_counter", "kvm-clock",
                                               "hyperv_clocksource_tsc_page", NULL};
    static const char *const steady_governors[] = {"performance", "none", NULL};

    note(checkup, host->cpus >= 2 ? HEALTH_OK : HEALTH_WARN, "processors",
         tg_arena_format(&checkup->arena, "%lld, %s", (long long)host->cpus, host->cpu_model),
         "with one CPU the harness and the store take turns on it; use two or more");
    note(checkup, one_of(host->clock_source, quick_clocks) ? HEALTH_OK : HEALTH_WARN,
         "clock source", host->clock_source,
         "reading this clock is slow and counts into every operation; boot with clocksource=tsc "
         "where the CPU has an invariant TSC");
    note(checkup, one_of(host->governor, steady_governors) ? HEALTH_OK : HEALTH_WARN, "governor",
         host->governor,
         "the CPU's frequency changes while you measure; cpupower frequency-set -g performance");
    note(checkup, strcmp(host->virtualisation, "none") == 0 ? HEALTH_OK : HEALTH_WARN,
         "virtualisation", host->virtualisation,
         "neighbours can disturb the figures; watch the platform line of each report");
}

static void check_load(struct checkup *checkup, const struct tg_host *host)
{
    double load;
    if (getloadavg(&load, 1) != 1)
        return;
    note(checkup, load < 0.5 * (double)host->cpus ? HEALTH_OK : HEALTH_WARN, "load",
         tg_arena_format(&checkup->arena, "%.2f over the last minute", load),
         "something else is running; wait for it or stop it");
}

static bool readable(const char *path)
{
    struct tg_diags ignored = {0};
    struct tg_text text = {0};
    bool ok = tg_file_read(path, 1 << 22, &text, &ignored) == TG_OK && text.length > 0;
    tg_text_free(&text);
    tg_diags_free(&ignored);
    return ok;
}

static void check_counters(struct checkup *checkup)
{
    bool steal = readable("/proc/stat");
    bool pressure = readable("/proc/pressure/cpu") && readable("/proc/pressure/io");
    note(checkup, steal ? HEALTH_OK : HEALTH_WARN, "steal counter",
         steal ? "/proc/stat" : "/proc/stat cannot be read",
         "time that the hypervisor takes away will go unseen; mount /proc");
    note(checkup, pressure ? HEALTH_OK : HEALTH_WARN, "pressure counters",
         pressure ? "/proc/pressure" : "/proc/pressure cannot be read",
         "reports will lack the pressure of CPU and disk; boot with psi=1");
}

/* ---- what Tailgate needs ---- */

static void check_home(struct checkup *checkup)
{
    struct tg_diags diags = {0};
    const char *home = tg_store_home();
    if (tg_store_check(home, &diags) != TG_OK) {
        note(checkup, HEALTH_FAIL, "results",
             tg_arena_format(&checkup->arena, "%s: %s", home, diags.items[0].message),
             "set TAILGATE_HOME to a folder that can be written");
        tg_diags_free(&diags);
        return;
    }
    tg_diags_free(&diags);
    note(checkup, HEALTH_OK, "results", tg_arena_format(&checkup->arena, "%s can be written", home),
         NULL);

    enum { LITTLE_MIB = 100, ENOUGH_MIB = 2048 };
    char size[TG_UNIT_TEXT];
    int64_t free_bytes = tg_room_free_disk_bytes(home);
    if (free_bytes < 0)
        return;
    int64_t free_mib = free_bytes >> 20;
    note(checkup,
         free_mib < LITTLE_MIB   ? HEALTH_FAIL
         : free_mib < ENOUGH_MIB ? HEALTH_WARN
                                 : HEALTH_OK,
         "disk space",
         tg_arena_format(&checkup->arena, "%s free", tg_format_bytes(free_bytes, size)),
         "data sets and their copies need room; free some, or set TAILGATE_HOME elsewhere");
}

static void check_libraries(struct checkup *checkup)
{
    size_t count;
    const struct tg_engine *const *engines = tg_engines(&count);
    for (size_t i = 0; i < count; i++) {
        char text[TG_LIBRARY_TEXT];
        if (!engines[i]->default_library)
            continue;
        bool found = tg_library_probe(engines[i], text);
        note(checkup, found ? HEALTH_OK : HEALTH_FAIL,
             tg_arena_format(&checkup->arena, "engine %s", engines[i]->kind),
             found ? tg_arena_format(&checkup->arena, "%s %s", engines[i]->default_library, text)
                   : text,
             "install the library, or name another one in the scenario: engine.library");
    }
}

static void check_programs(struct checkup *checkup)
{
    bool git = tg_program_in_path("git");
    bool gnuplot = tg_program_in_path("gnuplot");
    note(checkup, git ? HEALTH_OK : HEALTH_WARN, "git", git ? "found" : "not found",
         "results will not say which commit they belong to; install git");
    note(checkup, gnuplot ? HEALTH_OK : HEALTH_WARN, "gnuplot", gnuplot ? "found" : "not found",
         "charts as pictures need it; install gnuplot");
}

/* ---- output ---- */

static void print_text(const struct checkup *checkup)
{
    static const enum tg_style styles[] = {TG_GREEN, TG_YELLOW, TG_RED};
    enum { CHECK_WIDTH = 18, TEXT_COLUMN = 6 + CHECK_WIDTH + 1 };
    bool color = tg_use_color(stdout);
    size_t width = (size_t)tg_terminal_columns();
    struct tg_text out = {0};
    for (size_t i = 0; i < checkup->count; i++) {
        const struct finding *finding = &checkup->findings[i];
        const char *word = health_words[finding->health];
        tg_style_add(&out, styles[finding->health], color, word);
        tg_text_pad(&out, ' ', 6 - strlen(word));
        tg_text_addf(&out, "%-*s ", CHECK_WIDTH, finding->check);
        tg_wrap_add(&out, finding->text, TEXT_COLUMN, TEXT_COLUMN, width);
        if (finding->advice) {
            tg_text_pad(&out, ' ', TEXT_COLUMN);
            tg_wrap_add(&out, finding->advice, TEXT_COLUMN, TEXT_COLUMN, width);
        }
    }
    fputs(tg_text_string(&out), stdout);
    tg_text_free(&out);
}

static void print_json(const struct checkup *checkup)
{
    cJSON *array = tg_json_array();
    for (size_t i = 0; i < checkup->count; i++) {
        const struct finding *finding = &checkup->findings[i];
        cJSON *item = tg_json_push(array, tg_json_object());
        tg_json_add_string(item, "check", finding->check);
        tg_json_add_string(item, "status", health_words[finding->health]);
        tg_json_add_string(item, "found", finding->text);
        tg_json_add_string(item, "advice", finding->advice);
    }
    char *text = tg_json_print(array);
    fputs(text, stdout);
    free(text);
    cJSON_Delete(array);
}

static int examine(bool json)
{
    struct checkup checkup = {0};
    struct tg_host host;
    tg_host_read(&checkup.arena, &host);
    check_processor(&checkup, &host);
    check_load(&checkup, &host);
    check_counters(&checkup);
    check_home(&checkup);
    check_libraries(&checkup);
    check_programs(&checkup);

    int exit_code = TG_EXIT_PASS;
    for (size_t i = 0; i < checkup.count; i++)
        if (checkup.findings[i].health == HEALTH_FAIL)
            exit_code = TG_EXIT_ERROR;
    if (json)
        print_json(&checkup);
    else
        print_text(&checkup);
    tg_arena_free(&checkup.arena);
    return exit_code;
}

int tg_cmd_doctor(int argc, char **argv)
{
    bool json;
    int exit_code;
    if (!tg_parse_json_only("doctor", help, argc, argv, &json, &exit_code))
        return exit_code;
    return examine(json);
}
