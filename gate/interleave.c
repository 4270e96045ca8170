#include "gate/interleave.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/text.h"
#include "common/units.h"
#include "gate/enough.h"
#include "gate/metrics.h"
#include "runner/drive/clock.h"
#include "runner/drive/worker.h"

/* Of the closed loop. Many short slices rather than few long ones: the sides are to change turns
 * more often than the neighbours on the machine do. But each needs some operations to have a
 * percentile of its own. */
enum { LEAST_PAIRS = 10, MOST_PAIRS = 50, SLICE_OPERATIONS = 20 };

static const int64_t SLICE_NS = 10 * TG_NS_PER_MS;
/* At the rate few long ones rather: a queue is to build up as it does in a phase, and each slice
 * begins with an empty one. An even number, so that each side begins as often. Longer than this
 * they get only where the most pairs are not enough for a percentile. */
enum { LEAST_OPEN_PAIRS = 4, MOST_OPEN_PAIRS = 10 };
static const int64_t OPEN_SLICE_NS = TG_NS_PER_S;
/* They take this part of a launch's room in any case, and half of it when a percentile needs that:
 * with all of the room used, a regression would have no time to be confirmed. */
static const double OPEN_SHARE = 0.4;
static const int64_t WARMUP_NS = 100 * TG_NS_PER_MS;
static const int64_t BUILD_SLICE_NS = 10 * TG_NS_PER_MS;
/* Launches that have to fit into the budget, so that at least one look is taken, and how many more
 * for what gets slower on the way. */
static const size_t LEAST_LAUNCHES = 10;
static const double SPARE_LAUNCHES = 1.2;

struct interleaving {
    const struct tg_interleave_spec *spec;
    struct tg_comparison *comparison;
    struct tg_diags *diags;
    struct tg_arena arena;
    struct tg_gated_set set;
    struct tg_launch_spec launch;
    struct tg_gate *gate; /* NULL: the number of launches is fixed */
    int64_t begun_ns;
};

/* ---- getting ready ---- */

static void refuse_streams(struct interleaving *self, const char *why)
{
    tg_diag_hint(tg_diag_error(self->diags,
                               (struct tg_place){.path = self->spec->scenarios[TG_AFTER]->path},
                               "the two variants do not run the same operations: %s", why),
                 "a variant may change the store, the schema and the text of statements, but not "
                 "the seed, the data, the mix or the arguments");
}

static bool compile_sides(struct interleaving *self)
{
    char fingerprints[TG_SIDES][TG_HASH_TEXT];
    struct tg_comparison *comparison = self->comparison;
    for (int side = 0; side < TG_SIDES; side++) {
        struct tg_scenario *scenario = self->spec->scenarios[side];
        struct tg_workload *workload = tg_workload_compile(&self->arena, &scenario->workload);
        tg_workload_fingerprint(workload, fingerprints[side]);
        self->launch.scenarios[side] = scenario;
        self->launch.workloads[side] = workload;
        comparison->sides[side].label =
            tg_arena_strdup(&comparison->arena, self->spec->labels[side]);
        comparison->sides[side].scenario_hash = tg_arena_strdup(&comparison->arena, scenario->hash);
    }
    comparison->stream_fingerprint = tg_arena_strdup(&comparison->arena, fingerprints[TG_BEFORE]);
    if (strcmp(fingerprints[TG_BEFORE], fingerprints[TG_AFTER]) == 0)
        return true;
    refuse_streams(self, tg_arena_format(&self->arena, "their streams are %.12s and %.12s",
                                         fingerprints[TG_BEFORE], fingerprints[TG_AFTER]));
    return false;
}

/* A fingerprint is made of the first thousand operations, and a rare one may not be among them. */
static bool same_mix(struct interleaving *self, uint32_t phase_number)
{
    const struct tg_scenario *before = self->spec->scenarios[TG_BEFORE];
    const struct tg_scenario *after = self->spec->scenarios[TG_AFTER];
    const struct tg_phase *phases[TG_SIDES] = {&before->phases[phase_number],
                                               &after->phases[phase_number]};
    bool same = phases[TG_BEFORE]->entry_count == phases[TG_AFTER]->entry_count;
    for (size_t i = 0; same && i < phases[TG_BEFORE]->entry_count; i++) {
        const struct tg_mix_entry *entry = &phases[TG_BEFORE]->entries[i];
        const struct tg_mix_entry *other = &phases[TG_AFTER]->entries[i];
        same = entry->weight == other->weight &&
               strcmp(before->ops[entry->op].name, after->ops[other->op].name) == 0;
    }
    if (!same)
        refuse_streams(self, tg_arena_format(&self->arena, "the mixes of phase %s differ",
                                             phases[TG_BEFORE]->name));
    return same;
}

/* Slices of a closed loop know no rate. */
static bool same_load(struct interleaving *self, uint32_t phase_number)
{
    const struct tg_phase *before = &self->spec->scenarios[TG_BEFORE]->phases[phase_number];
    const struct tg_phase *after = &self->spec->scenarios[TG_AFTER]->phases[phase_number];
    bool open = tg_gated_needs(&self->set, TG_OPEN_LOOP);
    const char *what = NULL;
    if (before->workers != after->workers)
        what = tg_arena_format(&self->arena, "%u and %u workers", before->workers, after->workers);
    else if (open && before->rate_per_s != after->rate_per_s)
        what =
            tg_arena_format(&self->arena, "%g/s and %g/s", before->rate_per_s, after->rate_per_s);
    else if (open && before->arrival != after->arrival)
        what = "constant and Poisson arrivals";
    if (!what)
        return true;
    tg_diag_hint(tg_diag_error(self->diags,
                               (struct tg_place){.path = self->spec->scenarios[TG_AFTER]->path},
                               "the two variants do not put the same load on the store: %s in "
                               "phase %s",
                               what, before->name),
                 "change it on both sides, with --set");
    return false;
}

static void describe(struct interleaving *self, uint32_t phase_number)
{
    struct tg_comparison *comparison = self->comparison;
    struct tg_arena *arena = &comparison->arena;
    const struct tg_scenario *scenario = self->spec->scenarios[TG_BEFORE];
    const struct tg_phase *phase = &scenario->phases[phase_number];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    comparison->scenario = tg_arena_strdup(arena, scenario->name);
    comparison->scenario_path = tg_arena_strdup(arena, scenario->path);
    comparison->phase = tg_arena_strdup(arena, phase->name);
    comparison->engine_kind = scenario->engine->kind;
    comparison->rate_per_s = phase->rate_per_s;
    comparison->workers = phase->workers;
    comparison->seed = scenario->seed;
    comparison->started_unix_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / TG_NS_PER_MS;
    comparison->budget_ns =
        self->spec->budget_ns > 0 ? self->spec->budget_ns : scenario->gate.budget_ns;
    if (comparison->budget_ns <= 0)
        comparison->budget_ns = 60 * TG_NS_PER_S;
}

/* What the budget has for one launch. */
static double room_per_launch_ns(const struct interleaving *self)
{
    size_t launches = self->spec->launches > 0 ? self->spec->launches : LEAST_LAUNCHES;
    return (double)self->comparison->budget_ns / (SPARE_LAUNCHES * (double)launches);
}

/* `side_ns` at the rate on each side, in pairs. */
static struct tg_slice_plan open_pairs(double side_ns)
{
    uint32_t pairs = LEAST_OPEN_PAIRS;
    while (pairs < MOST_OPEN_PAIRS && (pairs + 2) * (double)OPEN_SLICE_NS <= side_ns)
        pairs += 2;
    int64_t slice_ns = (int64_t)(side_ns / pairs);
    return (struct tg_slice_plan){pairs, slice_ns > SLICE_NS ? slice_ns : SLICE_NS};
}

/* What slices at the rate get of a launch's room, both sides together. As long as in a baseline
 * they may be where half of the room is enough for it. */
static double open_room_ns(const struct interleaving *self, double room_ns)
{
    double asked_ns = TG_SIDES * (double)self->spec->least_ns[TG_OPEN_LOOP];
    double usual_ns = TG_SIDES * MOST_OPEN_PAIRS * (double)OPEN_SLICE_NS;
    return fmax(fmin(OPEN_SHARE * room_ns, usual_ns), fmin(room_ns / 2, asked_ns));
}

/* The longest that `pairs` slices of a closed loop can be; they share the room with those at the
 * rate. */
static int64_t longest_slice_ns(const struct interleaving *self, uint32_t pairs)
{
    int kinds = tg_gated_needs(&self->set, TG_OPEN_LOOP) ? 2 : 1;
    return (int64_t)(room_per_launch_ns(self) / kinds / (TG_SIDES * pairs));
}

static void plan_launches(struct interleaving *self, uint32_t phase)
{
    bool open = tg_gated_needs(&self->set, TG_OPEN_LOOP);
    /* Slices of a closed loop are always run: they say where the time went. */
    int64_t most_ns = longest_slice_ns(self, MOST_PAIRS);
    int64_t asked_ns = self->spec->least_ns[TG_CLOSED_LOOP] / MOST_PAIRS;
    asked_ns = asked_ns < most_ns ? asked_ns : most_ns;
    self->launch.slices[TG_CLOSED_LOOP] =
        (struct tg_slice_plan){MOST_PAIRS, asked_ns > SLICE_NS ? asked_ns : SLICE_NS};
    if (open)
        self->launch.slices[TG_OPEN_LOOP] =
            open_pairs(open_room_ns(self, room_per_launch_ns(self)) / TG_SIDES);
    self->launch.phase = phase;
    self->launch.order_key = tg_random_key((uint64_t)self->comparison->started_unix_ms, "order");
    self->launch.warmup_ns = WARMUP_NS;
    self->launch.yardstick = self->spec->yardstick;
    self->launch.patience_ns = TG_WORKER_PATIENCE_NS;
    self->launch.home = self->spec->home;
    self->launch.stop = self->spec->stop;
    self->launch.observer = self->spec->observer;
}

/* ---- launches ---- */

/* What a launch that failed means: a store that died is an answer, one that would not open none. */
static enum tg_status explain(struct interleaving *self, const struct tg_launch *launch,
                              enum tg_status status)
{
    struct tg_comparison *comparison = self->comparison;
    if (status == TG_INTERRUPTED) {
        comparison->end = TG_END_INTERRUPTED;
        return TG_OK;
    }
    comparison->failed_side = launch->failed_side;
    if (!launch->crashed) {
        tg_diag_error(self->diags, (struct tg_place){.path = self->spec->scenarios[0]->path},
                      "the variant %s cannot be measured",
                      launch->failed_side == TG_AFTER ? "after" : "before");
        return status;
    }
    comparison->end = launch->crash_signal == SIGKILL ? TG_END_KILLED : TG_END_CRASHED;
    comparison->crash = tg_arena_strdup(&comparison->arena, launch->crash);
    return TG_OK;
}

static void keep_facts(struct tg_comparison *comparison, const struct tg_launch *launch)
{
    struct tg_arena *arena = &comparison->arena;
    for (int side = 0; side < TG_SIDES; side++) {
        struct tg_compared_side *compared = &comparison->sides[side];
        size_t count = launch->fact_count[side];
        compared->facts = tg_arena_array(arena, count, sizeof *compared->facts);
        compared->fact_count = count;
        for (size_t i = 0; i < count; i++)
            compared->facts[i] = (struct tg_named_value){
                .name = tg_arena_strdup(arena, launch->facts[side][i].name),
                .value = tg_arena_strdup(arena, launch->facts[side][i].value)};
    }
}

/* False: it has ended, with *status. */
static bool measure(struct interleaving *self, struct tg_launch *launch, enum tg_status *status)
{
    *status = tg_launch_measure(&self->launch, launch, self->diags);
    self->launch.number++;
    self->launch.datasets_checked = true;
    if (*status == TG_OK)
        return true;
    *status = explain(self, launch, *status);
    return false;
}

/* Divides the time that a launch takes into slices, when the rarest metric gated in a closed loop
 * has `operations` in all of them; INFINITY: none is, and they stay as they are. */
static void cut_slices(struct interleaving *self, double operations)
{
    struct tg_slice_plan *closed = &self->launch.slices[TG_CLOSED_LOOP];
    struct tg_slice_plan *open = &self->launch.slices[TG_OPEN_LOOP];
    double pairs = isfinite(operations)
                       ? fmin(fmax(operations / SLICE_OPERATIONS, LEAST_PAIRS), MOST_PAIRS)
                       : closed->pairs;
    closed->slice_ns = closed->slice_ns * closed->pairs / (int64_t)pairs;
    closed->pairs = (uint32_t)pairs;
    if (open->pairs > 0)
        *open = open_pairs((double)open->pairs * (double)open->slice_ns);
    self->comparison->pairs = closed->pairs;
    self->comparison->slice_ns = closed->slice_ns;
    self->comparison->open_pairs = open->pairs;
    self->comparison->open_slice_ns = open->pairs > 0 ? open->slice_ns : 0;
}

/* What the slices of the pilot took: as long as planned, or longer at a rate that the store cannot
 * keep up with. */
static double took_of_slices(const struct tg_launch_spec *spec, const struct tg_launch *pilot,
                             enum tg_loop_kind loop)
{
    const struct tg_slice_plan *plan = &spec->slices[loop];
    const struct tg_slice_pairs *pairs = &pilot->pairs[loop];
    double sum_ns = 0;
    for (int side = 0; side < TG_SIDES; side++)
        for (uint32_t i = 0; i < pairs->count; i++)
            sum_ns += loop == TG_OPEN_LOOP
                          ? fmax((double)plan->slice_ns, (double)pairs->slices[side][i].elapsed_ns)
                          : (double)plan->slice_ns;
    return sum_ns;
}

/* Makes the slices longer, so that the percentiles have enough beyond them, and those at the rate
 * shorter where they took more than their room; `took_ns` is the duration of the whole pilot.
 * Returns how many metrics can be gated. */
static size_t choose_lengths(struct interleaving *self, const struct tg_launch *pilot,
                             int64_t took_ns)
{
    struct tg_slice_plan *slices = self->launch.slices;
    double used_ns[TG_LOOP_KINDS];
    double accepted[TG_LOOP_KINDS];
    tg_gated_learn_stalls(&self->set, pilot);
    for (int loop = 0; loop < TG_LOOP_KINDS; loop++)
        used_ns[loop] = took_of_slices(&self->launch, pilot, (enum tg_loop_kind)loop);
    double room_ns = room_per_launch_ns(self) -
                     ((double)took_ns - used_ns[TG_CLOSED_LOOP] - used_ns[TG_OPEN_LOOP]);
    bool open = used_ns[TG_OPEN_LOOP] > 0;
    for (int loop = 0; loop < TG_LOOP_KINDS; loop++) {
        double least = 1;
        double most = used_ns[loop] > 0 ? fmax(1, room_ns / (open ? 2 : 1) / used_ns[loop]) : 1;
        if (open && loop == TG_OPEN_LOOP)
            least = fmin(1, fmax(open_room_ns(self, room_ns) / used_ns[loop],
                                 (double)SLICE_NS / (double)slices[loop].slice_ns));
        double factor = tg_gated_stretch(&self->set, (enum tg_loop_kind)loop, pilot, least, most);
        slices[loop].slice_ns = (int64_t)((double)slices[loop].slice_ns * factor);
        accepted[loop] = factor * 1.05;
    }
    size_t gated = tg_gated_exclude(&self->set, pilot, accepted, self->comparison);
    cut_slices(self, tg_gated_fewest(&self->set, TG_CLOSED_LOOP, pilot, accepted[TG_CLOSED_LOOP],
                                     self->comparison));
    return gated;
}

/* Longer slices for the next try, fewer of them. False: a launch has no room for those. */
static bool lengthen(struct interleaving *self)
{
    enum { FACTOR = 5 };
    struct tg_slice_plan *closed = &self->launch.slices[TG_CLOSED_LOOP];
    int64_t most_ns = longest_slice_ns(self, LEAST_PAIRS);
    if (closed->slice_ns >= most_ns)
        return false;
    closed->slice_ns *= FACTOR;
    if (closed->slice_ns > most_ns)
        closed->slice_ns = most_ns;
    closed->pairs = LEAST_PAIRS;
    return true;
}

/* Until operations end within the slices. False: it has ended, with *status. */
static bool try_out(struct interleaving *self, struct tg_launch *launch, int64_t *took_ns,
                    enum tg_status *status)
{
    for (;;) {
        int64_t start_ns = tg_now_ns();
        bool going = measure(self, launch, status);
        *took_ns = tg_now_ns() - start_ns;
        if (!going || !tg_gated_slices_too_short(launch) || !lengthen(self))
            return going;
        tg_launch_free(launch);
    }
}

/* Two launches that are not counted: a short one that builds the data sets, and one that shows how
 * long a launch takes and how long slices have to be. False: it has ended, with *status. */
static bool pilot(struct interleaving *self, enum tg_status *status)
{
    const struct tg_launch_spec full = self->launch;
    struct tg_launch launch;
    tg_observe_step(&self->spec->observer, "getting ready: data sets, and a launch to try out");
    self->launch.slices[TG_CLOSED_LOOP] = (struct tg_slice_plan){1, BUILD_SLICE_NS};
    self->launch.slices[TG_OPEN_LOOP].pairs = 0;
    self->launch.warmup_ns = BUILD_SLICE_NS;
    bool going = measure(self, &launch, status);
    if (going) {
        keep_facts(self->comparison, &launch);
        tg_launch_free(&launch);
        memcpy(self->launch.slices, full.slices, sizeof full.slices);
        self->launch.warmup_ns = full.warmup_ns;
        int64_t took_ns;
        going = try_out(self, &launch, &took_ns, status);
        bool gated = going && choose_lengths(self, &launch, took_ns) > 0;
        /* With nothing left to gate, failures still are. */
        bool failing = self->spec->launches == 0 && tg_gated_fails_more(&launch);
        self->launch.number += self->launch.number % 2; /* the sides go first in turns from here */
        if (going && !gated && !failing) {
            self->comparison->end = TG_END_NOT_GATED;
            going = false;
        }
    }
    tg_launch_free(&launch);
    return going;
}

static int64_t left_ns(const struct interleaving *self)
{
    int64_t left = self->begun_ns + self->comparison->budget_ns - tg_now_ns();
    return left > 0 ? left : 0;
}

/* A confirmation that has begun may take half the budget more: to find a slowdown and to stop a few
 * launches short of saying so helps nobody. */
static bool may_go_on(const struct interleaving *self)
{
    bool confirming = self->gate && self->gate->step == TG_GATE_CONFIRM;
    int64_t grace_ns = confirming ? self->comparison->budget_ns / 2 : 0;
    return tg_now_ns() - self->begun_ns < self->comparison->budget_ns + grace_ns;
}

static void report_progress(struct interleaving *self, bool answered)
{
    const struct tg_interleave_progress progress = {
        .comparison = self->comparison,
        .gate = self->gate,
        .launches = self->spec->launches,
        .answered = answered,
        .left_ns = left_ns(self),
    };
    if (self->spec->progress)
        self->spec->progress(self->spec->progress_context, &progress);
}

static bool decided(const struct interleaving *self)
{
    return self->gate ? self->gate->step == TG_GATE_DONE
                      : self->comparison->launch_count == self->spec->launches;
}

/* Hands a launch on to the gate. True when that gave an answer. */
static bool feed_gate(struct interleaving *self, size_t number,
                      struct tg_launch_estimate *estimates)
{
    struct tg_gate *gate = self->gate;
    size_t answers = gate->looks + gate->confirmations;
    tg_comparison_feed(self->comparison, number, estimates, gate);
    return gate->looks + gate->confirmations > answers;
}

static enum tg_status launch_until_decided(struct interleaving *self)
{
    struct tg_gate_config config = tg_comparison_config(self->comparison, &self->arena);
    struct tg_launch_estimate *estimates =
        tg_arena_array(&self->arena, config.metric_count, sizeof *estimates);
    if (self->spec->launches == 0)
        self->gate = tg_gate_new(&self->arena, &config);
    self->begun_ns = tg_now_ns(); /* working out the looks is no measuring */
    enum tg_status status = TG_OK;
    bool going = true;
    report_progress(self, true);
    while (going && !decided(self) && may_go_on(self)) {
        struct tg_launch launch;
        going = measure(self, &launch, &status);
        if (going) {
            size_t number = tg_comparison_add_launch(self->comparison);
            tg_gated_record(&self->set, &launch, self->comparison, number);
            report_progress(self, self->gate ? feed_gate(self, number, estimates) : decided(self));
        }
        tg_launch_free(&launch);
    }
    if (going)
        self->comparison->end = decided(self) ? TG_END_DECIDED : TG_END_BUDGET;
    return status;
}

enum tg_status tg_interleave(const struct tg_interleave_spec *spec,
                             struct tg_comparison *comparison, struct tg_diags *diags)
{
    struct interleaving self = {.spec = spec, .comparison = comparison, .diags = diags};
    uint32_t phase = 0;
    enum tg_status status = TG_INVALID;
    tg_clock_init();
    int64_t start_ns = tg_now_ns();
    if (compile_sides(&self) &&
        tg_gated_phase(spec->scenarios[TG_BEFORE], spec->phase, &phase, diags) == TG_OK &&
        same_mix(&self, phase)) {
        describe(&self, phase);
        status = tg_gated_choose(spec->scenarios[TG_BEFORE], phase, spec->margin, &self.set,
                                 comparison, diags);
    }
    if (status == TG_OK && !same_load(&self, phase))
        status = TG_INVALID;
    if (status == TG_OK) {
        plan_launches(&self, phase);
        bool going = pilot(&self, &status);
        if (going)
            status = launch_until_decided(&self);
        comparison->elapsed_ns = tg_now_ns() - start_ns;
    }
    tg_arena_free(&self.arena);
    return status;
}
