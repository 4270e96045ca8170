#include "compare/growth.h"

#include <assert.h>
#include <math.h>

#include "compare/student.h"

static bool has_logarithm(double value)
{
    return isfinite(value) && value > 0;
}

/* Sums of squares around the means, in a second pass: logarithms of sizes lie close together
 * compared with their distance from 0. */
struct sums {
    size_t count;
    double mean_x, mean_y;
    double xx, xy, yy;
};

static struct sums sum_up(const double *n, const double *y, size_t count)
{
    struct sums sums = {0};
    for (size_t i = 0; i < count; i++) {
        if (!has_logarithm(n[i]) || !has_logarithm(y[i]))
            continue;
        sums.count++;
        sums.mean_x += (log(n[i]) - sums.mean_x) / (double)sums.count;
        sums.mean_y += (log(y[i]) - sums.mean_y) / (double)sums.count;
    }
    for (size_t i = 0; i < count; i++) {
        if (!has_logarithm(n[i]) || !has_logarithm(y[i]))
            continue;
        double dx = log(n[i]) - sums.mean_x;
        double dy = log(y[i]) - sums.mean_y;
        sums.xx += dx * dx;
        sums.xy += dx * dy;
        sums.yy += dy * dy;
    }
    return sums;
}

struct tg_growth tg_growth_fit(const double *n, const double *y, size_t count, double confidence)
{
    assert(confidence > 0 && confidence < 1);
    struct sums sums = sum_up(n, y, count);
    struct tg_growth growth = {.sizes = sums.count,
                               .exponent = NAN,
                               .low = -INFINITY,
                               .high = INFINITY,
                               .log_factor = NAN,
                               .confidence = confidence};
    if (sums.count < 2 || sums.xx <= 0)
        return growth;
    growth.exponent = sums.xy / sums.xx;
    growth.log_factor = sums.mean_y - growth.exponent * sums.mean_x;
    if (sums.count < 3)
        return growth;
    size_t degrees = sums.count - 2;
    double residual = fmax(0, sums.yy - growth.exponent * sums.xy);
    double deviation = sqrt(residual / (double)degrees / sums.xx);
    double reach = tg_student_factor(confidence, degrees) * deviation;
    growth.low = growth.exponent - reach;
    growth.high = growth.exponent + reach;
    return growth;
}

double tg_growth_reaches(const struct tg_growth *growth, double limit)
{
    assert(limit > 0);
    if (isnan(growth->exponent))
        return NAN;
    if (growth->exponent <= 0)
        return INFINITY;
    return exp((log(limit) - growth->log_factor) / growth->exponent);
}
