/* The page of charts: in characters, for a terminal as for a browser, and where they were drawn as
 * pictures too. */
#include <string.h>

#include "reports/layout/markup.h"
#include "reports/milestone/document_tables.h"
#include "reports/milestone/validation.h"

enum {
    COLUMNS = 92,    /* what a code block shows on GitHub without scrolling */
    MOST_LINES = 30, /* of a chart that is not folded */
};

static bool is_drawn(const struct tg_milestone *milestone, const char *name)
{
    for (size_t i = 0; i < milestone->picture_count; i++)
        if (strcmp(milestone->pictures[i], name) == 0)
            return true;
    return false;
}

static void add_contents(struct tg_document *document, struct tg_chart *const *charts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        tg_text_add(document->out, "- [");
        tg_markdown_text(document->out, charts[i]->title);
        tg_text_addf(document->out, "](#%s)\n", charts[i]->name);
    }
    tg_text_add(document->out, "\n");
}

/* Behind the chart's title, which is the heading already; it has a line of its own. */
static const char *below_title(const struct tg_chart *chart, const char *text)
{
    size_t length = strlen(chart->title);
    if (strncmp(text, chart->title, length) == 0)
        text += length + strspn(text + length, "\n");
    return text;
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

/* For a browser, which unlike a terminal can show it. */
static void add_picture(struct tg_text *out, const struct tg_chart *chart)
{
    tg_text_add(out, "![");
    tg_markdown_text(out, chart->title);
    tg_text_addf(out, "](charts/%s.svg)\n\n[As PNG](charts/%s.png)\n\n", chart->name, chart->name);
}

/* The anchor is the chart's own name: titles may be the same twice. */
static void add_chart(struct tg_document *document, const struct tg_chart *chart)
{
    struct tg_text bars = {0};
    struct tg_text *out = document->out;
    bool drawn = is_drawn(document->milestone, chart->name);
    tg_text_addf(out, "## <a id=\"%s\"></a>", chart->name);
    tg_markdown_text(out, chart->title);
    tg_text_add(out, "\n\n");
    if (drawn)
        add_picture(out, chart);
    tg_chart_text(chart, COLUMNS, &bars);
    const char *text = below_title(chart, tg_text_string(&bars));
    size_t lines = count_lines(text);
    bool folds = drawn || lines > MOST_LINES;
    if (folds)
        tg_text_addf(out, "<details>\n<summary>In characters, %zu lines</summary>\n\n", lines);
    tg_markdown_block(out, "text", text);
    tg_text_add(out, folds ? "\n</details>\n\n" : "\n");
    tg_text_free(&bars);
}

/* How far from its limit each target is: what a log scale shows badly. */
static void add_targets(struct tg_document *document)
{
    struct tg_ranking ranking = tg_rank_targets(document->milestone);
    tg_document_section(document, 2, "Targets, the least headroom first");
    if (ranking.count == 0)
        tg_document_sayf(document, "No target was measured.");
    tg_add_ranked(document, &ranking, ranking.count);
    tg_ranking_free(&ranking);
}

void tg_milestone_chart_page(const struct tg_milestone *milestone, struct tg_text *out)
{
    struct tg_document document;
    struct tg_arena arena = {0};
    size_t count;
    struct tg_chart **charts = tg_milestone_charts(milestone, &count, &arena);
    tg_document_begin(&document, milestone, "charts", out);
    if (count > 0)
        add_contents(&document, charts, count);
    else
        tg_document_sayf(&document, "There is nothing to draw: no criterion, no run, no comparison "
                                    "and no sweep was given.");
    if (milestone->picture_note)
        tg_document_sayf(&document, "%s", milestone->picture_note);
    for (size_t i = 0; i < count; i++)
        add_chart(&document, charts[i]);
    tg_document_section(&document, 2, "Criteria and score");
    tg_add_criteria(&document);
    add_targets(&document);
    tg_document_end(&document);
    tg_arena_free(&arena);
}
