/* Launches as a shared machine might have made them, from a seed. */
#ifndef TG_TESTS_SIMULATION_NOISE_H
#define TG_TESTS_SIMULATION_NOISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compare/estimate.h"

struct source { /* of random numbers: SplitMix64 (Steele, Lea & Flood 2014) */
    uint64_t state;
    bool has_spare;
    double spare;
};

double uniform(struct source *source); /* on (0, 1) */
double normal(struct source *source);
double student_t3(struct source *source); /* scaled to the quartiles of the standard normal */
int64_t poisson(struct source *source, double mean); /* mean below 700 */

/* Reads "--trials N" (10 or more) and "--seed S" over what *trials and *source begin with. False:
 * they were not understood, and how `program` is used has been said. */
bool read_options(int argc, char **argv, const char *program, size_t *trials,
                  struct source *source);

struct noise {
    const char *name;
    bool heavy;    /* Student's t with 3 degrees of freedom instead of the normal */
    double scale;  /* times the spreads of the metrics */
    double stalls; /* probability that a slice is hit; ln of its value grows by 0 to 1.5 */
    double walk;   /* sd of the step of a random walk from slice to slice */
    double slope;  /* sd over launches of a linear drift per slice */
};

/* One launch of one metric: 10 slice pairs in ABBA or BAAB order, by chance. `spread` is the robust
 * sd over launches of its estimates, `change` the true log change. */
struct tg_launch_estimate simulate_launch(struct source *source, const struct noise *noise,
                                          double spread, double change);

#endif
