#include "runner/scenario/sections.h"

#include <inttypes.h>
#include <string.h>

#include "common/units.h"

enum {
    TEXT_LIMIT_BYTES = 16 << 20,
    DIMS_LIMIT = 65536,
    CLUSTERS_LIMIT = 65536,
    DOCUMENTS_LIMIT = 100000,
};

/* ---- constants ---- */

static bool read_constant(struct tg_reader *reader, const struct tg_toml_node *node,
                          struct tg_value *value)
{
    switch (node->type) {
    case TG_TOML_STRING:
        *value = (struct tg_value){
            .type = TG_VALUE_TEXT, .length = (uint32_t)strlen(node->string), .bytes = node->string};
        return true;
    case TG_TOML_INTEGER:
        *value = (struct tg_value){.type = TG_VALUE_INT, .integer = node->integer};
        return true;
    case TG_TOML_FLOAT:
        *value = (struct tg_value){.type = TG_VALUE_FLOAT};
        return tg_read_number(reader, node, -1.7976931348623157e308, 1.7976931348623157e308,
                              &value->real);
    case TG_TOML_BOOLEAN:
        *value = (struct tg_value){.type = TG_VALUE_INT, .integer = node->boolean};
        return true;
    default:
        break;
    }
    struct tg_diag *diag =
        tg_node_error(reader, node, "\"%s\" must be a string, a number or a boolean, not %s",
                      node->name, tg_toml_type_name(node->type));
    if (node->type == TG_TOML_TIME)
        tg_diag_hint(diag, "write the date and time in quotes");
    return false;
}

static void read_const(struct tg_gen_reader *gen)
{
    gen->spec->kind = TG_GEN_CONST;
    const struct tg_toml_node *value = tg_field_required(&gen->fields, "value", "\"...\"");
    if (value)
        read_constant(gen->reader, value, &gen->spec->constant);
}

/* ---- whole numbers ---- */

static void read_as(struct tg_gen_reader *gen, bool required)
{
    const struct tg_toml_node *as = required ? tg_field_required(&gen->fields, "as", "\"user_%d\"")
                                             : tg_field(&gen->fields, "as");
    const char *form;
    if (!tg_read_string(gen->reader, as, &form))
        return;
    if (tg_format_valid(form)) {
        gen->spec->as = form;
        return;
    }
    struct tg_diag *diag = tg_node_error(
        gen->reader, as, "\"as\" must hold exactly one integer conversion: \"%s\"", form);
    tg_diag_hint(diag, "write %%d for the bare number, %%08d for eight digits, %%%% for a %%");
}

#define READ_DISTRIBUTION(function, kind)                                                          \
    static void function(struct tg_gen_reader *gen)                                                \
    {                                                                                              \
        read_as(gen, false);                                                                       \
        tg_read_gen_int(gen, kind);                                                                \
    }

READ_DISTRIBUTION(read_uniform, TG_DIST_UNIFORM)
READ_DISTRIBUTION(read_zipf, TG_DIST_ZIPF)
READ_DISTRIBUTION(read_latest, TG_DIST_LATEST)
READ_DISTRIBUTION(read_gaussian, TG_DIST_GAUSSIAN)
READ_DISTRIBUTION(read_hotset, TG_DIST_HOTSET)
READ_DISTRIBUTION(read_sequential, TG_DIST_SEQUENTIAL)
READ_DISTRIBUTION(read_next, TG_DIST_NEXT)

static void read_int(struct tg_gen_reader *gen)
{
    read_as(gen, false);
    tg_read_gen_int(gen, tg_read_by(gen, TG_DIST_UNIFORM));
}

static void read_format(struct tg_gen_reader *gen)
{
    bool in_load = gen->context->load != SIZE_MAX;
    read_as(gen, true);
    tg_read_gen_int(gen, tg_read_by(gen, in_load ? TG_DIST_SEQUENTIAL : TG_DIST_NEXT));
}

static void read_pick(struct tg_gen_reader *gen)
{
    read_as(gen, false);
    tg_read_gen_pick(gen);
}

/* ---- other scalars ---- */

static void read_float(struct tg_gen_reader *gen)
{
    static const char *const ways[] = {"uniform", "gaussian"};
    struct tg_reader *reader = gen->reader;
    struct tg_gen_spec *spec = gen->spec;
    spec->kind = TG_GEN_FLOAT;
    spec->float_max = 1;
    spec->sd = 1;
    size_t way = 0;
    tg_read_word(reader, tg_field(&gen->fields, "by"), ways, 2, &way);
    spec->float_normal = way == 1;
    if (spec->float_normal) {
        tg_read_number(reader, tg_field(&gen->fields, "mean"), -1e300, 1e300, &spec->mean);
        tg_read_number_above(reader, tg_field(&gen->fields, "sd"), 0, 1e300, &spec->sd);
        return;
    }
    const struct tg_toml_node *max = tg_field(&gen->fields, "max");
    tg_read_number(reader, tg_field(&gen->fields, "min"), -1e300, 1e300, &spec->float_min);
    tg_read_number(reader, max, -1e300, 1e300, &spec->float_max);
    if (spec->float_max <= spec->float_min)
        tg_node_error(reader, max ? max : gen->fields.table,
                      "\"max\" must be above \"min\": %g, %g", spec->float_max, spec->float_min);
}

static void read_text(struct tg_gen_reader *gen)
{
    struct tg_reader *reader = gen->reader;
    struct tg_gen_spec *spec = gen->spec;
    spec->kind = TG_GEN_TEXT;
    const struct tg_toml_node *length = tg_field(&gen->fields, "length");
    const struct tg_toml_node *min = tg_field(&gen->fields, "min_length");
    const struct tg_toml_node *max = tg_field(&gen->fields, "max_length");
    int64_t least = 0;
    int64_t most = 0;
    if (length && (min || max)) {
        tg_key_error(reader, length, "give \"length\", or \"min_length\" and \"max_length\"");
    } else if (length) {
        if (tg_read_bytes(reader, length, 0, TEXT_LIMIT_BYTES, &most))
            least = most;
    } else if (!max) {
        struct tg_diag *diag = tg_node_error(reader, gen->fields.table, "missing key \"length\"");
        tg_diag_hint(diag, "add length = 100, or min_length = 50 and max_length = 200");
    } else if (tg_read_bytes(reader, max, 0, TEXT_LIMIT_BYTES, &most)) {
        tg_read_bytes(reader, min, 0, most, &least);
    }
    spec->min_length = (uint32_t)least;
    spec->max_length = (uint32_t)most;
    if (max) {
        enum tg_dist_kind kind = tg_read_by(gen, TG_DIST_UNIFORM);
        if (kind == TG_DIST_NEXT)
            tg_node_error(reader, gen->fields.table,
                          "a length cannot be drawn by \"next\": it would grow without end");
        tg_read_dist(gen, kind);
    }
    spec->dist.over = (uint64_t)(most - least + 1);
}

static void read_bool(struct tg_gen_reader *gen)
{
    gen->spec->kind = TG_GEN_BOOL;
    gen->spec->probability = 0.5;
    tg_read_fraction(gen->reader, tg_field(&gen->fields, "p"), &gen->spec->probability);
}

static void read_vector(struct tg_gen_reader *gen)
{
    struct tg_reader *reader = gen->reader;
    int64_t dims = 768;
    int64_t clusters = 0;
    gen->spec->kind = TG_GEN_VECTOR;
    gen->spec->cluster_sd = 0.15;
    tg_read_int(reader, tg_field(&gen->fields, "dims"), 1, DIMS_LIMIT, &dims);
    tg_read_int(reader, tg_field(&gen->fields, "clusters"), 0, CLUSTERS_LIMIT, &clusters);
    const struct tg_toml_node *sd = tg_field(&gen->fields, "sd");
    tg_read_number_above(reader, sd, 0, 100, &gen->spec->cluster_sd);
    if (sd && clusters == 0)
        tg_key_error(reader, sd, "\"sd\" needs \"clusters\": without them vectors have no centre");
    gen->spec->dims = (uint32_t)dims;
    gen->spec->clusters = (uint32_t)clusters;
}

/* ---- choice ---- */

static void choices_of_table(struct tg_gen_reader *gen, const struct tg_toml_node *of,
                             struct tg_gen_choice *choices)
{
    for (const struct tg_toml_node *node = of->first; node; node = node->next, choices++) {
        choices->value = (struct tg_value){
            .type = TG_VALUE_TEXT, .length = (uint32_t)strlen(node->key), .bytes = node->key};
        choices->weight = 1; /* kept when it is wrong, which is reported as such */
        tg_read_number(gen->reader, node, 0, 1e15, &choices->weight);
    }
}

static void choices_of_array(struct tg_gen_reader *gen, const struct tg_toml_node *of,
                             const struct tg_toml_node *weights, struct tg_gen_choice *choices)
{
    struct tg_reader *reader = gen->reader;
    size_t i = 0;
    for (const struct tg_toml_node *node = of->first; node; node = node->next, i++) {
        choices[i].weight = 1;
        read_constant(reader, node, &choices[i].value);
    }
    if (!tg_read_type(reader, weights, TG_TOML_ARRAY))
        return;
    if (weights->count != of->count) {
        tg_node_error(reader, weights, "%zu weights for %zu values", weights->count, of->count);
        return;
    }
    i = 0;
    for (const struct tg_toml_node *node = weights->first; node; node = node->next, i++)
        tg_read_number(reader, node, 0, 1e15, &choices[i].weight);
}

static void read_choice(struct tg_gen_reader *gen)
{
    struct tg_reader *reader = gen->reader;
    struct tg_gen_spec *spec = gen->spec;
    spec->kind = TG_GEN_CHOICE;
    const struct tg_toml_node *of = tg_field_required(&gen->fields, "of", "[\"a\", \"b\"]");
    const struct tg_toml_node *weights = NULL;
    if (of && of->type == TG_TOML_ARRAY)
        weights = tg_field(&gen->fields, "weights");
    if (!of)
        return;
    if (of->type != TG_TOML_ARRAY && of->type != TG_TOML_TABLE) {
        tg_node_error(reader, of, "\"of\" must be an array of values or a table of weights, not %s",
                      tg_toml_type_name(of->type));
        return;
    }
    struct tg_gen_choice *choices =
        tg_arena_array(&reader->scenario->arena, of->count, sizeof *choices);
    if (of->type == TG_TOML_TABLE)
        choices_of_table(gen, of, choices);
    else
        choices_of_array(gen, of, weights, choices);
    double sum = 0;
    for (size_t i = 0; i < of->count; i++)
        sum += choices[i].weight;
    if (of->count == 0)
        tg_node_error(reader, of, "\"of\" is empty");
    else if (sum <= 0)
        tg_node_error(reader, weights ? weights : of, "the weights sum to zero");
    spec->choices = choices;
    spec->choice_count = of->count;
}

/* ---- documents ---- */

static void read_document_count(struct tg_gen_reader *gen)
{
    tg_read_int(gen->reader, tg_field(&gen->fields, "count"), 0, DOCUMENTS_LIMIT,
                &gen->spec->count);
}

static void read_json(struct tg_gen_reader *gen)
{
    struct tg_reader *reader = gen->reader;
    struct tg_arena *arena = &reader->scenario->arena;
    gen->spec->kind = TG_GEN_JSON;
    read_document_count(gen);
    const struct tg_toml_node *table =
        tg_field_required(&gen->fields, "fields", "{ NAME = { gen = \"...\" } }");
    if (!tg_read_type(reader, table, TG_TOML_TABLE))
        return;
    struct tg_gen_context context = *gen->context;
    context.nested = true;
    struct tg_gen_field *fields = tg_arena_array(arena, table->count, sizeof *fields);
    size_t count = 0;
    for (const struct tg_toml_node *node = table->first; node; node = node->next) {
        struct tg_gen_spec *spec = tg_arena_alloc(arena, sizeof *spec);
        tg_read_generator(reader, node, &context, spec);
        fields[count++] = (struct tg_gen_field){.name = node->key, .spec = spec};
    }
    gen->spec->fields = fields;
    gen->spec->field_count = count;
}

static const struct tg_gen_spec default_spec = {
    .kind = TG_GEN_CONST,
    .dist = {.kind = TG_DIST_UNIFORM,
             .over = 1,
             .theta = 0.99,
             .hot = 0.2,
             .hot_share = 0.8,
             .mean = 0.5,
             .sd = 1.0 / 6},
    .step = 1,
    .count = -1,
};

static void read_json_events(struct tg_gen_reader *gen)
{
    static const char *const authors[] = {"user", "agent", "tool"};
    enum { AUTHORS = sizeof authors / sizeof *authors, FIELDS = 4, LEAST = 40, MOST = 160 };
    struct tg_arena *arena = &gen->reader->scenario->arena;
    struct tg_gen_spec *specs = tg_arena_array(arena, FIELDS, sizeof *specs);
    for (size_t i = 0; i < FIELDS; i++)
        specs[i] = default_spec;
    specs[0].kind = TG_GEN_INT;
    specs[0].dist.kind = TG_DIST_SEQUENTIAL;
    specs[0].dist.over = INT64_MAX;
    specs[0].as = "event_%d";
    struct tg_gen_choice *choices = tg_arena_array(arena, AUTHORS, sizeof *choices);
    for (size_t i = 0; i < AUTHORS; i++) {
        choices[i].weight = 1;
        choices[i].value = (struct tg_value){
            .type = TG_VALUE_TEXT, .length = (uint32_t)strlen(authors[i]), .bytes = authors[i]};
    }
    specs[1].kind = TG_GEN_CHOICE;
    specs[1].choices = choices;
    specs[1].choice_count = AUTHORS;
    specs[2].kind = TG_GEN_TIMESTAMP;
    specs[2].start_unix_ns = INT64_C(1735689600) * TG_NS_PER_S; /* 2025-01-01T00:00:00Z */
    specs[2].step = TG_NS_PER_S;
    specs[2].dist.kind = TG_DIST_SEQUENTIAL;
    specs[2].dist.over = INT64_MAX;
    specs[3].kind = TG_GEN_TEXT;
    specs[3].min_length = LEAST;
    specs[3].max_length = MOST;
    specs[3].dist.over = MOST - LEAST + 1;

    static const char *const names[FIELDS] = {"id", "author", "timestamp", "content"};
    struct tg_gen_field *fields = tg_arena_array(arena, FIELDS, sizeof *fields);
    for (size_t i = 0; i < FIELDS; i++)
        fields[i] = (struct tg_gen_field){.name = names[i], .spec = &specs[i]};
    gen->spec->kind = TG_GEN_JSON;
    gen->spec->fields = fields;
    gen->spec->field_count = FIELDS;
    gen->spec->count = 1;
    read_document_count(gen);
}

/* ---- what depends on its place ---- */

static void read_graph(struct tg_gen_reader *gen)
{
    static const char *const ends[] = {"source", "target"}; /* by enum tg_graph_end */
    struct tg_reader *reader = gen->reader;
    struct tg_gen_spec *spec = gen->spec;
    spec->kind = TG_GEN_GRAPH;
    size_t end = TG_GRAPH_SOURCE;
    int64_t nodes = 0;
    int64_t degree = 0;
    tg_read_word(reader, tg_field_required(&gen->fields, "end", "\"source\""), ends, 2, &end);
    const struct tg_toml_node *at = tg_field_required(&gen->fields, "nodes", "1000");
    bool known =
        tg_read_int(reader, tg_field_required(&gen->fields, "degree", "3"), 1, 1000000, &degree);
    known = tg_read_int(reader, at, 2, INT64_C(1000000000000), &nodes) && known;
    spec->graph_end = (enum tg_graph_end)end;
    spec->nodes = (uint64_t)nodes;
    spec->degree = (uint64_t)degree;
    if (gen->context->load == SIZE_MAX || gen->context->nested) {
        tg_node_error(reader, gen->fields.table, "a graph can only be the column of a load");
        return;
    }
    const struct tg_load_spec *load = &reader->scenario->loads[gen->context->load];
    const int64_t edges = nodes * degree; /* their limits keep this far below 2^63 */
    if (known && nodes < degree + 1)
        tg_node_error(reader, at, "\"nodes\" must be above \"degree\": %" PRId64 ", %" PRId64,
                      nodes, degree);
    else if (known && load->rows > 0 && load->rows != (uint64_t)edges)
        tg_diag_hint(tg_node_error(reader, gen->fields.table,
                                   "a graph of %" PRId64 " nodes and degree %" PRId64
                                   " has %" PRId64 " edges, but the load has %" PRIu64 " rows",
                                   nodes, degree, edges, load->rows),
                     "set rows = %" PRId64, edges);
}

static void read_returned(struct tg_gen_reader *gen)
{
    gen->spec->kind = TG_GEN_RETURNED;
    tg_read_string(gen->reader, tg_field_required(&gen->fields, "column", "\"id\""),
                   &gen->spec->column);
    if (gen->context->load != SIZE_MAX || gen->context->nested || !gen->context->after_statement)
        tg_node_error(
            gen->reader, gen->fields.table,
            "\"returned\" needs an operation with an earlier statement whose row it takes");
}

/* ---- all of them ---- */

static const struct {
    const char *name;
    void (*read)(struct tg_gen_reader *);
} generators[] = {
    {"uniform", read_uniform},
    {"zipf", read_zipf},
    {"latest", read_latest},
    {"gaussian", read_gaussian},
    {"hotset", read_hotset},
    {"sequential", read_sequential},
    {"next", read_next},
    {"int", read_int},
    {"format", read_format},
    {"float", read_float},
    {"text", read_text},
    {"choice", read_choice},
    {"timestamp", tg_read_gen_timestamp},
    {"bool", read_bool},
    {"const", read_const},
    {"json", read_json},
    {"json_events", read_json_events},
    {"vector", read_vector},
    {"pick", read_pick},
    {"graph", read_graph},
    {"returned", read_returned},
};

enum { GENERATORS = sizeof generators / sizeof *generators };

void tg_read_generator(struct tg_reader *reader, const struct tg_toml_node *node,
                       const struct tg_gen_context *context, struct tg_gen_spec *spec)
{
    *spec = default_spec;
    if (node->type != TG_TOML_TABLE) {
        if (node->type == TG_TOML_ARRAY)
            tg_node_error(reader, node, "\"%s\" must be a generator or a constant, not an array",
                          node->name);
        else
            read_constant(reader, node, &spec->constant);
        return;
    }
    struct tg_gen_reader gen = {.reader = reader, .context = context, .spec = spec};
    tg_fields_open(&gen.fields, reader, node);
    const struct tg_toml_node *name =
        tg_field_required(&gen.fields, "gen", "\"uniform\", \"format\", \"pick\", ...");
    const char *names[GENERATORS];
    for (size_t i = 0; i < GENERATORS; i++)
        names[i] = generators[i].name;
    size_t kind;
    if (!name || name->type != TG_TOML_STRING) {
        tg_read_type(reader, name, TG_TOML_STRING);
        return; /* without a kind nobody knows which keys are right */
    }
    if (!tg_read_word(reader, name, names, GENERATORS, &kind))
        return;
    generators[kind].read(&gen);
    if (spec->kind != TG_GEN_RETURNED)
        tg_read_fraction(reader, tg_field(&gen.fields, "null"), &spec->null_fraction);
    tg_fields_close(&gen.fields);
}
