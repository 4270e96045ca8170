#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "common/text.h"
#include "runner/histogram/hdr.h"

static const struct tg_hdr_config hour_us = {1, INT64_C(3600000000), 3};

/* Numbers spread evenly over all magnitudes: a shifted step of splitmix64 (Steele et al. 2014). */
static int64_t next_value(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return (int64_t)(z >> (1 + z % 63));
}

static void the_layout_is_that_of_the_reference(void **state)
{
    (void)state;
    /* Derived by hand: 2 * 10^3 -> 2,048 sub-buckets; 2^11 * 2^21 = 2^32 is the first power of two
     * beyond 3.6e9: 22 buckets; (22 + 1) * 1,024 counts. HdrHistogram_c's tests say the same. */
    struct tg_hdr *hdr = tg_hdr_new(&hour_us);
    assert_int_equal(hdr->sub_bucket_count, 2048);
    assert_int_equal(hdr->bucket_count, 22);
    assert_int_equal(hdr->counts_length, 23552);
    assert_int_equal(hdr->unit_magnitude, 0);
    free(hdr);
    /* 2^42 is the first power of two beyond 3.6e12. */
    hdr = tg_hdr_new(&tg_hdr_latency_ns);
    assert_int_equal(hdr->bucket_count, 32);
    assert_int_equal(hdr->counts_length, 33 * 1024);
    free(hdr);
    /* 512 is the largest power of two up to 1,000: values count in units of it. */
    hdr = tg_hdr_new(&(struct tg_hdr_config){1000, 1 << 20, 2});
    assert_int_equal(hdr->unit_magnitude, 9);
    assert_int_equal(hdr->sub_bucket_count, 256);
    assert_int_equal(hdr->bucket_count, 5);
    free(hdr);
}

static void impossible_configurations_are_not_valid(void **state)
{
    (void)state;
    const struct tg_hdr_config bad[] = {
        {0, 100, 3},
        {-1, 100, 3},
        {1, 1, 3},
        {100, 199, 3},
        {1, 100, -1},
        {1, 100, 6},
        {1, -5, 3},
        {1, INT64_MIN, 3},
        {INT64_MAX, INT64_MAX, 0},
        {INT64_C(1) << 62, INT64_MAX, 0},
        {INT64_C(1) << 52, INT64_MAX, 3},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(tg_hdr_config_valid(&bad[i]));
    const struct tg_hdr_config good[] = {
        {1, 2, 0}, {100, 200, 3}, {1, INT64_MAX, 5}, {INT64_C(1) << 51, INT64_MAX, 3}};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(tg_hdr_config_valid(&good[i]));
}

static void no_configuration_takes_64_mib(void **state)
{
    (void)state;
    for (int digits = 0; digits <= 5; digits++) {
        struct tg_hdr_config widest = {1, INT64_MAX, digits};
        assert_true(tg_hdr_size(&widest) < (size_t)64 << 20);
    }
}

static void equivalent_values_are_those_of_the_reference(void **state)
{
    (void)state;
    /* value, lowest, middle, highest; the values are those of HistogramTest in HdrHistogram (Java),
     * checked by hand: from 2^(10 + n) on, buckets are 2^n wide. */
    static const int64_t cases[][4] = {
        {1, 1, 1, 1},
        {2047, 2047, 2047, 2047},
        {2500, 2500, 2501, 2501},
        {4000, 4000, 4001, 4001},
        {8180, 8180, 8182, 8183},
        {8191, 8188, 8190, 8191},
        {8193, 8192, 8196, 8199},
        {10007, 10000, 10004, 10007},
        {10008, 10008, 10012, 10015},
    };
    struct tg_hdr *hdr = tg_hdr_new(&hour_us);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(tg_hdr_lowest_equivalent(hdr, cases[i][0]), cases[i][1]);
        assert_int_equal(tg_hdr_middle_equivalent(hdr, cases[i][0]), cases[i][2]);
        assert_int_equal(tg_hdr_highest_equivalent(hdr, cases[i][0]), cases[i][3]);
    }
    free(hdr);
}

static void buckets_cover_the_range_without_gap_or_overlap(void **state)
{
    (void)state;
    for (int digits = 0; digits <= 4; digits++) {
        struct tg_hdr *hdr = tg_hdr_new(&(struct tg_hdr_config){1000, INT64_C(1) << 40, digits});
        int64_t next = 0;
        int64_t precision = 1;
        for (int i = 0; i < digits; i++)
            precision *= 10;
        for (int32_t i = 0; i < hdr->counts_length; i++) {
            int64_t lowest = tg_hdr_value_at_index(hdr, i);
            int64_t highest = tg_hdr_highest_equivalent(hdr, lowest);
            assert_int_equal(lowest, next);
            assert_int_equal(tg_hdr_index(hdr, lowest), i);
            assert_int_equal(tg_hdr_index(hdr, highest), i);
            assert_int_equal(tg_hdr_lowest_equivalent(hdr, highest), lowest);
            /* The promise: values that fall together differ by at most one unit of the last
             * significant digit, or of the lowest discernible value. */
            assert_true((highest - lowest) * precision <= highest || highest - lowest < 1000);
            next = highest + 1;
        }
        assert_true(next > hdr->config.highest);
        free(hdr);
    }
}

static void values_out_of_range_are_counted_and_nothing_else(void **state)
{
    (void)state;
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    const int64_t last = (INT64_C(1) << 42) - 1;
    tg_hdr_record(hdr, last);
    assert_int_equal(hdr->out_of_range, 0);
    tg_hdr_record(hdr, last + 1);
    tg_hdr_record(hdr, INT64_MAX);
    tg_hdr_record(hdr, -1);
    tg_hdr_record(hdr, INT64_MIN);
    tg_hdr_record_many(hdr, last + 1, 10);
    tg_hdr_record_many(hdr, -1, 20);
    assert_int_equal(hdr->out_of_range, 34);
    assert_int_equal(hdr->total, 1);
    assert_int_equal(hdr->min, last);
    assert_int_equal(hdr->max, last);
    assert_true(tg_hdr_mean(hdr) == (double)last);
    free(hdr);
    /* With all 63 bits in range only negative values are out of it. */
    hdr = tg_hdr_new(&(struct tg_hdr_config){1, INT64_MAX, 0});
    tg_hdr_record(hdr, INT64_MAX);
    tg_hdr_record(hdr, INT64_MIN);
    tg_hdr_record(hdr, -1);
    assert_int_equal(hdr->total, 1);
    assert_int_equal(hdr->out_of_range, 2);
    free(hdr);
}

static void an_empty_histogram_has_no_values(void **state)
{
    (void)state;
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    assert_int_equal(hdr->min, INT64_MAX);
    assert_int_equal(hdr->max, 0);
    assert_int_equal(tg_hdr_percentile(hdr, 0), 0);
    assert_int_equal(tg_hdr_percentile(hdr, 50), 0);
    assert_int_equal(tg_hdr_percentile(hdr, 100), 0);
    assert_true(tg_hdr_percentile_below(hdr, 5) == 100.0);
    assert_int_equal(tg_hdr_count_above(hdr, 0), 0);
    assert_true(tg_hdr_mean(hdr) == 0 && tg_hdr_stddev(hdr) == 0);
    free(hdr);
}

static void percentiles_meet_their_rank_exactly(void **state)
{
    (void)state;
    /* 1 to 10,000, each told apart from the next: percentile k / 100 is k. Without the step down by
     * one unit in the last place, several hundred of these products would round up to k + 1. */
    struct tg_hdr *hdr = tg_hdr_new(&(struct tg_hdr_config){1, 20000, 5});
    for (int64_t value = 1; value <= 10000; value++)
        tg_hdr_record(hdr, value);
    for (int64_t k = 1; k <= 10000; k++)
        assert_int_equal(tg_hdr_percentile(hdr, (double)k / 100.0), k);
    assert_int_equal(tg_hdr_percentile(hdr, 0), 1);
    assert_int_equal(tg_hdr_percentile(hdr, 1e-9), 1);
    assert_int_equal(tg_hdr_percentile(hdr, 99.995), 10000);
    free(hdr);
}

static void percentiles_stay_within_the_recorded_values(void **state)
{
    (void)state;
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    tg_hdr_record(hdr, 123456789); /* its bucket: 123,404,288 to 123,469,823 */
    assert_int_equal(tg_hdr_percentile(hdr, 0), 123456789);
    assert_int_equal(tg_hdr_percentile(hdr, 50), 123456789);
    tg_hdr_record(hdr, 987654321);
    assert_int_equal(tg_hdr_percentile(hdr, 50), 123469823);
    assert_int_equal(tg_hdr_percentile(hdr, 50.1), 987654321);
    assert_int_equal(tg_hdr_percentile(hdr, 100), 987654321);
    free(hdr);
}

static void the_largest_totals_keep_their_ranks(void **state)
{
    (void)state;
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    tg_hdr_record_many(hdr, 1, INT64_MAX / 2);
    tg_hdr_record_many(hdr, 2, INT64_MAX / 2 + 1);
    assert_int_equal(tg_hdr_percentile(hdr, 49), 1);
    assert_int_equal(tg_hdr_percentile(hdr, 51), 2);
    tg_hdr_reset(hdr);
    /* One in 2^53: a step below 100 % of that is less than all of them. */
    tg_hdr_record_many(hdr, 1, (INT64_C(1) << 53) - 1);
    tg_hdr_record(hdr, 2);
    assert_int_equal(tg_hdr_percentile(hdr, 99.999), 1);
    assert_int_equal(tg_hdr_percentile(hdr, 100), 2);
    free(hdr);
}

static int ascending(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one;
    int64_t b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

enum { VALUES = 5000 };

static void figures_agree_with_the_sorted_values(void **state)
{
    (void)state;
    struct tg_hdr *hdr = tg_hdr_new(&(struct tg_hdr_config){1, INT64_MAX, 3});
    int64_t values[VALUES];
    uint64_t seed = 1;
    for (int i = 0; i < VALUES; i++) {
        values[i] = next_value(&seed) >> 20; /* so that sums of all of them fit into int64_t */
        tg_hdr_record(hdr, values[i]);
    }
    qsort(values, VALUES, sizeof(values[0]), ascending);
    int64_t sum = 0;
    for (int i = 0; i < VALUES; i++) {
        sum += values[i];
        /* Middle of the i-th rank: no rounding can move it to another one. */
        double percentile = 100.0 * ((double)i + 0.5) / VALUES;
        int64_t expected = tg_hdr_highest_equivalent(hdr, values[i]);
        if (expected > values[VALUES - 1])
            expected = values[VALUES - 1];
        assert_int_equal(tg_hdr_percentile(hdr, percentile), expected);

        int64_t above = 0;
        for (int j = VALUES - 1; j >= 0 && values[j] > tg_hdr_highest_equivalent(hdr, values[i]);
             j--)
            above++;
        assert_int_equal(tg_hdr_count_above(hdr, values[i]), above);
        double below = 100.0 * (double)(VALUES - above) / VALUES;
        assert_true(tg_hdr_percentile_below(hdr, values[i]) == below);
    }
    assert_int_equal(hdr->min, values[0]);
    assert_int_equal(hdr->max, values[VALUES - 1]);
    double mean = (double)sum / VALUES;
    assert_true(tg_hdr_mean(hdr) > mean * (1 - 1e-12) && tg_hdr_mean(hdr) < mean * (1 + 1e-12));
    assert_int_equal(tg_hdr_count_above(hdr, INT64_MAX), 0);
    assert_int_equal(tg_hdr_count_above(hdr, 0),
                     VALUES - hdr->counts[0]); /* index 0 holds zeros only */
    free(hdr);
}

static void assert_same(const struct tg_hdr *one, const struct tg_hdr *other)
{
    assert_int_equal(one->total, other->total);
    assert_int_equal(one->out_of_range, other->out_of_range);
    assert_int_equal(one->min, other->min);
    assert_int_equal(one->max, other->max);
    assert_true(one->sum == other->sum);
    assert_memory_equal(one->counts, other->counts, (size_t)one->counts_length * 8);
}

static void adding_loses_nothing(void **state)
{
    (void)state;
    struct tg_hdr *parts[3];
    struct tg_hdr *whole = tg_hdr_new(&tg_hdr_latency_ns);
    struct tg_hdr *sum = tg_hdr_new(&tg_hdr_latency_ns);
    for (int i = 0; i < 3; i++)
        parts[i] = tg_hdr_new(&tg_hdr_latency_ns);
    uint64_t seed = 2;
    for (int i = 0; i < VALUES; i++) {
        int64_t value = next_value(&seed) >> 15; /* some of them out of range */
        tg_hdr_record(whole, value);
        tg_hdr_record(parts[i % 2], value); /* the third stays empty */
    }
    assert_true(whole->out_of_range > 0);
    for (int i = 0; i < 3; i++)
        tg_hdr_add(sum, parts[i]);
    assert_true(sum->sum > whole->sum * (1 - 1e-12) && sum->sum < whole->sum * (1 + 1e-12));
    sum->sum = whole->sum;
    assert_same(sum, whole);
    for (int i = 0; i < 3; i++)
        free(parts[i]);
    free(whole);
    free(sum);
}

static void adding_across_configurations_keeps_the_middles(void **state)
{
    (void)state;
    struct tg_hdr *from = tg_hdr_new(&(struct tg_hdr_config){1, 1000000, 1}); /* 32 sub-buckets */
    struct tg_hdr *into = tg_hdr_new(&(struct tg_hdr_config){1, 10000, 3});
    tg_hdr_record(from, 7);
    tg_hdr_record_many(from, 1000, 5); /* bucket 992 to 1,023, middle 1,008 */
    tg_hdr_record(from, 500000);       /* beyond the range of `into` */
    tg_hdr_record(from, -1);
    tg_hdr_add(into, from);
    assert_int_equal(into->total, 6);
    assert_int_equal(into->out_of_range, 2);
    assert_int_equal(into->min, 7);
    assert_int_equal(into->max, 1008);
    assert_int_equal(into->counts[tg_hdr_index(into, 1008)], 5);
    free(from);
    free(into);
}

static void record_many_is_many_records(void **state)
{
    (void)state;
    struct tg_hdr *one = tg_hdr_new(&tg_hdr_latency_ns);
    struct tg_hdr *other = tg_hdr_new(&tg_hdr_latency_ns);
    const int64_t values[] = {0, 1, 2047, 2048, 5000000, INT64_C(3600000000000), -4, INT64_MAX};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        for (size_t j = 0; j < i + 2; j++)
            tg_hdr_record(one, values[i]);
        tg_hdr_record_many(other, values[i], (int64_t)i + 2);
    }
    tg_hdr_record_many(other, 77, 0);
    assert_same(one, other);
    free(one);
    free(other);
}

static void reset_leaves_an_empty_histogram(void **state)
{
    (void)state;
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    struct tg_hdr *empty = tg_hdr_new(&tg_hdr_latency_ns);
    uint64_t seed = 3;
    tg_hdr_reset(hdr);
    assert_same(hdr, empty);
    for (int i = 0; i < VALUES; i++)
        tg_hdr_record(hdr, next_value(&seed) >> 15);
    tg_hdr_reset(hdr);
    assert_same(hdr, empty);
    free(hdr);
    free(empty);
}

static void the_standard_deviation_is_that_of_a_hand_calculation(void **state)
{
    (void)state;
    /* 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squared deviations 32 / 8. */
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    const int64_t values[] = {2, 4, 4, 4, 5, 5, 7, 9};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        tg_hdr_record(hdr, values[i]);
    assert_true(tg_hdr_mean(hdr) == 5.0);
    assert_true(tg_hdr_stddev(hdr) > 2 - 1e-12 && tg_hdr_stddev(hdr) < 2 + 1e-12);
    free(hdr);
}

/* Of the logarithms 0, 1, 2, 3 type 8 gives 5/12, 3/2 and 31/12 for the quartiles, by hand: the
 * ranks are 13/3 p + 1/3. */
static void quantiles_lie_between_two_values(void **state)
{
    (void)state;
    static const double cases[][2] = {
        {0, 0}, {10, 0}, {25, 5.0 / 12}, {50, 1.5}, {75, 31.0 / 12}, {90, 3}, {100, 3},
    };
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    assert_true(tg_hdr_quantile(hdr, 50) == 0);
    tg_hdr_record(hdr, 100);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(tg_hdr_quantile(hdr, cases[i][0]) == 100);
    tg_hdr_record(hdr, 1);
    tg_hdr_record(hdr, 1000);
    tg_hdr_record(hdr, 10);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_float_equal(log10(tg_hdr_quantile(hdr, cases[i][0])), cases[i][1], 1e-12);
    free(hdr);
}

/* 0 has no logarithm: the straight line takes its place. Of 0 and 8 the middle is 4. */
static void quantiles_next_to_zero_have_a_value(void **state)
{
    (void)state;
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    tg_hdr_record(hdr, 0);
    tg_hdr_record(hdr, 8);
    assert_float_equal(tg_hdr_quantile(hdr, 50), 4, 1e-12);
    assert_float_equal(tg_hdr_quantile(hdr, 1), 0, 0);
    free(hdr);
}

/* Each histogram holds n values where type 8 has them of one distribution: value k lies where the
 * distribution reaches (k - 1/3) / (n + 1/3). Its p99 is then that of the distribution, 10 us for a
 * Pareto tail of index 2 from 1 us on, whatever n is, but for what logarithms bend between
 * two values; the nearest rank jumps by a fifth from n = 299 to 300. */
static void quantiles_do_not_depend_on_the_number_of_values(void **state)
{
    (void)state;
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    for (int n = 200; n <= 400; n++) {
        tg_hdr_reset(hdr);
        for (int k = 1; k <= n; k++)
            tg_hdr_record(hdr, (int64_t)(1000 / sqrt(1 - (k - 1.0 / 3) / (n + 1.0 / 3))));
        assert_float_equal(tg_hdr_quantile(hdr, 99) / 1e4, 1, 0.02);
    }
    free(hdr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_layout_is_that_of_the_reference),
        cmocka_unit_test(impossible_configurations_are_not_valid),
        cmocka_unit_test(no_configuration_takes_64_mib),
        cmocka_unit_test(equivalent_values_are_those_of_the_reference),
        cmocka_unit_test(buckets_cover_the_range_without_gap_or_overlap),
        cmocka_unit_test(values_out_of_range_are_counted_and_nothing_else),
        cmocka_unit_test(an_empty_histogram_has_no_values),
        cmocka_unit_test(percentiles_meet_their_rank_exactly),
        cmocka_unit_test(percentiles_stay_within_the_recorded_values),
        cmocka_unit_test(the_largest_totals_keep_their_ranks),
        cmocka_unit_test(figures_agree_with_the_sorted_values),
        cmocka_unit_test(adding_loses_nothing),
        cmocka_unit_test(adding_across_configurations_keeps_the_middles),
        cmocka_unit_test(record_many_is_many_records),
        cmocka_unit_test(reset_leaves_an_empty_histogram),
        cmocka_unit_test(the_standard_deviation_is_that_of_a_hand_calculation),
        cmocka_unit_test(quantiles_lie_between_two_values),
        cmocka_unit_test(quantiles_next_to_zero_have_a_value),
        cmocka_unit_test(quantiles_do_not_depend_on_the_number_of_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
