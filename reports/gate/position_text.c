#include "reports/gate/position_text.h"

#include <math.h>
#include <stdio.h>

#include "common/units.h"

/* ---- figures ---- */

/* Published figures are shown with all their digits, not with the three of a measurement. */
struct shown {
    double scale; /* value / scale is what is written */
    const char *unit;
};

static struct shown shown_as(enum tg_figure figure, double value)
{
    if (figure == TG_FIGURE_RATE)
        return (struct shown){1, "/s"};
    if (value >= (double)TG_NS_PER_S)
        return (struct shown){(double)TG_NS_PER_S, " s"};
    if (value >= (double)TG_NS_PER_MS)
        return (struct shown){(double)TG_NS_PER_MS, " ms"};
    if (value >= (double)TG_NS_PER_US)
        return (struct shown){(double)TG_NS_PER_US, " µs"};
    return (struct shown){1, " ns"};
}

static void add_number(struct tg_text *out, double number)
{
    char text[TG_UNIT_TEXT];
    if (number >= 1000 && number == rint(number))
        tg_text_add(out, tg_format_count(llrint(number), text));
    else
        tg_text_addf(out, "%.10g", number);
}

void tg_published_text(enum tg_figure figure, struct tg_published published, struct tg_text *out)
{
    if (isnan(published.low)) {
        tg_text_add(out, "-");
        return;
    }
    struct shown low = shown_as(figure, published.low);
    struct shown high = shown_as(figure, published.high);
    if (published.low != published.high) {
        add_number(out, published.low / low.scale);
        tg_text_addf(out, "%s to ", low.scale == high.scale ? "" : low.unit);
    }
    add_number(out, published.high / high.scale);
    tg_text_add(out, high.unit);
}

static void add_whose(struct tg_text *out, const struct tg_competitor *competitor,
                      enum tg_figure figure)
{
    tg_text_addf(out, "%s %s's published %s of ", competitor->name, competitor->version,
                 tg_figure_name(figure));
    tg_published_text(figure, competitor->figures[figure], out);
}

/* ---- positions ---- */

/* "61.2%"; never 100 % of a latency that is not 0, nor 0 % of a difference that is there. */
static void add_percent(struct tg_text *out, double fraction, bool of_latency)
{
    double percent = 100 * fraction;
    if (percent < 0.05)
        tg_text_add(out, "less than 0.1%");
    else if (of_latency && percent > 99.9)
        tg_text_add(out, "more than 99.9%");
    else
        tg_text_addf(out, "%.1f%%", percent);
}

/* "61.2% faster than", "12.5 times", "1,730 times as fast as"; what follows is the figure. */
static void add_advantage(struct tg_text *out, enum tg_figure figure, double advantage)
{
    static const double multiple = 10;
    const bool rate = figure == TG_FIGURE_RATE;
    const bool ahead = advantage > 0;
    const double size = fabs(advantage);
    char ratio[TG_UNIT_TEXT];
    /* A faster latency and a lower rate are parts of the figure, the others multiples of it. */
    const double times = rate == ahead ? 1 + size : 1 / (1 - size);
    if (times >= multiple && (ahead || !rate)) {
        tg_text_addf(out, "%s times%s", tg_format_ratio(times, ratio),
                     ahead && !rate ? " as fast as" : "");
        return;
    }
    add_percent(out, size, rate != ahead);
    if (rate)
        tg_text_add(out, ahead ? " more than" : " less than");
    else
        tg_text_add(out, ahead ? " faster than" : " slower than");
}

/* A position, and whose figure it is held against. Nothing for TG_RELATION_NONE. */
static void add_position(struct tg_text *out, const struct tg_competitor *competitor,
                         enum tg_figure figure, struct tg_position position)
{
    const struct tg_published theirs = competitor->figures[figure];
    switch (position.relation) {
    case TG_RELATION_NONE:
        return;
    case TG_RELATION_AHEAD:
    case TG_RELATION_BEHIND:
        add_advantage(out, figure, position.advantage);
        break;
    case TG_RELATION_LEVEL:
        tg_text_add(out, theirs.low < theirs.high ? "within" : "level with");
        break;
    case TG_RELATION_UNCLEAR:
        tg_text_add(out, "too uncertain to be placed beside");
        break;
    }
    tg_text_add(out, " ");
    add_whose(out, competitor, figure);
}

void tg_position_text(const struct tg_competitor *competitor, enum tg_figure figure,
                      struct tg_position position, struct tg_text *out)
{
    if (position.relation == TG_RELATION_NONE)
        return;
    add_position(out, competitor, figure, position);
    tg_text_add(out, "; not measured here");
}

/* ---- leads ---- */

/* "61.2% faster than that", "level with that", where `that` names the figure. */
static void add_short(struct tg_text *out, const struct tg_competitor *competitor,
                      enum tg_figure figure, struct tg_position position, const char *that)
{
    const struct tg_published theirs = competitor->figures[figure];
    switch (position.relation) {
    case TG_RELATION_AHEAD:
    case TG_RELATION_BEHIND:
        add_advantage(out, figure, position.advantage);
        tg_text_addf(out, " %s", that);
        break;
    case TG_RELATION_LEVEL:
        tg_text_addf(out, "%s %s", theirs.low < theirs.high ? "within" : "level with", that);
        break;
    case TG_RELATION_UNCLEAR:
    case TG_RELATION_NONE:
        tg_text_add(out, "uncertain");
        break;
    }
}

void tg_lead_text(const struct tg_competitor *competitor, enum tg_figure figure,
                  struct tg_position before, struct tg_position after, enum tg_lead lead,
                  struct tg_text *out)
{
    static const char *const what[] = {NULL, "lead kept over ", "lead in doubt over ",
                                       "lead lost over "};
    if (lead == TG_LEAD_NONE)
        return;
    tg_text_add(out, what[lead]);
    add_whose(out, competitor, figure);
    tg_text_add(out, ": ");
    add_short(out, competitor, figure, before, "that");
    tg_text_add(out, " before, ");
    add_short(out, competitor, figure, after, "that");
    tg_text_add(out, " after; not measured here");
}

/* ---- plain runs ---- */

static void add_ours(struct tg_text *out, enum tg_figure figure, double value)
{
    char text[TG_UNIT_TEXT];
    tg_text_add(out, figure == TG_FIGURE_RATE ? tg_format_rate(value, text)
                                              : tg_format_duration(llround(value), text));
}

void tg_runs_position_text(const struct tg_standing *standing, struct tg_text *out)
{
    static const char *const sides[] = {"before", "after"};
    const struct tg_position *positions = standing->positions;
    bool both = positions[TG_BEFORE].relation != TG_RELATION_NONE &&
                positions[TG_AFTER].relation != TG_RELATION_NONE;
    char rate[TG_UNIT_TEXT];
    bool named = false;
    tg_text_addf(out, "%s, one run%s ", standing->metric, both ? " each" : "");
    if (standing->rate_per_s > 0)
        tg_text_addf(out, "at %s: ", tg_format_rate(standing->rate_per_s, rate));
    else
        tg_text_add(out, "in closed loop: ");
    for (int side = 0; side < TG_SIDES; side++) {
        if (positions[side].relation == TG_RELATION_NONE)
            continue;
        tg_text_add(out, named ? "; " : "");
        tg_text_add(out, standing->weak[side] ? "~" : "");
        add_ours(out, standing->figure, standing->ours[side].value);
        tg_text_addf(out, " %s, ", sides[side]);
        if (named)
            add_short(out, standing->competitor, standing->figure, positions[side], "theirs");
        else
            add_position(out, standing->competitor, standing->figure, positions[side]);
        named = true;
    }
    tg_text_add(out, ", which was not measured here");
}
