#include "reports/compare/compare_parts.h"

#include <math.h>
#include <string.h>

#include "baselines/result_json.h"
#include "common/text.h"
#include "reports/figures/chart_data.h"
#include "reports/findings/findings_page.h"
#include "reports/gate/gate_next.h"
#include "reports/gate/gate_words.h"
#include "reports/run/target_text.h"

enum { SHORT_ROWS = 8, MOST_BAD_ROWS = 20, MOST_NAME = 200, COLUMNS_OF_TEXT = 88 };

#define COUNT(list) (sizeof(list) / sizeof *(list))

const char *tg_verdict_sign(bool good, bool bad)
{
    return good ? "✓" : bad ? "✗" : "?";
}

const char *tg_shortened(const char *text, size_t most, struct tg_arena *arena)
{
    if (strlen(text) <= most)
        return text;
    while (most > 0 && ((unsigned char)text[most] & 0xC0) == 0x80) /* not inside a character */
        most--;
    return tg_arena_format(arena, "%.*s ...", (int)most, text);
}

/* ---- cells ---- */

static void add_value(struct tg_page_table *table, enum tg_compared_unit unit, double value)
{
    char text[TG_UNIT_TEXT];
    tg_cellf(table, "%s", tg_gate_value_text(unit, value, text));
}

typedef void change_adder(const struct tg_gate_change *change, struct tg_text *out);

static void add_change(struct tg_page_table *table, change_adder *add,
                       const struct tg_gate_change *change)
{
    struct tg_text text = {0};
    add(change, &text);
    tg_cellf(table, "%s", text.data);
    tg_text_free(&text);
}

static enum tg_tone tone_of(const struct tg_gate_row *row)
{
    return row->bad ? TG_TONE_BAD : row->good ? TG_TONE_GOOD : TG_TONE_WARN;
}

/* Markdown has no colours: what is slower stands out by its weight. */
static void add_verdict(struct tg_page_table *table, const struct tg_gate_row *row)
{
    struct tg_text span = {0};
    if (table->page->format == TG_PAGE_HTML || !row->bad) {
        tg_cell_toned(table, tone_of(row), row->verdict);
        return;
    }
    tg_span_strong(table->page, &span, row->verdict);
    tg_cell(table, tg_text_string(&span));
    tg_text_free(&span);
}

/* ---- the short table ---- */

enum rank {
    RANK_BAD,
    RANK_SUSPECTED,
    RANK_OPEN,
    RANK_NOT_GATED,
    RANK_IMPROVED,
    RANK_PASSED,
    RANKS
};

static enum rank rank_of(const struct tg_gate_row *row)
{
    if (row->bad)
        return RANK_BAD;
    if (row->good)
        return row->judged_as == TG_GATE_IMPROVEMENT ? RANK_IMPROVED : RANK_PASSED;
    if (row->suspected)
        return RANK_SUSPECTED;
    return strcmp(row->verdict, "not gated") == 0 ? RANK_NOT_GATED : RANK_OPEN;
}

/* The verdict beside the name: on a phone the columns behind it are out of sight. */
static void add_short_row(const struct tg_gate_row *row, struct tg_arena *arena,
                          struct tg_page_table *table)
{
    tg_cellf(table, "%s", tg_shortened(row->metric, MOST_NAME, arena));
    add_verdict(table, row);
    add_change(table, tg_gate_add_change_and_interval, &row->pooled);
    add_value(table, row->unit, row->before);
    add_value(table, row->unit, row->after);
}

/* "3 more metrics: 2 regression, 1 pass." */
static void add_hidden(struct tg_page *page, const size_t hidden[RANKS])
{
    static const char *const words[RANKS] = {"regression", "suspected",   "inconclusive",
                                             "not gated",  "improvement", "pass"};
    struct tg_text text = {0};
    size_t count = 0;
    for (int rank = 0; rank < RANKS; rank++) {
        if (hidden[rank] > 0)
            tg_text_addf(&text, "%s%zu %s", text.length ? ", " : "", hidden[rank], words[rank]);
        count += hidden[rank];
    }
    if (count > 0)
        tg_page_paragraphf(page, "%zu more metric%s: %s.", count, tg_plural(count, "s"), text.data);
    tg_text_free(&text);
}

void tg_compare_short_table(const struct tg_compare_view *view, struct tg_arena *arena,
                            struct tg_page *page)
{
    static const struct tg_page_column columns[] = {
        {.title = "metric", .code = true},  {.title = "verdict"},
        {.title = "change", .right = true}, {.title = "before", .right = true},
        {.title = "after", .right = true},
    };
    const struct tg_gate_view *gate = &view->gate;
    struct tg_page_table table;
    size_t hidden[RANKS] = {0};
    size_t shown = 0;
    tg_page_table(page, &table, columns, COUNT(columns));
    for (int rank = 0; rank < RANKS; rank++)
        for (size_t i = 0; i < gate->row_count; i++) {
            if ((int)rank_of(&gate->rows[i]) != rank)
                continue;
            if (shown < (rank == RANK_BAD ? MOST_BAD_ROWS : SHORT_ROWS)) {
                add_short_row(&gate->rows[i], arena, &table);
                shown++;
            } else {
                hidden[rank]++;
            }
        }
    tg_page_table_end(&table);
    add_hidden(page, hidden);
}

/* ---- parts ---- */

static void add_metrics(const struct tg_compare_view *view, struct tg_arena *arena,
                        struct tg_page *page)
{
    static const struct tg_page_column columns[] = {
        {.title = "metric", .code = true},
        {.title = "before", .right = true},
        {.title = "after", .right = true},
        {.title = "change", .right = true},
        {.title = "interval", .right = true},
        {.title = "margin", .right = true},
        {.title = "verdict"},
    };
    const struct tg_gate_view *gate = &view->gate;
    struct tg_page_table table;
    size_t count;
    if (gate->row_count == 0)
        return;
    tg_page_table(page, &table, columns, COUNT(columns));
    for (size_t i = 0; i < gate->row_count; i++) {
        const struct tg_gate_row *row = &gate->rows[i];
        char margin[TG_UNIT_TEXT];
        tg_cellf(&table, "%s", row->metric);
        add_value(&table, row->unit, row->before);
        add_value(&table, row->unit, row->after);
        add_change(&table, tg_gate_add_change, &row->pooled);
        add_change(&table, tg_gate_add_interval, &row->pooled);
        tg_cellf(&table, "%s", tg_format_percent(row->margin, margin));
        add_verdict(&table, row);
    }
    tg_page_table_end(&table);
    const char *const *notes = tg_gate_notes(gate, &count, arena);
    if (count == 0)
        return;
    tg_page_list(page);
    for (size_t i = 0; i < count; i++)
        tg_page_itemf(page, "%s", notes[i]);
    tg_page_list_end(page);
}

static void add_changes(const struct tg_compare_view *view, struct tg_arena *arena,
                        struct tg_page *page)
{
    tg_page_chart(page, tg_chart_changes(&view->gate, arena));
}

/* The table says it as well; a comment has no room for what adds nothing. */
static void add_before_after(const struct tg_compare_view *view, struct tg_arena *arena,
                             struct tg_page *page)
{
    if (page->format != TG_PAGE_HTML)
        return;
    tg_page_chart(page, tg_chart_before_after(&view->gate, arena));
    tg_page_chart(page, tg_chart_before_after_rates(&view->gate, arena));
}

static void add_moved(const struct tg_compare_view *view, struct tg_arena *arena,
                      struct tg_page *page)
{
    static const struct tg_page_column columns[] = {
        {.title = "operation", .code = true},   {.title = "mean before", .right = true},
        {.title = "mean after", .right = true}, {.title = "change", .right = true},
        {.title = "of the mix", .right = true}, {.title = "of the lost time", .right = true},
    };
    const struct tg_gate_view *gate = &view->gate;
    struct tg_page_table table;
    (void)arena;
    if (gate->moved_count == 0)
        return;
    tg_page_table(page, &table, columns, COUNT(columns));
    for (size_t i = 0; i < gate->moved_count; i++) {
        const struct tg_gate_moved *moved = &gate->moved[i];
        char share[TG_UNIT_TEXT];
        tg_cellf(&table, "%s", moved->name);
        add_value(&table, TG_COMPARED_NS, moved->before_ns);
        add_value(&table, TG_COMPARED_NS, moved->after_ns);
        add_change(&table, tg_gate_add_change_and_interval, &moved->change);
        tg_cellf(&table, "%s", tg_format_percent(moved->mix_share, share));
        tg_cellf(&table, "%s", tg_format_percent(moved->lost_share, share));
    }
    tg_page_table_end(&table);
    tg_page_paragraphf(page, "Mean service times in closed loop; bounds of 5 %% each.");
}

static void add_next(const struct tg_compare_view *view, struct tg_arena *arena,
                     struct tg_page *page)
{
    struct tg_text text = {0};
    (void)arena;
    tg_gate_add_next(&view->gate, COLUMNS_OF_TEXT, &text);
    if (text.length > 0)
        tg_page_block(page, "", text.data);
    tg_text_free(&text);
}

/* ---- the run after the change ---- */

static void add_targets(const struct tg_result *run, struct tg_page *page)
{
    static const struct tg_page_column columns[] = {
        {.title = "target", .code = true},
        {.title = "phase", .code = true},
        {.title = "measured", .right = true},
        {.title = ""},
        {.title = "status"},
    };
    static const enum tg_tone tones[] = {
        [TG_STANDING_MET] = TG_TONE_GOOD,
        [TG_STANDING_MISSED] = TG_TONE_BAD,
        [TG_STANDING_NO_DATA] = TG_TONE_WARN,
        [TG_STANDING_IN_DOUBT] = TG_TONE_WARN,
    };
    static const char *const words[] = {
        [TG_STANDING_MET] = "met",
        [TG_STANDING_MISSED] = "missed",
        [TG_STANDING_NO_DATA] = "no data",
        [TG_STANDING_IN_DOUBT] = "in doubt",
    };
    struct tg_page_table table;
    tg_page_table(page, &table, columns, COUNT(columns));
    for (size_t i = 0; i < run->target_count; i++) {
        const struct tg_target_result *target = &run->targets[i];
        enum tg_target_standing standing = tg_target_standing(run, target);
        char value[TG_UNIT_TEXT], ratio[TG_RATIO_TEXT];
        tg_cellf(&table, "%s", target->text);
        tg_cellf(&table, "%s", target->phase);
        tg_cellf(&table, "%s", tg_target_value_text(target, value));
        tg_cellf(&table, "%s", tg_target_ratio_text(target, ratio));
        tg_cell_toned(&table, tones[standing], words[standing]);
    }
    tg_page_table_end(&table);
}

static void add_run(const struct tg_compare_view *view, struct tg_arena *arena,
                    struct tg_page *page)
{
    const struct tg_result *run = view->run;
    struct tg_text span = {0};
    if (!run)
        return;
    tg_span_textf(page, &span, "%s: %s. Its own page: ", run->id, tg_verdict_name(run->verdict));
    tg_span_code(page, &span, tg_arena_format(arena, "tailgate report run %s", run->id));
    tg_page_paragraph(page, tg_text_string(&span));
    tg_text_free(&span);
    add_targets(run, page);
}

static void add_positions(const struct tg_compare_view *view, struct tg_arena *arena,
                          struct tg_page *page)
{
    (void)arena;
    if (!view->held_against)
        return;
    if (view->gate.position_count == 0) {
        tg_page_paragraphf(page, "Nothing measured here can be held against their figures.");
        return;
    }
    tg_page_paragraphf(page, "By figures published by others on other hardware.");
    tg_page_list(page);
    for (size_t i = 0; i < view->gate.position_count; i++)
        tg_page_itemf(page, "%s", view->gate.positions[i]);
    tg_page_list_end(page);
}

static void add_findings(const struct tg_compare_view *view, struct tg_arena *arena,
                         struct tg_page *page)
{
    struct tg_finding_limits limits = tg_finding_limits_default();
    struct tg_findings findings = tg_findings_of_gate(&view->gate, &limits, arena);
    if (findings.count > 0)
        tg_findings_page(&findings, page);
}

/* ---- how it was measured ---- */

static const char *commit_text(const struct tg_git *git, struct tg_arena *arena)
{
    return git->commit
               ? tg_arena_format(arena, "%.12s%s", git->commit, git->dirty ? " with changes" : "")
               : NULL;
}

static const char *fact_of(const struct tg_compared_side *side, const char *name)
{
    for (size_t i = 0; i < side->fact_count; i++)
        if (strcmp(side->facts[i].name, name) == 0)
            return side->facts[i].value;
    return NULL;
}

static void add_sides(struct tg_page_table *table, const char *what, const char *before,
                      const char *after)
{
    if (!before && !after)
        return;
    tg_cellf(table, "%s", what);
    tg_cellf(table, "%s", before ? before : "-");
    tg_cellf(table, "%s", after ? after : "-");
}

static void add_variants(const struct tg_compare_view *view, struct tg_arena *arena,
                         struct tg_page *page)
{
    static const struct tg_page_column columns[] = {
        {.title = ""}, {.title = "before"}, {.title = "after"}};
    const struct tg_gate_view *gate = &view->gate;
    const struct tg_compared_side *before = &gate->sides[TG_BEFORE];
    const struct tg_compared_side *after = &gate->sides[TG_AFTER];
    struct tg_page_table table;
    tg_page_table(page, &table, columns, COUNT(columns));
    add_sides(&table, "variant", gate->before, gate->after);
    add_sides(&table, "commit", commit_text(&view->commits[TG_BEFORE], arena),
              commit_text(&view->commits[TG_AFTER], arena));
    add_sides(&table, "bundle", before->bundle, after->bundle);
    for (size_t i = 0; i < before->fact_count; i++)
        add_sides(&table, before->facts[i].name, before->facts[i].value,
                  fact_of(after, before->facts[i].name));
    for (size_t i = 0; i < after->fact_count; i++)
        if (!fact_of(before, after->facts[i].name))
            add_sides(&table, after->facts[i].name, NULL, after->facts[i].value);
    tg_page_table_end(&table);
}

typedef void gate_adder(const struct tg_gate_view *gate, struct tg_text *out);

static void add_item(const struct tg_gate_view *gate, const char *label, gate_adder *add,
                     struct tg_page *page)
{
    struct tg_text text = {0};
    add(gate, &text);
    tg_page_itemf(page, "%s: %s", label, tg_text_string(&text));
    tg_text_free(&text);
}

static void add_measured(const struct tg_compare_view *view, struct tg_arena *arena,
                         struct tg_page *page)
{
    const struct tg_gate_view *gate = &view->gate;
    char took[TG_UNIT_TEXT], budget[TG_UNIT_TEXT];
    add_variants(view, arena, page);
    tg_page_list(page);
    tg_page_itemf(page, "scenario: %s%s%s%s", gate->scenario_path, *gate->phase ? ", phase " : "",
                  gate->phase,
                  view->compared ? gate->open_slice_ns > 0 ? ", in closed loop and at its rate"
                                                           : ", in closed loop"
                                 : "");
    if (view->host)
        tg_page_itemf(page, "host: %s", view->host);
    add_item(gate, "started", tg_gate_add_start, page);
    if (gate->row_count > 0) {
        tg_page_itemf(page, "duration: %s with the pilot; the budget without it was %s",
                      tg_format_duration(gate->elapsed_ns, took),
                      tg_format_duration(gate->budget_ns, budget));
        add_item(gate, "launches", tg_gate_add_launches, page);
        add_item(gate, "platform", tg_gate_add_platform, page);
        add_item(gate, "failing operations", tg_gate_add_errors, page);
    }
    if (view->compared)
        tg_page_itemf(page, "comparison: %s", gate->id);
    if (view->run)
        tg_page_itemf(page, "run after the change: %s", view->run->id);
    tg_page_list_end(page);
}

const struct tg_compare_part tg_compare_parts[] = {
    {"Changes with their intervals and margins", add_changes, 1},
    {"Before and after", add_before_after, 0},
    {"What to do next", add_next, 7},
    {"All metrics", add_metrics, 5},
    {"Mean times of the operations", add_moved, 2},
    {"The run after the change", add_run, 4},
    {"Beside competitors", add_positions, 4},
    {"Findings", add_findings, 3},
    {"How it was measured", add_measured, 6},
};
const size_t tg_compare_part_count = COUNT(tg_compare_parts);
