/* The sample gate with what surrounds it, and one in which every name is out to break something. */
#ifndef TG_TESTS_UNIT_SAMPLE_COMPARE_H
#define TG_TESTS_UNIT_SAMPLE_COMPARE_H

#include "reports/compare/compare_view.h"
#include "tests/unit/sample_gate.h"

static inline struct tg_compare_view sample_compare(void)
{
    return (struct tg_compare_view){
        .gate = sample_gate,
        .compared = true,
        .host = "AMD EPYC, 2 CPUs, 24 GiB, Linux 6.1.0, kvm",
        .commits = {{"89abcdef0123456789abcdef0123456789abcdef", false},
                    {"0123456789abcdef0123456789abcdef01234567", true}},
        .again = "tailgate report compare --comparison memory_store-20251121T000000Z",
    };
}

/* Quotes, markup of four languages, mentions, commands of a runner, control characters, a byte that
 * is no UTF-8. */
#define HOSTILE                                                                                    \
    "\"'; system(\"id\") <script>alert(1)</script> @octocat #12 | ` ``` \\ %0A ]]> --> </title>\n" \
    "::error::x\r\n##[error]y\x01\x1b[31m\xff \xC2\xB5"

static inline struct tg_compare_view hostile_compare(void)
{
    static struct tg_gate_row rows[SAMPLE_ROWS];
    static struct tg_gate_moved moved[] = {{HOSTILE, 61200, 84000, {0.374, 0.36, 0.39}, 0.4, 0.83}};
    static struct tg_named_value facts[] = {{HOSTILE, HOSTILE}};
    static const char *const overrides[] = {HOSTILE};
    static const struct tg_compared_side sides[TG_SIDES] = {
        {HOSTILE, HOSTILE, HOSTILE, HOSTILE, overrides, 1, facts, 1},
        {HOSTILE, HOSTILE, HOSTILE, HOSTILE, overrides, 1, facts, 1},
    };
    static const char *const details[] = {HOSTILE};
    struct tg_compare_view view = sample_compare();
    for (size_t i = 0; i < SAMPLE_ROWS; i++) {
        rows[i] = sample_rows[i];
        rows[i].metric = HOSTILE;
        rows[i].note = rows[i].note ? HOSTILE : NULL;
    }
    view.gate.id = view.gate.task = view.gate.scenario = view.gate.phase = HOSTILE;
    view.gate.scenario_path = view.gate.before = view.gate.after = HOSTILE;
    view.gate.meaning = HOSTILE;
    view.gate.rows = rows;
    view.gate.moved = moved;
    view.gate.moved_count = 1;
    view.gate.sides = sides;
    view.gate.details = view.gate.positions = details;
    view.gate.detail_count = view.gate.position_count = 1;
    view.held_against = true;
    view.host = view.again = HOSTILE;
    view.commits[TG_BEFORE].commit = view.commits[TG_AFTER].commit = HOSTILE;
    return view;
}

#endif
