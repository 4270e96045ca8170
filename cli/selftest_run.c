#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baselines/host.h"
#include "baselines/result_store.h"
#include "baselines/selftest_record.h"
#include "cli/progress.h"
#include "cli/selftest.h"
#include "cli/signals.h"
#include "common/text.h"
#include "common/units.h"
#include "gate/interleave.h"
#include "gate/metrics.h"
#include "runner/drive/clock.h"

struct kind {                   /* of gates */
    const char *effect;         /* NULL: against itself */
    struct tg_scenario **after; /* one per operation that is slowed in turn; one without */
    size_t after_count;
    size_t done;
};

struct running {
    struct tg_selftest *test;
    struct tg_arena *arena;
    struct tg_diags diags;
    struct tg_scenario *before;
    struct kind *kinds;
    size_t kind_count;
    struct tg_host host;
    struct tg_tested_gate expected; /* what all gates have in common */
    struct tg_tested_gate *gates;
    size_t gate_count, gate_room;
    struct tg_progress progress;
    int64_t start_ns;
    size_t measured; /* gates of this run */
    char *title;     /* of the gate that is being measured */
    int64_t left_ns; /* of its budget */
};

/* ---- what to measure ---- */

/* Prints errors alone when the scenario is slowed: the warnings are those of the plain one, and one
 * that it is slowed. */
static struct tg_scenario *load(struct running *self, const char *op, const char *effect)
{
    struct tg_overrides overrides = {0};
    struct tg_diags diags = {0};
    struct tg_scenario *scenario = NULL;
    tg_overrides_join(&overrides, &self->test->overrides);
    if (effect) {
        char *assignment = tg_format("inject.%s=%s", op, effect);
        bool added = tg_overrides_add(&overrides, "--effect", assignment);
        (void)added; /* there is a '=' */
        free(assignment);
    }
    enum tg_status status =
        tg_scenario_load(self->test->path, overrides.items, overrides.count, &scenario, &diags);
    if (status != TG_OK || (!effect && !self->before))
        tg_print_diags(&diags, stderr);
    tg_diags_free(&diags);
    tg_overrides_free(&overrides);
    return scenario;
}

static const char *op_of(const char *metric, struct tg_arena *arena)
{
    const char *dot = strchr(metric, '.');
    return dot ? tg_arena_memdup(arena, metric, (size_t)(dot - metric)) : NULL;
}

static bool measures(const struct tg_comparison *comparison, const char *op)
{
    for (size_t i = 0; i < comparison->op_count; i++)
        if (strcmp(comparison->ops[i].name, op) == 0)
            return true;
    return false;
}

static bool check_ops(struct running *self, const struct tg_comparison *comparison)
{
    struct tg_selftest *test = self->test;
    const char **names = tg_arena_array(self->arena, comparison->op_count, sizeof *names);
    for (size_t i = 0; i < comparison->op_count; i++)
        names[i] = comparison->ops[i].name;
    for (size_t i = 0; i < test->op_count; i++) {
        if (measures(comparison, test->ops[i]))
            continue;
        const char *nearest = tg_nearest_name(test->ops[i], names, comparison->op_count);
        tg_diag_hint(tg_diag_error(&self->diags, (struct tg_place){.path = test->path},
                                   "the phase does not run an operation \"%s\"", test->ops[i]),
                     "did you mean \"%s\"?", nearest ? nearest : names[0]);
        return false;
    }
    return true;
}

/* Of the operation's own metrics; of all where it has none. */
static double smallest_margin(struct running *self, const struct tg_comparison *comparison,
                              const char *op)
{
    double own = INFINITY;
    double any = INFINITY;
    for (size_t i = 0; i < comparison->metric_count; i++) {
        const struct tg_compared_metric *metric = &comparison->metrics[i];
        const char *metric_op = op_of(metric->name, self->arena);
        any = fmin(any, metric->margin);
        if (metric_op && strcmp(metric_op, op) == 0)
            own = fmin(own, metric->margin);
    }
    return isinf(own) ? any : own;
}

/* Operations and effects where none were named: the first gated operation, by its smallest margin
 * and by twice that. */
static void choose_usual(struct running *self, const struct tg_comparison *comparison)
{
    struct tg_selftest *test = self->test;
    if (test->op_count == 0) {
        const char *first = comparison->ops[0].name;
        for (size_t i = comparison->metric_count; i-- > 0;) {
            const char *op = op_of(comparison->metrics[i].name, self->arena);
            if (op && measures(comparison, op))
                first = op;
        }
        test->ops = tg_arena_array(self->arena, 1, sizeof *test->ops);
        test->ops[test->op_count++] = tg_arena_strdup(self->arena, first);
    }
    if (!test->usual_effects)
        return;
    double margin = smallest_margin(self, comparison, test->ops[0]);
    test->effects = tg_arena_array(self->arena, 2, sizeof *test->effects);
    test->effect_count = 2;
    test->effects[0] = tg_arena_format(self->arena, "%.6g%%", 100 * margin);
    test->effects[1] = tg_arena_format(self->arena, "%.6g%%", 200 * margin);
}

static void expect(struct running *self, uint32_t phase, const struct tg_comparison *comparison)
{
    struct tg_judgement none = {.meaning = ""};
    struct tg_comparison described = *comparison;
    described.scenario = self->before->name;
    described.phase = self->before->phases[phase].name;
    described.sides[TG_BEFORE].scenario_hash = self->before->hash;
    self->expected = tg_tested_make(&described, &none, self->arena);
    self->expected.tool = TG_VERSION;
    self->expected.host = self->host.fingerprint;
    self->expected.host_line = tg_host_line(&self->host, self->arena);
    self->expected.budget_ns = self->test->budget_ns;
}

static enum tg_status choose(struct running *self)
{
    uint32_t phase;
    enum tg_status status = tg_gated_phase(self->before, self->test->phase, &phase, &self->diags);
    if (status != TG_OK)
        return status;
    struct tg_gated_set set;
    struct tg_comparison *comparison = tg_comparison_new();
    status = tg_gated_choose(self->before, phase, 0, &set, comparison, &self->diags);
    if (status == TG_OK && !check_ops(self, comparison))
        status = TG_INVALID;
    if (self->test->budget_ns == 0)
        self->test->budget_ns = self->before->gate.budget_ns;
    if (self->test->budget_ns == 0)
        self->test->budget_ns = 60 * TG_NS_PER_S;
    if (status == TG_OK) {
        choose_usual(self, comparison);
        expect(self, phase, comparison);
    }
    tg_comparison_free(comparison);
    return status;
}

static enum tg_status load_kinds(struct running *self)
{
    struct tg_selftest *test = self->test;
    self->kinds = tg_arena_array(self->arena, test->effect_count + 1, sizeof *self->kinds);
    if (test->aa)
        self->kind_count++;
    for (size_t i = 0; i < test->effect_count; i++)
        self->kinds[self->kind_count++].effect = test->effects[i];
    for (size_t i = 0; i < self->kind_count; i++) {
        struct kind *kind = &self->kinds[i];
        size_t count = kind->effect ? test->op_count : 1;
        kind->after = tg_arena_array(self->arena, count, sizeof(struct tg_scenario *));
        while (kind->after_count < count) {
            struct tg_scenario *scenario = load(self, test->ops[kind->after_count], kind->effect);
            if (!scenario)
                return TG_INVALID;
            kind->after[kind->after_count++] = scenario;
        }
    }
    return TG_OK;
}

/* ---- what there is ---- */

static bool is_of(const struct kind *kind, const struct tg_tested_gate *gate)
{
    return kind->effect == gate->effect ||
           (kind->effect && gate->effect && strcmp(kind->effect, gate->effect) == 0);
}

static enum tg_status read_records(struct running *self)
{
    const char *path = self->test->records;
    if (!path)
        return TG_OK;
    enum tg_status status = tg_tested_check(path, &self->diags);
    if (status == TG_OK)
        status = tg_tested_read(path, self->arena, &self->gates, &self->gate_count, &self->diags);
    for (size_t i = 0; status == TG_OK && i < self->gate_count; i++) {
        const char *unlike = tg_tested_unlike(&self->expected, &self->gates[i]);
        if (unlike) {
            struct tg_place at = {.path = path, .line = (int)i + 1};
            tg_diag_hint(tg_diag_error(&self->diags, at, "%s than here", unlike),
                         "gates can only be counted together where all else is the same; give "
                         "--records another file");
            status = TG_INVALID;
        }
        for (size_t k = 0; k < self->kind_count; k++)
            self->kinds[k].done += is_of(&self->kinds[k], &self->gates[i]);
    }
    return status;
}

static void add_gate(struct running *self, const struct tg_tested_gate *gate)
{
    if (self->gate_count >= self->gate_room) {
        self->gate_room = 2 * self->gate_count + 16;
        struct tg_tested_gate *gates = tg_arena_array(self->arena, self->gate_room, sizeof *gates);
        if (self->gate_count > 0)
            memcpy(gates, self->gates, self->gate_count * sizeof *gates);
        self->gates = gates;
    }
    self->gates[self->gate_count++] = *gate;
}

/* ---- measuring ---- */

static void notify(void *context, const struct tg_event *event)
{
    struct running *self = context;
    if (!self->progress.terminal || event->kind != TG_EVENT_STEP)
        return;
    char *text = tg_format("%s: %s", self->title, event->text);
    tg_progress_notify(&self->progress, &(struct tg_event){.kind = TG_EVENT_STEP, .text = text});
    free(text);
}

static void after_launch(void *context, const struct tg_interleave_progress *progress)
{
    struct running *self = context;
    self->left_ns = progress->left_ns;
    if (progress->gate->step == TG_GATE_DONE)
        return;
    size_t launches = progress->gate->launches + progress->gate->fresh_launches;
    char *text = tg_format("%zu launch%s, %.0f s left at most", launches, tg_plural(launches, "es"),
                           (double)progress->left_ns / 1e9);
    notify(self, &(struct tg_event){.kind = TG_EVENT_STEP, .text = text});
    free(text);
}

static size_t left_to_do(const struct running *self)
{
    size_t left = 0;
    for (size_t i = 0; i < self->kind_count; i++)
        if (self->kinds[i].done < self->test->gates)
            left += self->test->gates - self->kinds[i].done;
    return left;
}

static void say(struct running *self, const struct tg_tested_gate *gate)
{
    if (self->test->quiet)
        return;
    char left[TG_UNIT_TEXT];
    int64_t each_ns = (tg_now_ns() - self->start_ns) / (int64_t)self->measured;
    size_t to_do = left_to_do(self);
    tg_progress_clear(&self->progress);
    fprintf(stderr, "%s: %s after %" PRId64 " launches, %.0f s", self->title,
            tg_gate_verdict_name(gate->verdict), gate->launches + gate->fresh_launches,
            (double)gate->elapsed_ns / 1e9);
    if (to_do > 0)
        fprintf(stderr, "; about %s left", tg_format_duration(each_ns * (int64_t)to_do, left));
    fputc('\n', stderr);
}

static enum tg_status keep(struct running *self, struct kind *kind, size_t op,
                           const struct tg_comparison *comparison)
{
    struct tg_arena scratch = {0};
    struct tg_judgement judgement = tg_comparison_judge(comparison, &scratch);
    struct tg_tested_gate gate = tg_tested_make(comparison, &judgement, self->arena);
    tg_arena_free(&scratch);
    gate.tool = self->expected.tool;
    gate.host = self->expected.host;
    gate.host_line = self->expected.host_line;
    gate.effect = kind->effect;
    gate.op = kind->effect ? self->test->ops[op] : NULL;
    gate.used_ns = gate.launches > 0 ? comparison->budget_ns - self->left_ns : 0;
    enum tg_status status = TG_OK;
    if (self->test->records)
        status = tg_tested_append(self->test->records, &gate, &self->diags);
    add_gate(self, &gate);
    kind->done++;
    self->measured++;
    say(self, &gate);
    return status;
}

static enum tg_status measure(struct running *self, struct kind *kind)
{
    size_t op = kind->done % kind->after_count;
    const char *words = "the variant as it stands";
    const char *slowed = kind->effect ? tg_arena_format(self->arena, "%s slowed by %s",
                                                        self->test->ops[op], kind->effect)
                                      : words;
    const struct tg_interleave_spec spec = {
        .scenarios = {self->before, kind->after[op]},
        .labels = {words, slowed},
        .phase = self->test->phase,
        .budget_ns = self->test->budget_ns,
        .home = tg_store_home(),
        .stop = tg_stop_requests(),
        .observer = {.notify = notify, .context = self},
        .progress = after_launch,
        .progress_context = self,
    };
    struct tg_comparison *comparison = tg_comparison_new();
    free(self->title);
    self->title = tg_format("gate %zu of %zu, %s", self->measured + 1,
                            self->measured + left_to_do(self), kind->effect ? slowed : "A/A");
    enum tg_status status = tg_interleave(&spec, comparison, &self->diags);
    bool crashed = comparison->end == TG_END_CRASHED || comparison->end == TG_END_KILLED;
    tg_progress_clear(&self->progress);
    if (status == TG_OK && comparison->end == TG_END_INTERRUPTED) {
        status = TG_INTERRUPTED;
    } else if (status == TG_OK && crashed) {
        status = TG_STORE; /* said already */
    } else if (status == TG_OK) {
        status = keep(self, kind, op, comparison);
    }
    tg_comparison_free(comparison);
    return status;
}

static bool time_is_up(const struct running *self)
{
    return self->test->for_ns > 0 && tg_now_ns() - self->start_ns >= self->test->for_ns;
}

/* One gate of each kind, and again: whenever it stops, no kind is more than one gate ahead. */
static enum tg_status measure_in_turn(struct running *self)
{
    self->start_ns = tg_now_ns();
    for (size_t round = 1; round <= self->test->gates; round++) {
        for (size_t i = 0; i < self->kind_count; i++) {
            if (self->kinds[i].done >= round)
                continue;
            if (*tg_stop_requests())
                return TG_INTERRUPTED;
            if (time_is_up(self))
                return TG_OK;
            enum tg_status status = measure(self, &self->kinds[i]);
            if (status != TG_OK)
                return status;
        }
    }
    return TG_OK;
}

enum tg_status tg_selftest_run(struct tg_selftest *test, struct tg_arena *arena,
                               struct tg_tested_gate **gates, size_t *count, bool *incomplete)
{
    struct running self = {.test = test, .arena = arena};
    tg_clock_init();
    tg_progress_init(&self.progress, test->quiet);
    tg_host_read(arena, &self.host);
    self.before = load(&self, NULL, NULL);
    enum tg_status status = self.before ? choose(&self) : TG_INVALID;
    if (status == TG_OK)
        status = load_kinds(&self);
    if (status == TG_OK)
        status = read_records(&self);
    if (status == TG_OK)
        status = tg_store_check(tg_store_home(), &self.diags);
    if (status == TG_OK) {
        tg_catch_signals();
        status = measure_in_turn(&self);
    }
    if (status == TG_INTERRUPTED) /* what there is counts */
        status = TG_OK;
    tg_print_diags(&self.diags, stderr);
    tg_diags_free(&self.diags);
    *incomplete = false;
    for (size_t i = 0; i < self.kind_count; i++) {
        *incomplete |= self.kinds[i].done == 0;
        for (size_t op = 0; op < self.kinds[i].after_count; op++)
            tg_scenario_free(self.kinds[i].after[op]);
    }
    tg_scenario_free(self.before);
    free(self.title);
    *gates = self.gates;
    *count = status == TG_OK || self.measured > 0 ? self.gate_count : 0;
    return status;
}
