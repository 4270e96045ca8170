/* Charts on a page. */
#include "reports/page/page.h"

enum { COLUMNS_OF_TEXT = 84 };

void tg_page_chart(struct tg_page *page, const struct tg_chart *chart)
{
    if (!chart)
        return;
    struct tg_text text = {0}, svg = {0};
    struct tg_diags diags = {0};
    tg_chart_text(chart, COLUMNS_OF_TEXT, &text);
    bool html = page->format == TG_PAGE_HTML;
    bool drawn =
        html && tg_chart_can_draw() && tg_chart_draw(chart, TG_PICTURE_SVG, &svg, &diags) == TG_OK;
    if (html && !drawn)
        page->note = tg_chart_can_draw() ? "Some pictures could not be drawn by gnuplot and are "
                                           "shown in characters."
                                         : tg_chart_how_to_draw();
    /* It names its source itself. */
    tg_page_figure(page, chart->title, drawn ? tg_text_string(&svg) : NULL, tg_text_string(&text),
                   "");
    tg_diags_free(&diags);
    tg_text_free(&svg);
    tg_text_free(&text);
}
