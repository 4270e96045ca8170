/* Looking more than once. A gate looks at its launches several times and stops as soon as it knows;
 * each look is another chance to be wrong. The error that a decision may make in all is spent over
 * the looks by a function of the fraction of launches seen (Lan & DeMets 1983, Biometrika 70:
 * 659-663). The level of each look follows from it, the earlier looks taken into account as the
 * increments of a Brownian motion (Armitage, McPherson & Rowe 1969, JRSS A 132: 235-244; Jennison
 * & Turnbull, Group Sequential Methods (2000), sections 7.2 and 19.2).
 *
 * Ranks have few levels: of 10 launches 1/1024, 2/1024, 3/1024, 5/1024, ... A look is given the
 * largest one that fits, and what that leaves unspent is carried to the next look. */
#ifndef TG_COMPARE_SPENDING_H
#define TG_COMPARE_SPENDING_H

#include <stddef.h>

/* How much of a level alpha may be spent once a fraction t of the launches was seen. */
enum tg_spending {
    TG_SPEND_EARLY,  /* alpha ln(1 + (e - 1) t): like Pocock's boundary (Lan & DeMets 1983) */
    TG_SPEND_EVENLY, /* alpha t (Kim & DeMets 1987, Biometrika 74: 149-154, rho = 1) */
    TG_SPEND_LATE, /* 2 - 2 Phi(z / sqrt t), z = Phi^-1(1 - alpha/2): like O'Brien and Fleming's */
};

/* alpha in (0, 0.5), fraction in [0, 1]; 0 at 0, alpha at 1. */
double tg_spent(enum tg_spending spending, double alpha, double fraction);

struct tg_look {
    size_t launches; /* seen at this look */
    size_t order;    /* of the Walsh averages that are the bounds; 0: nothing can be decided yet */
    double level;    /* of each bound at this look alone: what the order really has */
    double spent;    /* of the whole procedure, up to and including this look */
};

enum { TG_LOOKS_MAX = 8 };

struct tg_look_plan {
    double alpha; /* of each one-sided decision over all looks */
    size_t count;
    struct tg_look looks[TG_LOOKS_MAX];
};

/* The default of the gate. */
extern const size_t tg_gate_looks[4]; /* 10, 16, 24, 32 launches */

/* The plan for looks at `launches` (`count` of them, 1 to TG_LOOKS_MAX, ascending, >= 1). All of
 * alpha (0 to 0.5, exclusive) is there to spend by the last. */
struct tg_look_plan tg_look_plan(enum tg_spending spending, double alpha, const size_t *launches,
                                 size_t count);

/* The last look of a plan whose budget ends early, at `launches` (more than at the looks done):
 * spends all that the first `done` looks left. What ended the budget must not be the result. */
struct tg_look tg_last_look(const struct tg_look_plan *plan, size_t done, size_t launches);

/* P(within its boundary at every earlier look, and at `launches` beyond the normal quantile of
 * `level`), for a Brownian motion without drift: what such a look adds to the error. The earlier
 * looks' boundaries are given by their levels; `past_count` may be 0. */
double tg_look_cost(const struct tg_look *past, size_t past_count, size_t launches, double level);

#endif
