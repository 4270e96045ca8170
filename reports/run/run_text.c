#include "reports/run/run_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "common/units.h"
#include "reports/findings/findings.h"
#include "reports/run/report_view.h"
#include "reports/run/run_facts.h"
#include "reports/run/target_text.h"

enum { NARROWEST_REPORT = 40, USUAL_WIDTH = 80 };

void tg_view_line(struct tg_view *view, enum tg_style label_style, const char *label,
                  const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = tg_vformat(fmt, args);
    va_end(args);
    tg_style_add(view->out, label_style, view->color, label);
    size_t used = tg_text_width(label);
    tg_text_pad(view->out, ' ', used < TG_LABEL_WIDTH ? TG_LABEL_WIDTH - used : 1);
    tg_wrap_add(view->out, text, TG_LABEL_WIDTH, TG_LABEL_WIDTH, view->width);
    free(text);
}

static void add_head(struct tg_view *view, const struct tg_result *result)
{
    struct tg_arena arena = {0};
    size_t count;
    const struct tg_run_fact *facts = tg_run_facts(result, &count, &arena);
    for (size_t i = 0; i < count; i++)
        tg_view_line(view, TG_DIM, facts[i].label, "%s", facts[i].text);
    tg_arena_free(&arena);
}

/* ---- targets ---- */

static void target_row(struct tg_view *view, struct tg_table *table, const struct tg_result *result,
                       const struct tg_target_result *target)
{
    static const struct {
        const char *word;
        enum tg_style style;
    } statuses[] = {
        [TG_STANDING_MET] = {"MET", TG_GREEN},
        [TG_STANDING_MISSED] = {"MISSED", TG_RED},
        [TG_STANDING_NO_DATA] = {"NO DATA", TG_YELLOW},
        [TG_STANDING_IN_DOUBT] = {"IN DOUBT", TG_YELLOW},
    };
    enum tg_target_standing standing = tg_target_standing(result, target);
    char value[TG_UNIT_TEXT];
    char ratio[TG_RATIO_TEXT];
    struct tg_target_words words = tg_target_words(target);
    bool weak = tg_target_support(result, target) != TG_SUPPORT_GOOD;
    if (weak)
        view->few_samples = true;
    tg_target_value_text(target, value);
    tg_target_ratio_text(target, ratio);
    tg_table_cellf(table, statuses[standing].style, "%s", statuses[standing].word);
    tg_table_cell(table, target->phase);
    tg_table_cellf(table, TG_PLAIN, "%.*s", words.metric_length, target->text);
    tg_table_cellf(table, TG_PLAIN, "%s%s", weak ? "~" : "", value);
    tg_table_cell(table, words.limit);
    tg_table_cell(table, ratio);
}

static void add_targets(struct tg_view *view, const struct tg_result *result)
{
    static const struct tg_table_column columns[] = {
        {.title = "target"},
        {.title = "phase", .keep = 2, .may_shorten = true},
        {.title = "metric", .may_shorten = true},
        {.title = "value", .right = true},
        {.title = "limit", .keep = 3},
        {.title = "ratio", .right = true, .keep = 1},
    };
    if (result->target_count == 0)
        return;
    struct tg_table table;
    tg_table_init(&table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < result->target_count; i++)
        target_row(view, &table, result, &result->targets[i]);
    tg_text_add(view->out, "\n");
    tg_table_render(&table, 0, view->width, view->color, view->out);
    tg_table_free(&table);
}

/* ---- coverage, integrity, verdict ---- */

static void add_coverage(struct tg_view *view, const struct tg_result *result)
{
    static const enum tg_step_kind order[] = {
        TG_STEP_SEARCH,     TG_STEP_COVERING_SEARCH, TG_STEP_TEMP_BTREE,
        TG_STEP_INDEX_SCAN, TG_STEP_AUTO_INDEX,      TG_STEP_TABLE_SCAN,
    };
    size_t counts[TG_STEP_TEMP_BTREE + 1] = {0};
    size_t planned = 0;
    size_t unused = 0;
    const struct tg_coverage *coverage = &result->coverage;
    if (!result->has_coverage)
        return;
    for (size_t i = 0; i < coverage->statement_count; i++) {
        planned += coverage->statements[i].plan.step_count > 0;
        counts[tg_plan_worst(&coverage->statements[i].plan)]++;
    }
    for (size_t i = 0; i < coverage->index_count; i++)
        unused += coverage->indexes[i].users == 0 && !coverage->indexes[i].info.automatic;

    struct tg_text line = {0};
    tg_text_addf(&line, "%zu statement%s", planned, tg_plural(planned, "s"));
    const char *separator = ": ";
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (!counts[order[i]])
            continue;
        tg_text_addf(&line, "%s%zu %s", separator, counts[order[i]], tg_step_kind_name(order[i]));
        separator = ", ";
    }
    tg_text_addf(&line, "; %zu index%s, %zu unused; expectations missed: %zu",
                 coverage->index_count, tg_plural(coverage->index_count, "es"), unused,
                 coverage->miss_count);
    tg_view_line(view, TG_DIM, "plans", "%s", line.data);
    tg_view_line(view, TG_DIM, "", "`tailgate plan %s` shows plans and remedies",
                 result->scenario_path);
    tg_text_free(&line);
}

static void add_integrity(struct tg_view *view, const struct tg_result *result)
{
    char count[TG_UNIT_TEXT];
    if (result->violation_count > 0)
        tg_view_line(view, TG_RED, "integrity", "%s violation%s",
                     tg_format_count((int64_t)result->violation_count, count),
                     tg_plural(result->violation_count, "s"));
    else
        tg_view_line(view, TG_DIM, "integrity", "%s",
                     result->verified ? "checked after the run, nothing found" : "not checked");
}

/* Where they are to be read; they are too much for here. */
static void add_findings(struct tg_view *view, const struct tg_result *result)
{
    struct tg_arena arena = {0};
    struct tg_text counts = {0};
    struct tg_finding_limits limits = tg_finding_limits_default();
    struct tg_findings findings = tg_findings_of_result(result, &limits, &arena);
    tg_findings_count(&findings, &counts);
    if (findings.count > 0)
        tg_view_line(view, TG_DIM, "findings", "%s: `tailgate report run %s` shows them",
                     counts.data, result->id);
    tg_text_free(&counts);
    tg_arena_free(&arena);
}

static void add_left_out(struct tg_view *view, const struct tg_result *result)
{
    struct tg_text names = {0};
    for (size_t i = 0; i < result->left_out_count; i++)
        tg_text_addf(&names, "%s%s", i ? ", " : "", result->left_out[i]);
    if (names.length > 0)
        tg_view_line(view, TG_YELLOW, "left out",
                     "the phase%s %s, with %s targets: --phase asked for others",
                     tg_plural(result->left_out_count, "s"), names.data,
                     result->left_out_count == 1 ? "its" : "their");
    tg_text_free(&names);
}

static void add_verdict(struct tg_view *view, const struct tg_result *result)
{
    static const struct {
        const char *word;
        const char *meaning;
        enum tg_style style;
    } verdicts[] = {
        [TG_VERDICT_PASS] = {"PASS", "every target met", TG_GREEN},
        [TG_VERDICT_FAIL] = {"FAIL", "the store fell short", TG_RED},
        [TG_VERDICT_INVALID] = {"INVALID", "cannot tell", TG_YELLOW},
    };
    const char *meaning = verdicts[result->verdict].meaning;
    const bool some = result->left_out_count > 0;
    if (result->verdict == TG_VERDICT_PASS && result->target_count > 0 && some)
        meaning = "every target met of what was run";
    else if (result->verdict == TG_VERDICT_PASS && result->target_count == 0)
        meaning = some ? "no target of what was run; nothing went wrong"
                       : "the scenario sets no target; nothing went wrong";
    tg_text_add(view->out, "\n");
    tg_view_line(view, verdicts[result->verdict].style, verdicts[result->verdict].word,
                 "%s (exit code %d)", meaning, tg_verdict_exit_code(result->verdict));
    add_left_out(view, result);
    for (size_t i = 0; i < result->reason_count; i++) {
        tg_text_add(view->out, "  - ");
        tg_wrap_add(view->out, result->reasons[i], 4, 4, view->width);
    }
    if (result->id) {
        tg_view_line(view, TG_DIM, "result", "%s", result->folder ? result->folder : result->id);
        add_findings(view, result);
    }
}

void tg_report_run(const struct tg_result *result, int columns, bool color, struct tg_text *out)
{
    size_t width = columns <= 0 ? USUAL_WIDTH : (size_t)columns;
    struct tg_view view = {
        .out = out,
        .width = width < NARROWEST_REPORT ? NARROWEST_REPORT : width,
        .color = color,
    };
    add_head(&view, result);
    for (size_t i = 0; i < result->phase_count; i++)
        tg_view_phase(&view, &result->phases[i]);
    add_targets(&view, result);
    if (view.few_samples) {
        tg_text_add(out, "\n");
        tg_wrap_add(out,
                    "~ fewer than 10 operations lie beyond this percentile; - fewer than 1, so it "
                    "says nothing",
                    0, 2, view.width);
    }
    tg_text_add(out, "\n");
    add_coverage(&view, result);
    add_integrity(&view, result);
    add_verdict(&view, result);
}
