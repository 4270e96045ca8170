/* JSON documents from a template of fields. */
#include <math.h>
#include <string.h>

#include "runner/workload/gen_internal.h"

/* A text that grows in an arena. */
struct writer {
    struct tg_arena *arena;
    char *data;
    size_t length, capacity;
};

static char *room(struct writer *out, size_t bytes)
{
    if (out->capacity - out->length < bytes) {
        const size_t capacity = 2 * (out->capacity + bytes) + 128;
        char *data = tg_arena_alloc(out->arena, capacity);
        if (out->length > 0)
            memcpy(data, out->data, out->length);
        out->data = data;
        out->capacity = capacity;
    }
    return out->data + out->length;
}

static void add(struct writer *out, const char *bytes, size_t length)
{
    memcpy(room(out, length), bytes, length);
    out->length += length;
}

/* RFC 8259, section 7: quotation mark, reverse solidus and the control characters are escaped;
 * everything else stands for itself. */
static void add_string(struct writer *out, const char *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    add(out, "\"", 1);
    size_t plain = 0;
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)bytes[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        add(out, bytes + plain, i - plain);
        plain = i + 1;
        if (c >= 0x20)
            add(out, (const char[]){'\\', (char)c}, 2);
        else
            add(out, (const char[]){'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]}, 6);
    }
    add(out, bytes + plain, length - plain);
    add(out, "\"", 1);
}

static void add_real(struct writer *out, double number)
{
    if (isfinite(number))
        out->length += tg_digits_real(room(out, TG_REAL_TEXT), number);
    else
        add(out, "null", 4);
}

static void add_vector(struct writer *out, const struct tg_value *value)
{
    add(out, "[", 1);
    for (uint32_t at = 0; at < value->length; at += 4) {
        uint32_t bits = 0;
        for (uint32_t byte = 4; byte-- > 0;)
            bits = bits << 8 | (unsigned char)value->bytes[at + byte];
        float number;
        memcpy(&number, &bits, sizeof number);
        if (at > 0)
            add(out, ",", 1);
        add_real(out, number);
    }
    add(out, "]", 1);
}

/* What makes the value in the end: a pick hands on what another generator made. */
static enum tg_gen_kind maker(const struct tg_gen *gen)
{
    while (gen->spec->kind == TG_GEN_PICK)
        gen = gen->picked;
    return gen->spec->kind;
}

static void add_value(struct writer *out, const struct tg_gen *gen, uint64_t index)
{
    const struct tg_value value = tg_gen_value(gen, index, out->arena);
    switch (value.type) {
    case TG_VALUE_NULL:
        add(out, "null", 4);
        break;
    case TG_VALUE_INT:
        if (maker(gen) == TG_GEN_BOOL)
            add(out, value.integer ? "true" : "false", value.integer ? 4 : 5);
        else
            out->length += tg_digits_int(room(out, TG_DIGITS), value.integer);
        break;
    case TG_VALUE_FLOAT:
        add_real(out, value.real);
        break;
    case TG_VALUE_TEXT:
        if (maker(gen) == TG_GEN_JSON)
            add(out, value.bytes, value.length);
        else
            add_string(out, value.bytes, value.length);
        break;
    case TG_VALUE_BLOB:
        add_vector(out, &value);
        break;
    }
}

static void add_object(struct writer *out, const struct tg_gen *gen, uint64_t index)
{
    if (gen->spec->field_count == 0)
        add(out, "{", 1);
    for (size_t i = 0; i < gen->spec->field_count; i++) {
        const struct tg_json_field *field = &gen->fields[i];
        add(out, field->lead, field->lead_length);
        add_value(out, field->gen, index);
    }
    add(out, "}", 1);
}

static struct tg_value make_json(const struct tg_gen *gen, uint64_t index, struct tg_arena *scratch)
{
    struct writer out = {.arena = scratch};
    const int64_t count = gen->spec->count;
    if (count < 0) {
        add_object(&out, gen, index);
    } else {
        add(&out, "[", 1);
        for (int64_t i = 0; i < count; i++) {
            if (i > 0)
                add(&out, ",", 1);
            add_object(&out, gen, index * (uint64_t)count + (uint64_t)i);
        }
        add(&out, "]", 1);
    }
    *room(&out, 1) = '\0';
    return tg_value_bytes(TG_VALUE_TEXT, out.data, out.length);
}

void tg_json_compile(struct tg_gen *gen, struct tg_arena *arena, const struct tg_gen_scope *scope,
                     const char *place)
{
    const struct tg_gen_spec *spec = gen->spec;
    gen->fields = tg_arena_array(arena, spec->field_count, sizeof *gen->fields);
    for (size_t i = 0; i < spec->field_count; i++) {
        const char *name = spec->fields[i].name;
        struct writer lead = {.arena = arena};
        add(&lead, i == 0 ? "{" : ",", 1);
        add_string(&lead, name, strlen(name));
        add(&lead, ":", 1);
        const char *field_place = tg_arena_format(arena, "%s/%s", place, name);
        gen->fields[i] = (struct tg_json_field){
            .lead = lead.data,
            .lead_length = lead.length,
            .gen = tg_gen_compile(arena, spec->fields[i].spec, scope, field_place),
        };
    }
    gen->make = make_json;
}
