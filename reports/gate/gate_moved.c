#include <math.h>
#include <stdlib.h>

#include "common/text.h"
#include "compare/signed_rank.h"
#include "reports/gate/gate_view.h"

/* One operation over the launches that have it on both sides. */
struct series {
    double *before_ns, *after_ns, *change, *lost_ns; /* lost: per operation of the mix */
    double *walsh;
    size_t count;
};

static struct series new_series(size_t launches)
{
    return (struct series){
        .before_ns = tg_calloc(launches + 1, sizeof(double)),
        .after_ns = tg_calloc(launches + 1, sizeof(double)),
        .change = tg_calloc(launches + 1, sizeof(double)),
        .lost_ns = tg_calloc(launches + 1, sizeof(double)),
        .walsh = tg_calloc(tg_walsh_count(launches) + 1, sizeof(double)),
    };
}

static void free_series(struct series *series)
{
    free(series->before_ns);
    free(series->after_ns);
    free(series->change);
    free(series->lost_ns);
    free(series->walsh);
}

/* Both sides run the same mix, in the long run: together they know its shares best. */
static double mix_share(const struct tg_comparison *comparison, size_t op)
{
    int64_t own = 0;
    int64_t all = 0;
    for (size_t i = 0; i < comparison->op_count; i++)
        for (size_t launch = 0; launch < comparison->launch_count; launch++)
            for (int side = 0; side < TG_SIDES; side++) {
                int64_t count = comparison->ops[i].values[launch].operations[side];
                all += count;
                own += i == op ? count : 0;
            }
    return all > 0 ? (double)own / (double)all : 0;
}

static void collect(const struct tg_comparison *comparison, size_t op, double share,
                    struct series *series)
{
    series->count = 0;
    for (size_t launch = 0; launch < comparison->launch_count; launch++) {
        const double *mean_ns = comparison->ops[op].values[launch].mean_ns;
        double change = tg_log_change(mean_ns[TG_BEFORE], mean_ns[TG_AFTER], TG_LOWER_IS_BETTER);
        if (isnan(change))
            continue;
        series->before_ns[series->count] = mean_ns[TG_BEFORE];
        series->after_ns[series->count] = mean_ns[TG_AFTER];
        series->lost_ns[series->count] = share * (mean_ns[TG_AFTER] - mean_ns[TG_BEFORE]);
        series->change[series->count++] = change;
    }
}

static struct tg_gate_moved moved(const char *name, double share, const struct series *series)
{
    struct tg_interval interval =
        tg_signed_rank_interval(series->change, series->count, 0.05, series->walsh);
    bool bounded = isfinite(interval.lower);
    return (struct tg_gate_moved){
        .name = name,
        .before_ns = tg_median(series->before_ns, series->count),
        .after_ns = tg_median(series->after_ns, series->count),
        .change = {.change = tg_change_of_log(interval.estimate),
                   .low = bounded ? tg_change_of_log(interval.lower) : -INFINITY,
                   .high = tg_change_of_log(interval.upper)},
        .mix_share = share,
        .lost_share = fmax(0, tg_median(series->lost_ns, series->count)), /* ns, for now */
    };
}

static int more_lost_first(const void *a, const void *b)
{
    const struct tg_gate_moved *left = a;
    const struct tg_gate_moved *right = b;
    if (left->lost_share != right->lost_share)
        return left->lost_share < right->lost_share ? 1 : -1;
    double changes = right->change.change - left->change.change;
    return changes > 0 ? 1 : changes < 0 ? -1 : 0;
}

const struct tg_gate_moved *tg_gate_moved(const struct tg_comparison *comparison, size_t *count,
                                          struct tg_arena *arena)
{
    struct tg_gate_moved *ops = tg_arena_array(arena, comparison->op_count, sizeof *ops);
    struct series series = new_series(comparison->launch_count);
    double lost_ns = 0;
    *count = 0;
    for (size_t op = 0; op < comparison->op_count; op++) {
        double share = mix_share(comparison, op);
        collect(comparison, op, share, &series);
        if (series.count == 0)
            continue;
        ops[*count] = moved(comparison->ops[op].name, share, &series);
        lost_ns += ops[(*count)++].lost_share;
    }
    for (size_t i = 0; i < *count && lost_ns > 0; i++)
        ops[i].lost_share /= lost_ns;
    if (*count > 1)
        qsort(ops, *count, sizeof *ops, more_lost_first);
    free_series(&series);
    return ops;
}
