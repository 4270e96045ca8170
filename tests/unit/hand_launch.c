#include "hand_launch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/text.h"

/* ---- a scenario ---- */

struct tg_scenario *scenario_with(const char *gate)
{
    char path[] = "/tmp/tailgate-gate-XXXXXX";
    struct tg_diags diags = {0};
    struct tg_scenario *scenario = NULL;
    char *text = tg_format("format = 1\nname = \"two\"\n[engine]\nkind = \"noop\"\n"
                           "[op.a]\n[op.put]\n[op.other]\n"
                           "[mix.main]\na = 3\nput = 1\n"
                           "[[phase]]\nname = \"main\"\nmix = \"main\"\nfor = \"1s\"\n"
                           "rate = 1000\n"
                           "[[phase]]\nname = \"rest\"\nmix = \"other\"\nfor = \"1s\"\n%s",
                           gate);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(tg_file_write(path, text, strlen(text), true, &diags), TG_OK);
    assert_int_equal(tg_scenario_load(path, NULL, 0, &scenario, &diags), TG_OK);
    unlink(path);
    free(text);
    tg_diags_free(&diags);
    return scenario;
}

struct tg_comparison *comparison;

struct tg_scenario *gated(const char *gate, struct tg_gated_set *set)
{
    struct tg_scenario *scenario = scenario_with(gate);
    struct tg_diags diags = {0};
    comparison = tg_comparison_new();
    assert_int_equal(tg_gated_choose(scenario, 0, 0, set, comparison, &diags), TG_OK);
    assert_int_equal(diags.count, 0);
    tg_diags_free(&diags);
    return scenario;
}

/* ---- a launch ---- */

void set_up_launch(struct hand_launch *hand)
{
    *hand = (struct hand_launch){.launch = {.op_count = OPS}};
    struct tg_slice_pairs *pairs = &hand->launch.pairs[TG_CLOSED_LOOP];
    *pairs = (struct tg_slice_pairs){.count = PAIRS, .room = PAIRS, .steal_ns = hand->steal_ns};
    for (int side = 0; side < TG_SIDES; side++) {
        pairs->slices[side] = hand->slices[side];
        for (int pair = 0; pair < PAIRS; pair++) {
            for (int op = 0; op < OPS; op++)
                hand->ops[side][pair][op] = tg_hdr_new(&tg_hdr_latency_ns);
            hand->slices[side][pair] = (struct tg_slice){
                .elapsed_ns = side == TG_BEFORE ? 1000 : 2000, .ops = hand->ops[side][pair]};
        }
    }
}

void tear_down_launch(struct hand_launch *hand)
{
    for (int side = 0; side < TG_SIDES; side++)
        for (int pair = 0; pair < PAIRS; pair++)
            for (int op = 0; op < OPS; op++)
                free(hand->ops[side][pair][op]);
}

void record(struct hand_launch *hand, enum tg_side side, int pair, int op, int64_t value_ns,
            int64_t count)
{
    tg_hdr_record_many(hand->ops[side][pair][op], value_ns, count);
}

void set_up_usual(struct hand_launch *hand)
{
    static const int64_t values_ns[TG_SIDES][PAIRS] = {{100, 200, 100}, {110, 200, 300}};
    set_up_launch(hand);
    for (int side = 0; side < TG_SIDES; side++) {
        for (int pair = 0; pair < PAIRS; pair++) {
            record(hand, side, pair, A, values_ns[side][pair], 3);
            record(hand, side, pair, PUT, 1500, 1);
        }
    }
}

void estimate_of(const struct tg_gated_set *set, const struct hand_launch *hand,
                 struct tg_launch_estimate *estimates)
{
    size_t number = tg_comparison_add_launch(comparison);
    size_t next = 0;
    tg_gated_record(set, &hand->launch, comparison, number);
    for (size_t i = 0; i < comparison->metric_count; i++) {
        const struct tg_compared_metric *metric = &comparison->metrics[i];
        if (metric->why_not)
            continue;
        const struct tg_compared_value *value = &metric->values[number];
        estimates[next++] = (struct tg_launch_estimate){
            .pooled =
                tg_log_change(value->pooled[TG_BEFORE], value->pooled[TG_AFTER], metric->direction),
            .typical = value->typical};
    }
}

void move_to_the_rate(struct hand_launch *hand)
{
    hand->launch.pairs[TG_OPEN_LOOP] = hand->launch.pairs[TG_CLOSED_LOOP];
    hand->launch.pairs[TG_CLOSED_LOOP] = (struct tg_slice_pairs){0};
}
