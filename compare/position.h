/* Where we stand against a figure that somebody else has published. Pure arithmetic: what is
 * compared was measured on different hardware, and a caller says so wherever it shows a position.
 */
#ifndef TG_COMPARE_POSITION_H
#define TG_COMPARE_POSITION_H

#include <stdbool.h>

enum tg_figure {                /* what systems publish of one kind of operation */
                 TG_FIGURE_P50, /* latencies, ns: less is better */
                 TG_FIGURE_P99,
                 TG_FIGURE_RATE, /* operations/s: more is better */
                 TG_FIGURE_COUNT,
};

/* "p50", "p99", "rate" */
const char *tg_figure_name(enum tg_figure figure);

struct tg_published { /* a figure, or the range that it is given as */
    double low;       /* NaN: not published */
    double high;      /* >= low; equal for a single figure */
};

struct tg_measured { /* our own figure, with the interval that the true one lies in */
    double value;    /* NaN: not measured */
    double low;      /* <= value; -infinity: no bound is known */
    double high;     /* >= value; infinity: likewise. low = value = high claims that it is exact */
};

enum tg_relation {
    TG_RELATION_NONE,   /* nothing to compare: a value is missing, zero or negative, not a number */
    TG_RELATION_AHEAD,  /* our whole interval is better than their better end */
    TG_RELATION_LEVEL,  /* our whole interval lies within their range, ends included */
    TG_RELATION_BEHIND, /* our whole interval is worse than their worse end */
    TG_RELATION_UNCLEAR, /* our interval reaches across an end of theirs */
};

struct tg_position {
    enum tg_relation relation;
    /* By how much our value is better (negative: worse) than the end it is compared with, as a
     * fraction of that end: (theirs - ours) / theirs of a latency, ours / theirs - 1 of a rate.
     * That end is their better one when we are ahead, their worse one when we are behind, so that a
     * range never flatters us and never overstates how far we are behind. NaN for the other
     * relations. */
    double advantage;
};

struct tg_position tg_position(enum tg_figure figure, struct tg_measured ours,
                               struct tg_published theirs);

enum tg_lead {
    TG_LEAD_NONE,     /* there was none that could be lost, or nothing to compare */
    TG_LEAD_KEPT,     /* ahead before and after */
    TG_LEAD_IN_DOUBT, /* ahead before; the interval after reaches across their better end */
    TG_LEAD_LOST, /* ahead before; the whole interval after is no better than their better end */
};

/* A lead is lost only when the evidence for both is as good as a verdict's: the whole interval of
 * `before` was better than their better end, and not one value in the interval of `after` is. A
 * lead that was in doubt before cannot be lost, and noise alone (an interval that has only come to
 * touch their figure) loses none. What the intervals are worth decides what this is worth: use
 * confidence bounds over launches, and no bounds (infinite ones) where there are none. */
enum tg_lead tg_lead(enum tg_figure figure, struct tg_measured before, struct tg_measured after,
                     struct tg_published theirs);

#endif
