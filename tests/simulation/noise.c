#include "tests/simulation/noise.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS = 10 };

static uint64_t next_word(struct source *source)
{
    uint64_t z = source->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

double uniform(struct source *source)
{
    return ((double)(next_word(source) >> 11) + 0.5) * 0x1p-53;
}

double normal(struct source *source)
{
    if (source->has_spare) {
        source->has_spare = false;
        return source->spare;
    }
    for (;;) { /* Marsaglia's polar method: two at a time */
        double x = 2 * uniform(source) - 1;
        double y = 2 * uniform(source) - 1;
        double square = x * x + y * y;
        if (square >= 1 || square == 0)
            continue;
        double factor = sqrt(-2 * log(square) / square);
        source->has_spare = true;
        source->spare = y * factor;
        return x * factor;
    }
}

double student_t3(struct source *source)
{
    /* Bailey 1994, Mathematics of Computation 62: 779-781. Upper quartiles: 0.7649 of t3, 0.6745.
     */
    for (;;) {
        double x = 2 * uniform(source) - 1;
        double y = 2 * uniform(source) - 1;
        double square = x * x + y * y;
        if (square < 1 && square > 0)
            return x * sqrt(3 * (pow(square, -2.0 / 3) - 1) / square) * (0.6745 / 0.7649);
    }
}

static double draw(struct source *source, const struct noise *noise)
{
    return noise->heavy ? student_t3(source) : normal(source);
}

/* Two slices, first and second in time; moves the drift on. */
static void simulate_pair(struct source *source, const struct noise *noise, double spread,
                          double slope, double *drift, double slice[2])
{
    for (size_t i = 0; i < 2; i++) {
        slice[i] = *drift + spread * draw(source, noise);
        if (noise->stalls > 0 && uniform(source) < noise->stalls)
            slice[i] += 1.5 * uniform(source);
        *drift += slope;
        if (noise->walk > 0)
            *drift += noise->walk * normal(source);
    }
}

struct tg_launch_estimate simulate_launch(struct source *source, const struct noise *noise,
                                          double spread, double change)
{
    double before[PAIRS];
    double after[PAIRS];
    double scratch[PAIRS];
    double pooled_before = 0;
    double pooled_after = 0;
    double slices = spread * noise->scale;
    /* What fresh processes differ by. The median of 10 pairs brings 0.56 of a slice's spread. */
    double processes = change + sqrt(1 - 0.56 * 0.56) * slices * draw(source, noise);
    double slope = noise->slope > 0 ? noise->slope * normal(source) : 0;
    double drift = 0;
    bool after_first = uniform(source) < 0.5;
    for (size_t i = 0; i < PAIRS; i++) {
        double slice[2];
        simulate_pair(source, noise, slices, slope, &drift, slice);
        before[i] = exp(slice[after_first]);
        after[i] = exp(slice[!after_first] + processes);
        pooled_before += before[i];
        pooled_after += after[i];
        after_first = !after_first;
    }
    return tg_launch_estimate(pooled_before, pooled_after, before, after, PAIRS, TG_LOWER_IS_BETTER,
                              scratch);
}

/* Knuth, The Art of Computer Programming, 3.4.1: for small means. */
int64_t poisson(struct source *source, double mean)
{
    double limit = exp(-mean);
    double product = uniform(source);
    int64_t count = 0;
    for (; product > limit; count++)
        product *= uniform(source);
    return count;
}

bool read_options(int argc, char **argv, const char *program, size_t *trials, struct source *source)
{
    bool understood = argc % 2 == 1;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--trials") == 0)
            *trials = strtoull(argv[i + 1], NULL, 0);
        else if (strcmp(argv[i], "--seed") == 0)
            source->state = strtoull(argv[i + 1], NULL, 0);
        else
            understood = false;
    }
    understood = understood && *trials >= 10;
    if (!understood)
        fprintf(stderr, "usage: %s [--trials N] [--seed S]\n", program);
    return understood;
}
