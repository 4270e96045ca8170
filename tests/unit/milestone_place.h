/* What the tests of the milestone's model share: a place with samples that were written by hand,
 * and the milestone made of it. */
#ifndef TG_TESTS_MILESTONE_PLACE_H
#define TG_TESTS_MILESTONE_PLACE_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/milestone/load.h"
#include "sample_gate.h"
#include "sample_result.h"
#include "sample_sweep.h"

#define HEAD "format = 1\nproject = 'Store'\nmilestone = 'M1'\nresults = 'r'\n"

struct place {
    struct tg_arena arena;
    struct tg_diags diags;
    struct tg_milestone_file file;
    struct tg_milestone_data data;
    struct tg_result *results[2];
    struct tg_milestone_loaded_gate gate;
    struct tg_comparison comparison;
    struct tg_sweep_runs sweep;
    struct tg_result *sizes[SAMPLE_SIZES];
};

static inline int set_up(void **state)
{
    struct place *place = tg_calloc(1, sizeof *place);
    place->results[0] = tg_sample_result();
    place->results[0]->id = "memory_store-20251121T000000Z";
    place->data.results = place->results;
    place->data.result_count = 1;
    tg_sample_sweep(place->sizes);
    place->sweep = (struct tg_sweep_runs){place->sizes, SAMPLE_SIZES};
    *state = place;
    return 0;
}

static inline int tear_down(void **state)
{
    struct place *place = *state;
    tg_result_free(place->results[0]);
    tg_result_free(place->results[1]);
    tg_sample_sweep_free(place->sizes);
    tg_diags_free(&place->diags);
    tg_arena_free(&place->arena);
    free(place);
    return 0;
}

/* The milestone of HEAD and `text`. */
static inline struct tg_milestone *make(struct place *place, const char *text)
{
    const char *whole = tg_arena_format(&place->arena, "%s%s", HEAD, text);
    if (tg_milestone_file_parse(whole, strlen(whole), "m.toml", &place->arena, &place->file,
                                &place->diags) != TG_OK)
        fail_msg("%d: %s", place->diags.items[0].line, place->diags.items[0].message);
    return tg_milestone_make(&place->file, &place->data, &place->arena);
}

static inline void with_gate(struct place *place, const struct tg_gate_view *view)
{
    place->gate = (struct tg_milestone_loaded_gate){
        .comparison = &place->comparison, .view = *view, .name = ""};
    place->data.gates = &place->gate;
    place->data.gate_count = 1;
}

static inline void check(const struct tg_milestone *milestone, size_t criterion,
                         enum tg_criterion_status status, double share, const char *evidence)
{
    const struct tg_milestone_criterion *found = &milestone->criteria[criterion];
    assert_string_equal(tg_criterion_status_name(found->status), tg_criterion_status_name(status));
    assert_float_equal(found->share, share, 1e-12);
    if (!tg_starts_with(found->evidence, evidence))
        fail_msg("\"%s\" does not begin with \"%s\"", found->evidence, evidence);
}

static inline void check_decision(const struct tg_milestone *milestone, enum tg_decision decision,
                                  int exit_code, double score, const char *reason)
{
    assert_string_equal(tg_decision_name(milestone->decision), tg_decision_name(decision));
    assert_int_equal(milestone->exit_code, exit_code);
    assert_float_equal(milestone->score, score, 1e-12);
    if (!strstr(milestone->reason, reason))
        fail_msg("\"%s\" does not say \"%s\"", milestone->reason, reason);
}

/* ---- targets, and the score ---- */

#define TARGETS                                                                                    \
    "[[criteria]]\nname = 'Latency'\nmeasure = 'targets'\nof = 'latency'\nweight = 40\n"           \
    "must = true\n"                                                                                \
    "[[criteria]]\nname = 'Rate'\nmeasure = 'targets'\nof = 'rate'\nweight = 20\n"                 \
    "[[criteria]]\nname = 'Half'\nmeasure = 'targets'\nat_least = '50%'\nweight = 10\n"

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

#endif
