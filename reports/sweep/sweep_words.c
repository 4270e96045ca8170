#include "reports/sweep/sweep_view.h"

#include <math.h>
#include <string.h>

#include "common/units.h"

static const char *rows_words(double rows, struct tg_arena *arena)
{
    char text[TG_UNIT_TEXT];
    return tg_arena_strdup(arena, tg_format_count(llround(rows), text));
}

static double largest(const struct tg_sweep_view *sweep)
{
    return sweep->rows[sweep->run_count - 1];
}

static bool is_measured(const struct tg_sweep_view *sweep, uint64_t rows)
{
    for (size_t i = 0; i < sweep->run_count; i++)
        if (sweep->runs[i]->sweep.rows == rows)
            return true;
    return false;
}

const char *tg_sweep_sizes_words(const struct tg_sweep_view *sweep, struct tg_arena *arena)
{
    const char *missing = "";
    for (size_t i = 0; i < sweep->planned_count; i++)
        if (!is_measured(sweep, sweep->planned[i]))
            missing = tg_arena_format(arena, "%s%s%s", missing, *missing ? "; " : "",
                                      rows_words((double)sweep->planned[i], arena));
    const char *from = rows_words(sweep->rows[0], arena);
    if (sweep->run_count == 1)
        return tg_arena_format(arena, "1 size of %s, %s rows%s%s", sweep->table, from,
                               *missing ? "; not measured: " : "", missing);
    return tg_arena_format(arena, "%zu sizes of %s, %s to %s rows%s%s", sweep->run_count,
                           sweep->table, from, rows_words(largest(sweep), arena),
                           *missing ? "; not measured: " : "", missing);
}

const char *tg_sweep_all_rows_words(const struct tg_result *run, struct tg_arena *arena)
{
    double rows = 0;
    for (size_t i = 0; i < run->load_count; i++)
        rows += (double)run->loads[i].rows;
    return rows > 0 ? rows_words(rows, arena) : "";
}

const char *tg_sweep_set_up_words(const struct tg_result *run, struct tg_arena *arena)
{
    char text[TG_UNIT_TEXT];
    return tg_arena_format(arena, "%s in %s", run->dataset_cached ? "copied" : "built",
                           tg_format_duration(run->dataset_build_ns, text));
}

const char *tg_sweep_exponent_words(const struct tg_growth *growth, struct tg_arena *arena)
{
    return isnan(growth->exponent) ? "" : tg_arena_format(arena, "%.3f", growth->exponent);
}

const char *tg_sweep_interval_words(const struct tg_growth *growth, struct tg_arena *arena)
{
    if (!isfinite(growth->low) || !isfinite(growth->high))
        return "";
    return tg_arena_format(arena, "%.3f .. %.3f", growth->low, growth->high);
}

const char *tg_sweep_tenfold_words(const struct tg_growth *growth, struct tg_arena *arena)
{
    char text[TG_UNIT_TEXT];
    if (isnan(growth->exponent))
        return "";
    return tg_arena_format(arena, "× %s", tg_format_ratio(pow(10, growth->exponent), text));
}

/* The size after the one up to which the target is met; 0: there is none. */
static double next_size(const struct tg_sweep_view *sweep, const struct tg_sweep_limit *limit)
{
    for (size_t i = 0; i < sweep->run_count; i++)
        if (sweep->rows[i] > limit->capacity_rows)
            return sweep->rows[i];
    return 0;
}

const char *tg_sweep_capacity_words(const struct tg_sweep_view *sweep,
                                    const struct tg_sweep_limit *limit, struct tg_arena *arena)
{
    double next = next_size(sweep, limit);
    const char *met = limit->capacity_rows > 0 ? rows_words(limit->capacity_rows, arena) : "none";
    if (next <= 0)
        return tg_arena_format(arena, "%s (largest)", met);
    const char *missed =
        limit->missed_rows > 0
            ? tg_arena_format(arena, ", missed at %s", rows_words(limit->missed_rows, arena))
            : "";
    if (limit->missed_rows > 0 && limit->missed_rows <= next)
        return tg_arena_format(arena, "%s%s", met, missed);
    return tg_arena_format(arena, "%s, no data at %s%s", met, rows_words(next, arena), missed);
}

double tg_sweep_believed_rows(const struct tg_sweep_view *sweep, double rows)
{
    if (!(rows > 0 && rows <= TG_SWEEP_FARTHEST * largest(sweep)))
        return NAN;
    double digit = pow(10, floor(log10(rows)) - 1);
    double believed = rint(rows / digit) * digit;
    for (size_t i = 0; i < sweep->run_count; i++)
        if (sweep->rows[i] <= rows)
            believed = fmax(believed, sweep->rows[i]);
    return believed;
}

static const char *extrapolated_words(const struct tg_sweep_view *sweep, double rows,
                                      struct tg_arena *arena)
{
    double farthest = TG_SWEEP_FARTHEST * largest(sweep);
    if (isnan(rows))
        return "";
    if (rows > farthest)
        return tg_arena_format(arena, "beyond %s", rows_words(farthest, arena));
    return tg_arena_format(arena, "about %s",
                           rows_words(tg_sweep_believed_rows(sweep, rows), arena));
}

const char *tg_sweep_degrades_words(const struct tg_sweep_view *sweep,
                                    const struct tg_sweep_limit *limit, struct tg_arena *arena)
{
    if (isinf(limit->degrades_rows))
        return limit->growth.low > 0 ? extrapolated_words(sweep, INFINITY, arena)
                                     : "no growth shown";
    return extrapolated_words(sweep, limit->degrades_rows, arena);
}

const char *tg_sweep_soonest_words(const struct tg_sweep_view *sweep,
                                   const struct tg_sweep_limit *limit, struct tg_arena *arena)
{
    return extrapolated_words(sweep, limit->degrades_soonest_rows, arena);
}

const char *const *tg_sweep_notes(const struct tg_sweep_view *sweep, size_t *count,
                                  struct tg_arena *arena)
{
    const char **notes = tg_arena_array(arena, 4, sizeof *notes);
    *count = 0;
    if (sweep->run_count < 2) {
        notes[(*count)++] = "One size shows no growth: it takes two for a slope and three for its "
                            "interval.";
        return notes;
    }
    notes[(*count)++] =
        "Growth: the exponent b of time = c * rows^b, by least squares on the logarithms, with its "
        "95 % interval (Student's t); beside it what ten times the rows cost. \"-\": fewer than 10 "
        "operations beyond the percentile.";
    if (sweep->run_count < 3)
        notes[(*count)++] = "Two sizes have no interval, and nothing is extrapolated from them.";
    else
        notes[(*count)++] = tg_arena_format(
            arena,
            "Where a target breaks is extrapolated, not measured: nothing above %s rows was. "
            "\"Soonest\" takes the upper bound of the exponent. No number is given beyond %d times "
            "the largest size. Where the interval of the exponent includes 0, \"Breaks\" gives "
            "none; "
            "\"Soonest\" may.",
            rows_words(largest(sweep), arena), TG_SWEEP_FARTHEST);
    return notes;
}
