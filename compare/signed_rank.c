#include "compare/signed_rank.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "compare/normal.h"
#include "compare/sort.h"

/* Room for the exact distribution of a sum of ranks; doubled ranks, so that mean ranks are whole.
 */
enum { SUMS_MAX = TG_SIGNED_RANK_EXACT_MAX * (TG_SIGNED_RANK_EXACT_MAX + 1) + 1 };

/* Adds one rank to the distribution of the sum: with probability 1/2 its sign is positive. */
static size_t add_rank(double *probability, size_t highest, size_t rank)
{
    for (size_t s = highest + rank + 1; s-- > 0;) {
        double without = s <= highest ? probability[s] : 0;
        double with = s >= rank ? probability[s - rank] : 0;
        probability[s] = 0.5 * (without + with);
    }
    return highest + rank;
}

/* Fills probability[0 .. n (n + 1) / 2]. */
static void exact_distribution(size_t n, double *probability)
{
    probability[0] = 1;
    size_t highest = 0;
    for (size_t rank = 1; rank <= n; rank++)
        highest = add_rank(probability, highest, rank);
}

static double mean_of_sum(size_t n)
{
    return (double)n * (double)(n + 1) / 4;
}

static double sd_of_sum(size_t n)
{
    return sqrt((double)n * (double)(n + 1) * (double)(2 * n + 1) / 24);
}

double tg_signed_rank_cdf(size_t n, double t)
{
    assert(n >= 1);
    if (t < 0)
        return 0;
    if (t >= (double)tg_walsh_count(n))
        return 1;
    double whole = floor(t);
    if (n > TG_SIGNED_RANK_EXACT_MAX)
        return tg_normal_cdf((whole + 0.5 - mean_of_sum(n)) / sd_of_sum(n));
    double probability[SUMS_MAX];
    exact_distribution(n, probability);
    double below = 0;
    for (size_t s = 0; s <= (size_t)whole; s++)
        below += probability[s];
    return below;
}

size_t tg_signed_rank_order(size_t n, double level)
{
    assert(level >= 0 && level <= 0.5);
    if (n == 0 || level <= 0)
        return 0;
    if (n > TG_SIGNED_RANK_EXACT_MAX)
        return (size_t)fmax(0,
                            floor(mean_of_sum(n) + tg_normal_quantile(level) * sd_of_sum(n) + 0.5));
    double probability[SUMS_MAX];
    exact_distribution(n, probability);
    /* A level that is itself one of the distribution's must not be lost to rounding. */
    double allowed = level * (1 + 1e-12);
    size_t order = 0;
    double below = probability[0];
    while (below <= allowed) /* ends: the level is at most 1/2 */
        below += probability[++order];
    return order;
}

double tg_signed_rank_level(size_t n, size_t order)
{
    return order == 0 ? 0 : tg_signed_rank_cdf(n, (double)(order - 1));
}

size_t tg_walsh_count(size_t n)
{
    return n * (n + 1) / 2;
}

void tg_walsh_averages(const double *x, size_t n, double *walsh)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i; j < n; j++)
            walsh[count++] = 0.5 * (x[i] + x[j]);
    tg_sort(walsh, count);
}

struct tg_interval tg_signed_rank_interval(const double *x, size_t n, double level, double *walsh)
{
    size_t count = tg_walsh_count(n);
    size_t order = tg_signed_rank_order(n, level);
    tg_walsh_averages(x, n, walsh);
    return (struct tg_interval){
        .count = n,
        .estimate = n == 0 ? NAN : 0.5 * (walsh[(count - 1) / 2] + walsh[count / 2]),
        .lower = order == 0 ? -INFINITY : walsh[order - 1],
        .upper = order == 0 ? INFINITY : walsh[count - order],
        .level = tg_signed_rank_level(n, order),
    };
}

static int by_magnitude(const void *a, const void *b)
{
    double x = fabs(*(const double *)a);
    double y = fabs(*(const double *)b);
    return (x > y) - (x < y);
}

/* What the p-value needs to know of the ranks. Doubled: the mean rank of a tie may end in 1/2. */
struct rank_sums {
    size_t positive;     /* of the positive values */
    size_t all;          /* of all values but zeros */
    double squares;      /* of all values but zeros: their squares */
    double *probability; /* of each possible positive sum, or NULL where n is too large for that */
    size_t highest;
};

/* Values first <= i < end of the same magnitude share the mean of the ranks first + 1 .. end. */
static void add_tie(struct rank_sums *sums, const double *sorted, size_t first, size_t end)
{
    size_t rank = first + 1 + end;
    for (size_t i = first; i < end && sorted[i] != 0; i++) {
        sums->positive += sorted[i] > 0 ? rank : 0;
        sums->all += rank;
        sums->squares += (double)rank * (double)rank;
        if (sums->probability != NULL)
            sums->highest = add_rank(sums->probability, sums->highest, rank);
    }
}

/* P(the doubled sum is at least `observed`). */
static double upper_tail(const struct rank_sums *sums, size_t observed)
{
    if (sums->probability == NULL) {
        /* Continuity: half the distance of two sums, which is 1, hence 2 of doubled ones. */
        double above = (double)observed - 1 - 0.5 * (double)sums->all;
        return tg_normal_cdf(-above / (0.5 * sqrt(sums->squares)));
    }
    double tail = 0;
    for (size_t s = sums->highest + 1; s-- > observed;)
        tail += sums->probability[s];
    return tail;
}

double tg_signed_rank_p(const double *x, size_t n, double theta, enum tg_alternative alternative,
                        double *scratch)
{
    double probability[SUMS_MAX] = {1};
    if (n == 0)
        return 1;
    struct rank_sums sums = {.probability = n <= TG_SIGNED_RANK_EXACT_MAX ? probability : NULL};
    for (size_t i = 0; i < n; i++)
        scratch[i] = x[i] - theta;
    qsort(scratch, n, sizeof *scratch, by_magnitude);
    for (size_t first = 0, end = 0; first < n; first = end) {
        for (end = first + 1; end < n && fabs(scratch[end]) == fabs(scratch[first]);)
            end++;
        add_tie(&sums, scratch, first, end);
    }
    if (sums.all == 0)
        return 1;
    double greater = upper_tail(&sums, sums.positive);
    double less = upper_tail(&sums, sums.all - sums.positive);
    if (alternative == TG_ALTERNATIVE_GREATER)
        return fmin(1, greater);
    if (alternative == TG_ALTERNATIVE_LESS)
        return fmin(1, less);
    return fmin(1, 2 * fmin(greater, less));
}

double tg_sign_test_p(size_t more, size_t fewer)
{
    size_t n = more + fewer;
    double tail = 0;
    for (size_t heads = more; heads <= n; heads++)
        tail += exp(lgamma((double)n + 1) - lgamma((double)heads + 1) -
                    lgamma((double)(n - heads) + 1) - (double)n * M_LN2);
    return fmin(1, tail);
}
