#include <stdlib.h>
#include <string.h>

#include "runner/scenario/sections.h"

enum { WORKERS_LIMIT = 256 };

/* ---- mixes ---- */

static void read_mix(struct tg_reader *reader, const struct tg_toml_node *table, struct tg_mix *mix)
{
    struct tg_scenario *scenario = reader->scenario;
    mix->name = table->key;
    mix->node = table;
    mix->entries = tg_arena_array(&scenario->arena, table->count, sizeof *mix->entries);
    double sum = 0;
    bool all_known = true;
    for (const struct tg_toml_node *node = table->first; node; node = node->next) {
        size_t op = tg_find_op(scenario, node->key);
        double weight = 0;
        if (op == SIZE_MAX) {
            tg_hint_ops(reader,
                        tg_key_error(reader, node, "no operation is called \"%s\"", node->key),
                        node->key);
            all_known = false;
        }
        if (!tg_read_number(reader, node, 0, 1e15, &weight))
            all_known = false;
        sum += weight;
        if (weight > 0 &&
            op !=
                SIZE_MAX) /* an operation of weight 0 is never drawn: the phase does not have it */
            mix->entries[mix->entry_count++] =
                (struct tg_mix_entry){.op = (uint32_t)op, .weight = weight};
    }
    if (table->count == 0)
        tg_diag_hint(tg_node_error(reader, table, "the mix \"%s\" names no operation", mix->name),
                     "add OPERATION = WEIGHT");
    else if (all_known && sum <= 0)
        tg_node_error(reader, table, "the weights of the mix \"%s\" sum to zero", mix->name);
    if (tg_find_op(scenario, mix->name) != SIZE_MAX)
        tg_diag_hint(tg_key_error(reader, table, "\"%s\" is the name of an operation", mix->name),
                     "a phase could mean either: give the mix another name");
}

void tg_read_mixes(struct tg_reader *reader, const struct tg_toml_node *mix)
{
    if (!tg_read_type(reader, mix, TG_TOML_TABLE))
        return;
    reader->mixes = tg_arena_array(&reader->scenario->arena, mix->count, sizeof *reader->mixes);
    for (const struct tg_toml_node *table = mix->first; table; table = table->next) {
        if (tg_read_type(reader, table, TG_TOML_TABLE))
            read_mix(reader, table, &reader->mixes[reader->mix_count++]);
    }
}

/* ---- phases ---- */

static void hint_mixes(struct tg_reader *reader, struct tg_diag *diag, const char *wanted)
{
    const struct tg_scenario *scenario = reader->scenario;
    size_t count = 0;
    const char **names = tg_calloc(reader->mix_count + scenario->op_count, sizeof *names);
    for (size_t i = 0; i < reader->mix_count; i++)
        names[count++] = reader->mixes[i].name;
    for (size_t i = 0; i < scenario->op_count; i++)
        names[count++] = scenario->ops[i].name;
    tg_hint_names(diag, wanted, names, count, "mixes and operations");
    free(names);
}

static void read_mix_name(struct tg_reader *reader, const struct tg_toml_node *node,
                          struct tg_phase *phase)
{
    struct tg_scenario *scenario = reader->scenario;
    if (!tg_read_string(reader, node, &phase->mix))
        return;
    for (size_t i = 0; i < reader->mix_count; i++) {
        if (strcmp(reader->mixes[i].name, phase->mix) == 0) {
            reader->mixes[i].used = true;
            phase->entries = reader->mixes[i].entries;
            phase->entry_count = reader->mixes[i].entry_count;
            return;
        }
    }
    size_t op = tg_find_op(scenario, phase->mix);
    if (op != SIZE_MAX) {
        phase->entries = tg_arena_array(&scenario->arena, 1, sizeof *phase->entries);
        phase->entries[0] = (struct tg_mix_entry){.op = (uint32_t)op, .weight = 1};
        phase->entry_count = 1;
        return;
    }
    hint_mixes(reader,
               tg_node_error(reader, node, "no mix or operation is called \"%s\"", phase->mix),
               phase->mix);
}

static void read_phase_name(struct tg_reader *reader, const struct tg_toml_node *node,
                            struct tg_phase *phase)
{
    const struct tg_scenario *scenario = reader->scenario;
    if (!tg_read_string(reader, node, &phase->name))
        return;
    if (!tg_is_identifier(phase->name))
        tg_diag_hint(
            tg_node_error(reader, node, "\"%s\" cannot be the name of a phase", phase->name),
            "names are letters, digits and _, and do not start with a digit");
    for (const struct tg_phase *other = scenario->phases; other < phase; other++) {
        if (other->name && strcmp(other->name, phase->name) == 0)
            tg_node_error(reader, node, "a phase is already called \"%s\", in line %d", phase->name,
                          other->place.line);
    }
}

static void read_length(struct tg_fields *fields, struct tg_phase *phase)
{
    struct tg_reader *reader = fields->reader;
    const struct tg_toml_node *duration = tg_field(fields, "for");
    const struct tg_toml_node *count = tg_field(fields, "count");
    int64_t operations = 0;
    tg_read_duration(reader, duration, 1, &phase->duration_ns);
    tg_read_int(reader, count, 1, INT64_C(1000000000000), &operations);
    phase->count = (uint64_t)operations;
    if (duration && count)
        tg_key_error(reader, count, "give \"for\" or \"count\", not both");
    else if (!duration && !count)
        tg_diag_hint(tg_node_error(reader, fields->table, "missing key \"for\""),
                     "add for = \"10s\", or count = 1000");
}

static void read_phase(struct tg_reader *reader, const struct tg_toml_node *table,
                       struct tg_phase *phase)
{
    static const char *const arrivals[] = {"constant", "poisson"}; /* by enum tg_arrival */
    phase->place = table->place;
    struct tg_fields fields;
    tg_fields_open(&fields, reader, table);
    read_phase_name(reader, tg_field_required(&fields, "name", "\"steady\""), phase);
    read_mix_name(reader, tg_field_required(&fields, "mix", "\"main\""), phase);
    const struct tg_toml_node *rate = tg_field(&fields, "rate");
    const struct tg_toml_node *arrival = tg_field(&fields, "arrival");
    size_t word = TG_ARRIVAL_CONSTANT;
    tg_read_rate(reader, rate, &phase->rate_per_s);
    tg_read_word(reader, arrival, arrivals, 2, &word);
    phase->arrival = (enum tg_arrival)word;
    if (arrival && !rate)
        tg_diag_hint(tg_key_error(reader, arrival, "\"arrival\" needs a \"rate\""),
                     "without a rate the next operation starts when the one before it is done");
    int64_t workers = 1;
    tg_read_int(reader, tg_field(&fields, "workers"), 1, WORKERS_LIMIT, &workers);
    phase->workers = (uint32_t)workers;
    read_length(&fields, phase);
    tg_read_duration(reader, tg_field(&fields, "warmup"), 0, &phase->warmup_ns);
    tg_fields_close(&fields);
}

/* Not an error: an operation or a mix may be left for later, but it is more often a slip. */
static void warn_of_unused(struct tg_reader *reader)
{
    const struct tg_scenario *scenario = reader->scenario;
    bool *used = tg_calloc(scenario->op_count + 1, sizeof *used);
    for (size_t p = 0; p < scenario->phase_count; p++) {
        for (size_t i = 0; i < scenario->phases[p].entry_count; i++)
            used[scenario->phases[p].entries[i].op] = true;
    }
    for (size_t i = 0; i < scenario->op_count; i++) {
        if (!used[i])
            tg_diag_add(reader->diags, TG_SEVERITY_WARNING, scenario->ops[i].engine.place,
                        "no phase runs the operation \"%s\"", scenario->ops[i].name);
    }
    for (size_t i = 0; i < reader->mix_count; i++) {
        if (!reader->mixes[i].used)
            tg_diag_add(reader->diags, TG_SEVERITY_WARNING, reader->mixes[i].node->place,
                        "no phase uses the mix \"%s\"", reader->mixes[i].name);
    }
    free(used);
}

void tg_read_phases(struct tg_reader *reader, const struct tg_toml_node *phase)
{
    struct tg_scenario *scenario = reader->scenario;
    if (!phase)
        return;
    if (phase->type != TG_TOML_ARRAY) {
        tg_diag_hint(tg_node_error(reader, phase, "\"phase\" must be an array of tables, not %s",
                                   tg_toml_type_name(phase->type)),
                     "write [[phase]] with two brackets");
        return;
    }
    scenario->phases = tg_arena_array(&scenario->arena, phase->count, sizeof *scenario->phases);
    for (const struct tg_toml_node *table = phase->first; table; table = table->next) {
        if (tg_read_type(reader, table, TG_TOML_TABLE))
            read_phase(reader, table, &scenario->phases[scenario->phase_count++]);
    }
    if (reader->diags->errors == 0)
        warn_of_unused(reader);
}

enum tg_status tg_phase_find(const struct tg_scenario *scenario, const char *name, uint32_t *number,
                             struct tg_diags *diags)
{
    for (size_t i = 0; i < scenario->phase_count; i++) {
        if (strcmp(scenario->phases[i].name, name) == 0) {
            *number = (uint32_t)i;
            return TG_OK;
        }
    }
    struct tg_diag *diag = tg_diag_error(diags, (struct tg_place){.path = scenario->path},
                                         "there is no phase \"%s\"", name);
    const char **names = tg_calloc(scenario->phase_count + 1, sizeof *names);
    for (size_t i = 0; i < scenario->phase_count; i++)
        names[i] = scenario->phases[i].name;
    const char *nearest = tg_nearest_name(name, names, scenario->phase_count);
    if (scenario->phase_count > 0)
        tg_diag_hint(diag, "did you mean \"%s\"?", nearest ? nearest : names[0]);
    free(names);
    return TG_INVALID;
}
