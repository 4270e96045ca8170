/* Launches made by hand, of a scenario with two operations, for the tests of the gate's metrics. */
#ifndef TG_TESTS_HAND_LAUNCH_H
#define TG_TESTS_HAND_LAUNCH_H

#include "gate/enough.h"
#include "gate/metrics.h"

enum { A, PUT, OPS, PAIRS = 3 };

struct hand_launch {
    struct tg_launch launch;
    struct tg_slice slices[TG_SIDES][PAIRS]; /* of the closed loop, or of both */
    struct tg_hdr *ops[TG_SIDES][PAIRS][OPS];
    int64_t steal_ns[PAIRS];
};

extern struct tg_comparison *comparison; /* of the test that runs */

/* The scenario with [gate] as in `gate`, and what it gates: sets `comparison`. */
struct tg_scenario *gated(const char *gate, struct tg_gated_set *set);
/* The scenario alone. */
struct tg_scenario *scenario_with(const char *gate);

/* Every slice takes 1 us on the side before, 2 us after. */
void set_up_launch(struct hand_launch *hand);
void tear_down_launch(struct hand_launch *hand);
void record(struct hand_launch *hand, enum tg_side side, int pair, int op, int64_t value_ns,
            int64_t count);
/* Three operations a in each slice, at 100, 200, 100 ns before and 110, 200, 300 ns after. And one
 * operation put, always at 1500 ns, which must not show in a's figures. */
void set_up_usual(struct hand_launch *hand);
void move_to_the_rate(struct hand_launch *hand);
/* Records a launch and says what the statistics are told of it. */
void estimate_of(const struct tg_gated_set *set, const struct hand_launch *hand,
                 struct tg_launch_estimate *estimates);

#endif
