/* An estimate between two one-sided confidence bounds. */
#ifndef TG_COMPARE_INTERVAL_H
#define TG_COMPARE_INTERVAL_H

#include <stddef.h>

struct tg_interval {
    size_t count;    /* launches it is made of (of both results together, for two samples) */
    double estimate; /* NaN for count = 0 */
    double lower;    /* -infinity: the level is out of reach of so few launches */
    double upper;    /* +infinity: likewise */
    double level;    /* of each bound, really attained: at most what was asked for */
};

#endif
