#include "reports/milestone/document_points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "common/units.h"
#include "reports/gate/gate_words.h"
#include "reports/milestone/facts.h"
#include "reports/run/target_text.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

enum { LARGEST = 3, TIGHT = 3 };

/* "session_get.p99 in phase steady: 110 µs, 454× better than the limit (< 50ms)" */
static void add_target_point(struct tg_document *document, const struct tg_ranked_target *ranked)
{
    char value[TG_UNIT_TEXT + 1], ratio[TG_RATIO_TEXT];
    const char *scenario = tg_scenario_to_tell(document->milestone, ranked->source);
    struct tg_target_words words = tg_target_words(ranked->target);
    tg_document_pointf(document, ranked->source, "%.*s in phase %s%s%s: %s, limit %s, %s",
                       words.metric_length, ranked->target->text, ranked->target->phase,
                       scenario ? " of " : "", scenario ? scenario : "",
                       tg_ranked_value(ranked, &document->few_samples, value), words.limit,
                       tg_target_ratio_text(ranked->target, ratio));
}

/* ---- limits of sweeps ---- */

struct scale_limit {
    const struct tg_milestone_sweep *sweep;
    const struct tg_sweep_limit *limit;
};

/* -1, 0 or 1; what is not known, or not believed, comes last. */
static int compare_rows(double left, double right)
{
    left = isnan(left) ? INFINITY : left;
    right = isnan(right) ? INFINITY : right;
    return (left > right) - (left < right);
}

/* The one that was met up to the fewest rows first; of those the one that may break soonest, as far
 * as that can be said. */
static int tightest_first(const void *a, const void *b)
{
    const struct scale_limit *left = a, *right = b;
    const struct tg_sweep_view *views[] = {&left->sweep->view, &right->sweep->view};
    int order = compare_rows(left->limit->capacity_rows, right->limit->capacity_rows);
    if (order == 0)
        order = compare_rows(tg_sweep_believed_rows(views[0], left->limit->degrades_soonest_rows),
                             tg_sweep_believed_rows(views[1], right->limit->degrades_soonest_rows));
    if (order == 0)
        order = compare_rows(tg_sweep_believed_rows(views[0], left->limit->degrades_rows),
                             tg_sweep_believed_rows(views[1], right->limit->degrades_rows));
    if (order == 0) /* counts, which are not extrapolated, last */
        order = isnan(left->limit->degrades_rows) - isnan(right->limit->degrades_rows);
    return order ? order : strcmp(left->limit->target->key, right->limit->target->key);
}

static size_t count_limits(const struct tg_sweep_view *sweep)
{
    size_t count = sweep->other_count;
    for (size_t i = 0; i < sweep->op_count; i++)
        count += sweep->ops[i].limit_count;
    return count;
}

static void add_limits(struct scale_limit *to, size_t *count,
                       const struct tg_milestone_sweep *sweep, const struct tg_sweep_limit *limits,
                       size_t limit_count)
{
    for (size_t i = 0; i < limit_count; i++)
        to[(*count)++] = (struct scale_limit){sweep, &limits[i]};
}

static struct scale_limit *all_limits(const struct tg_milestone *milestone, size_t *count)
{
    size_t most = 0;
    for (size_t i = 0; i < milestone->sweep_count; i++)
        most += count_limits(&milestone->sweeps[i].view);
    struct scale_limit *limits = tg_calloc(most + 1, sizeof *limits);
    *count = 0;
    for (size_t i = 0; i < milestone->sweep_count; i++) {
        const struct tg_milestone_sweep *sweep = &milestone->sweeps[i];
        const struct tg_sweep_view *view = &sweep->view;
        for (size_t k = 0; k < view->op_count; k++)
            add_limits(limits, count, sweep, view->ops[k].limits, view->ops[k].limit_count);
        add_limits(limits, count, sweep, view->others, view->other_count);
    }
    qsort(limits, *count, sizeof *limits, tightest_first);
    return limits;
}

static bool is_missed(const struct scale_limit *scale)
{
    return scale->limit->missed_rows > 0;
}

/* Not missed, but not met at every measured size either. */
static bool is_open(const struct scale_limit *scale)
{
    const struct tg_sweep_view *view = &scale->sweep->view;
    return !is_missed(scale) && scale->limit->capacity_rows < view->rows[view->run_count - 1];
}

/* For each sweep how many of its targets are `such`, and the one that is met up to the fewest rows:
 * "1 of 6 targets of scale missed at a size that was measured: query.p99 < 3ms, met up to ...". */
static void add_limits_that_are(struct tg_document *document,
                                bool (*such)(const struct scale_limit *scale), const char *what)
{
    size_t count;
    struct scale_limit *limits = all_limits(document->milestone, &count);
    struct tg_arena scratch = {0};
    for (size_t i = 0; i < document->milestone->sweep_count; i++) {
        const struct tg_milestone_sweep *sweep = &document->milestone->sweeps[i];
        const struct tg_sweep_limit *first = NULL;
        size_t found = 0;
        for (size_t k = 0; k < count; k++) {
            if (limits[k].sweep != sweep || !such(&limits[k]))
                continue;
            first = first ? first : limits[k].limit;
            found++;
        }
        size_t all = count_limits(&sweep->view);
        if (found > 0)
            tg_document_pointf(document, sweep->source,
                               "%zu of %zu target%s of %s %s at a size that was measured%s: %s, "
                               "met up to %s",
                               found, all, tg_plural(all, "s"), sweep->view.scenario, what,
                               found > 1 ? ", the first" : "", first->target->text,
                               tg_sweep_capacity_words(&sweep->view, first, &scratch));
    }
    tg_arena_free(&scratch);
    free(limits);
}

/* ---- achievements ---- */

/* Targets of one operation (or, without one, of one phase) are not two achievements. */
static bool same_subject(const struct tg_target_result *a, const struct tg_target_result *b)
{
    size_t length = strcspn(a->text, ".<>= ");
    bool named = a->text[length] == '.';
    if (!named)
        return strcmp(a->phase, b->phase) == 0 && strcmp(a->text, b->text) == 0;
    return strncmp(a->text, b->text, length + 1) == 0;
}

static void add_largest_headroom(struct tg_document *document, const struct tg_ranking *ranking)
{
    const struct tg_target_result *said[LARGEST];
    size_t count = 0;
    for (size_t i = ranking->count; i-- > 0 && count < LARGEST;) {
        const struct tg_target_result *target = ranking->items[i].target;
        bool again = target->status != TG_TARGET_MET || ranking->items[i].doubt ||
                     !(target->ratio > 1) || !isfinite(target->ratio) ||
                     tg_target_support(ranking->items[i].result, target) != TG_SUPPORT_GOOD;
        for (size_t k = 0; k < count && !again; k++)
            again = same_subject(said[k], target);
        if (again)
            continue;
        said[count++] = target;
        add_target_point(document, &ranking->items[i]);
    }
}

static void add_plan_points(struct tg_document *document, const struct tg_milestone_run *run)
{
    if (!run->result->has_coverage)
        return;
    struct tg_plan_counts counts = tg_count_plans(&run->result->coverage);
    if (counts.planned > 0 && counts.by_search == counts.planned)
        tg_document_pointf(document, run->source,
                           "Index coverage of %s: %zu of %zu statement%s by an index or a key; no "
                           "table and no index is scanned",
                           run->result->scenario, counts.by_search, counts.planned,
                           tg_plural(counts.planned, "s"));
}

static void add_gate_points(struct tg_document *document,
                            const struct tg_milestone_comparison *comparison)
{
    const struct tg_gate_view *gate = comparison->gate;
    if (gate->good)
        tg_document_pointf(document, comparison->source, "%s, phase %s, before against after: %s",
                           gate->scenario, gate->phase, gate->meaning);
    for (size_t i = 0; i < gate->row_count; i++) {
        struct tg_text figures = {0};
        if (gate->rows[i].judged_as != TG_GATE_IMPROVEMENT)
            continue;
        tg_gate_add_row(&gate->rows[i], &figures);
        tg_document_pointf(document, comparison->source, "Improved, proved: %s %s",
                           gate->rows[i].metric, figures.data);
        tg_text_free(&figures);
    }
}

/* Met at all sizes; not "never missed", which is also what was measured at none. */
static bool is_held(const struct tg_sweep_limit *limits, size_t count, double largest)
{
    for (size_t i = 0; i < count; i++)
        if (limits[i].capacity_rows < largest)
            return false;
    return true;
}

static void add_sweep_points(struct tg_document *document, const struct tg_milestone_sweep *sweep)
{
    const struct tg_sweep_view *view = &sweep->view;
    size_t limits = count_limits(view);
    double largest = view->rows[view->run_count - 1];
    bool held = is_held(view->others, view->other_count, largest);
    char rows[TG_UNIT_TEXT];
    for (size_t i = 0; i < view->op_count && held; i++)
        held = is_held(view->ops[i].limits, view->ops[i].limit_count, largest);
    if (held && limits > 0 && view->run_count > 1)
        tg_document_pointf(document, sweep->source,
                           "%s meets its %zu limit%s at every measured size, up to %s rows of %s",
                           view->scenario, limits, tg_plural(limits, "s"),
                           tg_format_count(llround(largest), rows), view->table);
}

static void add_test_points(struct tg_document *document)
{
    const struct tg_milestone_tests *tests = &document->milestone->tests;
    char count[TG_UNIT_TEXT];
    const struct tg_milestone_suite *sum = &tests->sum;
    if (tests->given && sum->tests > sum->skipped && sum->failed + sum->errors == 0)
        tg_document_pointf(document, tests->source, "No test failed: %s passed",
                           tg_format_count(sum->tests - sum->skipped, count));
}

void tg_add_achievement_points(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    struct tg_ranking ranking = tg_rank_targets(milestone);
    if (ranking.count > 0 && ranking.met == ranking.count)
        tg_document_pointf(document, TG_NO_SOURCE, "All %zu targets of the results are met",
                           ranking.count);
    add_largest_headroom(document, &ranking);
    for (size_t i = 0; i < milestone->run_count; i++)
        add_plan_points(document, &milestone->runs[i]);
    for (size_t i = 0; i < milestone->comparison_count; i++)
        add_gate_points(document, &milestone->comparisons[i]);
    for (size_t i = 0; i < milestone->sweep_count; i++)
        add_sweep_points(document, &milestone->sweeps[i]);
    for (size_t i = 0; i < milestone->run_count; i++)
        if (milestone->runs[i].result->verified && milestone->runs[i].result->violation_count == 0)
            tg_document_pointf(document, milestone->runs[i].source,
                               "Integrity checked after the run: nothing found");
    add_test_points(document);
    tg_ranking_free(&ranking);
}

/* ---- risks ---- */

static void add_criteria_risks(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    for (size_t i = 0; i < milestone->criterion_count; i++) {
        const struct tg_milestone_criterion *criterion = &milestone->criteria[i];
        if (criterion->status != TG_CRITERION_MET)
            tg_document_pointf(document, TG_NO_SOURCE, "Criterion %s%s: %s, %s", criterion->name,
                               criterion->must ? " (a must)" : "",
                               tg_criterion_status_name(criterion->status), criterion->evidence);
    }
}

static void add_target_risks(struct tg_document *document)
{
    struct tg_ranking ranking = tg_rank_targets(document->milestone);
    size_t tight = 0;
    if (ranking.missed > 0)
        tg_document_pointf(document, TG_NO_SOURCE, "%zu of %zu targets of the results missed",
                           ranking.missed, ranking.count);
    if (ranking.open > 0)
        tg_document_pointf(document, TG_NO_SOURCE,
                           "%zu of %zu targets of the results without data, or in doubt",
                           ranking.open, ranking.count);
    for (size_t i = 0; i < ranking.count && tight < TIGHT; i++) {
        const struct tg_target_result *target = ranking.items[i].target;
        if (target->status == TG_TARGET_NO_DATA || ranking.items[i].doubt ||
            !(target->ratio < TG_LITTLE_HEADROOM))
            continue;
        add_target_point(document, &ranking.items[i]);
        tight++;
    }
    tg_ranking_free(&ranking);
}

static void add_gate_risks(struct tg_document *document,
                           const struct tg_milestone_comparison *comparison)
{
    const struct tg_gate_view *gate = comparison->gate;
    bool told = false;
    for (size_t i = 0; i < gate->row_count; i++) {
        struct tg_text figures = {0};
        if (!gate->rows[i].bad)
            continue;
        told = true;
        tg_gate_add_row(&gate->rows[i], &figures);
        tg_document_pointf(document, comparison->source, "%s: %s %s", gate->rows[i].metric,
                           gate->rows[i].verdict, figures.data);
        tg_text_free(&figures);
    }
    if (gate->bad ? !told : !gate->good && gate->row_count == 0)
        tg_document_pointf(document, comparison->source, "Before against after: %s", gate->meaning);
}

void tg_add_performance_risks(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    add_criteria_risks(document);
    add_target_risks(document);
    add_limits_that_are(document, is_missed, "missed");
    for (size_t i = 0; i < milestone->comparison_count; i++)
        add_gate_risks(document, &milestone->comparisons[i]);
}

void tg_add_open_limits(struct tg_document *document)
{
    add_limits_that_are(document, is_open, "without data, or in doubt,");
}

void tg_add_debt(struct tg_document *document)
{
    const struct tg_findings *findings = &document->milestone->findings;
    size_t issues = tg_count_issues(findings);
    struct tg_text line = {0};
    for (int severity = 0; severity < TG_FINDING_INFO; severity++) {
        size_t count = 0;
        for (size_t i = 0; i < findings->count; i++)
            count += (int)findings->items[i].severity == severity;
        if (count > 0)
            tg_text_addf(&line, "%s%zu %s", line.length ? ", " : "", count,
                         tg_finding_severity_name((enum tg_finding_severity)severity));
    }
    if (issues > 0)
        tg_document_pointf(document, TG_NO_SOURCE, "%zu open issue%s: %s", issues,
                           tg_plural(issues, "s"), line.data);
    for (size_t i = 0; i < issues; i++) {
        const struct tg_finding *finding = &findings->items[i];
        /* Most titles name what they are about; of several phases or sizes they may be alike. */
        bool tell_where = *finding->where && !strstr(finding->title, finding->where);
        if (finding->severity <= TG_FINDING_HIGH)
            tg_document_pointf(
                document, tg_document_source_of(document->milestone, finding->source),
                "Issue %zu (%s)%s%s: %s", i + 1, tg_finding_severity_name(finding->severity),
                tell_where ? ", " : "", tell_where ? finding->where : "", finding->title);
    }
    tg_text_free(&line);
}

void tg_add_advice_points(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    for (size_t i = 0; i < milestone->recommendation_count && i < TG_ADVICE_POINTS; i++)
        tg_document_pointf(document, TG_NO_SOURCE, "%s: %s", milestone->recommendations[i].priority,
                           milestone->recommendations[i].text);
}

/* ---- scale ---- */

/* Of several scenarios, that is, which may have targets of the same text. */
static bool several_sweeps(const struct tg_milestone *milestone)
{
    for (size_t i = 1; i < milestone->sweep_count; i++)
        if (strcmp(milestone->sweeps[i].view.scenario, milestone->sweeps[0].view.scenario) != 0)
            return true;
    return false;
}

static void limit_row(struct tg_document *document, struct tg_grid *grid,
                      const struct scale_limit *scale)
{
    struct tg_arena scratch = {0};
    const struct tg_sweep_view *view = &scale->sweep->view;
    const char *breaks = tg_sweep_degrades_words(view, scale->limit, &scratch);
    const char *soonest = tg_sweep_soonest_words(view, scale->limit, &scratch);
    tg_grid_code(grid, several_sweeps(document->milestone) ? view->scenario : NULL);
    tg_grid_cellf(grid, "%s", scale->limit->target->text);
    tg_grid_code(grid, scale->limit->target->phase);
    tg_grid_code(grid, view->table);
    tg_grid_cellf(grid, "%s", tg_sweep_capacity_words(view, scale->limit, &scratch));
    tg_grid_cellf(grid, "%s", *breaks ? breaks : "-");
    tg_grid_cellf(grid, "%s", *soonest ? soonest : "-");
    tg_document_add_source(document->milestone, scale->sweep->source, tg_grid_next(grid));
    tg_arena_free(&scratch);
}

void tg_add_scale_table(struct tg_document *document, size_t most)
{
    static const struct tg_grid_column columns[] = {
        {"Scenario", false, NULL},
        {"Target", false, NULL},
        {"Phase", false, "phase"},
        {"Rows of", false, "rows of"},
        {"Measured: met up to (rows)", false, NULL},
        {"Extrapolated: breaks at", false, NULL},
        {"Soonest", false, NULL},
        {"Source", false, "source"},
    };
    size_t count;
    struct scale_limit *limits = all_limits(document->milestone, &count);
    struct tg_grid grid;
    if (document->milestone->sweep_count == 0)
        tg_document_sayf(document, "No size sweep was measured; nothing is estimated.");
    else if (count == 0)
        tg_document_sayf(document, "The sweeps have no target, so there is no limit to reach.");
    else if (count > most)
        tg_document_sayf(document, "The %zu of %zu targets that may break first:", most, count);
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < count && i < most; i++)
        limit_row(document, &grid, &limits[i]);
    tg_grid_end(&grid, document->out);
    free(limits);
}
