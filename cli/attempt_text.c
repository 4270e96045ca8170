#include "cli/attempt_text.h"

#include <stdio.h>
#include <stdlib.h>

#include "baselines/result_json.h"
#include "cli/cli.h"
#include "cli/comparison.h"
#include "reports/gate/gate_log.h"
#include "reports/gate/gate_next.h"
#include "reports/gate/gate_text.h"
#include "reports/run/report_view.h"

static void add_run(const struct tg_compare_view *view, struct tg_text *text)
{
    const struct tg_result *run = view->run;
    tg_text_addf(text, "\nrun after the change: %s (tailgate show %s)\n",
                 tg_verdict_name(run->verdict), run->id);
    for (size_t i = 0; i < run->reason_count; i++)
        tg_text_addf(text, "    %s\n", run->reasons[i]);
    if (!view->held_against)
        return;
    tg_text_add(text,
                view->gate.position_count > 0
                    ? "competitors, by figures published by others on other hardware:\n"
                    : "competitors: nothing measured here can be held against their figures\n");
    for (size_t i = 0; i < view->gate.position_count; i++) {
        tg_text_add(text, "    ");
        tg_wrap_add(text, view->gate.positions[i], 4, 6, tg_terminal_columns());
    }
}

static void print_json(const struct tg_compare_view *view)
{
    cJSON *json = tg_compare_to_json(view);
    char *text = tg_json_print(json);
    fputs(text, stdout);
    free(text);
    cJSON_Delete(json);
}

static void print_text(const struct tg_compare_view *view, struct tg_arena *arena)
{
    const struct tg_gate_view *gate = &view->gate;
    const char *newer = tg_compare_newer_text(view, arena);
    const size_t columns = tg_terminal_columns() > 0 ? (size_t)tg_terminal_columns() : 100;
    struct tg_text text = {0};
    if (newer) {
        tg_wrap_add(&text, newer, 0, 2, tg_terminal_columns());
        tg_text_add(&text, "\n");
    }
    if (view->compared) {
        tg_report_gate(gate, tg_terminal_columns(), tg_use_color(stdout), &text);
        add_run(view, &text);
        tg_text_add(&text, "\n");
        tg_gate_commit_line(gate, &text);
    } else {
        tg_text_addf(&text, "%s %s (exit code %d); nothing was compared\n", gate->verdict,
                     gate->meaning, gate->exit_code);
        add_run(view, &text);
        tg_report_gate_next(gate, columns, tg_use_color(stdout), &text);
    }
    fputs(tg_text_string(&text), stdout);
    tg_text_free(&text);
}

int tg_print_attempt(const struct tg_attempt_source *source, const struct tg_attempt *attempt,
                     const struct tg_attempt_output *output)
{
    struct tg_compare_view view;
    if (tg_attempt_view(source, attempt, output->allow_inconclusive, &view) != TG_OK)
        return TG_EXIT_ERROR;
    struct tg_gate_view *gate = &view.gate;
    bool log = view.compared && output->log && !tg_compare_is_stale(&view);
    bool lost = log && !tg_log_comparison(gate, output->log);
    /* A verdict that is bad news already stays it. */
    if ((output->not_stored || lost) && gate->exit_code == TG_EXIT_PASS)
        gate->exit_code = TG_EXIT_ERROR;
    if (output->json)
        print_json(&view);
    else
        print_text(&view, source->arena);
    return gate->exit_code;
}
