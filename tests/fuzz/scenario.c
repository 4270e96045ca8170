/* The whole way of a scenario: bytes -> TOML -> tree -> validation -> hashes. Whatever the bytes
 * are, the loader either gives a scenario, which does not differ from itself, or says at least one
 * error. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/text.h"
#include "runner/scenario/diff.h"
#include "runner/scenario/scenario.h"
#include "tests/fuzz/fuzz.h"

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_difference(const struct tg_scenario *scenario)
{
    struct tg_arena arena = {0};
    struct tg_scenario_change *changes;
    size_t count;
    tg_scenario_diff(scenario, scenario, &arena, &changes, &count);
    check(count == 0);
    tg_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int fd = memfd_create("scenario", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, length) != (ssize_t)length)
        abort();
    char *path = tg_format("/proc/self/fd/%d", fd);
    struct tg_diags diags = {0};
    struct tg_scenario *scenario = NULL;
    const struct tg_override overrides[] = {{.key = "seed", .value = "7"},
                                            {.key = "description", .value = "a bare word"}};
    enum tg_status status = tg_scenario_load(path, overrides, 2, &scenario, &diags);
    check((status == TG_OK) == (scenario != NULL));
    check((status == TG_OK) == (diags.errors == 0));
    if (scenario) {
        check(scenario->seed == 7);
        check(scenario->phase_count > 0 && scenario->engine);
        struct tg_metric metric;
        const char *why;
        const char *hint;
        (void)tg_metric_parse(scenario, scenario->name, &metric, &why, &hint);
        check_difference(scenario);
    }
    tg_scenario_free(scenario);
    tg_diags_free(&diags);
    free(path);
    close(fd);
    return 0;
}
