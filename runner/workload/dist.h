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
    TG_DIST_NEXT,       /* index: never repeats, `over` is ignored */
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
};

/* A distribution with its constants worked out. */
struct tg_dist {
    struct tg_dist_spec spec;
    double zipf[6];       /* constants of the rejection-inversion sampler */
    uint64_t permute_key; /* of the scrambling permutation */
};

/* `key` is the place's key; it fixes the scrambling. */
void tg_dist_init(struct tg_dist *dist, const struct tg_dist_spec *spec, uint64_t key);
/* One draw for the index that `random` stands at. */
uint64_t tg_dist_draw(const struct tg_dist *dist, struct tg_random *random);

/* Standard normal by inversion (Wichura 1988, AS 241, PPND16) of one uniform draw. */
double tg_random_normal(struct tg_random *random);
/* A fixed permutation of 0 .. n-1. */
uint64_t tg_permute(uint64_t key, uint64_t n, uint64_t at);

/* Natural logarithm (x > 0) and exponential, the same bits on every IEEE 754 platform; within 2
 * ulp. */
double tg_det_log(double x);
double tg_det_exp(double x);

#endif
