#include "cli/comparison.h"

#include <stdio.h>

#include "cli/cli.h"
#include "reports/gate_text.h"

int tg_print_comparison(const struct tg_comparison *comparison, bool allow_inconclusive)
{
    struct tg_arena arena = {0};
    struct tg_text text = {0};
    struct tg_judgement judgement = tg_comparison_judge(comparison, &arena);
    struct tg_gate_view view =
        tg_gate_view_make(comparison, &judgement, allow_inconclusive, &arena);
    tg_report_gate(&view, tg_terminal_columns(), tg_use_color(stdout), &text);
    fputs(tg_text_string(&text), stdout);
    tg_text_free(&text);
    tg_arena_free(&arena);
    return view.exit_code;
}
