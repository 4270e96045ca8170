/* How a long job tells how far it is. Called from the coordinator's thread, a few times a second at
 * most. */
#ifndef TG_RUNNER_DRIVE_OBSERVER_H
#define TG_RUNNER_DRIVE_OBSERVER_H

#include <stdbool.h>
#include <stdint.h>

enum tg_event_kind {
    TG_EVENT_STEP,     /* a step outside of phases begins: `text` */
    TG_EVENT_PHASE,    /* a phase begins */
    TG_EVENT_PROGRESS, /* inside a phase */
    TG_EVENT_PHASE_END,
};

struct tg_event {
    enum tg_event_kind kind;
    const char *text; /* of the step, or name of the phase */
    uint32_t phase;   /* 0-based */
    uint32_t phase_count;
    bool warming_up;
    int64_t elapsed_ns; /* of the phase, warm-up included */
    int64_t planned_ns; /* the same; 0: limited by count */
    uint64_t planned_count;
    int64_t operations; /* done in the recorded part, failures included */
    int64_t failed;
    double rate_per_s; /* over the last half second or so */
    int64_t p99_ns;    /* of all operations so far; 0: none yet */
};

struct tg_observer {
    void (*notify)(void *context, const struct tg_event *event); /* NULL: nobody listens */
    void *context;
};

/* Tells that a step outside of phases begins. */
static inline void tg_observe_step(const struct tg_observer *observer, const char *text)
{
    const struct tg_event event = {.kind = TG_EVENT_STEP, .text = text};
    if (observer->notify)
        observer->notify(observer->context, &event);
}

#endif
