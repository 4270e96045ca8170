#include "reports/figures/chart_make.h"

#include <ctype.h>
#include <math.h>

static const char *slug(const char *name, const char *of, struct tg_arena *arena)
{
    char *text = of ? tg_arena_format(arena, "%s-%s", name, of) : tg_arena_strdup(arena, name);
    for (char *at = text; *at; at++)
        *at = isalnum((unsigned char)*at) ? (char)tolower((unsigned char)*at) : '-';
    return text;
}

struct tg_chart *tg_chart_new(struct tg_arena *arena, enum tg_chart_kind kind, const char *name,
                              const char *of, const char *source)
{
    struct tg_chart *chart = tg_arena_alloc(arena, sizeof *chart);
    *chart = (struct tg_chart){.name = slug(name, of, arena), .kind = kind, .source = source};
    return chart;
}

void tg_chart_set_categories(struct tg_chart *chart, const char *const *categories, size_t count)
{
    chart->categories = categories;
    chart->category_count = count;
}

void tg_chart_set_series(struct tg_chart *chart, const struct tg_chart_series *series, size_t count)
{
    chart->series = series;
    chart->series_count = count;
}

double *tg_chart_numbers(struct tg_arena *arena, size_t count)
{
    double *numbers = tg_arena_array(arena, count, sizeof *numbers);
    for (size_t i = 0; i < count; i++)
        numbers[i] = NAN;
    return numbers;
}

const char *tg_chart_source_of(const struct tg_result *result, const char *phase,
                               struct tg_arena *arena)
{
    const char *id = result->id ? result->id : result->scenario;
    return phase ? tg_arena_format(arena, "%s, phase %s", id, phase) : id;
}

const struct tg_hdr *tg_chart_latency_of(const struct tg_phase_result *phase,
                                         const struct tg_op_result *op)
{
    return phase->open_loop && op->response ? op->response : op->service;
}

const char *tg_chart_latency_name(const struct tg_phase_result *phase)
{
    return phase->open_loop ? "response time" : "service time";
}
