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
    read_margins(reader, tg_field(&fields, "margin"));
    tg_read_duration(reader, tg_field(&fields, "budget"), TG_NS_PER_S, &gate->budget_ns);
    tg_fields_close(&fields);
}
