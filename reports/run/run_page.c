#include "reports/run/run_page.h"

#include <stdlib.h>
#include <string.h>

#include "baselines/host.h"
#include "reports/figures/chart_data.h"
#include "reports/findings/findings_page.h"
#include "reports/index/coverage_page.h"
#include "reports/run/phase_lines.h"
#include "reports/run/run_facts.h"
#include "reports/run/target_text.h"

/* ---- verdict ---- */

static void add_verdict(const struct tg_result *result, struct tg_page *page)
{
    static const struct {
        const char *word, *meaning;
        enum tg_tone tone;
    } verdicts[] = {
        [TG_VERDICT_PASS] = {"PASS", "Every target is met.", TG_TONE_GOOD},
        [TG_VERDICT_FAIL] = {"FAIL", "The store fell short.", TG_TONE_BAD},
        [TG_VERDICT_INVALID] =
            {"INVALID", "Cannot tell: what was measured proves nothing for or against the store.",
             TG_TONE_WARN},
    };
    const char *meaning = verdicts[result->verdict].meaning;
    if (result->verdict == TG_VERDICT_PASS && result->target_count == 0)
        meaning = "The scenario sets no target; nothing went wrong.";
    tg_page_banner(page, verdicts[result->verdict].tone, verdicts[result->verdict].word, meaning);
    if (result->reason_count == 0)
        return;
    tg_page_list(page);
    for (size_t i = 0; i < result->reason_count; i++)
        tg_page_itemf(page, "%s", result->reasons[i]);
    tg_page_list_end(page);
}

static void add_facts(const struct tg_result *result, struct tg_page *page)
{
    static const struct tg_page_column columns[] = {{.title = "what"}, {.title = "where and how"}};
    struct tg_arena arena = {0};
    struct tg_page_table table;
    size_t count;
    const struct tg_run_fact *facts = tg_run_facts(result, &count, &arena);
    tg_page_table(page, &table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        tg_cellf(&table, "%s", facts[i].label);
        tg_cellf(&table, "%s", facts[i].text);
    }
    if (result->id) {
        tg_cellf(&table, "result");
        tg_cellf(&table, "%s", result->id);
    }
    tg_page_table_end(&table);
    tg_arena_free(&arena);
}

/* ---- targets ---- */

static void target_row(const struct tg_result *result, const struct tg_target_result *target,
                       struct tg_page_table *table, bool *few_samples)
{
    static const struct {
        const char *word;
        enum tg_tone tone;
    } statuses[] = {
        [TG_STANDING_MET] = {"met", TG_TONE_GOOD},
        [TG_STANDING_MISSED] = {"MISSED", TG_TONE_BAD},
        [TG_STANDING_NO_DATA] = {"no data", TG_TONE_WARN},
        [TG_STANDING_IN_DOUBT] = {"in doubt", TG_TONE_WARN},
    };
    enum tg_target_standing standing = tg_target_standing(result, target);
    char value[TG_UNIT_TEXT], ratio[TG_RATIO_TEXT];
    struct tg_target_words words = tg_target_words(target);
    bool weak = tg_target_support(result, target) != TG_SUPPORT_GOOD;
    *few_samples = *few_samples || weak;
    tg_cell_toned(table, statuses[standing].tone, statuses[standing].word);
    tg_cellf(table, "%.*s", words.metric_length, target->text);
    tg_cellf(table, "%s%s", weak ? "~" : "", tg_target_value_text(target, value));
    tg_cellf(table, "%s", words.limit);
    tg_cellf(table, "%s", tg_target_ratio_text(target, ratio));
    tg_cellf(table, "%s", target->phase);
}

static void add_targets(const struct tg_result *result, struct tg_page *page, bool *few_samples)
{
    static const struct tg_page_column columns[] = {
        {.title = "target"},
        {.title = "metric", .code = true},
        {.title = "measured", .right = true},
        {.title = "limit", .right = true, .code = true},
        {.title = "ratio", .right = true},
        {.title = "phase"},
    };
    struct tg_arena arena = {0};
    struct tg_chart *charts[TG_CHART_TARGET_KINDS];
    struct tg_page_table table;
    tg_page_section(page, 2, "Targets");
    if (result->target_count == 0)
        tg_page_paragraphf(page, "The scenario sets none.");
    tg_page_table(page, &table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < result->target_count; i++)
        target_row(result, &result->targets[i], &table, few_samples);
    tg_page_table_end(&table);
    size_t count = tg_chart_targets(result, &arena, charts);
    for (size_t i = 0; i < count; i++)
        tg_page_chart(page, charts[i]);
    tg_arena_free(&arena);
}

/* ---- phases ---- */

static const double shown_percentiles[] = {50, 95, 99, 99.9};
enum { SHOWN_PERCENTILES = sizeof shown_percentiles / sizeof *shown_percentiles };

struct figures { /* of an operation, or of all together */
    const char *name;
    const struct tg_hdr *latency;
    int64_t succeeded, failed;
};

static void figures_row(const struct tg_phase_result *phase, const struct figures *figures,
                        struct tg_page_table *table, bool *few_samples)
{
    const struct tg_hdr *hdr = figures->latency;
    char text[TG_UNIT_TEXT], percentile[TG_PERCENTILE_TEXT];
    tg_cellf(table, "%s", figures->name);
    tg_cellf(table, "%s", tg_format_count(figures->succeeded, text));
    tg_cellf(
        table, "%s",
        phase->elapsed_ns > 0
            ? tg_format_rate((double)figures->succeeded * 1e9 / (double)phase->elapsed_ns, text)
            : "-");
    tg_cellf(table, "%s",
             hdr->total ? tg_format_duration((int64_t)(tg_hdr_mean(hdr) + 0.5), text) : "-");
    for (size_t i = 0; i < SHOWN_PERCENTILES; i++) {
        bool good = tg_percentile_text(hdr, shown_percentiles[i], percentile) == TG_SUPPORT_GOOD;
        *few_samples = *few_samples || (!good && hdr->total > 0);
        tg_cell_toned(table, good ? TG_TONE_PLAIN : TG_TONE_DIM, percentile);
    }
    tg_cellf(table, "%s", hdr->total ? tg_format_duration(hdr->max, text) : "-");
    tg_cell_toned(table, figures->failed > 0 ? TG_TONE_BAD : TG_TONE_PLAIN,
                  tg_format_count(figures->failed, text));
}

static void add_figures(const struct tg_phase_result *phase, struct tg_page *page,
                        bool *few_samples)
{
    static const struct tg_page_column columns[] = {
        {.title = "operation", .code = true}, {.title = "count", .right = true},
        {.title = "rate", .right = true},     {.title = "mean", .right = true},
        {.title = "p50", .right = true},      {.title = "p95", .right = true},
        {.title = "p99", .right = true},      {.title = "p99.9", .right = true},
        {.title = "max", .right = true},      {.title = "errors", .right = true},
    };
    struct tg_page_table table;
    struct figures all = {.name = "(all)"};
    tg_page_table(page, &table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < phase->op_count; i++) {
        const struct tg_op_result *op = &phase->ops[i];
        const struct figures figures = {op->name, tg_main_latency(phase, op), op->succeeded,
                                        op->failed};
        all.succeeded += op->succeeded;
        all.failed += op->failed;
        figures_row(phase, &figures, &table, few_samples);
    }
    if (phase->op_count > 1) {
        struct tg_hdr *merged = tg_merged_latency(phase, false);
        all.latency = merged;
        figures_row(phase, &all, &table, few_samples);
        free(merged);
    }
    tg_page_table_end(&table);
}

static void add_lines(const struct tg_phase_result *phase, struct tg_page *page, bool *few_samples)
{
    struct tg_arena arena = {0};
    size_t count;
    const struct tg_phase_line *lines = tg_phase_lines(phase, &count, few_samples, &arena);
    if (count > 0)
        tg_page_list(page);
    for (size_t i = 0; i < count; i++) {
        struct tg_text span = {0};
        enum tg_tone tone = lines[i].style == TG_RED      ? TG_TONE_BAD
                            : lines[i].style == TG_YELLOW ? TG_TONE_WARN
                                                          : TG_TONE_DIM;
        tg_span_toned(page, &span, tone, lines[i].label);
        tg_span_textf(page, &span, ": %s", lines[i].text);
        tg_page_item(page, tg_text_string(&span));
        tg_text_free(&span);
    }
    if (count > 0)
        tg_page_list_end(page);
    tg_arena_free(&arena);
}

/* Curves and time need a picture; characters show three percentiles as bars. */
static void add_phase_charts(const struct tg_result *result, size_t phase, struct tg_page *page)
{
    struct tg_arena arena = {0};
    if (page->format == TG_PAGE_HTML && tg_chart_can_draw()) {
        tg_page_chart(page, tg_chart_latency(result, phase, &arena));
        tg_page_chart(page, tg_chart_over_time(result, phase, &arena));
    } else {
        tg_page_chart(page, tg_chart_percentiles(result, phase, &arena));
    }
    tg_arena_free(&arena);
}

static void add_phases(const struct tg_result *result, struct tg_page *page, bool *few_samples)
{
    tg_page_section(page, 2, "Latency and throughput");
    if (result->phase_count == 0)
        tg_page_paragraphf(page, "No phase was run.");
    for (size_t i = 0; i < result->phase_count; i++) {
        const struct tg_phase_result *phase = &result->phases[i];
        struct tg_arena arena = {0};
        char *title = tg_format("Phase %s", phase->name);
        tg_page_section(page, 3, title);
        tg_page_paragraphf(page, "%s; %s.", tg_phase_title(phase, &arena),
                           phase->open_loop ? "response times, from when an operation fell due"
                                            : "service times");
        add_figures(phase, page, few_samples);
        add_lines(phase, page, few_samples);
        add_phase_charts(result, i, page);
        free(title);
        tg_arena_free(&arena);
    }
}

/* ---- coverage, configuration, platform, integrity ---- */

static void add_coverage(const struct tg_result *result, struct tg_page *page)
{
    tg_page_section(page, 2, "Index coverage");
    if (!result->has_coverage) {
        tg_page_paragraphf(page, "The query plans were not looked at.");
        return;
    }
    tg_coverage_sum(&result->coverage, page);
    tg_coverage_tables(&result->coverage, page);
    tg_page_fold(page, "Every statement");
    tg_coverage_queries(&result->coverage, page);
    tg_page_fold_end(page);
    tg_page_fold(page, "Every index");
    tg_coverage_indexes(&result->coverage, page);
    tg_page_fold_end(page);
}

static void add_configuration(const struct tg_result *result, struct tg_page *page)
{
    static const struct tg_page_column settings[] = {{.title = "setting", .code = true},
                                                     {.title = "asked for", .code = true},
                                                     {.title = "read back", .code = true}};
    static const struct tg_page_column facts[] = {{.title = "of the store"}, {.title = "value"}};
    struct tg_page_table table;
    tg_page_section(page, 2, "Configuration");
    tg_page_table(page, &table, settings, sizeof settings / sizeof *settings);
    for (size_t i = 0; i < result->setting_count; i++) {
        const struct tg_setting_state *setting = &result->settings[i];
        tg_cellf(&table, "%s", setting->name);
        tg_cellf(&table, "%s", setting->requested ? setting->requested : "");
        tg_cellf(&table, "%s", setting->actual ? setting->actual : "");
    }
    tg_page_table_end(&table);
    tg_page_table(page, &table, facts, sizeof facts / sizeof *facts);
    for (size_t i = 0; i < result->fact_count; i++) {
        tg_cellf(&table, "%s", result->facts[i].name);
        tg_cellf(&table, "%s", result->facts[i].value);
    }
    tg_page_table_end(&table);
}

static void host_rows(const struct tg_host *host, struct tg_page_table *table)
{
    char text[TG_UNIT_TEXT];
    const struct {
        const char *name, *value;
    } rows[] = {
        {"CPU", host->cpu_model},
        {"kernel", host->kernel},
        {"distribution", host->distribution},
        {"architecture", host->architecture},
        {"virtualisation", host->virtualisation},
        {"clock source", host->clock_source},
        {"CPU frequency governor", host->governor},
        {"fingerprint", host->fingerprint},
    };
    tg_cellf(table, "CPUs");
    tg_cellf(table, "%lld", (long long)host->cpus);
    tg_cellf(table, "memory");
    tg_cellf(table, "%s", tg_format_bytes(host->memory_bytes, text));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        tg_cellf(table, "%s", rows[i].name);
        tg_cellf(table, "%s", rows[i].value);
    }
    for (size_t i = 0; i < host->library_count; i++) {
        tg_cellf(table, "%s", host->libraries[i].name);
        tg_cellf(table, "%s", host->libraries[i].value);
    }
}

static void add_platform(const struct tg_result *result, struct tg_page *page)
{
    static const struct tg_page_column columns[] = {{.title = "of the machine"},
                                                    {.title = "value"}};
    cJSON *json = result->host_json ? cJSON_Parse(result->host_json) : NULL;
    struct tg_arena arena = {0};
    struct tg_host host;
    struct tg_page_table table;
    tg_page_section(page, 2, "Platform");
    tg_page_table(page, &table, columns, sizeof columns / sizeof *columns);
    if (json && tg_host_from_json(json, &arena, &host))
        host_rows(&host, &table);
    tg_cellf(&table, "clock of the measurement");
    tg_cellf(&table, "%s, %.3g ns a reading", result->clock,
             (double)result->clock_overhead_ps / 1000);
    tg_page_table_end(&table);
    tg_arena_free(&arena);
    cJSON_Delete(json);
}

static void add_integrity(const struct tg_result *result, struct tg_page *page)
{
    tg_page_section(page, 2, "Integrity");
    if (result->crash)
        tg_page_paragraphf(page, "The store did not survive: %s.", result->crash);
    if (result->violation_count == 0)
        tg_page_paragraphf(page, "%s",
                           result->verified
                               ? "Integrity and foreign keys were checked after the run: nothing "
                                 "was found."
                               : "Not checked.");
    if (result->violation_count > 0)
        tg_page_list(page);
    for (size_t i = 0; i < result->violation_count; i++)
        tg_page_itemf(page, "%s", result->violations[i]);
    if (result->violation_count > 0)
        tg_page_list_end(page);
}

/* ---- the page ---- */

void tg_run_page(const struct tg_result *result, const struct tg_finding_limits *limits,
                 enum tg_page_format format, struct tg_text *out)
{
    struct tg_arena arena = {0};
    struct tg_page page;
    bool few_samples = false;
    struct tg_findings findings = tg_findings_of_result(result, limits, &arena);
    tg_page_begin(&page, format, TG_RUN_REPORT_COMMAND,
                  tg_arena_format(&arena, "Run of %s", result->scenario), out);
    add_verdict(result, &page);
    add_facts(result, &page);
    add_targets(result, &page, &few_samples);
    add_phases(result, &page, &few_samples);
    if (few_samples)
        tg_page_paragraphf(&page,
                           "~ before a percentile: fewer than 10 operations lie beyond it. - "
                           "in its place: fewer than 1, so it says nothing.");
    tg_page_section(&page, 2, "Findings");
    tg_findings_page(&findings, &page);
    add_coverage(result, &page);
    add_configuration(result, &page);
    add_platform(result, &page);
    add_integrity(result, &page);
    tg_page_end(&page);
    tg_arena_free(&arena);
}
