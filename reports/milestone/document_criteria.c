#include <math.h>

#include "common/units.h"
#include "reports/milestone/validation.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* Never "100%" for what is not met: 39.9 of 40 would read as done. */
static void share_cell(struct tg_grid *grid, const struct tg_milestone_criterion *criterion)
{
    if (criterion->status == TG_CRITERION_NO_DATA)
        tg_grid_cellf(grid, "-");
    else if (criterion->status == TG_CRITERION_MET)
        tg_grid_cellf(grid, "%.0f%%", 100 * criterion->share);
    else
        tg_grid_cellf(grid, "%.1f%%", fmin(floor(1000 * criterion->share) / 10, 99.9));
}

static void add_table(struct tg_document *document)
{
    static const struct tg_grid_column columns[] = {
        {"Criterion", false, NULL}, {"Asked for", false, NULL}, {"Must", false, NULL},
        {"Weight", true, NULL},     {"Achieved", true, NULL},   {"Status", false, NULL},
        {"Evidence", false, NULL},
    };
    const struct tg_milestone *milestone = document->milestone;
    struct tg_grid grid;
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < milestone->criterion_count; i++) {
        const struct tg_milestone_criterion *criterion = &milestone->criteria[i];
        tg_grid_cellf(&grid, "%s%s", criterion->name, criterion->implied ? " (implied)" : "");
        tg_grid_cellf(&grid, "%s", criterion->asked ? criterion->asked : "");
        tg_grid_cellf(&grid, "%s", criterion->must ? "yes" : "no");
        tg_grid_cellf(&grid, "%g", criterion->weight);
        share_cell(&grid, criterion);
        tg_text_add(tg_grid_next(&grid), tg_document_criterion_status(criterion->status));
        tg_grid_cellf(&grid, "%s", criterion->evidence);
    }
    tg_grid_end(&grid, document->out);
}

void tg_add_criteria(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    if (milestone->criterion_count > 0)
        add_table(document);
    else
        tg_document_sayf(document, "The milestone's file names no criterion.");
    if (isnan(milestone->score)) {
        tg_document_sayf(document, "Score: none, as no criterion has a weight.");
    } else {
        tg_document_sayf(document, "Score: %.10g of 100, from weight × achieved: %s.",
                         milestone->score, milestone->score_formula);
        if (!isnan(milestone->approve_at))
            tg_document_sayf(document,
                             "Asked for: at least %g. A must that is missed decides, whatever the "
                             "score.",
                             milestone->approve_at);
    }
    tg_document_sayf(document, "Confidence: %s",
                     milestone->confidence
                         ? milestone->confidence
                         : "none is stated, as nothing was compared with a stated error.");
}
