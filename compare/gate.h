/* The gate: fed one launch after the other, it looks at a few numbers of launches fixed in advance,
 * has what looks like a regression confirmed on fresh launches, and ends with a verdict per metric
 * and one exit code. Pure and deterministic: the same launches in the same order, the same verdict,
 * so that a stored comparison can be judged again, with the same margins or others.
 *
 *     struct tg_gate *gate = tg_gate_new(&arena, &config);
 *     while (gate->step != TG_GATE_DONE && time is left)
 *         tg_gate_add(gate, a launch);
 *     tg_gate_finish(gate);
 *     ... gate->verdict, gate->metrics ...
 *
 * Two promises, each over all looks, all metrics and both estimates of each (docs/statistics.md):
 * - a gate passes wrongly (some metric's true change is its margin or more) with a probability of
 *   at most plan.alpha. Every metric has to pass, so this needs no correction (intersection-union
 *   test: Berger 1982, Technometrics 24: 295-300);
 * - a gate calls even one metric a regression that is not slower with a probability of at most
 *   confirm_level. What the looks find only chooses the hypotheses; launches that had no part in
 *   the choice test them, by Holm's procedure. Each confirmation spends half of what is left of
 *   confirm_level, the last look's all of it. */
#ifndef TG_COMPARE_GATE_H
#define TG_COMPARE_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "compare/estimate.h"
#include "compare/failures.h"
#include "compare/spending.h"
#include "compare/verdict.h"

struct tg_gate_metric {
    const char *name; /* borrowed */
    double margin;    /* log change, > 0: log1p(0.05) for 5 % */
    bool pooled_only; /* it has no typical estimate: counts of rare stalls, memory */
};

struct tg_gate_config {
    const struct tg_gate_metric *metrics; /* borrowed */
    size_t metric_count;                  /* 0: failures alone are judged; nothing can pass then */
    struct tg_look_plan plan;
    double confirm_level;    /* (0, 0.5) */
    size_t confirm_launches; /* least number of fresh launches of a confirmation, >= 1 */
    size_t confirm_more;     /* ... and of what each later one adds to them, >= 1 */
};

/* 5 % for a false pass, 1 % for a false regression, looks at 10, 16, 24 and 32 launches, 10 fresh
 * ones or more, 6 or more at each later confirmation. Set metrics and metric_count. */
struct tg_gate_config tg_gate_defaults(struct tg_arena *scratch);

struct tg_gate_launch {
    const struct tg_launch_estimate *metrics; /* in the configuration's order; NaN: no value */
    struct tg_failures failures;              /* of all operations of all slices */
};

enum tg_gate_step {
    TG_GATE_MEASURE, /* add launches until the next look */
    TG_GATE_CONFIRM, /* add fresh launches; nothing else changes for the caller */
    TG_GATE_DONE,
};

enum tg_gate_side { TG_GATE_POOLED, TG_GATE_TYPICAL, TG_GATE_SIDES };

/* As found by the look that decided it, or by the last one where none did. */
struct tg_metric_verdict {
    enum tg_gate_verdict verdict;
    size_t decided_at; /* launches seen (without fresh ones) when the verdict fell; 0: none did */
    struct tg_interval interval[TG_GATE_SIDES]; /* typical: empty if pooled_only */
    bool worse;        /* proved, in either estimate. In a pass: real, but within the margin */
    double detectable; /* log change that the wider interval shows with 80 % power */
    double provable;   /* log change: a larger margin than this would have been passed */
    bool flagged;      /* looks like a regression, which only fresh launches turn into one */
    enum tg_gate_side flagged_side;
    /* Of the last confirmation it took part in; fresh_count = 0: none. */
    size_t fresh_count;
    double fresh_p;      /* against "not worse", adjusted by Holm */
    double fresh_level;  /* what it had to be at or below */
    double all_estimate; /* of all launches, fresh ones included */
};

/* Failing operations have no margin, and their launches no shape: a direct rule, made safe by the
 * confirmation. Flagged when a larger share fails after than before over the launches of a look,
 * and either none fails before, or the sign test over launches (compare/failures.h) is significant
 * at the level of the look. While flagged the gate cannot pass. A regression when the sign test
 * over the fresh launches is significant, together with the flagged metrics in Holm's procedure. */
struct tg_gate_errors {
    enum tg_gate_verdict verdict; /* never an improvement */
    struct tg_failures total;     /* over all launches, fresh ones included */
    bool flagged;
    size_t fresh_count; /* as for a metric */
    double fresh_p;
    double fresh_level;
};

struct tg_gate_state; /* the launches, and what is under way */

struct tg_gate { /* to read */
    struct tg_gate_config config;
    enum tg_gate_step step;
    enum tg_gate_verdict verdict;      /* regression if any is one; pass if all pass */
    size_t launches;                   /* added, without fresh ones */
    size_t fresh_launches;             /* of all confirmations */
    size_t fresh_wanted;               /* ... that the last one, or that under way, asked for */
    size_t looks;                      /* taken */
    size_t confirmations;              /* finished */
    size_t next_answer_in;             /* launches to add until something can change; 0: done */
    struct tg_metric_verdict *metrics; /* config.metric_count */
    struct tg_gate_errors errors;
    struct tg_gate_state *state;
};

/* Lives in `arena`, and allocates nothing more from it but for a last look ahead of time. */
struct tg_gate *tg_gate_new(struct tg_arena *arena, const struct tg_gate_config *config);

/* Adds one launch and, where its number is that of a look or ends a confirmation, answers. The
 * gate is not done. */
void tg_gate_add(struct tg_gate *gate, const struct tg_gate_launch *launch);

/* The budget has ended: takes a last look at the launches that came after the last one, with all
 * of the error still unspent, or decides a confirmation by the fresh launches there are. What is
 * flagged then and not confirmed stays inconclusive. Does nothing to a gate that is done. */
void tg_gate_finish(struct tg_gate *gate);

/* The interval of a metric as of now, at the level of the look to come (or of the last): for a
 * progress line, decides nothing. */
struct tg_interval tg_gate_interim(struct tg_gate *gate, size_t metric, enum tg_gate_side side);

/* How many fresh launches a confirmation of `candidates` (>= 1) hypotheses at `level` takes: at
 * least `least`, and so many that the hardest step of Holm's procedure stands one launch or two
 * near 0 on the wrong side (rank sum 3: 5 of 2^n sign patterns). */
size_t tg_confirm_launches(size_t candidates, double level, size_t least);

#endif
