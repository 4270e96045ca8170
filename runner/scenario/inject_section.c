#include "common/text.h"
#include "common/units.h"
#include "runner/scenario/sections.h"

/* Far above what a gate has to be shown, and short enough for a worker to stop in good time. */
static const double MOST_SHARE = 10;
static const int64_t MOST_ADD_NS = TG_NS_PER_S;

static bool read_add(struct tg_reader *reader, const struct tg_toml_node *node,
                     struct tg_inject *inject)
{
    static const char hint[] =
        "write \"10%\" of the operation's own time, or a time such as \"5us\"";
    if (node->type != TG_TOML_STRING) {
        tg_diag_hint(tg_node_error(reader, node,
                                   "\"%s\" must be a percentage or a duration, not %s", node->name,
                                   tg_toml_type_name(node->type)),
                     "%s", hint);
        return false;
    }
    const char *text = node->string;
    bool known = tg_ends_with(text, "%") ? tg_parse_fraction(text, &inject->add_share)
                                         : tg_parse_duration_ns(text, &inject->add_ns);
    if (!known) {
        tg_diag_hint(tg_node_error(reader, node, "\"%s\" is no percentage and no duration: \"%s\"",
                                   node->name, text),
                     "%s", hint);
        return false;
    }
    bool fits = inject->add_share <= MOST_SHARE && inject->add_ns <= MOST_ADD_NS;
    if (fits && (inject->add_share > 0 || inject->add_ns > 0))
        return true;
    tg_node_error(reader, node, "\"%s\" must be above 0, and at most 1000%% or 1s, not \"%s\"",
                  node->name, text);
    return false;
}

/* A share of the operations; all of them when the key is not there. */
static bool read_share(struct tg_reader *reader, const struct tg_toml_node *node, double *share)
{
    if (!node)
        return true;
    if (!tg_read_fraction(reader, node, share))
        return false;
    if (*share > 0)
        return true;
    tg_node_error(reader, node, "\"%s\" must be above 0%%", node->name);
    return false;
}

static bool read_rule(struct tg_reader *reader, const struct tg_toml_node *node,
                      struct tg_inject *inject)
{
    *inject = (struct tg_inject){.of = 1, .slowest = 1};
    if (node->type != TG_TOML_TABLE)
        return read_add(reader, node, inject);
    struct tg_fields fields;
    tg_fields_open(&fields, reader, node);
    const struct tg_toml_node *add = tg_field_required(&fields, "add", "\"10%\"");
    const struct tg_toml_node *of = tg_field(&fields, "of");
    const struct tg_toml_node *slowest = tg_field(&fields, "slowest");
    bool good = add && read_add(reader, add, inject);
    good = read_share(reader, of, &inject->of) && good;
    good = read_share(reader, slowest, &inject->slowest) && good;
    if (of && slowest) {
        tg_key_error(reader, slowest, "give \"of\" or \"slowest\", not both");
        good = false;
    }
    tg_fields_close(&fields);
    return good;
}

static bool is_run(const struct tg_scenario *scenario, size_t op)
{
    for (size_t p = 0; p < scenario->phase_count; p++) {
        const struct tg_phase *phase = &scenario->phases[p];
        for (size_t i = 0; i < phase->entry_count; i++) {
            if (phase->entries[i].op == op)
                return true;
        }
    }
    return false;
}

void tg_read_inject(struct tg_reader *reader, const struct tg_toml_node *node)
{
    struct tg_scenario *scenario = reader->scenario;
    if (!tg_read_type(reader, node, TG_TOML_TABLE) || node->count == 0)
        return;
    struct tg_inject *injects =
        tg_arena_array(&scenario->arena, scenario->op_count, sizeof *injects);
    for (const struct tg_toml_node *key = node->first; key; key = key->next) {
        struct tg_inject inject;
        size_t op = tg_find_op(scenario, key->key);
        bool good = read_rule(reader, key, &inject);
        if (op == SIZE_MAX)
            tg_hint_ops(reader,
                        tg_key_error(reader, key, "no operation is called \"%s\"", key->key),
                        key->key);
        else if (good)
            injects[op] = inject;
        if (op != SIZE_MAX && !is_run(scenario, op) && reader->diags->errors == 0)
            tg_diag_add(reader->diags, TG_SEVERITY_WARNING, key->key_place,
                        "no phase runs the operation \"%s\", which is to be slowed", key->key);
    }
    scenario->injects = injects;
    if (reader->diags->errors == 0)
        tg_diag_add(reader->diags, TG_SEVERITY_WARNING, node->place,
                    "the results of this scenario are slowed on purpose: [inject]");
}
