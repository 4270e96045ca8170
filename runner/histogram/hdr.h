/* High Dynamic Range histogram (Gil Tene, http://hdrhistogram.org): values are kept with a fixed
 * number of significant decimal digits over the whole range, at constant cost and constant memory.
 *
 * The struct holds no pointers and its counts follow it, so that it can live in memory shared
 * between processes. One writer at a time; readers need a hand-over from the writer. */
#ifndef TG_RUNNER_HISTOGRAM_HDR_H
#define TG_RUNNER_HISTOGRAM_HDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/diag.h"

struct tg_hdr_config {
    int64_t lowest;  /* lowest discernible value, >= 1 */
    int64_t highest; /* highest trackable value, >= 2 * lowest */
    int digits;      /* significant decimal digits, 0 to 5 */
};

/* What Tailgate records with: 1 ns to 1 h and a little, 3 significant digits. */
extern const struct tg_hdr_config tg_hdr_latency_ns;

struct tg_hdr {
    struct tg_hdr_config config;
    int32_t unit_magnitude;
    int32_t sub_bucket_half_count_magnitude;
    int32_t sub_bucket_half_count;
    int32_t sub_bucket_count;
    int64_t sub_bucket_mask;
    int32_t bucket_count;
    int32_t counts_length;
    int64_t total;        /* values recorded in range */
    int64_t out_of_range; /* values refused: below 0 or above the range. Never clamped */
    int64_t min; /* smallest and largest recorded value, exact; INT64_MAX and 0 when empty */
    int64_t max;
    double sum;       /* exact up to rounding; what the mean is made of */
    int64_t counts[]; /* counts_length of them */
};

bool tg_hdr_config_valid(const struct tg_hdr_config *config);
/* Bytes that a histogram of this valid configuration takes, counts included. */
size_t tg_hdr_size(const struct tg_hdr_config *config);
/* Makes an empty histogram in `memory` of tg_hdr_size bytes, aligned to 8, zeroed by the caller (so
 * that pages that are never counted in are never touched). */
struct tg_hdr *tg_hdr_init(void *memory, const struct tg_hdr_config *config);
/* The same on the heap; free with free(). */
struct tg_hdr *tg_hdr_new(const struct tg_hdr_config *config);
/* Empties it; touches only the counts between min and max. */
void tg_hdr_reset(struct tg_hdr *hdr);

/* Index of the count that `value` (0 <= value) falls into; may be >= counts_length. */
static inline int32_t tg_hdr_index(const struct tg_hdr *hdr, int64_t value)
{
    int32_t magnitude = 63 - __builtin_clzll((uint64_t)(value | hdr->sub_bucket_mask));
    int32_t bucket = magnitude - hdr->unit_magnitude - hdr->sub_bucket_half_count_magnitude;
    int32_t sub_bucket = (int32_t)(value >> (bucket + hdr->unit_magnitude));
    return ((bucket + 1) << hdr->sub_bucket_half_count_magnitude) + sub_bucket -
           hdr->sub_bucket_half_count;
}

/* Records one value. A value out of range is counted in out_of_range and nowhere else. */
static inline void tg_hdr_record(struct tg_hdr *hdr, int64_t value)
{
    int32_t index = value < 0 ? hdr->counts_length : tg_hdr_index(hdr, value);
    if (__builtin_expect(index >= hdr->counts_length || index < 0, 0)) {
        hdr->out_of_range++;
        return;
    }
    hdr->counts[index]++;
    hdr->total++;
    hdr->sum += (double)value;
    if (value < hdr->min)
        hdr->min = value;
    if (value > hdr->max)
        hdr->max = value;
}

/* Records `count` (>= 0) equal values. */
void tg_hdr_record_many(struct tg_hdr *hdr, int64_t value, int64_t count);
/* Adds all of `from` to `into`. Lossless when both have the same configuration; otherwise every
 * value is re-recorded by the middle of its bucket. */
void tg_hdr_add(struct tg_hdr *into, const struct tg_hdr *from);

/* The largest value equivalent to the one below or at which `percentile` (0 to 100) percent of the
 * values lie: the definition of HdrHistogram's getValueAtPercentile (Java 2.1.11), except that the
 * percentiles 0 and 100 are the exact minimum and maximum and no answer is beyond them. 0 for an
 * empty histogram. */
int64_t tg_hdr_percentile(const struct tg_hdr *hdr, double percentile);
/* A percentile between two values, for histograms of few: with n of them, at the fractional rank
 * (n + 1/3) p/100 + 1/3, but within 1 and n (definition 8 of Hyndman & Fan 1996, The American
 * Statistician 50: 361-365: about median-unbiased whatever the distribution). Between the two
 * values next to that rank, each as tg_hdr_percentile gives it, along their logarithms; along a
 * straight line when the lower one is 0. tg_hdr_percentile takes the nearest rank, and jumps where
 * one more value moves that. 0 for an empty histogram. */
double tg_hdr_quantile(const struct tg_hdr *hdr, double percentile);
/* Percent of the values at or below the bucket of `value`; 100 for an empty histogram. */
double tg_hdr_percentile_below(const struct tg_hdr *hdr, int64_t value);
/* How many values lie strictly above the bucket of `value`. */
int64_t tg_hdr_count_above(const struct tg_hdr *hdr, int64_t value);
/* Of the recorded values (not of their buckets); 0 for an empty histogram. */
double tg_hdr_mean(const struct tg_hdr *hdr);
/* By the middle of the buckets; 0 for an empty histogram. */
double tg_hdr_stddev(const struct tg_hdr *hdr);

/* Bounds of the bucket that `value` falls into, both included. */
int64_t tg_hdr_lowest_equivalent(const struct tg_hdr *hdr, int64_t value);
int64_t tg_hdr_highest_equivalent(const struct tg_hdr *hdr, int64_t value);
/* Its middle, rounded up. */
int64_t tg_hdr_middle_equivalent(const struct tg_hdr *hdr, int64_t value);
/* Lowest value of the bucket with that index. */
int64_t tg_hdr_value_at_index(const struct tg_hdr *hdr, int32_t index);

#endif
