/* Findings as Markdown, on a page, and as JSON. */
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "reports/findings/findings_page.h"

static enum tg_tone tone_of(enum tg_finding_severity severity)
{
    static const enum tg_tone tones[] = {
        [TG_FINDING_CRITICAL] = TG_TONE_BAD, [TG_FINDING_HIGH] = TG_TONE_BAD,
        [TG_FINDING_MEDIUM] = TG_TONE_WARN,  [TG_FINDING_LOW] = TG_TONE_PLAIN,
        [TG_FINDING_INFO] = TG_TONE_DIM,
    };
    return tones[severity];
}

static void add_labelled(struct tg_page *page, const char *label, const char *text)
{
    struct tg_text span = {0};
    tg_span_strong(page, &span, label);
    tg_text_add(&span, " ");
    tg_span_text(page, &span, text);
    tg_page_paragraph(page, tg_text_string(&span));
    tg_text_free(&span);
}

void tg_findings_count(const struct tg_findings *findings, struct tg_text *out)
{
    size_t counts[TG_FINDING_SEVERITIES] = {0};
    const char *separator = "";
    for (size_t i = 0; i < findings->count; i++)
        counts[findings->items[i].severity]++;
    for (int i = 0; i < TG_FINDING_SEVERITIES; i++) {
        if (counts[i] == 0)
            continue;
        tg_text_addf(out, "%s%zu %s", separator, counts[i],
                     tg_finding_severity_name((enum tg_finding_severity)i));
        separator = ", ";
    }
}

static void add_table(struct tg_page *page, const struct tg_findings *findings)
{
    static const struct tg_page_column columns[] = {
        {.title = "#", .right = true}, {.title = "severity"},
        {.title = "finding"},          {.title = "where"},
        {.title = "remedy"},
    };
    struct tg_page_table table;
    tg_page_table(page, &table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < findings->count; i++) {
        const struct tg_finding *finding = &findings->items[i];
        tg_cellf(&table, "%zu", i + 1);
        tg_cell_toned(&table, tone_of(finding->severity),
                      tg_finding_severity_name(finding->severity));
        tg_cellf(&table, "%s", finding->title);
        tg_cellf(&table, "%s", finding->where);
        tg_cellf(&table, "%s", !finding->remedy ? "-" : finding->verified ? "verified" : "advice");
    }
    tg_page_table_end(&table);
}

static void add_finding(struct tg_page *page, size_t number, const struct tg_finding *finding)
{
    char *title = tg_format("Finding %zu: %s (%s)", number, finding->title,
                            tg_finding_severity_name(finding->severity));
    tg_page_section(page, 4, title);
    free(title);
    if (*finding->evidence && !strchr(finding->evidence, '\n'))
        add_labelled(page, "Evidence:", finding->evidence);
    else if (*finding->evidence)
        tg_page_block(page, "text", finding->evidence);
    if (finding->remedy)
        add_labelled(page, finding->verified ? "Remedy:" : "Advice:", finding->remedy);
    if (finding->sql)
        tg_page_block(page, "sql", finding->sql);
    if (finding->verification)
        add_labelled(page, finding->verified ? "Verified:" : "Tried:", finding->verification);
}

void tg_findings_page(const struct tg_findings *findings, struct tg_page *page)
{
    if (findings->count == 0) {
        tg_page_paragraphf(page, "None.");
        return;
    }
    struct tg_text counts = {0};
    tg_findings_count(findings, &counts);
    tg_page_paragraphf(page, "%zu finding%s: %s.", findings->count, tg_plural(findings->count, "s"),
                       tg_text_string(&counts));
    tg_text_free(&counts);
    add_table(page, findings);
    tg_page_fold(page, "Evidence and remedies");
    for (size_t i = 0; i < findings->count; i++)
        add_finding(page, i + 1, &findings->items[i]);
    tg_page_fold_end(page);
}

void tg_findings_markdown(const struct tg_findings *findings, struct tg_text *out)
{
    struct tg_page page = {.format = TG_PAGE_MARKDOWN, .out = out};
    tg_findings_page(findings, &page);
}

cJSON *tg_findings_to_json(const struct tg_findings *findings)
{
    cJSON *array = tg_json_array();
    for (size_t i = 0; i < findings->count; i++) {
        const struct tg_finding *finding = &findings->items[i];
        cJSON *item = tg_json_push(array, tg_json_object());
        tg_json_add_string(item, "code", finding->code);
        tg_json_add_string(item, "severity", tg_finding_severity_name(finding->severity));
        tg_json_add_string(item, "where", finding->where);
        tg_json_add_string(item, "title", finding->title);
        tg_json_add_string(item, "evidence", finding->evidence);
        tg_json_add_string(item, "remedy", finding->remedy);
        tg_json_add_string(item, "sql", finding->sql);
        tg_json_add_bool(item, "verified", finding->verified);
        tg_json_add_string(item, "verification", finding->verification);
        tg_json_add_string(item, "source", finding->source);
    }
    return array;
}
