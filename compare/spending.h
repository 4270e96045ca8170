/* Looking more than once. A gate looks at its launches several times and stops as soon as it knows;
 * each look is another chance to be wrong. The error that a decision may make in all is spent over
 * the looks by a function of the fraction of launches seen (Lan & DeMets 1983, Biometrika 70:
 * 659-663), and each look gets the largest level that what may be spent by then allows.
 *
 * What a look costs is bounded without any approximation. Under symmetry the signs of the launches
 * are fair coins and the order of their magnitudes is any order, so that the joint distribution of
 * the signed-rank sums of two looks is the same for all noise and can be counted. The chance of a
 * wrong decision at any look is at most the sum of the looks' levels less the chances that it
 * falls at two neighbouring looks (Hunter 1976, Journal of Applied Probability 13: 597-603). The
 * Brownian motion that textbooks use instead would make 5.12 % of 5 % here.
 *
 * Ranks have few levels: of 10 launches 1/1024, 2/1024, 3/1024, 5/1024, ... What the largest one
 * that fits leaves unspent is carried to the next look. */
#ifndef TG_COMPARE_SPENDING_H
#define TG_COMPARE_SPENDING_H

#include <stddef.h>

#include "common/arena.h"

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
    double spent;    /* of the whole procedure, up to and including this look, at most */
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
                                 size_t count, struct tg_arena *scratch);

/* The last look of a plan whose budget ends early, at `launches` (more than at the looks done):
 * spends all that the first `done` looks left. What ended the budget must not be the result. */
struct tg_look tg_last_look(const struct tg_look_plan *plan, size_t done, size_t launches,
                            struct tg_arena *scratch);

/* joint[t] = P(T_m < order and T_n = t) for t = 0 .. `sums` - 1: T_m and T_n the signed-rank sums
 * of the first m and of all n (1 <= m < n) of the same launches, symmetric about 0, no ties. Takes
 * time in proportion to m * n * order * sums, and allocates m * order * sums numbers. */
void tg_joint_signed_rank(size_t m, size_t order, size_t n, size_t sums, double *joint,
                          struct tg_arena *scratch);

/* Beyond so many launches a look is charged its full level: the bound holds, a little wider, and
 * the counting would take seconds. */
enum { TG_JOINT_LAUNCHES_MAX = 40 };

#endif
