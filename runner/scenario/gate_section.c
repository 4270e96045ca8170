#include <string.h>

#include "common/text.h"
#include "common/units.h"
#include "runner/scenario/sections.h"

static bool is_measured(const struct tg_scenario *scenario, const struct tg_metric *metric)
{
    for (size_t i = 0; i < scenario->phase_count; i++) {
        const struct tg_phase *phase = &scenario->phases[i];
        if (tg_phase_runs(phase, metric) &&
            (!tg_metric_needs_rate(metric) || phase->rate_per_s > 0))
            return true;
    }
    return false;
}

static bool read_gate_metric(struct tg_reader *reader, const struct tg_toml_node *node,
                             struct tg_metric *metric)
{
    if (!tg_read_metric(reader, node->place, node->string, metric))
        return false;
    if (!is_measured(reader->scenario, metric))
        tg_node_error(reader, node, "no phase measures \"%s\"", metric->text);
    return true;
}

/* ---- which margins are of which metrics ---- */

size_t tg_gate_usual(struct tg_scenario *scenario, const struct tg_phase *phase,
                     struct tg_metric *metrics)
{
    static const char *const percentiles[] = {"p50", "p95", "p99"};
    enum { PERCENTILES = sizeof percentiles / sizeof *percentiles };
    const char *why, *hint;
    size_t count = 0;
    for (size_t i = 0; i < phase->entry_count * PERCENTILES; i++) {
        const char *op = scenario->ops[phase->entries[i / PERCENTILES].op].name;
        const char *text =
            tg_arena_format(&scenario->arena, "%s.%s", op, percentiles[i % PERCENTILES]);
        count += tg_metric_parse(scenario, text, &metrics[count], &why, &hint);
    }
    count += tg_metric_parse(scenario, "rate", &metrics[count], &why, &hint);
    return count;
}

bool tg_margin_covers(const struct tg_metric *named, const struct tg_metric *metric)
{
    enum tg_latency_kind meant =
        metric->latency == TG_LATENCY_DEFAULT ? TG_LATENCY_SERVICE : metric->latency;
    return (named->op == metric->op || named->op < 0) && named->kind == metric->kind &&
           named->percentile == metric->percentile &&
           (named->latency == TG_LATENCY_DEFAULT || named->latency == meant);
}

/* Those that some phase would gate: *count of them, in the scenario's arena. */
static const struct tg_metric *gated_metrics(struct tg_scenario *scenario, size_t *count)
{
    *count = scenario->gate.metric_count;
    if (*count > 0)
        return scenario->gate.metrics;
    size_t most = 0;
    for (size_t i = 0; i < scenario->phase_count; i++)
        most += 3 * scenario->phases[i].entry_count + 1;
    struct tg_metric *usual = tg_arena_array(&scenario->arena, most + 1, sizeof *usual);
    for (size_t i = 0; i < scenario->phase_count; i++)
        *count += tg_gate_usual(scenario, &scenario->phases[i], usual + *count);
    return usual;
}

/* As a margin could be called that is of this metric: of all operations where `named` is. */
static const char *name_for(const struct tg_scenario *scenario, const struct tg_metric *named,
                            const struct tg_metric *metric)
{
    bool whole = named->op >= 0 || metric->op < 0;
    return whole ? metric->text : metric->text + strlen(scenario->ops[metric->op].name) + 1;
}

static void hint_gated(struct tg_scenario *scenario, const struct tg_metric *named,
                       const struct tg_metric *gated, size_t count, struct tg_diag *diag)
{
    enum { NAMED = 4 };
    const char **names = tg_arena_array(&scenario->arena, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = name_for(scenario, named, &gated[i]);
    const char *nearest = tg_nearest_name(named->text, names, count);
    if (nearest) {
        tg_diag_hint(diag, "did you mean \"%s\"?", nearest);
        return;
    }
    const char *list = gated[0].text;
    for (size_t i = 1; i < count && i < NAMED; i++)
        list = tg_arena_format(&scenario->arena, "%s, %s", list, gated[i].text);
    tg_diag_hint(diag, "gated are %s%s", list, count > NAMED ? ", ..." : "");
}

/* Not an error: it may be left from a metric that was gated once, but it decides nothing. */
static void warn_of_idle_margins(struct tg_reader *reader, const struct tg_toml_node *table)
{
    struct tg_scenario *scenario = reader->scenario;
    size_t count;
    if (!table || reader->diags->errors > 0)
        return;
    const struct tg_metric *gated = gated_metrics(scenario, &count);
    for (const struct tg_toml_node *node = table->first; node && count > 0; node = node->next) {
        struct tg_metric named;
        bool used = !tg_read_metric(reader, node->key_place, node->key, &named);
        for (size_t i = 0; i < count && !used; i++)
            used = tg_margin_covers(&named, &gated[i]);
        if (!used)
            hint_gated(scenario, &named, gated, count,
                       tg_diag_add(reader->diags, TG_SEVERITY_WARNING, node->key_place,
                                   "no metric is gated that the margin \"%s\" is of", node->key));
    }
}

static void read_margins(struct tg_reader *reader, const struct tg_toml_node *table)
{
    struct tg_scenario *scenario = reader->scenario;
    if (!tg_read_type(reader, table, TG_TOML_TABLE))
        return;
    struct tg_named_margin *margins =
        tg_arena_array(&scenario->arena, table->count, sizeof *margins);
    size_t count = 0;
    for (const struct tg_toml_node *node = table->first; node; node = node->next) {
        struct tg_metric metric;
        if (!tg_read_metric(reader, node->key_place, node->key, &metric))
            continue;
        if (node->type == TG_TOML_TABLE) { /* p99.9 = ... without quotes */
            tg_diag_hint(
                tg_key_error(reader, node, "\"%s\" must be a margin, not a table", node->name),
                "a metric with a dot needs quotes: \"p99.9\" = \"5%%\"");
            continue;
        }
        double fraction;
        if (!tg_read_fraction(reader, node, &fraction))
            continue;
        if (fraction <= 0)
            tg_node_error(reader, node, "a margin must be above 0%%");
        margins[count++] =
            (struct tg_named_margin){.name = node->key, .fraction = fraction, .place = node->place};
    }
    scenario->gate.margins = margins;
    scenario->gate.margin_count = count;
}

void tg_read_gate(struct tg_reader *reader, const struct tg_toml_node *node)
{
    struct tg_scenario *scenario = reader->scenario;
    struct tg_gate_spec *gate = &scenario->gate;
    gate->budget_ns = 60 * TG_NS_PER_S;
    if (!tg_read_type(reader, node, TG_TOML_TABLE))
        return;
    gate->given = true;
    struct tg_fields fields;
    tg_fields_open(&fields, reader, node);
    size_t count;
    const struct tg_toml_node **texts =
        tg_read_strings(reader, tg_field(&fields, "metrics"), &count);
    gate->metrics = tg_arena_array(&scenario->arena, count, sizeof *gate->metrics);
    for (size_t i = 0; i < count; i++) {
        if (read_gate_metric(reader, texts[i], &gate->metrics[gate->metric_count]))
            gate->metric_count++;
    }
    const struct tg_toml_node *margins = tg_field(&fields, "margin");
    read_margins(reader, margins);
    warn_of_idle_margins(reader, margins);
    tg_read_duration(reader, tg_field(&fields, "budget"), TG_NS_PER_S, &gate->budget_ns);
    tg_fields_close(&fields);
}
