/* Criteria: what each measure asks for, and the keys it takes. */
#include <string.h>

#include "reports/milestone/file.h"
#include "runner/scenario/fields.h"

const char *const tg_measure_words[TG_MEASURES] = {
    [TG_MEASURE_TARGETS] = "targets",
    [TG_MEASURE_RESULTS] = "results",
    [TG_MEASURE_PLANS] = "plans",
    [TG_MEASURE_GATE] = "gate",
    [TG_MEASURE_INTEGRITY] = "integrity",
    [TG_MEASURE_TESTS] = "tests",
    [TG_MEASURE_CODE_COVERAGE] = "code_coverage",
    [TG_MEASURE_FINDINGS] = "findings",
    [TG_MEASURE_SIZES] = "sizes",
    [TG_MEASURE_CAPACITY] = "capacity",
    [TG_MEASURE_GROWTH] = "growth",
};

const char *const tg_target_class_words[TG_TARGET_CLASSES] = {
    [TG_TARGET_LATENCY] = "latency",     [TG_TARGET_RATE] = "rate",
    [TG_TARGET_ERRORS] = "errors",       [TG_TARGET_ELAPSED] = "elapsed",
    [TG_TARGET_RESOURCES] = "resources", [TG_TARGET_COUNTS] = "counts",
};

struct measuring {
    struct tg_reader *reader;
    struct tg_arena *arena;
    struct tg_fields *fields;
    struct tg_milestone_measure *out;
};

static const struct tg_toml_node *field(struct measuring *measuring, const char *key)
{
    return tg_field(measuring->fields, key);
}

static void read_names(struct measuring *measuring, const char *key,
                       struct tg_milestone_names *names)
{
    tg_milestone_read_names(measuring->reader, measuring->arena, field(measuring, key), names);
}

static void read_share(struct measuring *measuring, const struct tg_toml_node *node)
{
    if (tg_read_fraction(measuring->reader, node, &measuring->out->at_least) &&
        measuring->out->at_least <= 0)
        tg_diag_hint(tg_node_error(measuring->reader, node, "\"at_least\" must be above 0%%"),
                     "a criterion that asks for nothing measures nothing");
}

static void read_targets(struct measuring *measuring)
{
    struct tg_milestone_names of = {0};
    read_names(measuring, "of", &of);
    for (size_t i = 0; i < of.count; i++) {
        size_t class = 0;
        while (class < TG_TARGET_CLASSES &&
               strcmp(tg_target_class_words[class], of.items[i].text) != 0)
            class ++;
        measuring->out->classes |= 1U << class;
        if (class < TG_TARGET_CLASSES)
            continue;
        tg_hint_names(tg_diag_error(measuring->reader->diags, of.items[i].place,
                                    "\"%s\" is no kind of target", of.items[i].text),
                      of.items[i].text, tg_target_class_words, TG_TARGET_CLASSES, "kinds");
    }
    read_names(measuring, "phases", &measuring->out->phases);
}

static void read_findings(struct measuring *measuring)
{
    const char *words[TG_FINDING_SEVERITIES];
    size_t severity = TG_FINDING_HIGH;
    for (int i = 0; i < TG_FINDING_SEVERITIES; i++)
        words[i] = tg_finding_severity_name((enum tg_finding_severity)i);
    tg_read_word(measuring->reader, field(measuring, "severity"), words, TG_FINDING_SEVERITIES,
                 &severity);
    measuring->out->severity = (enum tg_finding_severity)severity;
    tg_read_int(measuring->reader, field(measuring, "at_most"), 0, 1000000,
                &measuring->out->most_findings);
}

static void read_code_coverage(struct measuring *measuring)
{
    static const char *const of_words[] = {"lines", "branches"};
    size_t of = 0;
    tg_read_word(measuring->reader, field(measuring, "of"), of_words, 2, &of);
    measuring->out->branches = of == 1;
    read_share(measuring, tg_field_required(measuring->fields, "at_least", "\"80%\""));
}

static void read_growth(struct measuring *measuring)
{
    read_names(measuring, "operations", &measuring->out->operations);
    tg_read_number_above(measuring->reader, tg_field_required(measuring->fields, "at_most", "1.0"),
                         0, 100, &measuring->out->exponent);
    read_share(measuring, field(measuring, "at_least"));
}

static void read_capacity(struct measuring *measuring)
{
    int64_t rows = 0;
    read_names(measuring, "operations", &measuring->out->operations);
    if (tg_read_int(measuring->reader, tg_field_required(measuring->fields, "rows", "1_000_000"), 1,
                    INT64_MAX, &rows))
        measuring->out->rows = (double)rows;
    read_share(measuring, field(measuring, "at_least"));
}

/* The keys that only some measures take; the others are unknown to them. */
static void read_own_keys(struct measuring *measuring)
{
    bool queries = true;
    switch (measuring->out->measure) {
    case TG_MEASURE_TARGETS:
        read_targets(measuring);
        break;
    case TG_MEASURE_PLANS:
        tg_read_bool(measuring->reader, field(measuring, "queries"), &queries);
        measuring->out->operations_only = !queries;
        break;
    case TG_MEASURE_FINDINGS:
        read_findings(measuring);
        return;
    case TG_MEASURE_CODE_COVERAGE:
        read_code_coverage(measuring);
        return;
    case TG_MEASURE_GROWTH:
        read_growth(measuring);
        return;
    case TG_MEASURE_CAPACITY:
        read_capacity(measuring);
        return;
    case TG_MEASURE_TESTS:
        read_share(measuring, field(measuring, "at_least"));
        return;
    case TG_MEASURE_GATE:
    case TG_MEASURE_INTEGRITY:
    case TG_MEASURE_RESULTS:
    case TG_MEASURE_SIZES:
    case TG_MEASURES:
        break;
    }
    read_names(measuring, "scenarios", &measuring->out->scenarios);
    if (measuring->out->measure == TG_MEASURE_TARGETS ||
        measuring->out->measure == TG_MEASURE_PLANS)
        read_names(measuring, "operations", &measuring->out->operations);
    read_share(measuring, field(measuring, "at_least"));
}

void tg_milestone_read_measure(struct tg_reader *reader, struct tg_arena *arena,
                               const struct tg_toml_node *node, struct tg_milestone_measure *out)
{
    struct tg_fields fields;
    size_t measure = 0;
    *out = (struct tg_milestone_measure){.name = "", .weight = 1, .at_least = 1};
    tg_fields_open(&fields, reader, node);
    tg_milestone_read_text(reader, tg_field_required(&fields, "name", "\"Latency\""), &out->name);
    tg_read_number(reader, tg_field(&fields, "weight"), 0, 1e6, &out->weight);
    tg_read_bool(reader, tg_field(&fields, "must"), &out->must);
    const struct tg_toml_node *word = tg_field_required(&fields, "measure", "\"targets\"");
    if (!tg_read_word(reader, word, tg_measure_words, TG_MEASURES, &measure))
        return; /* which keys it may have is not known */
    out->measure = (enum tg_measure)measure;
    read_own_keys(&(struct measuring){reader, arena, &fields, out});
    if (out->weight <= 0 && !out->must)
        tg_diag_hint(tg_node_error(reader, node, "the criterion \"%s\" changes nothing", out->name),
                     "give it a weight, or must = true");
    tg_fields_close(&fields);
}
