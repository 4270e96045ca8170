#include "compare/rank_sum.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "compare/normal.h"
#include "compare/sort.h"

static bool exact(size_t m, size_t n)
{
    return m <= TG_RANK_SUM_EXACT_MAX && n <= TG_RANK_SUM_EXACT_MAX;
}

static double sd_of_u(size_t m, size_t n)
{
    return sqrt((double)m * (double)n * (double)(m + n + 1) / 12);
}

/* probability[u] for u = 0 .. m * n. ways[j][u] after step i: arrangements of i values of the first
 * sample and j of the second with u pairs. The largest value is either the first sample's, or the
 * second's, and then larger than all i of the first (Mann & Whitney 1947, eq. 1). They number
 * C(100, 50) at most, which a double holds with all the accuracy that is needed. */
static double *exact_distribution(size_t m, size_t n, struct tg_arena *scratch)
{
    size_t width = m * n + 1;
    double *ways = tg_arena_array(scratch, (n + 1) * width, sizeof *ways);
    for (size_t j = 0; j <= n; j++)
        ways[j * width] = 1;
    for (size_t i = 1; i <= m; i++)
        for (size_t j = 1; j <= n; j++)
            for (size_t u = i; u < width; u++)
                ways[j * width + u] += ways[(j - 1) * width + u - i];
    double *probability = ways + n * width;
    double total = 0;
    for (size_t u = 0; u < width; u++)
        total += probability[u];
    for (size_t u = 0; u < width; u++)
        probability[u] /= total;
    return probability;
}

double tg_rank_sum_cdf(size_t m, size_t n, double u, struct tg_arena *scratch)
{
    assert(m >= 1 && n >= 1);
    double pairs = (double)m * (double)n;
    if (u < 0)
        return 0;
    if (u >= pairs)
        return 1;
    double whole = floor(u);
    if (!exact(m, n))
        return tg_normal_cdf((whole + 0.5 - 0.5 * pairs) / sd_of_u(m, n));
    const double *probability = exact_distribution(m, n, scratch);
    double below = 0;
    for (size_t i = 0; i <= (size_t)whole; i++)
        below += probability[i];
    return below;
}

size_t tg_rank_sum_order(size_t m, size_t n, double level, struct tg_arena *scratch)
{
    assert(level >= 0 && level <= 0.5);
    if (m == 0 || n == 0 || level <= 0)
        return 0;
    if (!exact(m, n)) {
        double mean = 0.5 * (double)m * (double)n;
        return (size_t)fmax(0, floor(mean + tg_normal_quantile(level) * sd_of_u(m, n) + 0.5));
    }
    const double *probability = exact_distribution(m, n, scratch);
    double allowed = level * (1 + 1e-12); /* as in tg_signed_rank_order */
    size_t order = 0;
    double below = probability[0];
    while (below <= allowed) /* ends: the level is at most 1/2 */
        below += probability[++order];
    return order;
}

/* Of the values of both samples together, in ascending order. Doubled: the mean rank of a tie may
 * end in 1/2. Returns the sum of t^3 - t over the groups of t equal values. */
static double doubled_ranks(const double *before, size_t m, const double *after, size_t n,
                            size_t *ranks, struct tg_arena *scratch)
{
    double *all = tg_arena_array(scratch, m + n, sizeof *all);
    memcpy(all, before, m * sizeof *all);
    memcpy(all + m, after, n * sizeof *all);
    tg_sort(all, m + n);
    double term = 0;
    for (size_t first = 0, end = 0; first < m + n; first = end) {
        for (end = first + 1; end < m + n && all[end] == all[first];)
            end++;
        for (size_t i = first; i < end; i++)
            ranks[i] = first + 1 + end; /* twice the mean of the ranks first + 1 .. end */
        double t = (double)(end - first);
        term += t * t * t - t;
    }
    return term;
}

/* `ways[s]`, s = 0 .. (m + n) (m + n + 1): choices of n of the m + n ranks with the sum s. */
static const double *tied_distribution(const size_t *ranks, size_t m, size_t n,
                                       struct tg_arena *scratch)
{
    size_t width = (m + n) * (m + n + 1) + 1;
    double *ways = tg_arena_array(scratch, (n + 1) * width, sizeof *ways);
    ways[0] = 1;
    for (size_t i = 0; i < m + n; i++)
        for (size_t chosen = n; chosen >= 1; chosen--) /* downwards: each rank once */
            for (size_t s = ranks[i]; s < width; s++)
                ways[chosen * width + s] += ways[(chosen - 1) * width + s - ranks[i]];
    return ways + n * width;
}

/* `u`: pairs in which after is larger. Its tails when any n of the ranks are after's. */
static void tied_tails(const size_t *ranks, size_t m, size_t n, double u, double *greater,
                       double *less, struct tg_arena *scratch)
{
    const double *ways = tied_distribution(ranks, m, n, scratch);
    size_t observed = (size_t)(2 * u) + n * (n + 1); /* U = sum of the ranks - n (n + 1) / 2 */
    double below = 0;
    double above = 0;
    for (size_t s = 0; s < observed; s++)
        below += ways[s];
    for (size_t s = observed + 1; s <= (m + n) * (m + n + 1); s++)
        above += ways[s];
    double all = below + ways[observed] + above;
    *greater = (above + ways[observed]) / all;
    *less = (below + ways[observed]) / all;
}

double tg_rank_sum_p(const double *before, size_t m, const double *after, size_t n,
                     enum tg_alternative alternative, struct tg_arena *scratch)
{
    if (m == 0 || n == 0)
        return 1;
    double u = 0; /* pairs in which after is larger; a tie is half a pair */
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            u += after[j] > before[i] ? 1 : after[j] == before[i] ? 0.5 : 0;
    double pairs = (double)m * (double)n;
    double all = (double)(m + n);
    size_t *ranks = tg_arena_array(scratch, m + n, sizeof *ranks);
    double ties = doubled_ranks(before, m, after, n, ranks, scratch);
    double greater = 1;
    double less = 1;
    if (ties == 0 && exact(m, n)) {
        greater = tg_rank_sum_cdf(m, n, pairs - u, scratch); /* U is symmetric */
        less = tg_rank_sum_cdf(m, n, u, scratch);
    } else if (exact(m, n)) {
        tied_tails(ranks, m, n, u, &greater, &less, scratch);
    } else {
        double sd = sqrt(pairs / 12 * (all + 1 - ties / (all * (all - 1))));
        if (!(sd > 0)) /* all values are equal */
            return 1;
        greater = tg_normal_cdf((pairs - u + 0.5 - 0.5 * pairs) / sd);
        less = tg_normal_cdf((u + 0.5 - 0.5 * pairs) / sd);
    }
    if (alternative == TG_ALTERNATIVE_GREATER)
        return greater;
    if (alternative == TG_ALTERNATIVE_LESS)
        return less;
    return fmin(1, 2 * fmin(greater, less));
}

struct tg_interval tg_rank_sum_interval(const double *before, size_t m, const double *after,
                                        size_t n, double level, struct tg_arena *scratch)
{
    size_t count = m * n;
    if (count == 0)
        return (struct tg_interval){.estimate = NAN, .lower = -INFINITY, .upper = INFINITY};
    double *shift = tg_arena_array(scratch, count, sizeof *shift);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            shift[i * n + j] = after[j] - before[i];
    tg_sort(shift, count);
    size_t order = tg_rank_sum_order(m, n, level, scratch);
    return (struct tg_interval){
        .count = m + n,
        .estimate = 0.5 * (shift[(count - 1) / 2] + shift[count / 2]),
        .lower = order == 0 ? -INFINITY : shift[order - 1],
        .upper = order == 0 ? INFINITY : shift[count - order],
        .level = order == 0 ? 0 : tg_rank_sum_cdf(m, n, (double)(order - 1), scratch),
    };
}
