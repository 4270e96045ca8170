/* Distributions over the whole numbers 0 .. over-1, and the standard normal. Only IEEE basic
 * operations and our own logarithm and exponential are used, so that every platform draws the same
 * numbers. */
#ifndef TG_RUNNER_WORKLOAD_DIST_H
#define TG_RUNNER_WORKLOAD_DIST_H

#include <stdbool.h>
#include <stdint.h>

#include "runner/workload/random.h"

enum tg_dist_kind {
    TG_DIST_UNIFORM,  /* every number alike */
    TG_DIST_ZIPF,     /* rank k+1 with probability ~ 1/(k+1)^theta (Hörmann and Derflinger 1996) */
    TG_DIST_LATEST,   /* zipf counted from the end: the highest numbers are the most popular */
    TG_DIST_GAUSSIAN, /* normal around mean * over with sd * over, redrawn outside */
    TG_DIST_HOTSET,   /* a share `hot_share` of the draws goes to the first `hot` of the numbers */
    TG_DIST_SEQUENTIAL, /* index modulo over */
    TG_DIST_NEXT,       /* first + index: never repeats, `over` is ignored */
};

struct tg_dist_spec {
    enum tg_dist_kind kind;
    uint64_t over;  /* >= 1 */
    double theta;   /* zipf, latest: > 0; 0.99 by default */
    bool scrambled; /* zipf, hotset: popular numbers spread over the range by a fixed permutation */
    double hot;     /* hotset: fraction of the numbers that is hot, default 0.2 */
    double hot_share; /* hotset: fraction of the draws that goes there, default 0.8 */
    double mean;      /* gaussian: centre, as a fraction of over, default 0.5 */
    double sd;        /* gaussian: standard deviation, as a fraction of over, default 1/6 */
    uint64_t first;   /* next: added to the index; set when an operation's parameter is compiled */
};

/* A distribution with its constants worked out. */
struct tg_dist {
    struct tg_dist_spec spec;
    double zipf_low, zipf_high; /* the area under the hat that is drawn from */
    double zipf_sure;           /* a point so near to its rank needs no further test */
    uint64_t hot_count;         /* hotset: how many numbers are hot, at least 1 */
    uint64_t scramble_key;
};

/* Works the constants out. `scramble_key` fixes the permutation of a scrambled distribution: two
 * that share it (and `over`) have the same popular numbers. */
void tg_dist_init(struct tg_dist *dist, const struct tg_dist_spec *spec, uint64_t scramble_key);
/* One draw, in 0 .. over - 1 (next: any number), for the index that `random` stands at. */
uint64_t tg_dist_draw(const struct tg_dist *dist, struct tg_random *random);

/* Quantile of the standard normal, 0 < p < 1 (Wichura 1988, Algorithm AS 241, PPND16): relative
 * error about 1e-16. */
double tg_det_normal_quantile(double p);
/* Standard normal by inversion of one draw: the upper 52 bits k as p = (k + 1/2) / 2^52. */
double tg_random_normal(struct tg_random *random);
/* Where a fixed permutation of 0 .. n-1 sends `at` < n: a Feistel network over the next power of
 * two (Luby and Rackoff 1988), repeated until the result is below n (cycle walking: Black and
 * Rogaway 2002, "Ciphers with arbitrary finite domains"). n <= 2^63. */
uint64_t tg_permute(uint64_t key, uint64_t n, uint64_t at);

/* Natural logarithm (x > 0) and exponential, the same bits on every IEEE 754 platform; within 2
 * ulp. */
double tg_det_log(double x);
double tg_det_exp(double x);

#endif
