#include "runner/histogram/hdr.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

const struct tg_hdr_config tg_hdr_latency_ns = {1, INT64_C(3600000000000), 3};

/* log2 of the number of sub-buckets: the smallest power of two that tells 2 * 10^digits values
 * apart. The factor 2 keeps the precision in the lower half of a bucket's sub-buckets, which the
 * bucket below covers twice as finely. */
static const int8_t sub_bucket_magnitudes[] = {1, 5, 8, 11, 15, 18};

static int unit_magnitude_of(const struct tg_hdr_config *config)
{
    return 63 - __builtin_clzll((uint64_t)config->lowest);
}

bool tg_hdr_config_valid(const struct tg_hdr_config *config)
{
    if (config->digits < 0 || config->digits > 5 || config->lowest < 1)
        return false;
    if (config->highest / 2 < config->lowest)
        return false;
    return unit_magnitude_of(config) + sub_bucket_magnitudes[config->digits] <= 62;
}

static int32_t bucket_count_of(const struct tg_hdr_config *config)
{
    uint64_t beyond =
        UINT64_C(1) << (unit_magnitude_of(config) + sub_bucket_magnitudes[config->digits]);
    int32_t count = 1;
    for (; beyond <= (uint64_t)config->highest; beyond <<= 1)
        count++;
    return count;
}

static int32_t counts_length_of(const struct tg_hdr_config *config)
{
    return (bucket_count_of(config) + 1) << (sub_bucket_magnitudes[config->digits] - 1);
}

size_t tg_hdr_size(const struct tg_hdr_config *config)
{
    assert(tg_hdr_config_valid(config));
    return sizeof(struct tg_hdr) + (size_t)counts_length_of(config) * sizeof(int64_t);
}

struct tg_hdr *tg_hdr_init(void *memory, const struct tg_hdr_config *config)
{
    assert(tg_hdr_config_valid(config));
    assert((uintptr_t)memory % 8 == 0);
    struct tg_hdr *hdr = memory;
    hdr->config = *config;
    hdr->unit_magnitude = unit_magnitude_of(config);
    hdr->sub_bucket_count = 1 << sub_bucket_magnitudes[config->digits];
    hdr->sub_bucket_half_count = hdr->sub_bucket_count / 2;
    hdr->sub_bucket_half_count_magnitude = sub_bucket_magnitudes[config->digits] - 1;
    hdr->sub_bucket_mask = (int64_t)(hdr->sub_bucket_count - 1) << hdr->unit_magnitude;
    hdr->bucket_count = bucket_count_of(config);
    hdr->counts_length = counts_length_of(config);
    hdr->min = INT64_MAX;
    return hdr;
}

struct tg_hdr *tg_hdr_new(const struct tg_hdr_config *config)
{
    return tg_hdr_init(tg_calloc(1, tg_hdr_size(config)), config);
}

void tg_hdr_reset(struct tg_hdr *hdr)
{
    if (hdr->total > 0) {
        int32_t first = tg_hdr_index(hdr, hdr->min);
        int32_t last = tg_hdr_index(hdr, hdr->max);
        memset(&hdr->counts[first], 0, (size_t)(last - first + 1) * sizeof(hdr->counts[0]));
    }
    hdr->total = 0;
    hdr->out_of_range = 0;
    hdr->min = INT64_MAX;
    hdr->max = 0;
    hdr->sum = 0;
}

void tg_hdr_record_many(struct tg_hdr *hdr, int64_t value, int64_t count)
{
    assert(count >= 0);
    if (count == 0)
        return;
    if (value < 0 || tg_hdr_index(hdr, value) >= hdr->counts_length) {
        hdr->out_of_range += count;
        return;
    }
    hdr->counts[tg_hdr_index(hdr, value)] += count;
    hdr->total += count;
    hdr->sum += (double)value * (double)count;
    if (value < hdr->min)
        hdr->min = value;
    if (value > hdr->max)
        hdr->max = value;
}

static int64_t bucket_width(const struct tg_hdr *hdr, int64_t value)
{
    int magnitude = 63 - __builtin_clzll((uint64_t)(value | hdr->sub_bucket_mask));
    return INT64_C(1) << (magnitude - hdr->sub_bucket_half_count_magnitude);
}

int64_t tg_hdr_lowest_equivalent(const struct tg_hdr *hdr, int64_t value)
{
    return value & ~(bucket_width(hdr, value) - 1);
}

int64_t tg_hdr_highest_equivalent(const struct tg_hdr *hdr, int64_t value)
{
    return value | (bucket_width(hdr, value) - 1);
}

int64_t tg_hdr_middle_equivalent(const struct tg_hdr *hdr, int64_t value)
{
    return tg_hdr_lowest_equivalent(hdr, value) + bucket_width(hdr, value) / 2;
}

int64_t tg_hdr_value_at_index(const struct tg_hdr *hdr, int32_t index)
{
    assert(index >= 0 && index < hdr->counts_length);
    int32_t bucket = (index >> hdr->sub_bucket_half_count_magnitude) - 1;
    int32_t sub_bucket =
        (index & (hdr->sub_bucket_half_count - 1)) + (bucket < 0 ? 0 : hdr->sub_bucket_half_count);
    return (int64_t)sub_bucket << ((bucket < 0 ? 0 : bucket) + hdr->unit_magnitude);
}

static bool same_config(const struct tg_hdr_config *one, const struct tg_hdr_config *other)
{
    return one->lowest == other->lowest && one->highest == other->highest &&
           one->digits == other->digits;
}

void tg_hdr_add(struct tg_hdr *into, const struct tg_hdr *from)
{
    into->out_of_range += from->out_of_range;
    if (from->total == 0)
        return;
    int32_t first = tg_hdr_index(from, from->min);
    int32_t last = tg_hdr_index(from, from->max);
    if (!same_config(&into->config, &from->config)) {
        for (int32_t i = first; i <= last; i++) {
            int64_t middle = tg_hdr_middle_equivalent(from, tg_hdr_value_at_index(from, i));
            tg_hdr_record_many(into, middle, from->counts[i]);
        }
        return;
    }
    for (int32_t i = first; i <= last; i++)
        if (from->counts[i] != 0) /* what stays empty is not touched: it may have no memory yet */
            into->counts[i] += from->counts[i];
    into->total += from->total;
    into->sum += from->sum;
    if (from->min < into->min)
        into->min = from->min;
    if (from->max > into->max)
        into->max = from->max;
}

/* Of the value number `wanted` (>= 1) in ascending order the highest equivalent one; the maximum
 * for the last value and for all numbers beyond. The histogram is not empty. */
static int64_t value_of_rank(const struct tg_hdr *hdr, int64_t wanted)
{
    int64_t seen = 0;
    int32_t last = tg_hdr_index(hdr, hdr->max);
    for (int32_t i = tg_hdr_index(hdr, hdr->min); i < last; i++) {
        seen += hdr->counts[i];
        if (seen >= wanted)
            return tg_hdr_highest_equivalent(hdr, tg_hdr_value_at_index(hdr, i));
    }
    return hdr->max;
}

int64_t tg_hdr_percentile(const struct tg_hdr *hdr, double percentile)
{
    assert(percentile >= 0 && percentile <= 100);
    if (hdr->total == 0)
        return 0;
    if (percentile == 0)
        return hdr->min;
    if (percentile == 100)
        return hdr->max;
    /* One step down, so that a product that rounds up does not skip to the next value. */
    double below = nextafter(percentile, -INFINITY);
    double rank = ceil(below * (double)hdr->total / 100.0);
    int64_t wanted = rank >= (double)hdr->total ? hdr->total : (int64_t)rank;
    if (wanted < 1)
        wanted = 1;
    return value_of_rank(hdr, wanted);
}

double tg_hdr_quantile(const struct tg_hdr *hdr, double percentile)
{
    assert(percentile >= 0 && percentile <= 100);
    if (hdr->total == 0)
        return 0;
    double count = (double)hdr->total;
    double rank = (count + 1.0 / 3) * percentile / 100 + 1.0 / 3;
    rank = fmax(1, fmin(rank, count));
    int64_t whole = (int64_t)rank;
    double lower = (double)value_of_rank(hdr, whole);
    double upper = (double)value_of_rank(hdr, whole + 1);
    double share = rank - (double)whole;
    return lower > 0 ? lower * pow(upper / lower, share) : share * upper;
}

/* Values in the buckets up to and including that of `value`. */
static int64_t count_up_to(const struct tg_hdr *hdr, int64_t value)
{
    assert(value >= 0);
    if (hdr->total == 0 || value < tg_hdr_lowest_equivalent(hdr, hdr->min))
        return 0;
    if (value >= hdr->max)
        return hdr->total;
    int64_t count = 0;
    int32_t last = tg_hdr_index(hdr, value);
    for (int32_t i = tg_hdr_index(hdr, hdr->min); i <= last; i++)
        count += hdr->counts[i];
    return count;
}

double tg_hdr_percentile_below(const struct tg_hdr *hdr, int64_t value)
{
    if (hdr->total == 0)
        return 100.0;
    return 100.0 * (double)count_up_to(hdr, value) / (double)hdr->total;
}

int64_t tg_hdr_count_above(const struct tg_hdr *hdr, int64_t value)
{
    return hdr->total - count_up_to(hdr, value);
}

double tg_hdr_mean(const struct tg_hdr *hdr)
{
    return hdr->total == 0 ? 0 : hdr->sum / (double)hdr->total;
}

double tg_hdr_stddev(const struct tg_hdr *hdr)
{
    if (hdr->total == 0)
        return 0;
    /* Mean and squared deviations in one pass: West, Communications of the ACM 22(9), 1979. The
     * mean is that of the middles, not the exact one, so that both halves use the same measure. */
    double weight = 0;
    double mean = 0;
    double squares = 0;
    int32_t last = tg_hdr_index(hdr, hdr->max);
    for (int32_t i = tg_hdr_index(hdr, hdr->min); i <= last; i++) {
        if (hdr->counts[i] == 0)
            continue;
        double count = (double)hdr->counts[i];
        double middle = (double)tg_hdr_middle_equivalent(hdr, tg_hdr_value_at_index(hdr, i));
        double distance = middle - mean;
        double share = count / (weight + count);
        mean += distance * share;
        squares += distance * distance * weight * share;
        weight += count;
    }
    return sqrt(squares / weight);
}
