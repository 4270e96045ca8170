#include <ctype.h>
#include <string.h>

#include "common/units.h"
#include "runner/scenario/sections.h"

static const struct {
    const char *name;
    enum tg_metric_kind kind;
    bool of_latency; /* may follow response., service. or lag. */
    bool of_phase;   /* has no operation before it */
} plain_metrics[] = {
    {"mean", TG_METRIC_MEAN, true, false},
    {"min", TG_METRIC_MIN, true, false},
    {"max", TG_METRIC_MAX, true, false},
    {"rate", TG_METRIC_RATE, false, false},
    {"count", TG_METRIC_COUNT, false, false},
    {"errors", TG_METRIC_ERRORS, false, false},
    {"error_rate", TG_METRIC_ERROR_RATE, false, false},
    {"retries", TG_METRIC_RETRIES, false, false},
    {"elapsed", TG_METRIC_ELAPSED, false, true},
    {"rss", TG_METRIC_RSS, false, true},
    {"cpu", TG_METRIC_CPU, false, true},
    {"stalls", TG_METRIC_STALLS, false, false},
};

const char *const tg_latency_names[4] = {
    [TG_LATENCY_RESPONSE] = "response", [TG_LATENCY_SERVICE] = "service", [TG_LATENCY_LAG] = "lag"};

enum { PLAIN_METRICS = sizeof plain_metrics / sizeof *plain_metrics };

static bool is_percentile_word(const char *text)
{
    return text[0] == 'p' && isdigit((unsigned char)text[1]) &&
           text[1 + strspn(text + 1, "0123456789")] == '\0';
}

bool tg_is_metric_word(const char *text)
{
    for (size_t i = 0; i < PLAIN_METRICS; i++) {
        if (strcmp(text, plain_metrics[i].name) == 0)
            return true;
    }
    for (size_t i = TG_LATENCY_RESPONSE; i <= TG_LATENCY_LAG; i++) {
        if (strcmp(text, tg_latency_names[i]) == 0)
            return true;
    }
    return is_percentile_word(text);
}

/* A metric while it is parsed; `why` and `hint` are set when it fails. */
struct metric_parse {
    struct tg_scenario *scenario;
    const char *rest;
    struct tg_metric *metric;
    const char **why;
    const char **hint;
};

/* Every name that could stand at this point, for "did you mean". */
static void hint_names(struct metric_parse *parse, const char *wanted, bool with_ops)
{
    static const char *const percentiles[] = {"p50", "p90", "p95", "p99"};
    enum { WORDS = PLAIN_METRICS + 3 + 4 };
    struct tg_scenario *scenario = parse->scenario;
    const char **names =
        tg_arena_array(&scenario->arena, scenario->op_count + WORDS, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; with_ops && i < scenario->op_count; i++)
        names[count++] = scenario->ops[i].name;
    for (size_t i = 0; i < PLAIN_METRICS; i++)
        names[count++] = plain_metrics[i].name;
    for (size_t i = TG_LATENCY_RESPONSE; i <= TG_LATENCY_LAG; i++)
        names[count++] = tg_latency_names[i];
    for (size_t i = 0; i < sizeof percentiles / sizeof *percentiles; i++)
        names[count++] = percentiles[i];
    const char *nearest = tg_nearest_name(wanted, names, count);
    *parse->hint =
        nearest ? tg_arena_format(&scenario->arena, "did you mean \"%s\"?", nearest)
                : "metrics are p50, p99, p99.9, mean, min, max, rate, count, errors, "
                  "error_rate, retries, and of a phase elapsed, rss, cpu; in a gate also stalls";
}

/* The operation at the front, where there is one. */
static bool parse_metric_op(struct metric_parse *parse)
{
    struct tg_arena *arena = &parse->scenario->arena;
    size_t length = strcspn(parse->rest, ".");
    const char *word = tg_arena_memdup(arena, parse->rest, length);
    parse->metric->op = -1;
    if (tg_is_metric_word(word))
        return true;
    size_t op = tg_find_op(parse->scenario, word);
    if (op == SIZE_MAX) {
        *parse->why = parse->rest[length] == '.'
                          ? tg_arena_format(arena, "no operation is called \"%s\"", word)
                          : tg_arena_format(arena, "\"%s\" is no metric", word);
        hint_names(parse, word, true);
        return false;
    }
    if (parse->rest[length] == '\0') {
        *parse->why = tg_arena_format(arena, "\"%s\" is an operation, not a metric", word);
        *parse->hint = tg_arena_format(arena, "write which of its metrics, as in %s.p99", word);
        return false;
    }
    parse->metric->op = (int32_t)op;
    parse->rest += length + 1;
    return true;
}

static void parse_latency(struct metric_parse *parse)
{
    for (size_t i = TG_LATENCY_RESPONSE; i <= TG_LATENCY_LAG; i++) {
        size_t length = strlen(tg_latency_names[i]);
        if (tg_starts_with(parse->rest, tg_latency_names[i]) && parse->rest[length] == '.') {
            parse->metric->latency = (enum tg_latency_kind)i;
            parse->rest += length + 1;
            return;
        }
    }
}

static bool parse_percentile(struct metric_parse *parse)
{
    struct tg_arena *arena = &parse->scenario->arena;
    const char *number = parse->rest + 1;
    size_t length = strspn(number, "0123456789.");
    double percentile;
    parse->metric->kind = TG_METRIC_PERCENTILE;
    if (number[length] == '\0' && number[length - 1] != '.' &&
        tg_parse_number(number, &percentile) && percentile > 0 && percentile <= 100) {
        parse->metric->percentile = percentile;
        return true;
    }
    *parse->why = tg_arena_format(arena, "\"%s\" is no percentile", parse->rest);
    *parse->hint = "percentiles are above p0 and up to p100, as in p50, p99 or p99.9";
    if (tg_starts_with(number, "99") && strlen(number) > 2 && strspn(number, "9") == strlen(number))
        *parse->hint = tg_arena_format(arena, "did you mean \"p99.%s\"?", number + 2);
    return false;
}

static bool parse_plain(struct metric_parse *parse)
{
    struct tg_arena *arena = &parse->scenario->arena;
    for (size_t i = 0; i < PLAIN_METRICS; i++) {
        if (strcmp(parse->rest, plain_metrics[i].name) != 0)
            continue;
        parse->metric->kind = plain_metrics[i].kind;
        if (plain_metrics[i].of_phase && parse->metric->op >= 0)
            *parse->why = tg_arena_format(arena, "\"%s\" is of a whole phase, not of one operation",
                                          parse->rest);
        else if (!plain_metrics[i].of_latency && parse->metric->latency != TG_LATENCY_DEFAULT)
            *parse->why =
                tg_arena_format(arena, "\"%s\" is no latency: there is no %s %s", parse->rest,
                                tg_latency_names[parse->metric->latency], parse->rest);
        return *parse->why == NULL;
    }
    *parse->why = *parse->rest ? tg_arena_format(arena, "\"%s\" is no metric", parse->rest)
                               : "there is no metric";
    hint_names(parse, parse->rest, false);
    return false;
}

bool tg_metric_parse(struct tg_scenario *scenario, const char *text, struct tg_metric *metric,
                     const char **why, const char **hint)
{
    *metric = (struct tg_metric){.text = tg_arena_strdup(&scenario->arena, text), .op = -1};
    *why = NULL;
    *hint = NULL;
    struct metric_parse parse = {
        .scenario = scenario, .rest = metric->text, .metric = metric, .why = why, .hint = hint};
    if (!parse_metric_op(&parse))
        return false;
    parse_latency(&parse);
    if (parse.rest[0] == 'p' && isdigit((unsigned char)parse.rest[1]))
        return parse_percentile(&parse);
    return parse_plain(&parse);
}

bool tg_read_metric(struct tg_reader *reader, struct tg_place at, const char *text,
                    struct tg_metric *metric)
{
    const char *why;
    const char *hint;
    if (tg_metric_parse(reader->scenario, text, metric, &why, &hint))
        return true;
    struct tg_diag *diag = tg_diag_error(reader->diags, at, "%s", why);
    if (hint)
        tg_diag_hint(diag, "%s", hint);
    return false;
}

bool tg_phase_runs(const struct tg_phase *phase, const struct tg_metric *metric)
{
    for (size_t i = 0; i < phase->entry_count; i++) {
        if ((int32_t)phase->entries[i].op == metric->op)
            return true;
    }
    return metric->op < 0;
}

bool tg_metric_needs_rate(const struct tg_metric *metric)
{
    return metric->latency == TG_LATENCY_RESPONSE || metric->latency == TG_LATENCY_LAG;
}
