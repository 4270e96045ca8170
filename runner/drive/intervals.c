#include "runner/drive/intervals.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/units.h"
#include "runner/histogram/log.h"

static const int64_t LEAST_INTERVAL_NS = TG_NS_PER_S;
static const int64_t MOST_INTERVALS = 120; /* so that a long run's log stays bounded */

static void start_log(struct tg_intervals *self, const char *scenario, const struct tg_phase *phase)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    char *comment = tg_format("Tailgate %s, scenario %s, phase %s. Values are nanoseconds: %s",
                              TG_VERSION, scenario, phase->name,
                              phase->rate_per_s > 0
                                  ? "response times (tag OP) and service times (tag OP.service)"
                                  : "service times");
    tg_hdr_log_header(&self->log, comment, (int64_t)now.tv_sec * 1000 + now.tv_nsec / TG_NS_PER_MS);
    free(comment);
}

void tg_intervals_init(struct tg_intervals *self, const struct tg_scenario *scenario,
                       const struct tg_phase *phase, struct tg_phase_result *result,
                       struct tg_arena *arena)
{
    *self = (struct tg_intervals){
        .result = result,
        .arena = arena,
        .ops = tg_arena_array(arena, result->op_count, sizeof *self->ops),
        .length_ns = phase->duration_ns / MOST_INTERVALS,
    };
    if (self->length_ns < LEAST_INTERVAL_NS)
        self->length_ns = LEAST_INTERVAL_NS;
    for (size_t i = 0; i < result->op_count; i++) {
        self->ops[i].primary = tg_hdr_new(&tg_hdr_latency_ns);
        if (result->open_loop)
            self->ops[i].service = tg_hdr_new(&tg_hdr_latency_ns);
    }
    start_log(self, scenario->name, phase);
}

void tg_intervals_begin(struct tg_intervals *self, int64_t record_ns,
                        const struct tg_platform_counters *platform)
{
    self->record_ns = self->start_ns = record_ns;
    self->platform = *platform;
}

bool tg_intervals_due(const struct tg_intervals *self, int64_t now_ns)
{
    return self->record_ns != 0 && now_ns - self->start_ns >= self->length_ns;
}

static void log_hdr(struct tg_intervals *self, const char *op, const char *suffix, double start_s,
                    double length_s, struct tg_hdr *hdr)
{
    if (hdr->total == 0)
        return;
    char *tag = tg_format("%s%s", op, suffix);
    tg_hdr_log_interval(&self->log, tag, start_s, length_s, hdr);
    free(tag);
    tg_hdr_reset(hdr);
}

static struct tg_phase_interval *push_interval(struct tg_intervals *self)
{
    struct tg_phase_result *result = self->result;
    if (result->interval_count == self->capacity) {
        size_t grown = self->capacity ? self->capacity * 2 : 128;
        struct tg_phase_interval *moved = tg_arena_array(self->arena, grown, sizeof *moved);
        if (result->interval_count > 0)
            memcpy(moved, result->intervals, result->interval_count * sizeof *moved);
        result->intervals = moved;
        self->capacity = grown;
    }
    return &result->intervals[result->interval_count++];
}

void tg_intervals_end(struct tg_intervals *self, int64_t now_ns, struct tg_hiccup_meter *meter)
{
    double start_s = (double)(self->start_ns - self->record_ns) / 1e9;
    double length_s = (double)(now_ns - self->start_ns) / 1e9;
    for (size_t i = 0; i < self->result->op_count; i++) {
        const char *name = self->result->ops[i].name;
        log_hdr(self, name, "", start_s, length_s, self->ops[i].primary);
        if (self->ops[i].service)
            log_hdr(self, name, ".service", start_s, length_s, self->ops[i].service);
    }
    struct tg_platform_counters platform;
    tg_platform_read(&platform);
    *push_interval(self) = (struct tg_phase_interval){
        .start_ns = self->start_ns - self->record_ns,
        .length_ns = now_ns - self->start_ns,
        .steal_ns = tg_counter_delta(platform.steal_ns, self->platform.steal_ns),
        .hiccup_max_ns = tg_hiccups_take_max(meter),
    };
    self->platform = platform;
    self->start_ns = now_ns;
}

void tg_intervals_finish(struct tg_intervals *self)
{
    for (size_t i = 0; i < self->result->op_count; i++) {
        free(self->ops[i].primary);
        free(self->ops[i].service);
    }
    self->result->interval_log = self->log.data;
}
