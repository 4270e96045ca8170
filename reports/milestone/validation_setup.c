/* What was measured: the store's configuration as it was read back, data, host, integrity. */
#include <string.h>

#include "baselines/host.h"
#include "common/text.h"
#include "common/units.h"
#include "reports/layout/markup.h"
#include "reports/milestone/validation.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

enum { SHORT_HASH = 12, MOST_VIOLATIONS = 20 };

/* ---- configuration ---- */

static void add_point(struct tg_text *out, const char *label, const char *text)
{
    tg_text_addf(out, "- %s: ", label);
    tg_markdown_text(out, text);
    tg_text_add(out, "\n");
}

static void add_engine(const struct tg_result *result, struct tg_text *out)
{
    add_point(out, "Engine", result->engine_kind);
    for (size_t i = 0; i < result->fact_count; i++) {
        tg_text_add(out, "  - ");
        tg_markdown_text(out, result->facts[i].name);
        tg_text_add(out, ": ");
        tg_markdown_code(out, result->facts[i].value);
        tg_text_add(out, "\n");
    }
}

static void add_host(const struct tg_result *result, struct tg_text *out)
{
    cJSON *json = result->host_json ? cJSON_Parse(result->host_json) : NULL;
    struct tg_arena scratch = {0};
    struct tg_host host;
    if (json && tg_host_from_json(json, &scratch, &host))
        add_point(out, "Host", tg_host_line(&host, &scratch));
    tg_arena_free(&scratch);
    cJSON_Delete(json);
}

static bool show_configuration(const struct tg_result *result, struct tg_text *out)
{
    static const struct tg_grid_column columns[] = {
        {"Setting", false, NULL},
        {"Asked for", false, "asked for"},
        {"Read back", false, NULL},
    };
    struct tg_grid grid;
    add_engine(result, out);
    add_host(result, out);
    tg_text_add(out, "\n");
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < result->setting_count; i++) {
        const struct tg_setting_state *setting = &result->settings[i];
        tg_grid_code(&grid, setting->name);
        if (setting->requested)
            tg_grid_code(&grid, setting->requested);
        else
            tg_grid_cellf(&grid, "(default)");
        tg_grid_code(&grid, setting->actual);
    }
    tg_grid_end(&grid, out);
    return true;
}

static void data_row(struct tg_document *document, struct tg_grid *grid,
                     const struct tg_milestone_run *run)
{
    const struct tg_result *result = run->result;
    char text[TG_UNIT_TEXT];
    uint64_t rows = 0;
    for (size_t i = 0; i < result->load_count; i++)
        rows += result->loads[i].rows;
    tg_document_add_source(document->milestone, run->source, tg_grid_next(grid));
    tg_grid_code(grid, result->scenario_path);
    tg_grid_cellf(grid, "%s", tg_format_count((int64_t)rows, text));
    tg_grid_cellf(grid, "%zu", result->load_count);
    if (result->dataset_bytes > 0)
        tg_grid_cellf(grid, "%s", tg_format_bytes(result->dataset_bytes, text));
    else
        tg_grid_skip(grid);
    tg_grid_cellf(grid, "0x%llX", (unsigned long long)result->seed);
    struct tg_text *stream = tg_grid_next(grid);
    tg_text_addf(stream, "`%.*s`", SHORT_HASH, result->stream_fingerprint);
    struct tg_text *commit = tg_grid_next(grid);
    if (result->git_commit)
        tg_text_addf(commit, "`%.*s`%s", SHORT_HASH, result->git_commit,
                     result->git_dirty ? " with changes" : "");
    struct tg_text *overrides = tg_grid_next(grid);
    for (size_t i = 0; i < result->override_count; i++) {
        tg_text_add(overrides, i > 0 ? ", " : "");
        tg_markdown_code(overrides, result->overrides[i]);
    }
}

static void add_data(struct tg_document *document)
{
    static const struct tg_grid_column columns[] = {
        {"Run", false, NULL},
        {"Scenario", false, "scenario"},
        {"Rows", true, "rows"},
        {"Tables", true, "tables"},
        {"Size", true, "size"},
        {"Seed", false, "seed"},
        {"Stream", false, "stream"},
        {"Commit", false, "commit"},
        {"Changed by --set", false, NULL},
    };
    const struct tg_milestone *milestone = document->milestone;
    struct tg_grid grid;
    tg_document_section(document, 3, "Data and workload");
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < milestone->run_count; i++)
        data_row(document, &grid, &milestone->runs[i]);
    tg_grid_end(&grid, document->out);
}

void tg_add_configuration(struct tg_document *document)
{
    tg_document_section(document, 2, "Configuration as read back");
    if (!tg_document_per_run(document, show_configuration)) {
        tg_document_sayf(document, "No run was given that could tell it.");
        return;
    }
    add_data(document);
}

/* ---- integrity ---- */

static bool show_integrity(const struct tg_result *result, struct tg_text *out)
{
    char count[TG_UNIT_TEXT];
    if (!result->verified) {
        tg_text_add(out, "⚠️ Not checked.\n\n");
        return true;
    }
    if (result->violation_count == 0) {
        tg_text_add(out, "✅ Foreign keys, constraints and structure were checked after the run: "
                         "nothing found.\n\n");
        return true;
    }
    tg_text_addf(out, "❌ %s violation%s found after the run%s:\n\n",
                 tg_format_count((int64_t)result->violation_count, count),
                 tg_plural(result->violation_count, "s"),
                 result->violation_count > MOST_VIOLATIONS ? ", of which the first 20" : "");
    for (size_t i = 0; i < result->violation_count && i < MOST_VIOLATIONS; i++) {
        tg_text_add(out, "- ");
        tg_markdown_text(out, result->violations[i]);
        tg_text_add(out, "\n");
    }
    tg_text_add(out, "\n");
    return true;
}

void tg_add_integrity(struct tg_document *document)
{
    tg_document_section(document, 2, "Integrity");
    if (!tg_document_per_run(document, show_integrity))
        tg_document_sayf(document, "No run was given whose data could have been checked.");
}
