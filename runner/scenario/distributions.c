#include "runner/scenario/sections.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "common/units.h"

const char *const tg_dist_names[7] = {
    [TG_DIST_UNIFORM] = "uniform", [TG_DIST_ZIPF] = "zipf",
    [TG_DIST_LATEST] = "latest",   [TG_DIST_GAUSSIAN] = "gaussian",
    [TG_DIST_HOTSET] = "hotset",   [TG_DIST_SEQUENTIAL] = "sequential",
    [TG_DIST_NEXT] = "next",
};

/* Numbers of draws that never end in practice; well below 2^64 so that sums stay in range. */
static const uint64_t unlimited = INT64_MAX;

enum tg_dist_kind tg_read_by(struct tg_gen_reader *gen, enum tg_dist_kind fallback)
{
    size_t kind = fallback;
    tg_read_word(gen->reader, tg_field(&gen->fields, "by"), tg_dist_names,
                 sizeof tg_dist_names / sizeof *tg_dist_names, &kind);
    return (enum tg_dist_kind)kind;
}

void tg_read_dist(struct tg_gen_reader *gen, enum tg_dist_kind kind)
{
    struct tg_reader *reader = gen->reader;
    struct tg_dist_spec *dist = &gen->spec->dist;
    dist->kind = kind;
    if (kind == TG_DIST_ZIPF || kind == TG_DIST_LATEST)
        tg_read_number_above(reader, tg_field(&gen->fields, "theta"), 0, 10, &dist->theta);
    if (kind == TG_DIST_ZIPF || kind == TG_DIST_HOTSET)
        tg_read_bool(reader, tg_field(&gen->fields, "scrambled"), &dist->scrambled);
    if (kind == TG_DIST_HOTSET) {
        const struct tg_toml_node *hot = tg_field(&gen->fields, "hot");
        if (tg_read_fraction(reader, hot, &dist->hot) && (dist->hot == 0 || dist->hot == 1))
            tg_node_error(reader, hot, "\"hot\" must be above 0%% and below 100%%");
        tg_read_fraction(reader, tg_field(&gen->fields, "share"), &dist->hot_share);
    }
    if (kind == TG_DIST_GAUSSIAN) {
        tg_read_number(reader, tg_field(&gen->fields, "mean"), 0, 1, &dist->mean);
        tg_read_number_above(reader, tg_field(&gen->fields, "sd"), 0, 10, &dist->sd);
    }
}

/* The key "over": a number, or a loaded table for its rows. */
static bool read_over(struct tg_gen_reader *gen, const struct tg_toml_node *over)
{
    struct tg_reader *reader = gen->reader;
    const struct tg_scenario *scenario = reader->scenario;
    if (!over)
        return false;
    if (over->type == TG_TOML_STRING) {
        size_t load = tg_find_load(scenario, over->string);
        if (load != SIZE_MAX) {
            uint64_t rows = scenario->loads[load].rows;
            gen->spec->dist.over = rows > 0 ? rows : 1; /* 0: was wrong, and reported */
            return true;
        }
        struct tg_diag *diag =
            tg_node_error(reader, over, "\"over\" names no loaded table: \"%s\"", over->string);
        tg_hint_loads(reader, diag, over->string);
        return false;
    }
    int64_t number;
    if (!tg_read_int(reader, over, 1, INT64_MAX, &number))
        return false;
    gen->spec->dist.over = (uint64_t)number;
    return true;
}

/* How many different draws there are, for the check of the range: as far as it is known. */
static uint64_t draws(const struct tg_gen_reader *gen)
{
    const struct tg_dist_spec *dist = &gen->spec->dist;
    if (dist->over != unlimited)
        return dist->over;
    uint64_t rows = 0;
    if (gen->context->load != SIZE_MAX)
        rows = gen->reader->scenario->loads[gen->context->load].rows;
    return rows > 0 ? rows : 1;
}

static void check_range(struct tg_gen_reader *gen, int64_t start, int64_t step)
{
    uint64_t last_draw = draws(gen) - 1;
    int64_t last;
    if (last_draw > INT64_MAX || __builtin_mul_overflow((int64_t)last_draw, step, &last) ||
        __builtin_add_overflow(start, last, &last))
        tg_node_error(gen->reader, gen->fields.table,
                      "the highest value of \"%s\" does not fit into 64 bits",
                      gen->fields.table->name);
}

/* min .. max, both included: sets dist.over. */
static void read_up_to(struct tg_gen_reader *gen, const struct tg_toml_node *node)
{
    struct tg_reader *reader = gen->reader;
    struct tg_gen_spec *spec = gen->spec;
    int64_t max;
    if (!tg_read_int(reader, node, INT64_MIN, INT64_MAX, &max))
        return;
    if (max < spec->min) {
        tg_node_error(reader, node, "\"max\" is below \"min\": %" PRId64 " < %" PRId64, max,
                      spec->min);
        return;
    }
    if (spec->step < 1) {
        tg_node_error(reader, node, "\"max\" needs a \"step\" of at least 1");
        return;
    }
    uint64_t span = ((uint64_t)max - (uint64_t)spec->min) / (uint64_t)spec->step;
    if (span >= unlimited)
        tg_node_error(reader, node, "\"min\" to \"max\" are more than 2^63 - 1 values");
    else
        spec->dist.over = span + 1;
}

static void read_start(struct tg_gen_reader *gen, const struct tg_toml_node *min)
{
    const struct tg_toml_node *start = tg_field(&gen->fields, "start");
    if (start && min)
        tg_key_error(gen->reader, start, "\"start\" and \"min\" say the same: give one of them");
    tg_read_int(gen->reader, start ? start : min, INT64_MIN, INT64_MAX, &gen->spec->min);
}

void tg_read_gen_int(struct tg_gen_reader *gen, enum tg_dist_kind kind)
{
    struct tg_reader *reader = gen->reader;
    struct tg_gen_spec *spec = gen->spec;
    spec->kind = TG_GEN_INT;
    tg_read_dist(gen, kind);
    const struct tg_toml_node *step = tg_field(&gen->fields, "step");
    if (tg_read_int(reader, step, INT64_MIN, INT64_MAX, &spec->step) && spec->step == 0)
        tg_node_error(reader, step, "\"step\" must not be 0");
    if (kind == TG_DIST_NEXT) {
        read_start(gen, NULL);
        spec->dist.over = unlimited;
    } else {
        read_start(gen, tg_field(&gen->fields, "min"));
        const struct tg_toml_node *over = tg_field(&gen->fields, "over");
        const struct tg_toml_node *max = tg_field(&gen->fields, "max");
        if (over && max) {
            tg_key_error(reader, max, "give \"over\" or \"max\", not both");
        } else if (over) {
            read_over(gen, over);
        } else if (max) {
            read_up_to(gen, max);
        } else if (kind == TG_DIST_SEQUENTIAL) {
            spec->dist.over = unlimited;
        } else {
            struct tg_diag *diag = tg_node_error(reader, gen->fields.table, "missing key \"over\"");
            tg_diag_hint(diag, "add over = 1000 (the number of values), or min and max");
        }
    }
    check_range(gen, spec->min, spec->step);
}

void tg_read_gen_timestamp(struct tg_gen_reader *gen)
{
    static const char *const forms[] = {"iso", "unix", "unix_ms"}; /* by enum tg_time_form */
    struct tg_reader *reader = gen->reader;
    struct tg_gen_spec *spec = gen->spec;
    spec->kind = TG_GEN_TIMESTAMP;
    spec->start_unix_ns = INT64_C(1735689600) * TG_NS_PER_S; /* 2025-01-01T00:00:00Z */
    spec->step = TG_NS_PER_S;
    const struct tg_toml_node *start = tg_field(&gen->fields, "start");
    if (start && start->type != TG_TOML_STRING && start->type != TG_TOML_TIME) {
        tg_node_error(reader, start, "\"start\" must be a date and time, not %s",
                      tg_toml_type_name(start->type));
    } else if (start && !tg_parse_time_ns(start->string, &spec->start_unix_ns)) {
        struct tg_diag *diag =
            tg_node_error(reader, start, "\"start\" is no date and time: \"%s\"", start->string);
        tg_diag_hint(diag, "write \"2025-01-01T00:00:00Z\", between the years 1678 and 2261");
    }
    tg_read_duration(reader, tg_field(&gen->fields, "step"), 1, &spec->step);
    size_t form = TG_TIME_ISO;
    tg_read_word(reader, tg_field(&gen->fields, "form"), forms, sizeof forms / sizeof *forms,
                 &form);
    spec->time_form = (enum tg_time_form)form;
    enum tg_dist_kind kind = tg_read_by(gen, TG_DIST_SEQUENTIAL);
    tg_read_dist(gen, kind);
    const struct tg_toml_node *over = NULL;
    if (kind != TG_DIST_NEXT)
        over = tg_field(&gen->fields, "over");
    if (over)
        read_over(gen, over);
    else if (kind == TG_DIST_SEQUENTIAL || kind == TG_DIST_NEXT)
        spec->dist.over = unlimited;
    else
        tg_diag_hint(tg_node_error(reader, gen->fields.table, "missing key \"over\""),
                     "add over = 1000 (the number of different times)");
    check_range(gen, spec->start_unix_ns, spec->step);
}

void tg_read_gen_pick(struct tg_gen_reader *gen)
{
    struct tg_reader *reader = gen->reader;
    struct tg_gen_spec *spec = gen->spec;
    spec->kind = TG_GEN_PICK;
    tg_read_dist(gen, tg_read_by(gen, TG_DIST_UNIFORM));
    const struct tg_toml_node *of = tg_field_required(&gen->fields, "of", "\"TABLE.COLUMN\"");
    const char *name;
    if (!tg_read_string(reader, of, &name))
        return;
    const char *dot = strchr(name, '.');
    if (!dot || dot == name || dot[1] == '\0') {
        struct tg_diag *diag =
            tg_node_error(reader, of, "\"of\" names no column of a table: \"%s\"", name);
        tg_diag_hint(diag, "write TABLE.COLUMN");
        return;
    }
    struct tg_arena *arena = &reader->scenario->arena;
    spec->table = tg_arena_memdup(arena, name, (size_t)(dot - name));
    spec->column = tg_arena_strdup(arena, dot + 1);
    struct tg_pick_ref *pick = tg_arena_alloc(arena, sizeof *pick);
    *pick = (struct tg_pick_ref){
        .spec = spec, .of = of, .load = gen->context->load, .column = gen->context->column};
    *reader->picks_end = pick;
    reader->picks_end = &pick->next;
}

/* ---- times ---- */

/* Reads `count` digits at *at into *out and moves past them. */
static bool digits(const char **at, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        *out = *out * 10 + (**at - '0');
    }
    return true;
}

static bool parse_date(const char **at, struct tm *date)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (!digits(at, 4, &date->tm_year) || *(*at)++ != '-' || !digits(at, 2, &date->tm_mon) ||
        *(*at)++ != '-' || !digits(at, 2, &date->tm_mday))
        return false;
    int year = date->tm_year;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (year < 1678 || year > 2261 || date->tm_mon < 1 || date->tm_mon > 12 || date->tm_mday < 1 ||
        date->tm_mday > days[date->tm_mon - 1] + (leap && date->tm_mon == 2))
        return false;
    date->tm_year -= 1900;
    date->tm_mon -= 1;
    return true;
}

static bool parse_clock(const char **at, struct tm *time, int64_t *fraction_ns)
{
    if (!digits(at, 2, &time->tm_hour) || *(*at)++ != ':' || !digits(at, 2, &time->tm_min))
        return false;
    if (**at == ':') {
        (*at)++;
        if (!digits(at, 2, &time->tm_sec))
            return false;
    }
    if (time->tm_hour > 23 || time->tm_min > 59 || time->tm_sec > 59)
        return false;
    if (**at == '.') {
        (*at)++;
        if (**at < '0' || **at > '9')
            return false;
        int64_t scale = TG_NS_PER_S / 10;
        for (; **at >= '0' && **at <= '9'; (*at)++, scale /= 10)
            *fraction_ns += (**at - '0') * scale;
    }
    return true;
}

static bool parse_zone(const char **at, int64_t *offset_s)
{
    char sign = **at;
    if (sign == '\0')
        return true;
    (*at)++;
    if (sign == 'Z' || sign == 'z')
        return true;
    int hours;
    int minutes;
    if ((sign != '+' && sign != '-') || !digits(at, 2, &hours) || *(*at)++ != ':' ||
        !digits(at, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *offset_s = (sign == '-' ? -1 : 1) * (hours * INT64_C(3600) + minutes * INT64_C(60));
    return true;
}

bool tg_parse_time_ns(const char *text, int64_t *unix_ns)
{
    struct tm time = {0};
    int64_t fraction_ns = 0;
    int64_t offset_s = 0;
    const char *at = text;
    if (!parse_date(&at, &time))
        return false;
    if (*at == 'T' || *at == 't' || *at == ' ') {
        at++;
        if (!parse_clock(&at, &time, &fraction_ns) || !parse_zone(&at, &offset_s))
            return false;
    }
    if (*at != '\0')
        return false;
    *unix_ns = ((int64_t)timegm(&time) - offset_s) * TG_NS_PER_S + fraction_ns;
    return true;
}
