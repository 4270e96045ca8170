/* Criteria: what each measure counts, and what comes of it. Each counts what speaks for it, what
 * speaks against it, and what stays open; docs/milestone.md documents them. */
#include <math.h>
#include <stdlib.h>

#include "common/text.h"
#include "reports/milestone/facts.h"
#include "reports/milestone/model.h"
#include "reports/run/target_text.h"

enum { LISTED_EXAMPLES = 3 };

struct tally {
    size_t good, bad, open;
    struct tg_label_set sources;
    struct tg_text examples; /* of what is bad or open, the first few */
    size_t example_count;
};

struct measuring {
    struct tg_making *making;
    const struct tg_milestone_measure *measure;
    struct tg_milestone_criterion *out;
    struct tally tally;
    /* What it can come to, whatever share is asked for: a comparison as a whole decides. */
    enum tg_criterion_status at_best;
};

static const char *label(const struct measuring *measuring, size_t source)
{
    return measuring->making->milestone->sources[source].label;
}

/* `example` is told when it is not good; it has no source in it. */
static void count(struct measuring *measuring, enum tg_criterion_status status, size_t source,
                  const char *example)
{
    struct tally *tally = &measuring->tally;
    tally->good += status == TG_CRITERION_MET;
    tally->bad += status == TG_CRITERION_MISSED;
    tally->open += status != TG_CRITERION_MET && status != TG_CRITERION_MISSED;
    tally->sources.used[source] = true;
    if (status == TG_CRITERION_MET || tally->example_count++ >= LISTED_EXAMPLES)
        return;
    tg_text_addf(&tally->examples, "%s%s %s (%s)", tally->examples.length ? "; " : "",
                 status == TG_CRITERION_MISSED ? "missed:" : "open:", example,
                 label(measuring, source));
}

/* ---- the answer ---- */

static void settle_share(struct measuring *measuring, double share, double possible)
{
    static const double rounding = 1e-9; /* 19 of 20 are 95 % */
    struct tg_milestone_criterion *out = measuring->out;
    double asked = measuring->measure->at_least;
    out->share = fmin(1, share / asked);
    out->status = share >= asked - rounding      ? TG_CRITERION_MET
                  : possible >= asked - rounding ? TG_CRITERION_INCONCLUSIVE
                                                 : TG_CRITERION_MISSED;
}

/* "39 of 40 NOUN (R1); missed: ..."; `nothing` is the evidence where nothing was counted. */
static void settle(struct measuring *measuring, const char *noun, const char *nothing)
{
    struct tally *tally = &measuring->tally;
    struct tg_milestone_criterion *out = measuring->out;
    size_t all = tally->good + tally->bad + tally->open;
    struct tg_text text = {0};
    if (all == 0) {
        out->status = TG_CRITERION_NO_DATA;
        out->evidence = nothing;
        return;
    }
    const double share = (double)tally->good / (double)all;
    settle_share(measuring, share, (double)(tally->good + tally->open) / (double)all);
    if (measuring->at_best == TG_CRITERION_MISSED ||
        (measuring->at_best == TG_CRITERION_INCONCLUSIVE && out->status == TG_CRITERION_MET)) {
        out->status = measuring->at_best;
        out->share = fmin(out->share, share);
    }
    tg_text_addf(&text, "%zu of %zu %s (%s)", tally->good, all, noun,
                 tg_milestone_labels(measuring->making, &tally->sources));
    if (tally->examples.length)
        tg_text_addf(&text, "; %s", tg_text_string(&tally->examples));
    if (tally->example_count > LISTED_EXAMPLES)
        tg_text_addf(&text, "; and %zu more", tally->example_count - LISTED_EXAMPLES);
    out->evidence = tg_arena_strdup(measuring->making->arena, tg_text_string(&text));
    tg_text_free(&text);
}

static void add_patterns(struct tg_text *text, const char *noun,
                         const struct tg_milestone_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        if (i == 0)
            tg_text_addf(text, "%s%s%s ", text->length ? "; " : " (", noun,
                         names->count > 1 ? "s" : "");
        tg_text_addf(text, "%s%s", i > 0 ? ", " : "", names->items[i].text);
    }
}

/* "targets met (phases a, b; scenario c)". */
static const char *scoped(struct measuring *measuring, const char *noun)
{
    const struct tg_milestone_measure *measure = measuring->measure;
    struct tg_text scope = {0};
    add_patterns(&scope, "operation", &measure->operations);
    add_patterns(&scope, "phase", &measure->phases);
    add_patterns(&scope, "scenario", &measure->scenarios);
    const char *whole = tg_arena_format(measuring->making->arena, "%s%s%s", noun,
                                        tg_text_string(&scope), scope.length ? ")" : "");
    tg_text_free(&scope);
    return whole;
}

/* Asks for the share of what `noun` says, and settles by the tally, which counts `counted`.
 * `nothing` is what there is none of where nothing was counted. */
static void judge_share_of(struct measuring *measuring, const char *noun, const char *counted,
                           const char *nothing)
{
    struct tg_arena *arena = measuring->making->arena;
    double share = measuring->measure->at_least;
    const char *whole = scoped(measuring, noun);
    measuring->out->asked =
        share >= 1 ? tg_arena_format(arena, "all %s", whole)
                   : tg_arena_format(arena, "at least %.10g%% of the %s", 100 * share, whole);
    settle(measuring, counted,
           tg_arena_format(arena, "there is no %s", scoped(measuring, nothing)));
}

/* "1 of 1 result passed", "2 of 3 results passed". */
static void judge_share(struct measuring *measuring, const char *one, const char *many,
                        const char *nothing)
{
    const struct tally *tally = &measuring->tally;
    judge_share_of(measuring, many, tally->good + tally->bad + tally->open == 1 ? one : many,
                   nothing);
}

/* ---- runs ---- */

static bool in_scope(const struct tg_milestone_measure *measure,
                     const struct tg_target_result *target, struct tg_arena *arena)
{
    const char *op = tg_target_op(target, arena);
    unsigned class = 1U << tg_target_class_of(target);
    if (measure->classes && !(measure->classes & class))
        return false;
    if (measure->operations.count > 0 && !op)
        return false;
    return tg_milestone_matches(&measure->phases, target->phase) &&
           (!op || tg_milestone_matches(&measure->operations, op));
}

static void count_target(struct measuring *measuring, const struct tg_milestone_run *run,
                         const struct tg_target_result *target)
{
    struct tg_arena *arena = measuring->making->arena;
    char value[TG_UNIT_TEXT];
    const struct tg_phase_result *phase = tg_target_phase(run->result, target);
    const char *doubt = tg_target_doubt(run->result, phase, target);
    if (target->status == TG_TARGET_NO_DATA && !doubt)
        doubt = "nothing was measured";
    const char *what = tg_arena_format(arena, "%s in phase %s, %s", target->text, target->phase,
                                       doubt ? doubt : tg_target_value_text(target, value));
    count(measuring,
          doubt                             ? TG_CRITERION_INCONCLUSIVE
          : target->status == TG_TARGET_MET ? TG_CRITERION_MET
                                            : TG_CRITERION_MISSED,
          run->source, what);
}

static const char *classes_words(struct measuring *measuring)
{
    static const char *const adjectives[TG_TARGET_CLASSES] = {
        [TG_TARGET_LATENCY] = "latency",    [TG_TARGET_RATE] = "rate",
        [TG_TARGET_ERRORS] = "error",       [TG_TARGET_ELAPSED] = "elapsed time",
        [TG_TARGET_RESOURCES] = "resource", [TG_TARGET_COUNTS] = "count",
    };
    struct tg_text text = {0};
    for (int class = 0; class < TG_TARGET_CLASSES; class ++)
        if (measuring->measure->classes & (1U << class))
            tg_text_addf(&text, "%s%s", text.length ? " and " : "", adjectives[class]);
    tg_text_addf(&text, "%starget", text.length ? " " : "");
    const char *words = tg_arena_strdup(measuring->making->arena, tg_text_string(&text));
    tg_text_free(&text);
    return words;
}

static void measure_targets(struct measuring *measuring)
{
    const struct tg_milestone *milestone = measuring->making->milestone;
    const char *words = classes_words(measuring);
    for (size_t i = 0; i < milestone->run_count; i++) {
        const struct tg_result *result = milestone->runs[i].result;
        if (!tg_milestone_matches(&measuring->measure->scenarios, result->scenario))
            continue;
        for (size_t k = 0; k < result->target_count; k++)
            if (in_scope(measuring->measure, &result->targets[k], measuring->making->arena))
                count_target(measuring, &milestone->runs[i], &result->targets[k]);
    }
    judge_share(measuring, tg_arena_format(measuring->making->arena, "%s met", words),
                tg_arena_format(measuring->making->arena, "%ss met", words), words);
}

static enum tg_criterion_status status_of(const struct tg_result *result)
{
    return result->verdict == TG_VERDICT_PASS   ? TG_CRITERION_MET
           : result->verdict == TG_VERDICT_FAIL ? TG_CRITERION_MISSED
                                                : TG_CRITERION_INCONCLUSIVE;
}

static void measure_results(struct measuring *measuring)
{
    const struct tg_milestone *milestone = measuring->making->milestone;
    for (size_t i = 0; i < milestone->run_count; i++) {
        const struct tg_result *result = milestone->runs[i].result;
        if (tg_milestone_matches(&measuring->measure->scenarios, result->scenario))
            count(measuring, status_of(result), milestone->runs[i].source,
                  result->reason_count > 0 ? result->reasons[0] : result->scenario);
    }
    judge_share(measuring, "result passed", "results passed", "result");
}

static void measure_integrity(struct measuring *measuring)
{
    const struct tg_milestone *milestone = measuring->making->milestone;
    for (size_t i = 0; i < milestone->run_count; i++) {
        const struct tg_result *result = milestone->runs[i].result;
        if (!tg_milestone_matches(&measuring->measure->scenarios, result->scenario))
            continue;
        count(measuring,
              result->violation_count > 0 ? TG_CRITERION_MISSED
              : result->verified          ? TG_CRITERION_MET
                                          : TG_CRITERION_INCONCLUSIVE,
              milestone->runs[i].source,
              result->violation_count > 0 ? result->violations[0] : "it was not checked");
    }
    judge_share(measuring, "store intact after its run", "stores intact after their run", "result");
}

static void measure_plans(struct measuring *measuring)
{
    const struct tg_milestone *milestone = measuring->making->milestone;
    const struct tg_milestone_measure *measure = measuring->measure;
    for (size_t i = 0; i < milestone->run_count; i++) {
        const struct tg_result *result = milestone->runs[i].result;
        const struct tg_coverage *coverage = &result->coverage;
        if (!result->has_coverage || !tg_milestone_matches(&measure->scenarios, result->scenario))
            continue;
        for (size_t k = 0; k < coverage->statement_count; k++) {
            const struct tg_coverage_statement *statement = &coverage->statements[k];
            enum tg_step_kind access = tg_plan_access(&statement->plan);
            if (access == TG_STEP_OTHER || (measure->operations_only && statement->query) ||
                !tg_milestone_matches(&measure->operations, statement->owner))
                continue;
            bool searches = access == TG_STEP_SEARCH || access == TG_STEP_COVERING_SEARCH;
            count(measuring, searches ? TG_CRITERION_MET : TG_CRITERION_MISSED,
                  milestone->runs[i].source,
                  tg_arena_format(measuring->making->arena, "%s, %s", statement->owner,
                                  tg_step_kind_name(access)));
        }
    }
    judge_share(
        measuring,
        measure->operations_only ? "statement that is run finds its rows by an index or a key"
                                 : "statement finds its rows by an index or a key",
        measure->operations_only ? "statements that are run find their rows by an index or a key"
                                 : "statements find their rows by an index or a key",
        "query plan");
}

/* ---- comparisons ---- */

/* What the rows do not show: more failures, a crash, a target that the run after the change missed,
 * a lead that is lost, an end before anything was decided. */
static bool count_rest_of_gate(struct measuring *measuring, const struct tg_gate_view *gate,
                               size_t bad, size_t open, size_t source)
{
    enum tg_criterion_status status = gate->bad && bad == 0 ? TG_CRITERION_MISSED
                                      : gate->exit_code != 0 && bad + open == 0
                                          ? TG_CRITERION_INCONCLUSIVE
                                          : TG_CRITERION_MET;
    if (status == TG_CRITERION_MET)
        return false;
    count(measuring, status, source, gate->meaning);
    if (measuring->at_best != TG_CRITERION_MISSED)
        measuring->at_best = status;
    return true;
}

/* True when something beside the gated metrics was counted. */
static bool count_gate(struct measuring *measuring, const struct tg_gate_view *gate, size_t source)
{
    size_t bad = 0;
    size_t open = 0;
    for (size_t i = 0; i < gate->row_count; i++) {
        const struct tg_gate_row *row = &gate->rows[i];
        bool passed = row->judged_as == TG_GATE_PASS || row->judged_as == TG_GATE_IMPROVEMENT;
        bool regressed = row->judged_as == TG_GATE_REGRESSION;
        bad += regressed;
        open += !passed && !regressed;
        count(measuring,
              passed      ? TG_CRITERION_MET
              : regressed ? TG_CRITERION_MISSED
                          : TG_CRITERION_INCONCLUSIVE,
              source,
              tg_arena_format(measuring->making->arena, "%s, %s", row->metric, row->verdict));
    }
    return count_rest_of_gate(measuring, gate, bad, open, source);
}

static void measure_gate(struct measuring *measuring)
{
    static const char metrics[] = "gated metrics proved within their margins";
    const struct tg_milestone *milestone = measuring->making->milestone;
    bool more = false;
    for (size_t i = 0; i < milestone->comparison_count; i++) {
        const struct tg_milestone_comparison *comparison = &milestone->comparisons[i];
        if (tg_milestone_matches(&measuring->measure->scenarios, comparison->gate->scenario) &&
            count_gate(measuring, comparison->gate, comparison->source))
            more = true;
    }
    judge_share_of(measuring, metrics, more ? "gated metrics and further checks passed" : metrics,
                   "comparison with a measured before");
}

/* ---- sweeps ---- */

static const struct tg_result *run_of_size(const struct tg_sweep_view *view, uint64_t rows)
{
    for (size_t i = 0; i < view->run_count; i++)
        if (view->runs[i]->sweep.rows == rows)
            return view->runs[i];
    return NULL;
}

static void measure_sizes(struct measuring *measuring)
{
    const struct tg_milestone *milestone = measuring->making->milestone;
    struct tg_arena *arena = measuring->making->arena;
    for (size_t i = 0; i < milestone->sweep_count; i++) {
        const struct tg_sweep_view *view = &milestone->sweeps[i].view;
        if (!tg_milestone_matches(&measuring->measure->scenarios, view->scenario))
            continue;
        for (size_t k = 0; k < view->planned_count; k++) {
            const struct tg_result *run = run_of_size(view, view->planned[k]);
            char rows[TG_UNIT_TEXT];
            const char *why = !run                    ? "not measured"
                              : run->reason_count > 0 ? run->reasons[0]
                                                      : "no reason is known";
            count(measuring, run ? status_of(run) : TG_CRITERION_INCONCLUSIVE,
                  milestone->sweeps[i].source,
                  tg_arena_format(arena, "%s rows: %s",
                                  tg_format_count((int64_t)view->planned[k], rows), why));
        }
    }
    judge_share(measuring, "size passed", "sizes passed", "size sweep");
}

static void count_limit(struct measuring *measuring, const struct tg_milestone_sweep *sweep,
                        const struct tg_sweep_limit *limit)
{
    struct tg_arena *arena = measuring->making->arena;
    double rows = measuring->measure->rows;
    /* Missed at a larger size says nothing about `rows`. */
    bool missed = limit->missed_rows > 0 && limit->missed_rows <= rows;
    count(measuring,
          limit->capacity_rows >= rows ? TG_CRITERION_MET
          : missed                     ? TG_CRITERION_MISSED
                                       : TG_CRITERION_INCONCLUSIVE,
          sweep->source,
          tg_arena_format(arena, "%s, met up to %s", limit->target->text,
                          tg_sweep_capacity_words(&sweep->view, limit, arena)));
}

static void count_capacity(struct measuring *measuring, const struct tg_milestone_sweep *sweep)
{
    const struct tg_sweep_view *view = &sweep->view;
    const struct tg_milestone_names *operations = &measuring->measure->operations;
    for (size_t i = 0; i < view->op_count; i++)
        for (size_t k = 0; k < view->ops[i].limit_count; k++)
            if (tg_milestone_matches(operations, view->ops[i].op))
                count_limit(measuring, sweep, &view->ops[i].limits[k]);
    for (size_t i = 0; i < view->other_count && operations->count == 0; i++)
        if (tg_target_class_of(view->others[i].target) == TG_TARGET_LATENCY)
            count_limit(measuring, sweep, &view->others[i]);
}

static void measure_capacity(struct measuring *measuring)
{
    const struct tg_milestone *milestone = measuring->making->milestone;
    char rows[TG_UNIT_TEXT];
    for (size_t i = 0; i < milestone->sweep_count; i++)
        count_capacity(measuring, &milestone->sweeps[i]);
    tg_format_count((int64_t)measuring->measure->rows, rows);
    struct tg_arena *arena = measuring->making->arena;
    judge_share(measuring, tg_arena_format(arena, "latency target met at %s rows", rows),
                tg_arena_format(arena, "latency targets met at %s rows", rows),
                "size sweep with latency targets");
}

static const char *growth_words(const struct tg_sweep_op *op, struct tg_arena *arena)
{
    if (isnan(op->p99_growth.exponent))
        return tg_arena_format(arena, "%s in phase %s, too few sizes have a p99", op->op,
                               op->phase);
    return tg_arena_format(arena, "%s in phase %s, exponent %s, interval %s", op->op, op->phase,
                           tg_sweep_exponent_words(&op->p99_growth, arena),
                           tg_sweep_interval_words(&op->p99_growth, arena));
}

static void measure_growth(struct measuring *measuring)
{
    const struct tg_milestone *milestone = measuring->making->milestone;
    double most = measuring->measure->exponent;
    for (size_t i = 0; i < milestone->sweep_count; i++) {
        const struct tg_sweep_view *view = &milestone->sweeps[i].view;
        for (size_t k = 0; k < view->op_count; k++) {
            const struct tg_sweep_op *op = &view->ops[k];
            if (!tg_milestone_matches(&measuring->measure->operations, op->op))
                continue;
            count(measuring,
                  op->p99_growth.high <= most ? TG_CRITERION_MET
                  : op->p99_growth.low > most ? TG_CRITERION_MISSED
                                              : TG_CRITERION_INCONCLUSIVE,
                  milestone->sweeps[i].source, growth_words(op, measuring->making->arena));
        }
    }
    const char *grow = tg_arena_format(measuring->making->arena,
                                       "proved to grow, at the p99, with an exponent of at most "
                                       "%.10g",
                                       most);
    judge_share(measuring, tg_arena_format(measuring->making->arena, "operation %s", grow),
                tg_arena_format(measuring->making->arena, "operations %s", grow), "size sweep");
}

/* ---- inputs and findings ---- */

static void measure_tests(struct measuring *measuring)
{
    const struct tg_milestone_tests *tests = &measuring->making->milestone->tests;
    const struct tg_milestone_suite *sum = &tests->sum;
    if (tests->given) {
        measuring->tally.sources.used[tests->source] = true;
        measuring->tally.bad = (size_t)(sum->failed + sum->errors);
        measuring->tally.good = (size_t)(sum->tests - sum->failed - sum->errors - sum->skipped);
        for (size_t i = 0; i < tests->failure_count && i < LISTED_EXAMPLES; i++)
            tg_text_addf(&measuring->tally.examples, "%s%s",
                         i ? "; " : "failed: ", tests->failures[i]);
    }
    judge_share(measuring, "test that was run passed", "tests that were run passed",
                tests->given ? "test that was not skipped" : "JUnit file");
}

static void measure_code_coverage(struct measuring *measuring)
{
    const struct tg_milestone_code_coverage *coverage =
        &measuring->making->milestone->code_coverage;
    bool branches = measuring->measure->branches;
    double rate = branches ? coverage->branch_rate : coverage->line_rate;
    const char *noun = branches ? "branches" : "lines of code";
    measuring->out->asked =
        tg_arena_format(measuring->making->arena, "at least %.10g%% of the %s reached by tests",
                        100 * measuring->measure->at_least, noun);
    if (!coverage->given || isnan(rate)) {
        measuring->out->status = TG_CRITERION_NO_DATA;
        measuring->out->evidence = coverage->given ? "the coverage file says nothing of branches"
                                                   : "no coverage file was given";
        return;
    }
    settle_share(measuring, rate, rate);
    measuring->out->evidence =
        tg_arena_format(measuring->making->arena, "%.1f%% of the %s reached by tests (%s)",
                        floor(1000 * rate) / 10, noun, label(measuring, coverage->source));
}

static void measure_findings(struct measuring *measuring)
{
    const struct tg_milestone *milestone = measuring->making->milestone;
    const struct tg_milestone_measure *measure = measuring->measure;
    struct tg_arena *arena = measuring->making->arena;
    const char *severity = tg_finding_severity_name(measure->severity);
    const char *or_worse = measure->severity == TG_FINDING_CRITICAL ? "" : " or worse";
    const char *first = NULL;
    int64_t found = 0;
    for (size_t i = 0; i < milestone->findings.count; i++) {
        const struct tg_finding *finding = &milestone->findings.items[i];
        if (finding->severity > measure->severity)
            continue;
        if (!first)
            first = finding->title;
        found++;
    }
    measuring->out->asked = tg_arena_format(arena, "at most %lld findings of severity %s%s",
                                            (long long)measure->most_findings, severity, or_worse);
    measuring->out->status =
        found <= measure->most_findings ? TG_CRITERION_MET : TG_CRITERION_MISSED;
    measuring->out->share =
        found <= measure->most_findings ? 1 : (double)measure->most_findings / (double)found;
    measuring->out->evidence =
        found == 0 ? tg_arena_format(arena, "no finding of severity %s%s", severity, or_worse)
                   : tg_arena_format(arena, "%lld finding%s of severity %s%s, the first: %s",
                                     (long long)found, tg_plural((size_t)found, "s"), severity,
                                     or_worse, first);
}

void tg_milestone_measure(struct tg_making *making, const struct tg_milestone_measure *measure,
                          struct tg_milestone_criterion *out)
{
    static void (*const measures[TG_MEASURES])(struct measuring *) = {
        [TG_MEASURE_TARGETS] = measure_targets,
        [TG_MEASURE_RESULTS] = measure_results,
        [TG_MEASURE_PLANS] = measure_plans,
        [TG_MEASURE_GATE] = measure_gate,
        [TG_MEASURE_INTEGRITY] = measure_integrity,
        [TG_MEASURE_TESTS] = measure_tests,
        [TG_MEASURE_CODE_COVERAGE] = measure_code_coverage,
        [TG_MEASURE_FINDINGS] = measure_findings,
        [TG_MEASURE_SIZES] = measure_sizes,
        [TG_MEASURE_CAPACITY] = measure_capacity,
        [TG_MEASURE_GROWTH] = measure_growth,
    };
    struct measuring measuring = {.making = making, .measure = measure, .out = out};
    measuring.tally.sources = tg_milestone_label_set(making);
    *out = (struct tg_milestone_criterion){
        .name = measure->name,
        .weight = measure->weight,
        .must = measure->must,
        .implied = measure->implied,
    };
    measures[measure->measure](&measuring);
    tg_text_free(&measuring.tally.examples);
}
