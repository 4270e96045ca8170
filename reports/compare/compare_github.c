#include "reports/compare/compare_github.h"

#include <stdio.h>
#include <string.h>

#include "reports/compare/compare_cases.h"
#include "reports/gate/gate_words.h"
#include "reports/layout/markup.h"

enum { MOST_ERRORS = 10, MOST_NAMED = 10 };

/* ---- annotations ---- */

struct annotations {
    const char *file;
    struct tg_text *out;
    size_t errors;
};

static void annotate(const struct annotations *to, const char *level, const char *title,
                     const char *message)
{
    tg_text_addf(to->out, "::%s ", level);
    if (to->file) {
        tg_text_add(to->out, "file=");
        tg_github_property(to->out, to->file);
        tg_text_add(to->out, ",");
    }
    tg_text_add(to->out, "title=");
    tg_github_property(to->out, title);
    tg_text_add(to->out, "::");
    tg_github_message(to->out, message);
    tg_text_add(to->out, "\n");
}

static void add_verdict(const struct annotations *to, const struct tg_gate_view *gate,
                        struct tg_arena *arena)
{
    annotate(to,
             gate->bad    ? "error"
             : gate->good ? "notice"
                          : "warning",
             tg_arena_format(arena, "Tailgate: %s", gate->verdict),
             tg_arena_format(arena, "%s%s%s%s%s: %s (exit code %d)", gate->task ? gate->task : "",
                             gate->task ? ", " : "", gate->scenario, *gate->phase ? ", phase " : "",
                             gate->phase, gate->meaning, gate->exit_code));
}

static size_t count_bad(const struct tg_case_list *lists, size_t count)
{
    size_t bad = 0;
    for (size_t i = 0; i < count; i++)
        bad += lists[i].counts[TG_CASE_FAILED] + lists[i].counts[TG_CASE_ERROR];
    return bad;
}

static void add_bad(struct annotations *to, const struct tg_case_list *list, size_t most,
                    struct tg_arena *arena)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct tg_case *one = &list->items[i];
        if (one->outcome != TG_CASE_FAILED && one->outcome != TG_CASE_ERROR)
            continue;
        if (to->errors++ < most)
            annotate(to, "error", tg_arena_format(arena, "%s: %s", one->name, one->type),
                     one->message ? one->message : one->type);
    }
}

static void add_open(const struct annotations *to, const struct tg_case_list *lists, size_t count,
                     struct tg_arena *arena)
{
    struct tg_text names = {0};
    size_t open = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < lists[i].count; k++) {
            const struct tg_case *one = &lists[i].items[k];
            if (one->outcome == TG_CASE_SKIPPED && open++ < MOST_NAMED)
                tg_text_addf(&names, "%s%s (%s)", names.length ? ", " : "", one->name, one->type);
        }
    if (open > MOST_NAMED)
        tg_text_addf(&names, " and %zu more", open - MOST_NAMED);
    if (open > 0)
        annotate(to, "warning", tg_arena_format(arena, "Tailgate: %zu not decided", open),
                 tg_text_string(&names));
    tg_text_free(&names);
}

void tg_compare_annotations(const struct tg_compare_view *view, const char *file,
                            struct tg_text *out)
{
    struct tg_arena arena = {0};
    struct tg_case_list lists[TG_CASE_LISTS];
    struct annotations to = {.file = file, .out = out};
    size_t count = tg_compare_cases(view, &arena, lists);
    size_t bad = count_bad(lists, count);
    /* The verdict is one of those that are shown, and so is the one about those that are not. */
    const size_t room = MOST_ERRORS - 1;
    size_t most = bad <= room ? room : room - 1;
    add_verdict(&to, &view->gate, &arena);
    for (size_t i = 0; i < count; i++)
        add_bad(&to, &lists[i], most, &arena);
    if (bad > most)
        annotate(&to, "error", tg_arena_format(&arena, "Tailgate: %zu more", bad - most),
                 "the summary of this job and the JUnit file have them all");
    add_open(&to, lists, count, &arena);
    tg_arena_free(&arena);
}

/* ---- outputs ---- */

static void add_output(struct tg_text *out, const char *name, const char *value)
{
    struct tg_text delimiter = {0};
    tg_text_add(&delimiter, "end_of_output");
    while (strstr(value, delimiter.data))
        tg_text_add(&delimiter, "_");
    tg_text_addf(out, "%s<<%s\n%s\n%s\n", name, delimiter.data, value, delimiter.data);
    tg_text_free(&delimiter);
}

void tg_compare_outputs(const struct tg_compare_view *view, struct tg_text *out)
{
    char code[16];
    snprintf(code, sizeof code, "%d", view->gate.exit_code);
    add_output(out, "verdict", tg_gate_verdict_word(&view->gate));
    add_output(out, "exit_code", code);
    add_output(out, "comparison", view->gate.id);
}
