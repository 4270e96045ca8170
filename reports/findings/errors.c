/* Operations that failed, and those that had to wait for a lock or run again. */
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "common/units.h"
#include "reports/findings/list.h"
#include "reports/run/target_text.h"

static const struct {
    const char *error, *remedy; /* the error's name, or the beginning of it */
} remedies[] = {
    {"SQLITE_BUSY_SNAPSHOT", "a transaction that read before it wrote was overtaken: begin it with "
                             "its write lock (immediate = true)"},
    {"SQLITE_BUSY", "somebody held the lock for longer than busy_timeout: keep write transactions "
                    "short, begin those that write with immediate = true, or raise busy_timeout"},
    {"SQLITE_LOCKED", "connections that share one cache lock each other's tables: use a file, or "
                      "one connection"},
    {"SQLITE_FULL", "the disk is full, or max_page_count is reached"},
    {"SQLITE_CONSTRAINT", "the operation breaks a constraint of the schema: look at the values it "
                          "is given and at what other operations delete"},
    {"expect_rows", "the operation found another number of rows than expect_rows says: look at its "
                    "generators, and at what other operations delete or change"},
};

static const char *remedy_of(const struct tg_op_result *op)
{
    const char *name = op->error_count > 0 && op->errors[0].name ? op->errors[0].name : "";
    for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++) {
        if (tg_starts_with(name, remedies[i].error))
            return remedies[i].remedy;
    }
    return "the error's own text says what the store refuses: look it up in the store's "
           "documentation, and run the operation alone with the values it is given";
}

/* Does a target of the phase say how many errors there may be, and is it met? */
static bool allowed(const struct tg_result *result, const struct tg_phase_result *phase)
{
    bool limited = false;
    for (size_t i = 0; i < result->target_count; i++) {
        const struct tg_target_result *target = &result->targets[i];
        if (strcmp(target->phase, phase->name) != 0 ||
            (target->metric != TG_METRIC_ERRORS && target->metric != TG_METRIC_ERROR_RATE))
            continue;
        if (target->status == TG_TARGET_MISSED)
            return false;
        limited = true;
    }
    return limited;
}

static void find_failures(struct tg_finding_list *list, const struct tg_result *result,
                          const struct tg_phase_result *phase, const struct tg_op_result *op)
{
    char failed[TG_UNIT_TEXT], tried[TG_UNIT_TEXT], share[TG_UNIT_TEXT];
    bool excused = tg_phase_excuse(result, phase) != NULL; /* it decides no verdict either */
    bool allow = !excused && allowed(result, phase);
    struct tg_finding *finding = tg_finding_add(list,
                                                excused ? TG_FINDING_INFO
                                                : allow ? TG_FINDING_LOW
                                                        : TG_FINDING_HIGH,
                                                "errors");
    finding->where = tg_arena_format(list->arena, "%s, phase %s", op->name, phase->name);
    finding->title = tg_arena_format(list->arena, "%s failed%s", op->name,
                                     excused ? " in a phase that says nothing"
                                     : allow ? ", as often as its target allows"
                                             : "");
    struct tg_text text = {0};
    int64_t all = op->succeeded + op->failed;
    tg_text_addf(&text, "%s of %s operations failed (%s)", tg_format_count(op->failed, failed),
                 tg_format_count(all, tried),
                 tg_format_percent((double)op->failed / (double)all, share));
    for (size_t i = 0; i < op->error_count; i++) {
        const struct tg_error_count *error = &op->errors[i];
        tg_text_addf(&text, "\n%s of %s", tg_format_count(error->count, failed), error->name);
        if (error->text && *error->text)
            tg_text_addf(&text, ", first: %s", error->text);
    }
    finding->evidence = tg_arena_strdup(list->arena, tg_text_string(&text));
    finding->remedy = remedy_of(op);
    tg_text_free(&text);
}

static void find_retries(struct tg_finding_list *list, const struct tg_phase_result *phase)
{
    char number[TG_UNIT_TEXT], tried[TG_UNIT_TEXT];
    struct tg_text text = {0};
    for (size_t i = 0; i < phase->op_count; i++) {
        const struct tg_op_result *op = &phase->ops[i];
        if (op->retries == 0)
            continue;
        tg_text_addf(&text, "%s%s: %s waits or further attempts in %s operations",
                     text.length > 0 ? "\n" : "", op->name, tg_format_count(op->retries, number),
                     tg_format_count(op->succeeded + op->failed, tried));
    }
    if (text.length > 0) {
        struct tg_finding *finding = tg_finding_add(list, TG_FINDING_LOW, "retries");
        finding->where = tg_finding_phase(list, phase);
        finding->title = "operations waited for a lock, or ran again";
        finding->evidence = tg_arena_strdup(list->arena, text.data);
        finding->remedy = "their latencies hold these waits: keep write transactions short, and "
                          "begin those that write with immediate = true";
    }
    tg_text_free(&text);
}

void tg_find_in_errors(struct tg_finding_list *list, const struct tg_result *result)
{
    for (size_t i = 0; i < result->phase_count; i++) {
        const struct tg_phase_result *phase = &result->phases[i];
        for (size_t j = 0; j < phase->op_count; j++) {
            if (phase->ops[j].failed > 0)
                find_failures(list, result, phase, &phase->ops[j]);
        }
        find_retries(list, phase);
    }
}
