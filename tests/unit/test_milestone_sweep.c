/* What the sizes of a sweep bring into a milestone. All that is expected was worked out by hand
 * from the sample. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "milestone_place.h"

/* Sizes 100,000 and 1,000,000 of the sample miss a target. */
static void sizes_decide_without_being_asked_for(void **state)
{
    struct place *place = *state;
    place->data.result_count = 0;
    place->data.sweeps = &place->sweep;
    place->data.sweep_count = 1;
    const struct tg_milestone *milestone = make(place, "");
    assert_int_equal(milestone->criterion_count, 1);
    assert_true(milestone->criteria[0].implied);
    check(milestone, 0, TG_CRITERION_MISSED, 0.5,
          "2 of 4 sizes passed (S1); missed: 100,000 rows: steady: target missed: query.p99 < 3ms "
          "(S1); missed: 1,000,000 rows: ");
    check_decision(milestone, TG_DECISION_REJECTED, 1, 50, "\"Every size passes\" is missed");
    /* Who says up to which size the targets are to hold has asked. */
    milestone = make(place, "[[criteria]]\nname = 'a'\nmeasure = 'capacity'\nrows = 10_000\n");
    assert_int_equal(milestone->criterion_count, 1);
    /* A size that was planned and not measured is open. */
    place->sweep = (struct tg_sweep_runs){place->sizes + 2, 2}; /* the two smallest */
    milestone = make(place, "");
    check(milestone, 0, TG_CRITERION_INCONCLUSIVE, 0.5,
          "2 of 4 sizes passed (S1); open: 100,000 rows: not measured (S1)");
    check_decision(milestone, TG_DECISION_CONDITIONAL, 3, 50, "is not decided");
}

/* Not only of the largest; and the source is the sweep, which the documents list. */
static void findings_of_all_sizes_count(void **state)
{
    struct place *place = *state;
    place->data.result_count = 0;
    place->data.sweeps = &place->sweep;
    place->data.sweep_count = 1;
    place->sizes[3]->crash = "signal 11 (SIGSEGV)"; /* the smallest */
    place->sizes[3]->crash_signal = 11;
    const struct tg_milestone *milestone =
        make(place, "[[criteria]]\nname = 'a'\nmeasure = 'capacity'\nrows = 10_000\n");
    assert_string_equal(milestone->findings.items[0].code, "crash");
    assert_string_equal(milestone->findings.items[0].source, milestone->sources[0].id);
    assert_string_equal(milestone->findings.items[1].where, "phase steady, 100,000 rows");
    assert_string_equal(milestone->findings.items[2].where, "phase steady, 1,000,000 rows");
    check_decision(milestone, TG_DECISION_REJECTED, 1, milestone->score, "1 critical finding");
}

/* Its own size is no override of a sweep; what was set beside it is. */
static void overrides_of_a_sweep_are_told(void **state)
{
    static const char *overrides[] = {"engine.pragma.synchronous=OFF", "sweep.at=1000000"};
    struct place *place = *state;
    place->data.result_count = 0;
    place->data.sweeps = &place->sweep;
    place->data.sweep_count = 1;
    place->sizes[0]->overrides = overrides; /* the largest */
    place->sizes[0]->override_count = 2;
    const struct tg_milestone *milestone = make(place, "");
    assert_string_equal(milestone->sources[0].what, "4 sizes of scale, 2025-11-21 00:00 UTC, with "
                                                    "engine.pragma.synchronous=OFF");
    assert_int_equal(milestone->caveat_count, 1);
    assert_string_equal(milestone->caveats[0], "S1 was run with engine.pragma.synchronous=OFF, not "
                                               "the scenario as it stands");
}

static void check_achieved(const struct tg_milestone *milestone, const char *text, bool expected)
{
    struct tg_text out = {0};
    tg_milestone_executive(milestone, &out);
    assert_true((strstr(out.data, text) != NULL) == expected);
    tg_text_free(&out);
}

/* The two smallest sizes meet all six limits. What the next one, cut short, says of them is not
 * known, and so no achievement. */
static void limits_are_held_where_they_were_measured(void **state)
{
    struct place *place = *state;
    place->data.result_count = 0;
    place->data.sweeps = &place->sweep;
    place->data.sweep_count = 1;
    place->sweep = (struct tg_sweep_runs){place->sizes + 2, 2};
    check_achieved(make(place, ""),
                   "scale meets its 6 limits at every measured size, up to 10,000 rows", true);
    place->sweep = (struct tg_sweep_runs){place->sizes + 1, 3};
    place->sizes[1]->phases[0].interrupted = true;
    check_achieved(make(place, ""), "at every measured size", false);
}

/* The sample sweep: of four limits on latency that of `query` holds up to 10,000 rows, the others
 * at all sizes, up to 1,000,000. */
static void sweeps(void **state)
{
    struct place *place = *state;
    place->data.sweeps = &place->sweep;
    place->data.sweep_count = 1;
    const struct tg_milestone *milestone = make(
        place, "[[criteria]]\nname = 'a'\nmeasure = 'capacity'\nrows = 10_000\n"
               "[[criteria]]\nname = 'b'\nmeasure = 'capacity'\nrows = 1_000_000\n"
               "[[criteria]]\nname = 'c'\nmeasure = 'capacity'\nrows = 10_000_000\n"
               "operations = 'put'\n"
               "[[criteria]]\nname = 'd'\nmeasure = 'growth'\nat_most = 0.2\noperations = 'put'\n"
               "[[criteria]]\nname = 'e'\nmeasure = 'growth'\nat_most = 0.2\noperations = 'get'\n"
               "[[criteria]]\nname = 'f'\nmeasure = 'growth'\nat_most = 0.2\n"
               "operations = ['query', 'put']\n");
    check(milestone, 0, TG_CRITERION_MET, 1, "4 of 4 latency targets met at 10,000 rows (S1)");
    check(milestone, 1, TG_CRITERION_MISSED, 0.75,
          "3 of 4 latency targets met at 1,000,000 rows (S1); missed: query.p99 < 3ms, met up to "
          "10,000, missed at 100,000 (S1)");
    check(milestone, 2, TG_CRITERION_INCONCLUSIVE, 0, "0 of 1 latency target met at 10,000,000");
    check(milestone, 3, TG_CRITERION_MET, 1, "1 of 1 operation");
    check(milestone, 4, TG_CRITERION_INCONCLUSIVE, 0, "0 of 1 operation");
    check(milestone, 5, TG_CRITERION_MISSED, 0.5, "1 of 2 operations");
    /* A limit on the latencies of a whole phase is one, where no operations are named. */
    for (size_t i = 0; i < SAMPLE_SIZES; i++) {
        struct tg_target_result *rate = &place->sizes[i]->targets[4];
        rate->key = "scale/steady/*/service.p99";
        rate->text = "p99 < 1ms";
        rate->metric = TG_METRIC_PERCENTILE;
        rate->status = TG_TARGET_MISSED;
    }
    milestone = make(place, "[[criteria]]\nname = 'a'\nmeasure = 'capacity'\nrows = 10_000\n"
                            "[[criteria]]\nname = 'b'\nmeasure = 'capacity'\nrows = 10_000\n"
                            "operations = '*'\n");
    check(milestone, 0, TG_CRITERION_MISSED, 0.8,
          "4 of 5 latency targets met at 10,000 rows (S1); missed: p99 < 1ms, met up to none, "
          "missed at 1,000 (S1)");
    check(milestone, 1, TG_CRITERION_MET, 1, "4 of 4 latency targets met at 10,000 rows (S1)");
    /* Met at 10,000 and missed at 100,000: nothing was measured at 50,000. */
    milestone = make(place, "[[criteria]]\nname = 'a'\nmeasure = 'capacity'\nrows = 50_000\n"
                            "operations = 'query'\n");
    check(milestone, 0, TG_CRITERION_INCONCLUSIVE, 0,
          "0 of 1 latency target met at 50,000 rows (S1); open: query.p99 < 3ms, met up to "
          "10,000, missed at 100,000 (S1)");
}

/* `query` meets its limit at 1,000 and misses it at 100,000; the phase at 10,000 was invalid. */
static void a_size_without_data_hides_no_miss(void **state)
{
    struct place *place = *state;
    place->data.sweeps = &place->sweep;
    place->data.sweep_count = 1;
    place->sizes[2]->phases[0].invalid = "the rate was not offered";
    const struct tg_milestone *milestone =
        make(place, "[[criteria]]\nname = 'a'\nmeasure = 'capacity'\nrows = 100_000\n"
                    "operations = 'query'\n"
                    "[[criteria]]\nname = 'b'\nmeasure = 'capacity'\nrows = 10_000\n"
                    "operations = 'query'\n");
    check(milestone, 0, TG_CRITERION_MISSED, 0,
          "0 of 1 latency target met at 100,000 rows (S1); missed: query.p99 < 3ms, met up to "
          "1,000, no data at 10,000, missed at 100,000 (S1)");
    check(milestone, 1, TG_CRITERION_INCONCLUSIVE, 0, "0 of 1 latency target met at 10,000 rows");
}

/* The largest size meets the limit of `put` only without the 3 % that were never started: no must
 * is met by that, and no achievement made of it. Missed targets are told as risks, open ones as
 * what the figures do not cover. */
static void what_is_in_doubt_decides_nothing(void **state)
{
    struct place *place = *state;
    struct tg_result *largest = place->sizes[0];
    struct tg_text out = {0};
    place->data.sweeps = &place->sweep;
    place->data.sweep_count = 1;
    largest->targets[3].key = "scale/steady/put/response.p99";
    largest->phases[0].offered = 10000;
    largest->phases[0].issued = 9700;
    const struct tg_milestone *milestone =
        make(place, "[[criteria]]\nname = 'a'\nmeasure = 'capacity'\nrows = 1_000_000\n"
                    "operations = 'put'\nmust = true\n");
    check(milestone, 0, TG_CRITERION_INCONCLUSIVE, 0,
          "0 of 1 latency target met at 1,000,000 rows (S1); open: put.p99 < 50ms, met up to "
          "100,000, no data at 1,000,000 (S1)");
    tg_milestone_executive(milestone, &out);
    const char *risks = strstr(out.data, "## Risks");
    assert_non_null(strstr(risks, "- 1 of 6 targets of scale missed at a size that was measured: "
                                  "query.p99 \\< 3ms, met up to 10,000, missed at 100,000 [S1]"));
    const char *uncovered = strstr(risks, "### What the figures do not cover");
    assert_non_null(strstr(uncovered, "- 1 of 6 targets of scale without data, or in doubt, at a "
                                      "size that was measured: put.p99 \\< 50ms, met up to "
                                      "100,000, no data at 1,000,000 [S1]"));
    tg_text_free(&out);
}

/* 40, 44, 38, 46 us against 50 us: no growth is shown, and the upper bound of the exponent reaches
 * the limit at about 2,500,000 rows, before get.p99 does (4,500,000), whose growth is shown. */
static void what_may_break_soonest_comes_first(void **state)
{
    static const double put_ns[] = {46e3, 38e3, 44e3, 40e3}; /* largest first */
    struct place *place = *state;
    struct tg_text out = {0};
    place->data.sweeps = &place->sweep;
    place->data.sweep_count = 1;
    for (size_t i = 0; i < SAMPLE_SIZES; i++) {
        place->sizes[i]->targets[3].value = put_ns[i];
        place->sizes[i]->targets[3].limit = 50e3;
    }
    tg_milestone_quick_reference(make(place, ""), &out);
    const char *table = strstr(out.data, "## Scale limits");
    const char *put = strstr(table, "put.p99"), *get = strstr(table, "get.p99");
    const char *query = strstr(table, "query.p99");
    assert_true(query < put && put < get);
    assert_true(strstr(put, "| no growth shown ") < strchr(put, '\n'));
    tg_text_free(&out);
}

static const cJSON *at(const cJSON *json, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
    if (!item)
        fail_msg("no %s", key);
    return item;
}

/* Numbers as the tables have them: none beyond ten times the largest size, and two digits. By hand
 * from test_sweep_view.c: get.p99 < 20us soonest at 4.51 million, and 14.9 million as the line has
 * it; query.p99 was missed. All six targets are there. */
static void the_summary_gives_the_numbers_of_the_tables(void **state)
{
    struct place *place = *state;
    struct tg_text out = {0};
    place->data.sweeps = &place->sweep;
    place->data.sweep_count = 1;
    tg_milestone_summary(make(place, ""), &out);
    cJSON *json = cJSON_Parse(out.data);
    const cJSON *limits = at(json, "scale_limits");
    const cJSON *first = cJSON_GetArrayItem(limits, 0);
    const cJSON *get = cJSON_GetArrayItem(at(first, "targets"), 0);
    assert_true(cJSON_IsNull(at(get, "missed_rows")));
    assert_string_equal(at(get, "extrapolated_soonest")->valuestring, "about 4,500,000");
    assert_true(cJSON_IsNull(at(get, "extrapolated_degrades_rows")));
    assert_string_equal(at(get, "extrapolated_degrades")->valuestring, "beyond 10,000,000");
    assert_true(at(get, "extrapolated_soonest_rows")->valuedouble == 4500000);
    const cJSON *query = cJSON_GetArrayItem(at(cJSON_GetArrayItem(limits, 1), "targets"), 0);
    assert_true(at(query, "missed_rows")->valuedouble == 100000);
    assert_true(cJSON_IsNull(at(query, "extrapolated_degrades")));
    assert_int_equal(cJSON_GetArraySize(limits), 5); /* four operations, and the phase */
    const cJSON *rest = cJSON_GetArrayItem(limits, 4);
    assert_true(cJSON_IsNull(at(rest, "operation")));
    assert_string_equal(at(rest, "phase")->valuestring, "steady");
    assert_int_equal(cJSON_GetArraySize(at(rest, "targets")), 2);
    assert_string_equal(at(cJSON_GetArrayItem(at(rest, "targets"), 1), "text")->valuestring,
                        "errors == 0");
    cJSON_Delete(json);
    tg_text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(sizes_decide_without_being_asked_for),
        CASE(findings_of_all_sizes_count),
        CASE(overrides_of_a_sweep_are_told),
        CASE(limits_are_held_where_they_were_measured),
        CASE(sweeps),
        CASE(a_size_without_data_hides_no_miss),
        CASE(what_is_in_doubt_decides_nothing),
        CASE(what_may_break_soonest_comes_first),
        CASE(the_summary_gives_the_numbers_of_the_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
