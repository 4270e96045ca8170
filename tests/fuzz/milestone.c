/* The file of a milestone: whatever the bytes are, the reader either gives one or says at least one
 * error; and what it gives is fit to be reported on. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "reports/milestone/file.h"
#include "tests/fuzz/fuzz.h"

static void check(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct tg_arena arena = {0};
    struct tg_diags diags = {0};
    struct tg_milestone_file file;
    enum tg_status status = tg_milestone_file_parse((const char *)bytes, length, "milestone.toml",
                                                    &arena, &file, &diags);
    check((status == TG_OK) == (diags.errors == 0));
    if (status == TG_OK) {
        check(*file.project && *file.name);
        check(file.results.count + file.scenarios.count + file.sweeps.count + file.before_count >
              0);
        check(isnan(file.approve_at) || (file.approve_at >= 0 && file.approve_at <= 100));
        for (size_t i = 0; i < file.before_count; i++)
            check(file.befores[i].name != NULL);
        for (size_t i = 0; i < file.measure_count; i++) {
            const struct tg_milestone_measure *measure = &file.measures[i];
            check(*measure->name && measure->measure < TG_MEASURES);
            check(measure->at_least > 0 && measure->at_least <= 1);
            check(measure->weight > 0 || (measure->weight == 0 && measure->must));
        }
        for (size_t i = 0; i < file.recommendation_count; i++)
            check(*file.recommendations[i].priority && *file.recommendations[i].text);
    }
    tg_diags_free(&diags);
    tg_arena_free(&arena);
    return 0;
}
