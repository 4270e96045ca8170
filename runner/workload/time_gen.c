/* Timestamps: ISO 8601 in UTC, or seconds or milliseconds since 1970. */
#include "common/units.h"
#include "runner/workload/gen_internal.h"

struct date {
    int64_t year;
    unsigned month, day; /* from 1 */
};

/* The proleptic Gregorian date of a day counted from 1970-01-01. Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms", civil_from_days: years begin in March, so the leap
 * day is the last of its year; 400 years are 146,097 days. */
static struct date date_of(int64_t day_1970)
{
    const int64_t day = day_1970 + 719468; /* from 0000-03-01 */
    const int64_t era = (day >= 0 ? day : day - 146096) / 146097;
    const unsigned of_era = (unsigned)(day - era * 146097);
    const unsigned year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const unsigned of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const unsigned march_month = (5 * of_year + 2) / 153;
    const unsigned month = march_month < 10 ? march_month + 3 : march_month - 9;
    return (struct date){
        .year = era * 400 + year_of_era + (month <= 2),
        .month = month,
        .day = of_year - (153 * march_month + 2) / 5 + 1,
    };
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* "2025-01-01T00:00:00Z", or "2025-01-01T00:00:00.000Z". The range of 64-bit nanoseconds, 1677 to
 * 2262, keeps years at four digits. */
static struct tg_value iso_text(int64_t unix_ns, bool with_ms, struct tg_arena *scratch)
{
    enum { LENGTH = 20, LENGTH_MS = 24 };
    const int64_t second = floor_divide(unix_ns, TG_NS_PER_S);
    const int64_t day = floor_divide(second, 86400);
    const unsigned of_day = (unsigned)(second - day * 86400);
    const struct date date = date_of(day);
    const size_t length = with_ms ? LENGTH_MS : LENGTH;
    char *text = tg_arena_memdup(scratch, "0000-00-00T00:00:00.000Z", LENGTH_MS);
    tg_digits_fixed(text, 4, (uint64_t)date.year);
    tg_digits_fixed(text + 5, 2, date.month);
    tg_digits_fixed(text + 8, 2, date.day);
    tg_digits_fixed(text + 11, 2, of_day / 3600);
    tg_digits_fixed(text + 14, 2, of_day / 60 % 60);
    tg_digits_fixed(text + 17, 2, of_day % 60);
    if (with_ms)
        tg_digits_fixed(text + 20, 3, (uint64_t)((unix_ns - second * TG_NS_PER_S) / TG_NS_PER_MS));
    text[length - 1] = 'Z';
    text[length] = '\0';
    return tg_value_bytes(TG_VALUE_TEXT, text, length);
}

static int64_t time_at(const struct tg_gen *gen, uint64_t index)
{
    struct tg_random random;
    tg_random_at(&random, gen->key, index);
    const uint64_t steps = tg_dist_draw(&gen->dist, &random);
    return (int64_t)((uint64_t)gen->spec->start_unix_ns + (uint64_t)gen->spec->step * steps);
}

static struct tg_value make_iso(const struct tg_gen *gen, uint64_t index, struct tg_arena *scratch)
{
    return iso_text(time_at(gen, index), false, scratch);
}

static struct tg_value make_iso_ms(const struct tg_gen *gen, uint64_t index,
                                   struct tg_arena *scratch)
{
    return iso_text(time_at(gen, index), true, scratch);
}

static struct tg_value make_unix_s(const struct tg_gen *gen, uint64_t index,
                                   struct tg_arena *scratch)
{
    (void)scratch;
    return tg_value_int(floor_divide(time_at(gen, index), TG_NS_PER_S));
}

static struct tg_value make_unix_ms(const struct tg_gen *gen, uint64_t index,
                                    struct tg_arena *scratch)
{
    (void)scratch;
    return tg_value_int(floor_divide(time_at(gen, index), TG_NS_PER_MS));
}

void tg_time_compile(struct tg_gen *gen, const struct tg_gen_scope *scope)
{
    const struct tg_gen_spec *spec = gen->spec;
    tg_gen_dist(gen, scope, spec->dist.over);
    const bool whole_seconds =
        spec->step % TG_NS_PER_S == 0 && spec->start_unix_ns % TG_NS_PER_S == 0;
    switch (spec->time_form) {
    case TG_TIME_ISO:
        gen->make = whole_seconds ? make_iso : make_iso_ms;
        break;
    case TG_TIME_UNIX_S:
        gen->make = make_unix_s;
        break;
    case TG_TIME_UNIX_MS:
        gen->make = make_unix_ms;
        break;
    }
}
