/* Failing operations, as shares: in a closed loop the faster side tries more operations in the same
 * time, and with the same share more of them fail. */
#ifndef TG_COMPARE_FAILURES_H
#define TG_COMPARE_FAILURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of a launch or a sum of launches. 0 <= failed <= operations < 2^62. */
struct tg_failures {
    int64_t failed_before;
    int64_t operations_before; /* tried, failing ones included */
    int64_t failed_after;
    int64_t operations_after;
};

void tg_failures_add(struct tg_failures *sum, const struct tg_failures *launch);

/* Does a larger share fail after? Exact. No when nothing was tried on a side. */
bool tg_fails_more(const struct tg_failures *failures);

/* The sign test over launches: they count, not operations, because one lock held too long fails
 * hundreds at once. More fails in a launch when the share is larger after even with one failure
 * less (with as many operations on both sides: when more operations fail), fewer when the share is
 * smaller.
 *
 * Shares of unequal numbers of operations are not symmetric. Where failures are rare, the side with
 * ten times the operations has the only failure ten times as often. So a launch is a coin with the
 * chance that more fails in it rather than fewer if nothing has changed, given its failures: they
 * fall on the sides as binomial draws, in the proportion of the operations (Przyborowski & Wilenski
 * 1940, Biometrika 31: 313-323). That chance is never taken as below 1/2: failures that come in
 * bursts are symmetric at best. */
struct tg_failure_signs {
    size_t more;
    size_t fewer;
    double chances; /* of those launches, summed */
};

void tg_failure_signs_add(struct tg_failure_signs *signs, const struct tg_failures *launch);

/* P(at least `more` of more + fewer coins fall on "more"); 1 for no launch. The coins are taken to
 * have the mean of their chances, which makes a small p no smaller (Hoeffding 1956, Annals of
 * Mathematical Statistics 27: 713-721, theorem 4). With equal numbers of operations it is
 * tg_sign_test_p. */
double tg_failure_signs_p(const struct tg_failure_signs *signs);

#endif
