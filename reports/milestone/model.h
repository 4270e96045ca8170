/* How a milestone is made: what its parts share. Internal to reports/milestone/. */
#ifndef TG_REPORTS_MILESTONE_MODEL_H
#define TG_REPORTS_MILESTONE_MODEL_H

#include <string.h>

#include "reports/milestone/load.h"
#include "reports/run/target_text.h"

struct tg_making {
    const struct tg_milestone_file *file;
    const struct tg_milestone_data *data;
    struct tg_arena *arena;
    struct tg_milestone *milestone; /* being filled */
};

/* In this order: each uses what the earlier ones have set. */
void tg_milestone_add_sources(struct tg_making *making); /* runs, comparisons, sweeps, inputs */
void tg_milestone_add_caveats(struct tg_making *making);
void tg_milestone_add_rows(struct tg_making *making);
void tg_milestone_judge_criteria(struct tg_making *making);
void tg_milestone_decide(struct tg_making *making); /* score, decision, conditions, confidence */
void tg_milestone_add_advice(struct tg_making *making);

/* Of one criterion; the milestone's findings, runs and so on are known. */
void tg_milestone_measure(struct tg_making *making, const struct tg_milestone_measure *measure,
                          struct tg_milestone_criterion *out);

/* ---- targets ---- */

enum tg_target_class tg_target_class_of(const struct tg_target_result *target);

/* ---- lists ---- */

/* Room for one more element behind `count` of them, in `arena`; what was there is copied. */
void *tg_arena_grown(struct tg_arena *arena, void *items, size_t count, size_t *room, size_t size);

/* Labels of sources: "R1, R2, C1", "R1, R2, R3, R4, R5, R6 and 44 more". */
struct tg_label_set {
    bool *used; /* per source */
    size_t count;
};
const char *tg_milestone_labels(const struct tg_making *making, const struct tg_label_set *set);
struct tg_label_set tg_milestone_label_set(const struct tg_making *making);

/* Does the override only say which size of a sweep a run is? */
bool tg_milestone_is_size(const char *override);

/* "2025-11-21 12:00 UTC". In `arena`. */
const char *tg_milestone_when(int64_t unix_ms, struct tg_arena *arena);

#endif
